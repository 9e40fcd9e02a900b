"""What is erased and when (design, section 9). Counts, fates and keyed hashes stay; people and their words go."""

from datetime import datetime, timedelta

from relay.letters import TO_WRITER
from relay.outbox.forgetting import CEILING, CHUNK, ENDED, HELD_FOR
from relay.outbox.postgres.writer import Db
from relay.outbox.times import stamp


async def forget(db: Db, now: datetime, keep: timedelta) -> int:
    """Expire what waited too long and erase up to CHUNK submissions; how many. Call until it is less."""
    at = stamp(now)
    if await db.fetchval("SELECT 1 FROM facts WHERE name = 'hold'"):
        return 0
    await _expire(db, at, stamp(now - HELD_FOR), "standing = 'held' AND")
    await _expire(db, at, stamp(now - CEILING), "")
    ripe = await db.fetch(
        "SELECT id FROM submissions WHERE erased_at IS NULL AND (accepted_at <= $1 OR (accepted_at <= $2"
        " AND NOT EXISTS (SELECT 1 FROM letters WHERE submission = submissions.id"
        " AND (state IN ('held', 'queued', 'sending') OR changed_at > $2))))"
        " ORDER BY accepted_at LIMIT $3 FOR UPDATE SKIP LOCKED",
        stamp(now - CEILING), stamp(now - keep), CHUNK,
    )  # fmt: skip
    for row in ripe:
        await erase_submission(db, row["id"], at)
    old = stamp(now - CEILING)
    await db.execute("DELETE FROM letters WHERE submission IS NULL AND changed_at <= $1", old)
    await db.execute("DELETE FROM attempts WHERE at <= $1", old)
    await db.execute("DELETE FROM receipts WHERE redacted AND created_at <= $1", old)
    return len(ripe)


async def erase_submission(db: Db, submission: str, at: int) -> None:
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


async def end_campaign(db: Db, campaign: str) -> int:
    """As `Outbox.end_campaign`. The hashes give way to what tells nothing and is unique all the same."""
    await db.execute("DELETE FROM participants WHERE campaign = $1", campaign)
    return count(await db.execute(
        "UPDATE submissions SET repeat_key = convert_to(id, 'UTF8'), mailbox_key = ''"
        " WHERE campaign = $1 AND mailbox_key <> ''",
        campaign,
    ))  # fmt: skip


def count(tag: str) -> int:
    """How many rows a statement changed, from PostgreSQL's "UPDATE 3"."""
    return int(tag.rpartition(" ")[2])


async def _expire(db: Db, at: int, before: int, condition: str) -> None:
    """End what is still waiting, of submissions from `before`; what is on its way is not tried again."""
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
