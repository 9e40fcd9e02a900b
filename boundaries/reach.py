"""How far a street's sources reach: the house numbers they know, so that a number beyond them is not taken for granted.

Kept for streets that can be mistaken for another of their name (boundaries.names); a street's runs go on past its last
known house, and with "Porter St" typed, 29 may well stand on South Porter Street alone.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

LARGEST = 65_535  # larger numbers are not kept: two bytes each


@dataclass(frozen=True, slots=True)
class Standing:
    """What a street's sources say about one number. known: a house of that number stands there. within: it lies
    between two known houses of its side. apart: how far these two are from each other, or how many numbers it lies
    past the last one; 0 if known."""

    known: bool
    within: bool
    apart: int


@dataclass(frozen=True, slots=True)
class Reach:
    """A street's known numbers, ascending. even, odd: by side."""

    even: Sequence[int]
    odd: Sequence[int]

    def standing(self, number: int) -> Standing:
        """What is known about a number; where its own side has no house, the opposite one speaks for it."""
        side = self.odd if number & 1 else self.even
        if not side:
            side = self.even if number & 1 else self.odd
        place = bisect_left(side, number)
        if place < len(side) and side[place] == number:
            return Standing(True, True, 0)
        if 0 < place < len(side):
            return Standing(False, True, side[place] - side[place - 1])
        return Standing(False, False, side[0] - number if place == 0 else number - side[-1])


def pack_side(numbers: Sequence[int]) -> list[int]:
    """One side's numbers, ascending and of one parity, as the steps of two between them: small, so they compress."""
    return [(number - before) // 2 for before, number in zip(chain((0,), numbers), numbers, strict=False)]


def unpack_side(steps: Sequence[int], parity: int) -> list[int]:
    """The numbers that `pack_side` packed. parity: 0 for even ones, 1 for odd ones."""
    return [2 * place + parity for place in accumulate(steps)]
