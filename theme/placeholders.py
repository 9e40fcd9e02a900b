"""What a letter may leave open, in square brackets: `[First Name]`. `relay.letters.wording` fills it in."""

import re
from typing import Final

PLACEHOLDERS: Final = ("First Name", "Last Name", "Your Address", "Legislator", "District", "Town", "Email")

_BRACKETS: Final = re.compile(r"\[([^\[\]\n]*[^\W\d_][^\[\]\n]*)\]")  # with a letter in them: a footnote's [1] is none


def find_brackets(text: str) -> list[str]:
    """Words in brackets that nobody fills in: a blank that the writer overlooked, or a misspelt placeholder."""
    return [words for words in _BRACKETS.findall(text) if words not in PLACEHOLDERS]
