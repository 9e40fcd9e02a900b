"""Who leads a committee, however its name is written."""

from pathlib import Path

import pytest

from boundaries.builder.sources.committee_chairs import compile_committees
from boundaries.builder.sources.recipe import Recipe
from boundaries.committees import read_committees
from boundaries.data import shipped
from boundaries.errors import DataError, SourceError
from boundaries.model import Legislator
from boundaries.state import State, open_state

HEADER = "committee,chamber,classification,parent,member,person_id,role\n"
ROSTER = [
    Legislator("a", "senate", "North", "Ann Day", "Ann", "Day", "", "ann@example.org", "", ""),
    Legislator("b", "house", "South", "Bob Fox", "Bob", "Fox", "", "bob@example.org", "", ""),
]


@pytest.fixture(scope="module")
def ma() -> State:
    return open_state(shipped("ma"))


@pytest.mark.parametrize(
    "name",
    ["Judiciary", "judiciary", "The Judiciary", "Joint Committee on the Judiciary", "joint judiciary committee"],
)
def test_a_joint_committee_has_both_its_chairs_senators_first(ma: State, name: str) -> None:
    assert [(chair.chamber, chair.name) for chair in ma.chairs(name)] == [
        ("senate", "Lydia Edwards"),
        ("house", "Mike Day"),
    ]


def test_a_committee_of_one_chamber_carries_its_name(ma: State) -> None:
    assert [chair.name for chair in ma.chairs("House Committee on Ways & Means")] == ["Aaron Michlewitz"]
    assert [chair.name for chair in ma.chairs("Senate Ways and Means")] == ["Michael Rodrigues"]
    assert len(ma.chairs("Ways and Means")) == 2


def test_a_bare_name_suffices_if_only_one_chamber_has_it(ma: State) -> None:
    assert ma.chairs("Census") == ma.chairs("Senate Census")


def test_every_committee_is_found_by_the_name_shown_and_has_a_chair(ma: State) -> None:
    assert len(ma.committees) == 57
    assert all(ma.chairs(name) for name in ma.committees)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Judicary", "no committee 'Judicary': is it Judiciary?"),
        ("House Judiciary", "no committee 'House Judiciary': is it Judiciary?"),
        ("Ethics", "no committee 'Ethics': is it House Ethics or Senate Ethics?"),
        ("zzz", "no committee 'zzz'"),
    ],
)
def test_an_unknown_or_ambiguous_name_is_refused_with_suggestions(ma: State, name: str, said: str) -> None:
    with pytest.raises(KeyError) as error:
        ma.chairs(name)
    assert error.value.args == (said,)


def test_a_state_may_have_no_committees_file(tmp_path: Path) -> None:
    assert read_committees(tmp_path / "committees.csv").names == ()


def test_a_wrong_row_in_committees_csv_is_named(tmp_path: Path) -> None:
    (tmp_path / "committees.csv").write_text("name,chamber,role,person_id\nRules,upper,chair,a\n")
    with pytest.raises(DataError, match=r"committees\.csv:2: unknown chamber 'upper'"):
        read_committees(tmp_path / "committees.csv")


def compiled(folder: Path, *rows: str) -> list[tuple[str, str, str, str]]:
    (folder / "members.csv").write_text(HEADER + "\n".join(rows) + "\n")
    return compile_committees(Recipe({"committees": {"file": "members.csv"}}, folder, folder), ROSTER)


def test_only_leaders_who_still_sit_are_compiled(tmp_path: Path) -> None:
    rows = compiled(
        tmp_path,
        "Rules,legislature,committee,,Ann Day,a,chair",
        "Rules,legislature,committee,,Bob Fox,b,member",
        "Rules,lower,committee,,Bob Fox,b,vice chair",
        "Rules,lower,committee,,Who Left,c,chair",
        "Small Rules,lower,subcommittee,Rules,Bob Fox,b,chair",
    )
    assert rows == [("Rules", "", "chair", "a"), ("Rules", "house", "vice chair", "b")]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Rules,both,committee,,Ann Day,a,chair", "members.csv:2: unknown chamber 'both'; write upper, lower or leg"),
        (",lower,committee,,Ann Day,a,chair", "members.csv:2: no committee; name it"),
        ("Rules,lower,committee,,Ann Day,,chair", "members.csv:2: no person_id for Ann Day; copy it from the roster"),
        ("Rules,lower,committee,,Who Else,z,chair", "members.csv: no chair is in the roster; is it another state's"),
    ],
)
def test_a_wrong_source_is_refused_with_file_row_and_remedy(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(SourceError) as error:
        compiled(tmp_path, row)
    assert said in str(error.value)


def test_the_output_of_a_build_is_not_taken_for_the_source(tmp_path: Path) -> None:
    recipe = Recipe({"committees": {"file": "committees.csv"}}, shipped("ma"), tmp_path)
    with pytest.raises(SourceError, match=r"committees\.csv: no such file; put the membership rows there"):
        compile_committees(recipe, ROSTER)
