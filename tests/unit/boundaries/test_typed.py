"""Addresses as people type them mean what the plain form means."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from boundaries.data import shipped
from boundaries.state import State, open_state


@pytest.fixture(scope="module")
def ma() -> State:
    return open_state(shipped("ma"))


@pytest.mark.parametrize(
    "typed",
    [
        "24 beacon street apt 3",
        "24 BEACON ST.",
        "24 Beacon St., Unit 3B",
        "24 Beacon St #3",
        "#3 24 Beacon St",
        "Twenty-four Beacon Street",
        "twenty four beacon st",
        "24A Beacon St",
        "24-A Beacon St",
        "24½ Beacon St",
        "24 1/2 Beacon St",
        "24-26 Beacon St",
        "24 - 26 Beacon St",
        "24 \u2013 26 Beacon St",
        "24 & 26 Beacon St",
        "24 Beacon St 3rd floor",
        "24 Beacon",
        "24 Beaccon St",
        "24 Béacon St",
        "24 Beacon St Boston",
        "  24   beacon   st  ",
    ],
)
def test_a_house_is_the_same_however_it_is_typed(ma: State, typed: str) -> None:
    answer = ma.locate(typed, "Boston", "02108")
    assert (answer.status, answer.pairs) == ("matched", ma.locate("24 Beacon St", "Boston", "02108").pairs)
    assert answer.address.street == "Beacon St"


@pytest.mark.parametrize(
    ("typed", "plain", "town"),
    [
        ("1000 Mass Ave", "1000 Massachusetts Ave", "Cambridge"),
        ("850 mass. avenue", "850 Massachusetts Ave", "Cambridge"),
        ("100 Mount Auburn St", "100 Mt Auburn St", "Watertown"),
        ("12 No Main St", "12 North Main St", "Attleboro"),
        ("12 Main St North", "12 N Main St", "Attleboro"),
    ],
)
def test_streets_have_short_names(ma: State, typed: str, plain: str, town: str) -> None:
    one, other = ma.locate(typed, town, ""), ma.locate(plain, town, "")
    assert one.status in {"matched", "choose"}
    assert (one.pairs, one.address.street) == (other.pairs, other.address.street)


@pytest.mark.parametrize(
    ("city", "town"),
    [
        ("Dorchester", "Boston"),
        ("jamaica plain", "Boston"),
        ("Allston", "Boston"),
        ("Hyannis", "Barnstable"),
        ("Woods Hole", "Falmouth"),
        ("Turners Falls", "Montague"),
        ("Foxboro", "Foxborough"),
        ("N. Attleboro", "North Attleborough"),
        ("Newton Centre", "Newton"),
        ("Worcestr", "Worcester"),
        ("Worcester, MA", "Worcester"),
        ("City of Lynn", "Lynn"),
    ],
)
def test_villages_and_spellings_lead_to_their_town(ma: State, city: str, town: str) -> None:
    assert ma.locate("1 Main St", city, "").address.town == town


def test_a_slip_that_could_mean_two_is_not_corrected(ma: State) -> None:
    assert ma.locate("24 Beacn St", "Boston", "02108").status == "choose"  # Beacon or Beach
    assert ma.locate("1 Main St", "Worchester", "").reason == "unknown_town"  # Worcester or Dorchester
    assert ma.locate("1 Main St", "Worchester", "01608").address.town == "Worcester"


def test_a_zip_stands_in_for_the_town(ma: State) -> None:
    assert ma.locate("12 Hancock St", "", "02169").address.town == "Quincy"
    assert ma.locate("24 Beacon St", "", "2108").address.town == "Boston"


def test_a_zip_that_does_not_fit_hides_no_street_of_the_named_town(ma: State) -> None:
    answer = ma.locate("1000 Massachusetts Ave", "Cambridge", "01002")
    assert (answer.status, answer.address.town) == ("matched", "Cambridge")


def test_a_zip_tells_two_streets_of_one_name_apart(ma: State) -> None:
    beacon_hill = ma.locate("24 Beacon St", "Boston", "02108")
    hyde_park = ma.locate("24 Beacon St", "Boston", "02136")
    assert beacon_hill.status == hyde_park.status == "matched"
    assert beacon_hill.pairs != hyde_park.pairs
    assert ma.locate("24 Beacon St", "Boston", "").status == "choose"


@pytest.mark.parametrize(
    "typed", ["P.O. Box 12", "PO Box 12", "pobox 7", "RR 2 Box 40", "Rural Route 3", "General Delivery"]
)
def test_a_box_or_rural_route_asks_for_the_street(ma: State, typed: str) -> None:
    answer = ma.locate(typed, "Boston", "02108")
    assert (answer.status, answer.reason) == ("need_street", "po_box")


@pytest.mark.parametrize(
    ("city", "postal"), [("Providence, RI", ""), ("Nashua NH", "03060"), ("Washington", "20500"), ("New York", "10001")]
)
def test_another_state_is_never_guessed_at(ma: State, city: str, postal: str) -> None:
    answer = ma.locate("1600 Pennsylvania Ave", city, postal)
    assert (answer.status, answer.reason) == ("not_found", "other_state")


def test_nobody_is_asked_to_choose_among_more_than_four(ma: State) -> None:
    for street in ("Nosuch St", "1 Nosuch St", "9999 Washington St", "Washington St"):
        for city in ma.towns:
            answer = ma.locate(street, city, "")
            assert answer.status != "choose" or 1 <= len(answer.pairs) <= 4
            assert answer.status != "matched" or len(answer.pairs) == 1


def test_rubbish_is_not_an_error(ma: State) -> None:
    for rubbish in (
        "",
        " ",
        "#",
        "-",
        "½",
        "24",
        "0",
        "१२ Main St",
        "²4 Main",
        "9" * 40 + " Main St",
        "\x00",
        "1-",
        "( )",
    ):
        ma.locate(rubbish, rubbish, rubbish)
        ma.locate(rubbish, "Boston", "02108")
        ma.locate(rubbish, "Chestnut Hill", "")


PIECES = ["24", "²", "½", "9" * 40, "9" * 5000, "१२", "①", "-", "&", "to", "/", "#", "( )", "\x00", "1-", "and", "no",
          "Twenty", "hundred", "apt", "u-16", "floor", "PO", "Box", "N", "Beacon", "Main", "St"]  # fmt: skip
WORDS = st.lists(st.sampled_from(PIECES), max_size=6).flatmap(
    lambda words: st.sampled_from([" ".join(words), "".join(words)])
)


@settings(max_examples=400, deadline=None)
@example("9" * 5000 + " Beacon St", "Boston", "02108")
@example("24 - " + "9" * 5000 + " Beacon St", "Boston", "")
@example("24 - ² Beacon St", "Boston", "")
@given(WORDS | st.text(max_size=20), st.sampled_from(["Boston", "Chelsea", "Chestnut Hill", ""]) | WORDS, WORDS)
def test_nothing_that_is_typed_is_an_error(ma: State, street: str, city: str, zip_code: str) -> None:
    answer = ma.locate(street, city, zip_code)
    assert (answer.status == "matched") == (answer.reason == "")
    ma.run(answer)


def test_a_number_too_long_for_any_house_is_not_taken_for_one(ma: State) -> None:
    assert ma.locate("24000000 Beacon St", "Boston", "02108").status != "matched"
