"""What a new street book covers: counted while it is written, checked and printed at the end."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np

from boundaries.builder.book.townbook import Runs
from boundaries.builder.sources.geometry import Ints
from boundaries.district_order import place_of
from boundaries.errors import SourceError
from boundaries.model import CHAMBERS, DistrictKey

NAMED = 20  # towns in a line of the report


class Coverage:
    """Counts for the whole state. pairs: by number. thin: towns whose sources lack many houses."""

    def __init__(self, pairs: Sequence[tuple[str, str]], thin: Collection[str] = ()) -> None:
        self._pairs = pairs
        self._thin = sorted(thin)
        self._numbers: Ints = np.zeros(len(pairs), dtype=np.int64)
        self._whole = self._split = self._streets = self._crossing = self._asked = 0

    def add_whole(self, pair: int, numbers: int) -> None:
        """Count a town that lies in one pair, with this many numbers."""
        self._whole += 1
        self._numbers[pair] += numbers

    def add_split(self, numbers: Ints, runs: Mapping[int, Runs]) -> None:
        """Count a town with several pairs: how many numbers lie in each, and its streets' runs."""
        self._split += 1
        self._numbers += numbers
        self._streets += len(runs)
        for street in runs.values():
            codes = [code for side in (street.even, street.odd) for _, code in side]
            self._crossing += len({code for code in codes if len(code) == 1}) > 1
            self._asked += any(len(code) > 1 for code in codes)

    def reached(self) -> dict[DistrictKey, int]:
        """How many house numbers lead to each district, for those that any leads to."""
        reached: dict[DistrictKey, int] = {}
        for pair, count in zip(self._pairs, self._numbers.tolist(), strict=True):
            for chamber, name in zip(CHAMBERS, pair, strict=True):
                if not name:  # no such chamber
                    continue
                reached[chamber, name] = reached.get((chamber, name), 0) + count
        return {seat: count for seat, count in reached.items() if count}

    def check(self, book: Path, every: Collection[DistrictKey], known: Collection[DistrictKey]) -> None:
        """SourceError if a district has no address at all. known: those that the recipe lists as unreached."""
        check_reached(book, every, set(every) - set(self.reached()), known)

    def report(self, name: str, exact: int, vacant: int) -> list[str]:
        """The report's lines. exact: numbers that come from a point; vacant: listed vacancies."""
        reached = self.reached()
        least = min(reached, key=lambda seat: (reached[seat], seat))
        total = int(self._numbers.sum())
        named = ", ".join(self._thin[:NAMED]) + (" and others" if len(self._thin) > NAMED else "")
        return [
            f"coverage of {name}",
            f"  districts  {len(reached)} reached; fewest numbers lead to {least[0]} {least[1]}: {reached[least]:,}",
            f"  seats      {vacant} vacant",
            f"  numbers    {total:,}; {exact:,} from address points, {total - exact:,} from ranges alone",
            f"  towns      {self._whole + self._split:,}; {self._split:,} need a street",
            f"  streets    {self._streets:,} in those; {self._crossing:,} in several districts, {self._asked:,} with"
            " numbers that are asked about",
            *([f"  too thin   {len(self._thin):,} towns, where the lookup asks more: {named}"] if self._thin else []),
        ]


def check_reached(
    recipe: Path, every: Collection[DistrictKey], missing: Collection[DistrictKey], known: Collection[DistrictKey]
) -> None:
    """SourceError if a district of `every` is missing and not known to be, with all such districts, ready to copy."""
    unknown = sorted(set(missing) - set(known), key=lambda seat: (seat[0], place_of(seat[1])))
    if unknown:
        named = ", ".join(f"{chamber} {name}" for chamber, name in unknown)
        options = " ".join(f'--unreached "{chamber}:{name}"' for chamber, name in unknown)
        wrong = f"no address leads to {named} ({len(unknown)} of {len(every)} districts)"
        remedy = (
            "add a street source that covers them; for a part of a state, name them under unreached in the recipe, "
            f"or for a new one: {options}"
        )
        raise SourceError(recipe, None, wrong, remedy)
