"""From whatever a file's coordinates are in to degrees of longitude and latitude.

WGS84 and NAD83 lie within about two meters of each other and are taken as one, as everywhere in this room; any older
datum is shifted.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyproj

from boundaries.builder.sources.geometry import Floats
from boundaries.errors import SourceError

Unproject = Callable[[Floats], Floats]

_ALIKE = ("North American Datum 1983", "NAD83", "World Geodetic System 1984", "WGS 84", "D_North_American_1983")


def as_degrees(lonlat: Floats) -> Floats:
    """What is in degrees already."""
    return lonlat


def to_degrees(text: str, path: Path) -> Unproject:
    """What turns (n, 2) coordinates into degrees. text: of a .prj file, or a name like EPSG:26986; empty means degrees.

    SourceError if it names no system of coordinates.
    """
    if not text.strip():
        return as_degrees
    try:
        system = pyproj.CRS.from_user_input(text.strip())
    except pyproj.exceptions.CRSError as error:
        wrong = f"unknown system of coordinates ({str(error).partition(': (')[0]})"
        raise SourceError(path, None, wrong, "fetch the file again with its .prj, or convert it to EPSG:4326") from None
    degrees = system.geodetic_crs
    alike = degrees is not None and degrees.datum is not None and degrees.datum.name.startswith(_ALIKE)
    if system.is_geographic and alike:
        return as_degrees
    turn = pyproj.Transformer.from_crs(system, degrees if alike else "EPSG:4326", always_xy=True)

    def unproject(points: Floats) -> Floats:
        return np.column_stack(turn.transform(points[:, 0], points[:, 1]))

    return unproject
