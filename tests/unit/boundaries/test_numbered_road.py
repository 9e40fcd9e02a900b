"""A road with a number for a name is found however its kind is written, by people and by sources."""

from pathlib import Path

import pytest

from boundaries.builder.sources.evidence import official_key
from boundaries.builder.sources.recipe import Recipe
from boundaries.street_aliases import StreetAliases
from boundaries.street_index import StreetIndex
from boundaries.street_line import iter_parses, parse_street_line
from boundaries.street_name import Relation

NO_RECIPE = Recipe({}, Path(), Path())


def found(typed: str, *sources: str) -> dict[str, Relation]:
    """The streets that an address leads to, by key, in a town whose streets a source writes like this."""
    index = StreetIndex([official_key(NO_RECIPE, name) for name in sources], StreetAliases())
    for parse in iter_parses(parse_street_line(typed)):
        hits = index.find(parse.street, fuzzy=False)
        if hits and parse.house and parse.house.low == 12:
            return dict(hits.streets)
    return {}


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("County Road 5", ["CR 5", "C.R. 5", "CR5", "CR-5", "Co Rd 5", "Co. Road 5", "Cty Rd 5", "County Rd 5 Apt 3"]),
        ("CO RD 31B", ["CR 31B", "County Road 31B", "cr31b"]),
        ("CR 5", ["County Road 5", "Co Hwy 5"]),
        ("VT ROUTE 22A", ["Route 22A", "Rte 22A", "SR 22A", "State Route 22A", "State Hwy 22A", "VT 22A", "Hwy 22A"]),
        ("STATE HWY 71", ["SH 71", "TX-71", "TX 71", "Highway 71", "State Highway 71"]),
        ("STATE ROAD 9", ["SR 9", "SR-9", "State Route 9"]),
        ("US HIGHWAY 20", ["US 20", "U.S. 20", "US-20", "US Rte 20", "US Route 20", "Hwy 20", "Highway 20", "US20"]),
        ("FM 1960", ["FM1960", "F.M. 1960", "Farm to Market Rd 1960", "Farm Road 1960"]),
        ("Ranch Road 620", ["RR 620", "RM 620", "Ranch to Market Road 620"]),
        ("I-35", ["IH 35", "IH-35", "Interstate 35", "Interstate Highway 35"]),
        ("Township Road 12", ["Twp Rd 12", "TR 12"]),
    ],
)
def test_a_numbered_road_is_found_by_any_of_its_names(written: str, typed: list[str]) -> None:
    key = official_key(NO_RECIPE, written)
    for name in typed:
        assert found(f"12 {name}", written, "Main St", "Route 99").keys() == {key}, name


def test_a_road_of_another_kind_or_number_is_another() -> None:
    assert found("12 CR 5", "State Route 5", "US Hwy 5", "County Road 50", "FM 5") == {}
    assert found("12 US 20", "State Route 20", "County Road 20") == {}


def test_a_kind_left_out_leads_to_every_road_of_that_number() -> None:
    assert found("12 Highway 20", "US Hwy 20", "State Rte 20", "County Rd 20").keys() == {"us hwy 20", "state rte 20"}


def test_a_number_may_be_a_roads_or_an_apartments() -> None:
    assert found("12 County Rd 5", "CR 5", "County Rd").keys() == {"cr 5", "county rd"}
    assert found("12 County Rd 6", "CR 5", "County Rd").keys() == {"county rd"}
    assert found("12 Route 1", "Route 1 A", "Route 1") == {"rte 1": Relation.SAME}
    assert found("12 Highway 1A", "Route 1 A", "Route 1") == {"rte 1 a": Relation.SAME}


def test_a_part_of_a_road_is_not_another_part() -> None:
    parts = "VT Route 7B Central", "VT Route 7B N", "VT Route 7B S"
    assert found("12 Route 7B Central", *parts) == {"vt rte 7b central": Relation.SAME}
    assert found("12 Route 7B", *parts).keys() == {"vt rte 7b central", "vt rte 7b n", "vt rte 7b s"}
    assert found("12 SR 49", "Route 49 Podunk Pike") == {"rte 49 podunk pike": Relation.DROPPED}


def test_a_direction_left_out_leads_to_both_ends() -> None:
    assert found("12 CR 7", "County Road 7 N", "County Road 7 S") == {
        "county road 7 n": Relation.DROPPED, "county road 7 s": Relation.DROPPED,
    }  # fmt: skip
    assert found("12 CR 7 South", "County Road 7 N", "County Road 7 S") == {"county road 7 s": Relation.SAME}
    assert found("12 US-20 W", "US Hwy 20") == {"us hwy 20": Relation.ADDED}


@pytest.mark.parametrize("written", ["41 AVE", "41ST AVE"])
@pytest.mark.parametrize("typed", ["41 Ave", "41st Ave", "41st Avenue", "41 avenue"])
def test_a_numbered_street_needs_no_ending(written: str, typed: str) -> None:
    assert found(f"12 {typed}", written, "42nd Ave")[official_key(NO_RECIPE, written)] == Relation.SAME


@pytest.mark.parametrize("typed", ["12 W 100 S", "12 West 100 South", "12 W. 100 So."])
def test_a_street_of_a_grid_is_named_by_its_coordinate(typed: str) -> None:
    streets = found(typed, "WEST 100 SOUTH", "EAST 100 SOUTH", "WEST 200 SOUTH")
    assert {key for key, relation in streets.items() if relation is Relation.SAME} == {"w 100 s"}


@pytest.mark.parametrize("mark", ["", "'", "\u02bb", "\u02bc", "\u02bf", "\u2018", "\u2019", "\u201b", "\u2032", "`"])
def test_an_okina_may_be_any_mark_or_none(mark: str) -> None:
    assert found(f"12 Kalaniana{mark}ole Highway", "KALANIANA\u02bbOLE HWY") == {"kalanianaole hwy": Relation.SAME}
