"""Where numbered houses stand: evidence from address points and street ranges, in one form."""

import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np

from boundaries.builder.sources.geometry import Bools, Floats, Ints
from boundaries.builder.sources.recipe import Recipe, read_rows
from boundaries.errors import SourceError
from boundaries.house_number import parse_house_number
from boundaries.normalization import name_key, strip_unit, tokenize_street
from boundaries.placenames import place_key

_PARENTHESES = re.compile(r"\(([^)]*)\)?|\[([^\]]*)\]?")
# "US Hwy 12", "County Road 7B": the number is the road's, not an apartment's.
_NUMBERED_ROAD = re.compile(
    r"\b(hwy|highway|((county|co|state|us|twp|township|forest|nfs|nfsr|fs|usfs|blm|ranch|farm|market) (rd|road)))"
    r" \d+[a-z]?( [nsew])?$"
)
_DECIMAL = re.compile(r"(?<=\d)\.0*(?=\s*(?:[,;]|$))")
_SEVERAL = re.compile(r"\s*[,;]\s*")
_NULL = frozenset({"<null>", "null", "(null)", "none", "nan", "n/a", "#n/a"})
WIDE = 100  # between the numbers of one building
_ALSO = re.compile(r"\s*/\s*")


@dataclass(slots=True)
class Streets:
    """Numbers the streets: (town, key) ↔ id."""

    towns: tuple[str, ...]  # all towns; empty if the sources tell
    ids: dict[tuple[str, str], int] = field(default_factory=dict)
    #: the part of town that a source gives with a street, numbered too
    areas: dict[str, int] = field(default_factory=dict)

    def street(self, town: str, key: str) -> int:
        """The id of a street, new or known."""
        return self.ids.setdefault((town, key), len(self.ids))

    def area(self, name: str) -> int:
        """The id of a part of town or ZIP; -1 for none."""
        return self.areas.setdefault(name, len(self.areas)) if name else -1


@dataclass(slots=True)
class Evidence:
    """Columns of equal length. Kept narrow for a state with millions of addresses; rows taken out are 64 bits wide."""

    street: Ints  # street id
    number: Ints  # house number
    lonlat: Floats  # (n, 2)
    area: Ints  # area id or -1
    exact: Ints  # 1 if known to stand there (a point), 0 if interpolated along a range

    def take(self, rows: Ints | Bools) -> "Evidence":
        """Some rows, by number or mask."""
        wide = [
            values[rows].astype(np.int64, copy=False) for values in (self.street, self.number, self.area, self.exact)
        ]
        return Evidence(wide[0], wide[1], self.lonlat[rows], wide[2], wide[3])


@dataclass(frozen=True, slots=True)
class Source:
    """One street source of a recipe, with that recipe."""

    recipe: Recipe
    part: Mapping[str, Any]
    #: west, south, east and north (degrees) of where its places may be
    extent: tuple[float, float, float, float] = (-180.0, -90.0, 180.0, 90.0)

    @property
    def label(self) -> str:
        """Its display name, for explanations."""
        return str(self.part["label"])

    def check(self, path: Path, row: int, lon: float, lat: float) -> None:
        """SourceError if a place is far outside every district."""
        west, south, east, north = self.extent
        if not (west <= lon <= east and south <= lat <= north):
            wrong = f"longitude {lon:g}, latitude {lat:g} is outside every district"
            raise SourceError(path, row, wrong, "are they degrees, in this order, and in this state? Correct that row")


def clean_name(raw: str) -> tuple[str, str]:
    """A street's name without what sources add in parentheses, and that addition ("Main St (Cotuit)")."""
    inside = _PARENTHESES.search(raw)
    area = ""
    if inside:
        area = (inside[1] or inside[2] or "").strip()
        raw = _PARENTHESES.sub(" ", raw)
    first = _ALSO.split(raw)[0]
    return (first if " " in first.strip() else raw), area


def official_key(recipe: Recipe, name: str) -> str:
    """The key of a street as a source names it, without unit numbers, by its official name if it has an alias."""
    tokens = tokenize_street(name)
    key = name_key(tokens if _NUMBERED_ROAD.search(" ".join(tokens)) else strip_unit(tokens))
    return recipe.aliases.official(key)


