"""Drafts a recipe from command-line options: the least to be said about a new state, and what follows from it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from boundaries.builder.sources.addresses import FIELDS, find_layout, is_geojson
from boundaries.builder.sources.overlays import parse_overlays
from boundaries.builder.sources.polygons import read_features
from boundaries.builder.sources.recipe import open_text, read_rows
from boundaries.builder.sources.roster import read_members, read_seats
from boundaries.builder.sources.street_sources import kind_of
from boundaries.errors import SourceError
from boundaries.model import CHAMBERS, Chamber
from boundaries.us_states import FULL_NAME

PUBLISHERS = Path(__file__).parents[2] / "publishers.json"
_ASSEMBLY = ("Assemblymember", "State Assembly")
_DELEGATES = ("Delegate", "House of Delegates")
_LOWER = {
    "CA": _ASSEMBLY, "NV": _ASSEMBLY, "NJ": ("Assemblymember", "General Assembly"), "NY": _ASSEMBLY,
    "WI": ("Representative", "State Assembly"), "MD": _DELEGATES, "VA": _DELEGATES, "WV": _DELEGATES,
}  # fmt: skip
_TIGER: Mapping[str, Chamber] = {"SLDUST": "senate", "SLDLST": "house"}


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What the command line names."""

    code: str
    name: str
    districts: Sequence[str]  # files, or CHAMBER=FILE if the file does not tell
    addresses: Sequence[Path]
    people: Path
    people_date: str = ""
    divisions: Path | None = None
    towns: Path | None = None
    members: Sequence[str] = ()  # how many a district elects, as CHAMBER=N or CHAMBER:DISTRICT=N
    vacant: Sequence[str] = ()  # seats as CHAMBER:DISTRICT
    no_email: Sequence[str] = ()  # seats as CHAMBER:DISTRICT
    unreached: Sequence[str] = ()  # seats as CHAMBER:DISTRICT
    skip: Sequence[str] = ()  # rows of the people CSV: a person's id or name, or a seat as CHAMBER:DISTRICT
    over: Sequence[str] = ()  # districts that lie over others, as CHAMBER:DISTRICT=DISTRICT,…
    fields: Sequence[str] = ()  # names of columns and properties, as FIELD=NAME


def draft_recipe(options: BuildOptions) -> tuple[dict[str, Any], dict[str, Path]]:
    """The recipe's content, and its files by name. SourceError says what is missing or invalid."""
    state = options.code.upper()
    name = options.name or FULL_NAME.get(state, "")
    if not name:
        raise SourceError("--name", None, f"no state has the code {options.code!r}", "give its name")
    given: dict[str, Path] = {}
    fields = _read_fields(options.fields)
    districts = _districts(options.districts, options.people, given)
    maps = {chamber: {"file": districts[chamber]} for chamber in CHAMBERS if chamber in districts}
    for part in maps.values() if "district" in fields else ():
        part["name"] = fields["district"]
    lower = _LOWER.get(state, ("Representative", "State House of Representatives"))
    upper = "State Senate"
    if "house" not in districts:
        lower, upper = ("", ""), "Legislature"
    content: dict[str, Any] = {
        "code": options.code,
        "name": name,
        "titles": {"senate": "Senator", "house": lower[0]},
        "chamber_names": {"senate": upper, "house": lower[1]},
        "districts": maps,
        "roster": roster_part(options, _add(options.people, given)),
        "streets": [_street(path, fields, given) for path in options.addresses],
        "unreached": read_seats("--unreached", options.unreached),
    }
    if options.over:
        content["overlays"] = parse_overlays(options.over)
    if options.divisions:
        content["divisions"] = {"file": _add(options.divisions, given)}
    if options.towns:
        content["towns"] = {"areas": _add(_map_in(options.towns), given)}
    content["sources"] = [publication(file, _day(path)) for file, path in given.items()]
    content["packages"] = [
        {"name": "zipcodes", "what": "ZIP codes and place names of the US Postal Service", "licence": "MIT"}
    ]
    return content, given


def roster_part(options: BuildOptions, file: str) -> dict[str, Any]:
    """The recipe's part about the roster, whose file has this name."""
    return {
        "file": file,
        "date": options.people_date or _day(options.people).isoformat(),
        "members": read_members(options.members),
        "vacant": read_seats("--vacant", options.vacant),
        "no_email": read_seats("--no-email", options.no_email),
        **({"skip": list(options.skip)} if options.skip else {}),
    }


