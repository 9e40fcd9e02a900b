"""Address points as publishers provide them: OpenAddresses (CSV, GeoJSON) and the National Address Database.

Sources: OpenAddresses' output columns; the database's own header, revisions 4 and 23. Rows that such collections are
known to contain and that are useless (no number, no street, no place) are left out and counted.
"""

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from boundaries.builder.sources.evidence import (
    Evidence,
    Source,
    Streets,
    clean_name,
    column,
    filled,
    official_key,
    read_houses,
)
from boundaries.builder.sources.feature_stream import read_stream
from boundaries.builder.sources.recipe import DAMAGED, open_text, read_rows
from boundaries.builder.sources.town_finder import TownFinder
from boundaries.errors import SourceError
from boundaries.placenames import place_key
from boundaries.zipcode import read_zip

BATCH = 50_000  # rows
TOLERATED = 0.1  # of all rows: more unreadable ones mean that the file is wrong


@dataclass(frozen=True, slots=True)
class Layout:
    """Column names in lower case."""

    name: str
    city: tuple[str, ...]  # the first that is filled counts
    zip: str
    county: str
    state: str
    street: tuple[str, ...]  # joined by spaces
    number: str
    lon: str
    lat: str


_PARTS = ("_premod", "_predir", "_pretyp", "_presep")
_POST = ("_postyp", "_posdir", "_posmod")
LAYOUTS = (
    Layout("OpenAddresses", ("city",), "postcode", "", "", ("street",), "number", "lon", "lat"),
    Layout("National Address Database", ("post_city", "inc_muni", "uninc_comm", "census_plc"), "zip_code", "county",
           "state", ("stnam_full",), "add_number", "longitude", "latitude"),
    Layout("National Address Database", ("post_city", "inc_muni", "uninc_comm"), "zip_code", "county", "state",
           (*("st" + part for part in _PARTS), "st_name", *("st" + part for part in _POST)),
           "add_number", "longitude", "latitude"),
    Layout("National Address Database", ("post_comm", "inc_muni", "uninc_comm"), "zip_code", "county", "state",
           (*("stn" + part for part in _PARTS), "streetname", *("stn" + part for part in _POST)),
           "add_number", "longitude", "latitude"),
    Layout("OpenStreetMap", ("addr:city",), "addr:postcode", "", "addr:state", ("addr:street",), "addr:housenumber",
           "lon", "lat"),
)  # fmt: skip
FIELDS = frozenset({"street", "number", "city", "zip", "county", "state", "lon", "lat"})  # that may be named


@dataclass(frozen=True, slots=True)
class AddressRow:
    """A source's row as written."""

    line: int
    city: str
    zip: str
    county: str
    state: str
    street: str
    number: str
    lon: str
    lat: str


def read_addresses(
    source: Source, streets: Streets, finder: TownFinder, excluded: set[tuple[str, str, int]]
) -> tuple[Evidence, Counter[str]]:
    """Evidence from a file, and how many rows were left out for each reason. SourceError says what is wrong."""
    path = source.recipe.source(source.part["file"])
    rows = _features(path, source) if is_geojson(path) else _table(path, source)
    own = str(source.recipe.content["code"]).lower()
    reader = _Reader(source, streets, finder, excluded)
    total = 0
    left: Counter[str] = Counter()
    first: dict[str, AddressRow] = {}
    while batch := list(islice(rows, BATCH)):
        total += len(batch)
        good = []
        for row in batch:
            parsed = reader.read(row) if row.state.lower() in ("", own) else "of other states"
            if isinstance(parsed, str):
                left[parsed] += 1
                first.setdefault(parsed, row)
            else:
                good.append((row, *parsed))
        left["of no known town"] += reader.keep(good)
    for reason in (WRONG_NUMBER, NO_PLACE, OUTSIDE):
        if left[reason] > TOLERATED * (total - left["of other states"]):
            row = first[reason]
            example = f"number {row.number!r}, longitude {row.lon!r}, latitude {row.lat!r}"
            remedy = "is it this state's, in degrees? Fetch it again"
            raise SourceError(path, row.line, f"{left[reason]:,} of {total:,} rows {reason}, first {example}", remedy)
    if not len(reader):
        raise SourceError(path, None, f"no address of {own!r} among {total:,} rows", "is it this state's file?")
    return reader.evidence(), +left


