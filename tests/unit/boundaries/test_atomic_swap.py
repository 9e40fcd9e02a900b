"""New files take effect all at once."""

from pathlib import Path

import pytest

from boundaries.atomic_swap import READY, finish_swap, swap_files
from boundaries.builder.release.staging import staging_folder
from boundaries.errors import DataError


def written(folder: Path, **texts: str) -> Path:
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text)
    return folder


def read(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_new_files_replace_the_old_and_hand_kept_tables_stay(tmp_path: Path) -> None:
    folder = written(tmp_path / "zz", book="old", corrections="mine")
    swap_files(written(tmp_path / "made", book="new"), folder)
    assert read(folder) == {"book": "new", "corrections": "mine"}
    assert not (tmp_path / "made").exists()


def test_an_interrupted_swap_is_finished_by_the_next_open(tmp_path: Path) -> None:
    folder = written(tmp_path / "zz", book="old", towns="old")
    written(folder / READY, book="new", towns="new")
    (folder / READY / "book").replace(folder / "book")  # the power fails here
    finish_swap(folder)
    assert read(folder) == {"book": "new", "towns": "new"}


def test_finishing_without_a_pending_swap_does_nothing(tmp_path: Path) -> None:
    folder = written(tmp_path / "zz", book="old")
    finish_swap(folder)
    assert read(folder) == {"book": "old"}


def test_leftovers_of_a_killed_build_are_removed(tmp_path: Path) -> None:
    written(tmp_path / ".zz-killed", book="half")
    with staging_folder(tmp_path / "zz") as made:
        assert made.is_dir()
        assert [path.name for path in tmp_path.iterdir() if path.name == ".zz-killed"] == []
    assert not list(tmp_path.iterdir())


def test_two_builds_of_one_state_exclude_each_other(tmp_path: Path) -> None:
    another = staging_folder(tmp_path / "zz")
    with (
        staging_folder(tmp_path / "zz"),
        pytest.raises(DataError, match="is being built or updated by another process"),
    ):
        another.__enter__()
    with staging_folder(tmp_path / "zz") as made:
        assert made.is_dir()
