"""The districts of both chambers: polygons, official names and division ids, from whatever source names them.

A district's official name is the one Open States uses. Without a list of division ids it comes from the people CSV
or, for a vacant seat, from the map; the id then follows from the name by Open Civic Data's rule.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely  # type: ignore[import-untyped]

from boundaries.builder.sources.geometry import METERS_PER_DEGREE, find_edges
from boundaries.builder.sources.layers import Layer
from boundaries.builder.sources.overlays import name_overlays
from boundaries.builder.sources.people_file import OPEN_STATES, read_people, seat_district
from boundaries.builder.sources.polygons import read_features
from boundaries.builder.sources.recipe import Recipe, open_text, read_rows
from boundaries.divisions import division_key
from boundaries.errors import SourceError
from boundaries.model import CHAMBERS, Chamber

OVERLAP = 0.01  # square kilometers that two districts of one chamber may overlap by inaccuracy

_NAME = ("NAMELSAD", "NAMELSAD20", "NAME", "name", "district", "DISTRICT")  # where maps keep a district's name
_CODE: Mapping[Chamber, str] = {"senate": "SLDUST", "house": "SLDLST"}  # TIGER/Line's; ZZZ is water without a district
_BODY: Mapping[Chamber, str] = {"senate": "sldu", "house": "sldl"}
_STOP_WORDS = re.compile(
    r"\b(state|senate|senatorial|house|assembly|legislative|general|representatives?|delegates?|subdistrict|district"
    r"|of|county)\b",
    re.IGNORECASE,
)
_NUMBER_WORD = re.compile(r"(?:\b(?:no|num|number|nr)\b\.?|#|\N{NUMERO SIGN})\s*(?=\d)", re.IGNORECASE)
_NUMERAL = re.compile(r"\d(st|nd|rd|th)\b")

DistrictNames = dict[str, dict[str, str]]  # chamber → division key → official name
Ids = dict[tuple[str, str], str]  # (chamber, official name) → OCD division id


def read_districts(recipe: Recipe) -> tuple[DistrictNames, Ids, dict[Chamber, Layer]]:
    """Names, ids and polygons of both chambers; a lower chamber that does not exist is one nameless district without an
    id. Districts that lie over others have an id only. SourceError names what does not match."""
    raw = {chamber: _read_polygons(recipe, chamber) for chamber in recipe.chambers}
    names, ids = read_divisions(recipe, raw)
    for chamber, name in name_overlays(recipe):
        names[chamber].pop(division_key(name), None)
    layers = {chamber: _make_layer(recipe, chamber, names[chamber], raw) for chamber in recipe.chambers}
    if "house" not in layers:
        everywhere = [shapely.coverage_union_all(layers["senate"].polygons)]
        layers["house"] = Layer(("",), tuple(everywhere), find_edges(everywhere))
    return names, ids, layers


def map_key(name: str) -> str:
    """A district's key as maps name it: "State Senate District 01" or "District No. 1" → "1", "First Essex District" →
    "1st essex"."""
    name = _NUMBER_WORD.sub("", name)
    words = _STOP_WORDS.sub(" ", division_key(name)).split() or division_key(name).split()
    return " ".join([re.sub(r"^0+(?=\d)", "", word) for word in words])


def _name_like(name: str, numerals: bool) -> str:
    """A district that the people CSV lacks, named in its style: "State House District 012" → "12", "First Franklin
    District" → "1st Franklin" if it writes numerals."""
    name = _NUMBER_WORD.sub("", name)
    if not numerals:
        plain = " ".join(_STOP_WORDS.sub(" ", re.sub(r"\b0+(?=\d)", "", name)).split())
        return plain or name
    words = map_key(name).split()
    return " ".join([word if word[0].isdigit() or word == "and" else word.title() for word in words])


def read_divisions(recipe: Recipe, raw: Mapping[Chamber, Iterable[tuple[int, str, Any]]]) -> tuple[DistrictNames, Ids]:
    """Names and ids: from our own table (chamber, openstates_district, ocd_division_id), from Open Civic Data's
    (id, name, …), or without any list."""
    names: DistrictNames = {chamber: {} for chamber in CHAMBERS}
    ids: Ids = {}
    if "divisions" in recipe.content:
        path = recipe.source(recipe.content["divisions"]["file"])
        with open_text(path) as stream:
            ours = "openstates_district" in stream.readline()
        if ours:
            for _, (chamber, name, division) in read_rows(path, ("chamber", "openstates_district", "ocd_division_id")):
                names[chamber][division_key(name)] = name
                ids[chamber, name] = division
            return names, ids
    mapped = {chamber: {map_key(name) for _, name, _ in areas} for chamber, areas in raw.items()}
    for _, (body, name) in read_people(recipe, ("current_chamber", "current_district")):
        if body in OPEN_STATES:
            chamber = OPEN_STATES[body]
            official = seat_district(name.strip(), mapped.get(chamber, ()))
            names[chamber][division_key(official)] = official
    for chamber, areas in raw.items():
        numerals = any(_NUMERAL.search(name) for name in names[chamber].values())
        for _, name, _ in areas:
            if map_key(name) not in names[chamber]:
                names[chamber][map_key(name)] = _name_like(name, numerals)
    for chamber, name in name_overlays(recipe):  # nobody holds it while it is vacant, and no map has it
        names[chamber].setdefault(division_key(name), name)
    published = _published(recipe) if "divisions" in recipe.content else None
    for chamber in CHAMBERS:
        for key, name in names[chamber].items():
            ids[chamber, name] = _division_id(recipe, chamber, key, name, published)
    return names, ids