WRONG_NUMBER, NO_PLACE, OUTSIDE = "without a valid number", "without a place", "outside every district"


class _Reader:
    """Turns rows into columns of evidence."""

    def __init__(
        self, source: Source, streets: Streets, finder: TownFinder, excluded: set[tuple[str, str, int]]
    ) -> None:
        self._source, self._streets, self._finder, self._excluded = source, streets, finder, excluded
        self._keys: dict[str, str] = {}
        self._ids, self._numbers, self._areas, self._places = array("i"), array("i"), array("i"), array("d")

    def __len__(self) -> int:
        return len(self._ids)

    def read(self, row: AddressRow) -> tuple[str, Sequence[int], float, float] | str:
        """Street key, numbers, longitude and latitude; or why the row is left out."""
        key = self._keys.get(row.street)
        if key is None:
            key = self._keys[row.street] = official_key(self._source.recipe, clean_name(row.street)[0])
        if not key:
            return "without a street"
        houses = read_houses(row.number)
        if not row.number or (len(houses) == 1 and houses[0] == 0):
            return "without a number"
        if not houses or not all(0 < house < 1_000_000 for house in houses):
            return WRONG_NUMBER
        try:
            lon, lat = float(row.lon), float(row.lat)
        except ValueError:
            return NO_PLACE
        west, south, east, north = self._source.extent
        if not (west <= lon <= east and south <= lat <= north):
            return OUTSIDE if lon or lat else NO_PLACE
        return key, houses, lon, lat

    def keep(self, rows: list[tuple[AddressRow, str, Sequence[int], float, float]]) -> int:
        """Add parsed rows, except those in `excluded`. Returns how many are in no known town."""
        lonlat = np.array([(lon, lat) for _, _, _, lon, lat in rows]).reshape(-1, 2)
        towns = self._finder.find(lonlat, [(row.city, row.zip, row.county) for row, *_ in rows])
        for town, (row, key, houses, lon, lat) in zip(towns, rows, strict=True):
            for house in houses if town else ():
                if (town, key, house) in self._excluded:
                    continue
                self._ids.append(self._streets.street(town, key))
                self._numbers.append(house)
                self._areas.append(self._streets.area(row.zip))
                self._places.extend((lon, lat))
        return towns.count("")

    def evidence(self) -> Evidence:
        """Everything that was kept."""
        places = np.frombuffer(self._places, dtype=np.float64).reshape(-1, 2)
        exact = np.ones(len(self._ids), dtype=np.int8)
        return Evidence(column(self._ids), column(self._numbers), places, column(self._areas), column(exact))


def _zip(cell: str) -> str:
    return cell if len(cell) == 5 and cell.isdecimal() else read_zip(filled(cell))


def is_geojson(path: Path) -> bool:
    """Whether a file is GeoJSON by its name."""
    return path.name.lower().removesuffix(".gz").endswith((".geojson", ".json", ".ndgeojson"))


def find_layout(
    path: Path, header: list[str], fields: Mapping[str, str], *, line: int = 1, points: bool = False
) -> Layout:
    """The layout of a table, or of points that have their place elsewhere than in a column. fields: what the recipe
    calls by another name. SourceError if it is not a known one."""
    lower = {name.strip().lower() for name in header}
    named: dict[str, Any] = {part: name.lower() for part, name in fields.items() if name.lower() in lower}
    named |= {part: (named[part],) for part in ("street", "city") if part in named}
    for layout in LAYOUTS:
        layout = replace(layout, **named)
        if lower >= {*layout.street, layout.number, *(() if points else (layout.lon, layout.lat))}:
            return layout
    columns = ", ".join(header[:12])[:200] or "nothing"
    remedy = "name them: --field street=NAME --field number=NAME, also city, zip, lon, lat (fields in the recipe)"
    raise SourceError(path, line, f"the columns {columns} are not those of any known publisher", remedy)


