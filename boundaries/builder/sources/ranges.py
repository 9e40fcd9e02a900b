"""Street centrelines with a range of house numbers on either side, turned into evidence number by number."""

import json
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from boundaries.builder.sources.evidence import Evidence, Source, Streets, column, official_key
from boundaries.builder.sources.geometry import Floats, plane_around
from boundaries.builder.sources.projection import unprojection
from boundaries.builder.sources.shapefiles import open_shapefile
from boundaries.builder.sources.towns import TownFinder
from boundaries.builder.sources.turning import Place, Segment, Turn, find_turns
from boundaries.errors import SourceError
from boundaries.placenames import place_key

OFFSET = 10.0  # metres from the centreline to the houses' side; lines run down the middle of streets
INSET = 12.0  # metres kept from either end of a segment: corner houses do not stand in the crossing
# A number is certain only if these places tell the same district: metres off the line, and along it.
VARIANTS = ((4.0, 0.0), (20.0, 0.0), (10.0, -30.0), (10.0, 30.0))
LONGEST = 4000  # numbers in one range; more is a typing error

Span = tuple[int, int, bool]  # low, high, whether the numbers fall along the line


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a street segment as a source gives it. line: (n, 2) lon/lat in the direction of `start` to `end`.
    left: whether the houses stand on the left of it. area: part of town or ZIP, may be empty."""

    row: int
    town: str
    key: str
    line: Floats
    left: bool
    start: object
    end: object
    area: str


def unheard(_: str) -> None:
    """For whoever does not listen."""


def read_ranges(
    source: Source, streets: Streets, finder: TownFinder | None, without: set[tuple[str, str, int]],
    say: Callable[[str], None] = unheard,
) -> list[Evidence]:  # fmt: skip
    """Evidence at OFFSET, and at each of VARIANTS, row by row the same numbers. Left and right are as drawn, but where
    the line is drawn backwards; `say` is told of how many that is."""
    path = source.recipe.source(source.part["file"])
    if source.part["kind"] == "addrfeat":
        sides = _addrfeat_sides(path, source, None if "town" in source.part else finder)
    else:
        sides = _geojson_sides(path, source)
    only = source.part.get("only", streets.towns)
    numbered = []
    for side in sides:
        span = _span(side.start, side.end)
        if not side.key or not side.town or span is None or (only and side.town not in only):
            continue
        source.check(path, side.row, *side.line[0].tolist()[:2])
        numbered.append((side, span))
    turns = _find_turns(numbered)
    _tell(turns, say)
    ids, numbers, areas = array("i"), array("i"), array("i")
    together = np.empty((sum(len(_houses(low, high)) for _, (low, high, _) in numbered), 2 + 2 * len(VARIANTS)))
    for side, (low, high, reverse) in numbered:
        houses = np.array(_houses(low, high))
        fraction = (houses - low) / (high - low) if high > low else np.array([0.5])
        spot = _place(side, 1 - fraction if reverse else fraction, turns[side.row])
        if without:
            keep = np.array([(side.town, side.key, int(house)) not in without for house in houses])
            houses, spot = houses[keep], spot[keep]
        together[len(ids) : len(ids) + len(houses)] = spot
        ids.extend([streets.street(side.town, side.key)] * len(houses))
        areas.extend([streets.area(side.area)] * len(houses))
        numbers.extend(houses.tolist())
    together = together[: len(ids)]
    return [
        Evidence(
            column(ids),
            column(numbers),
            together[:, 2 * place : 2 * place + 2],
            column(areas),
            column(np.zeros(len(ids), dtype=np.int8)),
        )
        for place in range(1 + len(VARIANTS))
    ]


def _find_turns(numbered: Sequence[tuple[Side, Span]]) -> dict[int, Turn]:
    """What is known of the way each segment is drawn, by its row. Street by street, to be light."""
    street_of: dict[int, tuple[str, str]] = {}
    streets: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for at, (side, _) in enumerate(numbered):
        streets[street_of.setdefault(side.row, (side.town, side.key))].append(at)
    turns: dict[int, Turn] = {}
    for places in streets.values():
        segments: dict[int, Segment] = {}
        for at in places:
            side, (low, high, reverse) = numbered[at]
            numbers = (high, low) if reverse else (low, high)
            known = segments.get(side.row)
            ends = known.ends if known else (_place_of(side.line[0]), _place_of(side.line[-1]))
            other = (known.right if side.left else known.left) if known else None
            left, right = (numbers, other) if side.left else (other, numbers)
            segments[side.row] = Segment(ends, left, right)
        turns.update(zip(segments, find_turns(list(segments.values())), strict=True))
    return turns


def _place_of(vertex: Floats) -> Place:
    lon, lat = vertex.tolist()[:2]
    return lon, lat


def _tell(turns: Mapping[int, Turn], say: Callable[[str], None]) -> None:
    count = Counter(turns.values())
    if count[Turn.BACKWARDS] or count[Turn.DOUBTFUL]:
        turned, doubtful = count[Turn.BACKWARDS], count[Turn.DOUBTFUL]
        say(f"  {turned:,} of {len(turns):,} segments turned: drawn against their numbers; {doubtful:,} in doubt")


def _place(side: Side, fraction: Floats, turn: Turn) -> Floats:
    """Where numbers stand: (n, 2 * offsets) as `_along` gives it. fraction: (n,) of the way from `start` to `end`."""
    sign = 1.0 if side.left else -1.0
    if turn is Turn.BACKWARDS:
        return _along(side.line[::-1], fraction, sign)
    spot = _along(side.line, fraction, sign)
    if turn is Turn.DOUBTFUL:
        # Instead of the first variant: nothing that lies between that and OFFSET is missed from the other side.
        spot[:, 2:4] = _along(side.line[::-1], fraction, sign)[:, :2]
    return spot


def _geojson_sides(path: Path, source: Source) -> Iterator[Side]:
    """Both sides of every line of a city's centreline file, by the property names in the recipe."""
    part = source.part
    for row, feature in enumerate(_features(path), 1):
        properties = feature["properties"]
        wanted = {*part["street"], *part["left"].values(), *part["right"].values()}
        for absent in sorted(wanted - set(properties)) if row == 1 else ():
            raise SourceError(path, row, f"no property {absent!r}", "name the right property in the recipe")
        key = official_key(
            source.recipe, " ".join(str(properties[word]) for word in part["street"] if properties.get(word))
        )
        if not feature.get("geometry"):
            continue
        lines = feature["geometry"]["coordinates"]
        line = np.array(max(lines, key=len) if feature["geometry"]["type"] == "MultiLineString" else lines, dtype=float)
        for side in ("left", "right"):
            columns = part[side]
            town = str(properties.get(columns["town"]) or "").title() if "town" in columns else part["town"]
            area = str(properties.get(columns["area"]) or "") if "area" in columns else ""
            ends = properties.get(columns["from"]), properties.get(columns["to"])
            yield Side(row, town, key, line, side == "left", *ends, place_key(area))


