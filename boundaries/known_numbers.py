"""The house numbers that a street's sources know, so that a number beyond them is not taken for granted.

Kept for streets that can be confused with another of their name (see boundaries.street_name). A street's runs extend
past its last known house; with "Porter St" typed, 29 may well be on South Porter Street alone.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

LARGEST = 65_535  # larger numbers are not kept: each takes two bytes


@dataclass(frozen=True, slots=True)
class NumberStatus:
    """What a street's sources say about one number."""

    known: bool  # a house of that number exists
    within: bool  # it lies between two known houses of its side
    gap: int  # between those two houses, or how many numbers it lies past the last one; 0 if known
    spacing: int = 0  # numbers from one house to the next on that side, on average; 0 if known


@dataclass(frozen=True, slots=True)
class KnownNumbers:
    """A street's known numbers, ascending, by side."""

    even: Sequence[int]
    odd: Sequence[int]

    def status(self, number: int) -> NumberStatus:
        """What is known about a number. If its side of the street has no house, the opposite side is used."""
        side = self.odd if number & 1 else self.even
        if not side:
            side = self.even if number & 1 else self.odd
        at = bisect_left(side, number)
        if at < len(side) and side[at] == number:
            return NumberStatus(True, True, 0)
        spacing = (side[-1] - side[0]) // (len(side) - 1) if len(side) > 1 else side[0]
        if 0 < at < len(side):
            return NumberStatus(False, True, side[at] - side[at - 1], spacing)
        return NumberStatus(False, False, side[0] - number if at == 0 else number - side[-1], spacing)


def delta_encode(numbers: Sequence[int]) -> list[int]:
    """One side's numbers, ascending and of one parity, as halved differences: small, so they compress well."""
    return [(number - before) // 2 for before, number in zip(chain((0,), numbers), numbers, strict=False)]


def delta_decode(steps: Sequence[int], parity: int) -> list[int]:
    """The numbers that `delta_encode` encoded. parity: 0 for even, 1 for odd."""
    return [2 * at + parity for at in accumulate(steps)]
