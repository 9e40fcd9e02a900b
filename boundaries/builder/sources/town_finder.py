"""Towns without an official table: found from the addresses themselves.

A town is what people write as the city of an address: the name a source gives, else its ZIP's, else the county. With
a map of town areas it is the area around the address, and the city's name leads to it.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from typing import Any

import numpy as np
import shapely  # type: ignore[import-untyped]

from boundaries.builder.sources.geometry import Floats
from boundaries.builder.sources.places import postal_codes
from boundaries.builder.sources.polygons import read_features
from boundaries.builder.sources.recipe import Recipe
from boundaries.errors import SourceError
from boundaries.placenames import place_key

SHARE = 0.05  # of the addresses of a city that must lie in a town for its name to lead there

_NO_NAME = frozenset({"", "not stated", "unknown", "none", "n a", "na", "null", "unincorporated", "other"})


class TownFinder:
    """Says which town an address is in, and remembers the cities that people write for each."""

    def __init__(self, recipe: Recipe) -> None:
        self._main: dict[str, str] = {}
        self._county: dict[str, str] = {}
        self._names: dict[str, str] = {}
        postal = postal_codes(recipe.content["code"].upper())
        for entry in postal:
            self._main[entry["zip_code"]] = entry["city"]
            self._county[entry["zip_code"]] = entry["county"]
            self._names.setdefault(place_key(entry["city"]), entry["city"])
        self._cache: dict[tuple[str, str, str], str] = {}
        #: where each ZIP's post office is: longitude and latitude in degrees
        self.offices = {
            entry["zip_code"]: (float(entry["long"]), float(entry["lat"])) for entry in postal if entry["lat"]
        }
        names, polygons = _read_town_areas(recipe)
        self._area_names = names
        self._tree = shapely.STRtree(polygons) if names else None
        self.areas = {name: shapely.union_all([polygons[at] for at, other in enumerate(names) if other == name])
                      for name in names}  # fmt: skip
        self.cities: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def find(self, lonlat: Floats, names: Sequence[tuple[str, str, str]]) -> list[str]:
        """The town of each place (n, 2), by the names its source gives: city, ZIP and county. "" if unknown."""
        around = self._around(lonlat)
        towns = []
        for (city, code, county), area in zip(names, around, strict=True):
            town = area or self.named(city, code, county)
            towns.append(town)
            if area and city:
                self.cities[place_key(city)][town] += 1
        return towns

    def named(self, city: str, code: str, county: str) -> str:
        """The town by name alone."""
        words = city, code, county
        if words not in self._cache:
            choices = city, self._main.get(code[:5], ""), county
            name = next((name.strip() for name in choices if _is_name(name)), "")
            plain = name.title() if name.isupper() or name.islower() else name
            self._cache[words] = self._names.setdefault(place_key(name), plain) if name else ""
        return self._cache[words]

    def written(self, towns: Container[str]) -> dict[str, tuple[str, ...]]:
        """The towns of the cities that addresses were found under, most common first. towns: those in the book; a town
        whose every address was left out is in none."""
        return _most_common(self.cities, towns)

    def center(self, town: str, known: Floats) -> tuple[float, float]:
        """The center of a town by its ZIPs; else the middle of its known places (n, 2)."""
        spots = [self.offices[code] for code, city in self._main.items() if city == town and code in self.offices]
        lon, lat = np.mean(spots or known, axis=0).tolist()
        return lon, lat

    def county_at(self, lon: float, lat: float) -> str:
        """The county of the nearest post office; "" if none is known."""
        if not self.offices:
            return ""
        spots = np.array(list(self.offices.values()))
        away = np.hypot((spots[:, 0] - lon) * np.cos(np.radians(lat)), spots[:, 1] - lat)
        return self._county[list(self.offices)[int(away.argmin())]]

    def county(self, codes: Counter[str]) -> str:
        """The county with most of these ZIPs; "" if unknown."""
        counties: Counter[str] = Counter()
        for code, count in codes.items():
            if code in self._county:
                counties[self._county[code]] += count
        return min(counties, key=lambda name: (-counties[name], name), default="")

    def _around(self, lonlat: Floats) -> list[str]:
        names = [""] * len(lonlat)
        if self._tree is not None and len(lonlat):
            rows, areas = self._tree.query(shapely.points(lonlat), predicate="within")
            for row, area in zip(rows.tolist(), areas.tolist(), strict=True):
                names[row] = names[row] or self._area_names[area]
        return names


def _is_name(text: str) -> bool:
    """Whether a cell names a place: a shifted column may have a coordinate instead."""
    return place_key(text) not in _NO_NAME and any(mark.isalpha() for mark in text)


def _most_common(counted: Mapping[str, Counter[str]], known: Container[str]) -> dict[str, tuple[str, ...]]:
    """The known towns that count for each key: those with a fair share of its addresses."""
    most_common_towns = {}
    for key in sorted(counted):
        towns = Counter({town: count for town, count in counted[key].items() if town in known})
        least = SHARE * towns.total()
        most_common_towns[key] = tuple(
            sorted((town for town in towns if towns[town] >= least), key=lambda name: (-towns[name], name))
        )
    return most_common_towns


def _read_town_areas(recipe: Recipe) -> tuple[list[str], list[Any]]:
    """The towns' names and polygons, if the recipe has a map of them."""
    part = recipe.content.get("towns", {})
    if "areas" not in part:
        return [], []
    path = recipe.source(part["areas"])
    names, polygons = [], []
    for area in read_features(path):
        column = next(
            (column for column in (part.get("name"), "NAME", "name", "TOWN") if column in area.attributes), None
        )
        if column is None:
            raise SourceError(
                path, area.row, "a town without a name", "name the property, as towns → name in the recipe"
            )
        names.append(str(area.attributes[column]))
        polygons.append(area.polygon)
    return names, polygons
