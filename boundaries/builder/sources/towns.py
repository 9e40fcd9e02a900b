"""Towns where no official table of them is given: found from the addresses themselves.

A town is what people write as the city of an address: the name a source gives, else its ZIP's, else the county. With
a layer of town areas it is the area around the address, and the city's name leads to it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely  # type: ignore[import-untyped]

from boundaries.builder.sources.districts import OVERLAP
from boundaries.builder.sources.evidence import Evidence, Streets
from boundaries.builder.sources.geometry import METRES_PER_DEGREE, Floats, Ints
from boundaries.builder.sources.layers import FAR, Layer, around
from boundaries.builder.sources.places import postal_codes
from boundaries.builder.sources.polygons import read_areas
from boundaries.builder.sources.recipe import Recipe
from boundaries.errors import SourceError
from boundaries.model import CHAMBERS, Chamber
from boundaries.placenames import place_key

CELL = 0.004  # degrees: addresses so close together are asked about once
SHARE = 0.05  # of the addresses of a city that must lie in a town for its name to lead there

_NO_NAME = frozenset({"", "not stated", "unknown", "none", "n a", "na", "null", "unincorporated", "other"})


class TownFinder:
    """Says which town an address belongs to, and remembers what cities and ZIPs people write for each."""

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
        self._places = {
            entry["zip_code"]: (float(entry["long"]), float(entry["lat"])) for entry in postal if entry["lat"]
        }
        names, polygons = _read_town_areas(recipe)
        self._area_names = names
        self._tree = shapely.STRtree(polygons) if names else None
        self.areas = {name: shapely.union_all([polygons[at] for at, other in enumerate(names) if other == name])
                      for name in names}  # fmt: skip
        self.cities: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.zips: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def find(self, lonlat: Floats, said: Sequence[tuple[str, str, str]]) -> list[str]:
        """The town of each place (n, 2), for what its source says: city, ZIP and county. "" if nothing tells."""
        around = self._around(lonlat)
        found = []
        for (city, code, county), area in zip(said, around, strict=True):
            town = area or self.named(city, code, county)
            found.append(town)
            if town and len(code) >= 5:
                self.zips[code[:5]][town] += 1
            if area and city:
                self.cities[place_key(city)][town] += 1
        return found

    def named(self, city: str, code: str, county: str) -> str:
        """The town that the words alone tell."""
        said = city, code, county
        if said not in self._cache:
            choices = city, self._main.get(code[:5], ""), county
            name = next((name.strip() for name in choices if place_key(name) not in _NO_NAME), "")
            plain = name.title() if name.isupper() or name.islower() else name
            self._cache[said] = self._names.setdefault(place_key(name), plain) if name else ""
        return self._cache[said]

    def written(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """The towns of the cities and ZIPs that addresses were found under, commonest first."""
        return {"cities": _commonest(self.cities), "zips": _commonest(self.zips)}

    def centre(self, town: str, known: Floats) -> tuple[float, float]:
        """Where a town's ZIPs say that it is; else the middle of its known places (n, 2)."""
        spots = [self._places[code] for code, city in self._main.items() if city == town and code in self._places]
        lon, lat = np.mean(spots or known, axis=0).tolist()
        return lon, lat

    def without(self) -> tuple[int, int]:
        """How many of the state's ZIPs have no address at all, and how many ZIPs there are."""
        return len(set(self._main) - set(self.zips)), len(self._main)

    def county(self, codes: Counter[str]) -> str:
        """The county where most of these ZIPs are; "" if unknown."""
        counties: Counter[str] = Counter()
        for code, count in codes.items():
            if code in self._county:
                counties[self._county[code]] += count
        return min(counties, key=lambda name: (-counties[name], name), default="")

    def _around(self, lonlat: Floats) -> list[str]:
        found = [""] * len(lonlat)
        if self._tree is not None and len(lonlat):
            rows, areas = self._tree.query(shapely.points(lonlat), predicate="within")
            for row, area in zip(rows.tolist(), areas.tolist(), strict=True):
                found[row] = found[row] or self._area_names[area]
        return found


def _commonest(counted: Mapping[str, Counter[str]]) -> dict[str, tuple[str, ...]]:
    """The towns that count for each key: those with a fair share of its addresses."""
    found = {}
    for key in sorted(counted):
        towns, least = counted[key], SHARE * counted[key].total()
        found[key] = tuple(
            sorted((town for town in towns if towns[town] >= least), key=lambda name: (-towns[name], name))
        )
    return found


