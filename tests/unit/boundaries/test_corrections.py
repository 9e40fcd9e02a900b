"""What an operator's corrections do to an answer, and the errors for wrong rows."""

import shutil
from pathlib import Path

import pytest

from boundaries.data import shipped
from boundaries.errors import DataError
from boundaries.model import Pair
from boundaries.state import State, open_state
from tests.unit.boundaries.command import main

HEADER = "town,street,from,to,side,senate,house,source,date"
RIGHT = "Second Middlesex,24th Middlesex"
PAIR = Pair("Second Middlesex", "24th Middlesex")
WHO = "the town clerk,2026-11-20"


def corrected(folder: Path, *rows: str, header: str = HEADER) -> State:
    path = folder / "mine.csv"
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return open_state(shipped("ma"), path)


@pytest.fixture(scope="module")
def plain() -> State:
    return open_state(shipped("ma"))


def test_a_correction_overrides_the_street_book_and_says_so(tmp_path: Path, plain: State) -> None:
    assert plain.locate("900 Massachusetts Ave", "Cambridge", "02139").pairs != (PAIR,)
    state = corrected(tmp_path, f"Cambridge,Massachusetts Ave,890,910,even,{RIGHT},{WHO}")
    answer = state.locate("900 Massachusetts Ave", "Cambridge", "02139")
    assert (answer.status, answer.pairs) == ("matched", (PAIR,))
    assert answer.rule == "correction mine.csv:2 of 2026-11-20, from the town clerk"


def test_a_correction_applies_however_the_street_is_typed(tmp_path: Path) -> None:
    state = corrected(tmp_path, f"Cambridge,Mass Ave,890,910,even,{RIGHT},{WHO}")
    for typed in (
        "900 Mass. Avenue, Apt 3",
        "Apt 3, 900 Mass Ave",
        "Massachusetts Ave 900",
        "900 massachusetts ave",
        "900A MASSACHUSETTS AVE",
        "900 Massachusets Ave",
    ):
        assert state.locate(typed, "Cambridge", "").pairs == (PAIR,), typed


@pytest.mark.parametrize(
    "typed", ["888 Massachusetts Ave", "912 Massachusetts Ave", "901 Massachusetts Ave", "900 Main St"]
)
def test_other_houses_keep_their_answer(tmp_path: Path, plain: State, typed: str) -> None:
    state = corrected(tmp_path, f"Cambridge,Massachusetts Ave,890,910,even,{RIGHT},{WHO}")
    assert state.locate(typed, "Cambridge", "02139") == plain.locate(typed, "Cambridge", "02139")


def test_other_streets_of_the_town_keep_their_answer(tmp_path: Path, plain: State) -> None:
    state = corrected(tmp_path, f"Boston,Beacon St,1,9,odd,{RIGHT},{WHO}")
    for address in (("31 Wenonah St", "Dorchester", "02121"), ("114 Worcester St", "Roxbury", "02118")):
        assert state.locate(*address) == plain.locate(*address)


def test_a_correction_can_add_a_new_street(tmp_path: Path, plain: State) -> None:
    assert plain.locate("5 Nonesuch Lane", "Cambridge", "02139").reason == "unknown_street"
    state = corrected(tmp_path, f"Cambridge,Nonesuch Ln,,,,{RIGHT},{WHO}")
    answer = state.locate("5 Nonesuch Lane", "Cambridge", "02139")
    assert (answer.status, answer.address.street, answer.address.number) == ("matched", "Nonesuch Ln", "5")
    assert state.locate("Nonesuch Lane", "Cambridge", "").pairs == (PAIR,)


def test_a_town_in_one_pair_can_be_corrected_too(tmp_path: Path) -> None:
    state = corrected(tmp_path, f"Abington,Main St,1,99,both,{RIGHT},{WHO}")
    assert state.locate("12 Main Street", "Abington", "").pairs == (PAIR,)
    assert state.locate("100 Main Street", "Abington", "").pairs != (PAIR,)


def test_without_a_number_a_partial_correction_offers_a_choice(tmp_path: Path) -> None:
    state = corrected(tmp_path, f"Abington,Main St,1,99,both,{RIGHT},{WHO}")
    answer = state.locate("Main Street", "Abington", "")
    assert (answer.status, answer.reason) == ("choose", "no_number")
    assert set(answer.pairs) == {PAIR, Pair("Norfolk and Plymouth", "7th Plymouth")}


