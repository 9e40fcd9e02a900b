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
        "Apt 3, 24 Beacon St",
        "Apt 3 24 Beacon St",
        "Bldg 2 Apt 3B, 24 Beacon St",
        "2nd floor, 24 Beacon St",
        "Rear 24 Beacon St",
        "R24 Beacon St",
        "24 Rear Beacon St",
        "6/24 Beacon St",
        "24/26 Beacon St",
        "24 and 26 Beacon St",
        "c/o Ann Roe, 24 Beacon St",
        "c/o Ann Roe 24 Beacon St",
        "Beacon St 24",
        "Beacon St. #24",
        "Beacon St, 24, Apt 3",
        "Calle Beacon 24",
        "24 Rua Beacon",
        "24_Beacon_St",
        "PO Box 12, 24 Beacon St",
        "24 Beacon St, P.O. Box 12",
        "２４ Beacon St",
        "٢٤ Beacon St",
        "24​ Beacon­ St",
        "24 Beacon St 2F",
        "24 Beacon St St",
        "24 Beacon St, Boston, MA 02108, USA",
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
def test_short_street_names_are_known(ma: State, typed: str, plain: str, town: str) -> None:
    answer, expected = ma.locate(typed, town, ""), ma.locate(plain, town, "")
    assert answer.status in {"matched", "choose"}
    assert (answer.pairs, answer.address.street) == (expected.pairs, expected.address.street)


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
def test_villages_and_misspellings_lead_to_their_town(ma: State, city: str, town: str) -> None:
    assert ma.locate("1 Main St", city, "").address.town == town


@pytest.mark.parametrize(
    ("typed", "town", "house"),
    [
        ("139 Meadow St", "Chicopee", "6th Hampden"),  # East Meadow St
        ("305 Warren St", "Fall River", "8th Bristol"),  # E Warren St
        ("6 Main St", "Groton", "37th Middlesex"),  # West Main St
        ("1 Wood Street", "Halifax", "6th Plymouth"),  # Wood Street North
        ("87 Industrial Ave", "Lowell", "17th Middlesex"),  # Industrial Ave E
        ("30 Water St", "New Bedford", "11th Bristol"),  # N Water St, never Walter St
        ("42 Aldea St", "Lowell", "18th Middlesex"),  # E Aldea St, never Alder St
        ("300 West Fellsway", "Medford", "35th Middlesex"),  # Fellsway W
    ],
)
def test_the_number_supplies_a_missing_direction(ma: State, typed: str, town: str, house: str) -> None:
    answer = ma.locate(typed, town, "")
    assert (answer.status, [pair.house for pair in answer.pairs]) == ("matched", [house])


@pytest.mark.parametrize(
    ("typed", "town", "house"),
    [
        ("70 Main St", "Andover", "17th Essex"),  # North Main St; Main St has houses on both sides of 70
        ("24 Eaton Rd", "Framingham", "4th Middlesex"),  # Eaton Rd West
        ("535 Highland Ave East", "Fall River", "6th Bristol"),  # no such street: East must not be ignored
        ("138 Elm St", "Cambridge", "26th Middlesex"),
    ],
)
def test_an_address_on_either_twin_needs_a_choice(ma: State, typed: str, town: str, house: str) -> None:
    answer = ma.locate(typed, town, "")
    assert house in [pair.house for pair in answer.pairs]
    assert answer.status == "choose" or (answer.pairs[0].house == house)


@pytest.mark.parametrize(
    ("typed", "town", "house"),
    [
        ("425 Lake Ave North 2nd floor", "Worcester", "14th Worcester"),
        ("195 Park Ave West Rear", "Weymouth", "3rd Norfolk"),
        ("53 Circuit Rd North Yarmouth", "Yarmouth", "2nd Barnstable"),
        ("204 Elm St North 2", "Cambridge", "25th Middlesex"),
        ("17 Madison Av West 2F", "Winchester", "31st Middlesex"),
        ("18 Olean St South #2", "Worcester", "13th Worcester"),
    ],
)
def test_a_direction_after_the_suffix_is_not_ignored(ma: State, typed: str, town: str, house: str) -> None:
    answer = ma.locate(typed, town, "")
    assert (answer.status, [pair.house for pair in answer.pairs]) == ("matched", [house])


@pytest.mark.parametrize(
    ("typed", "city", "postal", "street"),
    [
        ("100 Veterans of Foreign Wars Pkwy", "West Roxbury", "02132", "VFW Pkwy"),
        ("1000 Day Blvd", "South Boston", "02127", "William J Day Blvd"),
        ("100 O'Brien Hwy", "Cambridge", "", "Monsignor Obrien Hwy"),
        ("5 1 St", "Cambridge", "", "1st St"),
        ("100 John F. Kennedy St", "Cambridge", "", "JFK St"),
    ],
)
def test_a_street_named_for_a_person_matches_a_shorter_name(
    ma: State, typed: str, city: str, postal: str, street: str
) -> None:
    answer = ma.locate(typed, city, postal)
    assert answer.status in ("matched", "choose")
    assert answer.address.street == street


