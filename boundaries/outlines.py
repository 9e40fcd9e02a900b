"""District borders and point-in-polygon lookup, in plain Python.

outlines.bin holds, per chamber: the borders' points in whole quanta (`x`, `y`: steps from point to point), as arcs
(`starts`: each arc's first point; `left`, `right`: the district on that side plus one, 0 outside), and a square grid of
`cells` by `cells` over them, each cell `size` quanta wide: `label` (the district at its center plus one), `count`
(runs of border in it), and for each run its first segment (`run`, as steps) and `length`. Segment k goes from point k
to point k + 1.
"""

from array import array
from bisect import bisect_right
from itertools import accumulate
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

from boundaries import array_file
from boundaries.errors import DataError
from boundaries.model import CHAMBERS, Chamber

METERS_PER_DEGREE = 111_195.0
SHORE = 2_000.0  # meters from the nearest border beyond which a point outside is in no district


class Borders:
    """One chamber's borders. names: districts by number."""

    def __init__(self, chamber: Chamber, meta: dict[str, Any], arrays: dict[str, Any]) -> None:
        mine = meta["chambers"][chamber]
        self.names: list[str] = mine["names"]
        self._cells: int = meta["cells"]
        self._quantum: float = meta["quantum"]
        self._west, self._south, self._size = mine["west"], mine["south"], mine["size"]
        self._x = array("i", accumulate(arrays[f"{chamber}.x"]))
        self._y = array("i", accumulate(arrays[f"{chamber}.y"]))
        self._starts = arrays[f"{chamber}.starts"]
        self._left = arrays[f"{chamber}.left"]
        self._right = arrays[f"{chamber}.right"]
        self._label = arrays[f"{chamber}.label"]
        self._run_ends = array("I", accumulate(arrays[f"{chamber}.count"]))
        self._run = array("I", accumulate(arrays[f"{chamber}.run"]))
        self._length = arrays[f"{chamber}.length"]

    def find(self, lat: float, lon: float) -> str:
        """The district around a point, or the nearest one for a point just offshore; empty if none is near."""
        x, y = lon / self._quantum, lat / self._quantum
        column, row = int((x - self._west) // self._size), int((y - self._south) // self._size)
        if not (0 <= column < self._cells and 0 <= row < self._cells):
            return self._nearest(x, y, column, row)
        label = self._at(x, y, column, row)
        return self.names[label - 1] if label else self._nearest(x, y, column, row)

    def rings(self, name: str) -> list[list[list[tuple[float, float]]]]:
        """A district's closed rings, each as its consecutive borders: (lat, lon) in degrees.

        A border between two districts has the same points in both, in opposite order. ValueError if there is no such
        district.
        """
        number = self.names.index(name) + 1
        from_point: dict[tuple[int, int], list[list[tuple[int, int]]]] = {}
        for arc, start in enumerate(self._starts):
            end = self._starts[arc + 1] if arc + 1 < len(self._starts) else len(self._x)
            if number in (self._left[arc], self._right[arc]):
                points = list(zip(self._x[start:end], self._y[start:end], strict=True))
                if self._right[arc] == number:
                    points.reverse()
                from_point.setdefault(points[0], []).append(points)
        rings = []
        while from_point:
            first = at = next(iter(from_point))
            ring: list[list[tuple[float, float]]] = []
            while not ring or at != first:
                waiting = from_point[at]
                border = waiting.pop()
                if not waiting:
                    del from_point[at]
                ring.append([(y * self._quantum, x * self._quantum) for x, y in border])
                at = border[-1]
            rings.append(ring)
        return rings

    def _at(self, x: float, y: float, column: int, row: int) -> int:
        """The label at a point: that of its cell's center, corrected by the border last crossed on the way to it.

        The way runs along the point's latitude first and then north or south to the center.
        """
        cell = row * self._cells + column
        segments = self._segments(cell)
        center_x = self._west + column * self._size + self._size // 2
        center_y = self._south + row * self._size + self._size // 2
        if not segments:
            return int(self._label[cell])
        xs, ys = self._x, self._y
        best, at = float("inf"), -1
        for segment in segments:
            ay, by = ys[segment], ys[segment + 1]
            if (ay > y) != (by > y):
                cross = xs[segment] + (y - ay) * (xs[segment + 1] - xs[segment]) / (by - ay)
                if (x < cross) != (center_x < cross) and abs(cross - x) < best:
                    best, at = abs(cross - x), segment
        if at >= 0:
            west = (xs[at] + (y - ys[at]) * (xs[at + 1] - xs[at]) / (ys[at + 1] - ys[at])) > x
            return self._beside(at, west == (ys[at + 1] > ys[at]))
        for segment in segments:
            ax, bx = xs[segment], xs[segment + 1]
            if (ax > center_x) != (bx > center_x):
                cross = ys[segment] + (center_x - ax) * (ys[segment + 1] - ys[segment]) / (bx - ax)
                if (y < cross) != (center_y < cross) and abs(cross - y) < best:
                    best, at = abs(cross - y), segment
        if at >= 0:
            south = y < ys[at] + (center_x - xs[at]) * (ys[at + 1] - ys[at]) / (xs[at + 1] - xs[at])
            return self._beside(at, south == (xs[at + 1] < xs[at]))
        return int(self._label[cell])

    def _segments(self, cell: int) -> list[int]:
        last = self._run_ends[cell]
        segments: list[int] = []
        for run in range(self._run_ends[cell - 1] if cell else 0, last):
            segments.extend(range(self._run[run], self._run[run] + self._length[run]))
        return segments

    def _beside(self, segment: int, left: bool) -> int:
        arc = bisect_right(self._starts, segment) - 1
        return int((self._left if left else self._right)[arc])

    def _nearest(self, x: float, y: float, column: int, row: int) -> str:
        """The district whose border is nearest, within SHORE."""
        narrow = cos(radians(y * self._quantum))
        meters = METERS_PER_DEGREE * self._quantum
        reach = int(SHORE / meters / narrow / self._size) + 1
        best, name = SHORE / meters, ""
        for near_row in range(max(row - reach, 0), min(row + reach + 1, self._cells)):
            for near_column in range(max(column - reach, 0), min(column + reach + 1, self._cells)):
                for segment in self._segments(near_row * self._cells + near_column):
                    distance = self._distance(segment, x, y, narrow)
                    if distance < best:
                        label = max(self._beside(segment, True), self._beside(segment, False))
                        best, name = distance, self.names[label - 1]
        return name

    def _distance(self, segment: int, x: float, y: float, narrow: float) -> float:
        """From a point to a segment of border, in quanta of latitude."""
        ax, ay = (self._x[segment] - x) * narrow, self._y[segment] - y
        dx, dy = (self._x[segment + 1] - self._x[segment]) * narrow, self._y[segment + 1] - self._y[segment]
        square = dx * dx + dy * dy
        along = min(1.0, max(0.0, -(ax * dx + ay * dy) / square)) if square else 0.0
        return hypot(ax + along * dx, ay + along * dy)


def read_outlines(path: Path) -> dict[Chamber, Borders]:
    """Load the chambers' borders. DataError if the file is missing or not an outlines file."""
    meta, arrays, _ = array_file.read(path)
    if meta.get("kind") != "outlines":
        raise DataError(f"{path} holds no outlines: build the state again")
    return {chamber: Borders(chamber, meta, arrays) for chamber in CHAMBERS if chamber in meta["chambers"]}
