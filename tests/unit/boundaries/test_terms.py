"""When a roster can no longer be trusted, and what the operator reads then."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from boundaries.data import shipped
from boundaries.errors import DataError
from boundaries.model import CHAMBERS, Chamber, District
from boundaries.state import State, open_state
from boundaries.terms import assess_freshness, next_change, read_terms

HEADER = "chamber,district,starts,ends,note\n"
DISTRICTS = {(chamber, name): District(chamber, name, "") for chamber in CHAMBERS for name in ("North", "South")}
NAMES: Mapping[Chamber, str] = {"senate": "Senate", "house": "House"}


@pytest.fixture(scope="module")
def ma() -> State:
    return open_state(shipped("ma"))


def test_a_new_roster_is_fresh_and_has_no_message(ma: State) -> None:
    fresh = ma.freshness(ma.roster_date)
    assert (fresh.ok, fresh.stale, fresh.age_days, fresh.message) == (True, False, 0, "")


def test_a_roster_is_stale_after_sixty_days(ma: State) -> None:
    assert ma.roster_date == date(2026, 8, 5)
    assert not ma.freshness(date(2026, 10, 4)).stale
    late = ma.freshness(date(2026, 10, 5))
    assert late.stale
    assert not late.term_over
    assert "61 days old" in late.message


def test_a_term_ends_on_the_first_wednesday_of_january_in_odd_years(ma: State) -> None:
    assert not ma.freshness(date(2027, 1, 5)).term_over
    over = ma.freshness(date(2027, 1, 6))
    assert over.term_over
    assert over.outdated("house", "10th Bristol")
    assert over.outdated("senate", "First Middlesex")
    assert "a new term began on 2027-01-06" in over.message
    assert "`beaconpost boundaries update ma --only roster`" in over.message


def test_every_shipped_term_begins_on_a_wednesday_when_the_last_one_ends() -> None:
    rows = (shipped("ma") / "terms.csv").read_text("utf-8").splitlines()[1:]
    for chamber in CHAMBERS:
        days = [row.split(",")[2:4] for row in rows if row.startswith(f"{chamber},")]
        for (_, ends), (starts, _) in pairwise(days):
            assert ends == starts
            assert date.fromisoformat(starts).weekday() == 2
            assert date.fromisoformat(starts).day <= 7
            assert date.fromisoformat(starts).year % 2


def test_a_roster_made_on_the_first_day_of_a_term_belongs_to_that_term(tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    path.write_text(HEADER + "house,,2025-01-01,2027-01-06,\n")
    terms = read_terms(path, DISTRICTS)
    assert not assess_freshness(date(2027, 1, 6), terms, NAMES, date(2027, 1, 20)).term_over
    assert assess_freshness(date(2027, 1, 5), terms, NAMES, date(2027, 1, 20)).term_over


def test_a_special_election_outdates_one_seat_only(tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    path.write_text(HEADER + "house,North,2026-03-04,,special election\n")
    fresh = assess_freshness(date(2026, 3, 1), read_terms(path, DISTRICTS), NAMES, date(2026, 3, 4))
    assert not fresh.term_over
    assert fresh.outdated("house", "North")
    assert not fresh.outdated("house", "South")
    assert not fresh.outdated("senate", "North")
    assert fresh.message.startswith("The seat of North in the House changed hands on 2026-03-04")


def test_a_member_who_leaves_early_outdates_the_seat(tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    path.write_text(HEADER + "senate,South,,2026-03-04,resigned\n")
    terms = read_terms(path, DISTRICTS)
    assert assess_freshness(date(2026, 3, 1), terms, NAMES, date(2026, 3, 3)).ok
    assert assess_freshness(date(2026, 3, 1), terms, NAMES, date(2026, 3, 4)).outdated("senate", "South")


def test_a_state_without_terms_is_judged_by_age_alone(tmp_path: Path) -> None:
    fresh = assess_freshness(date(2020, 1, 1), read_terms(tmp_path / "terms.csv", DISTRICTS), NAMES, date(2026, 1, 1))
    assert fresh.stale
    assert not fresh.term_over


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("hose,,2025-01-01,2027-01-06,", "terms.csv:2: unknown chamber 'hose'; write house"),
        ("house,Nort,2025-01-01,2027-01-06,", "terms.csv:2: unknown district 'Nort'; write North"),
        ("house,,1/1/2025,2027-01-06,", "terms.csv:2: starts '1/1/2025' is not a date; write it like 2027-01-31"),
        ("house,,2025-01-01,,", "terms.csv:2: a date is missing; a chamber's term has both starts and ends"),
        ("house,North,,,", "terms.csv:2: a date is missing"),
        ("house,,2027-01-06,2025-01-01,", "terms.csv:2: starts 2027-01-06 but ends 2025-01-01"),
        ("house,,2025-01-01", "terms.csv:2: 3 columns, 5 expected"),
    ],
)
def test_a_wrong_row_is_named_with_its_remedy(tmp_path: Path, row: str, said: str) -> None:
    path = tmp_path / "terms.csv"
    path.write_text(HEADER + row + "\n")
    with pytest.raises(DataError) as error:
        read_terms(path, DISTRICTS)
    assert said in str(error.value)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    path.write_text("chamber,district,starts\n")
    with pytest.raises(DataError, match=r"terms.csv:1: no column 'ends'; the first line must be chamber,district"):
        read_terms(path, DISTRICTS)


def test_a_roster_is_valid_until_the_next_change_of_a_seat(tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    path.write_text(HEADER + "house,,2025-01-01,2027-01-06,\nhouse,North,2026-03-04,,special election\n")
    terms = read_terms(path, DISTRICTS)
    made = date(2026, 3, 1)
    assert next_change(terms, "house", "North", made) == date(2026, 3, 4)
    assert next_change(terms, "house", "South", made) == date(2027, 1, 6)
    assert next_change(terms, "house", "South", date(2027, 1, 6)) is None
    assert next_change(terms, "senate", "North", made) is None


def test_known_until_agrees_with_freshness(ma: State) -> None:
    day = ma.known_until("house", "10th Bristol")
    assert day == date(2027, 1, 6)
    assert not ma.freshness(day - timedelta(days=1)).outdated("house", "10th Bristol")
    assert ma.freshness(day).outdated("house", "10th Bristol")
