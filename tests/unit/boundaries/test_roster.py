"""Reading the people CSV that Open States publishes, and the errors when it is wrong."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from boundaries.builder.sources.recipe import Recipe
from boundaries.builder.sources.roster import read_roster
from boundaries.errors import SourceError
from boundaries.model import Chamber, Legislator
from relay.errors import MailError
from relay.mail.message import check_address

# As published, column for column.
COLUMNS = (
    "id,name,current_party,current_district,current_chamber,given_name,family_name,gender,email,biography,birth_date,"
    "death_date,image,links,sources,capitol_address,capitol_voice,capitol_fax,district_address,district_voice,"
    "district_fax,twitter,youtube,instagram,facebook,wikidata"
)
DISTRICTS: Mapping[Chamber, set[str]] = {"senate": {"North"}, "house": {"1st South", "2nd South"}}
ANN = {"id": "a", "name": "Ann Day", "district": "North", "chamber": "upper", "email": "ann@example.org"}
BOB = {"id": "b", "name": "Bob Fox", "district": "1st South", "chamber": "lower", "email": "bob@example.org"}
CY = {"id": "c", "name": "Cy Roe", "district": "2nd South", "chamber": "lower", "email": "cy@example.org"}
ALL = (ANN, BOB, CY)


def line(person: Mapping[str, str]) -> str:
    given, _, family = person["name"].partition(" ")
    cells = (person["id"], person["name"], "Independent", person["district"], person["chamber"],
             person.get("given", given), person.get("family", family), "",
             person["email"], *[""] * 6, person.get("office", ""), person.get("phone", ""), "", "",
             person.get("local", ""), *[""] * 6)  # fmt: skip
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(cells)
    return written.getvalue().removesuffix("\n")


def read(
    folder: Path,
    *people: Mapping[str, str],
    columns: str = COLUMNS,
    say: Callable[[str], None] = print,
    districts: Mapping[Chamber, set[str]] = DISTRICTS,
    **part: Any,  # noqa: ANN401
) -> list[Legislator]:
    (folder / "people.csv").write_text("\n".join([columns, *map(line, people)]) + "\n", "utf-8")
    roster = {"file": "people.csv", "date": "2026-08-05", "vacant": []} | part
    return read_roster(Recipe({"roster": roster}, folder, folder), districts, say)


def refusal(folder: Path, *people: Mapping[str, str], columns: str = COLUMNS, **part: Any) -> str:  # noqa: ANN401
    with pytest.raises(SourceError) as error:
        read(folder, *people, columns=columns, **part)
    return str(error.value).replace(f"{folder}/", "")


def test_every_seat_has_its_member(tmp_path: Path) -> None:
    members = read(tmp_path, *ALL)
    assert [(member.chamber, member.district, member.name) for member in members] == [
        ("house", "1st South", "Bob Fox"),
        ("house", "2nd South", "Cy Roe"),
        ("senate", "North", "Ann Day"),
    ]


def test_blank_capitol_columns_leave_phone_and_office_blank(tmp_path: Path) -> None:
    full = ANN | {"phone": "617-555-0100", "office": "Room 1"}
    *_, ann = read(tmp_path, full, BOB, CY)
    assert (ann.phone, ann.office) == ("617-555-0100", "Room 1")
    *_, ann = read(tmp_path, *ALL)
    assert (ann.phone, ann.office) == ("", "")


def in_force(folder: Path, *rows: str) -> None:
    """Put a roster.csv of an earlier build beside the recipe."""
    head = "id,chamber,district,name,given_name,family_name,party,email,phone,office"
    (folder / "roster.csv").write_text("\n".join([head, *rows]) + "\n", "utf-8")


def test_capitol_numbers_precede_district_numbers_and_known_ones(tmp_path: Path) -> None:
    in_force(tmp_path, *(f"{person},house,1st South,Bob Fox,Bob,Fox,,bob@example.org,1,Room 1" for person in "ab"))
    heard: list[str] = []
    everybody = (ANN, BOB | {"phone": "3", "local": "2"}, CY | {"local": "2"})
    bob, cy, ann = read(tmp_path, *everybody, say=heard.append)
    assert [bob.phone, cy.phone, ann.phone] == ["3", "2", ""]
    assert heard == ["phone numbers: 1 at the capitol, 1 at district offices, 0 kept from before; none for Ann Day"]
    bob, *_ = read(tmp_path, ANN, BOB, CY)
    assert (bob.phone, bob.office) == ("1", "Room 1")
    bob, *_ = read(tmp_path, ANN, BOB | {"local": "2", "office": "Room 9"}, CY)
    assert (bob.phone, bob.office) == ("2", "Room 9")


def test_an_office_follows_its_person_within_a_chamber_only(tmp_path: Path) -> None:
    in_force(
        tmp_path,
        "a,house,1st South,Ann Day,Ann,Day,,ann@example.org,1,Room 1",  # now a senator
        "b,house,2nd South,Bob Fox,Bob,Fox,,bob@example.org,2,Room 2",  # now in another district
        "z,house,1st South,Cy Roe,Cy,Roe,,cy@example.org,3,Room 3",  # the predecessor, of the same name
    )
    heard: list[str] = []
    bob, cy, ann = read(tmp_path, *ALL, say=heard.append)
    assert [(member.phone, member.office) for member in (bob, cy, ann)] == [("2", "Room 2"), ("", ""), ("", "")]
    assert heard[0].endswith("0 at district offices, 1 kept from before; none for Ann Day, Cy Roe")


@pytest.mark.parametrize("column", ["capitol_voice", "capitol_address", "district_voice"])
def test_a_missing_phone_column_is_named(tmp_path: Path, column: str) -> None:
    in_force(tmp_path, "b,house,1st South,Bob Fox,Bob,Fox,,bob@example.org,1,Room 1")
    said = refusal(tmp_path, *ALL, columns=COLUMNS.replace(column, "voice"))
    assert said.startswith(f"people.csv:1: no column '{column}'; found id, name")


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    said = refusal(tmp_path, *ALL, columns=COLUMNS.replace("current_chamber", "chamber"))
    assert said.startswith("people.csv:1: no column 'current_chamber'; found id, name")


def test_an_unknown_chamber_is_named(tmp_path: Path) -> None:
    said = refusal(tmp_path, ANN, BOB | {"chamber": "house"}, CY)
    assert said == "people.csv:3: unknown chamber 'house'; write upper or lower, or skip the row: --skip \"Bob Fox\""


def test_an_unknown_district_is_named_with_suggestions(tmp_path: Path) -> None:
    said = refusal(tmp_path, ANN, BOB | {"district": "First South"}, CY)
    assert said.startswith(
        "people.csv:3: unknown house district 'First South'; write 1st South or 2nd South. If it has"
    )
    said = refusal(tmp_path, ANN, BOB | {"district": "99"}, CY)
    assert said.startswith(
        "people.csv:3: unknown house district '99'; is it another state's or plan's? If it has no vote"
    )


def test_two_members_for_one_seat_are_both_named(tmp_path: Path) -> None:
    said = refusal(tmp_path, *ALL, CY | {"id": "d", "name": "Di Poe"})
    assert said == (
        "people.csv:5: Di Poe holds house 2nd South, which Cy Roe holds on line 4; remove the one who left; "
        'if it elects more, say so under roster.members, or by --members "house:2nd South=2"'
    )


def test_a_roster_whose_districts_elect_several_names_every_option(tmp_path: Path) -> None:
    districts: Mapping[Chamber, set[str]] = {"senate": {"North"}, "house": {str(number) for number in range(1, 9)}}
    house = [
        {"id": f"{number}{seat}", "name": f"Member {number}{seat}", "district": str(number), "chamber": "lower",
         "email": f"m{number}{seat}@example.org"}
        for number in range(1, 9) for seat in "ab" if (number, seat) != (8, "b")
    ]  # fmt: skip
    said = refusal(tmp_path, ANN, *house, districts=districts)
    assert said.endswith(
        'if that is right: --members "house=2"; for those that elect fewer: --members "house:8=1"; '
        "for a vacancy: --vacant"
    )


def test_lettered_seats_of_one_district_are_its_members(tmp_path: Path) -> None:
    districts: Mapping[Chamber, set[str]] = {"senate": {"North"}, "house": {"1", "2"}}
    seats = [person | {"district": seat} for person, seat in ((BOB, "1A"), (CY, "1B"), (CY | {"id": "d"}, "2A"))]
    vacant = [{"chamber": "house", "district": "2"}]
    two = [{"chamber": "house", "members": 2}]
    members = read(tmp_path, ANN, *seats, members=two, vacant=vacant, districts=districts)
    assert [member.district for member in members] == ["1", "1", "2", "North"]


def test_rows_of_delegates_and_without_a_role_can_be_skipped(tmp_path: Path) -> None:
    delegate = CY | {"id": "d", "name": "Di Poe", "district": "Penobscot Nation"}
    nobody = CY | {"id": "e", "name": "Ed Law", "chamber": "", "district": ""}
    assert refusal(tmp_path, *ALL, delegate).endswith('skip it: --skip "house:Penobscot Nation"')
    assert refusal(tmp_path, *ALL, nobody).endswith('or skip the row: --skip "Ed Law"')
    for skip in (["house:Penobscot Nation", "Ed Law"], ["d", "e"]):
        assert len(read(tmp_path, *ALL, delegate, nobody, skip=skip)) == len(ALL)


def test_a_district_has_as_many_members_as_the_recipe_says(tmp_path: Path) -> None:
    two = {"chamber": "house", "members": 2}
    one = {"chamber": "house", "district": "1st South", "members": 1}
    di = CY | {"id": "d", "name": "Di Poe", "email": "di@example.org"}
    members = read(tmp_path, *ALL, di, members=[one, two])
    assert [member.name for member in members] == ["Bob Fox", "Cy Roe", "Di Poe", "Ann Day"]
    said = refusal(tmp_path, *ALL, members=[two, one])
    assert said.startswith("people.csv: not all members for house 2nd South (1 of 3); add the member, or the vacancy")
    vacant = [{"chamber": "house", "district": "2nd South"}]
    assert len(read(tmp_path, *ALL, members=[two, one], vacant=vacant)) == 3
    assert "house 2nd South has a member" in refusal(tmp_path, *ALL, di, members=[two, one], vacant=vacant)


@pytest.mark.parametrize(
    "entry", [{"chamber": "lower", "members": 2}, {"chamber": "house", "members": "2"}, {"members": 0}]
)
def test_an_invalid_number_of_members_is_refused(tmp_path: Path, entry: dict[str, object]) -> None:
    said = refusal(tmp_path, *ALL, members=[entry])
    assert said.startswith(f"recipe.json: roster.members: {entry} is not valid; write it like")


def test_a_duplicate_id_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, ANN, BOB, CY | {"id": "b"}) == (
        "people.csv:4: id 'b' is on line 3 too; remove one of the two"
    )


def test_a_member_without_an_email_is_refused_unless_the_recipe_says_so(tmp_path: Path) -> None:
    silent = CY | {"email": ""}
    said = refusal(tmp_path, ANN, BOB, silent)
    assert said.startswith("people.csv:4: no e-mail address for Cy Roe; add it from the legislature's site, or list")
    assert '{"chamber": "house", "district": "2nd South"} under roster.no_email' in said
    both = refusal(tmp_path, ANN, BOB | {"email": ""}, silent)
    assert "people.csv:3: no e-mail address for Bob Fox, Cy Roe; add it" in both
    assert both.endswith('by --no-email "house:1st South" --no-email "house:2nd South"')
    seat = {"chamber": "house", "district": "2nd South"}
    assert not read(tmp_path, ANN, BOB, silent, no_email=[seat])[1].email


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        ("cy", "must have an @-sign"),
        ("cy@localhost", "should have a period"),
        ("cy@example.org;x@example.org", "invalid characters"),
        ("Cy <cy@example.org>", "angle brackets"),
        ("cy..roe@example.org", "two periods in a row"),
        ("cy@-example.org", "hyphen"),
        ("c" * 65 + "@example.org", "too long"),
    ],
)
def test_an_address_that_the_mailer_would_refuse_is_named_and_the_others_are_read(
    tmp_path: Path, email: str, reason: str
) -> None:
    with pytest.raises(MailError):
        check_address(email)
    heard: list[str] = []
    bob, cy, ann = read(tmp_path, ANN, BOB, CY | {"email": email}, say=heard.append)
    assert (bob.email, cy.email, ann.email) == ("bob@example.org", "", "ann@example.org")
    (said,) = [line.replace(f"{tmp_path}/", "") for line in heard if "not an e-mail address" in line]
    assert said.startswith(f"people.csv:4: {email!r} is not an e-mail address: ")
    assert "the address of Cy Roe" in said
    assert said.endswith("; until then no letter goes there")
    assert reason in said


@pytest.mark.parametrize(
    ("email", "meant"),
    [
        ("mailto:cy@example.org", "cy@example.org"),
        ("MAILTO:cy@example.org?subject=Hello", "cy@example.org"),
        ("Cy Roe <cy@example.org>", "cy@example.org"),
        ("<cy@example.org>", "cy@example.org"),
        ("cy.o\u2019roe@example.org", "cy.o'roe@example.org"),
        ("cy@example.org.", "cy@example.org"),
        ("cy@example.org\n", "cy@example.org"),
        ("cy\u200b@example.org", "cy@example.org"),
        ("cy@example.org; di@example.org", "cy@example.org or di@example.org"),
        ("cy@example.org / di@example.org", "cy@example.org or di@example.org"),
    ],
)
def test_the_remedy_is_the_address_that_was_meant(tmp_path: Path, email: str, meant: str) -> None:
    heard: list[str] = []
    assert not read(tmp_path, ANN, BOB, CY | {"email": email}, say=heard.append)[1].email
    assert f"; write {meant} as the address of Cy Roe; until then no letter goes there" in heard[0]
    assert "\n" not in heard[0]


@pytest.mark.parametrize(
    "email",
    [
        "..@example.org", "cy roe@example.org", "cy@exa mple.org", "cy@exa\nmple.org", "https://example.org/contact",
        "cy@example.org@example.org", "cy@m\u0430house.gov", "\u0441y@example.org", "cy at example.org", "-",
    ],
)  # fmt: skip
def test_what_was_meant_is_never_guessed(tmp_path: Path, email: str) -> None:
    heard: list[str] = []
    assert not read(tmp_path, ANN, BOB, CY | {"email": email}, say=heard.append)[1].email
    assert "; correct the address of Cy Roe; until then no letter goes there" in heard[0]


def test_a_member_whose_new_address_is_none_keeps_the_known_one(tmp_path: Path) -> None:
    in_force(
        tmp_path,
        "b,house,1st South,Bob Fox,Bob,Fox,,bob@example.org,,",
        "c,senate,North,Cy Roe,Cy,Roe,,cy@example.org,,",  # of the other chamber, where Cy Roe was
    )
    heard: list[str] = []
    garbled = [person | {"email": f"mailto:{person['email']}"} for person in (BOB, CY)]
    bob, cy, ann = read(tmp_path, ANN, *garbled, say=heard.append)
    assert (bob.email, cy.email, ann.email) == ("bob@example.org", "", "ann@example.org")
    assert heard[0].endswith("; until then letters go to bob@example.org as before")
    assert heard[1].endswith("; until then no letter goes there")


def test_a_file_without_a_single_address_is_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, *[person | {"email": "https://example.org/contact"} for person in ALL])
    assert said.startswith(
        "people.csv: nobody has an address to write to, first in row 2: 'https://example.org/contact'"
    )
    assert said.endswith("; is it the right file?")


def test_an_address_is_kept_as_it_is_mailed(tmp_path: Path) -> None:
    written = {"Cy@EXAMPLE.org": "Cy@example.org", " cy@stra\u00dfe.example ": "cy@xn--strae-oqa.example"}
    for email, kept in written.items():
        assert read(tmp_path, ANN, BOB, CY | {"email": email})[1].email == kept


@pytest.mark.parametrize("name", ["VACANT", "(vacant)", "Vacant Seat", "To Be Announced", "TBD"])
def test_a_row_that_calls_its_seat_vacant_is_a_vacancy(tmp_path: Path, name: str) -> None:
    empty = {"id": "", "name": name, "district": "2nd South", "chamber": "lower", "email": ""}
    assert [member.name for member in read(tmp_path, ANN, BOB, empty)] == ["Bob Fox", "Ann Day"]
    listed = [{"chamber": "house", "district": "2nd South"}]
    assert len(read(tmp_path, ANN, BOB, empty, vacant=listed)) == 2
    assert len(read(tmp_path, *ALL, empty)) == 3  # the seat was filled


def test_a_person_named_vacant_is_a_member(tmp_path: Path) -> None:
    assert read(tmp_path, ANN, BOB, CY | {"name": "Vacant Smith"})[1].surname == "Smith"


def test_a_name_is_one_line_and_a_blank_one_is_made_of_its_parts(tmp_path: Path) -> None:
    untidy = CY | {"name": " Cy\n\u200b  Roe\x07", "family": "Roe\r\n"}
    _, cy, _ = read(tmp_path, ANN, BOB, untidy)
    assert (cy.name, cy.family_name) == ("Cy Roe", "Roe")
    assert read(tmp_path, ANN, BOB, CY | {"name": "", "given": "Cy", "family": "Roe"})[1].name == "Cy Roe"
    assert "people.csv:4: no name for house 2nd South; fill it in" in refusal(tmp_path, ANN, BOB, CY | {"name": " "})


def test_a_seat_without_a_member_must_be_listed_as_vacant(tmp_path: Path) -> None:
    said = refusal(tmp_path, ANN, BOB)
    assert said == (
        "people.csv: no member for house 2nd South (1 of 3); add the member, or the vacancy under roster.vacant in the "
        'recipe: {"chamber": "house", "district": "2nd South"}, or by --vacant "house:2nd South"'
    )
    assert len(read(tmp_path, ANN, BOB, vacant=[{"chamber": "house", "district": "2nd South"}])) == 2


def test_a_vacancy_that_has_been_filled_is_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, *ALL, vacant=[{"chamber": "house", "district": "2nd South"}])
    assert said == "recipe.json: house 2nd South has a member in people.csv; remove its vacancy from roster.vacant"


def test_a_vacancy_without_a_district_and_a_roster_without_a_date_are_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, *ALL, vacant=[{"chamber": "house", "district": "3rd South"}])
    assert "roster.vacant: no such district as {'chamber': 'house', 'district': '3rd South'}" in said
    assert "roster.date 'August' is not a date; write the day" in refusal(tmp_path, *ALL, date="August")