def _addrfeat_sides(path: Path, source: Source, finder: TownFinder | None) -> Iterator[Side]:
    """Both sides of every line of a TIGER/Line ADDRFEAT file. Source: TIGER/Line Technical Documentation, 4.12.

    The file names no towns: the recipe does, or the finder by the place, the ZIP or the opposite side's, or the county.
    """
    shapefile = open_shapefile(path)
    unproject = unprojection(shapefile.projection, path)
    codes: Counter[str] = Counter()
    for shape in shapefile.records() if finder else ():
        codes.update(code for code in (shape.attributes.get("ZIPL"), shape.attributes.get("ZIPR")) if code)
    county = finder.county(codes) if finder else ""
    for shape in shapefile.records():
        found = shape.attributes
        for name in ("FULLNAME", "LFROMHN", "LTOHN", "RFROMHN", "RTOHN", "ZIPL", "ZIPR"):
            if name not in found:
                raise SourceError(path, shape.row, f"no column {name!r}", "is it an ADDRFEAT file?")
        if not shape.parts:
            continue
        key = official_key(source.recipe, found["FULLNAME"])
        line = unproject(max(shape.parts, key=len))
        for side, other in ("LR", "RL"):
            ends = found[f"{side}FROMHN"], found[f"{side}TOHN"]
            if not any(ends):
                continue
            code = found[f"ZIP{side}"]
            if finder is None:
                town = source.part["town"]
            else:
                spot = _along(line, np.array([0.5]), 1.0 if side == "L" else -1.0)[:, :2]
                known = code if finder.named("", code, "") else found[f"ZIP{other}"]
                (town,) = finder.find(spot, [("", known, county)])
            yield Side(shape.row, town, key, line, side == "L", *ends, code)


def _features(path: Path) -> Iterator[dict[str, Any]]:
    try:
        yield from json.loads(path.read_text("utf-8"))["features"]
    except (json.JSONDecodeError, KeyError, UnicodeDecodeError) as error:
        raise SourceError(path, None, f"not a GeoJSON feature collection ({error})", "fetch the file again") from None


def _span(start: object, end: object) -> Span | None:
    """Low, high and whether the numbers fall along the line; None without a believable range."""
    ends = []
    for text in (start, end):
        digits = re.match(r"\d+", str(text or "").strip())
        ends.append(int(digits[0]) if digits else 0)
    low, high = min(ends), max(ends)
    if low <= 0:
        low = high
    if low <= 0 or high - low > LONGEST:
        return None
    return low, high, ends[0] > ends[1]


def _houses(low: int, high: int) -> range:
    """The numbers of a side: all of them if its ends are an even and an odd one."""
    return range(low, high + 1, 1 if (high - low) % 2 else 2)


def _along(line: Floats, fraction: Floats, sign: float) -> Floats:
    """Positions along a line at each fraction of its length, set off to its left (sign 1) or right (-1).

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
        places.append(plane.restore(base + normal * offset))
    return np.hstack(places)