def _published(recipe: Recipe) -> dict[tuple[str, str], str]:
    """Open Civic Data's ids of this state's districts, by chamber and key."""
    path = recipe.source(recipe.content["divisions"]["file"])
    ids: dict[tuple[str, str], str] = {}
    for _, (division,) in read_rows(path, ("id",)):
        for chamber in CHAMBERS:
            start = f"ocd-division/country:us/state:{recipe.content['code']}/{_BODY[chamber]}:"
            if division.startswith(start) and "/" not in division[len(start) :]:
                ids[chamber, division_key(division[len(start) :].replace("_", " "))] = division
    if not ids:
        remedy = "is it country-us.csv, of Open Civic Data's division ids?"
        raise SourceError(path, None, f"no district of {recipe.content['code']!r}", remedy)
    return ids


def _division_id(
    recipe: Recipe, chamber: Chamber, key: str, name: str, published: Mapping[tuple[str, str], str] | None
) -> str:
    if published is None:
        slug = re.sub(r"[^\w~.-]+", "_", name.lower().replace(",", "").replace("&", "and"))
        return f"ocd-division/country:us/state:{recipe.content['code']}/{_BODY[chamber]}:{slug}"
    if (chamber, key) not in published:
        path = recipe.source(recipe.content["divisions"]["file"])
        remedy = "correct its name in the people CSV or on the map, or leave the list of division ids out"
        raise SourceError(path, None, f"no id for {chamber} district {name!r}", remedy)
    return published[chamber, key]


def _read_polygons(recipe: Recipe, chamber: Chamber) -> list[tuple[int, str, Any]]:
    """Row, name as the map writes it, polygon."""
    part = recipe.content["districts"][chamber]
    path = recipe.source(part["file"])
    polygons = []
    wanted = (part["name"],) if "name" in part else _NAME
    for area in read_features(path):
        if str(area.attributes.get(_CODE[chamber], "")).startswith("ZZ"):
            continue
        column = next((column for column in wanted if column in area.attributes), None)
        if column is None:
            remedy = "name the right property in the recipe, as districts → " + chamber + " → name"
            raise SourceError(path, area.row, f"feature without {' or '.join(map(repr, wanted))}", remedy)
        polygons.append((area.row, str(area.attributes[column]), area.polygon))
    if not polygons:
        raise SourceError(path, None, "no district in it", "fetch the file again")
    return polygons


def _make_layer(
    recipe: Recipe, chamber: Chamber, names: dict[str, str], raw: Mapping[Chamber, list[tuple[int, str, Any]]]
) -> Layer:
    path = recipe.source(recipe.content["districts"][chamber]["file"])
    by_name: dict[str, Any] = {}
    for row, name, polygon in raw[chamber]:
        key = division_key(name) if division_key(name) in names else map_key(name)
        if key not in names:
            raise SourceError(path, row, f"unknown {chamber} district {name!r}", "add it to the division ids")
        if names[key] in by_name:
            raise SourceError(
                path, row, f"{chamber} district {name!r} occurs twice", "merge its parts or correct a name"
            )
        by_name[names[key]] = polygon
    missing = sorted(set(names.values()) - set(by_name))
    if missing:
        shown = ", ".join(missing[:10]) + (" …" if len(missing) > 10 else "")
        others = {map_key(name) for other in raw if other != chamber for _, name, _ in raw[other]}
        if all(map_key(name) in others for name in missing):
            remedy = "the other chamber's map has them: are the two maps swapped?"
            raise SourceError(path, None, f"no polygon for {chamber} {shown}", remedy)
        skipped = " ".join([f'--skip "{chamber}:{name}"' for name in missing[:10]])
        remedy = (
            f"the map writes names like {raw[chamber][0][1]!r}: fetch the whole file again, or name another property; "
            f'if these lie over others, like floterial districts and members at large: --over "{chamber}:'
            f'{missing[0]}=…"; if these have no district, as delegates, skip them: {skipped}'
        )
        raise SourceError(path, None, f"no polygon for {shown}", remedy)
    ordered = tuple(sorted(by_name))
    polygons = [by_name[name] for name in ordered]
    _check_overlaps(path, ordered, polygons)
    if not shapely.coverage_is_valid(polygons):
        # Neighbors that do not share every vertex: a line between them would be missed.
        polygons = list(shapely.coverage_clean(polygons))
    return Layer(ordered, tuple(polygons), find_edges(polygons))


def _check_overlaps(path: Path, names: tuple[str, ...], polygons: list[Any]) -> None:
    for name, polygon in zip(names, polygons, strict=True):
        if not polygon.is_valid:
            wrong = f"the outline of {name!r} crosses itself ({shapely.is_valid_reason(polygon)})"
            raise SourceError(path, None, wrong, "fetch the file again, or repair it with `make valid` in a GIS")
    tree = shapely.STRtree(polygons)
    neighbors = [tree.query(polygons, predicate=predicate) for predicate in ("overlaps", "covers")]
    for first, second in sorted({(min(pair), max(pair)) for pair in np.hstack(neighbors).T.tolist()}):
        if first != second:
            shared = polygons[first].intersection(polygons[second])
            scale = METERS_PER_DEGREE / 1000
            area = shared.area * scale**2 * float(np.cos(np.radians(shared.centroid.y)))
            if area > OVERLAP:
                wrong = f"{names[first]!r} and {names[second]!r} share {area:.3g} km²"
                raise SourceError(path, None, wrong, "fetch the file at full resolution: districts do not overlap")
