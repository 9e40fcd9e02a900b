"""A small map of a town's districts, as SVG path data. The page lists the same districts in words next to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import cos, dist, radians
from typing import Final

from boundaries.model import Chamber
from boundaries.state import State
from theme.pages.svg import Frame, Line, Point, clip, join_borders, place_label, simplify, write_path

WIDTH: Final = 320  # units of the longer side
APART: Final = 12  # units between two numbers, the height of one
MARGIN: Final = 8  # units around the town; lines run on this far beyond the drawing


@dataclass(frozen=True, slots=True)
class DistrictShape:
    """One district on a map."""

    district: str
    number: int  # 0: drawn for context only, without a number
    path: str
    x: int  # position of the number
    y: int


@dataclass(frozen=True, slots=True)
class Map:
    """Districts of one chamber."""

    chamber: Chamber
    width: int  # of the viewBox
    height: int
    areas: tuple[DistrictShape, ...]
    beyond: str = ""  # path of everything outside the town, filled even-odd; "" if whole districts are drawn

    @property
    def numbered(self) -> tuple[DistrictShape, ...]:
        """The numbered districts, in order."""
        return tuple(sorted((area for area in self.areas if area.number), key=lambda area: area.number))


@lru_cache(maxsize=512)
def draw_map(state: State, chamber: Chamber, districts: tuple[str, ...], town: str = "") -> Map:
    """Draw districts, numbered in the order given, north up. The longer side is WIDTH units.

    town: show the districts within this town, and its other districts without numbers. Whole districts are drawn if
    it is "", if the state has no outline of the town, or if one of the districts is not in it.
    Raises ValueError if no district is given or one does not exist.
    """
    asked = tuple(dict.fromkeys(districts))
    there = [pair.of(chamber) for pair in state.town_pairs(town)] if town else []
    around = state.town_rings(town) if set(asked) <= set(there) else []
    names = tuple(dict.fromkeys((*asked, *there))) if around else asked
    outlines = {name: state.rings(chamber, name) for name in names}
    places = [place for ring in around for place in ring] or [
        place for rings in outlines.values() for ring in rings for border in ring for place in border
    ]
    south, north = min(lat for lat, _ in places), max(lat for lat, _ in places)
    west, east = min(lon for _, lon in places), max(lon for _, lon in places)
    shrink = cos(radians((south + north) / 2))
    edge = MARGIN if around else 2
    scale = (WIDTH - 2 * edge) / max((east - west) * shrink, north - south)

    def project(place: Point) -> Point:
        return edge + (place[1] - west) * shrink * scale, edge + (north - place[0]) * scale

    corner = project((south, east))
    width, height = round(corner[0] + edge), round(corner[1] + edge)
    frame = (0.0, 0.0, float(width), float(height))
    town_rings = [simplify([project(place) for place in ring]) for ring in around]
    areas = []
    for name, rings in outlines.items():
        flat = [join_borders([project(place) for place in border] for border in ring) for ring in rings]
        flat = [ring for ring in (clip(ring, _wider(frame)) for ring in flat) if ring]
        path = write_path(flat)
        if not path:
            continue
        x, y = place_label(flat, town_rings, frame) or place_label(flat, (), frame) or flat[0][0]
        number = asked.index(name) + 1 if name in asked else 0
        areas.append(DistrictShape(name, number, path, round(x), round(y)))
    return Map(chamber, width, height, tuple(areas), _beyond(town_rings, frame))


def draw_state(state: State, chamber: Chamber, numbered: Sequence[str]) -> Map:
    """All districts of a chamber but those that lie over others, with those in `numbered` numbered in that order.

    One whose number would hide an earlier one stays without.
    The drawing is cached whatever the numbers: 160 districts take half a second.
    """
    districts = tuple(name for of, name in state.seats() if of == chamber and (of, name) not in state.overlays)
    drawn = draw_map(state, chamber, districts)
    number = {name: place for place, name in enumerate(_keep_apart(drawn, numbered), 1)}
    return replace(drawn, areas=tuple(replace(area, number=number.get(area.district, 0)) for area in drawn.areas))


def _keep_apart(drawn: Map, names: Sequence[str]) -> list[str]:
    where = {area.district: (area.x, area.y) for area in drawn.areas}
    kept: list[str] = []
    for name in names:
        if name in where and all(dist(where[name], where[other]) >= APART for other in kept):
            kept.append(name)
    return kept


def _beyond(town_rings: list[list[Point]], frame: Frame) -> str:
    left, top, right, bottom = _wider(frame)
    whole: Line = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    return write_path([whole, *town_rings]) if town_rings else ""


def _wider(frame: Frame) -> Frame:
    """A frame large enough to hide the lines along the clipped edge."""
    left, top, right, bottom = frame
    return left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN
