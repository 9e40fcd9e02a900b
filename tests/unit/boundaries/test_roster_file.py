"""A roster.csv corrected by hand: a bad row costs its own member at most, and the operator reads which."""

import shutil
from pathlib import Path

import pytest

from boundaries.data import shipped
from boundaries.errors import DataError
from boundaries.offices import list_offices
from boundaries.state import State, open_state

JUDITH = "judith.garcia@mahouse.gov"
CHELSEA = "11th Suffolk"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped("ma"), tmp_path / "ma"))


def edit(home: Path, *changes: tuple[str, str]) -> State:
    """The state with a roster in which each text was replaced."""
    roster = home / "roster.csv"
    text = roster.read_text("utf-8")
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    roster.write_text(text, "utf-8", newline="")
    return open_state(home)


def row_of(home: Path, word: str) -> tuple[int, str]:
    """A row's number and text."""
    lines = (home / "roster.csv").read_text("utf-8").split("\n")
    (number,) = [number for number, line in enumerate(lines, 1) if word in line]
    return number, lines[number - 1]


def count(state: State) -> int:
    return sum(len(state.legislators(*seat)) for seat in state.seats())


@pytest.mark.parametrize(
    ("email", "remedy"),
    [
        (f"mailto:{JUDITH}", f"write {JUDITH} as the address of Judith García"),
        (f"Judith García <{JUDITH}>", f"write {JUDITH} as the address of Judith García"),
        (f"{JUDITH}.", f"write {JUDITH} as the address of Judith García"),
        (f'"{JUDITH}\n"', f"write {JUDITH} as the address of Judith García"),
        (f'"{JUDITH}, house@mahouse.gov"', f"write {JUDITH} or house@mahouse.gov as the address of Judith García"),
        ("judith.o\u2019garcia@mahouse.gov", "write judith.o'garcia@mahouse.gov as the address of Judith García"),
        ("..@mahouse.gov", "correct the address of Judith García"),
        ("judith garcia@mahouse.gov", "correct the address of Judith García"),
        ("judith@m\u0430house.gov", "correct the address of Judith García"),
        ('"judith@ma\nhouse.gov"', "correct the address of Judith García"),
    ],
)
def test_a_bad_address_leaves_its_member_without_one_and_is_named(home: Path, email: str, remedy: str) -> None:
    line, _ = row_of(home, JUDITH)
    state = edit(home, (JUDITH, email))
    (member,) = state.legislators("house", CHELSEA)
    assert (member.name, member.email, state.without_email) == ("Judith García", "", (member,))
    (problem,) = state.roster_problems
    assert problem.startswith(f"{home}/roster.csv:{line}: ")
    assert problem.endswith(f"; {remedy}; until then no letter goes there")
    assert count(state) == 198
    (office,) = list_offices(state, "house", CHELSEA)
    assert (office.name, office.mail, bool(office.phone)) == ("Judith García", False, True)


def test_spaces_around_an_address_are_no_fault(home: Path) -> None:
    state = edit(home, (JUDITH, f" {JUDITH.upper()} "))
    assert state.roster_problems == ()
    assert state.legislators("house", CHELSEA)[0].email == "JUDITH.GARCIA@mahouse.gov"
    assert JUDITH in state.office_addresses


def test_an_international_domain_is_another_than_what_it_looks_like(home: Path) -> None:
    state = edit(home, (JUDITH, "judith@stra\u00dfe.example"))
    assert state.roster_problems == ()
    assert state.mail_domains == {"mahouse.gov", "masenate.gov", "xn--strae-oqa.example"}


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("house,11th Suffolk", "haus,11th Suffolk", "unknown chamber 'haus'; write house"),
        ("house,11th Suffolk", "house,111th Suffolk", "unknown district '111th Suffolk'; write 11th Suffolk or"),
        (",Judith García,Judith,García,", ",,,,", "no name for house 11th Suffolk; fill it in"),
    ],
)
def test_a_row_that_names_nobody_leaves_its_seat_vacant(home: Path, old: str, new: str, wrong: str) -> None:
    line, _ = row_of(home, JUDITH)
    state = edit(home, (old, new))
    assert count(state) == 197
    assert state.vacancies("house", CHELSEA) == 1
    assert state.roster_problems[0].startswith(f"{home}/roster.csv:{line}: {wrong}")
    assert state.roster_problems[0].endswith("; the row is left out")
    nobody = f"{home}/roster.csv: nobody holds house {CHELSEA}, which counts as vacant; add its member"
    assert state.roster_problems[1] == nobody


