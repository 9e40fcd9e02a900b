"""Which pairs of districts each town lies in, if no official table says so."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely  # type: ignore[import-untyped]

from boundaries.builder.sources.districts import OVERLAP
from boundaries.builder.sources.evidence import Evidence, Streets
from boundaries.builder.sources.geometry import METERS_PER_DEGREE, Floats, Ints
from boundaries.builder.sources.layers import FAR, Layer, around
from boundaries.builder.sources.town_finder import TownFinder
from boundaries.model import CHAMBERS, Chamber

CELL = 0.004  # degrees: addresses this close together are surveyed once


def survey_towns(
    streets: Streets, evidence: Evidence, layers: Mapping[Chamber, Layer], finder: TownFinder
) -> dict[str, list[tuple[str, str]]]:
    """Each town's pairs. For a town with an area: those that overlap it.

    For any other: all within FAR of one of its addresses, and all in the circle around the center of its ZIPs that
    contains its addresses: a source may know only a corner of the town. So a town with one pair, which needs no street,
    has no line anywhere near; any other needs a street.
    """
    towns = sorted({town for town, _ in streets.ids})
    number = {town: index for index, town in enumerate(towns)}
    cells = _cells(np.array([number[town] for town, _ in streets.ids], dtype=np.int64), evidence)
    owner = cells[:, 0]
    cell_centers: Floats = (cells[:, 1:].astype(np.float64) + 0.5) * CELL
    centers = np.array([finder.center(town, cell_centers[owner == index]) for index, town in enumerate(towns)])
    lon_scale = np.cos(
        np.radians(np.abs(cell_centers[:, 1]).max())
    )  # a degree of longitude is shorter, so reach farther
    away = np.hypot(*((cell_centers - centers[owner]) * (lon_scale, 1.0)).T)
    radius = np.zeros(len(towns))
    np.maximum.at(radius, owner, away)
    places = np.vstack([cell_centers, centers])
    reach = (np.concatenate([np.zeros(len(cell_centers)), radius]) + FAR / METERS_PER_DEGREE + CELL) / lon_scale
    near = [_districts_near(layers[chamber], places, reach) for chamber in CHAMBERS]
    ground = _shared_ground(layers)
    pairs: dict[str, set[tuple[str, str]]] = {town: set() for town in towns}
    for row, index in enumerate([*owner.tolist(), *range(len(towns))]):
        both = {(senate, house) for senate in near[0][row] for house in near[1][row]}
        pairs[towns[index]] |= {pair for pair in both if pair in ground} or both
    for town, area in finder.areas.items():
        if town in pairs:
            inside = {pair for pair, part in ground.items() if _square_km(shapely.intersection(area, part)) > OVERLAP}
            pairs[town] = inside or pairs[town]
    return {town: sorted(town_pairs) for town, town_pairs in pairs.items()}


def _cells(town_of: Ints, evidence: Evidence) -> Ints:
    """(n, 3): town, column and row of every cell with an address."""
    parts = [np.zeros((0, 3), dtype=np.int64)]
    for start in range(0, len(evidence.street), 1_000_000):  # a million at a time, to save memory
        batch = slice(start, start + 1_000_000)
        spots = np.floor(evidence.lonlat[batch] / CELL).astype(np.int64)
        parts.append(np.unique(np.column_stack([town_of[evidence.street[batch]], spots]), axis=0))
    cells: Ints = np.unique(np.vstack(parts), axis=0)
    return cells


def _districts_near(layer: Layer, places: Floats, reach: Floats) -> list[list[str]]:
    """The districts within reach (degrees) of each place, by name; one cell too many does no harm."""
    inside = around(layer, list(range(len(layer.names))), places)
    spots, beside = _line_cells(layer)
    tree = shapely.STRtree(shapely.points(spots))
    outside = np.flatnonzero(inside < 0)  # on a pier, or a cell's center is in the water: take the nearest line's
    if len(outside):
        inside[outside] = beside[tree.nearest(shapely.points(places[outside]))]
    near: list[set[int]] = [{number} for number in inside.tolist()]
    for start in range(0, len(places), 10_000):  # some at a time, to save memory
        batch = slice(start, start + 10_000)
        rows, hits = tree.query(shapely.points(places[batch]), predicate="dwithin", distance=reach[batch] + CELL)
        for row, number in np.unique(np.column_stack([rows, beside[hits]]), axis=0).tolist():
            near[start + row].add(number)
    return [[layer.names[number] for number in sorted(numbers)] for numbers in near]


def _line_cells(layer: Layer) -> tuple[Floats, Ints]:
    """The centers (n, 2) of all cells that a border runs through, once for each district beside it, and its number."""
    ends, owner = layer.edges.ends, layer.edges.owner
    steps = np.ceil(np.abs(ends[:, 2:] - ends[:, :2]).max(axis=1) / (CELL / 2)).astype(np.int64) + 1
    edge = np.repeat(np.arange(len(ends)), steps)
    first = np.repeat(np.cumsum(steps) - steps, steps)
    share = ((np.arange(len(edge)) - first) / np.maximum(steps[edge] - 1, 1))[:, None]
    points = ends[edge, :2] * (1 - share) + ends[edge, 2:] * share
    cells = np.floor(points / CELL).astype(np.int64)
    both = np.vstack([np.column_stack([cells, owner[edge, side]]) for side in (0, 1)])
    unique = np.unique(both[both[:, 2] >= 0], axis=0)
    return (unique[:, :2].astype(np.float64) + 0.5) * CELL, unique[:, 2]


def _shared_ground(layers: Mapping[Chamber, Layer]) -> dict[tuple[str, str], Any]:
    """The pairs of districts that overlap, and where."""
    senate, house = (layers[chamber] for chamber in CHAMBERS)
    tree = shapely.STRtree(house.polygons)
    ground = {}
    for upper, lower in tree.query(senate.polygons, predicate="intersects").T.tolist():
        shared = shapely.intersection(senate.polygons[upper], house.polygons[lower])
        if shared.area > 0:
            ground[senate.names[upper], house.names[lower]] = shared
    return ground


def _square_km(area: Any) -> float:  # noqa: ANN401  (shapely has no types)
    if area.is_empty:
        return 0.0
    lon_scale = float(np.cos(np.radians(area.centroid.y)))
    return float(area.area) * (METERS_PER_DEGREE / 1000) ** 2 * lon_scale
