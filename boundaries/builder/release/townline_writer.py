"""Writes townlines.csv (format: boundaries/townlines.py): an outline of each split town's addresses, for the map.

No source at hand draws towns. An outline of a town's addresses is enough to find one's way on a small map, and every
state has addresses.
"""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely  # type: ignore[import-untyped]

from boundaries.builder.sources.evidence import Streets
from boundaries.builder.sources.geometry import Floats, plane_around
from boundaries.builder.sources.layers import Layer
from boundaries.builder.sources.places import TownPairs
from boundaries.builder.sources.street_sources import AllEvidence
from boundaries.model import Chamber
from boundaries.townlines import COLUMNS

CELL = 150.0  # meters: addresses this close together are one built-up place
GAP = 600.0  # meters of woods or water that a town's outline spans
MIN_PART = 0.03  # of a town's built-up places: a part with fewer is an error in the source
TOLERANCE = 60.0  # meters by which the outline may be off, or SHARE of the town if that is more
SHARE = 1 / 150
MAX_PARTS = 3  # parts; if houses are more scattered, the outline is their convex hull


def write_townlines(
    path: Path, towns: TownPairs, layers: Mapping[Chamber, Layer], streets: Streets, gathered: AllEvidence
) -> None:
    """Write the outline of every town in several pairs of districts that has addresses."""
    evidence = gathered.evidence
    index = {town: number for number, town in enumerate(towns)}
    town_of = np.array([index[town] for town, _ in streets.ids], dtype=np.int32)[evidence.street]
    order = np.argsort(town_of, kind="stable")
    bounds = np.searchsorted(town_of, np.arange(len(index) + 1), sorter=order)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for number, (town, pairs) in enumerate(towns.items()):
            rows = order[bounds[number] : bounds[number + 1]]
            if len(pairs) > 1 and len(rows):
                names = {house for _, house in pairs}
                ground = [shape for name, shape in zip(layers["house"].names, layers["house"].polygons, strict=True)
                          if name in names]  # fmt: skip
                writer.writerow((town, _format(_line_around(evidence.lonlat[rows], ground))))


def _line_around(lonlat: Floats, ground: Sequence[Any]) -> list[Floats]:
    """Rings (n, 2) of lon/lat around most of some addresses, within the land of the town's districts."""
    plane = plane_around(lonlat)
    cells = np.unique(np.floor(plane.project(lonlat) / CELL).astype(np.int64), axis=0) * CELL
    places = shapely.box(cells[:, 0], cells[:, 1], cells[:, 0] + CELL, cells[:, 1] + CELL)
    built = shapely.union_all(places)
    whole = shapely.buffer(shapely.buffer(built, GAP, quad_segs=2), TOLERANCE - GAP, quad_segs=2)
    land = shapely.transform(shapely.union_all(shapely.simplify(ground, TOLERANCE / 200_000)), plane.project)
    parts = [
        part for part in shapely.get_parts(whole) if shapely.intersection(part, built).area >= MIN_PART * built.area
    ]
    around, land = shapely.union_all(parts or [whole]), shapely.make_valid(land)
    tolerance = max(TOLERANCE, SHARE * max(np.ptp(cells, axis=0)))
    polygons = _simplify(shapely.intersection(around, land), tolerance)
    if not 0 < len(polygons) <= MAX_PARTS:
        polygons = _simplify(shapely.intersection(around.convex_hull, land), tolerance) or [whole.convex_hull]
    return [plane.unproject(shapely.get_coordinates(piece.exterior)) for piece in polygons]


def _simplify(shape: Any, tolerance: float) -> list[Any]:  # noqa: ANN401  (shapely has no types)
    """The larger polygons of a shape, simplified (meters)."""
    polygons = [part for part in shapely.get_parts(shapely.simplify(shape, tolerance)) if part.geom_type == "Polygon"]
    return [part for part in polygons if part.area >= MIN_PART * max(polygon.area for polygon in polygons)]


def _format(rings: Sequence[Floats]) -> str:
    """Rings as text: "lat lon lat lon; …", four decimals (11 meters)."""
    return "; ".join(" ".join(f"{lat:.4f} {lon:.4f}" for lon, lat in ring) for ring in rings)
