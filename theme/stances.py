"""Where legislators stand on what a campaign asks, and which of its two letters each gets."""

from datetime import date
from typing import Annotated, Final, Literal, TypeAlias
from urllib.parse import urlsplit

import msgspec

from boundaries.model import Chamber

NonEmpty: TypeAlias = Annotated[str, msgspec.Meta(min_length=1)]
Stand: TypeAlias = Literal["supports", "cosponsor", "opposes", "unknown"]
LetterName: TypeAlias = Literal["ask", "thanks"]

STANDS: Final[tuple[Stand, ...]] = ("supports", "cosponsor", "opposes", "unknown")
THANKED: Final[tuple[Stand, ...]] = ("supports", "cosponsor")  # who gets the letter of thanks


class Stance(msgspec.Struct, frozen=True, kw_only=True):
    """Of one member, not of the seat: a successor has said nothing yet."""

    chamber: Chamber
    district: NonEmpty
    title: NonEmpty  # "Senator"
    name: NonEmpty  # as in the roster
    stand: Stand
    source: str = ""  # a link or words; "" if it is unknown
    on: date | None = None  # when the source says so

    @property
    def links(self) -> bool:
        """Whether the source is a page."""
        return self.source.startswith(("https://", "http://")) and not any(char in self.source for char in " \"'<>")

    @property
    def host(self) -> str:
        """Of that page, as people read it."""
        return (urlsplit(self.source).hostname or self.source).removeprefix("www.")

    @property
    def letter(self) -> LetterName:
        """Which they get if the campaign has both."""
        return "thanks" if self.stand in THANKED else "ask"
