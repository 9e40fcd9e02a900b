"""A street that neither the district nor the letter needs is kept nowhere, not even as evidence."""

import pytest

from boundaries.data import shipped
from boundaries.state import State, open_state
from relay.web.matching import Match, drop_street, match_districts
from tests.samples.people import IN_BOSTON, IN_CHELSEA


@pytest.fixture(scope="module")
def state() -> State:
    return open_state(shipped("ma"))


def kept(state: State, values: dict[str, str]) -> Match:
    return drop_street(state, match_districts(state, values, None), values)


def test_a_town_that_decides_needs_no_street(state: State) -> None:
    address = kept(state, IN_CHELSEA | {"street": "24 Broadway"}).address
    assert (address.number, address.street, address.town) == ("", "", "Chelsea")


def test_a_split_town_needs_it(state: State) -> None:
    address = kept(state, IN_BOSTON).address
    assert (address.number, address.street) == ("24", "Beacon St")


@pytest.mark.parametrize("disclose", ["street", "full"])
def test_a_letter_that_shows_it_needs_it(disclose: str, state: State) -> None:
    values = IN_CHELSEA | {"street": "24 Broadway", "disclose": disclose}
    assert kept(state, values).address.number == "24"
