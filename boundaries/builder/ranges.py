"""Street centrelines with a range of house numbers on either side, turned into evidence number by number."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from boundaries.builder.evidence import Evidence, Source, Streets
from boundaries.builder.geometry import Floats, plane_around
from boundaries.errors import SourceError
from boundaries.street import street_key

OFFSET = 10.0  # metres from the centreline to the houses' side; lines run down the middle of streets
INSET = 12.0  # metres kept from either end of a segment: corner houses do not stand in the crossing
FAR_OFFSETS = (4.0, 20.0)  # a number is certain only if these tell the same district
LONGEST = 4000  # numbers in one range; more is a typing error


def read_ranges(source: Source, streets: Streets, without: set[tuple[str, str, int]]) -> list[Evidence]:
    """Evidence at OFFSET, and at each of FAR_OFFSETS, row by row the same numbers. Left and right are as drawn."""
    part = source.part
    path = source.recipe.source(part["file"])
    ids: list[int] = []
    numbers: list[int] = []
    areas: list[int] = []
    spots: list[Floats] = []
    for row, feature in enumerate(_features(path), 1):
        properties = feature["properties"]
        name = " ".join(str(properties[word]) for word in part["street"] if properties.get(word))
        key = street_key(name)
        if not key or not feature.get("geometry"):
            continue
        lines = feature["geometry"]["coordinates"]
        if feature["geometry"]["type"] == "LineString":
            lines = [lines]
        line = np.array(max(lines, key=len), dtype=float)
        for side, sign in (("left", 1.0), ("right", -1.0)):
            columns = part[side]
            town = str(properties[columns["town"]]).title() if "town" in columns else part["town"]
            if town not in streets.towns or ("only" in part and town not in part["only"]):
                continue
            span = _span(path, row, properties, columns)
            if span is None:
                continue
            low, high, reverse = span
            step = 1 if (high - low) % 2 else 2
            houses = np.arange(low, high + 1, step)
            fraction = (houses - low) / max(high - low, 1) if high > low else np.array([0.5])
            keep = [(town, key, int(house)) not in without for house in houses] if without else slice(None)
            spots.append(_along(line, 1 - fraction if reverse else fraction, sign)[keep])
            houses = houses[keep]
            area = str(properties.get(columns.get("area", columns.get("zip", "")) or "") or "").lower()
            ids += [streets.street(town, key)] * len(houses)
            areas += [streets.area(area)] * len(houses)
            numbers += houses.tolist()
    together = np.vstack(spots) if spots else np.zeros((0, 6))
    return [
        Evidence(
            np.array(ids, dtype=np.int64),
            np.array(numbers, dtype=np.int64),
            together[:, 2 * place : 2 * place + 2],
            np.array(areas, dtype=np.int64),
            np.zeros(len(ids), dtype=np.int64),
        )
        for place in range(1 + len(FAR_OFFSETS))
    ]


def _features(path: Path) -> Iterator[dict[str, Any]]:
    try:
        yield from json.loads(path.read_text("utf-8"))["features"]
    except (json.JSONDecodeError, KeyError, UnicodeDecodeError) as error:
        raise SourceError(path, None, f"not a GeoJSON feature collection ({error})", "fetch the file again") from None


def _span(path: Path, row: int, properties: dict[str, Any], columns: dict[str, str]) -> tuple[int, int, bool] | None:
    """Low, high and whether the numbers fall along the line; None without a range."""
    ends = []
    for end in ("from", "to"):
        if columns[end] not in properties:
            raise SourceError(path, row, f"no {columns[end]!r}", "name the right property in the recipe")
        digits = re.match(r"\d+", str(properties[columns[end]] or "").strip())
        ends.append(int(digits[0]) if digits else 0)
    low, high = min(ends), max(ends)
    if low <= 0:
        low = high
    if low <= 0 or high - low > LONGEST:
        return None
    return low, high, ends[0] > ends[1]


def _along(line: Floats, fraction: Floats, sign: float) -> Floats:
    """Positions along a line at each fraction of its length, set off to its left (sign 1) or right (-1).

    (n, 2 * offsets): lon, lat at OFFSET, then at each of FAR_OFFSETS.
    """
    plane = plane_around(line)
    flat = plane.project(line)
    steps = np.diff(flat, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    total = lengths.sum()
    if total == 0:
        return np.tile(line[0], (len(fraction), 1 + len(FAR_OFFSETS)))
    inset = min(INSET, total / 3)
    where = inset + fraction * (total - 2 * inset)
    starts = np.concatenate([[0.0], np.cumsum(lengths)])
    piece = np.clip(np.searchsorted(starts, where, side="right") - 1, 0, len(lengths) - 1)
    unit = steps[piece] / np.maximum(lengths[piece], 1e-9)[:, None]
    base = flat[piece] + unit * (where - starts[piece])[:, None]
    normal = np.column_stack([-unit[:, 1], unit[:, 0]]) * sign
    return np.hstack([plane.restore(base + normal * offset) for offset in (OFFSET, *FAR_OFFSETS)])
