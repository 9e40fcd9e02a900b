"""Converts any coordinate system to degrees of longitude and latitude.

WGS84 and NAD83 lie within about two meters of each other and are treated as one throughout the builder; any older
datum is shifted.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyproj

from boundaries.builder.sources.geometry import Floats
from boundaries.errors import SourceError

Unproject = Callable[[Floats], Floats]

_SAME_AS_WGS84 = ("North American Datum 1983", "NAD83", "World Geodetic System 1984", "WGS 84", "D_North_American_1983")


def as_degrees(lonlat: Floats) -> Floats:
    """Coordinates that are in degrees already."""
    return lonlat


def to_degrees(text: str, path: Path) -> Unproject:
    """A function that converts (n, 2) coordinates to degrees. text: of a .prj file, or a name like EPSG:26986; empty
    means degrees.

    SourceError if it names no coordinate system.
    """
    if not text.strip():
        return as_degrees
    try:
        system = pyproj.CRS.from_user_input(text.strip())
    except pyproj.exceptions.CRSError as error:
        wrong = f"unknown coordinate system ({str(error).partition(': (')[0]})"
        raise SourceError(path, None, wrong, "fetch the file again with its .prj, or convert it to EPSG:4326") from None
    degrees = system.geodetic_crs
    same = degrees is not None and degrees.datum is not None and degrees.datum.name.startswith(_SAME_AS_WGS84)
    if system.is_geographic and same:
        return as_degrees
    transformer = pyproj.Transformer.from_crs(system, degrees if same else "EPSG:4326", always_xy=True)

    def unproject(points: Floats) -> Floats:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    return unproject