def test_a_house_of_two_numbers_must_be_corrected_completely(tmp_path: Path) -> None:
    state = corrected(tmp_path, f"Abington,Main St,1,99,both,{RIGHT},{WHO}")
    assert state.locate("95-97 Main St", "Abington", "").pairs == (PAIR,)
    assert state.locate("97-101 Main St", "Abington", "").status == "choose"


def test_a_row_with_a_zip_applies_to_that_zip_and_asks_if_none_is_given(tmp_path: Path, plain: State) -> None:
    state = corrected(tmp_path, f"Boston,Washington St,1,999,both,{RIGHT},{WHO},02124", header=HEADER + ",zip")
    assert state.locate("400 Washington St", "Boston", "02124").pairs == (PAIR,)
    elsewhere = ("400 Washington St", "Boston", "02108")
    assert state.locate(*elsewhere) == plain.locate(*elsewhere)
    unsaid = state.locate("400 Washington St", "Boston", "")
    assert unsaid.status != "matched"
    assert PAIR in unsaid.pairs


def test_lookup_explains_that_a_shipped_correction_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = shutil.copytree(shipped("ma"), tmp_path / "ma")
    (folder / "corrections.csv").write_text(f"{HEADER}\nCambridge,Massachusetts Ave,900,900,,{RIGHT},{WHO}\n", "utf-8")
    address = "900 Massachusetts Ave, Cambridge, MA 02139"
    assert main(["lookup", "--explain", "--folder", str(folder), address]) == 0
    said = capsys.readouterr().out
    assert "24th Middlesex" in said
    assert said.endswith("because: correction corrections.csv:2 of 2026-11-20, from the town clerk\n")


def test_a_po_box_is_not_corrected(tmp_path: Path) -> None:
    state = corrected(tmp_path, f"Cambridge,Main St,,,,{RIGHT},{WHO}")
    assert state.locate("P.O. Box 12", "Cambridge", "").reason == "po_box"


def test_the_shipped_table_is_read_and_empty() -> None:
    assert (shipped("ma") / "corrections.csv").read_text("utf-8") == HEADER + "\n"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (f"Cambrige,Main St,1,9,odd,{RIGHT},{WHO}", "mine.csv:2: unknown town 'Cambrige'; write Cambridge"),
        (f"Cambridge,,1,9,odd,{RIGHT},{WHO}", "mine.csv:2: no street"),
        (f"Cambridge,Main St,9,1,odd,{RIGHT},{WHO}", "mine.csv:2: from 9 is more than to 1; write the lower number"),
        (f"Cambridge,Main St,1A,9,odd,{RIGHT},{WHO}", "mine.csv:2: from '1A' is not a house number; write digits only"),
        (f"Cambridge,Main St,1,9,left,{RIGHT},{WHO}", "mine.csv:2: unknown side 'left'; write even or odd or both"),
        (
            f"Cambridge,Main St,1,9,odd,2nd Middlesex,24th Middlesex,{WHO}",
            "mine.csv:2: unknown senate '2nd Middlesex'; write Second Middlesex",
        ),
        (f"Cambridge,Main St,1,9,odd,Second Middlesex,,{WHO}", "mine.csv:2: unknown house ''"),
        (f"Cambridge,Main St,1,9,odd,{RIGHT},,2026-11-20", "mine.csv:2: no source; say who reported it"),
        (f"Cambridge,Main St,1,9,odd,{RIGHT},me,yesterday", "mine.csv:2: date 'yesterday' is not a date"),
        (f"Cambridge,Main St,1,9,{RIGHT},{WHO}", "mine.csv:2: 8 columns, 9 expected"),
    ],
)
def test_a_wrong_row_is_named_with_its_remedy(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(DataError) as error:
        corrected(tmp_path, row)
    assert said in str(error.value)


def test_conflicting_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"mine.csv:3: it disagrees with the correction mine.csv:2"):
        corrected(
            tmp_path,
            f"Cambridge,Main St,1,9,odd,{RIGHT},{WHO}",
            f"Cambridge,Main Street,9,20,both,Second Middlesex,25th Middlesex,{WHO}",
        )


def test_a_missing_corrections_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.csv is missing"):
        open_state(shipped("ma"), tmp_path / "none.csv")
