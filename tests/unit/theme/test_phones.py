"""The phone directory uses the operator's own roster if there is one."""

import shutil
from pathlib import Path

import pytest

from boundaries.data import shipped, state_folders
from boundaries.errors import DataError
from theme.site.phones import list_phone_directories
from theme.site.states import States


def test_the_operators_own_roster_gives_the_phone_numbers(tmp_path: Path) -> None:
    shutil.copytree(shipped("ma"), tmp_path / "ma")
    roster = tmp_path / "ma" / "roster.csv"
    roster.write_text(roster.read_text().replace("Judith García", "Ana Example"))
    assert {"Judith García"} == _of_chelsea() - _of_chelsea(tmp_path)
    assert {"Ana Example"} == _of_chelsea(tmp_path) - _of_chelsea()


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not a folder"):
        state_folders(tmp_path / "none")


def _of_chelsea(own: Path | None = None) -> set[str]:
    (massachusetts,) = list_phone_directories(["ma"], States(state_folders(own)))
    return {seat.name for seat in dict(massachusetts.towns)["Chelsea"]}
