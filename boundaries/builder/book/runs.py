"""From evidence to runs: for one street, which house numbers lie in which pair of districts.

The answer for one parity is a piecewise constant function of the house number: a list of (first number, code), where
the code is one pair, or the candidates if the evidence does not decide. Numbers between two houses of one pair belong
to it only if no district line passes between them; numbers past the last house only as far as experience allows.

The limits were chosen on Massachusetts by leaving out each of 73,658 addresses within 100 m of a line in turn and
asking its neighbors (`bench/draw_addresses.py` draws others to evaluate them on).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

Code = tuple[int, ...]  # one pair's number: decided; several: candidates, likeliest first; -1 last: plus those nearby
Piece = tuple[int, Code]

OPEN = -1
SLACK = 20.0  # meters: a house may be set back from the line between its neighbors
STRETCH = 1.2  # a street may wind: its houses are this much farther along than the straight line
OTHER_SIDE = 40.0  # meters: what a house says about the opposite side of the street counts this much less
LEAST_SPACING = 4.0  # meters per house number

# How many numbers past the last house its districts are trusted: meters of clearance below which the row applies;
# numbers if the other side of the street does not tell; numbers if the other side agrees on both sides of the end.
BEYOND = ((30.0, 0, 0), (50.0, 4, 16), (80.0, 8, 16), (120.0, 16, 16), (200.0, 32, 64), (500.0, 100, 200))
ENDLESS = 1_000_000
SPARSE = 8.0  # meters per house number past the last of few known houses: city blocks are numbered like that
TWINS_APART = 800.0  # meters between two houses of nearly one number that make their streets twins
LEAPING = 60.0  # meters per number: no single street is numbered so sparsely
MIXED = 6  # numbers beyond these two that may still belong to either


@dataclass(frozen=True, slots=True)
class Spot:
    """What is known at one number."""

    number: int
    pairs: Code  # those seen there
    x: float  # meters
    y: float  # meters
    clearance: float  # meters to the nearest district line; FAR or more means any distance
    own: bool  # whether it stands on the side of the street in question
    exact: bool = True  # whether a point stands there, and not only a range

    @property
    def decided(self) -> bool:
        """Whether one pair was seen here."""
        return len(self.pairs) == 1


def derive_pieces(
    spots: Sequence[Spot], opposite: Sequence[Spot], links: set[tuple[int, int]], far: float, *, thin: bool = False
) -> list[Piece]:
    """The pieces for one parity.

    spots: by number, ascending, one each. opposite: those of the other side. links: consecutive numbers of this side
    with a path between them that crosses no line. far: clearance from which on a spot counts at any distance. thin:
    whether the source lacks many houses, so that a street goes on past its last known one.
    """
    first, last = spots[0], spots[-1]
    reach = _reach_sparsely if thin else _beyond
    start = max(0, first.number - reach(first, opposite, -1, far))
    pieces: list[Piece] = []
    if start > 0:
        pieces.append((0, (*first.pairs, OPEN)))
    pieces.append((start, first.pairs))
    for before, after in pairwise(spots):
        pieces += _between(before, after, links, far)
    stop = last.number + reach(last, opposite, 1, far)
    if stop < ENDLESS:
        pieces.append((stop + 1, (*last.pairs, OPEN)))
    return _normalize(pieces)


def _between(before: Spot, after: Spot, links: set[tuple[int, int]], far: float) -> list[Piece]:
    """The pieces from one spot up to the next."""
    gap = after.number - before.number
    same = before.pairs == after.pairs and before.decided
    if gap <= (2 if before.own and after.own else 1):
        return [] if same else [(after.number, after.pairs)]
    if same:
        if (before.number, after.number) in links:
            return []
        way = ((before.x - after.x) ** 2 + (before.y - after.y) ** 2) ** 0.5
        slope = way / gap * STRETCH
        if _numbers_clear(before.clearance, slope, far) + _numbers_clear(after.clearance, slope, far) >= gap - 1:
            return []
    merged = tuple(dict.fromkeys((*before.pairs, *after.pairs)))
    return [(before.number + 1, merged if len(merged) > 1 else (*merged, OPEN)), (after.number, after.pairs)]


def _beyond(end: Spot, opposite: Sequence[Spot], way: int, far: float) -> int:
    """How many numbers past the first (way -1) or last (way 1) spot of a side its pair is trusted."""
    if not end.decided:
        return 0
    if end.clearance >= far:
        return ENDLESS
    alone, agreed = next(
        ((single, both) for below, single, both in BEYOND if end.clearance < below), (ENDLESS, ENDLESS)
    )
    inner = [spot for spot in opposite if (spot.number - end.number) * way < 0]
    outer = sorted(
        (spot for spot in opposite if (spot.number - end.number) * way > 0), key=lambda spot: spot.number * way
    )
    nearest = max(inner, key=lambda spot: spot.number * way, default=None)
    if nearest is not None and nearest.pairs != end.pairs:
        return 0 if end.clearance < BEYOND[2][0] else alone // 2
    trusted = alone
    for spot in outer:
        away = (spot.number - end.number) * way
        if spot.pairs != end.pairs:
            return min(trusted, away // 2)
        if nearest is not None:
            trusted = max(trusted, min(away, agreed))
    return trusted


def _reach_sparsely(end: Spot, opposite: Sequence[Spot], way: int, far: float) -> int:
    """As _beyond, if the source lacks many houses: only as far as a street can go without reaching a line."""
    clear = int((end.clearance - SLACK) / SPARSE) if end.decided else 0
    return max(0, min(_beyond(end, opposite, way, far), clear))


def find_mixed(spots: Sequence[Spot]) -> list[tuple[int, int, Code]]:
    """Where two streets of one name mix their numbers: first and last number, and the pairs that may be meant.

    That is between two consecutive numbers that stand too far apart for one street, and throughout the range that the
    numbers of two places share: an unseen number there may belong to either.
    """
    stretches = []
    for before, after in pairwise(spots):
        apart = ((before.x - after.x) ** 2 + (before.y - after.y) ** 2) ** 0.5
        if apart > max(TWINS_APART, LEAPING * (after.number - before.number)) and before.pairs != after.pairs:
            stretches.append((before.number - MIXED, after.number + MIXED, (*before.pairs, *after.pairs, OPEN)))
    for here, other in combinations(_places(spots) if stretches else (), 2):
        first, last = max(here[0].number, other[0].number), min(here[-1].number, other[-1].number)
        pairs = tuple(
            dict.fromkeys(pair for spot in (*here, *other) if first <= spot.number <= last for pair in spot.pairs)
        )
        if first < last and len(pairs) > 1:
            stretches.append((first, last, (*pairs, OPEN)))
    return stretches


def _places(spots: Sequence[Spot]) -> list[list[Spot]]:
    """The spots by place, each list by number: within one, every house has another at most TWINS_APART away."""
    x, y = np.array([spot.x for spot in spots]), np.array([spot.y for spot in spots])
    left = np.ones(len(spots), dtype=bool)
    places = []
    while left.any():
        edge = [int(np.argmax(left))]
        left[edge[0]] = False
        place = []
        while edge:
            at = edge.pop()
            place.append(at)
            near = np.flatnonzero(left & (np.hypot(x - x[at], y - y[at]) <= TWINS_APART))
            left[near] = False
            edge += near.tolist()
        places.append([spots[at] for at in sorted(place)])
    return places


def _numbers_clear(clearance: float, meters_per_number: float, far: float) -> int:
    """How many numbers farther a house of the same pair must still be on this side of the line."""
    if clearance >= far:
        return ENDLESS
    return max(0, int((clearance - SLACK) / max(meters_per_number, LEAST_SPACING)))


def _normalize(pieces: list[Piece]) -> list[Piece]:
    """Ascending starts from 0; the last code for a start wins; equal neighbors are joined."""
    normalized: list[Piece] = []
    for start, code in pieces:
        while normalized and normalized[-1][0] >= start:
            normalized.pop()
        if not normalized or normalized[-1][1] != code:
            normalized.append((start, code))
    normalized[0] = (0, normalized[0][1])
    return normalized


def overlay(pieces: Sequence[Piece], parity: int, better: dict[int, Code]) -> list[Piece]:
    """One side's pieces, with better answers for some of its numbers."""
    cuts = sorted({start for start, _ in pieces} | {max(0, n - 1) for n in better} | {n + 1 for n in better})
    merged: list[Piece] = []
    place = 0
    for cut in cuts:
        while place + 1 < len(pieces) and pieces[place + 1][0] <= cut:
            place += 1
        number = cut + (cut - parity) % 2  # the first of this side from here on
        base = pieces[place + 1][1] if place + 1 < len(pieces) and pieces[place + 1][0] <= number else pieces[place][1]
        code = better.get(number, base)
        if not merged or merged[-1][1] != code:
            merged.append((cut, code))
    return merged
