"""Polygons for small SVG maps, in pure Python: simplify, clip, write path data, and place labels."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import hypot
from typing import Final, TypeAlias

TOLERANCE: Final = 0.8  # units of the drawing; smaller details are dropped
GRID: Final = 16  # label positions tried along each axis

Point: TypeAlias = tuple[float, float]
Line: TypeAlias = Sequence[Point]
Frame: TypeAlias = tuple[float, float, float, float]  # left, top, right, bottom


def join_borders(borders: Iterable[Line]) -> list[Point]:
    """Join borders into a ring. Each is simplified from the same end for both of its districts, so they still meet."""
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
    """The part of a closed ring inside the frame (Sutherland and Hodgman, 1974); empty if there is none."""
    points = list(ring)
    for axis, edge, sign in ((0, frame[0], 1), (1, frame[1], 1), (0, frame[2], -1), (1, frame[3], -1)):
        kept: list[Point] = []
        for start, end in pairwise([*points, points[0]] if points else []):
            inside, next_inside = (sign * (point[axis] - edge) >= 0 for point in (start, end))
            if inside:
                kept.append(start)
            if inside != next_inside:
                share = (edge - start[axis]) / (end[axis] - start[axis])
                kept.append((start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])))
        points = kept
    return [*points, points[0]] if points else []


def write_path(rings: Iterable[Line]) -> str:
    """SVG path data in whole units and relative steps, which are shorter. Invisibly small rings are left out."""
    return "".join(_write_ring(ring) for ring in rings)


def _write_ring(ring: Line) -> str:
    rounded = [(round(x), round(y)) for x, y in ring]
    points = [point for number, point in enumerate(rounded) if not number or point != rounded[number - 1]]
    if len(points) < 4:
        return ""
    steps = (f"{bx - ax} {by - ay}" for (ax, ay), (bx, by) in pairwise(points[:-1]))
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps).replace(' -', '-')}z"


def place_label(rings: Sequence[Line], within: Sequence[Line], frame: Frame) -> Point | None:
    """The grid point inside `rings`, and inside `within` if given, that is farthest from every line, or None."""
    sides = [side for ring in (*rings, *within) for side in pairwise(ring)]
    inner = [side for ring in rings for side in pairwise(ring)]
    outer = [side for ring in within for side in pairwise(ring)]
    xs, ys = zip(*(point for ring in rings for point in ring), strict=True)
    left, right = max(min(xs), frame[0]), min(max(xs), frame[2])
    top, bottom = max(min(ys), frame[1]), min(max(ys), frame[3])
    best, label = -1.0, None
    for column in range(1, GRID):
        for row in range(1, GRID):
            x = left + (right - left) * column / GRID
            y = top + (bottom - top) * row / GRID
            if _is_inside(x, y, inner) and (not outer or _is_inside(x, y, outer)):
                clear = min(min(x - frame[0], frame[2] - x, y - frame[1], frame[3] - y),
                            min(_distance(x, y, a, b) for a, b in sides))  # fmt: skip
                if clear > best:
                    best, label = clear, (x, y)
    return label


def _is_inside(x: float, y: float, sides: Iterable[tuple[Point, Point]]) -> bool:
    over = ((a, b) for a, b in sides if (a[1] > y) != (b[1] > y))
    return sum(x < a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]) for a, b in over) % 2 == 1


def _distance(x: float, y: float, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    square = dx * dx + dy * dy
    along = min(1.0, max(0.0, ((x - a[0]) * dx + (y - a[1]) * dy) / square)) if square else 0.0
    return hypot(a[0] + along * dx - x, a[1] + along * dy - y)
