"""A real county of the Census, Meagher in Montana, with districts drawn for this test."""

from pathlib import Path

import pytest

from boundaries.builder.release.compile import build
from boundaries.builder.sources.new_recipe import BuildOptions, draft_recipe
from boundaries.builder.sources.recipe import make_recipe
from boundaries.model import Pair
from boundaries.state import State, open_state
from tests.unit.boundaries import zedland

COUNTY = Path(__file__).parents[4] / "shared/data/ma/tl_2021_30059_addrfeat.zip"
SENATE = {"1": (-111.6, 46.0, -110.9, 47.1), "2": (-110.9, 46.0, -110.1, 47.1)}
HOUSE = {"10": (-111.6, 46.55, -110.1, 47.1), "11": (-111.6, 46.0, -110.1, 46.55)}

pytestmark = pytest.mark.skipif(not COUNTY.exists(), reason="the county's file lies outside the repository")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("montana")
    senate = zedland.write_tiger(folder / "tl_2021_30_sldu.zip", SENATE, "SLDUST", "State Senate District")
    house = zedland.write_tiger(folder / "tl_2021_30_sldl.zip", HOUSE, "SLDLST", "State House District")
    content, given = draft_recipe(BuildOptions(
        code="mt", name="", districts=[str(senate), str(house)], addresses=[COUNTY],
        people=zedland.write_people(folder / "mt.csv"), people_date="2026-11-01",
    ))  # fmt: skip
    recipe = make_recipe(folder / "mt/recipe.json", content, folder, given)
    build(recipe, folder / "mt", lambda _: None)
    return folder / "mt"


@pytest.fixture(scope="module")
def state(built: Path) -> State:
    return open_state(built)


def test_towns_come_from_the_zips_of_the_ranges(state: State) -> None:
    assert state.name == "Montana"
    assert {"White Sulphur Springs", "Ringling", "Martinsdale"} <= set(state.towns)


def test_a_street_far_from_every_line_matches_however_it_is_written(state: State) -> None:
    for street in ("150 Spencer Ave", "150 Spencer Avenue", "150 spencer"):
        assert state.locate(street, "Ringling", "59642").pairs == (Pair("2", "11"),)


def test_a_road_across_a_line_needs_a_choice_where_it_crosses(state: State) -> None:
    # E Main St runs east through the county's seat, from one senate district into the other.
    answers = [state.locate(f"{number} US Hwy 12 E", "White Sulphur Springs", "").pairs for number in range(2, 4000, 2)]
    asked = [place for place, pairs in enumerate(answers) if len(pairs) > 1]
    sure = [place for place, pairs in enumerate(answers) if len(pairs) == 1]
    assert asked
    assert sure
    changes = [place for place in sure[1:] if answers[place] != answers[sure[sure.index(place) - 1]]]
    assert all(len(answers[place - 1]) > 1 for place in changes), "a sure stretch never touches another one"


def test_a_numbered_road_keeps_its_number(state: State) -> None:
    twelve, eighty_nine = ({
        state.locate(f"{number} US Hwy {road}", "White Sulphur Springs", "").address.street for number in range(1, 99)
    } for road in (12, 89))  # fmt: skip
    assert "US Hwy" not in twelve | eighty_nine


def test_a_town_known_only_in_part_is_not_assumed_to_be_in_one_pair(state: State) -> None:
    # The file holds one address of Townsend, which lies in the next county.
    assert state.locate("", "Townsend", "59644").status != "matched"


def test_another_state_is_still_recognized(state: State) -> None:
    assert state.locate("5 Hope St", "Providence, RI", "02906").reason == "other_state"
