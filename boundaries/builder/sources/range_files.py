"""Reads street centerlines with house number ranges: GeoJSON from a city, or TIGER/Line ADDRFEAT."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from boundaries.builder.sources.encodings import as_text
from boundaries.builder.sources.evidence import Source, official_key
from boundaries.builder.sources.geometry import Floats
from boundaries.builder.sources.line_offset import place_along
from boundaries.builder.sources.projection import to_degrees
from boundaries.builder.sources.shapefiles import open_shapefile
from boundaries.builder.sources.town_finder import TownFinder
from boundaries.errors import SourceError
from boundaries.placenames import place_key


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a street segment as a source gives it."""

    row: int
    town: str
    key: str
    line: Floats  # (n, 2) lon/lat in the direction of `start` to `end`
    left: bool  # whether the houses stand on its left
    start: object
    end: object
    area: str  # part of town or ZIP, may be empty


def read_centerlines(path: Path, source: Source) -> Iterator[Side]:
    """Both sides of every line of a city's centerline file, by the property names in the recipe."""
    part = source.part
    for row, feature in enumerate(_features(path), 1):
        properties = feature["properties"]
        wanted = {*part["street"], *part["left"].values(), *part["right"].values()}
        for absent in sorted(wanted - set(properties)) if row == 1 else ():
            raise SourceError(path, row, f"no property {absent!r}", "name the right property in the recipe")
        key = official_key(
            source.recipe, " ".join(str(properties[word]) for word in part["street"] if properties.get(word))
        )
        if not feature.get("geometry"):
            continue
        lines = feature["geometry"]["coordinates"]
        line = np.array(max(lines, key=len) if feature["geometry"]["type"] == "MultiLineString" else lines, dtype=float)
        for side in ("left", "right"):
            columns = part[side]
            town = str(properties.get(columns["town"]) or "").title() if "town" in columns else part["town"]
            area = str(properties.get(columns["area"]) or "") if "area" in columns else ""
            ends = properties.get(columns["from"]), properties.get(columns["to"])
            yield Side(row, town, key, line, side == "left", *ends, place_key(area))


def read_addrfeat(path: Path, source: Source, finder: TownFinder | None) -> Iterator[Side]:
    """Both sides of every line of a TIGER/Line ADDRFEAT file. Source: TIGER/Line Technical Documentation, 4.12.

    The file names no towns: the recipe does, or the finder by the place, the ZIP or the opposite side's, or the county.
    """
    shapefile = open_shapefile(path)
    unproject = to_degrees(shapefile.projection, path)
    codes: Counter[str] = Counter()
    for shape in shapefile.records() if finder else ():
        codes.update(code for code in (shape.attributes.get("ZIPL"), shape.attributes.get("ZIPR")) if code)
    county = finder.county(codes) if finder else ""
    for shape in shapefile.records():
        attributes = shape.attributes
        for name in ("FULLNAME", "LFROMHN", "LTOHN", "RFROMHN", "RTOHN", "ZIPL", "ZIPR"):
            if name not in attributes:
                raise SourceError(path, shape.row, f"no column {name!r}", "is it an ADDRFEAT file?")
        if not shape.parts:
            continue
        key = official_key(source.recipe, attributes["FULLNAME"])
        line = unproject(max(shape.parts, key=len))
        for side, other in ("LR", "RL"):
            ends = attributes[f"{side}FROMHN"], attributes[f"{side}TOHN"]
            if not any(ends):
                continue
            code = attributes[f"ZIP{side}"]
            if finder is None:
                town = source.part["town"]
            else:
                spot = place_along(line, np.array([0.5]), 1.0 if side == "L" else -1.0)[:, :2]
                known = code if finder.named("", code, "") else attributes[f"ZIP{other}"]
                (town,) = finder.find(spot, [("", known, county)])
            yield Side(shape.row, town, key, line, side == "L", *ends, code)


def _features(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open("rb") as stream, as_text(stream) as text:
            yield from json.load(text)["features"]
    except (json.JSONDecodeError, KeyError, UnicodeDecodeError) as error:
        raise SourceError(path, None, f"not a GeoJSON feature collection ({error})", "fetch the file again") from None
