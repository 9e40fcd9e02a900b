"""Street centerlines with house number ranges on either side, turned into evidence number by number."""

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from boundaries.builder.sources.evidence import Evidence, Source, Streets, column
from boundaries.builder.sources.geometry import Floats
from boundaries.builder.sources.line_direction import Direction, LonLat, Segment, find_directions
from boundaries.builder.sources.line_offset import VARIANTS, place_along
from boundaries.builder.sources.progress import Say
from boundaries.builder.sources.range_files import Side, read_addrfeat, read_centerlines
from boundaries.builder.sources.town_finder import TownFinder

LONGEST = 4000  # numbers in one range; more is a typo

Span = tuple[int, int, bool]  # low, high, whether the numbers fall along the line


def ignore(_: str) -> None:
    """Discard the report."""


def read_ranges(
    source: Source, streets: Streets, finder: TownFinder | None, excluded: set[tuple[str, str, int]],
    say: Say = ignore,
) -> list[Evidence]:  # fmt: skip
    """Evidence at OFFSET, and at each of VARIANTS, with the same numbers row by row. Left and right are as drawn,
    unless the line is drawn backwards; `say` is told for how many that is."""
    path = source.recipe.source(source.part["file"])
    if source.part["kind"] == "addrfeat":
        sides = read_addrfeat(path, source, None if "town" in source.part else finder)
    else:
        sides = read_centerlines(path, source)
    only = source.part.get("only", streets.towns)
    numbered = []
    for side in sides:
        span = _span(side.start, side.end)
        if not side.key or not side.town or span is None or (only and side.town not in only):
            continue
        source.check(path, side.row, *side.line[0].tolist()[:2])
        numbered.append((side, span))
    directions = _find_directions(numbered)
    _report(directions, say)
    ids, numbers, areas = array("i"), array("i"), array("i")
    places = np.empty((sum(len(_houses(low, high)) for _, (low, high, _) in numbered), 2 + 2 * len(VARIANTS)))
    for side, (low, high, reverse) in numbered:
        houses = np.array(_houses(low, high))
        fraction = (houses - low) / (high - low) if high > low else np.array([0.5])
        spot = _place(side, 1 - fraction if reverse else fraction, directions[side.row])
        if excluded:
            keep = np.array([(side.town, side.key, int(house)) not in excluded for house in houses])
            houses, spot = houses[keep], spot[keep]
        places[len(ids) : len(ids) + len(houses)] = spot
        ids.extend([streets.street(side.town, side.key)] * len(houses))
        areas.extend([streets.area(side.area)] * len(houses))
        numbers.extend(houses.tolist())
    places = places[: len(ids)]
    return [
        Evidence(
            column(ids),
            column(numbers),
            places[:, 2 * place : 2 * place + 2],
            column(areas),
            column(np.zeros(len(ids), dtype=np.int8)),
        )
        for place in range(1 + len(VARIANTS))
    ]


def _find_directions(numbered: Sequence[tuple[Side, Span]]) -> dict[int, Direction]:
    """Which way each segment is drawn, by its row. Street by street, to save memory."""
    street_of: dict[int, tuple[str, str]] = {}
    streets: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for at, (side, _) in enumerate(numbered):
        streets[street_of.setdefault(side.row, (side.town, side.key))].append(at)
    directions: dict[int, Direction] = {}
    for places in streets.values():
        segments: dict[int, Segment] = {}
        for at in places:
            side, (low, high, reverse) = numbered[at]
            numbers = (high, low) if reverse else (low, high)
            known = segments.get(side.row)
            ends = known.ends if known else (_place_of(side.line[0]), _place_of(side.line[-1]))
            other = (known.right if side.left else known.left) if known else None
            left, right = (numbers, other) if side.left else (other, numbers)
            segments[side.row] = Segment(ends, left, right)
        directions.update(zip(segments, find_directions(list(segments.values())), strict=True))
    return directions


def _place_of(vertex: Floats) -> LonLat:
    lon, lat = vertex.tolist()[:2]
    return lon, lat


def _report(directions: Mapping[int, Direction], say: Say) -> None:
    count = Counter(directions.values())
    if count[Direction.REVERSED] or count[Direction.DOUBTFUL]:
        backwards, doubtful = count[Direction.REVERSED], count[Direction.DOUBTFUL]
        counted = f"  {backwards:,} of {len(directions):,} segments reversed"
        say(f"{counted}: drawn against their numbers; {doubtful:,} in doubt")


def _place(side: Side, fraction: Floats, direction: Direction) -> Floats:
    """Where numbers stand: (n, 2 * offsets), like `place_along`. fraction: (n,) of the way from `start` to `end`."""
    sign = 1.0 if side.left else -1.0
    if direction is Direction.REVERSED:
        return place_along(side.line[::-1], fraction, sign)
    spot = place_along(side.line, fraction, sign)
    if direction is Direction.DOUBTFUL:
        # Replaces the first variant: nothing between that and OFFSET is missed from the other side.
        spot[:, 2:4] = place_along(side.line[::-1], fraction, sign)[:, :2]
    return spot


def _span(start: object, end: object) -> Span | None:
    """Low, high and whether the numbers fall along the line; None without a plausible range."""
    ends = []
    for text in (start, end):
        digits = re.match(r"\d+", str(text or "").strip())
        ends.append(int(digits[0]) if digits else 0)
    low, high = min(ends), max(ends)
    if low <= 0:
        low = high
    if low <= 0 or high - low > LONGEST:
        return None
    return low, high, ends[0] > ends[1]


def _houses(low: int, high: int) -> range:
    """The numbers of a side: all of them if its ends are one even and one odd."""
    return range(low, high + 1, 1 if (high - low) % 2 else 2)
