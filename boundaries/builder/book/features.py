"""What can be known about a house number that no source has: where it would stand, and how much hangs on it.

A number is put where its own side of the street says, or the opposite side and across, or between the two. The rest are
signs of how far that place can be trusted: the neighbours and their districts, how evenly the street is numbered, and
how near a line comes. `boundaries.builder.book.judgement` learns from them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final

import numpy as np

from boundaries.builder.book.ground import Chart, Ground
from boundaries.builder.book.runs import Spot
from boundaries.builder.sources.geometry import Floats, Ints

AROUND: Final = 40  # numbers up and down whose regularity counts
BESIDE: Final = 60.0  # metres around the place in which houses of the same street have a say
AT_ONCE: Final = 10_000  # reckonings measured together: each is large, and a city has hundreds of thousands
NOTHING: Final = -1.0  # where there is no such neighbour, or no such way to reckon

Place = tuple[float, float]
Two = tuple[Spot | None, Spot | None]


@dataclass(frozen=True, slots=True)
class Reckoning:
    """One unseen number. along, across: its place by its own side, and by the opposite one. neighbours: before and
    after on its own side, on the opposite one, and the second ones on its own. uneven: metres by which the houses
    around differ from where their own neighbours would put them, in the middle and at worst."""

    number: int
    place: Place
    along: Place | None
    across: Place | None
    neighbours: tuple[Spot | None, ...]
    uneven: tuple[float, float]
    counts: tuple[int, int, int]
    beside: tuple[Spot, ...]


class Street:
    """One street's decided spots, by number, ready to be asked about the numbers it lacks."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        firm = [spot for spot in spots if spot.decided]
        self._sides = [[spot for spot in firm if spot.number % 2 == parity] for parity in (0, 1)]
        self._numbers = [[spot.number for spot in side] for side in self._sides]
        self._strays = [_strays(side) for side in self._sides]
        self._firm = firm
        self._pairs = len({spot.pairs for spot in firm})

    def reckon(self, number: int) -> Reckoning | None:
        """Where a number would stand. None if the street has no house to go by."""
        own, other = self._near(number, number % 2), self._near(number, 1 - number % 2)
        along, across = self._along(number, own), _across(number, own, other)
        place = _middle(along, across) if along and across else along or across
        if place is None:
            nearest = min(
                (spot for spot in (*own, *other) if spot), key=lambda one: abs(one.number - number), default=None
            )
            if nearest is None:
                return None
            facing, beyond = other
            place = _on(facing, beyond, number) if facing and beyond else (nearest.x, nearest.y)
        strays = sorted(stray for at, stray in (*self._strays[0], *self._strays[1]) if abs(at - number) <= AROUND)
        return Reckoning(
            number, place, along, across, (*own, *other, *self._second(number)),
            (strays[len(strays) // 2], strays[-1]) if strays else (NOTHING, NOTHING),
            (len(self._sides[number % 2]), len(self._sides[1 - number % 2]), self._pairs),
            tuple(spot for spot in self._firm if hypot(spot.x - place[0], spot.y - place[1]) < BESIDE),
        )  # fmt: skip

    def _near(self, number: int, parity: int) -> Two:
        side, numbers = self._sides[parity], self._numbers[parity]
        before, after = bisect_left(numbers, number) - 1, bisect_right(numbers, number)
        return side[before] if before >= 0 else None, side[after] if after < len(side) else None

    def _second(self, number: int) -> Two:
        side, numbers = self._sides[number % 2], self._numbers[number % 2]
        before, after = bisect_left(numbers, number) - 2, bisect_right(numbers, number) + 1
        return side[before] if before >= 0 else None, side[after] if after < len(side) else None

    def _along(self, number: int, own: Two) -> Place | None:
        before, after = own
        if before and after:
            return _on(before, after, number)
        second = self._second(number)
        if before and second[0]:
            return _on(second[0], before, number)
        if after and second[1]:
            return _on(after, second[1], number)
        return None


def measure(reckonings: Sequence[Reckoning], ground: Ground, chart: Chart) -> tuple[Floats, Ints]:
    """The signs of each reckoning, (n, 43), and the pair of districts around its place, (n,)."""
    spots = np.array([one.place for one in reckonings])
    pairs = chart.pairs(spots)
    columns = [ground.free(spots)]
    for which in ("along", "across"):
        places: list[Place | None] = [getattr(one, which) for one in reckonings]
        there = np.array([place is not None for place in places])
        at = np.array([place for place in places if place is not None]).reshape(-1, 2)
        for found in (ground.free(at), (chart.pairs(at) == pairs[there]).astype(float)):
            column = np.full(len(reckonings), NOTHING)
            column[there] = found
            columns.append(column)
    for first in (0, 2):
        columns.append(_ways(reckonings, first, ground))
    rest = np.array([_signs(one, int(pair)) for one, pair in zip(reckonings, pairs, strict=True)])
    return np.column_stack([*columns, rest]), pairs


def _ways(reckonings: Sequence[Reckoning], first: int, ground: Ground) -> Floats:
    """Metres from the straight way between two neighbours to the next line."""
    ends = [one.neighbours[first : first + 2] for one in reckonings]
    there = np.array([bool(before and after) for before, after in ends])
    starts = np.array([(two[0].x, two[0].y) for two in ends if two[0] and two[1]]).reshape(-1, 2)
    stops = np.array([(two[1].x, two[1].y) for two in ends if two[0] and two[1]]).reshape(-1, 2)
    column = np.full(len(reckonings), NOTHING)
    column[there] = ground.beside(starts, stops)
    return column


def _signs(one: Reckoning, pair: int) -> list[float]:
    along, across, (before, after) = one.along, one.across, one.neighbours[:2]
    near = [spot for spot in one.neighbours[:4] if spot]
    signs = [
        hypot(along[0] - across[0], along[1] - across[1]) if along and across else NOTHING,
        *one.uneven,
        *map(float, one.counts),
        float(sum(spot.exact for spot in near)),
        float(all(spot.pairs == (pair,) for spot in near)),
        sum(spot.pairs == (pair,) for spot in one.beside) / len(one.beside) if one.beside else NOTHING,
        float(len(one.beside)),
        float(bool(along)) + 2 * float(bool(across)),
        _far(before, one.place) + _far(after, one.place) if before and after else NOTHING,
    ]
    for spot in one.neighbours:
        signs += [
            abs(spot.number - one.number), float(spot.pairs == (pair,)), _far(spot, one.place), spot.clearance
        ] if spot else [999.0, NOTHING, 9999.0, NOTHING]  # fmt: skip
    return signs


def _strays(side: Sequence[Spot]) -> list[tuple[int, float]]:
    """For each house between two others, how far it stands from where they would put it."""
    found = []
    for before, spot, after in zip(side, side[1:], side[2:], strict=False):
        found.append((spot.number, _far(spot, _on(before, after, spot.number))))
    return found


def _across(number: int, own: Two, other: Two) -> Place | None:
    """Where a number lies by the opposite side: between its two houses there, and as far across as its own are."""
    before, after = other
    near = [spot for spot in own if spot]
    if before is None or after is None or not near:
        return None
    x, y = _on(before, after, number)
    length = hypot(after.x - before.x, after.y - before.y) or 1.0
    right = (after.y - before.y) / length, (before.x - after.x) / length
    width = sum((spot.x - before.x) * right[0] + (spot.y - before.y) * right[1] for spot in near) / len(near)
    return x + width * right[0], y + width * right[1]


def _on(one: Spot, two: Spot, number: float) -> Place:
    """Where a number lies on the way through two houses."""
    share = (number - one.number) / (two.number - one.number)
    return one.x + share * (two.x - one.x), one.y + share * (two.y - one.y)


def _far(spot: Spot, place: Place) -> float:
    return hypot(spot.x - place[0], spot.y - place[1])


def _middle(one: Place, two: Place) -> Place:
    return (one[0] + two[0]) / 2, (one[1] + two[1]) / 2
