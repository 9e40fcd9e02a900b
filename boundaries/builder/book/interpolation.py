"""Interpolates where a house number that no source has would stand.

It is placed by its own side of the street, by the opposite side and straight across, or halfway between the two.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final

from boundaries.builder.book.runs import Spot

REGULARITY_RANGE: Final = 40  # numbers up and down whose regularity counts
VICINITY: Final = 60.0  # meters around the place within which houses of the same street count
MISSING: Final = -1.0  # where there is no such neighbor or no such place
Point = tuple[float, float]
SpotPair = tuple[Spot | None, Spot | None]


@dataclass(frozen=True, slots=True)
class Interpolation:
    """The interpolated place of one unseen number."""

    number: int
    place: Point
    along: Point | None  # its place by its own side of the street
    across: Point | None  # its place by the opposite side
    #: before and after on its own side, on the opposite side, and the second ones on its own
    neighbors: tuple[Spot | None, ...]
    #: meters between the houses around and where their neighbors would put them: median and maximum
    uneven: tuple[float, float]
    counts: tuple[int, int, int]  # houses on its own side and on the opposite one, and pairs on the street
    vicinity: tuple[Spot, ...]  # the houses of the street within VICINITY of the place


class Interpolator:
    """One street's decided spots, by number."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        firm = [spot for spot in spots if spot.decided]
        self._sides = [[spot for spot in firm if spot.number % 2 == parity] for parity in (0, 1)]
        self._numbers = [[spot.number for spot in side] for side in self._sides]
        self._strays = [_strays(side) for side in self._sides]
        self._firm = firm
        self._pairs = len({spot.pairs for spot in firm})

    def interpolate(self, number: int) -> Interpolation | None:
        """Where a number would stand. None if the street has no house to go by."""
        own, other = self._near(number, number % 2), self._near(number, 1 - number % 2)
        along, across = self._along(number, own), _across(number, own, other)
        place = _middle(along, across) if along and across else along or across
        if place is None:
            nearest = min(
                (spot for spot in (*own, *other) if spot), key=lambda spot: abs(spot.number - number), default=None
            )
            if nearest is None:
                return None
            facing, beyond = other
            place = _on(facing, beyond, number) if facing and beyond else (nearest.x, nearest.y)
        strays = sorted(
            stray for at, stray in (*self._strays[0], *self._strays[1]) if abs(at - number) <= REGULARITY_RANGE
        )
        return Interpolation(
            number, place, along, across, (*own, *other, *self._second(number)),
            (strays[len(strays) // 2], strays[-1]) if strays else (MISSING, MISSING),
            (len(self._sides[number % 2]), len(self._sides[1 - number % 2]), self._pairs),
            tuple(spot for spot in self._firm if hypot(spot.x - place[0], spot.y - place[1]) < VICINITY),
        )  # fmt: skip

    def _near(self, number: int, parity: int) -> SpotPair:
        side, numbers = self._sides[parity], self._numbers[parity]
        before, after = bisect_left(numbers, number) - 1, bisect_right(numbers, number)
        return side[before] if before >= 0 else None, side[after] if after < len(side) else None

    def _second(self, number: int) -> SpotPair:
        side, numbers = self._sides[number % 2], self._numbers[number % 2]
        before, after = bisect_left(numbers, number) - 2, bisect_right(numbers, number) + 1
        return side[before] if before >= 0 else None, side[after] if after < len(side) else None

    def _along(self, number: int, own: SpotPair) -> Point | None:
        before, after = own
        if before and after:
            return _on(before, after, number)
        second = self._second(number)
        if before and second[0]:
            return _on(second[0], before, number)
        if after and second[1]:
            return _on(after, second[1], number)
        return None


def _strays(side: Sequence[Spot]) -> list[tuple[int, float]]:
    """For each house between two others, the distance from where they would put it."""
    strays = []
    for before, spot, after in zip(side, side[1:], side[2:], strict=False):
        strays.append((spot.number, distance(spot, _on(before, after, spot.number))))
    return strays


def _across(number: int, own: SpotPair, other: SpotPair) -> Point | None:
    """A place by the opposite side: between its two houses there, and as far across as the houses of its own side."""
    before, after = other
    near = [spot for spot in own if spot]
    if before is None or after is None or not near:
        return None
    x, y = _on(before, after, number)
    length = hypot(after.x - before.x, after.y - before.y) or 1.0
    right = (after.y - before.y) / length, (before.x - after.x) / length
    width = sum((spot.x - before.x) * right[0] + (spot.y - before.y) * right[1] for spot in near) / len(near)
    return x + width * right[0], y + width * right[1]


def _on(first: Spot, second: Spot, number: float) -> Point:
    """Where a number lies on the line through two houses."""
    share = (number - first.number) / (second.number - first.number)
    return first.x + share * (second.x - first.x), first.y + share * (second.y - first.y)


def distance(spot: Spot, place: Point) -> float:
    return hypot(spot.x - place[0], spot.y - place[1])


def _middle(first: Point, second: Point) -> Point:
    return (first[0] + second[0]) / 2, (first[1] + second[1]) / 2
