"""An invented state, built from nothing but its files: no line of code knows its name."""

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from boundaries.builder.release.compile import build
from boundaries.builder.sources.recipe import read_recipe
from boundaries.errors import SourceError
from boundaries.model import Pair
from boundaries.state import open_state

# Zedland is a square of two tenths of a degree on the equator. A line from north to south separates the senate
# districts East and West; one from west to east separates the house districts "1st Upper" and "2nd Lower".
HALF = 0.1
SENATE = {"West": (-HALF, -HALF, 0.0, HALF), "East": (0.0, -HALF, HALF, HALF)}
HOUSE = {"1st Upper": (-HALF, 0.0, HALF, HALF), "2nd Lower": (-HALF, -HALF, HALF, 0.0)}
PEOPLE = {
    "a": ("Ann Day", "West", "upper"), "b": ("Bo Fox", "East", "upper"),
    "c": ("Cy Roe", "1st Upper", "lower"), "d": ("Di Poe", "2nd Lower", "lower"),
}  # fmt: skip
ROSTER = ("id", "name", "current_party", "current_district", "current_chamber", "given_name", "family_name", "email",
          "capitol_voice", "capitol_address", "district_voice")  # fmt: skip
STATE: dict[str, Any] = {
    "code": "zz", "name": "Zedland",
    "titles": {"senate": "Elder", "house": "Delegate"}, "chamber_names": {"senate": "Elders", "house": "Delegates"},
    "districts": {"senate": {"file": "senate.geojson", "name": "NAME"},
                  "house": {"file": "house.geojson", "name": "NAME"}},
    "divisions": {"file": "divisions.csv"},
    "roster": {"file": "people.csv", "date": "2026-11-01", "vacant": []},
    "towns": {"file": "towns.csv", "town": "place", "senate": "upper", "house": "lower"},
    "places": {"file": "villages.csv"},
    "streets": [
        {"kind": "points", "label": "points", "file": "points.csv",
         "columns": {"town": "T", "street": "S", "number": "N", "lon": "X", "lat": "Y"}},
        {"kind": "ranges", "label": "ranges", "file": "lines.geojson", "street": ["NAME"], "town": "Mid",
         "left": {"from": "LF", "to": "LT"}, "right": {"from": "RF", "to": "RT"}},
    ],
}  # fmt: skip
FILES = ("senate.geojson", "house.geojson", "divisions.csv", "people.csv", "towns.csv", "villages.csv", "points.csv",
         "lines.geojson")  # fmt: skip


def box(west: float, south: float, east: float, north: float) -> list[list[list[float]]]:
    # Each side has the vertices of its neighbors, as real coverages do.
    middle, height = (west + east) / 2, (south + north) / 2
    return [[[west, south], [middle, south], [east, south], [east, height], [east, north], [middle, north],
             [west, north], [west, height], [west, south]]]  # fmt: skip


def write_map(path: Path, features: list[dict[str, Any]]) -> None:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")


