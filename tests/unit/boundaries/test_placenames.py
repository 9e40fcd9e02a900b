"""A municipality is found with or without its kind."""

import pytest

from boundaries.gazetteer import Gazetteer, Town
from boundaries.placenames import place_key


def gazetteer(code: str, name: str, *names: str) -> Gazetteer:
    """A state of whole towns."""
    towns = {town: Town(town, (0,), None, {}, False, frozenset(), "") for town in names}
    return Gazetteer(code, name, towns, {place_key(town): (town,) for town in names}, {}, {})


JERSEY = gazetteer("nj", "New Jersey", "Hamilton", "Cherry Hill Township", "Chester Borough", "Chester Township")


@pytest.mark.parametrize(
    ("typed", "towns"),
    [
        ("Hamilton Twp", ["Hamilton"]),
        ("Hamilton Twp., NJ", ["Hamilton"]),
        ("Township of Hamilton", ["Hamilton"]),
        ("HAMILTON TOWNSHIP", ["Hamilton"]),
        ("Cherry Hill", ["Cherry Hill Township"]),
        ("Cherry Hill Twp", ["Cherry Hill Township"]),
        ("Chester Boro", ["Chester Borough"]),
        ("Chester Twp", ["Chester Township"]),
        ("Chester", ["Chester Township", "Chester Borough"]),
    ],
)
def test_a_township_or_borough_is_found_with_or_without_the_word(typed: str, towns: list[str]) -> None:
    assert [town.name for town in JERSEY.read(typed, "").towns] == towns


def test_a_line_without_commas_may_end_in_a_township() -> None:
    assert JERSEY.is_place("Hamilton Twp")
    assert not JERSEY.is_place("Cherry")


@pytest.mark.parametrize("typed", ["Washington, D.C.", "Washington DC", "Washington, D. C.", "Washington",
                                   "Washington, District of Columbia"])  # fmt: skip
def test_the_district_of_columbia_is_a_state_behind_its_city(typed: str) -> None:
    columbia = gazetteer("dc", "District of Columbia", "Washington")
    assert [town.name for town in columbia.read(typed, "").towns] == ["Washington"]
    if typed != "Washington":
        assert JERSEY.read(typed, "").other_state == "DC"