def publication(file: str, day: date) -> dict[str, str]:
    """What is known about a file by its name: publisher, license and URL, if it is one of the known publishers."""
    for known in json.loads(PUBLISHERS.read_text("utf-8")):
        match = re.fullmatch(known["file"], file)
        if match:
            parts = {key: value or "" for key, value in match.groupdict().items()}
            parts |= {"file": file, "LAYER": parts.get("layer", "").upper()}
            entry = {"file": file, "what": parts.get("layer", "") or known["from"].partition(", ")[2]}
            entry |= {"from": known["from"].format(**parts), "date": day.isoformat(), "licence": known["licence"]}
            return entry | ({"url": known["url"].format(**parts)} if known["url"] else {})
    licence = "see its publisher"
    return {"file": file, "what": "given by hand", "from": "not known", "date": day.isoformat(), "licence": licence}


def _districts(files: Sequence[str], people: Path, given: dict[str, Path]) -> dict[Chamber, str]:
    """Each chamber's map. A unicameral legislature is known by its people: none of them sits in a lower chamber."""
    maps: dict[Chamber, str] = {}
    for text in files:
        prefix, _, rest = text.partition("=")
        path = _map_in(Path(rest) if rest and prefix in CHAMBERS else Path(text))
        said = next((chamber for chamber in CHAMBERS if rest and chamber == prefix), None)
        told = _chamber_of(path)
        chamber = said or told
        if chamber is None:
            raise SourceError(
                path, None, "does not tell which chamber it is for", "write it as senate=FILE or house=FILE"
            )
        if told not in (None, chamber):
            raise SourceError(path, None, f"the map of the {told}, not of the {chamber}", f"write it as {told}=FILE")
        if chamber in maps:
            raise SourceError(path, None, f"a second map of the {chamber}", "give one for each chamber")
        maps[chamber] = _add(path, given)
    has_lower = any(body == "lower" for _, (body,) in read_rows(people, ("current_chamber",)))
    for chamber in CHAMBERS:
        if chamber not in maps and (chamber == "senate" or has_lower):
            raise SourceError("--districts", None, f"no map of the {chamber}", f"add it, as {chamber}=FILE")
    return maps


def _map_in(path: Path) -> Path:
    """A map, or the one shapefile in a folder."""
    if not path.is_dir():
        return path
    maps = sorted(path.glob("*.shp"))
    if len(maps) != 1:
        raise SourceError(path, None, f"holds {len(maps)} shapefiles", "name the file itself")
    return maps[0]


def _chamber_of(path: Path) -> Chamber | None:
    """Which chamber a TIGER/Line file is for; None if the file is another's."""
    _must_exist(path)
    first = next(read_features(path), None)
    for column, chamber in _TIGER.items():
        if first and any(name.startswith(column) for name in first.attributes):
            return chamber
    return None


def _read_fields(texts: Sequence[str]) -> dict[str, str]:
    """FIELD=NAME, several times, by field. SourceError if one is not written like that."""
    fields = {}
    for text in texts:
        field, _, name = text.partition("=")
        if not name or field not in FIELDS | {"district"}:
            known = ", ".join(sorted(FIELDS | {"district"}))
            raise SourceError("--field", None, f"{text!r} names no field", f'write it like "street=ST_NAME": {known}')
        fields[field] = name
    return fields


def _street(path: Path, fields: Mapping[str, str], given: dict[str, Path]) -> dict[str, Any]:
    _must_exist(path)
    kind = kind_of(path)
    if kind == "addrfeat":
        return {"kind": kind, "label": "Census street ranges", "file": _add(path, given)}
    if is_geojson(path):
        label = "OpenAddresses points"
    else:
        with open_text(path) as stream:
            header = [name.strip().strip('"') for name in stream.readline().rstrip("\r\n").split(",")]
        label = f"{find_layout(path, header, fields).name} points"
    named = {field: name for field, name in fields.items() if field in FIELDS}
    if named:
        label = "Address points"
    return {"kind": kind, "label": label, "file": _add(path, given)} | ({"fields": named} if named else {})


def _add(path: Path, given: dict[str, Path]) -> str:
    """Its name in the recipe; with its folder's, if there is another file of that name."""
    _must_exist(path)
    for name in (path.name, f"{path.resolve().parent.name}/{path.name}"):
        if given.setdefault(name, path) == path:
            return name
    raise SourceError(path, None, "a second file of this name", "rename one of the two, or its folder")


def _must_exist(path: Path) -> None:
    if not path.is_file():
        raise SourceError(path, None, "no such file", "check its name")


def _day(path: Path) -> date:
    _must_exist(path)
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
