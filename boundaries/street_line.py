"""Parses number and street as typed: the number first, or last, or after an apartment or a person's name.

Each parse is tried against the street book, likeliest first; the first that finds a street there is taken.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from boundaries.house_number import HouseNumber, is_number, parse_house_number
from boundaries.normalization import strip_unit, tokenize_street
from boundaries.vocabulary import SUFFIX, UNIT

_BOX = re.compile(
    r"(?:.*\b)?(?:p ?o ?box|post office box|pob|po b|general delivery)\b"
    r"|(?:box|rr|rfd|r r|r f d|rural (?:route|delivery|rte|rt)|hc|star route|hcr|p ?o ?drawer)\s*(?:# ?)?\w*\d"
)
_BOX_ALONE = re.compile(
    r"\b(?:p ?o ?box|post office box|pob|po b|p ?o ?drawer)\s*(?:# ?)?\w*\d\w*|\bgeneral delivery\b"
)
_IN_PARENTHESES = re.compile(r"\(([^)]*)\)?")
_SEGMENT = re.compile(r"[,;\n\uff0c\u3001]+")
_IN_BETWEEN = frozenset({"rear", "front", "upper", "lower"})
_NOT_A_HOUSE = UNIT - {"#"}


@dataclass(frozen=True, slots=True)
class Parse:
    """A house number, or None, and the words of the street."""

    house: HouseNumber | None
    street: list[str]


@dataclass(frozen=True, slots=True)
class StreetLine:
    """The street line of an address."""

    tokens: list[str]  # plain words, without a PO box or anything in parentheses
    box: bool  # nothing but a PO box, a rural route or general delivery: not a place where somebody lives
    aside: str  # what is in parentheses, a village for example
    segments: tuple[list[str], ...]  # between commas, in plain words

    @property
    def plain(self) -> Parse:
        """The likeliest parse with a house number, else the first. For towns that need no street."""
        return next((parse for parse in iter_parses(self) if parse.house), self.first)

    @property
    def first(self) -> Parse:
        """The number first, as most people write it."""
        return Parse(*parse_house_number(self.tokens))


def parse_street_line(text: str) -> StreetLine:
    """Split a street line into its parts."""
    aside = _IN_PARENTHESES.search(text)
    if aside:
        text = _IN_PARENTHESES.sub(" ", text)
    tokens = tokenize_street(text)
    plain = " ".join(tokens)
    box = _BOX.match(plain) is not None
    if box:
        left = _BOX_ALONE.sub(" ", plain).split()
        house, street = parse_house_number(left)
        if (house and street) or (left and left != tokens and left[-1] in SUFFIX):
            tokens, box = left, False
    parts = _SEGMENT.split(text)
    return StreetLine(
        tokens, box, aside[1] if aside else "", tuple(map(tokenize_street, parts)) if len(parts) > 1 else ()
    )


def iter_parses(line: StreetLine) -> Iterator[Parse]:
    """All ways to parse it, likeliest first."""
    first = line.first
    if first.house:
        yield first
    else:
        yield from _number_last(line.tokens)
    if first.house and len(first.street) > 2 and first.street[0] in _IN_BETWEEN:
        yield Parse(first.house, first.street[1:])  # "24 Rear Beacon St"
    later = list(_segments(line.segments))
    if not first.house or (first.street and first.street[0] in UNIT):  # a leading number is the house's
        later += _after_unit(line.tokens)
    yield from later
    if first.house is None and not later:
        yield first
    if first.house and len(first.street) > 1 and is_number(first.street[0]) and first.street[1] not in SUFFIX:
        yield Parse(*parse_house_number(first.street))  # "3 24 Beacon St": an apartment without a word


def _segments(segments: tuple[list[str], ...]) -> Iterator[Parse]:
    """ "Ann Roe, 24 Beacon St": what stands between commas."""
    for segment in segments:
        house, street = parse_house_number(segment)
        if house and street:
            yield Parse(house, street)


def _number_last(tokens: list[str]) -> Iterator[Parse]:
    """ "Beacon St 24", "Beacon St #24", "Calle Beacon no. 24, apt 3"; not "Beacon St apt 24"."""
    for place in range(1, len(tokens)):
        if is_number(tokens[place]) and tokens[place - 1] not in _NOT_A_HOUSE:  # "2F" would be an apartment
            street = tokens[:place]
            while len(street) > 1 and street[-1] in ("#", "no", "num", "number", "nr"):
                street = street[:-1]
            house, rest = parse_house_number(tokens[place:])
            if house and house.shown.isdecimal() and strip_unit([*street, *rest]) == street:
                yield Parse(house, street)


def _after_unit(tokens: list[str]) -> Iterator[Parse]:
    """ "Apt 3 24 Beacon St", "Rear 24 …", "2nd floor, 24 …", "c/o Ann Roe 24 …": from a number on, unless a street's
    suffix precedes it."""
    for place in range(1, len(tokens) - 1):
        if tokens[place - 1] in SUFFIX and tokens[place - 1] not in UNIT:
            return
        if is_number(tokens[place]):
            house, street = parse_house_number(tokens[place:])
            if house and street:
                yield Parse(house, street)
