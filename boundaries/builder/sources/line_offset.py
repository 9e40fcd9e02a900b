"""Positions beside a line: where the houses of a street segment stand."""

import numpy as np

from boundaries.builder.sources.geometry import Floats, plane_around

OFFSET = 10.0  # meters from the centerline to the houses; district lines run down the middle of streets
INSET = 12.0  # meters kept from either end of a segment: corner houses do not stand in the intersection
# A number is certain only if these places are in the same district: meters off the line, and along it.
VARIANTS = ((4.0, 0.0), (20.0, 0.0), (10.0, -30.0), (10.0, 30.0))


def place_along(line: Floats, fraction: Floats, sign: float) -> Floats:
    """Positions along a line at each fraction of its length, offset to its left (sign 1) or right (-1).

    (n, 2 * offsets): lon, lat at OFFSET, then at each of VARIANTS.
    """
    plane = plane_around(line)
    flat = plane.project(line)
    steps = np.diff(flat, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    total = lengths.sum()
    if total == 0:
        return np.tile(line[0], (len(fraction), 1 + len(VARIANTS)))
    inset = min(INSET, total / 3)
    where = inset + fraction * (total - 2 * inset)
    starts = np.concatenate([[0.0], np.cumsum(lengths)])
    places = []
    for offset, shift in ((OFFSET, 0.0), *VARIANTS):
        along = np.clip(where + shift, inset, total - inset)
        piece = np.clip(np.searchsorted(starts, along, side="right") - 1, 0, len(lengths) - 1)
        unit = steps[piece] / np.maximum(lengths[piece], 1e-9)[:, None]
        base = flat[piece] + unit * (along - starts[piece])[:, None]
        normal = np.column_stack([-unit[:, 1], unit[:, 0]]) * sign
        places.append(plane.unproject(base + normal * offset))
    return np.hstack(places)
