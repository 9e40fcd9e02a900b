"""All of a recipe's street sources as one body of evidence."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from boundaries.builder.sources.addresses import is_geojson, read_addresses
from boundaries.builder.sources.evidence import Evidence, Source, Streets, join, read_points
from boundaries.builder.sources.geometry import Floats, Ints
from boundaries.builder.sources.progress import Say
from boundaries.builder.sources.ranges import read_ranges
from boundaries.builder.sources.recipe import TEXTS, Recipe
from boundaries.builder.sources.shapefiles import holds_shapes
from boundaries.builder.sources.town_finder import TownFinder
from boundaries.errors import SourceError

KINDS = ("points", "addresses", "ranges", "addrfeat")


@dataclass(frozen=True, slots=True)
class AllEvidence:
    """What all sources say."""

    evidence: Evidence
    source: Ints  # (n,) which source each row is from
    variants: Sequence[Sequence[Floats]]  # per source, other places (n, 2) where its numbers may stand; none for points
    left: Sequence[Counter[str]]  # rows left out, by source and reason

    def variants_of(self, rows: Ints) -> list[Floats]:
        """Other places where the numbers of some rows may stand, place by place; the same place if there are none."""
        most = max(len(others) for others in self.variants)
        starts = np.searchsorted(self.source, np.arange(len(self.variants)))
        places = []
        for which in range(most):
            lonlat = self.evidence.lonlat[rows]
            for number, others in enumerate(self.variants):
                mine = np.flatnonzero(self.source[rows] == number) if others else ()
                if len(mine):
                    lonlat[mine] = others[which][rows[mine] - starts[number]]
            places.append(lonlat)
        return places


def gather_evidence(
    recipe: Recipe, extent: tuple[float, float, float, float], streets: Streets, finder: TownFinder | None,
    excluded: set[tuple[str, str, int]], say: Say,
) -> AllEvidence:  # fmt: skip
    """Read every street source. finder: says which town a row is in, if there is no table of towns."""
    parts: list[list[Evidence]] = []
    left: list[Counter[str]] = []
    for part in recipe.content["streets"]:
        source = Source(recipe, part, extent)
        reasons: Counter[str] = Counter()
        if part["kind"] == "points":
            parts.append([read_points(source, streets, excluded)])
        elif part["kind"] == "addresses" and finder:
            evidence, reasons = read_addresses(source, streets, finder, excluded)
            parts.append([evidence])
        elif part["kind"] in ("ranges", "addrfeat"):
            parts.append(read_ranges(source, streets, finder, excluded, say))
        else:
            remedy = "points, ranges or addrfeat; addresses where there is no table of towns"
            raise SourceError(recipe.home / "recipe.json", None, f"unknown kind {part['kind']!r}", remedy)
        left.append(reasons)
        skipped = "".join(
            [f"; {count:,} row{'s' * (count > 1)} {reason} left out" for reason, count in sorted(reasons.items())]
        )
        say(f"{source.label}: {len(parts[-1][0].street):,} numbers{skipped}")
    sizes = [len(part[0].street) for part in parts]
    number = np.repeat(np.arange(len(parts), dtype=np.uint8), sizes)
    if not len(number):
        raise SourceError(recipe.home / "recipe.json", None, "no street source gave any number", "add one to streets")
    variants = [[place.lonlat for place in part[1:]] for part in parts]
    return AllEvidence(join([part[0] for part in parts]), number, variants, left)  # type: ignore[arg-type]


def kind_of(path: Path) -> str:
    """Whether a file contains address points or street ranges. SourceError if neither."""
    if holds_shapes(path):
        return "addrfeat"
    if is_geojson(path) or path.name.lower().removesuffix(".gz").endswith((*TEXTS, ".zip")):
        return "addresses"
    remedy = "give address points as CSV or GeoJSON, or a TIGER/Line ADDRFEAT zip"
    raise SourceError(path, None, "unknown kind of file", remedy)
