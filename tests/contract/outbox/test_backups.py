"""A backup holds everything at one moment, comes back into either store, and brings back nobody who is due."""
# ruff: noqa: S608 - put together from constants

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from relay.assembly import open_outbox
from relay.backups import check_backup, restore_backup, write_backup
from relay.errors import BackupError, KeyMissing, StoreError
from relay.letters.circumstances import Circumstances
from relay.outbox import LetterFilter, Outbox, Restored
from relay.outbox.snapshot import LEFT_OUT, PORTION, TABLES
from tests.books import open_books
from tests.contract.outbox.conftest import LEASE, fill, take
from tests.postgres import fresh_database
from tests.samples.letters import NOON, confirmation, letters, submission
from tests.samples.settings import SECRET_KEY, store_settings

pytestmark = pytest.mark.anyio
KEEP = timedelta(days=7)
DAY = timedelta(days=1)
OTHER_KEY = b"o" * 32
CAMPAIGN = "safe-communities-act"


@pytest.fixture(params=["sqlite", "postgresql"])
async def target(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """An empty store of each kind to restore into."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'restored.db'}"
        return
    async with fresh_database(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "letters.backup"


@asynccontextmanager
async def opened(store: str, *keys: bytes) -> AsyncIterator[Outbox]:
    outbox = await open_outbox(replace(store_settings(store), secret_keys=keys or (SECRET_KEY,)))
    yield outbox
    await outbox.close()


async def restored(
    store: str, file: Path, now: datetime, *, hold: bool = False, keys: tuple[bytes, ...] = ()
) -> Restored:
    keys = keys or (SECRET_KEY,)
    check_backup(file, keys, now)
    async with opened(store, *keys) as outbox:
        return await restore_backup(outbox, file, keys, now, KEEP, lambda _: None, hold=hold)


async def live(outbox: Outbox) -> None:
    """Everything that a database can hold: letters in every status, names, pauses, bounces, repeats, an opt-out."""
    for number in range(1, 6):
        post = submission(number, public_name=number > 3)
        where = Circumstances(address="192.0.2.1", network="192.0.2", phrases=("some words",))
        await outbox.accept(post, letters(post), confirmation(post), "never", confirmation(post), where)
    held = submission(6)
    await outbox.accept(held, letters(held), confirmation(held), "always")
    again = replace(submission(7), repeat_key=submission(1).repeat_key)
    assert (await outbox.accept(again, letters(again), None, "never")).repeat
    sent, failed, _ = await take(outbox, NOON, 3)
    await outbox.settle(sent, "sent", NOON, None, "250 ok")
    await outbox.settle(failed, "failed", NOON, None, "550 no")
    await outbox.suppress("judith.garcia@mahouse.example", NOON, "550 5.1.1")
    await outbox.pause("domain", "masenate.example", "they asked", NOON)
    assert await outbox.opt_out("confirm-5", out=True)
    listed = submission(8, join_words="Send me news")
    await outbox.accept(listed, letters(listed), None, "never", confirmation(listed))
    await outbox.join("confirm-8", NOON)


async def contents(store: str) -> dict[str, list[str]]:
    """Every row of every table that is backed up, without the number of a letter, which is given anew."""
    async with open_books(store) as books:
        return {
            f"{table.name} {table.where}": [
                repr([int(value) if isinstance(value, bool) else value for value in row])
                for row in await books.read(
                    f"SELECT {', '.join(table.columns)} FROM {table.name}"
                    f" WHERE {table.where} ORDER BY {', '.join(table.key)}"
                )
            ]
            for table in TABLES
        }


async def test_everything_comes_back_into_either_store(outbox: Outbox, store: str, target: str, file: Path) -> None:
    await live(outbox)
    before = await contents(store)
    assert [table for table, rows in before.items() if not rows] == []
    await write_backup(outbox, file, [SECRET_KEY], NOON)
    await restored(target, file, NOON)
    assert await contents(target) == before
    async with opened(target) as again:
        assert again.hash("mailbox", "ana") == outbox.hash("mailbox", "ana")
        receipt = await again.receipt("receipt-1")
        assert receipt
        assert receipt.first_name == "Firstname1"


async def test_more_rows_than_one_portion_come_back_in_order(outbox: Outbox, target: str, file: Path) -> None:
    await fill(outbox, PORTION + 1)
    await write_backup(outbox, file, [SECRET_KEY], NOON)
    assert (await restored(target, file, NOON)).unsent == 2 * (PORTION + 1)
    expected = [claim.letter for claim in await take(outbox, NOON + DAY, 2_000)]
    async with opened(target) as again:
        assert [claim.letter for claim in await take(again, NOON + DAY, 2_000)] == expected


async def test_what_may_not_outlive_its_day_is_not_in_it(outbox: Outbox, store: str, target: str, file: Path) -> None:
    await live(outbox)
    await write_backup(outbox, file, [SECRET_KEY], NOON)
    await restored(target, file, NOON)
    for table in LEFT_OUT:
        async with open_books(store) as books:
            assert await books.read(f"SELECT * FROM {table}"), table
        async with open_books(target) as books:
            assert await books.read(f"SELECT * FROM {table}") == [], table


async def test_every_column_is_backed_up_or_left_out_on_purpose(outbox: Outbox, store: str) -> None:
    """A new column belongs into `relay.outbox.snapshot`."""
    del outbox
    columns = {table.name: set(table.columns) for table in TABLES} | {"letters": {*TABLES[6].columns, "number"}}
    async with open_books(store) as books:
        found = await books.columns()
    for name in (*LEFT_OUT, "beaconpost_version"):
        found.pop(name, None)
    assert found == columns


async def test_nobody_comes_back_who_is_due_by_now(outbox: Outbox, target: str, file: Path) -> None:
    """Sent letters are due 7 days later, unconfirmed ones after 72 hours."""
    sent_at, due = NOON + timedelta(hours=1), NOON + 8 * DAY
    await fill(outbox, 3)
    for claim in await take(outbox, sent_at):
        await outbox.settle(claim, "sent", sent_at, None, "250 ok")
    held, later = submission(8, at=due - 3 * DAY), submission(9, at=due - 2 * DAY)
    for post in (held, later):
        await outbox.accept(post, letters(post), None, "always")
    await write_backup(outbox, file, [SECRET_KEY], due - DAY)
    result = await restored(target, file, due)
    assert (result.counts["submissions"], result.erased, result.unsent) == (5, 4, 0)
    async with open_books(target) as books:
        assert await books.read("SELECT id FROM submissions WHERE length(sealed) > 0") == [(later.id,)]


async def test_a_backup_is_refused_after_thirty_days(outbox: Outbox, target: str, file: Path) -> None:
    made_at = NOON + timedelta(hours=1)
    await fill(outbox, 1)
    await write_backup(outbox, file, [SECRET_KEY], made_at)
    with pytest.raises(BackupError, match="made on 2026-03-02, and nothing may be kept longer than 30 days: delete it"):
        await restored(target, file, made_at + 30 * DAY + timedelta(seconds=1))
    with pytest.raises(BackupError, match="still to come"):
        await restored(target, file, made_at - DAY)
    assert (await restored(target, file, made_at + 30 * DAY)).erased == 1


async def test_a_database_with_rows_is_left_as_it_is(outbox: Outbox, store: str, file: Path) -> None:
    await live(outbox)
    await write_backup(outbox, file, [SECRET_KEY], NOON)
    before = await contents(store)
    with pytest.raises(StoreError, match="goes only into an empty one"):
        await restored(store, file, NOON)
    assert await contents(store) == before


async def test_a_legal_hold_comes_back_with_the_backup(outbox: Outbox, target: str, file: Path) -> None:
    await fill(outbox, 1)
    await outbox.set_legal_hold("subpoena of 3 March")
    await write_backup(outbox, file, [SECRET_KEY], NOON)
    result = await restored(target, file, NOON + 20 * DAY)
    assert (result.erased, result.legal_hold) == (0, "subpoena of 3 March")


async def test_an_older_key_still_opens_it_and_another_says_which_is_needed(
    outbox: Outbox, target: str, file: Path
) -> None:
    await fill(outbox, 1)
    await write_backup(outbox, file, [SECRET_KEY], NOON)
    with pytest.raises(KeyMissing, match=r"encrypted with the key [0-9a-f]{8}"):
        await restored(target, file, NOON, keys=(OTHER_KEY,))
    assert (await restored(target, file, NOON, keys=(OTHER_KEY, SECRET_KEY))).unsent == 2
    async with opened(target, OTHER_KEY, SECRET_KEY) as again:
        assert len(await take(again, NOON + DAY)) == 2
        assert await again.reseal() > 0


async def test_letters_that_may_have_gone_can_be_looked_at_first(outbox: Outbox, target: str, file: Path) -> None:
    """They carry the same ids, and so the same Message-IDs as those that went."""
    await fill(outbox, 1)
    (first, second) = await take(outbox, NOON + DAY)
    await outbox.pause("campaign", CAMPAIGN, "too many at once", NOON, "organizer")
    await write_backup(outbox, file, [SECRET_KEY], NOON + DAY)
    await outbox.settle(first, "sent", NOON + DAY, None, "250 ok")
    result = await restored(target, file, NOON + DAY, hold=True)
    assert (result.unsent, result.paused) == (2, (CAMPAIGN,))
    later = NOON + DAY + 2 * LEASE
    async with opened(target) as again:
        assert await take(again, later) == []
        assert await again.cancel(LetterFilter(letter=first.letter.id), later) == 1
        assert await again.resume("campaign", CAMPAIGN)
        assert [claim.letter for claim in await take(again, later)] == [second.letter]