def write_table(path: Path, *rows: tuple[object, ...]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Zedland's folder: recipe and sources in one."""
    for name, districts in (("senate", SENATE), ("house", HOUSE)):
        write_map(tmp_path / f"{name}.geojson", [
            {"type": "Feature", "properties": {"NAME": district}, "geometry": {
                "type": "Polygon", "coordinates": box(*bounds)}}
            for district, bounds in districts.items()
        ])  # fmt: skip
    chambers = [("senate", name) for name in SENATE] + [("house", name) for name in HOUSE]
    write_table(
        tmp_path / "divisions.csv", ("chamber", "openstates_district", "ocd_division_id"),
        *((chamber, name, f"ocd-division/country:zz/{chamber}:{name}") for chamber, name in chambers),
    )  # fmt: skip
    write_table(tmp_path / "people.csv", ROSTER, *(
        (person, name, "", district, chamber, *name.split(), f"{person}@legislature.example", "", "", "")
        for person, (name, district, chamber) in PEOPLE.items()
    ))  # fmt: skip
    write_table(
        tmp_path / "towns.csv", ("place", "upper", "lower"), ("Westerly", "West", "1st Upper"),
        *(("Mid", senate, house) for senate in SENATE for house in HOUSE),
    )  # fmt: skip
    write_table(tmp_path / "villages.csv", ("place", "towns"), ("Crossing", "Mid"))
    # Long Row runs east along latitude 0.01, 10 meters a number, and crosses the senate line at number 200.
    rows = [("Mid", "Long Row", n, round((n - 200) * 9e-5, 6), 0.01 + (n % 2) * 3e-4) for n in range(100, 300)]
    rows += [("Mid", "Short Way", n, 0.05, -0.05 - n * 9e-5) for n in range(2, 40, 2)]
    write_table(tmp_path / "points.csv", ("T", "S", "N", "X", "Y"), *rows)
    line = {"type": "LineString", "coordinates": [[-0.05, -0.02], [-0.05, -0.03]]}
    write_map(tmp_path / "lines.geojson", [{"type": "Feature", "geometry": line, "properties": {
        "NAME": "Ladder Lane", "LF": "1", "LT": "99", "RF": "2", "RT": "98"}}])  # fmt: skip
    return write_recipe(tmp_path)


def write_recipe(folder: Path, **parts: object) -> Path:
    described = [{"file": name, "what": "drawn", "from": "here", "date": "2026", "licence": "none"} for name in FILES]
    (folder / "recipe.json").write_text(json.dumps(STATE | {"sources": described} | parts), "utf-8")
    return folder


def say(_: str) -> None:
    """Ignore the builder's progress."""


def make(home: Path, without: Sequence[tuple[str, str, str]] = ()) -> Path:
    build(read_recipe(home / "recipe.json", home), home / "built", say, without)
    return home / "built"


def everything(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_built_state_opens_and_locates(home: Path) -> None:
    state = open_state(make(home))
    assert (state.name, state.towns) == ("Zedland", ("Mid", "Westerly"))
    assert state.locate("120 Long Row", "Mid", "").pairs == (Pair("West", "1st Upper"),)
    assert state.locate("280 Long Row", "Crossing", "").pairs == (Pair("East", "1st Upper"),)
    assert state.locate("8 Short Way", "Mid", "").pairs == (Pair("East", "2nd Lower"),)
    assert state.locate("", "Westerly", "").pairs == (Pair("West", "1st Upper"),)
    (member,) = state.legislators("senate", "West")
    assert member is not None
    assert (member.name, state.titles["senate"]) == ("Ann Day", "Elder")


def test_ranges_alone_are_enough_for_a_street(home: Path) -> None:
    assert open_state(make(home)).locate("50 Ladder Lane", "Mid", "").pairs == (Pair("West", "2nd Lower"),)


def test_a_place_on_the_map_is_found(home: Path) -> None:
    answer = open_state(make(home)).locate_point(0.05, -0.05)
    assert answer.pairs == (Pair("West", "1st Upper"),)


def test_a_house_on_the_line_and_an_unknown_street_need_a_choice(home: Path) -> None:
    houses = ("Mid", "Gap Row", 2, -9e-4, 0.01), ("Mid", "Gap Row", 40, 9e-4, 0.01)
    write_table(home / "points.csv", ("T", "S", "N", "X", "Y"), *houses)
    state = open_state(make(home))
    gap = state.locate("20 Gap Row", "Mid", "")
    assert gap.status == "choose"
    assert {Pair("West", "1st Upper"), Pair("East", "1st Upper")} <= set(gap.pairs)
    assert state.locate("3 Nowhere Rd", "Mid", "").status == "choose"


def test_the_same_input_gives_the_same_bytes(home: Path) -> None:
    first = everything(make(home))
    assert everything(make(home)) == first
    assert {"state.json", "streets.bin", "outlines.bin", "SOURCES.md"} <= set(first)


def test_an_excluded_address_is_not_in_the_book(home: Path) -> None:
    judged = [("Mid", "Long Row", str(number)) for number in range(180, 221)]
    assert open_state(make(home, judged)).locate("200 Long Row", "Mid", "").status == "choose"


def drop(name: str) -> Callable[[Path], None]:
    return lambda home: (home / name).unlink()


def swap(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(home: Path) -> None:
        text = (home / name).read_text("utf-8")
        assert old in text
        (home / name).write_text(text.replace(old, new, 1), "utf-8")

    return change


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (drop("points.csv"), "points.csv: no such file; put it there, or correct "),
        (drop("senate.geojson"), "senate.geojson: no such file; put it there"),
        (swap("points.csv", "T,S,N,X,Y", "T,S,N,X,Lat"), "points.csv:1: no column 'Y'; found T, S, N, X, Lat: is it"),
        (swap("points.csv", "Mid,Long Row,102,", "Long Row,102,"), "points.csv:4: 4 columns, 5 expected; fetch the"),
        (swap("points.csv", "Mid,Long", "Nod,Long"), "points.csv:2: unknown town 'Nod'; add it to the town table"),
        (swap("points.csv", "Row,101,", "Row,none,"), "points.csv:3: house number 'none' is not a number; correct or"),
        (swap("points.csv", ",-0.009,", ",west,"), "points.csv:2: no coordinates in 'west', '0.01'; correct or remove"),
        (swap("points.csv", ",-0.009,", ",nan,"), "points.csv:2: longitude nan, latitude 0.01 is outside every dist"),
        (swap("points.csv", ",-0.009,", ",71.1,"), "points.csv:2: longitude 71.1, latitude 0.01 is outside every"),
        (swap("lines.geojson", "-0.05, -0.02", "5.0, -0.02"), "lines.geojson:1: longitude 5, latitude -0.02 is out"),
        (swap("lines.geojson", '"LF"', '"FROM"'), "lines.geojson:1: no property 'LF'; name the right property"),
        (swap("lines.geojson", "}", ""), "lines.geojson: not a GeoJSON feature collection ("),
        (swap("house.geojson", "1st Upper", "3rd Upper"), "house.geojson:1: unknown house district '3rd Upper'; add"),
        (swap("house.geojson", "NAME", "NAM"), "house.geojson:1: feature without 'NAME'; name the right property"),
        (swap("house.geojson", "[0.0, 0.1]", "[0.0, 91]"), "house.geojson:1: coordinates are not degrees; name"),
        (swap("divisions.csv", "house,2nd Lower", "house,2nd Low"), "unknown house district '2nd Lower'; add it to"),
        (swap("people.csv", "b,Bo Fox", "a,Bo Fox"), "people.csv:3: id 'a' is on line 2 too; remove one of the two"),
        (swap("people.csv", "East", "West"), "people.csv:3: Bo Fox holds senate West, which Ann Day holds on line 2"),
        (swap("towns.csv", "Westerly,West", "Westerly,Wet"), "towns.csv:2: unknown senate district 'Wet'; correct"),
        (swap("villages.csv", ",Mid", ",Mud"), "villages.csv:2: unknown town 'Mud'; correct it"),
        (swap("recipe.json", '"streets"', '"roads"'), "recipe.json: no 'streets'; add it"),
        (swap("recipe.json", '"points"', '"dots"'), "recipe.json: unknown kind 'dots'; points, ranges or addrfeat"),
        (swap("recipe.json", "{", "{,"), "recipe.json:1: not JSON ("),
    ],
)  # fmt: skip
def test_bad_input_is_named_with_its_remedy_and_changes_nothing(
    home: Path, spoil: Callable[[Path], None], said: str
) -> None:
    built = home / "built"
    built.mkdir()
    (built / "streets.bin").write_bytes(b"the old ones")
    spoil(home)
    with pytest.raises(SourceError) as error:
        make(home)
    assert said in str(error.value)
    assert "; " in str(error.value)
    assert everything(built) == {"streets.bin": b"the old ones"}
    assert not [path for path in home.iterdir() if path.name.startswith(".built-")]


def test_a_district_needs_a_member_or_a_named_vacancy(home: Path) -> None:
    swap("people.csv", "d,Di Poe,,2nd Lower,lower,Di,Poe,d@legislature.example,,,", "")(home)
    with pytest.raises(SourceError, match=r"people.csv: no member for house 2nd Lower \(1 of 4\); add the member, or"):
        make(home)
    seat = {"chamber": "house", "district": "2nd Lower"}
    write_recipe(home, roster=STATE["roster"] | {"vacant": [seat]})
    assert open_state(make(home)).legislators("house", "2nd Lower") == ()


def test_the_run_that_decided_is_described_with_its_bounds(home: Path) -> None:
    state = open_state(make(home))
    assert state.describe_run(state.locate("120 Long Row", "Mid", "")) == "even numbers up to 198"
    assert state.describe_run(state.locate("281 Long Row", "Mid", "")) == "odd numbers from 201 on"
    assert state.describe_run(state.locate("8 Short Way", "Mid", "")) == "the whole street"
    assert not state.describe_run(state.locate("8 Any St", "Westerly", ""))


def test_a_towns_pairs_are_ordered_by_number_of_addresses(home: Path) -> None:
    rows = (make(home) / "towns.csv").read_text("utf-8").splitlines()
    assert [row for row in rows if row.startswith("Mid")] == [
        "Mid,East,1st Upper", "Mid,West,1st Upper", "Mid,West,2nd Lower", "Mid,East,2nd Lower"
    ]  # fmt: skip
