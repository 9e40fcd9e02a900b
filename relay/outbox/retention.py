"""What is erased and when (design, section 9). Counts, outcomes and keyed hashes stay; people and their words go. Each
function runs in a transaction."""

from datetime import datetime, timedelta
from typing import Final

from relay.letters import TO_WRITER
from relay.outbox.asking import ASKED_AT, IS_OVER, limits
from relay.outbox.evidence import forget_traces
from relay.outbox.members import forget_asked
from relay.outbox.records import CEILING, CONFIRM_WITHIN
from relay.outbox.retries import forget_retries
from relay.outbox.slots import forget_slots
from relay.outbox.sql import Connection
from relay.outbox.timestamps import MICROSECOND, stamp

EXPIRED: Final = "CASE WHEN held_for IN ('address', 'roster') THEN 'failed' ELSE 'expired' END"
CHUNK: Final = 200  # submissions per transaction, so that posts do not wait for long


async def forget(db: Connection, now: datetime, keep: timedelta) -> int:
    """Expire what was held too long and erase up to CHUNK submissions. Returns the number erased; call until it is
    less than CHUNK."""
    at, old = stamp(now), stamp(now - CEILING)
    if await db.fetchval("SELECT 1 FROM metadata WHERE name = 'hold'"):
        return 0
    await _expire_unconfirmed(db, now)
    await _expire(db, now)
    due = await db.fetch(
        "SELECT id FROM submissions WHERE erased_at IS NULL AND (accepted_at <= $1 OR status = 'expired'"
        " OR (accepted_at <= $2"
        " AND NOT EXISTS (SELECT 1 FROM letters WHERE submission = submissions.id"
        # Whoever types an address to have it erased must not prolong what is kept of it.
        " AND kind <> 'erasure' AND (status IN ('held', 'queued', 'sending') OR changed_at > $2))))"
        " ORDER BY accepted_at LIMIT $3 FOR UPDATE SKIP LOCKED",
        old, stamp(now - keep), CHUNK,
    )  # fmt: skip
    for (submission,) in due:
        await erase_submission(db, submission, at)
    await forget_traces(db, now)
    await forget_slots(db, now)
    await forget_retries(db, now)
    await forget_asked(db, now)
    await db.execute("DELETE FROM letters WHERE submission IS NULL AND changed_at <= $1", old)
    await db.execute(  # somebody's words: kept no longer than a letter's
        "DELETE FROM letters WHERE kind IN ('forward', 'event') AND status NOT IN ('queued', 'sending')"
        " AND changed_at <= $1",
        stamp(now - keep),
    )
    await db.execute("DELETE FROM attempts WHERE at <= $1", old)
    await db.execute("DELETE FROM receipts WHERE redacted AND created_at <= $1", old)
    return len(due)


async def erase_submission(db: Connection, submission: str, at: int) -> None:
    """Erase names, addresses and text of one submission. A letter being sent lives on only in the worker's memory."""
    await db.execute(
        "UPDATE submissions SET language = '', sealed = $3, join_list = false, erased_at = coalesce(erased_at, $1)"
        " WHERE id = $2",
        at, submission, b"",
    )  # fmt: skip
    await db.execute("DELETE FROM participants WHERE submission = $1 AND NOT visible", submission)
    await db.execute("DELETE FROM retries WHERE submission = $1", submission)
    await db.execute(
        "UPDATE attempts SET answer = '',"
        f" domain = CASE WHEN letters.kind IN {TO_WRITER} THEN '' ELSE attempts.domain END"
        " FROM letters WHERE letters.id = attempts.letter AND letters.submission = $1",
        submission,
    )
    await db.execute(
        "UPDATE letters SET domain = '', to_name = '', to_email = '', greeting = '', sealed = $2, answer = '',"
        " withdrawn = true WHERE submission = $1",
        submission, b"",
    )  # fmt: skip


async def forget_campaign(db: Connection, campaign: str) -> int:
    """As `Administration.forget_campaign`. Unique values that reveal nothing replace the hashes."""
    await db.execute("DELETE FROM participants WHERE campaign = $1", campaign)
    await db.execute("UPDATE members SET mailbox_key = $2 WHERE campaign = $1 AND status = 'exported'", campaign, b"")
    await db.execute(
        "DELETE FROM retries WHERE submission IN (SELECT id FROM submissions WHERE campaign = $1)", campaign
    )
    return await db.execute(
        "UPDATE submissions SET repeat_key = convert_to(id, 'UTF8'), pending_key = $2, mailbox_key = $2,"
        " folded_key = $2 WHERE campaign = $1 AND mailbox_key <> $2",
        campaign, b"",
    )  # fmt: skip


async def set_legal_hold(db: Connection, reason: str) -> None:
    """As `Administration.set_legal_hold`."""
    await db.execute("DELETE FROM metadata WHERE name = 'hold'")
    if reason:
        await db.execute("INSERT INTO metadata VALUES ('hold', $1)", reason)


async def legal_hold(db: Connection) -> str:
    """As `Administration.legal_hold`."""
    return str(await db.fetchval("SELECT value FROM metadata WHERE name = 'hold'") or "")


async def _expire_unconfirmed(db: Connection, now: datetime) -> None:
    """Expire what waited for its writer's yes for too long. It expired then, not now: a relay that was down, or a
    backup, prolongs nothing."""
    over = await db.fetch(
        f"SELECT id, {ASKED_AT} FROM submissions WHERE status = 'held' AND erased_at IS NULL AND {IS_OVER}"
        " ORDER BY accepted_at LIMIT $3 FOR UPDATE SKIP LOCKED",
        *limits(now), CHUNK,
    )  # fmt: skip
    for submission, asked_at in over:
        await db.execute(
            f"UPDATE letters SET status = {EXPIRED}, held_for = '', due = NULL, changed_at = $1"
            " WHERE status IN ('held', 'queued') AND submission = $2",
            asked_at + CONFIRM_WITHIN // MICROSECOND, submission,
        )  # fmt: skip
        await db.execute("UPDATE submissions SET status = 'expired' WHERE id = $1", submission)


async def _expire(db: Connection, now: datetime) -> None:
    """Expire what is still unsent when nothing may be kept any longer; what is being sent is not retried. What was held
    for an office, not for its writer, counts as failed, so that organizers are told. As above, it expired then."""
    before = stamp(now - CEILING)
    old = "submission IN (SELECT id FROM submissions WHERE erased_at IS NULL AND accepted_at <= $1)"
    await db.execute(
        f"UPDATE letters SET status = {EXPIRED}, held_for = '', due = NULL, changed_at = $2"
        " + (SELECT accepted_at FROM submissions WHERE submissions.id = letters.submission)"
        f" WHERE status IN ('held', 'queued') AND {old}",
        before, CEILING // MICROSECOND,
    )  # fmt: skip
    await db.execute(f"UPDATE letters SET withdrawn = true WHERE status = 'sending' AND {old}", before)
