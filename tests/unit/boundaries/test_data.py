"""An operator's own folder of states takes precedence over what ships with Beaconpost."""

import shutil
from pathlib import Path

import pytest

from boundaries.data import codes, shipped, state_folders
from boundaries.errors import DataError
from boundaries.state import open_state


def test_without_an_operators_folder_the_shipped_states_are_read() -> None:
    assert state_folders() == {code: shipped(code) for code in codes()}


def test_an_operators_folder_overrides_the_shipped_one(tmp_path: Path) -> None:
    shutil.copytree(shipped("ma"), tmp_path / "ma")
    assert state_folders(tmp_path)["ma"] == tmp_path / "ma"


def test_a_correction_in_an_operators_folder_counts(tmp_path: Path) -> None:
    shutil.copytree(shipped("ma"), tmp_path / "ma")
    before = open_state(shipped("ma")).locate("24 Beacon St", "Boston", "02108").pairs[0]
    with (tmp_path / "ma" / "corrections.csv").open("a") as rows:
        rows.write("Boston,Beacon St,24,24,even,Second Suffolk,8th Suffolk,a neighbor who looked,2026-11-20\n")
    after = open_state(state_folders(tmp_path)["ma"]).locate("24 Beacon St", "Boston", "02108").pairs[0]
    assert (before.senate, after.senate) == ("Third Suffolk", "Second Suffolk")


def test_a_state_only_in_the_operators_folder_is_read(tmp_path: Path) -> None:
    shutil.copytree(shipped("ma"), tmp_path / "zz")
    assert set(state_folders(tmp_path)) == {*codes(), "zz"}


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not a folder: create it, or put a copy of boundaries/ma into it"):
        state_folders(tmp_path / "none")
