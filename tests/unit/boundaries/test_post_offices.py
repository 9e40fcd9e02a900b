"""A post office is no town: who types its name may live in any town that it delivers to."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from boundaries.builder.book.thinness import find_thin
from boundaries.builder.release.compile import build
from boundaries.builder.sources.evidence import Evidence, Streets
from boundaries.builder.sources.namesakes import split_namesakes
from boundaries.builder.sources.new_recipe import draft_recipe
from boundaries.builder.sources.postal_areas import survey_postal_areas
from boundaries.builder.sources.recipe import make_recipe
from boundaries.gazetteer import Gazetteer, Town
from boundaries.model import Pair
from boundaries.state import State, open_state
from tests.unit.boundaries.zedland import named

WEST, EAST = -0.05, 0.05  # degrees: on either side of the senate's line
Row = tuple[str, str, str, int, float, float]  # city, ZIP, street, number, longitude, latitude


def along(city: str, code: str, street: str, numbers: Sequence[int], lon: float) -> list[Row]:
    """A street that runs north from latitude 0.02, eight meters a number."""
    return [(city, code, street, number, lon, 0.02 + number * 7e-5) for number in numbers]


# Irasburg's post office, 05845, delivers to Albany as well, which has its own, 05820. All of it is invented.
ROWS = [
    *along("Irasburg", "05845", "Mill Rd", range(2, 60, 2), WEST),
    *along("Irasburg", "05845", "Creek Rd", range(2, 60, 2), WEST - 0.01),
    *along("Albany", "05845", "Creek Rd", range(300, 360, 2), EAST + 0.01),
    *along("Albany", "05845", "Hill Rd", range(2, 60, 2), EAST),
    *along("Albany", "05820", "Mill Rd", range(2, 60, 2), EAST + 0.02),
    *along("Albany", "05820", "Water St", range(2, 300000, 99998), EAST + 0.03),
    *along("Albany", "05820", "N Water St", [70000, 70002], EAST),
]


def make(folder: Path, rows: Sequence[Row]) -> State:
    table = folder / "points.csv"
    with table.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["CITY", "POSTCODE", "STREET", "NUMBER", "LON", "LAT"])
        writer.writerows((*row[:5], min(row[5], 0.09)) for row in rows)
    unreached = ["house:11"]
    content, given = draft_recipe(named(folder, code="vt", name="Zedland", addresses=[table], unreached=unreached))
    built = folder / "vt"
    build(make_recipe(built / "recipe.json", content, built, given), built, lambda _: None)
    return open_state(built)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> State:
    return make(tmp_path_factory.mktemp("postal"), ROWS)


def test_a_street_of_another_town_of_the_post_office_is_found(state: State) -> None:
    for zip_code in ("05845", ""):
        answer = state.locate("20 Hill Rd", "Irasburg", zip_code)
        assert (answer.pairs, answer.address.town) == ((Pair("2", "10"),), "Albany")


def test_a_house_that_one_town_has_is_that_towns(state: State) -> None:
    assert state.locate("20 Creek Rd", "Irasburg", "05845").pairs == (Pair("1", "10"),)
    assert state.locate("330 Creek Rd", "Irasburg", "05845").pairs == (Pair("2", "10"),)


def test_a_house_that_either_town_may_have_is_asked_about(state: State) -> None:
    answer = state.locate("180 Creek Rd", "Irasburg", "05845")
    assert (answer.status, answer.reason) == ("choose", "several_towns")
    assert set(answer.pairs) == {Pair("1", "10"), Pair("2", "10")}


def test_a_street_with_another_zip_is_not_meant(state: State) -> None:
    assert state.locate("20 Mill Rd", "Irasburg", "05845").pairs == (Pair("1", "10"),)


def test_who_names_their_own_town_with_its_neighbors_zip_is_understood(state: State) -> None:
    assert state.locate("20 Hill Rd", "Albany", "05845").pairs == (Pair("2", "10"),)


def test_a_number_too_large_to_keep_is_no_error(state: State) -> None:
    assert state.locate("70000 Water St", "Albany", "").status in ("matched", "choose")


def points(rows: Sequence[Row]) -> tuple[Streets, Evidence]:
    streets = Streets(())
    ids = [streets.street(city, street) for city, _, street, *_ in rows]
    areas = [streets.area(code) for _, code, *_ in rows]
    numbers = np.array([row[3] for row in rows])
    lonlat = np.array([row[4:] for row in rows])
    return streets, Evidence(np.array(ids), numbers, lonlat, np.array(areas), np.ones(len(rows), dtype=np.int64))


def test_a_zip_without_any_address_near_it_leads_nowhere() -> None:
    streets, evidence = points(along("Mid", "", "Elm St", range(2, 20, 2), WEST))
    areas = survey_postal_areas(streets, evidence, {"99901": (WEST, 0.02), "99902": (WEST + 2, 0.02)})
    assert areas.zips == {"99901": ("Mid",), "99902": ()}
    assert areas.report() == ["  ZIPs       2; 2 have no address, 1 none nearby"]


def test_the_report_names_zips_whose_addresses_are_far_away() -> None:
    streets, evidence = points(along("Mid", "99902", "Elm St", range(2, 20, 2), WEST))
    areas = survey_postal_areas(streets, evidence, {"99901": (WEST, 0.02), "99902": (WEST + 2, 0.02)})
    assert areas.far == ["99902"]


@pytest.fixture
def gazetteer() -> Gazetteer:
    """Mid is covered; the sources know no address near 05901, whose post office has its name, too."""
    town = Town("Mid", (0,), None, {}, False, frozenset({"05801"}), "")
    zips: dict[str, tuple[str, ...]] = {"05801": ("Mid",), "05901": ()}
    return Gazetteer("vt", "Zedland", {"Mid": town}, {"mid": ("Mid",)}, zips, {"mid": ("05801",)}, surveyed=True)


def test_a_zip_that_is_not_covered_leads_to_no_town_of_that_name(gazetteer: Gazetteer) -> None:
    assert gazetteer.read("Mid", "05901").uncovered
    assert gazetteer.read("Mid", "05801").towns == gazetteer.towns


def test_a_town_that_is_far_from_its_zip_is_asked_about(state: State) -> None:
    answer = state.locate("20 Mill Rd", "Irasburg", "05820")
    assert (answer.status, answer.reason) == ("choose", "several_towns")


def test_towns_of_one_name_in_two_counties_are_two_towns() -> None:
    rows = [*along("Franklin Township", "", "Elm St", range(2, 20, 2), 0.0),
            *along("Franklin Township", "", "Elm St", range(2, 40, 2), 1.0),
            *along("Greene Township", "", "Elm St", range(2, 20, 2), 0.0)]  # fmt: skip
    streets, evidence = points(rows)
    split = split_namesakes(streets, evidence, lambda lon, _: "East County" if lon > 0.5 else "West County")
    east, west = "Franklin Township (East County)", "Franklin Township (West County)"
    assert split == {"franklin township": (east, west)}
    assert {town for town, _ in streets.ids} == {east, west, "Greene Township"}
    entries = list(streets.ids)
    named_so = [entries[street][0] for street in evidence.street.tolist()]
    assert named_so == [west] * 9 + [east] * 19 + ["Greene Township"] * 9


def test_a_number_is_no_town(tmp_path: Path) -> None:
    state = make(tmp_path, [*ROWS, *along("-76.98786", "", "Elm St", range(2, 20, 2), WEST)])
    assert state.towns == ("Albany", "Irasburg")


def test_a_source_with_one_house_on_most_streets_is_thin() -> None:
    full, few = [0, 0, 0, 0, 1, 1, 1, 1], [2, 3, 4, 5, 5]
    street = np.array(full + few)
    found = find_thin(["Full", "Few"], np.array([0, 0, 1, 1, 1, 1]), street, np.arange(len(street)))
    assert found == ["Few"]


def test_a_thin_source_asks_instead_of_trusting_a_neighbors_street(tmp_path: Path) -> None:
    single = [along("Irasburg", "05845", f"{name} Rd", [20], WEST)[0] for name in ("Oak", "Ash", "Fir", "Yew")]
    state = make(tmp_path, [*single, *along("Albany", "05845", "Hill Rd", range(2, 60, 2), EAST)])
    assert state.locate("20 Oak Rd", "Irasburg", "05845").pairs == (Pair("1", "10"),)
    assert state.locate("21 Hill Rd", "Irasburg", "05845").status == "choose"
