"""One town's street book: every street's runs, from the town's evidence."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from boundaries.builder.evidence import Evidence
from boundaries.builder.geometry import Floats, Ints
from boundaries.builder.locate import FAR, Ground
from boundaries.builder.nearby import Nearby
from boundaries.builder.runs import OTHER_SIDE, SLACK, Code, Piece, Spot, settle

CORRIDOR = 18.0  # metres either side of the way between two houses that must be free of lines
LONGEST_WAY = 400.0  # metres between two houses for which a free corridor proves anything
CERTAIN = 300.0  # metres of clearance from which on a whole street is taken as one


@dataclass(frozen=True, slots=True)
class Runs:
    """A street's answer. even, odd: pieces by parity; everywhere: its pairs, commonest first, for a missing number."""

    even: tuple[Piece, ...]
    odd: tuple[Piece, ...]
    everywhere: Code


@dataclass(frozen=True, slots=True)
class Located:
    """A town's evidence with what was found out about it. pair: (n,) pair numbers; certain: (n,) whether a range's
    number keeps its district at other offsets (always true of points)."""

    evidence: Evidence
    pair: Ints
    certain: Ints
    ground: Ground


def write_areas(located: Located, nearby: Nearby, runs: dict[int, Runs]) -> dict[tuple[int, int], Runs]:
    """For streets in several pairs, what each part of town (or ZIP) says by itself, by street and area id.

    Two streets of one name in one town are told apart so. A part says nothing (Code ()) beyond its own numbers.
    """
    evidence = located.evidence
    several = np.array(sorted(street for street, found in runs.items() if len(found.everywhere) > 1), dtype=np.int64)
    rows = np.flatnonzero(np.isin(evidence.street, several) & (evidence.area >= 0))
    rows = rows[np.lexsort((evidence.area[rows], evidence.street[rows]))]
    found: dict[tuple[int, int], Runs] = {}
    cuts = np.flatnonzero((np.diff(evidence.street[rows]) != 0) | (np.diff(evidence.area[rows]) != 0)) + 1
    for group in np.split(rows, cuts) if len(rows) else []:
        part = Located(evidence.take(group), located.pair[group], located.certain[group], located.ground.take(group))
        ((street, whole),) = write_runs(part, nearby, certain=FAR).items()
        low, high = int(part.evidence.number.min()), int(part.evidence.number.max())
        even, odd = _within(whole.even, low, high), _within(whole.odd, low, high)
        found[street, int(evidence.area[group[0]])] = Runs(even, odd, whole.everywhere)
    return found


def _within(pieces: tuple[Piece, ...], low: int, high: int) -> tuple[Piece, ...]:
    """Pieces that say nothing outside low to high."""
    inner = [(max(start, low), code) for start, code in pieces if start <= high]
    inner = [piece for place, piece in enumerate(inner) if place + 1 == len(inner) or inner[place + 1][0] > low]
    return ((0, ()), *inner, (high + 1, ()))


def write_runs(located: Located, nearby: Nearby, certain: float = CERTAIN) -> dict[int, Runs]:
    """The runs of every street, by street id. certain: clearance (metres) from which on a street is taken whole."""
    evidence = located.evidence
    order = np.lexsort((located.pair, evidence.number, evidence.street))
    street, number, pair = evidence.street[order], evidence.number[order], located.pair[order]
    spots = located.ground.spots[order]
    clearance = np.where(evidence.exact[order] == 1, located.ground.clearance[order], 0.0)
    clearance = np.where(evidence.exact[order] == 1, clearance, np.maximum(located.ground.clearance[order] - 15.0, 0.0))
    clearance = np.where(located.ground.clearance[order] >= FAR, FAR, clearance)
    sure = located.certain[order]
    cuts = np.flatnonzero(np.diff(street)) + 1
    bounds = np.concatenate([[0], cuts, [len(street)]])
    linked = _corridors(located.ground, street, number, pair, spots)
    found: dict[int, Runs] = {}
    for start, stop in pairwise(bounds.tolist()):
        part = slice(start, stop)
        pairs = pair[part]
        if clearance[part].min() >= certain and (pairs == pairs[0]).all() and sure[part].all():
            whole = ((0, (int(pairs[0]),)),)
            found[int(street[start])] = Runs(whole, whole, (int(pairs[0]),))
            continue
        found[int(street[start])] = _one_street(
            number[part].tolist(), pairs.tolist(), spots[part], clearance[part].tolist(), sure[part].tolist(),
            linked[part].tolist(), nearby,
        )  # fmt: skip
    return found