@pytest.mark.parametrize("name", ["VACANT", "Vacant seat", "To Be Announced"])
def test_a_row_may_call_its_seat_vacant(home: Path, name: str) -> None:
    _, row = row_of(home, JUDITH)
    state = edit(home, (row, f",house,{CHELSEA},{name},,,,,,"))
    assert (state.legislators("house", CHELSEA), state.vacancies("house", CHELSEA)) == ((), 1)
    assert state.roster_problems == ()
    assert [office.name for office in list_offices(state, "house", CHELSEA)] == [""]


def test_too_few_columns_and_too_many_are_named_and_the_member_stays(home: Path) -> None:
    few, row = row_of(home, JUDITH)
    many, other = row_of(
        home, "dan.cahill@" if "dan.cahill@" in (home / "roster.csv").read_text() else "daniel.cahill@"
    )
    state = edit(home, (row, ",".join(row.split(",")[:8])), (other, other.replace('"', "")))
    assert count(state) == 198
    assert state.legislators("house", CHELSEA)[0].email == JUDITH
    assert (
        state.legislators("house", "10th Essex")[0].office == "Room 527A, State House 24 Beacon St., Boston, MA 02133"
    )
    said = "\n".join(state.roster_problems)
    assert f"roster.csv:{few}: 8 columns, 10 expected; put texts with commas in quotes" in said
    assert f"roster.csv:{many}: 13 columns, 10 expected; put texts with commas in quotes" in said


@pytest.mark.parametrize("stray", ['"Room 146', 'Room "146'])
def test_a_quotation_mark_that_is_not_closed_costs_only_its_row(home: Path, stray: str) -> None:
    line, row = row_of(home, JUDITH)
    head = row.partition('"')[0]
    state = edit(home, (row, head + stray))
    assert count(state) == 198
    assert state.legislators("house", CHELSEA)[0].email == JUDITH
    assert state.roster_problems[0] == (
        f"{home}/roster.csv:{line}: a quotation mark is not closed; close it, or remove it"
    )


def test_a_cell_may_have_line_breaks(home: Path) -> None:
    state = edit(home, (f'{JUDITH},617-722-2011,"Room 146, State', f'{JUDITH},617-722-2011,"Room 146,\r\nState\n'))
    assert state.roster_problems == ()
    assert state.legislators("house", CHELSEA)[0].office == "Room 146, State House 24 Beacon St., Boston, MA 02133"


def test_an_id_belongs_to_one_member(home: Path) -> None:
    _, row = row_of(home, JUDITH)
    line, other = row_of(home, "norman.orrall@")
    state = edit(home, (other, row.partition(",")[0] + "," + other.partition(",")[2]))
    (problem,) = state.roster_problems
    first = row_of(home, JUDITH)[0]
    assert f"roster.csv:{line}: the id of Norm Orrall is on line {first} too; write the member's own" in problem
    assert count(state) == 198


def test_what_a_spreadsheet_saves_is_read(home: Path) -> None:
    roster = home / "roster.csv"
    text = roster.read_text("utf-8").replace("\n", "\r\n")
    roster.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert open_state(home).roster_problems == ()
    roster.write_bytes(text.encode("cp1252"))
    state = open_state(home)
    assert state.legislators("house", CHELSEA)[0].name == "Judith García"
    assert "not in UTF-8, and read as Windows-1252; save it as CSV in UTF-8" in state.roster_problems[0]
    rows = [row.split(",") for row in text.split("\r\n")]
    wider = [",".join([row[0], *row[1:], *(["note"] if number == 0 else [""])]) for number, row in enumerate(rows)]
    roster.write_text("\n".join([*wider[:-1], "", ""]), "utf-8")
    assert count(open_state(home)) == 198


def test_a_file_that_is_no_roster_is_refused(home: Path) -> None:
    (home / "roster.csv").write_text("id;chamber;district\n")
    with pytest.raises(
        DataError, match=r"roster.csv:1: no column 'id'; the first line must be id,chamber,district,name"
    ):
        open_state(home)
