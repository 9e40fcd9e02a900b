"""Which streets can be confused with another: if a direction or a suffix is left out, or because a town has them twice.

The street book keeps the known numbers of such streets, to tell which one has the number.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
import shapely  # type: ignore[import-untyped]

from boundaries.builder.book.runs import TWINS_APART
from boundaries.builder.sources.geometry import Floats, Ints
from boundaries.street_name import split_name


def find_confusable(pairs: Mapping[str, Collection[int]], beside: Collection[str]) -> set[str]:
    """The keys of a town's streets that can be confused with another.

    pairs: each street's pairs of districts. beside: names (core and suffix) of streets in towns that share a village
    with this one. A street with a direction counts even alone: people may leave it out.
    """
    families: defaultdict[str, list[str]] = defaultdict(list)
    confusable = set()
    for key in pairs:
        name = split_name(key)
        families[name.core].append(key)
        if name.extras or stem(key) in beside:
            confusable.add(key)
    for family in families.values():
        if len(family) > 1 and len({pair for key in family for pair in pairs[key]}) > 1:
            confusable.update(family)
    return confusable


def stem(key: str) -> str:
    """A street's core and suffix, for comparing streets across towns."""
    name = split_name(key)
    return f"{name.core} {name.suffix}"


def share_villages(places: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    """For each town, the towns that share a village or a postal name with it. places: name → towns."""
    shared: defaultdict[str, set[str]] = defaultdict(set)
    for towns in places.values():
        for town in towns if len(towns) > 1 else ():
            shared[town].update(other for other in towns if other != town)
    return dict(shared)


def find_repeated(street: Ints, spots: Floats, streets: Iterable[int]) -> set[int]:
    """Of some streets, those that exist in several places of their town, too far apart for one street.

    street, spots: the street and the place (meters) of each row of evidence.
    """
    order = np.argsort(street, kind="stable")
    ids, starts = np.unique(street[order], return_index=True)
    bounds = dict(zip(ids.tolist(), zip(starts.tolist(), [*starts[1:].tolist(), len(order)], strict=True), strict=True))
    repeated = set()
    for which in streets:
        start, stop = bounds[which]
        cells = np.unique(np.round(spots[order[start:stop]] / GRAIN), axis=0) * GRAIN
        around = shapely.buffer(shapely.multipoints(cells), TWINS_APART / 2, quad_segs=4)
        if shapely.get_num_geometries(around) > 1:
            repeated.add(which)
    return repeated


GRAIN = 50.0  # meters: houses closer together are one place
