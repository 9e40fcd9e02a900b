"""Updating a state: whatever its publishers answer, the old files stay in effect until all is well."""

import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from boundaries.builder.release.compile import build
from boundaries.builder.release.roster_update import Allowed
from boundaries.builder.release.update import update
from boundaries.builder.sources.fetch import check_url
from boundaries.builder.sources.new_recipe import draft_recipe
from boundaries.builder.sources.progress import unwatched
from boundaries.builder.sources.recipe import make_recipe, read_recipe
from boundaries.errors import BoundariesError, SourceError
from boundaries.model import Pair
from boundaries.state import open_state
from tests.unit.boundaries import zedland
from tests.unit.boundaries.publisher import Publisher, publishing
from tests.unit.boundaries.zedland import ADDRESSES, MEMBERS, named

TODAY = date(2026, 11, 23)
NEWER = {name: seat for name, seat in MEMBERS.items() if name != "Di Poe"} | {"Ed Law": ("lower", "11")}


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as server:
        yield server


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Zedland's sources, and the state built from them in zz/."""
    folder = tmp_path_factory.mktemp("built")
    content, given = draft_recipe(named(folder))
    for entry in content["sources"]:
        entry["url"] = f"PUBLISHER/{entry['file']}"
    build(make_recipe(folder / "zz/recipe.json", content, folder, given), folder / "zz", lambda _: None)
    return folder


@pytest.fixture
def home(tmp_path: Path, publisher: Publisher, built: Path) -> Path:
    """Zedland as built on November 1; the publisher has all its sources."""
    shutil.copytree(built / "zz", tmp_path / "zz")
    recipe = tmp_path / "zz/recipe.json"
    recipe.write_text(recipe.read_text().replace("PUBLISHER", publisher.url))
    publisher.files = {path.name: path.read_bytes() for path in built.iterdir() if path.is_file()}
    return tmp_path / "zz"


def run(home: Path, *, roster: bool = True, by_hand: Path | None = None, today: date = TODAY, **vouched: Any) -> str:  # noqa: ANN401
    """Update, and return what was reported."""
    heard: list[str] = []
    update(
        home, only_roster=roster, by_hand=by_hand, downloads=home.parent / "downloads", contact="op@example.org",
        today=today, allowed=Allowed(**vouched), say=heard.append, watch=unwatched,
    )  # fmt: skip
    return "\n".join(heard)


def everything(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refusal(home: Path, **how: Any) -> str:  # noqa: ANN401
    """The error of an update that must fail; nothing may have changed."""
    before = everything(home)
    with pytest.raises(BoundariesError) as error:
        run(home, **how)
    assert everything(home) == before
    assert not [path for path in home.parent.iterdir() if path.name.startswith(".")]
    return str(error.value)


def people(publisher: Publisher, folder: Path, members: dict[str, tuple[str, str]]) -> bytes:
    """Publish another people CSV."""
    publisher.files["zz.csv"] = zedland.write_people(folder / "newer.csv", members).read_bytes()
    return publisher.files["zz.csv"]


def test_a_new_member_takes_effect_and_everything_else_stays(home: Path, publisher: Publisher, tmp_path: Path) -> None:
    before = everything(home)
    content = people(publisher, tmp_path, NEWER)
    said = run(home)
    assert "house 11: Di Poe → Ed Law" in said
    state = open_state(home)
    (member,) = state.legislators("house", "11")
    assert member is not None
    assert (member.name, state.roster_date) == ("Ed Law", TODAY)
    after = everything(home)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"roster.csv", "state.json", "recipe.json", "SOURCES.md"}
    assert hashlib.sha256(content).hexdigest() in after["SOURCES.md"].decode()
    assert publisher.asked[-1][1]["User-Agent"] == "Beaconpost boundaries update (op@example.org)"