@pytest.mark.parametrize(
    ("typed", "city", "postal", "house"),
    [
        ("100 Grant Rd", "Devens", "01434", "37th Middlesex"),
        ("11 Meadow View", "Cochituate", "01778", "13th Middlesex"),
        ("12 Snow Brook", "Bass River", "", "2nd Barnstable"),
        ("90 Cottage St", "Roxbury", "02119", "7th Suffolk"),  # E Cottage St is in that ZIP
    ],
)
def test_a_choice_includes_the_other_towns_and_streets(
    ma: State, typed: str, city: str, postal: str, house: str
) -> None:
    answer = ma.locate(typed, city, postal)
    assert answer.status in ("choose", "not_found")
    assert house in [pair.house for pair in answer.pairs]


@pytest.mark.parametrize(
    ("typed", "city", "postal", "house"),
    [
        ("76 Shepton St", "Dorchester", "02121", "13th Suffolk"),
        ("36 McLellan St", "Dorchester", "02124", "6th Suffolk"),
        ("179 Howard Ave", "Dorchester", "02124", "5th Suffolk"),
        ("300 Boylston St", "Chestnut Hill", "02467", "12th Middlesex"),  # Newton: Back Bay is not in 02467
    ],
)
def test_a_wrong_zip_does_not_matter_if_the_street_exists_once(
    ma: State, typed: str, city: str, postal: str, house: str
) -> None:
    answer = ma.locate(typed, city, postal)
    assert (answer.status, [pair.house for pair in answer.pairs]) == ("matched", [house])


def test_a_name_that_is_a_street_elsewhere_is_not_a_typo(ma: State) -> None:
    assert ma.locate("47 Capital St", "Methuen", "").address.street == "E Capital St"  # not Capitol St
    assert ma.locate("10 Felton St", "Brockton", "").status == "matched"
    assert ma.locate("24 Becon St", "Boston", "02108").address.street == "Beacon St"


def test_left_and_right_follow_the_neighboring_segments(ma: State) -> None:
    for number, house in ((136, "9th Suffolk"), (150, "9th Suffolk"), (139, "3rd Suffolk"), (141, "3rd Suffolk")):
        answer = ma.locate(f"{number} W Canton St", "Boston", "02116")
        assert house in [pair.house for pair in answer.pairs]
        assert answer.status == "choose" or len(answer.pairs) == 1


def test_a_town_in_one_pair_shows_the_house_without_a_name(ma: State) -> None:
    answer = ma.locate("c/o Ann Roe, Apt 2, 10 Chestnut St", "Chelsea", "02150")
    assert (answer.status, answer.address.number, answer.address.street) == ("matched", "10", "Chestnut St")


def test_a_street_alone_is_not_a_town(ma: State) -> None:
    assert ma.locate("500 Washington", "", "").reason == "unknown_town"


def test_an_ambiguous_typo_is_not_corrected(ma: State) -> None:
    assert ma.locate("24 Beacn St", "Boston", "02108").status == "choose"  # Beacon or Beach
    assert ma.locate("1 Main St", "Worchester", "").reason == "unknown_town"  # Worcester or Dorchester
    assert ma.locate("1 Main St", "Worchester", "01608").address.town == "Worcester"


def test_a_zip_replaces_the_town(ma: State) -> None:
    assert ma.locate("12 Hancock St", "", "02169").address.town == "Quincy"
    assert ma.locate("24 Beacon St", "", "2108").address.town == "Boston"


def test_a_mismatched_zip_does_not_hide_a_street_of_the_named_town(ma: State) -> None:
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
def test_a_po_box_or_rural_route_needs_a_street(ma: State, typed: str) -> None:
    answer = ma.locate(typed, "Boston", "02108")
    assert (answer.status, answer.reason) == ("need_street", "po_box")


@pytest.mark.parametrize(
    ("city", "postal"), [("Providence, RI", ""), ("Nashua NH", "03060"), ("Washington", "20500"), ("New York", "10001")]
)
def test_another_state_is_never_guessed_at(ma: State, city: str, postal: str) -> None:
    answer = ma.locate("1600 Pennsylvania Ave", city, postal)
    assert (answer.status, answer.reason) == ("not_found", "other_state")


def test_a_choice_has_at_most_four_pairs(ma: State) -> None:
    for street in ("Nosuch St", "1 Nosuch St", "9999 Washington St", "Washington St"):
        for city in ma.towns:
            answer = ma.locate(street, city, "")
            assert answer.status != "choose" or 1 <= len(answer.pairs) <= 4
            assert answer.status != "matched" or len(answer.pairs) == 1


def test_garbage_is_not_an_error(ma: State) -> None:
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
def test_no_input_raises(ma: State, street: str, city: str, zip_code: str) -> None:
    answer = ma.locate(street, city, zip_code)
    assert (answer.status == "matched") == (answer.reason == "")
    ma.describe_run(answer)


def test_an_overlong_number_is_not_a_house_number(ma: State) -> None:
    assert ma.locate("24000000 Beacon St", "Boston", "02108").status != "matched"
