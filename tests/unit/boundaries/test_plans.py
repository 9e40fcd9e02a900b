"""New districts take effect on their day, by a row in a table."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from boundaries.data import shipped
from boundaries.errors import DataError
from boundaries.plans import plan_on
from boundaries.state import open_state


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state that is redistricted in 2033."""
    shutil.copytree(shipped("ma"), tmp_path / "ma")
    shutil.copytree(shipped("ma"), tmp_path / "ma" / "drawn-2032")
    (tmp_path / "ma" / "plans.csv").write_text("starts,folder,note\n2033-01-05,drawn-2032,\n2023-01-04,.,\n")
    return tmp_path / "ma"


def test_each_plan_applies_from_its_start(state: Path) -> None:
    assert plan_on(state, date(2033, 1, 4)) == (state / ".", date(2033, 1, 5))
    assert plan_on(state, date(2033, 1, 5)) == (state / "drawn-2032", None)


def test_before_every_plan_the_first_one_applies(state: Path) -> None:
    assert plan_on(state, date(2000, 1, 1)) == (state / ".", date(2033, 1, 5))


def test_a_state_without_plans_is_its_own_plan(tmp_path: Path) -> None:
    assert plan_on(tmp_path, date(2026, 1, 1)) == (tmp_path, None)


def test_a_state_open_when_the_plan_changes_must_be_reopened(state: Path) -> None:
    opened = open_state(state, on=date(2033, 1, 4))
    assert opened.until == date(2033, 1, 5)
    assert "New districts" not in opened.freshness(date(2033, 1, 4)).message
    late = opened.freshness(date(2033, 1, 5))
    assert late.outdated("house", "10th Bristol")
    assert late.message == "New districts took effect on 2033-01-05: restart to load them."


def test_the_shipped_districts_are_in_effect() -> None:
    assert plan_on(shipped("ma"), date(2026, 11, 23)) == (shipped("ma") / ".", None)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("2033,.,", "plans.csv:2: starts '2033' is not a date; write it like 2027-01-31"),
        ("2033-01-05,drawn,", "plans.csv:2: no state in folder 'drawn'; build it with `beaconpost boundaries build"),
        ("2033-01-05,.,\n2033-01-05,.,", "plans.csv:3: a second plan starts on 2033-01-05; remove one of them"),
    ],
)
def test_a_wrong_row_is_named_with_its_remedy(state: Path, rows: str, said: str) -> None:
    (state / "plans.csv").write_text(f"starts,folder,note\n{rows}\n")
    with pytest.raises(DataError) as error:
        plan_on(state, date(2026, 1, 1))
    assert said in str(error.value)
