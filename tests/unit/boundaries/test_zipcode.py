"""ZIP codes as people and spreadsheets write them, and one-line addresses."""

import pytest
import zipcodes

from boundaries.data import shipped
from boundaries.state import State, open_state
from boundaries.us_states import FULL_NAME, state_of_zip
from boundaries.zipcode import plain_zip, read_zip


@pytest.fixture(scope="module")
def ma() -> State:
    return open_state(shipped("ma"))


@pytest.mark.parametrize(
    "typed",
    ["02108", "2108", "2108.0", "02108-1234", "02108 1234", "02108\u20131234", "021081234", " 02108", "\uff10\uff12108",
     "\u0660\u0662\u0661\u0660\u0668", "02108\u200b", "MA 02108"],
)  # fmt: skip
def test_a_zip_is_five_digits_however_it_is_written(typed: str) -> None:
    assert read_zip(typed) == "02108"


def test_every_zip_of_the_postal_service_is_in_its_state() -> None:
    """Except those of military post offices, and one that was invented for Santa Claus."""
    odd = ("099", "888")
    entries = [entry for entry in zipcodes.list_all() if entry["state"] in FULL_NAME]  # type: ignore[no-untyped-call]
    assert len(entries) > 40_000
    assert [
        (entry["zip_code"], entry["state"])
        for entry in entries
        if state_of_zip(entry["zip_code"]) != entry["state"] and not entry["zip_code"].startswith(odd)
    ] == []
    assert (state_of_zip(""), state_of_zip("69999"), state_of_zip("06391")) == ("", "", "CT")


@pytest.mark.parametrize("typed", ["", "MA", "21", "0210812", "02108123456"])
def test_other_text_is_no_zip(typed: str) -> None:
    assert read_zip(typed) == ""


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("\uff10\uff12108", "02108"), ("02108\u20131234", "02108-1234"), ("02108 1234", "02108-1234"), ("2108", "2108"),
     ("soon", "soon")],
)  # fmt: skip
def test_a_form_accepts_a_complete_zip_in_any_digits_and_changes_nothing_else(typed: str, plain: str) -> None:
    assert plain_zip(typed) == plain


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("24 Beacon St, Boston, MA 02108, USA", ("24 Beacon St", "Boston", "02108")),
        ("24 Beacon St., Boston, Mass", ("24 Beacon St.", "Boston", "")),
        ("24 Beacon St, Boston, Massachusetts 02108-1234", ("24 Beacon St", "Boston", "02108")),
        ("24 Beacon St, Boston MA 2108", ("24 Beacon St", "Boston", "02108")),
        ("24 Beacon St Boston 02108", ("24 Beacon St", "Boston", "02108")),
        ("24 Beacon St, Boston, Apt 3", ("24 Beacon St, Apt 3", "Boston", "")),
        ("Apt 3, 24 Beacon St, Boston 02108", ("Apt 3, 24 Beacon St", "Boston", "02108")),
        ("24 Beacon St\uff0cBoston\uff0cMA \uff10\uff12108", ("24 Beacon St", "Boston", "02108")),
        ("Beacon St 2108", ("Beacon St 2108", "", "")),
        ("Boston", ("", "Boston", "")),
        ("Massachusetts", ("", "", "")),
    ],
)
def test_a_one_line_address_is_split(ma: State, line: str, parts: tuple[str, str, str]) -> None:
    assert ma.split(line) == parts


def test_a_whole_address_in_the_street_field_is_split(ma: State) -> None:
    assert (
        ma.locate("24 Beacon St, Boston, MA 02108", "", "").pairs == ma.locate("24 Beacon St", "Boston", "02108").pairs
    )
    assert ma.locate("24 Beacon St", "Boston, MA 02108, USA", "").status == "matched"
