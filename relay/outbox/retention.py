"""What is erased and when (design, section 9). Counts, fates and keyed hashes stay; people and their words go. Each
function runs inside a transaction."""

from datetime import datetime, timedelta
from typing import Final

from relay.letters import TO_WRITER
from relay.outbox.sql import Connection
from relay.outbox.timestamps import stamp

HELD_FOR: Final = timedelta(hours=72)
CEILING: Final = timedelta(days=30)
ENDED: Final = "CASE WHEN waits IN ('address', 'roster') THEN 'failed' ELSE 'expired' END"
CHUNK: Final = 200  # submissions a transaction, so that posts do not wait for the broom


async def forget(db: Connection, now: datetime, keep: timedelta) -> int:
    """Expire what waited too long and erase up to CHUNK submissions; how many. Call until it is less."""
    at, old = stamp(now), stamp(now - CEILING)
    if await db.fetchval("SELECT 1 FROM facts WHERE name = 'hold'"):
        return 0
    await _expire(db, at, stamp(now - HELD_FOR), "standing = 'held' AND")
    await _expire(db, at, old, "")
    ripe = await db.fetch(
        "SELECT id FROM submissions WHERE erased_at IS NULL AND (accepted_at <= $1 OR (accepted_at <= $2"
        " AND NOT EXISTS (SELECT 1 FROM letters WHERE submission = submissions.id"
        " AND (state IN ('held', 'queued', 'sending') OR changed_at > $2))))"
        " ORDER BY accepted_at LIMIT $3 FOR UPDATE SKIP LOCKED",
        old, stamp(now - keep), CHUNK,
    )  # fmt: skip
    for (submission,) in ripe:
        await erase_submission(db, submission, at)
    await db.execute("DELETE FROM letters WHERE submission IS NULL AND changed_at <= $1", old)
    await db.execute("DELETE FROM attempts WHERE at <= $1", old)
    await db.execute("DELETE FROM receipts WHERE redacted AND created_at <= $1", old)
    return len(ripe)


async def erase_submission(db: Connection, submission: str, at: int) -> None:
    """Names, addresses and text of one submission. A letter on its way lives on in the worker's memory alone."""
    await db.execute(
        "UPDATE submissions SET language = '', first_name = '', last_name = '', email = '', phone = '', town = '',"
        " join_list = false, erased_at = coalesce(erased_at, $1) WHERE id = $2",
        at, submission,
    )  # fmt: skip
    await db.execute(
        "UPDATE attempts SET answer = '',"
        f" domain = CASE WHEN letters.kind IN {TO_WRITER} THEN '' ELSE attempts.domain END"
        " FROM letters WHERE letters.id = attempts.letter AND letters.submission = $1",
        submission,
    )
    await db.execute(
        "UPDATE letters SET domain = '', to_name = '', to_email = '', greeting = '', from_name = '', reply_to = '',"
        " subject = '', body = '', answer = '', withdrawn = true WHERE submission = $1",
        submission,
    )


async def end_campaign(db: Connection, campaign: str) -> int:
    """As `Administration.end_campaign`. The hashes give way to what tells nothing and is unique all the same."""
    await db.execute("DELETE FROM participants WHERE campaign = $1", campaign)
    return await db.execute(
        "UPDATE submissions SET repeat_key = convert_to(id, 'UTF8'), mailbox_key = $2"
        " WHERE campaign = $1 AND mailbox_key <> $2",
        campaign, b"",
    )  # fmt: skip


async def suspend_erasing(db: Connection, reason: str) -> None:
    """As `Administration.suspend_erasing`."""
    await db.execute("DELETE FROM facts WHERE name = 'hold'")
    if reason:
        await db.execute("INSERT INTO facts VALUES ('hold', $1)", reason)


async def erasing_suspended(db: Connection) -> str:
    """As `Administration.erasing_suspended`."""
    return str(await db.fetchval("SELECT value FROM facts WHERE name = 'hold'") or "")


async def _expire(db: Connection, at: int, before: int, condition: str) -> None:
    """End what is still waiting, of submissions from `before`; what is on its way is not tried again. What waited for
    an office, and not for its writer, has failed, so that organisers are told."""
    old = f"submission IN (SELECT id FROM submissions WHERE erased_at IS NULL AND {condition} accepted_at <= $1)"
    await db.execute(
        f"UPDATE letters SET state = {ENDED}, waits = '', due = NULL, changed_at = $2"
        f" WHERE state IN ('held', 'queued') AND {old}",
        before, at,
    )  # fmt: skip
    await db.execute(f"UPDATE letters SET withdrawn = true WHERE state = 'sending' AND {old}", before)
    await db.execute(
        "UPDATE submissions SET standing = 'expired' WHERE standing = 'held' AND accepted_at <= $1", before
    )
