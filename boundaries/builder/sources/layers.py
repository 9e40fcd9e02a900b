"""One chamber's districts as a map layer, and which of them contains a point."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely  # type: ignore[import-untyped]

from boundaries.builder.sources.geometry import Edges, Floats, Ints

BATCH = 100_000  # points
FAR = 1000.0  # meters beyond which a district line does not matter


@dataclass(frozen=True, slots=True)
class Layer:
    """One chamber's districts: names, polygons and their edges, numbered alike."""

    names: tuple[str, ...]
    polygons: tuple[Any, ...]
    edges: Edges


def assign(layer: Layer, allowed: list[int], lonlat: Floats) -> Ints:
    """The number of the district around each point, among `allowed`; the nearest of them if none contains it."""
    numbers = around(layer, allowed, lonlat)
    lost = np.flatnonzero(numbers < 0)
    if len(lost):
        points = shapely.points(lonlat[lost])
        distance = np.stack([shapely.distance(points, layer.polygons[number]) for number in allowed])
        numbers[lost] = np.array(allowed)[distance.argmin(axis=0)]
    return numbers


def around(layer: Layer, allowed: list[int], lonlat: Floats) -> Ints:
    """The number of the district around each point, among `allowed`; -1 if none contains it."""
    numbers = np.full(len(lonlat), -1, dtype=np.int64)
    for district in allowed:
        polygon = layer.polygons[district]
        west, south, east, north = polygon.bounds
        open_points = np.flatnonzero(
            (numbers < 0)
            & (lonlat[:, 0] >= west) & (lonlat[:, 0] <= east) & (lonlat[:, 1] >= south) & (lonlat[:, 1] <= north)
        )  # fmt: skip
        if len(open_points):
            shapely.prepare(polygon)
            inside = shapely.contains_xy(polygon, lonlat[open_points, 0], lonlat[open_points, 1])
            numbers[open_points[inside]] = district
    return numbers


def find_empty(layer: Layer, lonlat: Floats) -> set[str]:
    """The names of the districts that contain no point."""
    empty = set(range(len(layer.names)))
    for start in range(0, len(lonlat), BATCH):  # a share at a time: most districts are met in the first
        batch = lonlat[start : start + BATCH]
        for district in sorted(empty):
            if (around(layer, [district], batch) >= 0).any():
                empty.discard(district)
    return {layer.names[district] for district in empty}
