"""A town's evidence, located in its districts and gathered street by street."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from boundaries.builder.book.local_map import DistrictMap, LocalMap
from boundaries.builder.book.runs import Code, Spot
from boundaries.builder.sources.evidence import Evidence
from boundaries.builder.sources.geometry import Bools, Floats, Ints
from boundaries.builder.sources.layers import FAR

# Meters between two houses of one side, and meters beside the path between them that must be free of lines, for all
# numbers between to be in the same districts. Chosen by leaving out each of 85,490 addresses near lines in turn: of
# 45,000 with a free path under 150 m, 0.07 % lay elsewhere, most of them far off by an error in the source.
CORRIDORS = ((150.0, 2.0), (300.0, 10.0))
# Meters between a number of a range and its real place. With 30, five thousand held-out addresses of Cambridge gave as
# many wrong answers, and a sixth more questions.
RANGE_ERROR = 5.0


@dataclass(frozen=True, slots=True)
class OpenStreet:
    """A street near a district line."""

    spots: list[Spot]  # by number
    links: set[tuple[int, int]]  # numbers of one side with a path free of lines between them
    everywhere: Code  # its pairs, most common first


@dataclass(frozen=True, slots=True)
class TownEvidence:
    """A town's evidence with what was found out about it."""

    evidence: Evidence
    pair: Ints  # (n,) pair numbers
    #: (k, n) pair numbers at other places where a number of a range may stand; equal to `pair` for points
    variants: Ints
    local_map: LocalMap  # where everything lies
    districts: DistrictMap  # the town's districts

    def take(self, rows: Ints) -> "TownEvidence":
        """Some rows, by number."""
        return TownEvidence(
            self.evidence.take(rows), self.pair[rows], self.variants[:, rows], self.local_map.take(rows), self.districts
        )


def gather_streets(located: TownEvidence, certain: float) -> tuple[dict[int, int], dict[int, OpenStreet]]:
    """The streets in one pair far from any line, with their pair; and the others, with what is known of them."""
    evidence = located.evidence
    rows = located.take(np.lexsort((located.pair, 1 - evidence.exact, evidence.number, evidence.street)))
    street, number, pair = rows.evidence.street, rows.evidence.number, rows.pair
    clearance = rows.local_map.clearance
    less = np.where(rows.evidence.exact == 1, clearance, np.maximum(clearance - RANGE_ERROR, 0.0))
    clearance = np.where(clearance >= FAR, FAR, less)
    sure = (rows.variants == pair).all(axis=0)
    linked = _corridors(rows.local_map, street, number, pair)
    whole: dict[int, int] = {}
    open_streets: dict[int, OpenStreet] = {}
    bounds = [0, *(np.flatnonzero(np.diff(street)) + 1).tolist(), len(street)]
    for start, stop in pairwise(bounds):
        part = slice(start, stop)
        if clearance[part].min() >= certain and (pair[part] == pair[start]).all() and sure[part].all():
            whole[int(street[start])] = int(pair[start])
            continue
        links = {(int(number[row]), int(linked[row])) for row in range(start, stop) if linked[row] >= 0}
        everywhere = tuple(int(code) for code, _ in Counter(pair[part].tolist()).most_common())
        spots = _gather_spots(rows, start, stop, clearance, sure)
        open_streets[int(street[start])] = OpenStreet(spots, links, everywhere)
    return whole, open_streets


def _gather_spots(rows: TownEvidence, start: int, stop: int, clearance: Floats, sure: Bools) -> list[Spot]:
    """One spot per number. A point overrides ranges; a number of a range whose place is in doubt gets all its possible
    pairs."""
    spots = []
    numbers = rows.evidence.number[start:stop].tolist()
    exact = rows.evidence.exact[start:stop].tolist()
    at = 0
    while at < len(numbers):
        end = at + 1
        while end < len(numbers) and numbers[end] == numbers[at]:
            end += 1
        rows_here = [row for row in range(at, end) if exact[row] == exact[at]]
        counts = Counter(int(rows.pair[start + row]) for row in rows_here)
        for row in rows_here:
            if not sure[start + row]:
                counts.update(int(pair) for pair in rows.variants[:, start + row] if pair >= 0)
        x, y = rows.local_map.spots[start + at].tolist()
        nearest = min(float(clearance[start + row]) for row in rows_here)
        spots.append(
            Spot(numbers[at], tuple(pair for pair, _ in counts.most_common()), x, y, nearest, True, exact[at] == 1)
        )
        at = end
    return spots


def _corridors(local_map: LocalMap, street: Ints, number: Ints, pair: Ints) -> Ints:
    """For each row, the number of the next house on the same side, if the path to it crosses no line; else -1."""
    following = np.full(len(street), -1, dtype=np.int64)
    spots = local_map.spots
    parity = number % 2
    order = np.lexsort((number, parity, street))
    here, there = order[:-1], order[1:]
    way = np.hypot(*(spots[here] - spots[there]).T)
    same = (
        (street[here] == street[there]) & (parity[here] == parity[there]) & (pair[here] == pair[there])
        & (number[there] - number[here] > 2) & (way < CORRIDORS[-1][0])
    )  # fmt: skip
    here, there, way = here[same], there[same], way[same]
    shorter = 0.0
    for longest, margin in CORRIDORS:
        these = (way >= shorter) & (way < longest)
        start, end = here[these], there[these]
        free = ~local_map.crosses(spots[start], spots[end], margin)
        following[start[free]] = number[end[free]]
        shorter = longest
    return following
