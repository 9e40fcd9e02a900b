"""The telephone numbers by town are those of the roster that the operator keeps, if there is one."""

import shutil
from pathlib import Path

import pytest

from boundaries.data import shipped
from boundaries.errors import DataError
from theme.site.phones import read_phone_directories


def test_a_newer_roster_of_the_operators_own_gives_the_numbers(tmp_path: Path) -> None:
    shutil.copytree(shipped("ma"), tmp_path / "ma")
    roster = tmp_path / "ma" / "roster.csv"
    roster.write_text(roster.read_text().replace("Judith García", "Ana Example"))
    assert {"Judith García"} == _of_chelsea() - _of_chelsea(tmp_path)
    assert {"Ana Example"} == _of_chelsea(tmp_path) - _of_chelsea()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is no folder"):
        read_phone_directories(["ma"], tmp_path / "none")


def _of_chelsea(own: Path | None = None) -> set[str]:
    (massachusetts,) = read_phone_directories(["ma"], own)
    return {seat.name for seat in dict(massachusetts.towns)["Chelsea"]}