def _table(path: Path, source: Source) -> Iterator[AddressRow]:
    with open_text(path) as stream:
        header = [name.strip().strip('"') for name in stream.readline().rstrip("\r\n").split(",")]
    layout = find_layout(path, header, source.part.get("fields", {}))
    actual = {name.lower(): name for name in header}
    cities = [name for name in layout.city if name in actual]
    single = [name for name in (layout.zip, layout.county, layout.state) if name in actual]
    wanted = [*cities, *single, *layout.street, layout.number, layout.lon, layout.lat]
    place = {name: index for index, name in enumerate(wanted)}
    last = len(wanted)
    zip_at, county_at, state_at = (place.get(name, last) for name in (layout.zip, layout.county, layout.state))
    street_at = slice(last - 3 - len(layout.street), last - 3)
    for line, cells in read_rows(path, tuple(actual[name] for name in wanted), source.recipe.watch):
        cells.append("")
        named = map(filled, cells[: len(cities)])
        city = next((cell for cell in named if place_key(cell) not in ("", "not stated")), "")
        street = " ".join(filter(None, map(filled, cells[street_at])))
        number, lon, lat = cells[last - 3 : last]
        code, county, state = _zip(cells[zip_at]), filled(cells[county_at]), filled(cells[state_at])
        yield AddressRow(line, city, code, county, state, street, filled(number), lon, lat)


def _features(path: Path, source: Source) -> Iterator[AddressRow]:
    """The points of a GeoJSON file, whose properties are named as a table's columns."""
    layouts: dict[tuple[str, ...], Layout] = {}  # by the names of a feature's properties
    line = 1
    with open_text(path, source.recipe.watch) as stream:
        try:
            for line, feature in read_stream(stream):
                given = feature.get("properties") or {}
                layout = layouts.get(tuple(given))
                if layout is None:
                    wanted = find_layout(path, list(given), source.part.get("fields", {}), line=line, points=True)
                    layout = layouts[tuple(given)] = _spelled_as(wanted, given)
                cells = {name: "" if value is None else filled(str(value)) for name, value in given.items()}
                city = next((cell for name in layout.city if (cell := cells.get(name, ""))), "")
                street = " ".join(filter(None, [cells[name] for name in layout.street]))
                code, county, state = (cells.get(name, "") for name in (layout.zip, layout.county, layout.state))
                lon, lat, *_ = (feature.get("geometry") or {}).get("coordinates") or ("", "")
                number = cells[layout.number]
                yield AddressRow(line, city, _zip(code), county, state, street, number, str(lon), str(lat))
        except json.JSONDecodeError as error:
            wrong = f"not GeoJSON ({error.msg})"
            raise SourceError(path, error.lineno, wrong, "fetch it again") from None
        except (AttributeError, TypeError, ValueError) as error:
            raise SourceError(path, line, f"not GeoJSON of points ({error})", "fetch it again") from None
        except DAMAGED as error:
            raise SourceError(path, line, f"unreadable ({error})", "fetch the file again") from None


def _spelled_as(layout: Layout, given: Iterable[str]) -> Layout:
    """The layout with the names of columns as they are written here."""
    actual = {name.strip().lower(): name for name in given}
    single = {part: actual.get(getattr(layout, part), "") for part in ("zip", "county", "state", "number")}
    cities = tuple(actual[name] for name in layout.city if name in actual)
    return replace(layout, city=cities, street=tuple(actual[name] for name in layout.street), **single)
