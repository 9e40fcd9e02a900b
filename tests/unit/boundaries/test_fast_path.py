"""The fast path gives the same answer as the resolver, or none."""

import pytest

from boundaries.data import shipped
from boundaries.state import State, open_state

STREETS = [
    ("Main St", "Worcester", ""),
    ("Massachusetts Ave", "Cambridge", "02139"),
    ("St James Ave", "Springfield", ""),
    ("W Main St", "Barnstable", ""),
]
FORMS = [
    "24 {}", "24A {}", "24½ {}", "#3 24 {}", "Twenty-four {}", "one hundred five {} apt 3", "24 {} #3b",
    "24 {}, Unit 12-B", "24 {} 2nd floor", "24 {} box 3", "24 {} PO Box 3", "24-26 {}", "24 - 26 {}", "24 {} 3", "{}",
    "24 {} apt", "24 {} Suite 4 B", "24 {} lower unit", "24 N {}", "24 {} N", "No. 24 {} rear", "",
]  # fmt: skip


@pytest.fixture(scope="module")
def ma() -> State:
    return open_state(shipped("ma"))


@pytest.mark.parametrize(("street", "town", "zip_code"), STREETS)
@pytest.mark.parametrize("form", FORMS)
def test_the_fast_path_agrees_with_the_resolver(ma: State, form: str, street: str, town: str, zip_code: str) -> None:
    typed = form.format(street)
    quick = ma._fast_path.locate(typed, town, zip_code)
    patient = ma._resolver.locate(typed, town, zip_code)
    assert quick is None or (quick.status, quick.pairs, quick.address) == (
        patient.status, patient.pairs, patient.address,
    )  # fmt: skip


@pytest.mark.parametrize("typed", ["24 Main St", "Twenty-four Main Street apt 3", "24A MAIN STREET #3"])
def test_numbers_in_words_and_units_take_the_fast_path(ma: State, typed: str) -> None:
    assert ma._fast_path.locate(typed, "Worcester", "") is not None


def test_a_town_in_one_pair_shows_the_street_without_its_unit(ma: State) -> None:
    answer = ma.locate("24½ Linwood St, apt 3", "Abington", "")
    assert (answer.status, answer.address.number) == ("matched", "24 1/2")
    assert ma.locate("24 Linwood Street, apt 3", "Abington", "").address.street == "Linwood St"
