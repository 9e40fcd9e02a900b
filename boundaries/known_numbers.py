"""The house numbers that a street's sources know, so that a number beyond them is not taken for granted.

Kept for streets that can be confused with another of their name (see boundaries.street_name). A street's runs extend
past its last known house; with "Porter St" typed, 29 may well be on South Porter Street alone.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

LARGEST = 65_535  # larger numbers are not kept: two bytes each


@dataclass(frozen=True, slots=True)
class NumberStatus:
    """What a street's sources say about one number. known: a house of that number stands there. within: it lies
    between two known houses of its side. apart: how far these two are from each other, or how many numbers it lies
    past the last one; 0 if known."""

    known: bool
    within: bool
    gap: int


@dataclass(frozen=True, slots=True)
class KnownNumbers:
    """A street's known numbers, ascending. even, odd: by side."""

    even: Sequence[int]
    odd: Sequence[int]

    def status(self, number: int) -> NumberStatus:
        """What is known about a number; where its own side has no house, the opposite one speaks for it."""
        side = self.odd if number & 1 else self.even
        if not side:
            side = self.even if number & 1 else self.odd
        at = bisect_left(side, number)
        if at < len(side) and side[at] == number:
            return NumberStatus(True, True, 0)
        if 0 < at < len(side):
            return NumberStatus(False, True, side[at] - side[at - 1])
        return NumberStatus(False, False, side[0] - number if at == 0 else number - side[-1])


def delta_encode(numbers: Sequence[int]) -> list[int]:
    """One side's numbers, ascending and of one parity, as the steps of two between them: small, so they compress."""
    return [(number - before) // 2 for before, number in zip(chain((0,), numbers), numbers, strict=False)]


def delta_decode(steps: Sequence[int], parity: int) -> list[int]:
    """The numbers that `pack_side` packed. parity: 0 for even ones, 1 for odd ones."""
    return [2 * at + parity for at in accumulate(steps)]