def filled(cell: str) -> str:
    """A cell without blanks around it; "" for what databases export where there is nothing."""
    cell = cell.strip()
    return "" if cell.lower() in _NULL else cell


def read_houses(cell: str) -> Sequence[int]:
    """The house numbers in a cell: 24, 24.0 as spreadsheets write it, 24A, 24-26 (the first), or a building's several
    as 2651,2653. Empty if that cannot be told."""
    if cell.isdecimal():
        return (int(cell),)
    houses: list[int] = []
    for part in _SEVERAL.split(_DECIMAL.sub("", cell)):
        house, rest = parse_house_number(part.lower().split())
        if house is None or rest or (houses and not 0 < house.low - houses[-1] <= WIDE):
            return ()  # "1,234" is one number, or none
        houses.append(house.low)
    return houses


def excluded_addresses(recipe: Recipe, rows: Iterable[tuple[str, str, str]]) -> set[tuple[str, str, int]]:
    """Addresses (town, street, number) to leave out, as the builder knows them."""
    addresses = set()
    for town, street, number in rows:
        house, rest = parse_house_number(tokenize_street(f"{number} {clean_name(street)[0]}"))
        if house:
            key = official_key(recipe, clean_name(" ".join(rest))[0])
            addresses |= {(town, key, house.low), (town, key, house.high)}
    return addresses


def read_points(source: Source, streets: Streets, excluded: set[tuple[str, str, int]]) -> Evidence:
    """Address points from a CSV with town, street, number, lon and lat. Rows in `excluded` are left out."""
    columns = source.part["columns"]
    path = source.recipe.source(source.part["file"])
    known = set(streets.towns)
    cache: dict[tuple[str, str], tuple[int, int, str]] = {}
    ids, numbers, areas, places = array("i"), array("i"), array("i"), array("d")
    streets_without = {(town, key) for town, key, _ in excluded}
    wanted = tuple(columns[part] for part in ("town", "street", "number", "lon", "lat"))
    for line, (town, street, number, lon, lat) in read_rows(path, wanted, source.recipe.watch):
        entry = cache.get((town, street))
        if entry is None:
            if town not in known:
                raise SourceError(path, line, f"unknown town {town!r}", "add it to the town table or rename it")
            name, area = clean_name(street)
            key = official_key(source.recipe, name)
            entry = cache[town, street] = (
                streets.street(town, key) if key else -1,
                streets.area(place_key(area)),
                key,
            )
        if entry[0] < 0:
            continue
        houses = read_houses(number)
        if not houses:
            remedy = "correct or remove that row"
            raise SourceError(path, line, f"house number {number!r} is not a number", remedy)
        try:
            east, north = float(lon), float(lat)
        except ValueError:
            raise SourceError(path, line, f"no coordinates in {lon!r}, {lat!r}", "correct or remove that row") from None
        source.check(path, line, east, north)
        for house in houses:
            if (town, entry[2]) in streets_without and (town, entry[2], house) in excluded:
                continue
            places.extend((east, north))
            ids.append(entry[0])
            numbers.append(house)
            areas.append(entry[1])
    lonlat = np.array(places, dtype=np.float64).reshape(-1, 2)
    return Evidence(column(ids), column(numbers), lonlat, column(areas), column(np.ones(len(ids), dtype=np.int8)))


def column(values: "array[int] | np.ndarray[Any, Any]") -> Ints:
    """Whole numbers as a column, at their original width."""
    return cast("Ints", np.asarray(values))


def join(parts: list[Evidence]) -> Evidence:
    """Several sources as one, in order."""
    if len(parts) == 1:
        return parts[0]
    return Evidence(
        np.concatenate([part.street for part in parts]),
        np.concatenate([part.number for part in parts]),
        np.vstack([part.lonlat for part in parts]),
        np.concatenate([part.area for part in parts]),
        np.concatenate([part.exact for part in parts]),
    )
