"""What a letter may leave open, in square brackets: `[First Name]`. `relay.letters.wording` fills it in."""

from typing import Final

PLACEHOLDERS: Final = ("First Name", "Last Name", "Your Address", "Legislator", "District", "Town", "Email")
