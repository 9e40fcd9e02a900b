"""A small map of some districts, as SVG path data: the plain picture beside a list that says the same in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, radians
from typing import Final, TypeAlias

from boundaries.model import Chamber
from boundaries.state import State

WIDTH: Final = 320  # units of the drawing; what is smaller than FINE of them is left out
FINE: Final = 0.8
SAMPLES: Final = 12  # a label stands at the best of so many places squared

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Area:
    """One district drawn: its path, and where its number stands."""

    district: str
    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Map:
    """Districts of one chamber. width, height: of the viewBox."""

    chamber: Chamber
    width: int
    height: int
    areas: tuple[Area, ...]


@lru_cache(maxsize=512)
def draw_map(state: State, chamber: Chamber, districts: tuple[str, ...]) -> Map:
    """Draw whole districts, in the order given; together they fill WIDTH units the longer way, north up.

    ValueError if one of them does not exist, or none is given.
    """
    outlines = {name: state.rings(chamber, name) for name in dict.fromkeys(districts)}
    places = [place for rings in outlines.values() for ring in rings for border in ring for place in border]
    south, north = min(lat for lat, _ in places), max(lat for lat, _ in places)
    west, east = min(lon for _, lon in places), max(lon for _, lon in places)
    narrow = cos(radians((south + north) / 2))
    scale = (WIDTH - 4) / max((east - west) * narrow, north - south)

    def flatten(place: Point) -> Point:
        return 2 + (place[1] - west) * narrow * scale, 2 + (north - place[0]) * scale

    areas = []
    for name, rings in outlines.items():
        flat = [_ring([flatten(place) for place in border] for border in ring) for ring in rings]
        flat = [ring for ring in flat if len(ring) > 3]
        x, y = _middle(flat)
        areas.append(Area(name, "".join(map(_path, flat)), round(x), round(y)))
    width, height = flatten((south, east))
    return Map(chamber, round(width) + 2, round(height) + 2, tuple(areas))


def _ring(borders: Iterable[Sequence[Point]]) -> list[Point]:
    """Borders joined; each is made plain from the same end for both districts beside it, so that they still meet."""
    points: list[Point] = []
    for border in borders:
        forward = border[0] <= border[-1]
        plain = _simplify(border if forward else border[::-1])
        plain = plain if forward else plain[::-1]
        points += plain[1:] if points else plain
    rounded = [(round(x), round(y)) for x, y in points]
    return [point for number, point in enumerate(rounded) if not number or point != rounded[number - 1]]


def _simplify(points: Sequence[Point]) -> list[Point]:
    """Douglas and Peucker, 1973: what lies within FINE of the line is left out. Closed borders are halved first."""
    keep = {0, len(points) - 1}
    todo = [(0, len(points) - 1)]
    while todo:
        first, last = todo.pop()
        (ax, ay), (bx, by) = points[first], points[last]
        length = hypot(bx - ax, by - ay)
        best, at = FINE, 0
        for number in range(first + 1, last):
            x, y = points[number]
            off = abs((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / length if length else hypot(x - ax, y - ay)
            if off > best:
                best, at = off, number
        if at:
            keep.add(at)
            todo += [(first, at), (at, last)]
    return [points[number] for number in sorted(keep)]


def _path(ring: Sequence[Point]) -> str:
    """Relative steps, which are shorter."""
    steps = (f"{bx - ax:g} {by - ay:g}" for (ax, ay), (bx, by) in pairwise(ring[:-1]))
    return f"M{ring[0][0]:g} {ring[0][1]:g}l{' '.join(steps).replace(' -', '-')}z"


def _middle(rings: Sequence[Sequence[Point]]) -> Point:
    """A place well inside: of a grid over the largest ring, the one farthest from every corner and edge."""
    sides = [side for ring in rings for side in pairwise(ring)]
    xs, ys = zip(*max(rings, key=len), strict=True)
    best, middle = -1.0, (xs[0], ys[0])
    for column in range(1, SAMPLES):
        for row in range(1, SAMPLES):
            x = min(xs) + (max(xs) - min(xs)) * column / SAMPLES
            y = min(ys) + (max(ys) - min(ys)) * row / SAMPLES
            over = ((a, b) for a, b in sides if (a[1] > y) != (b[1] > y))
            crossed = sum(x < a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]) for a, b in over)
            if crossed % 2:
                clear = min(_distance(x, y, a, b) for a, b in sides)
                if clear > best:
                    best, middle = clear, (x, y)
    return middle


def _distance(x: float, y: float, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    square = dx * dx + dy * dy
    along = min(1.0, max(0.0, ((x - a[0]) * dx + (y - a[1]) * dy) / square)) if square else 0.0
    return hypot(a[0] + along * dx - x, a[1] + along * dy - y)
