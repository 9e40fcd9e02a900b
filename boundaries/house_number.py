"""The house number at the front of an address: 24, 24A, R24, 24-26, 24/26, 24 & 26, 24½, #24, twenty-four."""

import re
from dataclasses import dataclass

from boundaries.vocabulary import NUMBER, SUFFIX

LONGEST = 6  # digits of a house number
WIDEST = 12  # numbers from the first to the last of one building, if separated by a slash
_DIGITS = rf"\d{{1,{LONGEST}}}"
_NUMBER = re.compile(rf"(?:[a-z]-?(?=\d+$))?({_DIGITS})(?:-?([a-z]))?(?:[-/]({_DIGITS})(?:-?[a-z])?)?-?$")
_HIGHER = re.compile(_DIGITS)
_FRACTION = re.compile(r"[1-9]/[1-9]\d?$")
_BETWEEN = frozenset({"-", "&", "and", "to", "thru", "/"})


@dataclass(frozen=True, slots=True)
class HouseNumber:
    """A house number as parsed."""

    low: int
    high: int  # equal to low for a single house
    shown: str  # as displayed

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers that must agree."""
        return (self.low,) if self.low == self.high else (self.low, self.high)


def is_number(word: str) -> bool:
    """Whether a word alone may be a house number."""
    return word[0].isdecimal() and _NUMBER.match(word) is not None


def parse_house_number(tokens: list[str]) -> tuple[HouseNumber | None, list[str]]:
    """Take the house number off the front. Returns it, or None, and the remaining words.

    Where two numbers may be two houses, both are kept and must agree.
    """
    rest = tokens
    while rest and rest[0] in ("#", "no", "number") and len(rest) > 1 and rest[1][0].isdigit():
        rest = rest[1:]
        if len(rest) > 1 and tokens[0] == "#" and _NUMBER.match(rest[1]):
            rest = rest[1:]  # "#3 24 Beacon St": the first is the apartment
    if not rest:
        return None, tokens
    match = _NUMBER.match(rest[0])
    if match is None:
        return _spelled(tokens)
    low = high = int(match[1])
    shown = match[1] + (match[2] or "").upper()
    if match[3]:
        low, high = _both(low, int(match[3]), slash="/" in rest[0])
        shown = f"{shown}{'/' if '/' in rest[0] else '-'}{match[3]}"
    rest = rest[1:]
    if rest and _FRACTION.match(rest[0]):
        shown, rest = f"{shown} {rest[0]}", rest[1:]
    elif len(rest) > 2 and rest[0] in _BETWEEN and _HIGHER.fullmatch(rest[1]) and int(rest[1]) > low:
        high, shown, rest = int(rest[1]), f"{low}-{rest[1]}", rest[2:]
    return HouseNumber(low, high, shown), rest


def _both(first: int, second: int, *, slash: bool) -> tuple[int, int]:
    """The numbers meant by two: 24-26 and 24/26 are both houses, 24-3 has an apartment after it and 6/24 before it."""
    if second < first:
        return (second, first) if slash else (first, first)
    if slash and (second - first > WIDEST or (second - first) % 2):
        return second, second
    return first, second


def _spelled(tokens: list[str]) -> tuple[HouseNumber | None, list[str]]:
    """House numbers in words: "Twenty-four Beacon St", "one hundred five"."""
    value, used = 0, 0
    opened = [part for token in tokens[:4] for part in token.split("-")]
    for word in opened:
        if word in NUMBER and (used == 0 or (value % 10 == 0 and NUMBER[word] < 10) or value % 100 == 0):
            value += NUMBER[word]
        elif word == "hundred" and 0 < value < 10:
            value *= 100
        elif not (word == "and" and value and value % 100 == 0):
            break
        used += 1
    rest = [part for token in tokens for part in token.split("-")][used:]
    if used == 0 or value == 0 or not rest or (len(rest) == 1 and rest[0] in SUFFIX):
        return None, tokens  # "One Way" is a street
    return HouseNumber(value, value, str(value)), rest
