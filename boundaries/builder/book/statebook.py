"""The whole state's street book, town by town, from the evidence."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from boundaries.builder.book.book_writer import BookWriter
from boundaries.builder.book.classifier import train
from boundaries.builder.book.coverage import Coverage
from boundaries.builder.book.local_map import DistrictMap, map_evidence, town_borders
from boundaries.builder.book.nearest_pairs import NearestPairs
from boundaries.builder.book.thinness import find_thin
from boundaries.builder.book.town_areas import repeats_names, survey_areas, write_areas
from boundaries.builder.book.town_evidence import TownEvidence
from boundaries.builder.book.townbook import make_town_examples, write_runs
from boundaries.builder.book.twins import find_confusable, find_repeated, share_villages, stem
from boundaries.builder.sources.evidence import Evidence, Streets
from boundaries.builder.sources.geometry import Ints, plane_around
from boundaries.builder.sources.layers import Layer
from boundaries.builder.sources.places import TownPairs
from boundaries.builder.sources.postal_areas import PostalAreas
from boundaries.builder.sources.street_sources import AllEvidence
from boundaries.model import CHAMBERS, Chamber


def write_book(
    path: Path,
    labels: list[str],
    towns: TownPairs,
    places: Mapping[str, Sequence[str]],
    layers: dict[Chamber, Layer],
    streets: Streets,
    gathered: AllEvidence,
    postal: PostalAreas | None = None,
) -> tuple[TownPairs, Coverage]:
    """Write streets.bin. labels: what the sources are called. places: names of towns and villages → towns.
    postal: the towns and streets of each ZIP, if addresses tell.

    Returns the towns with the pairs of each by number of addresses, most first; and what the book covers.
    """
    ordered = dict(towns)
    pairs = sorted({pair for of_town in towns.values() for pair in of_town})
    number_of = {pair: number for number, pair in enumerate(pairs)}
    evidence = gathered.evidence
    town_names = list(towns)
    town_index = {town: index for index, town in enumerate(town_names)}
    town_of = np.array([town_index[town] for town, _ in streets.ids], dtype=np.int64)
    keys = [key for _, key in streets.ids]
    stems: dict[str, set[str]] = {town: set() for town in town_names}
    shared = share_villages({**places, **(postal.zips if postal else {})})
    for town, key in streets.ids:
        if town in shared:
            stems[town].add(stem(key))
    beside = {town: set().union(*(stems.get(other, ()) for other in others)) for town, others in shared.items()}
    area_names = list(streets.areas)
    order = np.argsort(town_of[evidence.street], kind="stable")
    bounds = np.searchsorted(town_of[evidence.street], np.arange(len(town_names) + 1), sorter=order)
    thin = set(find_thin(town_names, town_of, evidence.street, evidence.number)) if postal else set()
    writer = BookWriter(len(pairs), sorted(thin))
    coverage = Coverage(pairs, thin)

    def locate(index: int) -> TownEvidence:
        rows = order[bounds[index] : bounds[index + 1]]
        return _locate(evidence.take(rows), gathered.variants_of(rows), towns[town_names[index]], layers, number_of)

    def known(rows: Ints, confusable: Collection[str]) -> dict[str, list[int]]:
        """The known numbers of some of a town's streets, ascending."""
        both = np.unique(np.column_stack([evidence.street[rows], evidence.number[rows]]), axis=0)
        numbers: dict[str, list[int]] = {}
        for street, number in both.tolist():
            if keys[street] in confusable:
                numbers.setdefault(keys[street], []).append(number)
        return numbers

    split = [
        index for index, town in enumerate(town_names) if len(towns[town]) > 1 and bounds[index] < bounds[index + 1]
    ]
    classifier = train([learnt for index in split if (learnt := make_town_examples(index, locate(index)))])
    for index, town in enumerate(town_names):
        rows = order[bounds[index] : bounds[index + 1]]
        if len(towns[town]) == 1 or not len(rows):
            coverage.add_whole(number_of[towns[town][0]], len(rows))
            if len(rows):
                mine = [keys[street] for street in np.unique(evidence.street[rows])]
                writer.add_names(town, mine)
                if town in beside:
                    writer.add_twins(town, (), known(rows, {key for key in mine if stem(key) in beside[town]}))
            continue
        located = locate(index)
        count = np.bincount(located.pair, minlength=len(pairs))
        ordered[town] = sorted(towns[town], key=lambda pair: (-count[number_of[pair]], pair))
        nearby = NearestPairs(located.local_map.spots, located.pair)
        runs = write_runs(located, nearby, classifier, thin=town in thin)
        coverage.add_split(count, runs)
        by_area = write_areas(located, nearby, runs, classifier, thin=town in thin)
        used = "; ".join(labels[source] for source in np.unique(gathered.source[rows]))
        named = {(keys[street], area_names[area]): runs_there for (street, area), runs_there in by_area.items()}
        through, area_pairs = survey_areas(located)
        repeated = find_repeated(located.evidence.street, located.local_map.spots,
                                 through if repeats_names(located) else ())  # fmt: skip
        reach = known(
            rows,
            find_confusable({keys[street]: answer.everywhere for street, answer in runs.items()}, beside.get(town, ())),
        )
        through = {street: areas for street, areas in through.items() if street in repeated or keys[street] in reach}
        writer.add_twins(town, {keys[street] for street in repeated}, reach)
        writer.add_town(town, {keys[street]: answer for street, answer in runs.items()}, used)
        writer.add_areas(
            town,
            named,
            {keys[street]: [area_names[area] for area in areas] for street, areas in through.items()},
            {area_names[area]: code for area, code in area_pairs.items()},
        )
    for town, zones in postal.zones.items() if postal else ():
        writer.add_zips(town, zones)
    writer.write(path)
    return ordered, coverage


def _locate(
    evidence: Evidence, variants_of: list[Any], town_pairs: list[tuple[str, str]], layers: dict[Chamber, Layer],
    number_of: dict[tuple[str, str], int],
) -> TownEvidence:  # fmt: skip
    allowed = tuple(
        sorted({layers[chamber].names.index(pair[side]) for pair in town_pairs})
        for side, chamber in enumerate(CHAMBERS)
    )
    table = np.full(tuple(len(layers[chamber].names) for chamber in CHAMBERS), -1, dtype=np.int64)
    for names in town_pairs:
        where = tuple(layers[chamber].names.index(name) for chamber, name in zip(CHAMBERS, names, strict=True))
        table[where] = number_of[names]
    districts = DistrictMap(
        tuple(layers[chamber] for chamber in CHAMBERS), allowed, table, plane_around(evidence.lonlat)
    )
    pair = districts.pairs_at(evidence.lonlat)
    variants = np.stack([districts.pairs_at(lonlat) for lonlat in variants_of]) if variants_of else pair[None, :]
    lines = np.vstack([
        town_borders(layer, mine, evidence.lonlat) for layer, mine in zip(districts.layers, allowed, strict=True)
    ])  # fmt: skip
    keep = pair >= 0
    local_map = map_evidence(evidence.lonlat[keep], lines, districts.plane)
    return TownEvidence(evidence.take(keep), pair[keep], variants[:, keep], local_map, districts)
