"""Segments drawn backwards: detected by the segments of their street that they touch, and reversed."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from boundaries.builder.sources.evidence import Source, Streets
from boundaries.builder.sources.geometry import METERS_PER_DEGREE
from boundaries.builder.sources.line_direction import Numbers, Segment, find_directions
from boundaries.builder.sources.line_offset import VARIANTS
from boundaries.builder.sources.ranges import read_ranges
from boundaries.builder.sources.recipe import make_recipe, read_recipe
from boundaries.data import shipped
from tests.unit.boundaries import zedland

BOSTON = Path(__file__).parents[4] / "shared/data/ma/boston_street_segments.geojson"
TENTH = 0.001  # degrees: about 111 m

Piece = tuple[float, float, Numbers | None, Numbers | None]  # its first and last point on the street, left, right


def drawn(first: float, last: float, left: Numbers | None, right: Numbers | None) -> Segment:
    """A piece of a street that runs east."""
    return Segment(((first, 0.0), (last, 0.0)), left, right)


def turns(*pieces: Piece) -> list[str]:
    return [turn.name for turn in find_directions([drawn(*piece) for piece in pieces])]


FIRST: Piece = (0, 1, (2, 10), (1, 9))
SECOND: Piece = (1, 2, (12, 20), (11, 19))
THIRD: Piece = (2, 3, (22, 30), (21, 29))
FOURTH: Piece = (3, 4, (32, 40), (31, 39))
FIFTH: Piece = (4, 5, (42, 50), (41, 49))


def back(piece: Piece) -> Piece:
    """The same numbers along a line that runs the other way."""
    first, last, left, right = piece
    return last, first, left, right


def rewritten(piece: Piece) -> Piece:
    """The same houses, described along a line that runs the other way."""
    first, last, left, right = piece
    assert left
    assert right
    return last, first, right[::-1], left[::-1]


def test_a_consistently_numbered_street_stays_as_drawn() -> None:
    assert turns(FIRST, SECOND, THIRD) == ["AS_DRAWN"] * 3
    assert turns(FIRST, rewritten(SECOND), THIRD) == ["AS_DRAWN"] * 3
    assert turns(*map(rewritten, (FIRST, SECOND, THIRD))) == ["AS_DRAWN"] * 3


@pytest.mark.parametrize("which", range(3))
def test_a_segment_against_its_neighbors_is_reversed(which: int) -> None:
    pieces = [FIRST, SECOND, THIRD]
    pieces[which] = back(pieces[which])
    assert turns(*pieces) == ["REVERSED" if at == which else "AS_DRAWN" for at in range(3)]


def test_several_in_a_row_or_a_whole_street_can_be_reversed() -> None:
    assert turns(FIRST, back(SECOND), back(THIRD)) == ["AS_DRAWN", "REVERSED", "REVERSED"]
    assert turns(back(FIRST), back(SECOND), back(THIRD)) == ["REVERSED"] * 3


def test_consistent_sides_keep_a_segment_as_drawn() -> None:
    """Only its ends are switched, not its sides: either may be wrong."""
    exchanged: Piece = (2, 3, (30, 22), (29, 21))
    assert turns(FIRST, SECOND, exchanged, FOURTH, FIFTH) == [
        "AS_DRAWN",
        "AS_DRAWN",
        "DOUBTFUL",
        "AS_DRAWN",
        "AS_DRAWN",
    ]


def test_only_switched_sides_are_doubtful() -> None:
    exchanged: Piece = (2, 3, (21, 29), (22, 30))
    assert turns(FIRST, SECOND, exchanged, FOURTH, FIFTH) == [
        "AS_DRAWN",
        "AS_DRAWN",
        "DOUBTFUL",
        "AS_DRAWN",
        "AS_DRAWN",
    ]
    assert turns(FIRST, (1, 2, (11, 19), (12, 20))) == ["DOUBTFUL"] * 2  # one of the two, unknown which


def test_contradictory_neighbors_make_a_segment_doubtful() -> None:
    assert turns(FIRST, SECOND, (2, 3, (4, 8), (3, 7)))[1] == "DOUBTFUL"


def test_overlapping_numbers_say_nothing() -> None:
    assert turns((0, 1, (2, 20), (1, 19)), (1, 2, (10, 30), (9, 29))) == ["DOUBTFUL"] * 2


def test_neighbors_may_share_the_number_at_the_intersection() -> None:
    assert turns((0, 1, (2, 10), (1, 9)), (2, 1, (10, 20), (9, 19))) == ["AS_DRAWN", "REVERSED"]


def test_a_single_number_has_sides_but_no_order() -> None:
    corner: Piece = (1, 2, (12, 12), (11, 11))
    assert turns(FIRST, corner, THIRD)[1] == "AS_DRAWN"
    assert turns(FIRST, back(corner), THIRD)[1] == "DOUBTFUL"


def test_an_isolated_segment_stays_as_drawn() -> None:
    assert turns(FIRST, THIRD) == ["AS_DRAWN"] * 2
    assert turns(back(FIRST), THIRD) == ["AS_DRAWN"] * 2
    assert turns((0, 1, (2, 10), None), (1, 2, None, (1, 9))) == ["AS_DRAWN"] * 2  # only evens, next to only odds


def test_a_loop_says_nothing_about_itself() -> None:
    assert turns(FIRST, (1, 1, (12, 40), (11, 39))) == ["AS_DRAWN"] * 2
    assert "REVERSED" not in turns(FIRST, (1, 5, (12, 20), (11, 19)), (5, 1, (22, 30), (21, 29)))


def test_two_ranges_along_one_line_do_not_contradict_each_other() -> None:
    """How TIGER writes a line whose numbers have a gap."""
    assert turns(FIRST, (1, 2, (12, 14), (11, 19)), (1, 2, (18, 20), None), THIRD) == ["AS_DRAWN"] * 4


def houses(folder: Path, kind: str, pieces: list[Piece]) -> tuple[dict[int, tuple[float, float]], set[int], list[str]]:
    """Where a street's numbers are placed, those that may also be on the other side, and what was reported."""
    said: list[str] = []
    if kind == "ranges":
        (folder / "lines").write_text(json.dumps({"features": [
            {"properties": {"NAME": "Row St", "LF": left[0], "LT": left[1], "RF": right[0], "RT": right[1]},
             "geometry": {"type": "LineString", "coordinates": [[first * TENTH, 0], [last * TENTH, 0]]}}
            for first, last, left, right in pieces if left and right
        ]}))  # fmt: skip
        part: dict[str, Any] = {"street": ["NAME"], "left": {"from": "LF", "to": "LT"},
                                "right": {"from": "RF", "to": "RT"}}  # fmt: skip
    else:
        zedland.write_addrfeat(folder / "lines", [
            ([(first * TENTH, 0.0), (last * TENTH, 0.0)], {
                "FULLNAME": "Row St", "LFROMHN": str(left[0]), "LTOHN": str(left[1]), "RFROMHN": str(right[0]),
                "RTOHN": str(right[1])})
            for first, last, left, right in pieces if left and right
        ])  # fmt: skip
        (folder / "lines").rename(folder / "lines.zip")
        part = {}
    name = "lines" if kind == "ranges" else "lines.zip"
    parts = ("code", "name", "titles", "chamber_names", "districts", "roster", "streets")
    recipe = make_recipe(folder / "recipe.json", {key: {} for key in parts}, folder, {})
    source = Source(recipe, part | {"kind": kind, "label": kind, "file": name, "town": "Mid"})
    places = read_ranges(source, Streets(("Mid",)), None, set(), said.append)
    assert len(places) == 1 + len(VARIANTS)
    spots = [
        {int(n): (x / TENTH, y) for n, (x, y) in zip(evidence.number, evidence.lonlat.tolist(), strict=True)}
        for evidence in places
    ]
    unsure = {n for n in spots[0] if {place[n][1] > 0 for place in spots} == {True, False}}
    return spots[0], unsure, said


