"""Tells towns of one name apart: a state may have a Franklin Township in each of several counties."""

from collections import Counter, defaultdict
from collections.abc import Callable

import numpy as np
import shapely  # type: ignore[import-untyped]

from boundaries.builder.sources.evidence import Evidence, Streets
from boundaries.builder.sources.geometry import Floats, Ints
from boundaries.placenames import place_key

CELL = 0.05  # degrees: addresses this close together are in one town
APART = 0.17  # degrees, about 15 kilometers, between two towns of one name
SHARE = 0.05  # of the addresses of a name: fewer somewhere else are errors in the source

County = Callable[[float, float], str]  # of a longitude and a latitude; "" if unknown


def split_namesakes(streets: Streets, evidence: Evidence, county: County) -> dict[str, tuple[str, ...]]:
    """Rename the streets of towns whose addresses lie far apart, in several counties, to "Franklin Township (Erie
    County)". Returns the towns of each name that was split, by place_key, those with most addresses first."""
    names = list(dict.fromkeys(town for town, _ in streets.ids))
    number = {town: at for at, town in enumerate(names)}
    town_of = np.array([number[town] for town, _ in streets.ids], dtype=np.int64)
    cells = np.floor(evidence.lonlat / CELL).astype(np.int64)
    found, counts = np.unique(np.column_stack([town_of[evidence.street], cells]), axis=0, return_counts=True)
    starts = np.searchsorted(found[:, 0], np.arange(len(names) + 1))
    split: dict[str, tuple[str, ...]] = {}
    called: dict[tuple[int, int, int], str] = {}  # town's number and cell → the town's new name
    for at, town in enumerate(names):
        mine = slice(starts[at], starts[at + 1])
        counties = _group(found[mine, 1:], counts[mine], county)
        if len(set(counties)) > 1:
            sizes: Counter[str] = Counter()
            for (x, y), count, where in zip(found[mine, 1:].tolist(), counts[mine].tolist(), counties, strict=True):
                called[at, x, y] = f"{town} ({where})"
                sizes[f"{town} ({where})"] += count
            split[place_key(town)] = tuple(name for name, _ in sizes.most_common())
    if called:
        _rename(streets, evidence, town_of, cells, called)
    return split


def _group(cells: Ints, counts: Ints, county: County) -> list[str]:
    """The county that stands for each cell of a name; one for all if they are not several towns."""
    centers: Floats = (cells.astype(np.float64) + 0.5) * CELL
    around = shapely.buffer(shapely.multipoints(centers), APART / 2, quad_segs=4)
    parts = shapely.get_parts(around)
    if len(parts) < 2:
        return [""] * len(cells)
    part_of = shapely.STRtree(parts).nearest(shapely.points(centers))
    sizes = np.bincount(part_of, weights=counts, minlength=len(parts))
    large = np.flatnonzero(sizes >= SHARE * sizes.sum())
    middles = {int(part): centers[part_of == part].mean(axis=0).tolist() for part in large}
    label = {part: county(*middle) for part, middle in middles.items()}
    main = label[int(large[sizes[large].argmax()])]
    return [label.get(int(part), main) or main for part in part_of]


def _rename(
    streets: Streets, evidence: Evidence, town_of: Ints, cells: Ints, called: dict[tuple[int, int, int], str]
) -> None:
    """Give the streets their towns' new names; a street in several of these becomes several."""
    entries: list[tuple[str, str]] = list(streets.ids)
    numbers: defaultdict[int, dict[str, int]] = defaultdict(dict)  # old number → town → new number
    affected = np.isin(town_of, [at for at, _, _ in called])
    for row in np.flatnonzero(affected[evidence.street]).tolist():
        street = int(evidence.street[row])
        town = called[int(town_of[street]), int(cells[row, 0]), int(cells[row, 1])]
        new = numbers[street]
        if town not in new:
            new[town] = len(entries) if new else street
            entries[new[town] : new[town] + 1] = [(town, entries[street][1])]  # in the old one's place, or appended
        evidence.street[row] = new[town]
    streets.ids = {entry: at for at, entry in enumerate(entries)}
