"""Which towns' sources lack many of the houses: then a street missing from the book says little.

Of the addresses that a source lacks, the share on streets that it lacks, too, is about that of the streets of which it
has one house, among its addresses (Good and Turing, 1953). In Vermont and Pennsylvania, complete, it is 1.6 %, and over
5 % in towns with 1 % of the people; with every fifth address left, 14.5 %.
"""

from collections.abc import Sequence

import numpy as np

from boundaries.builder.sources.geometry import Ints

THIN = 0.06  # of the addresses lacking, on streets that are lacking
NUMBER_BITS = 20  # a house number is below a million


def find_thin(towns: Sequence[str], town_of: Ints, street: Ints, number: Ints) -> list[str]:
    """The towns whose sources are thin. town_of: the number of each street's town. street, number: of each address."""
    houses = np.unique(street.astype(np.int64) << NUMBER_BITS | number)  # one number each, to save memory
    streets, sizes = np.unique(houses >> NUMBER_BITS, return_counts=True)
    town = town_of[streets]
    alone = np.bincount(town[sizes == 1], minlength=len(towns))
    every = np.bincount(town, weights=sizes, minlength=len(towns))
    return [name for name, single, total in zip(towns, alone, every, strict=True) if single > THIN * total]
