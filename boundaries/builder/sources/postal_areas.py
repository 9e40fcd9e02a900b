"""Which ZIPs lead to which towns and streets: by the addresses of each, or by the post offices near them.

A post office delivers to several towns, and a town has several post offices. Where a source gives no ZIP, any post
office nearby may be meant: at most REACH times as far away as the nearest, and MARGIN more. Of 338,000 addresses of
Vermont and Baltimore County whose ZIP is known, 99.3 and 99.9 % are that near to the middle of theirs.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely  # type: ignore[import-untyped]

from boundaries.builder.sources.evidence import Evidence, Streets
from boundaries.builder.sources.geometry import METERS_PER_DEGREE, Floats, Ints
from boundaries.builder.sources.places import NameIndex
from boundaries.gazetteer import NEARBY

REACH = 2.0
MARGIN = 6_000.0  # meters
CELL = 0.02  # degrees: addresses this close together have the same post offices nearby
BATCH = 500_000  # rows at a time, to save memory


@dataclass(frozen=True, slots=True)
class PostalAreas:
    """What is known about the ZIPs of a state."""

    zips: NameIndex  # every ZIP → the towns with addresses of it, most first; none if no source has an address near it
    #: for each town that shares a ZIP with another: street key → its ZIPs, separated by blanks; one that is only nearby
    #: has NEARBY before it
    zones: Mapping[str, Mapping[str, str]]
    unaddressed: int  # how many of the state's ZIPs no address has
    far: Sequence[str]  # ZIPs whose every address is far from their post office: it may be another's

    def report(self) -> list[str]:
        """Lines for the coverage report."""
        uncovered = sum(not towns for towns in self.zips.values())
        lines = [f"  ZIPs       {len(self.zips):,}; {self.unaddressed:,} have no address, {uncovered:,} none nearby"]
        if self.far:
            lines.append(f"  far        from the post offices of their ZIPs are all addresses of {', '.join(self.far)}")
        return lines


def survey_postal_areas(
    streets: Streets, evidence: Evidence, offices: Mapping[str, tuple[float, float]]
) -> PostalAreas:
    """Survey the evidence. offices: the state's ZIPs and where each is, longitude and latitude in degrees."""
    codes = sorted({*offices, *filter(is_zip, streets.areas)})
    number_of = {code: number for number, code in enumerate(codes)}
    zip_of = np.array([number_of.get(area, -1) for area in streets.areas] + [-1])  # the last for rows without an area
    spots = np.array([offices.get(code, (np.nan, np.nan)) for code in codes]).reshape(-1, 2)
    nearby = _Nearby(spots)
    zone_of: dict[int, frozenset[int]] = {}  # street → its ZIPs; equal sets are kept once
    same: dict[frozenset[int], frozenset[int]] = {}
    given: set[int] = set()
    beside: set[int] = set()  # those given to an address near their post office
    addressed: defaultdict[int, Counter[str]] = defaultdict(Counter)  # ZIP → town → addresses
    around: defaultdict[int, Counter[str]] = defaultdict(Counter)  # the same, if no address had a ZIP
    towns = [town for town, _ in streets.ids]
    for street, code, cell, count in _groups(evidence, zip_of):
        near = nearby.find(cell)
        own = [-1 - member for member in near] if code < 0 else (code,)  # negative: only nearby
        zone = zone_of.get(street, frozenset())
        if not zone.issuperset(own):
            zone = zone.union(own)
            zone_of[street] = same.setdefault(zone, zone)
        given.update(own if code >= 0 else ())
        beside.update(own if code in near else ())
        for counted, members in ((addressed, near if code < 0 else own), (around, near)):
            for member in members:
                counted[member][towns[street]] += count
    zips: dict[str, tuple[str, ...]] = {}
    for number, name in enumerate(codes):
        counts = addressed[number] if number in given else around[number]
        zips[name] = tuple(sorted(counts, key=lambda town: (-counts[town], town)))
    sharing = {town for members in zips.values() if len(members) > 1 for town in members}
    far = [codes[number] for number in sorted(given - beside) if codes[number] in offices]
    return PostalAreas(zips, _zones(streets, zone_of, sharing, codes), len(codes) - len(given), far)


def is_zip(text: str) -> bool:
    """Whether the name of a part of town is a ZIP."""
    return len(text) == 5 and text.isdecimal()


def _groups(evidence: Evidence, zip_of: Ints) -> Iterator[tuple[int, int, tuple[int, int], int]]:
    """Street, ZIP (-1 for none), cell and number of the addresses that have these in common."""
    for start in range(0, len(evidence.street), BATCH):
        batch = slice(start, start + BATCH)
        cells = np.floor(evidence.lonlat[batch] / CELL).astype(np.int64)
        rows = np.column_stack([evidence.street[batch], zip_of[evidence.area[batch]], cells])
        groups, counts = np.unique(rows, axis=0, return_counts=True)
        for (street, code, x, y), count in zip(groups.tolist(), counts.tolist(), strict=True):
            yield street, code, (x, y), count


class _Nearby:
    """The ZIPs that an address in a cell may have, by number. spots: (n, 2) of all, NaN where it is not known."""

    def __init__(self, spots: Floats) -> None:
        self._numbers = np.flatnonzero(~np.isnan(spots[:, 0]))
        known = spots[self._numbers]
        # A degree of longitude is shorter than one of latitude.
        self._scale = np.array([np.cos(np.radians(known[:, 1].mean())) if len(known) else 1.0, 1.0])
        self._tree = shapely.STRtree(shapely.points(known * self._scale))
        self._found: dict[tuple[int, int], Sequence[int]] = {}

    def find(self, cell: tuple[int, int]) -> Sequence[int]:
        if cell not in self._found:
            point = shapely.points((np.array(cell) + 0.5) * CELL * self._scale)
            if not len(self._numbers):
                return ()
            nearest = self._tree.query_nearest(point, return_distance=True, all_matches=False)[1][0]
            reach = REACH * nearest + MARGIN / METERS_PER_DEGREE
            hits = self._tree.query(point, predicate="dwithin", distance=reach)
            self._found[cell] = self._numbers[hits].tolist()
        return self._found[cell]


def _zones(
    streets: Streets, zone_of: Mapping[int, frozenset[int]], sharing: set[str], codes: Sequence[str]
) -> dict[str, dict[str, str]]:
    text_of = {zone: _format(zone, codes) for zone in set(zone_of.values())}
    zones: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for (town, key), street in streets.ids.items():
        if town in sharing and street in zone_of:
            zones[town][key] = text_of[zone_of[street]]
    return dict(zones)


def _format(zone: frozenset[int], codes: Sequence[str]) -> str:
    certain = [codes[code] for code in sorted(zone) if code >= 0]
    near = [NEARBY + codes[-1 - code] for code in sorted(zone, reverse=True) if code < 0 and -1 - code not in zone]
    return " ".join(certain + near)