def _read_town_areas(recipe: Recipe) -> tuple[list[str], list[Any]]:
    """The towns' names and polygons, if the recipe has a map of them."""
    part = recipe.content.get("towns", {})
    if "areas" not in part:
        return [], []
    path = recipe.source(part["areas"])
    names, polygons = [], []
    for area in read_areas(path):
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


def survey_towns(
    streets: Streets, evidence: Evidence, layers: Mapping[Chamber, Layer], finder: TownFinder
) -> dict[str, list[tuple[str, str]]]:
    """Each town's pairs. Of a town with an area: those that share ground with it.

    Of any other: all within FAR of an address of its own, and all in the circle around the middle of its ZIPs that
    holds its addresses: a source may know only a corner of the town. So a town with one pair, which needs no street,
    has no line anywhere near; any other is asked for one.
    """
    towns = sorted({town for town, _ in streets.ids})
    number = {town: index for index, town in enumerate(towns)}
    cells = _cells(np.array([number[town] for town, _ in streets.ids], dtype=np.int64), evidence)
    owner = cells[:, 0]
    middles: Floats = (cells[:, 1:].astype(np.float64) + 0.5) * CELL
    centres = np.array([finder.centre(town, middles[owner == index]) for index, town in enumerate(towns)])
    slim = np.cos(np.radians(np.abs(middles[:, 1]).max()))  # a degree of longitude is shorter: reach as far as it needs
    away = np.hypot(*((middles - centres[owner]) * (slim, 1.0)).T)
    radius = np.zeros(len(towns))
    np.maximum.at(radius, owner, away)
    places = np.vstack([middles, centres])
    reach = (np.concatenate([np.zeros(len(middles)), radius]) + FAR / METRES_PER_DEGREE + CELL) / slim
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
    return {town: sorted(found) for town, found in pairs.items()}


def _cells(town_of: Ints, evidence: Evidence) -> Ints:
    """(n, 3): town, column and row of every cell with an address."""
    found = [np.zeros((0, 3), dtype=np.int64)]
    for start in range(0, len(evidence.street), 1_000_000):  # a million at a time, for the memory
        some = slice(start, start + 1_000_000)
        spots = np.floor(evidence.lonlat[some] / CELL).astype(np.int64)
        found.append(np.unique(np.column_stack([town_of[evidence.street[some]], spots]), axis=0))
    cells: Ints = np.unique(np.vstack(found), axis=0)
    return cells


def _districts_near(layer: Layer, places: Floats, reach: Floats) -> list[list[str]]:
    """The districts within reach (degrees) of each place, by name; a cell more is no harm."""
    inside = around(layer, list(range(len(layer.names))), places)
    spots, beside = _line_cells(layer)
    tree = shapely.STRtree(shapely.points(spots))
    lost = np.flatnonzero(inside < 0)  # on a pier, or a cell's middle in the water: the nearest line's
    if len(lost):
        inside[lost] = beside[tree.nearest(shapely.points(places[lost]))]
    near: list[set[int]] = [{number} for number in inside.tolist()]
    for start in range(0, len(places), 10_000):  # some at a time, for the memory
        some = slice(start, start + 10_000)
        rows, found = tree.query(shapely.points(places[some]), predicate="dwithin", distance=reach[some] + CELL)
        for row, number in np.unique(np.column_stack([rows, beside[found]]), axis=0).tolist():
            near[start + row].add(number)
    return [[layer.names[number] for number in sorted(found)] for found in near]


def _line_cells(layer: Layer) -> tuple[Floats, Ints]:
    """The middles (n, 2) of all cells that a border runs through, once for each district beside it, and its number."""
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
    """The pairs of districts that share some ground, and that ground."""
    senate, house = (layers[chamber] for chamber in CHAMBERS)
    tree = shapely.STRtree(house.polygons)
    found = {}
    for one, other in tree.query(senate.polygons, predicate="intersects").T.tolist():
        shared = shapely.intersection(senate.polygons[one], house.polygons[other])
        if shared.area > 0:
            found[senate.names[one], house.names[other]] = shared
    return found


def _square_km(area: Any) -> float:  # noqa: ANN401  (shapely has no types)
    if area.is_empty:
        return 0.0
    slim = float(np.cos(np.radians(area.centroid.y)))
    return float(area.area) * (METRES_PER_DEGREE / 1000) ** 2 * slim
