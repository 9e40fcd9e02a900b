"""Districts are listed where people look for them."""

from boundaries.district_order import place_of


def test_places_come_in_alphabetical_order_and_numbers_by_size() -> None:
    shuffled = ["10th Norfolk", "Second Essex", "9th Norfolk", "First Essex", "Cape and Islands", "Twelfth Essex"]
    ordered = ["Cape and Islands", "First Essex", "Second Essex", "Twelfth Essex", "9th Norfolk", "10th Norfolk"]
    assert sorted(shuffled, key=place_of) == ordered


def test_bare_numbers_are_ordered_as_numbers() -> None:
    assert sorted(["10", "9", "District 11", "District 2"], key=place_of) == ["9", "10", "District 2", "District 11"]


def test_only_the_first_number_is_the_districts() -> None:
    assert place_of("3rd Middlesex 2nd") == ("middlesex 2nd", 3)
