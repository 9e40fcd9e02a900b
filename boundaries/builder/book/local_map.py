"""A town on a flat map: its districts, the lines between them, and the clearance of its addresses from them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely  # type: ignore[import-untyped]

from boundaries.builder.sources.geometry import Bools, Floats, Ints, Plane
from boundaries.builder.sources.layers import FAR, Layer, assign


@dataclass(frozen=True, slots=True)
class DistrictMap:
    """A town's districts."""

    layers: tuple[Layer, ...]  # both chambers'
    allowed: tuple[list[int], ...]  # the town's district numbers in each layer
    table: Ints  # (senate, house) → pair number, -1 for pairs the town does not have
    plane: Plane  # of the town's flat map

    def pairs(self, spots: Floats) -> Ints:
        """The pair number around each spot (n, 2) of the flat map."""
        return self.pairs_at(self.plane.unproject(spots))

    def pairs_at(self, lonlat: Floats) -> Ints:
        """The pair number around each place, in lon/lat."""
        senate, house = (
            assign(layer, allowed, lonlat) for layer, allowed in zip(self.layers, self.allowed, strict=True)
        )
        numbers: Ints = self.table[senate, house]
        return numbers


def town_borders(layer: Layer, allowed: list[int], lonlat: Floats) -> Floats:
    """The segments (n, 4) of line between two of the town's own districts, near the given points."""
    if len(allowed) < 2:
        return np.zeros((0, 4))
    mine = np.isin(layer.edges.owner, allowed).all(axis=1)
    ends = layer.edges.ends[mine]
    margin = 0.02  # degrees, more than FAR
    west, south = lonlat.min(axis=0) - margin
    east, north = lonlat.max(axis=0) + margin
    near = (
        (ends[:, [0, 2]].max(axis=1) >= west) & (ends[:, [0, 2]].min(axis=1) <= east)
        & (ends[:, [1, 3]].max(axis=1) >= south) & (ends[:, [1, 3]].min(axis=1) <= north)
    )  # fmt: skip
    segments: Floats = ends[near]
    return segments


@dataclass(frozen=True, slots=True)
class LocalMap:
    """A town's evidence on a flat map."""

    spots: Floats  # (n, 2) in meters
    clearance: Floats  # (n,) in meters to the nearest line, at most FAR
    lines: Any  # a tree of the lines, None if there are none

    def take(self, rows: Ints) -> "LocalMap":
        """Some rows, on the same map."""
        return LocalMap(self.spots[rows], self.clearance[rows], self.lines)

    def clearance_at(self, spots: Floats) -> Floats:
        """Meters from each spot (n, 2) to the nearest line, at most FAR."""
        return _clearance_at(self.lines, spots)

    def clearance_along(self, starts: Floats, ends: Floats) -> Floats:
        """Meters from each straight path, start to end (n, 2), to the nearest line, at most FAR."""
        clearance = np.full(len(starts), FAR)
        if self.lines is not None and len(starts):
            paths = shapely.linestrings(np.stack([starts, ends], axis=1))
            hits, distance = self.lines.query_nearest(paths, max_distance=FAR, return_distance=True, all_matches=False)
            clearance[hits[0]] = distance
        return clearance

    def crosses(self, starts: Floats, ends: Floats, margin: float) -> Bools:
        """Whether a line comes within `margin` meters of the straight path from start to end, row by row."""
        crossing = np.zeros(len(starts), dtype=bool)
        if self.lines is not None and len(starts):
            paths = shapely.linestrings(np.stack([starts, ends], axis=1))
            hit = self.lines.query(paths, predicate="dwithin", distance=margin)[0]
            crossing[hit] = True
        return crossing


def map_evidence(lonlat: Floats, lines: Floats, plane: Plane) -> LocalMap:
    """Put a town's evidence and its district lines on a flat map and measure the clearance."""
    spots = plane.project(lonlat)
    if not len(lines):
        return LocalMap(spots, np.full(len(lonlat), FAR), None)
    flat = np.stack([plane.project(lines[:, :2]), plane.project(lines[:, 2:])], axis=1)
    tree = shapely.STRtree(shapely.linestrings(flat))
    return LocalMap(spots, _clearance_at(tree, spots), tree)


def _clearance_at(lines: Any, spots: Floats) -> Floats:  # noqa: ANN401  (shapely has no types)
    clearance = np.full(len(spots), FAR)
    if lines is not None and len(spots):
        hits, distance = lines.query_nearest(
            shapely.points(spots), max_distance=FAR, return_distance=True, all_matches=False
        )
        clearance[hits[0]] = distance
    return clearance
