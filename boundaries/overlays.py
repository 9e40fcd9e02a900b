"""Districts that lie over others: New Hampshire's floterial districts, and members who are elected at large.

`overlays.csv` is compiled from the recipe: chamber, district, over. Each row is a district that street book and maps
know, under `over`, and one that lies over it: whoever lives there elects the members of both. A state without such
districts has no such file.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from boundaries.model import District, DistrictKey
from boundaries.tables import read_table

NAME: Final = "overlays.csv"
COLUMNS: Final = ("chamber", "district", "over")


def read_overlays(folder: Path, districts: Mapping[DistrictKey, District]) -> Mapping[DistrictKey, tuple[str, ...]]:
    """The names of what lies over a district, by that district. DataError names a row that is wrong."""
    path = folder / NAME
    above: dict[DistrictKey, tuple[str, ...]] = {}
    for row in read_table(path, COLUMNS) if path.exists() else ():
        chamber = row.chamber()
        known = [name for body, name in districts if body == chamber]
        below = chamber, row.among("over", known)
        above[below] = (*above.get(below, ()), row.among("district", known))
    return above
