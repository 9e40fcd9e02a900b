"""What is stored is sealed, and what is erased is gone from the bytes on disk, sealed or not."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from relay.outbox.sqlite import SqliteOutbox, open_sqlite
from tests.samples.letters import NOON, confirmation, letters, submission
from tests.samples.settings import find_keys

pytestmark = pytest.mark.anyio
KEEP = timedelta(days=7)
LEASE = timedelta(minutes=5)
SEALED = "SELECT sealed FROM {} WHERE length(sealed) > 0"


@pytest.fixture
async def outbox(tmp_path: Path) -> AsyncIterator[SqliteOutbox]:
    outbox = await open_sqlite(tmp_path / "outbox.db", find_keys)
    yield outbox
    await outbox.close()


async def post(outbox: SqliteOutbox, number: int, mailbox: int | None = None, *, public: bool = False) -> None:
    made = submission(number, mailbox=mailbox, public_name=public)
    bodies = [replace(letter, body=f"{letter.body}{'My own long story. ' * 500}\n") for letter in letters(made)]
    await outbox.accept(made, bodies, confirmation(made), "suspicious")


async def send_all(outbox: SqliteOutbox) -> None:
    for claim in await outbox.claim("smtp", NOON, LEASE, 10_000):
        await outbox.settle(claim, "sent", NOON, None, f"250 ok for {claim.letter.to_email}")


def sealed(folder: Path) -> list[bytes]:
    """Of every person, letter and public name."""
    with closing(sqlite3.connect(folder / "outbox.db")) as db:
        return [
            row[0] for table in ("submissions", "letters", "participants") for row in db.execute(SEALED.format(table))
        ]


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


PERSONAL = [word.encode() for word in ("Firstname", "Lastname", "person1@", "Chelsea", "617 555", "My own long")]
OFFICE = b"didomenico"


async def test_erased_text_is_gone_from_the_files_not_just_from_query_results(
    outbox: SqliteOutbox, tmp_path: Path
) -> None:
    for number in range(1, 21):
        await post(outbox, number)
    await send_all(outbox)
    before, texts = on_disk(tmp_path), sealed(tmp_path)
    assert OFFICE in before
    assert len(texts) == 60
    assert all(text in before for text in texts)
    assert await outbox.forget(NOON + KEEP, KEEP) == 20
    left = on_disk(tmp_path)
    assert [word for word in (*PERSONAL, OFFICE, *texts) if word in left] == []


async def test_erasing_removes_a_person_from_the_files_at_once(outbox: SqliteOutbox, tmp_path: Path) -> None:
    await post(outbox, 1, public=True)
    texts = sealed(tmp_path)
    await outbox.erase("receipt-1", NOON)
    left = on_disk(tmp_path)
    assert [word for word in (*PERSONAL, *texts) if word in left] == []


async def test_a_removed_public_name_is_gone_from_the_files_at_once(outbox: SqliteOutbox, tmp_path: Path) -> None:
    await post(outbox, 1, public=True)
    await send_all(outbox)
    await outbox.forget(NOON + KEEP, KEEP)  # of all that was typed, only the public name is left
    (name,) = sealed(tmp_path)
    assert name in on_disk(tmp_path)
    assert await outbox.remove_name(submission(1).campaign, submission(1).id)
    left = on_disk(tmp_path)
    assert [word for word in (*PERSONAL, name) if word in left] == []


async def test_no_link_can_be_read_from_the_files(outbox: SqliteOutbox, tmp_path: Path) -> None:
    await post(outbox, 1)
    assert b"receipt-1" not in on_disk(tmp_path)
    assert b"confirm-1" not in on_disk(tmp_path)


async def test_denied_letters_are_gone_from_the_files_at_once(outbox: SqliteOutbox, tmp_path: Path) -> None:
    await post(outbox, 1, public=True)
    texts = sealed(tmp_path)
    assert await outbox.deny("confirm-1", NOON)
    left = on_disk(tmp_path)
    assert [word for word in (*PERSONAL, *texts) if word in left] == []