def test_one_of_several_members_can_change_and_a_vacancy_be_filled(
    home: Path, publisher: Publisher, tmp_path: Path
) -> None:
    recipe = json.loads((home / "recipe.json").read_text())
    recipe["roster"] |= {
        "members": [{"chamber": "house", "members": 2}],
        "vacant": [{"chamber": "house", "district": name} for name in ("10", "11")],
    }
    (home / "recipe.json").write_text(json.dumps(recipe))
    people(publisher, tmp_path, NEWER | {"Flo Gee": ("lower", "10")})
    said = run(home)
    assert "house 10: no longer vacant" in said
    assert "house 10: vacant → Flo Gee" in said
    assert "house 11: Di Poe → Ed Law" in said
    state = open_state(home)
    assert [len(state.legislators("house", name)) for name in ("10", "11")] == [2, 1]
    assert [state.vacancies("house", name) for name in ("10", "11")] == [0, 1]


@pytest.mark.parametrize("roster", [True, False])
def test_phone_numbers_the_publisher_lacks_are_kept(
    home: Path, publisher: Publisher, tmp_path: Path, *, roster: bool
) -> None:
    rows = (home / "roster.csv").read_text().replace(".example,,", ".example,999-555-0100,Room 1")
    (home / "roster.csv").write_text(rows)
    people(publisher, tmp_path, NEWER)
    said = run(home, roster=roster)
    assert "phone numbers: 0 at the capitol, 0 at district offices, 3 kept from before; none for Ed Law" in said
    state = open_state(home)
    (ed,), (cy,) = state.legislators("house", "11"), state.legislators("house", "10")
    assert [(ed.phone, ed.office), (cy.phone, cy.office)] == [("", ""), ("999-555-0100", "Room 1")]
    assert "3 kept from before" in run(home, roster=roster)


def test_a_build_from_the_recipe_keeps_the_rosters_phone_numbers(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "again")
    home = tmp_path / "again/zz"
    rows = (home / "roster.csv").read_text().replace(".example,,", ".example,999-555-0100,Room 1")
    (home / "roster.csv").write_text(rows)
    heard: list[str] = []
    build(read_recipe(home / "recipe.json", home.parent), home, heard.append)
    assert any("4 kept from before" in line for line in heard)
    assert (home / "roster.csv").read_text() == rows


def test_an_unchanged_file_is_not_fetched_again_and_counts_as_todays(home: Path, publisher: Publisher) -> None:
    run(home)
    assert "zz.csv: unchanged since 2026-11-23" in run(home, today=date(2026, 12, 1))
    assert "If-None-Match" in publisher.asked[-1][1]
    assert open_state(home).roster_date == date(2026, 12, 1)


def test_a_file_damaged_here_is_fetched_again(home: Path) -> None:
    run(home)
    (home.parent / "downloads/zz.csv").write_text("scribbled over")
    assert "zz.csv: changed here since it was fetched; fetching it again" in run(home)
    (home.parent / "downloads/fetched.json").write_text("scribbled over")
    assert "zz.csv: fetched" in run(home)


def test_an_interrupted_download_resumes(home: Path, publisher: Publisher) -> None:
    publisher.cut["zz.csv"] = [200]
    assert "zz.csv: fetched" in run(home)
    assert publisher.asked[-1][1]["Range"] == "bytes=200-"


def test_a_partial_file_is_kept_for_the_next_run(home: Path, publisher: Publisher) -> None:
    publisher.cut["zz.csv"] = [100, 50, 50]
    said = refusal(home)
    assert "zz.csv was cut short (200 of 6" in said
    assert "3 times; 200 bytes are kept: run it again to resume" in said
    run(home)
    assert publisher.asked[-1][1]["Range"] == "bytes=200-"


