"""Presiding officers, from a small table maintained by hand."""

from pathlib import Path

import pytest

from boundaries.data import shipped
from boundaries.errors import DataError
from boundaries.leadership import find_role, read_leadership
from boundaries.state import open_state


def table(folder: Path, *rows: str) -> Path:
    path = folder / "leadership.csv"
    path.write_text("\n".join(["role,person_id", *rows]) + "\n")
    return path


def test_roles_are_read_and_found_however_they_are_written(tmp_path: Path) -> None:
    roles = read_leadership(table(tmp_path, "Speaker,a", "president,b"), {"a", "b"})
    assert roles == {"speaker": "a", "president": "b"}
    assert find_role(" SPEAKER ", roles) == "speaker"


def test_somebody_no_longer_in_the_roster_holds_no_office(tmp_path: Path) -> None:
    roles = read_leadership(table(tmp_path, "speaker,gone", "president,b"), {"b"})
    with pytest.raises(KeyError, match=r"the roster knows no 'speaker': is it president\?"):
        find_role("speaker", roles)


def test_a_state_may_lack_the_table(tmp_path: Path) -> None:
    assert not read_leadership(tmp_path / "leadership.csv", ())


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("speaker,b", "leadership.csv:3: a second speaker; remove the one who left"),
        (",b", "leadership.csv:3: no role; write it like speaker"),
    ],
)
def test_a_wrong_row_is_named_with_its_remedy(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(DataError) as error:
        read_leadership(table(tmp_path, "speaker,a", row), {"a", "b"})
    assert said in str(error.value)


def test_the_shipped_speaker_sits_in_the_house_and_the_president_in_the_senate() -> None:
    state = open_state(shipped("ma"))
    assert state.leader("speaker").chamber == "house"
    assert state.leader("president").chamber == "senate"
