"""One town's street book: every street's runs, from the town's evidence."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np

from boundaries.builder.book.features import AT_ONCE, Reckoning, Street
from boundaries.builder.book.ground import Chart, Ground
from boundaries.builder.book.judgement import NEAR, Examples, Judge, overlay, practise, unseen
from boundaries.builder.book.nearby import Nearby
from boundaries.builder.book.runs import OTHER_SIDE, SLACK, TWINS_APART, Code, Piece, Spot, settle, torn
from boundaries.builder.sources.evidence import Evidence
from boundaries.builder.sources.geometry import Bools, Floats, Ints
from boundaries.builder.sources.layers import FAR

# Metres between two houses of one side, and metres beside the way between them that must be free of lines, for all
# numbers between to be in the same districts. Chosen by leaving out each of 85,490 addresses near lines in turn: of
# 45,000 such with a free way under 150 m, 0.07 % lay elsewhere, most of them far off by a slip in the source.
CORRIDORS = ((150.0, 2.0), (300.0, 10.0))
# Metres that a number of a range may stand from where it was put. With 30, five thousand addresses of Cambridge left
# out gave as many wrong answers, and a sixth more questions.
RANGE_ERROR = 5.0
TWINS = 10  # streets with a twin that make a town one of repeated names
CERTAIN = 300.0  # metres of clearance from which on a whole street is taken as one


@dataclass(frozen=True, slots=True)
class Runs:
    """A street's answer. even, odd: pieces by parity; everywhere: its pairs, commonest first, for a missing number."""

    even: tuple[Piece, ...]
    odd: tuple[Piece, ...]
    everywhere: Code


@dataclass(frozen=True, slots=True)
class OpenStreet:
    """A street near a line. spots: by number. links: numbers of one side with a way free of lines between them.
    everywhere: its pairs, commonest first."""

    spots: list[Spot]
    links: set[tuple[int, int]]
    everywhere: Code


@dataclass(frozen=True, slots=True)
class Located:
    """A town's evidence with what was found out about it.

    pair: (n,) pair numbers. variants: (k, n) pair numbers at other places where a number of a range may stand; equal
    to `pair` for points. ground: where everything lies. chart: the districts there.
    """

    evidence: Evidence
    pair: Ints
    variants: Ints
    ground: Ground
    chart: Chart

    def take(self, rows: Ints) -> "Located":
        """Some rows, by number."""
        return Located(
            self.evidence.take(rows), self.pair[rows], self.variants[:, rows], self.ground.take(rows), self.chart
        )


def write_areas(
    located: Located, nearby: Nearby, runs: dict[int, Runs], judge: Judge | None
) -> dict[tuple[int, int], Runs]:
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
        part = located.take(group)
        ((street, whole),) = write_runs(part, nearby, judge, certain=FAR).items()
        low, high = int(part.evidence.number.min()), int(part.evidence.number.max())
        even, odd = _within(whole.even, low, high), _within(whole.odd, low, high)
        found[street, int(evidence.area[group[0]])] = Runs(even, odd, whole.everywhere)
    return found


def repeats_names(located: Located) -> bool:
    """Whether the town has streets of one name far apart, so that a ZIP that does not fit may mean another street."""
    evidence, spots = located.evidence, located.ground.spots
    order = np.lexsort((evidence.number, evidence.street))
    here, there = order[:-1], order[1:]
    same = (evidence.street[here] == evidence.street[there]) & (evidence.number[here] == evidence.number[there])
    far = np.hypot(*(spots[here] - spots[there]).T) > TWINS_APART
    return len(np.unique(evidence.street[here[same & far]])) >= TWINS


