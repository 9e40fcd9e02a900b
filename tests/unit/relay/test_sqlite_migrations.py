"""A database from an earlier release opens with every letter."""

import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from relay.cli import main
from relay.outbox import LetterFilter
from relay.outbox.sqlite import database, open_sqlite
from relay.outbox.sqlite.copies import NEWEST, copy_database, forget_copies, list_copies, read_version
from tests.samples.letters import NOON
from tests.samples.settings import SECRET_KEY, find_keys

pytestmark = pytest.mark.anyio
LETTER = (
    "INSERT INTO letters (id, submission, campaign, kind, chamber, district, to_name, to_email, from_name, reply_to,"
    " subject, body, transport, state, due, attempts, changed_at) VALUES (?, 'post', 'sca', 'legislator', 'house',"
    " '2nd Suffolk', 'Judith A. Garcia', 'Judith.Garcia@MAhouse.example', 'Ana', 'ana@example.org', 'Please', 'Dear',"
    " 'smtp', ?, ?, ?, 1)"
)


@pytest.fixture
def first_version(tmp_path: Path) -> Path:
    path = tmp_path / "outbox.db"
    with closing(sqlite3.connect(path)) as old:
        old.executescript((Path(database.__file__).parent / "migrations/1-initial.sql").read_text())
        old.execute(f"PRAGMA application_id = {database.APPLICATION_ID}")
        old.execute("PRAGMA user_version = 1")
        old.execute(
            "INSERT INTO submissions VALUES ('post', 'sca', 'en', 'Ana', 'Silva', 'ana@example.org', '', 'Chelsea',"
            " 'Third Suffolk', '2nd Suffolk', 0, x'01', x'02', x'03', 'accepted', 1700000000000000, NULL)"
        )
        old.execute(LETTER, ("queued", "queued", 5, 2))
        old.execute(LETTER, ("held", "held", None, 0))
        old.execute(LETTER, ("sent", "sent", None, 1))
        old.commit()
    return path


async def test_no_letter_of_the_first_version_is_lost(first_version: Path) -> None:
    outbox = await open_sqlite(first_version, find_keys)
    lines = {line.id: line for line in await outbox.list_letters(LetterFilter(), 9)}
    assert {name: (line.status, line.held_for, line.attempts) for name, line in lines.items()} == {
        "queued": ("queued", "", 2), "held": ("held", "confirmation", 0), "sent": ("sent", "", 1),
    }  # fmt: skip
    assert {line.domain for line in lines.values()} == {"mahouse.example"}
    (claim,) = await outbox.claim("smtp", NOON, timedelta(minutes=5), 9)
    assert (claim.letter.id, claim.letter.submission, claim.attempts) == ("queued", "post", 3)
    await outbox.close()


async def test_what_an_earlier_release_stored_in_the_clear_is_sealed(first_version: Path) -> None:
    outbox = await open_sqlite(first_version, find_keys)
    (claim,) = await outbox.claim("smtp", NOON, timedelta(minutes=5), 9)
    assert (claim.letter.subject, claim.letter.body, claim.letter.reply_to) == ("Please", "Dear", "ana@example.org")
    left = b"".join(path.read_bytes() for path in first_version.parent.iterdir())
    assert [word for word in (b"Silva", b"ana@example.org", b"Chelsea", b"Please", b"Dear") if word in left] == []
    assert outbox.hash("mailbox", "ana@example.org") != outbox.hash("mailbox", "ana@example.com")
    await outbox.close()


async def test_opening_it_twice_changes_nothing_more(first_version: Path) -> None:
    for _ in range(2):
        outbox = await open_sqlite(first_version, find_keys)
        assert await outbox.count_by_status() == {"queued": 1, "held": 1, "sent": 1}
        await outbox.close()


# --- beaconpost upgrade


@pytest.fixture
def settings(first_version: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a relay on that database, whose folder is the working directory."""
    monkeypatch.chdir(first_version.parent)
    monkeypatch.setenv("BEACONPOST_DATABASE", "sqlite:///outbox.db")
    monkeypatch.setenv("BEACONPOST_SECRET_KEYS", SECRET_KEY.decode())


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return list(db.iterdump())


@pytest.mark.usefixtures("settings")
def test_an_upgrade_can_be_undone(first_version: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = content(first_version)
    assert main(["upgrade"]) == 0
    assert "from version 1 to" in capsys.readouterr().out
    assert read_version(first_version) == NEWEST
    (copy,) = list_copies(first_version)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert main(["upgrade"]) == 0
    assert "nothing to do" in capsys.readouterr().out
    assert main(["upgrade", "--undo"]) == 0
    assert (content(first_version), list_copies(first_version)) == (before, [])
    assert main(["upgrade", "--undo"]) == 1
    assert "no copy" in capsys.readouterr().err


@pytest.mark.usefixtures("settings")
def test_an_upgrade_that_fails_leaves_the_database_as_it_was(
    first_version: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(first_version)) as old:
        old.execute("DROP TABLE letters")
        old.commit()
    before = content(first_version)
    assert main(["upgrade"]) == 1
    assert "cannot use the database" in capsys.readouterr().err
    assert (content(first_version), list_copies(first_version)) == (before, [])


def test_a_copy_from_before_an_upgrade_is_erased_like_the_rest(first_version: Path) -> None:
    copy_database(first_version, 1)
    now = datetime.now(UTC)
    assert forget_copies(first_version, now - timedelta(days=7)) == 0
    assert forget_copies(first_version, now + timedelta(minutes=1)) == 1
    assert list_copies(first_version) == []
    assert first_version.exists()
