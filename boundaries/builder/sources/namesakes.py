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
BATCH = 1_000_000  # addresses at a time, to save memory
SHARE = 0.05  # of the addresses of a name: fewer somewhere else are errors in the source

County = Callable[[float, float], str]  # of a longitude and a latitude; "" if unknown


def split_namesakes(streets: Streets, evidence: Evidence, county: County) -> dict[str, tuple[str, ...]]:
    """Rename the streets of towns whose addresses lie far apart, in several counties, to "Franklin Township (Erie
    County)". Returns the towns of each name that was split, by place_key, those with most addresses first."""
    names = list(dict.fromkeys(town for town, _ in streets.ids))
    number = {town: at for at, town in enumerate(names)}
    town_of = np.array([number[town] for town, _ in streets.ids], dtype=np.int64)
    found, counts = _count_cells(evidence, town_of)
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
        _rename(streets, evidence, town_of, called)
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


def _cells(evidence: Evidence, batch: slice, town_of: Ints) -> Ints:
    """(n, 3): town, column and row of each address."""
    spots = np.floor(evidence.lonlat[batch] / CELL).astype(np.int64)
    return np.column_stack([town_of[evidence.street[batch]], spots])


def _count_cells(evidence: Evidence, town_of: Ints) -> tuple[Ints, Ints]:
    """Every cell of a town with addresses, in order, and how many."""
    counted: Counter[tuple[int, ...]] = Counter()
    for batch in _batches(len(evidence.street)):
        cells, counts = np.unique(_cells(evidence, batch, town_of), axis=0, return_counts=True)
        for cell, count in zip(cells.tolist(), counts.tolist(), strict=True):
            counted[tuple(cell)] += count
    found = sorted(counted)
    return np.array(found, dtype=np.int64).reshape(-1, 3), np.array([counted[cell] for cell in found], dtype=np.int64)


def _batches(size: int) -> list[slice]:
    return [slice(start, start + BATCH) for start in range(0, size, BATCH)]


def _rename(streets: Streets, evidence: Evidence, town_of: Ints, called: dict[tuple[int, int, int], str]) -> None:
    """Give the streets their towns' new names; a street in several of these becomes several."""
    entries: list[tuple[str, str]] = list(streets.ids)
    numbers: defaultdict[int, dict[str, int]] = defaultdict(dict)  # old number → town → new number
    affected = np.isin(town_of, [at for at, _, _ in called])
    for batch in _batches(len(evidence.street)):
        cells = _cells(evidence, batch, town_of)
        for at in np.flatnonzero(affected[evidence.street[batch]]).tolist():
            street = int(evidence.street[batch.start + at])
            town = called[tuple(cells[at].tolist())]
            new = numbers[street]
            if town not in new:
                new[town] = len(entries) if new else street
                entries[new[town] : new[town] + 1] = [(town, entries[street][1])]  # in the old one's place, or appended
            evidence.street[batch.start + at] = new[town]
    streets.ids = {entry: at for at, entry in enumerate(entries)}