def test_a_partial_file_of_an_older_version_is_not_resumed(home: Path, publisher: Publisher, tmp_path: Path) -> None:
    publisher.cut["zz.csv"] = [100, 50, 50]
    refusal(home)
    people(publisher, tmp_path, NEWER)
    run(home)
    (member,) = open_state(home).legislators("house", "11")
    assert member is not None
    assert member.name == "Ed Law"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, "the publisher answers 404 Not Found; find where the publisher keeps it now, and correct its url"),
        (429, "the publisher answers 429 Too Many Requests; try again after 120 seconds"),
        (500, "the publisher answers 500 Internal Server Error; try again later, or fetch it by hand and use --from"),
    ],
)
def test_a_refusal_says_what_to_do(home: Path, publisher: Publisher, status: int, said: str) -> None:
    publisher.answers["zz.csv"] = status
    assert f"{publisher.url}/zz.csv: {said}" in refusal(home)


def test_an_unreachable_publisher_is_named(home: Path) -> None:
    recipe = json.loads((home / "recipe.json").read_text())
    for entry in recipe["sources"]:
        entry["url"] = f"http://127.0.0.1:9/{entry['file']}"
    (home / "recipe.json").write_text(json.dumps(recipe))
    assert "http://127.0.0.1:9/zz.csv: zz.csv was cut short ([Errno 111] Connection refused)" in refusal(home)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<!DOCTYPE html>\n<title>We have moved</title>", "what came for zz.csv is a web page; open the URL in a"),
        (b"", "what came for zz.csv is empty; open"),
        (b"id,name,party\n1,Ann Day,X\n", "zz.csv:1: no column 'current_chamber'; found id, name, party: is it the"),
    ],
)
def test_the_wrong_kind_of_file_is_refused(home: Path, publisher: Publisher, body: bytes, said: str) -> None:
    publisher.files["zz.csv"] = body
    assert said in refusal(home)


def test_renamed_columns_are_named_with_file_and_row(home: Path, publisher: Publisher) -> None:
    publisher.files["zz.csv"] = publisher.files["zz.csv"].replace(b"current_district", b"district", 1)
    assert "zz.csv:1: no column 'current_district'; found id, name, current_party, district" in refusal(home)


def test_a_new_vacancy_must_be_listed_and_a_filled_one_need_not(
    home: Path, publisher: Publisher, tmp_path: Path
) -> None:
    people(publisher, tmp_path, {name: seat for name, seat in MEMBERS.items() if name != "Di Poe"})
    assert "zz.csv: no member for house 11 (1 of 4); add the member, or the vacancy" in refusal(home)
    run(home, vacant=[{"chamber": "house", "district": "11"}])
    assert open_state(home).legislators("house", "11") == ()
    people(publisher, tmp_path, NEWER)
    assert "house 11: no longer vacant" in run(home)


def test_a_skipped_row_stays_skipped_in_later_updates(home: Path, publisher: Publisher, tmp_path: Path) -> None:
    people(publisher, tmp_path, MEMBERS | {"Ed Law": ("lower", "Penobscot Nation")})
    assert '--skip "house:Penobscot Nation"' in refusal(home)
    run(home, skip=["house:Penobscot Nation"])
    people(publisher, tmp_path, NEWER | {"Flo Gee": ("lower", "Penobscot Nation")})
    assert "house 11: Di Poe → Ed Law" in run(home)


@pytest.mark.parametrize("roster", [True, False])
def test_a_bad_address_stops_no_update_and_its_member_keeps_the_old_one(
    home: Path, publisher: Publisher, tmp_path: Path, *, roster: bool
) -> None:
    people(publisher, tmp_path, NEWER)
    for good in (b"bo.fox@", b"ed.law@"):
        assert good in publisher.files["zz.csv"]
        publisher.files["zz.csv"] = publisher.files["zz.csv"].replace(good, b"mailto:" + good)
    said = run(home, roster=roster)
    assert "; write bo.fox@legislature.example as the address of Bo Fox; until then letters go to bo.fox@legis" in said
    assert "; write ed.law@legislature.example as the address of Ed Law; until then no letter goes there" in said
    state = open_state(home)
    assert [member.name for member in state.without_email] == ["Ed Law"]
    assert state.legislators("senate", "2")[0].email == "bo.fox@legislature.example"
    assert state.roster_problems == ()