def survey_areas(located: Located) -> tuple[dict[int, list[int]], dict[int, Code]]:
    """The parts of town that each street runs through, by street id; and each part's pairs, commonest first."""
    evidence = located.evidence
    through: dict[int, list[int]] = {}
    for street, area in np.unique(np.column_stack([evidence.street, evidence.area]), axis=0).tolist():
        if area >= 0:
            through.setdefault(street, []).append(area)
    pairs: dict[int, Code] = {}
    for area in np.unique(evidence.area[evidence.area >= 0]).tolist():
        codes, counts = np.unique(located.pair[evidence.area == area], return_counts=True)
        pairs[area] = tuple(codes[np.argsort(-counts, kind="stable")].tolist())
    return through, pairs


def _within(pieces: tuple[Piece, ...], low: int, high: int) -> tuple[Piece, ...]:
    """Pieces that say nothing outside low to high."""
    inner = [(max(start, low), code) for start, code in pieces if start <= high]
    inner = [piece for place, piece in enumerate(inner) if place + 1 == len(inner) or inner[place + 1][0] > low]
    return ((0, ()), *inner, (high + 1, ()))


def write_runs(located: Located, nearby: Nearby, judge: Judge | None, certain: float = CERTAIN) -> dict[int, Runs]:
    """The runs of every street, by street id. certain: clearance (metres) from which on a street is taken whole."""
    whole, open_streets = _gather_streets(located, certain)
    found = {street: Runs(((0, (pair,)),), ((0, (pair,)),), (pair,)) for street, pair in whole.items()}
    plain = {
        (street, parity): _one_side(known.spots, parity, known.links)
        for street, known in open_streets.items() for parity in (0, 1)
    }  # fmt: skip
    better = _decide(located, open_streets, plain, judge) if judge else {}
    for street, known in open_streets.items():
        sides = []
        doubts = _doubts(known.spots)
        for parity in (0, 1):
            pieces = overlay(plain[street, parity], parity, better.get((street, parity), {}))
            pieces = overlay(pieces, parity, {number: code for number, code in doubts.items() if number % 2 == parity})
            sides.append(tuple(_fill(pieces, known.spots, nearby)))
        found[street] = Runs(sides[0], sides[1], known.everywhere)
    return found


def practise_town(town: int, located: Located) -> Examples | None:
    """What leaving out some of a town's houses near a line teaches. town: its number."""
    _, open_streets = _gather_streets(located, CERTAIN)
    return practise(town, [known.spots for known in open_streets.values()], located.ground, located.chart)


def _gather_streets(located: Located, certain: float) -> tuple[dict[int, int], dict[int, OpenStreet]]:
    """Streets that lie in one pair far from any line, with the pair; and the others, with what is known of them."""
    evidence = located.evidence
    rows = located.take(np.lexsort((located.pair, 1 - evidence.exact, evidence.number, evidence.street)))
    street, number, pair = rows.evidence.street, rows.evidence.number, rows.pair
    clearance = rows.ground.clearance
    less = np.where(rows.evidence.exact == 1, clearance, np.maximum(clearance - RANGE_ERROR, 0.0))
    clearance = np.where(clearance >= FAR, FAR, less)
    sure = (rows.variants == pair).all(axis=0)
    linked = _corridors(rows.ground, street, number, pair)
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
        spots = _gather(rows, start, stop, clearance, sure)
        open_streets[int(street[start])] = OpenStreet(spots, links, everywhere)
    return whole, open_streets


def _decide(
    located: Located, open_streets: dict[int, OpenStreet], plain: dict[tuple[int, int], list[Piece]], judge: Judge
) -> dict[tuple[int, int], dict[int, Code]]:
    """What the judge says of the numbers that no source has, by street id and parity: of those near a line, and of
    what their neighbours (`plain`) leave undecided."""
    found: dict[tuple[int, int], dict[int, Code]] = {}
    questions = _questions(open_streets, plain)
    while some := list(islice(questions, AT_ONCE)):
        codes = judge.decide([one for _, one in some], located.ground, located.chart)
        for (which, one), code in zip(some, codes, strict=True):
            found.setdefault((which, one.number % 2), {})[one.number] = code
    return found


