"""The street book: town, street key, house number → code.

A code below the number of pairs is a pair of districts; a higher one is a set of candidates, most likely first. A
street's value is a code if one answer serves every number. Otherwise it is -1 - r, where r numbers its runs: two
piecewise constant functions of the house number, for even and odd numbers. The runs r lie between bounds[2r],
bounds[2r+1] (even) and bounds[2r+2] (odd) in `starts` (the first house number of a piece) and `codes`.

Where sources distinguish parts of a town (ZIPs, neighborhoods), streets in several pairs also have runs for each part
(`areas`: "town, key, part" → number of the runs), whose code is SILENT for numbers that the part does not have.
`area_pairs` gives each part's pairs, most common first. `through` gives the parts that a street runs through, for
streets that exist in several places of a town (`repeated`) or can be confused with another. For the latter, `reach`
keeps the known numbers: in `reach_steps` between reach_bounds[2r], reach_bounds[2r+1] (even) and reach_bounds[2r+2]
(odd). `zips` gives the ZIPs of each street, in towns that share a ZIP with another, if addresses tell.
"""

from array import array
from bisect import bisect_right
from collections.abc import Mapping
from pathlib import Path

from boundaries import array_file
from boundaries.errors import DataError
from boundaries.known_numbers import KnownNumbers, delta_decode

SILENT = 0xFFFF


class StreetBook:
    """A state's streets as loaded. `towns`: for each split town, street key → value."""

    def __init__(self, path: Path) -> None:
        meta, arrays, texts = array_file.read(path)
        if meta.get("kind") != "streets":
            raise DataError(f"{path} is not a street book: build the state again")
        self.pair_count: int = meta["pairs"]
        self.thin: frozenset[str] = frozenset(meta.get("thin", ()))  # towns whose sources lack many houses
        self._sets: list[tuple[int, ...]] = [tuple(members) for members in meta["sets"]]
        self._bounds = arrays["bounds"]
        self._everywhere = arrays["everywhere"]
        self._starts = arrays["starts"]
        self._codes = arrays["codes"]
        keys = texts["keys"].split("\n")
        values = arrays["values"].tolist()
        self.towns: dict[str, dict[str, int]] = {}
        self.sources: dict[str, str] = {}
        start = 0
        for town, count, sources in meta["towns"]:
            self.towns[town] = dict(zip(keys[start : start + count], values[start : start + count], strict=True))
            self.sources[town] = sources
            start += count
        self._names: dict[str, str] = {}
        for line in texts["known"].split("\n"):
            town, _, names = line.partition("\t")
            self._names[town] = names
        self._known: dict[str, frozenset[str]] = {}
        self._areas: dict[str, dict[str, int]] = {}
        for line, runs in zip(texts["areas"].split("\n"), arrays["area_runs"], strict=False):
            street, _, area = line.rpartition("\t")
            self._areas.setdefault(street, {})[area] = runs
        self.zones: dict[str, dict[str, str]] = {}
        for line in filter(None, texts["through"].split("\n")):
            town, key, areas = line.split("\t")
            self.zones.setdefault(town, {})[key] = areas
        self.repeated: dict[str, frozenset[str]] = {}
        for line in filter(None, texts.get("repeated", "").split("\n")):
            town, _, names = line.partition("\t")
            self.repeated[town] = frozenset(names.split("\t"))
        self.zips: dict[str, dict[str, str]] = {}
        for line in filter(None, texts.get("zips", "").split("\n")):
            town, zips, *streets = line.split("\t")
            self.zips.setdefault(town, {}).update(dict.fromkeys(streets, zips))
        self._reach: dict[str, dict[str, int]] = {}
        place = 0
        for line in filter(None, texts.get("reach", "").split("\n")):
            town, *streets = line.split("\t")
            self._reach[town] = dict(zip(streets, range(place, place + len(streets)), strict=True))
            place += len(streets)
        self._reach_bounds = arrays.get("reach_bounds", array("I"))
        self._reach_steps = arrays.get("reach_steps", array("H"))
        self.area_pairs: dict[tuple[str, str], tuple[int, ...]] = {}
        for line in filter(None, texts["area_pairs"].split("\n")):
            town, area, pairs = line.split("\t")
            self.area_pairs[town, area] = tuple(map(int, pairs.split()))

    def code(self, value: int, number: int) -> int:
        """The code of a house on a street with this value. A number of 0 or less means unknown."""
        if value >= 0:
            return value
        return self._runs_code(-1 - value, number)

    @property
    def parted_towns(self) -> frozenset[str]:
        """Towns with streets that have runs for parts of the town, or known zones."""
        return frozenset({street.partition("\t")[0] for street in self._areas} | set(self.zones))

    def is_parted(self, town: str, key: str) -> bool:
        """Whether a street has separate runs for parts of the town."""
        return f"{town}\t{key}" in self._areas

    def parts(self, town: str, key: str, number: int) -> dict[str, int]:
        """What each part of town says about a number on a street of several parts; SILENT if it has no such number."""
        areas = self._areas.get(f"{town}\t{key}", {})
        return {area: self._runs_code(runs, number) for area, runs in areas.items()}

    def confusable(self, town: str) -> Mapping[str, int]:
        """A town's streets that can be confused with another of their name: those with known numbers."""
        return self._reach.get(town, {})

    def known_numbers(self, town: str, key: str) -> KnownNumbers | None:
        """The known numbers of a street; None unless it can be confused with another."""
        place = self._reach.get(town, {}).get(key)
        if place is None:
            return None
        start, middle, stop = self._reach_bounds[2 * place : 2 * place + 3]
        return KnownNumbers(
            delta_decode(self._reach_steps[start:middle], 0), delta_decode(self._reach_steps[middle:stop], 1)
        )

    def describe_run(self, town: str, key: str, number: int) -> str:
        """The house numbers in the run around a number, in words; "" for an unknown street."""
        value = self.towns.get(town, {}).get(key)
        if value is None:
            return ""
        if value >= 0 or number <= 0:
            return "the whole street"
        side = 2 * (-1 - value) + (number & 1)
        first, last = self._bounds[side], self._bounds[side + 1]
        place = bisect_right(self._starts, number, first, last)
        low, high = self._starts[place - 1], self._starts[place] - 1 if place < last else 0
        low, high = low + ((low ^ number) & 1), high - ((high ^ number) & 1)
        parity = "odd" if number & 1 else "even"
        if place - 1 == first:
            return f"all {parity} numbers" if place == last else f"{parity} numbers up to {high}"
        return f"{parity} numbers from {low} on" if place == last else f"{parity} numbers {low} to {high}"

    def _runs_code(self, runs: int, number: int) -> int:
        if number <= 0:
            return self._everywhere[runs]
        side = 2 * runs + (number & 1)
        place = bisect_right(self._starts, number, self._bounds[side], self._bounds[side + 1])
        return self._codes[place - 1]

    def members(self, code: int) -> tuple[int, ...]:
        """The pair numbers of a code: one, or the candidates."""
        return (code,) if code < self.pair_count else self._sets[code - self.pair_count]

    def streets(self, town: str) -> Mapping[str, int] | frozenset[str]:
        """The keys of a town's streets; empty if no source lists them."""
        if town in self.towns:
            return self.towns[town]
        if town not in self._known:
            names = self._names.get(town, "")
            self._known[town] = frozenset(names.split("\t")) if names else frozenset()
        return self._known[town]
