"""The features that tell how far an interpolated place can be trusted, for boundaries.builder.book.classifier.

They describe the neighbors and their districts, how evenly the street is numbered, and how near a district line comes.
"""

from collections.abc import Sequence
from math import hypot
from typing import Final

import numpy as np

from boundaries.builder.book.interpolation import MISSING, Interpolation, Point, distance
from boundaries.builder.book.local_map import DistrictMap, LocalMap
from boundaries.builder.sources.geometry import Floats, Ints

BATCH: Final = 10_000  # interpolations measured at once: each is large, and a city has hundreds of thousands


def measure_features(
    interpolations: Sequence[Interpolation], local_map: LocalMap, districts: DistrictMap
) -> tuple[Floats, Ints]:
    """The features of each interpolation, (n, 43), and the pair of districts around its place, (n,)."""
    spots = np.array([interpolation.place for interpolation in interpolations])
    pairs = districts.pairs(spots)
    columns = [local_map.clearance_at(spots)]
    for which in ("along", "across"):
        places: list[Point | None] = [getattr(interpolation, which) for interpolation in interpolations]
        there = np.array([place is not None for place in places])
        at = np.array([place for place in places if place is not None]).reshape(-1, 2)
        for values in (local_map.clearance_at(at), (districts.pairs(at) == pairs[there]).astype(float)):
            column = np.full(len(interpolations), MISSING)
            column[there] = values
            columns.append(column)
    for first in (0, 2):
        columns.append(_path_clearance(interpolations, first, local_map))
    rest = np.array(
        [_features(interpolation, int(pair)) for interpolation, pair in zip(interpolations, pairs, strict=True)]
    )
    return np.column_stack([*columns, rest]), pairs


def _path_clearance(interpolations: Sequence[Interpolation], first: int, local_map: LocalMap) -> Floats:
    """Meters from the straight path between two neighbors to the nearest district line."""
    ends = [interpolation.neighbors[first : first + 2] for interpolation in interpolations]
    there = np.array([bool(before and after) for before, after in ends])
    starts = np.array([(both[0].x, both[0].y) for both in ends if both[0] and both[1]]).reshape(-1, 2)
    stops = np.array([(both[1].x, both[1].y) for both in ends if both[0] and both[1]]).reshape(-1, 2)
    column = np.full(len(interpolations), MISSING)
    column[there] = local_map.clearance_along(starts, stops)
    return column


def _features(interpolation: Interpolation, pair: int) -> list[float]:
    along, across, (before, after) = interpolation.along, interpolation.across, interpolation.neighbors[:2]
    near = [spot for spot in interpolation.neighbors[:4] if spot]
    values = [
        hypot(along[0] - across[0], along[1] - across[1]) if along and across else MISSING,
        *interpolation.uneven,
        *map(float, interpolation.counts),
        float(sum(spot.exact for spot in near)),
        float(all(spot.pairs == (pair,) for spot in near)),
        sum(spot.pairs == (pair,) for spot in interpolation.vicinity) / len(interpolation.vicinity)
        if interpolation.vicinity
        else MISSING,
        float(len(interpolation.vicinity)),
        float(bool(along)) + 2 * float(bool(across)),
        distance(before, interpolation.place) + distance(after, interpolation.place) if before and after else MISSING,
    ]
    for spot in interpolation.neighbors:
        values += [
            abs(spot.number - interpolation.number), float(spot.pairs == (pair,)), distance(spot, interpolation.place),
            spot.clearance,
        ] if spot else [999.0, MISSING, 9999.0, MISSING]  # fmt: skip
    return values