def _questions(
    open_streets: dict[int, OpenStreet], plain: dict[tuple[int, int], list[Piece]]
) -> Iterator[tuple[int, Reckoning]]:
    for which, known in open_streets.items():
        street = Street(known.spots)
        for number in unseen(known.spots):
            one = street.reckon(number)
            if one and (_is_near(one) or len(_code(plain[which, number % 2], number)) > 1):
                yield which, one


def _is_near(one: Reckoning) -> bool:
    return min(spot.clearance for spot in one.neighbours[:4] if spot) < NEAR


def _code(pieces: list[Piece], number: int) -> Code:
    return pieces[bisect_right(pieces, number, key=lambda piece: piece[0]) - 1][1]


def _doubts(spots: list[Spot]) -> dict[int, Code]:
    """Numbers that nobody has seen where two streets of one name mix theirs."""
    seen = {spot.number for spot in spots}
    return {
        number: code
        for first, last, code in torn(spots)
        for number in range(max(first, 1), last + 1)
        if number not in seen
    }


def _gather(rows: Located, start: int, stop: int, clearance: Floats, sure: Bools) -> list[Spot]:
    """One spot a number. Where a point stands, ranges are silent; a range's doubtful number is in all it may be in."""
    spots = []
    numbers = rows.evidence.number[start:stop].tolist()
    exact = rows.evidence.exact[start:stop].tolist()
    at = 0
    while at < len(numbers):
        end = at + 1
        while end < len(numbers) and numbers[end] == numbers[at]:
            end += 1
        some = [row for row in range(at, end) if exact[row] == exact[at]]
        counts = Counter(int(rows.pair[start + row]) for row in some)
        for row in some:
            if not sure[start + row]:
                counts.update(int(pair) for pair in rows.variants[:, start + row] if pair >= 0)
        x, y = rows.ground.spots[start + at].tolist()
        nearest = min(float(clearance[start + row]) for row in some)
        spots.append(
            Spot(numbers[at], tuple(pair for pair, _ in counts.most_common()), x, y, nearest, True, exact[at] == 1)
        )
        at = end
    return spots


def _corridors(ground: Ground, street: Ints, number: Ints, pair: Ints) -> Ints:
    """For each row, the number of the next house on the same side, if the way to it is free of lines; else -1."""
    following = np.full(len(street), -1, dtype=np.int64)
    spots = ground.spots
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
        free = ~ground.crosses(spots[start], spots[end], margin)
        following[start[free]] = number[end[free]]
        shorter = longest
    return following


def _one_side(spots: list[Spot], parity: int, links: set[tuple[int, int]]) -> list[Piece]:
    opposite = [spot for spot in spots if spot.number % 2 != parity]
    return settle(_side(spots, parity, links), opposite, links, FAR)


def _side(merged: list[Spot], parity: int, links: set[tuple[int, int]]) -> list[Spot]:
    """The spots that speak for one side: its own, and those opposite that stand far enough from any line."""
    own = [spot for spot in merged if spot.number % 2 == parity]
    bridged: list[tuple[int, int]] = [
        (here.number, there.number)
        for here, there in pairwise(own)
        if here.pairs == there.pairs and (there.number - here.number <= 2 or (here.number, there.number) in links)
    ]
    turning = [(here, there) for here, there in pairwise(own) if here.pairs != there.pairs]
    side = list(own)
    position = 0
    for spot in merged:
        if spot.number % 2 == parity or len(spot.pairs) > 1:
            continue
        while position < len(bridged) and bridged[position][1] < spot.number:
            position += 1
        if position < len(bridged) and bridged[position][0] < spot.number < bridged[position][1]:
            continue
        if any(here.number < spot.number < there.number for here, there in turning):
            continue  # the line passes between these two: the other side of the street knows nothing of where
        left = spot.clearance if spot.clearance >= FAR else spot.clearance - OTHER_SIDE
        if left > SLACK and not (own and not own[0].number <= spot.number <= own[-1].number):
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