@pytest.mark.parametrize("roster", [True, False])
def test_a_seat_that_the_publisher_calls_vacant_is_vacant_until_it_is_filled(
    home: Path, publisher: Publisher, tmp_path: Path, *, roster: bool
) -> None:
    people(publisher, tmp_path, {name if name != "Di Poe" else "Vacant Seat": seat for name, seat in MEMBERS.items()})
    assert "house 11: Di Poe → vacant" in run(home, roster=roster)
    state = open_state(home)
    assert (state.legislators("house", "11"), state.vacancies("house", "11")) == ((), 1)
    people(publisher, tmp_path, NEWER)
    said = run(home, roster=roster)
    assert "house 11: no longer vacant" in said
    assert "house 11: vacant → Ed Law" in said
    assert open_state(home).vacancies("house", "11") == 0


def test_a_damaged_roster_is_mended_by_the_next_update(home: Path) -> None:
    rows = (home / "roster.csv").read_text()
    (home / "roster.csv").write_text(rows.replace("bo.fox@", "bo fox@").replace("Cy Roe,Cy,Roe", 'Cy "Roe'))
    assert open_state(home).roster_problems
    run(home)
    assert open_state(home).roster_problems == ()
    assert (home / "roster.csv").read_text() == rows


def test_mail_to_a_new_domain_must_be_approved(home: Path, publisher: Publisher) -> None:
    publisher.files["zz.csv"] = publisher.files["zz.csv"].replace(b"ann.day@legislature.example", b"ann@evil.example")
    assert (
        "zz.csv: Ann Day has an address at evil.example, which no member had before; if that is right, add --mail"
        in (refusal(home))
    )
    run(home, domains=["evil.example"])
    assert "evil.example" in open_state(home).mail_domains


def test_after_a_term_starts_a_roster_without_new_members_stays_old(
    home: Path, publisher: Publisher, tmp_path: Path
) -> None:
    (home / "terms.csv").write_text(
        "chamber,district,starts,ends,note\nsenate,,2025-01-01,2027-01-06,\nhouse,,2025-01-01,2027-01-06,\n"
    )
    after = date(2027, 1, 8)
    assert (
        "a term has begun, but the file has no new members yet (house, senate): the roster stays dated 2026-11-01"
        in (run(home, today=after))
    )
    assert open_state(home).freshness(after).term_over
    elected = {
        "Flo Ash": ("upper", "1"),
        "Bo Fox": ("upper", "2"),
        "Cy Roe": ("lower", "10"),
        "Ed Law": ("lower", "11"),
    }
    people(publisher, tmp_path, elected)
    run(home, today=after)
    assert not open_state(home).freshness(after).term_over


def test_everything_can_be_fetched_built_and_compared(home: Path, publisher: Publisher, tmp_path: Path) -> None:
    more = [*ADDRESSES, *(("Mid", "New Rd", number, 0.06, 0.05) for number in range(1, 9))]
    publisher.files["statewide.csv"] = zedland.write_openaddresses(tmp_path / "more.csv", more).read_bytes()
    said = run(home, roster=False)
    assert "coverage of Zedland" in said
    assert open_state(home).locate("5 New Road", "Mid", "").pairs == (Pair("2", "10"),)
    assert f"{publisher.url}/statewide.csv | 2026-11-23" in (home / "SOURCES.md").read_text()


def test_a_book_that_knows_less_than_the_old_one_is_refused(home: Path, publisher: Publisher, tmp_path: Path) -> None:
    fewer = [address for address in ADDRESSES if address[0] != "Farville"]
    publisher.files["statewide.csv"] = zedland.write_openaddresses(tmp_path / "fewer.csv", fewer).read_bytes()
    assert "the new book does not know Farville (1 towns): a source may be incomplete" in refusal(home, roster=False)


