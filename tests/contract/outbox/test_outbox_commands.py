"""`beaconpost outbox`, `purge`, `export` and `report`, run as an operator runs them."""

import asyncio
import csv
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from secrets import token_hex

import pytest

from relay.letters import Submission, new_letter_id, new_submission_id
from relay.outbox.sqlite import open_sqlite
from tests.contract.outbox.conftest import fill, take
from tests.samples.campaigns import campaign, manifest, publish
from tests.samples.letters import NOON, confirmation, letters, submission
from tests.samples.settings import RELAY_URL, SECRET_KEY, find_keys
from theme.counts import read_counts
from theme.hidden_part import hide
from theme.manifest import dump_manifest


async def prepare(path: Path) -> None:
    outbox = await open_sqlite(path, find_keys)
    await fill(outbox, 2)
    for claim in await take(outbox, NOON.replace(hour=13), 2):
        await outbox.settle(claim, "failed", NOON, None, "550 5.2.2 mailbox full")
    await outbox.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a relay: two letters are queued, two failed."""
    asyncio.run(prepare(tmp_path / "var" / "beaconpost.db"))
    return tmp_path


def environment() -> dict[str, str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("BEACONPOST_")}
    root = str(Path(__file__).parents[3])
    return environ | {"PYTHONPATH": root, "BEACONPOST_SECRET_KEYS": SECRET_KEY.decode()}


def run(folder: Path, *words: str, **given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "relay.cli", *words],
        cwd=folder,
        env=environment() | given,
        capture_output=True,
        text=True,
        check=False,
    )


def test_failed_letters_are_listed_shown_and_retried(folder: Path) -> None:
    listed = json.loads(run(folder, "outbox", "list", "--state", "failed", "--json").stdout)
    assert listed["states"] == {"failed": 2, "queued": 2}
    (line, _) = listed["letters"]
    assert line["answer"] == "550 5.2.2 mailbox full"
    shown = run(folder, "outbox", "show", line["id"][:12])
    assert "failed  550 5.2.2 mailbox full" in shown.stdout
    again = run(folder, "outbox", "retry", line["id"])
    assert (again.returncode, again.stdout) == (0, "1 letter queued again\n")
    assert "1 failed, 3 queued" in run(folder, "outbox", "list").stdout


def test_every_letter_can_be_shown_by_the_id_prefix_in_the_list(folder: Path) -> None:
    post = replace(submission(9), id=new_submission_id(NOON, lambda count: "ab" * count))
    asyncio.run(write(folder / "var" / "beaconpost.db", post))
    listed = run(folder, "outbox", "list", "--state", "queued").stdout.splitlines()[:-1]
    assert len(listed) == 4
    for line in listed:
        assert run(folder, "outbox", "show", line.split()[0]).returncode == 0


def test_a_pause_says_how_to_end_it(folder: Path) -> None:
    paused = run(folder, "outbox", "pause", "--domain", "MAhouse.example", "--reason", "they asked")
    assert "beaconpost outbox resume --domain mahouse.example" in paused.stdout
    assert "paused: domain mahouse.example" in run(folder, "outbox", "list").stdout
    assert run(folder, "outbox", "resume", "--domain", "mahouse.example").returncode == 0
    again = run(folder, "outbox", "resume", "--domain", "mahouse.example")
    assert (again.returncode, again.stderr) == (1, "beaconpost: domain mahouse.example was not paused\n")


def test_a_mistyped_campaign_is_not_paused_and_the_known_ones_are_named(folder: Path) -> None:
    publish(folder, campaign(), campaign(slug="closed-libraries"))
    given = {"BEACONPOST_CAMPAIGNS": str(folder / "campaigns.json")}
    refused = run(folder, "outbox", "pause", "--campaign", "open-librarys", **given)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "beaconpost: no campaign open-librarys: there are closed-libraries, open-libraries\n"
    assert "paused" not in run(folder, "outbox", "list").stdout
    assert run(folder, "outbox", "pause", "--campaign", "open-libraries", **given).returncode == 0


def test_a_mistyped_campaign_is_not_paused_if_the_manifest_is_sealed_and_a_draft_is_known(folder: Path) -> None:
    key = "k" * 32
    sealed = hide(manifest(campaign(), campaign(slug="soon", status="draft")), key)
    (folder / "campaigns.json").write_bytes(dump_manifest(sealed))
    given = {"BEACONPOST_CAMPAIGNS": str(folder / "campaigns.json"), "BEACONPOST_MANIFEST_KEY": key}
    refused = run(folder, "outbox", "pause", "--campaign", "open-librarys", **given)
    assert refused.returncode == 1
    assert refused.stderr == "beaconpost: no campaign open-librarys: there are open-libraries, soon\n"
    assert run(folder, "outbox", "pause", "--campaign", "soon", **given).returncode == 0


def test_a_campaign_that_left_the_site_is_paused_while_it_has_letters(folder: Path) -> None:
    publish(folder)
    given = {"BEACONPOST_CAMPAIGNS": str(folder / "campaigns.json")}
    assert run(folder, "outbox", "pause", "--campaign", "safe-communities-act", **given).returncode == 0


def test_any_campaign_is_paused_if_the_site_cannot_be_read(folder: Path) -> None:
    (folder / "campaigns.json").write_text("{")
    for path in ("campaigns.json", "absent.json"):
        assert run(folder, "outbox", "pause", "--campaign", "nope", BEACONPOST_CAMPAIGNS=path).returncode == 0


def test_cancelling_requires_a_filter(folder: Path) -> None:
    refused = run(folder, "outbox", "cancel")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "say which" in refused.stderr
    assert run(folder, "outbox", "cancel", "--campaign", "safe-communities-act").stdout == "4 letters cancelled\n"


def test_a_legal_hold_suspends_erasure_until_it_is_released(folder: Path) -> None:
    assert run(folder, "purge", "--hold", " ").returncode == 1
    assert run(folder, "purge", "--hold", "subpoena of 3 March").returncode == 0
    kept = run(folder, "purge")
    assert (kept.returncode, "subpoena of 3 March" in kept.stderr) == (1, True)
    assert run(folder, "purge", "--release").stdout == "erased 2 submissions\n"


@pytest.mark.parametrize("words", [("outbox",), ("outbox", "pause"), ("outbox", "list", "--state", "lost")])
def test_wrong_usage_of_a_command_exits_with_2(folder: Path, words: tuple[str, ...]) -> None:
    assert run(folder, *words).returncode == 2


def test_exported_counts_omit_campaigns_with_few_people(folder: Path) -> None:
    assert '"counts": {}' in run(folder, "export").stdout  # two people are too few
    written = run(folder, "export", "counts.json")
    assert written.returncode == 0
    assert read_counts(folder) == {}
    refused = run(folder, "export", "absent/counts.json")
    assert (refused.returncode, refused.stderr) == (
        1, "beaconpost: cannot write absent/counts.json: No such file or directory\n",
    )  # fmt: skip


def test_a_report_shows_no_personal_data_and_where_its_page_is(folder: Path) -> None:
    asyncio.run(more(folder / "var" / "beaconpost.db"))
    shown = run(folder, "report", "safe-communities-act", "--json")
    report = json.loads(shown.stdout)
    assert report["people"] == 7
    assert report["letters"] == {"failed": 2, "queued": 12}
    assert report["languages"] == {"en": 7}
    assert report["senate"] == {"Third Suffolk": 7}
    text = run(folder, "report", "safe-communities-act").stdout
    assert text.startswith("7 people have written\n")
    assert "mail.example" not in text
    assert "set BEACONPOST_RELAY_URL" in text or "/reports/safe-communities-act?key=" in text


def test_a_report_of_an_unknown_campaign_says_so(folder: Path) -> None:
    refused = run(folder, "report", "no-such")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "no letters for 'no-such' yet" in refused.stderr


@pytest.mark.parametrize("days", ["0", "-1", "1000000000", "many"])
def test_a_report_link_is_valid_for_at_most_a_year(folder: Path, days: str) -> None:
    refused = run(folder, "report", "safe-communities-act", f"--days={days}")
    assert refused.returncode == 2
    assert "give a number from 1 to 366" in refused.stderr


def test_the_report_link_is_mailed_only_to_the_organizer(folder: Path) -> None:
    given = {"BEACONPOST_RELAY_URL": RELAY_URL, "BEACONPOST_CAMPAIGNS": str(folder / "campaigns.json")}
    send = ("report", "safe-communities-act", "--send")
    publish(folder, campaign(slug="safe-communities-act"))
    assert "add `organiser` to its file" in run(folder, *send, **given).stderr
    ours = campaign(slug="safe-communities-act", organiser="organizer@pond.example")
    publish(folder, ours)
    assert run(folder, *send, **given).stdout == "queued: a mail to organizer@pond.example\n"
    listed = json.loads(run(folder, "outbox", "list", "--state", "queued", "--json").stdout)["letters"]
    assert [line["to_email"] for line in listed if line["kind"] == "alert"] == ["organizer@pond.example"]
    assert "set BEACONPOST_RELAY_URL" in run(folder, *send, BEACONPOST_RELAY_URL="").stderr


async def write(path: Path, post: Submission) -> None:
    outbox = await open_sqlite(path, find_keys)
    written = [replace(letter, id=new_letter_id(post.id, token_hex)) for letter in letters(post)]
    await outbox.accept(post, written, None, "never")
    await outbox.close()


async def more(path: Path) -> None:
    outbox = await open_sqlite(path, find_keys)
    await fill(outbox, 5, first=3)
    await outbox.close()


def test_the_list_is_exported_once_for_action_network_and_erased_here(folder: Path) -> None:
    asyncio.run(let_join(folder / "var" / "beaconpost.db", 11, 12))
    publish(folder, campaign(slug="safe-communities-act"))
    site = {"BEACONPOST_CAMPAIGNS": str(folder / "campaigns.json")}
    shown = run(folder, "export", "safe-communities-act", "--list", "--keep", **site)
    written = run(folder, "export", "safe-communities-act", "--list", "--output", "list.csv", **site)
    assert (written.returncode, written.stdout) == (0, "")
    assert "2 people, erased here" in written.stderr
    table = (folder / "list.csv").read_text()
    assert table == shown.stdout
    assert (folder / "list.csv").stat().st_mode & 0o777 == 0o600
    first, *rows = list(csv.DictReader(table.splitlines()))
    assert len(rows) == 1
    assert first | {"member": "", "consent_at": ""} == {
        "email": "person11@example.org", "first_name": "'=Firstname11", "last_name": "Lastname11", "city": "Chelsea",
        "state": "MA", "country": "US", "language": "en", "consent_words": "Send me news", "member": "",
        "consent_at": "",
    }  # fmt: skip
    again = run(folder, "export", "safe-communities-act", "--list", **site)
    assert (again.returncode, again.stdout) == (0, "")
    assert "2 exported before" in again.stderr


def test_a_list_that_cannot_be_written_is_not_erased(folder: Path) -> None:
    asyncio.run(let_join(folder / "var" / "beaconpost.db", 11))
    refused = run(folder, "export", "safe-communities-act", "--list", "--output", "absent/list.csv")
    assert refused.returncode == 1
    assert "No such file or directory. Nothing was erased" in refused.stderr
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "relay.cli", "export", "safe-communities-act", "--list"]
        filled = subprocess.run(
            command, cwd=folder, env=environment(), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert filled.returncode == 1
    assert "person11@example.org" in run(folder, "export", "safe-communities-act", "--list").stdout


def test_a_list_of_no_campaign_is_told(folder: Path) -> None:
    refused = run(folder, "export", "nope", "--list")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "nobody ticked the box of 'nope'" in refused.stderr
    assert run(folder, "export", "--list").returncode == 1


async def let_join(database: Path, *numbers: int) -> None:
    outbox = await open_sqlite(database, find_keys)
    for number in numbers:
        name = f"{'=' if number % 2 else ''}Firstname{number}"
        post = submission(number, join_words="Send me news", first_name=name)
        await outbox.accept(post, letters(post), None, "never", confirmation(post))
        await outbox.join(f"confirm-{number}", NOON)
    await outbox.close()


def test_a_report_of_all_campaigns_has_a_line_for_each(folder: Path) -> None:
    assert "people, 0 with words of their own" in run(folder, "report", "--all").stdout
    (row,) = json.loads(run(folder, "report", "--all", "--json").stdout)["campaigns"]
    assert row | {"last_day": ""} == {
        "campaign": "safe-communities-act", "people": 2, "own_words": 0, "confirmed": 0, "delivered": 0, "waiting": 2,
        "failed": 2, "bounced": 0, "last_day": "",
    }  # fmt: skip
    assert run(folder, "report").returncode == 1