@pytest.mark.parametrize("kind", ["ranges", "addrfeat"])
def test_reversed_numbers_continue_the_street(tmp_path: Path, kind: str) -> None:
    straight, _, quiet = houses(tmp_path, kind, [FIRST, SECOND, THIRD])
    spots, unsure, said = houses(tmp_path, kind, [FIRST, back(SECOND), THIRD])
    for number, spot in straight.items():
        assert spots[number] == pytest.approx(spot)
    assert {number for number, (_, y) in spots.items() if y > 0} == set(range(2, 31, 2))
    assert not unsure
    assert not quiet
    assert said == ["  1 of 3 segments reversed: drawn against their numbers; 0 in doubt"]


@pytest.mark.parametrize("kind", ["ranges", "addrfeat"])
def test_a_doubtful_segments_numbers_may_stand_on_either_side(tmp_path: Path, kind: str) -> None:
    exchanged: Piece = (2, 3, (21, 29), (22, 30))
    _, unsure, _ = houses(tmp_path, kind, [FIRST, SECOND, exchanged, FOURTH, FIFTH])
    assert unsure == set(range(21, 31))


# Where the city's own complaints desk places numbers of West Canton Street in Boston, to four decimals (about 5 m).
# Source: Boston 311 of 2015, GitHub johnsliao/bostonservicemap.
WEST_CANTON = {
    134: (-71.0749, 42.3426), 136: (-71.0751, 42.3426), 137: (-71.0747, 42.3428), 147: (-71.0750, 42.3430),
    156: (-71.0755, 42.3431), 161: (-71.0754, 42.3434), 165: (-71.0755, 42.3435), 166: (-71.0757, 42.3433),
    182: (-71.0760, 42.3437), 184: (-71.0761, 42.3441), 187: (-71.0760, 42.3444), 245: (-71.0776, 42.3459),
}  # fmt: skip


@pytest.mark.skipif(not BOSTON.exists(), reason="Boston's file lies outside the repository")
def test_west_canton_streets_numbers_are_on_the_right_side() -> None:
    """Four of its segments (100 to 182) are drawn backwards, and a line between districts runs down its middle."""
    recipe = read_recipe(shipped("ma") / "recipe.json", BOSTON.parent)
    (part,) = [part for part in recipe.content["streets"] if part["file"] == BOSTON.name]
    streets = Streets(("Boston",))
    evidence = read_ranges(Source(recipe, part), streets, None, set())[0]
    rows = np.flatnonzero(evidence.street == streets.street("Boston", "w canton st"))
    spots = {int(evidence.number[row]): evidence.lonlat[row] for row in rows}
    far = {}
    for number, place in WEST_CANTON.items():
        x, y = (spots[number] - np.array(place)) * METERS_PER_DEGREE * np.array([math.cos(math.radians(42.3)), 1])
        far[number] = math.hypot(x, y)
    assert max(far.values()) < 20, far
