"""Lines on a small drawing, in plain Python: made plain, cut to a frame, written as SVG, and where a label fits."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import hypot
from typing import Final, TypeAlias

TOLERANCE: Final = 0.8  # units of the drawing; what is smaller is left out
GRID: Final = 16  # a label stands at the best of so many places squared

Point: TypeAlias = tuple[float, float]
Line: TypeAlias = Sequence[Point]
Frame: TypeAlias = tuple[float, float, float, float]  # left, top, right, bottom


def join_borders(borders: Iterable[Line]) -> list[Point]:
    """Borders joined; each is made plain from the same end for both districts beside it, so that they still meet."""
    points: list[Point] = []
    for border in borders:
        forward = border[0] <= border[-1]
        plain = simplify(border if forward else border[::-1])
        plain = plain if forward else plain[::-1]
        points += plain[1:] if points else plain
    return points


def simplify(points: Line) -> list[Point]:
    """Drop points within TOLERANCE of the line (Douglas and Peucker, 1973). Closed borders are halved first."""
    keep = {0, len(points) - 1}
    todo = [(0, len(points) - 1)]
    while todo:
        first, last = todo.pop()
        (ax, ay), (bx, by) = points[first], points[last]
        length = hypot(bx - ax, by - ay)
        best, at = TOLERANCE, 0
        for number in range(first + 1, last):
            x, y = points[number]
            off = abs((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / length if length else hypot(x - ax, y - ay)
            if off > best:
                best, at = off, number
        if at:
            keep.add(at)
            todo += [(first, at), (at, last)]
    return [points[number] for number in sorted(keep)]


def clip(ring: Line, frame: Frame) -> list[Point]:
    """The part of a closed ring that lies in the frame, by Sutherland and Hodgman, 1974; empty if none does."""
    points = list(ring)
    for axis, edge, sign in ((0, frame[0], 1), (1, frame[1], 1), (0, frame[2], -1), (1, frame[3], -1)):
        kept: list[Point] = []
        for one, other in pairwise([*points, points[0]] if points else []):
            inside, next_inside = (sign * (point[axis] - edge) >= 0 for point in (one, other))
            if inside:
                kept.append(one)
            if inside != next_inside:
                share = (edge - one[axis]) / (other[axis] - one[axis])
                kept.append((one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])))
        points = kept
    return [*points, points[0]] if points else []


def write_path(rings: Iterable[Line]) -> str:
    """SVG path data in whole units and relative steps, which are shorter; rings too small to see are left out."""
    return "".join(_write_ring(ring) for ring in rings)


def _write_ring(ring: Line) -> str:
    rounded = [(round(x), round(y)) for x, y in ring]
    points = [point for number, point in enumerate(rounded) if not number or point != rounded[number - 1]]
    if len(points) < 4:
        return ""
    steps = (f"{bx - ax} {by - ay}" for (ax, ay), (bx, by) in pairwise(points[:-1]))
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps).replace(' -', '-')}z"


def place_label(rings: Sequence[Line], within: Sequence[Line], frame: Frame) -> Point | None:
    """Of a grid over the frame, the place inside `rings` and `within` (if given) that is farthest from every line;
    None if no place is inside."""
    sides = [side for ring in (*rings, *within) for side in pairwise(ring)]
    walls = [side for ring in rings for side in pairwise(ring)]
    town_rings = [side for ring in within for side in pairwise(ring)]
    xs, ys = zip(*(point for ring in rings for point in ring), strict=True)
    left, right = max(min(xs), frame[0]), min(max(xs), frame[2])
    top, bottom = max(min(ys), frame[1]), min(max(ys), frame[3])
    best, found = -1.0, None
    for column in range(1, GRID):
        for row in range(1, GRID):
            x = left + (right - left) * column / GRID
            y = top + (bottom - top) * row / GRID
            if _crossed(x, y, walls) and (not town_rings or _crossed(x, y, town_rings)):
                clear = min(min(x - frame[0], frame[2] - x, y - frame[1], frame[3] - y),
                            min(_distance(x, y, a, b) for a, b in sides))  # fmt: skip
                if clear > best:
                    best, found = clear, (x, y)
    return found


def _crossed(x: float, y: float, sides: Iterable[tuple[Point, Point]]) -> bool:
    over = ((a, b) for a, b in sides if (a[1] > y) != (b[1] > y))
    return sum(x < a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]) for a, b in over) % 2 == 1


def _distance(x: float, y: float, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    square = dx * dx + dy * dy
    along = min(1.0, max(0.0, ((x - a[0]) * dx + (y - a[1]) * dy) / square)) if square else 0.0
    return hypot(a[0] + along * dx - x, a[1] + along * dy - y)
