"""What the shipped Massachusetts guarantees."""

import pytest

from boundaries.data import shipped
from boundaries.model import Pair
from boundaries.state import State, open_state


@pytest.fixture(scope="module")
def ma() -> State:
    return open_state(shipped("ma"))


def test_a_town_in_one_pair_needs_no_street(ma: State) -> None:
    answer = ma.locate("", "Abington", "")
    assert answer.status == "matched"
    assert answer.pairs == (Pair("Norfolk and Plymouth", "7th Plymouth"),)


def test_a_split_town_asks_for_the_street(ma: State) -> None:
    answer = ma.locate("", "Cambridge", "02139")
    assert (answer.status, answer.reason) == ("need_street", "no_street")


def test_a_vacancy_has_no_legislator_and_is_not_an_error(ma: State) -> None:
    assert ma.legislators("house", "1st Franklin") == ()
    assert ma.district("house", "1st Franklin").ocd_id.endswith("/sldl:1st_franklin")


def test_an_unknown_district_is_an_error(ma: State) -> None:
    with pytest.raises(KeyError):
        ma.legislators("house", "Middlesex")


def test_mail_goes_to_the_legislature_only(ma: State) -> None:
    assert ma.mail_domains == {"mahouse.gov", "masenate.gov"}
    assert len(ma.towns) == 351


def test_a_po_box_is_not_a_place(ma: State) -> None:
    answer = ma.locate("P.O. Box 12", "Boston", "02108")
    assert (answer.status, answer.reason) == ("need_street", "po_box")


def test_another_state_is_recognized(ma: State) -> None:
    assert ma.locate("5 Hope St", "Providence, RI", "02906").reason == "other_state"


def test_a_place_on_the_map_is_in_two_districts(ma: State) -> None:
    answer = ma.locate_point(42.37, -71.1097)  # Central Square, Cambridge
    assert answer.status == "matched"
    assert answer.pairs[0].senate in {"Middlesex and Suffolk", "Second Middlesex", "Suffolk and Middlesex"}


def test_a_place_at_sea_or_in_another_state_is_not_found(ma: State) -> None:
    assert ma.locate_point(41.0, -69.0).reason == "other_state"
    assert ma.locate_point(41.8, -71.6).reason == "other_state"