def test_changed_districts_are_not_swapped_in_silently(home: Path, publisher: Publisher, tmp_path: Path) -> None:
    swapped = {"2": zedland.SENATE["1"], "1": zedland.SENATE["2"]}
    path = zedland.write_tiger(tmp_path / "tl_2024_99_sldu.zip", swapped, "SLDUST", "State Senate District")
    publisher.files[path.name] = path.read_bytes()
    assert "addresses are in other districts than before, first " in refusal(home, roster=False)


def test_a_truncated_archive_is_refused(home: Path, publisher: Publisher) -> None:
    publisher.files["tl_2024_99_sldu.zip"] = publisher.files["tl_2024_99_sldu.zip"][:-40]
    assert "what came for tl_2024_99_sldu.zip is not a complete ZIP archive; open the" in refusal(home, roster=False)


def test_files_downloaded_by_hand_work_too(home: Path, publisher: Publisher, tmp_path: Path) -> None:
    folder = tmp_path / "by-hand"
    folder.mkdir()
    zedland.write_people(folder / "zz.csv", NEWER)
    os.utime(folder / "zz.csv", (1_795_000_000, 1_795_000_000))  # 2026-11-18
    assert "house 11: Di Poe → Ed Law" in run(home, by_hand=folder)
    assert open_state(home).roster_date == date(2026, 11, 18)
    assert not publisher.asked
    assert "3 of the sources cannot be fetched: tl_2024_99_sldu.zip" in refusal(home, by_hand=folder, roster=False)
    os.utime(folder / "zz.csv", (1_700_000_000, 1_700_000_000))
    assert "zz.csv: is from 2023-11-14, older than the roster in effect, 2026-11-18; download it again" in (
        refusal(home, by_hand=folder)
    )


def test_what_cannot_be_fetched_is_listed(home: Path) -> None:
    recipe = json.loads((home / "recipe.json").read_text())
    recipe["sources"] = [{key: value for key, value in entry.items() if key != "url"} for entry in recipe["sources"]]
    (home / "recipe.json").write_text(json.dumps(recipe))
    said = refusal(home, roster=False)
    assert (
        "4 of the sources cannot be fetched: tl_2024_99_sldu.zip, tl_2024_99_sldl.zip, statewide.csv, zz.csv" in said
        or ("4 of the sources cannot be fetched: " in said)
    )
    assert "or update with --only roster" in said


def test_only_https_is_fetched_and_a_redirect_off_it_is_not_followed(home: Path, publisher: Publisher) -> None:
    with pytest.raises(SourceError, match="only https is allowed; correct the url under sources in the recipe"):
        check_url("http://data.example/ma.csv")
    publisher.redirects["zz.csv"] = "http://data.example/zz.csv"
    assert "http://data.example/zz.csv: cannot be fetched: only https is allowed" in refusal(home)