def _corridors(ground: Ground, street: Ints, number: Ints, pair: Ints, spots: Floats) -> Ints:
    """For each row, the number of the next house on the same side, if the way to it is free of lines; else -1."""
    following = np.full(len(street), -1, dtype=np.int64)
    parity = number % 2
    order = np.lexsort((number, parity, street))
    here, there = order[:-1], order[1:]
    way = np.hypot(*(spots[here] - spots[there]).T)
    same = (
        (street[here] == street[there]) & (parity[here] == parity[there]) & (pair[here] == pair[there])
        & (number[there] - number[here] > 2) & (way < LONGEST_WAY)
    )  # fmt: skip
    here, there = here[same], there[same]
    free = ~ground.crosses(spots[here], spots[there], CORRIDOR)
    following[here[free]] = number[there[free]]
    return following


def _one_street(
    number: list[int], pair: list[int], spots: Floats, clearance: list[float], certain: list[int],
    linked: list[int], nearby: Nearby,
) -> Runs:  # fmt: skip
    merged: list[Spot] = []
    start = 0
    while start < len(number):
        stop = start + 1
        while stop < len(number) and number[stop] == number[start]:
            stop += 1
        counts = Counter(pair[start:stop])
        pairs = tuple(code for code, _ in counts.most_common())
        if not all(certain[start:stop]) and len(pairs) == 1:
            pairs = nearby.others(pairs, spots[start], 2)
        merged.append(
            Spot(number[start], pairs, float(spots[start, 0]), float(spots[start, 1]), min(clearance[start:stop]), True)
        )
        start = stop
    links = {(here, there) for here, there in zip(number, linked, strict=True) if there >= 0}
    everywhere = tuple(code for code, _ in Counter(pair).most_common())
    even, odd = (tuple(_fill(settle(_side(merged, parity, links), links, FAR), merged, nearby)) for parity in (0, 1))
    return Runs(even, odd, everywhere)


def _side(merged: list[Spot], parity: int, links: set[tuple[int, int]]) -> list[Spot]:
    """The spots that speak for one side: its own, and those opposite that stand far enough from any line."""
    own = [spot for spot in merged if spot.number % 2 == parity]
    bridged: list[tuple[int, int]] = [
        (here.number, there.number)
        for here, there in pairwise(own)
        if here.pairs == there.pairs and (there.number - here.number <= 2 or (here.number, there.number) in links)
    ]
    side = list(own)
    position = 0
    for spot in merged:
        if spot.number % 2 == parity or len(spot.pairs) > 1:
            continue
        while position < len(bridged) and bridged[position][1] < spot.number:
            position += 1
        if position < len(bridged) and bridged[position][0] < spot.number < bridged[position][1]:
            continue
        left = spot.clearance if spot.clearance >= FAR else spot.clearance - OTHER_SIDE
        if left > SLACK:
            side.append(Spot(spot.number, spot.pairs, spot.x, spot.y, left, False))
    side.sort(key=lambda spot: spot.number)
    if side:
        return side
    return [Spot(spot.number, (*spot.pairs, -1), spot.x, spot.y, 0.0, False) for spot in merged]


def _fill(pieces: list[Piece], merged: list[Spot], nearby: Nearby) -> list[Piece]:
    """Complete the open sets (those ending in -1) with the pairs that lie nearest."""
    filled: list[Piece] = []
    for start, code in pieces:
        if len(code) > 1:
            known = tuple(dict.fromkeys(pair for pair in code if pair >= 0))
            spot = min(merged, key=lambda spot: abs(spot.number - start))
            code = nearby.others(known, np.array([spot.x, spot.y]), 4)
        if filled and filled[-1][1] == code:
            continue
        filled.append((start, code))
    return filled
