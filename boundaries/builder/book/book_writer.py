"""Collects all towns' runs into streets.bin (format: boundaries/streetbook.py)."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from boundaries import array_file
from boundaries.builder.book.runs import Code, Piece
from boundaries.builder.book.townbook import Runs
from boundaries.known_numbers import LARGEST, delta_encode
from boundaries.streetbook import SILENT


class BookWriter:
    """Collects streets town by town. Pairs are numbered as in the town table; larger codes are candidate sets. thin:
    the towns whose sources lack many houses."""

    def __init__(self, pairs: int, thin: Sequence[str] = ()) -> None:
        self._pairs = pairs
        self._thin = thin
        self._sets: dict[Code, int] = {}
        self._runs: dict[tuple[tuple[Piece, ...], tuple[Piece, ...], Code], int] = {}
        self._bounds = array("I", [0])
        self._everywhere = array("H")
        self._starts = array("I")
        self._codes = array("H")
        self._towns: list[list[object]] = []
        self._keys: list[str] = []
        self._values = array("i")
        self._known: list[str] = []
        self._areas: list[str] = []
        self._area_runs = array("I")
        self._through: list[str] = []
        self._area_pairs: list[str] = []
        self._repeated: list[str] = []
        self._zips: list[str] = []
        self._reach: list[str] = []
        self._reach_bounds = array("I", [0])
        self._reach_steps = array("H")

    def code(self, code: Code) -> int:
        """The number of a pair or of a set of candidates."""
        if len(code) == 1:
            return code[0]
        if not code:
            return SILENT
        return self._pairs + self._sets.setdefault(code, len(self._sets))

    def value(self, runs: Runs) -> int:
        """A street's value: a code if one answer serves all numbers, else -1 - the number of its runs."""
        if len(runs.even) == 1 and runs.even == runs.odd and runs.even[0][0] == 0:
            return self.code(runs.even[0][1])
        return -1 - self._number(runs)

    def _number(self, runs: Runs) -> int:
        key = (runs.even, runs.odd, runs.everywhere[:4])
        if key not in self._runs:
            self._runs[key] = len(self._runs)
            for side in (runs.even, runs.odd):
                for start, code in side:
                    self._starts.append(start)
                    self._codes.append(self.code(code))
                self._bounds.append(len(self._starts))
            self._everywhere.append(self.code(runs.everywhere[:4]))
        return self._runs[key]

    def add_town(self, town: str, streets: dict[str, Runs], sources: str) -> None:
        """Add a split town's streets by key."""
        self._towns.append([town, len(streets), sources])
        for key in sorted(streets):
            self._keys.append(key)
            self._values.append(self.value(streets[key]))

    def add_areas(
        self, town: str, runs: dict[tuple[str, str], Runs], through: dict[str, list[str]], pairs: dict[str, Code]
    ) -> None:
        """Add a town's parts: runs by street and part, the parts each street runs through, and each part's pairs."""
        for key, area in sorted(runs):
            self._areas.append(f"{town}\t{key}\t{area}")
            self._area_runs.append(self._number(runs[key, area]))
        self._through += [f"{town}\t{key}\t{' '.join(sorted(through[key]))}" for key in sorted(through)]
        self._area_pairs += [f"{town}\t{area}\t{' '.join(map(str, pairs[area]))}" for area in sorted(pairs)]

    def add_twins(self, town: str, repeated: Collection[str], reach: Mapping[str, Sequence[int]]) -> None:
        """Add the streets that exist in several places of the town, and the known numbers, ascending, of those that
        can be confused with another."""
        if repeated:
            self._repeated.append("\t".join([town, *sorted(repeated)]))
        kept = {key: [number for number in numbers if number <= LARGEST] for key, numbers in reach.items()}
        kept = {key: numbers for key, numbers in kept.items() if numbers}
        if kept:
            self._reach.append("\t".join([town, *sorted(kept)]))
        for key in sorted(kept):
            for parity in (0, 1):
                side = [number for number in kept[key] if number % 2 == parity]
                self._reach_steps.extend(delta_encode(side))
                self._reach_bounds.append(len(self._reach_steps))

    def add_zips(self, town: str, zones: Mapping[str, str]) -> None:
        """Add the ZIPs, separated by blanks, of a town's streets by key."""
        streets: dict[str, list[str]] = {}
        for key in sorted(zones):
            streets.setdefault(zones[key], []).append(key)
        self._zips += ["\t".join([town, zips, *streets[zips]]) for zips in sorted(streets)]

    def add_names(self, town: str, keys: list[str]) -> None:
        """Add the streets of a town that needs no runs: only their names, to tell towns apart."""
        self._known.append("\t".join([town, *sorted(keys)]))

    def write(self, path: Path) -> None:
        """Write the file."""
        sets = [list(code) for code in self._sets]
        array_file.write(
            path,
            {"kind": "streets", "pairs": self._pairs, "sets": sets, "towns": self._towns}
            | ({"thin": list(self._thin)} if self._thin else {}),
            {
                "keys": "\n".join(self._keys),
                "values": self._values,
                "bounds": self._bounds,
                "everywhere": self._everywhere,
                "starts": self._starts,
                "codes": self._codes,
                "known": "\n".join(self._known),
                "areas": "\n".join(self._areas),
                "area_runs": self._area_runs,
                "through": "\n".join(self._through),
                "area_pairs": "\n".join(self._area_pairs),
                "repeated": "\n".join(self._repeated),
                **({"zips": "\n".join(self._zips)} if self._zips else {}),
                "reach": "\n".join(self._reach),
                "reach_bounds": self._reach_bounds,
                "reach_steps": self._reach_steps,
            },
        )