def test_a_roster_update_works_without_the_builders_libraries(home: Path, publisher: Publisher, tmp_path: Path) -> None:
    people(publisher, tmp_path, NEWER)
    bare = "import sys; sys.modules.update(dict.fromkeys(['numpy', 'shapely', 'pyproj', 'zipcodes'])); " \
           "from relay.cli import main; sys.exit(main())"  # fmt: skip
    where = ["--contact", "op@example.org", "--folder", str(home), "--downloads", str(tmp_path / "downloads")]
    command = [sys.executable, "-c", bare, "boundaries", "update", "zz", *where]
    done = subprocess.run([*command, "--only", "roster"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "house 11: Di Poe → Ed Law" in done.stderr
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (refused.returncode, "pip install 'beaconpost[build]'" in refused.stderr) == (1, True)


def test_killed_midway_the_old_files_stay_and_the_next_run_resumes(home: Path, publisher: Publisher) -> None:
    before = everything(home)
    publisher.stall["zz.csv"] = 150
    command = [sys.executable, "-m", "relay.cli", "boundaries", "update", "zz", "--only", "roster",
               "--contact", "op@example.org", "--folder", str(home),
               "--downloads", str(home.parent / "downloads")]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        assert publisher.stalled.wait(30)
        part = home.parent / "downloads/zz.csv.part"
        while not (part.exists() and part.stat().st_size == 150):
            assert process.poll() is None, process.communicate()
        process.send_signal(signal.SIGKILL)
    assert everything(home) == before
    publisher.go_on.set()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert publisher.asked[-1][1]["Range"] == "bytes=150-"
    assert "Zedland is up to date" in done.stderr


def pack(committees: dict[str, str]) -> bytes:
    """Open States' repository as GitHub packs it, with these files of Zedland's committees."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in committees.items():
            archive.writestr(f"people-main/data/zz/committees/{name}.yml", text)
        archive.writestr("people-main/data/yy/committees/lower-Rules.yml", "not: read\n")
    return packed.getvalue()


def describe_committee(name: str, chair: str, classification: str = "committee") -> str:
    return (
        f"id: ocd-organization/1\nclassification: {classification}\nname: {name}\nchamber: legislature\nmembers:\n"
        f"- name: Somebody\n  role: chair\n  person_id: {chair}\n- name: Else\n  role: member\n"
    )


@pytest.fixture
def committees(home: Path, publisher: Publisher) -> list[str]:
    """Zedland has a committee, and its recipe says where newer ones are. Two members' ids: the chair's, another's."""
    recipe = home / "recipe.json"
    content = json.loads(recipe.read_text())
    content["committees"] = {"file": "committees.csv"}
    content["sources"].append(
        {"file": "committees.csv", "what": "committees", "from": "here", "date": "2026-11-01", "licence": "CC0",
         "url": f"{publisher.url}/main.zip"}
    )  # fmt: skip
    recipe.write_text(json.dumps(content))
    state = open_state(home)
    ids = sorted(member.id for seat in state.seats() for member in state.legislators(*seat))[:2]
    (home / "committees.csv").write_text(f"name,chamber,role,person_id\nRules,,chair,{ids[0]}\n")
    return ids


def test_the_committees_chairs_come_with_the_members(home: Path, publisher: Publisher, committees: list[str]) -> None:
    subcommittee = describe_committee("Small Rules", committees[0], "subcommittee")
    publisher.files["main.zip"] = pack(
        {
            "a": describe_committee("Rules", committees[1]),
            "b": describe_committee("Ponds", committees[0]),
            "c": subcommittee,
        }
    )
    said = run(home)
    state = open_state(home)
    assert state.committees == ("Ponds", "Rules")
    assert [chair.id for chair in state.chairs("Rules")] == [committees[1]]
    assert f"Ponds: nobody → {state.chairs('Ponds')[0].name}" in said
    assert f"Rules: {state.chairs('Ponds')[0].name} → {state.chairs('Rules')[0].name}" in said
    assert hashlib.sha256(publisher.files["main.zip"]).hexdigest() in (home / "SOURCES.md").read_text()


@pytest.mark.parametrize("what", ["gone", "no archive", "no chair", "not YAML"])
def test_committees_that_cannot_be_used_stop_no_members(
    home: Path, publisher: Publisher, committees: list[str], what: str, tmp_path: Path
) -> None:
    before = (home / "committees.csv").read_bytes()
    people(publisher, tmp_path, NEWER)
    match what:
        case "no archive":
            publisher.files["main.zip"] = b"name,chamber\nRules,\n"
        case "no chair":
            publisher.files["main.zip"] = pack({"a": describe_committee("Rules", "ocd-person/nobody")})
        case "not YAML":
            publisher.files["main.zip"] = pack({"a": "name: [Rules\n"})
    said = run(home)
    assert "the committees stay as they are: " in said
    assert "house 11: Di Poe → Ed Law" in said
    assert (home / "committees.csv").read_bytes() == before
    assert len(committees) == 2
