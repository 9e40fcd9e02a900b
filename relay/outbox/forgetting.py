"""What is erased and when (design, section 9). Counts, fates and keyed hashes stay; people and their words go."""

import sqlite3
from datetime import datetime, timedelta
from typing import Final

from relay.letters import TO_WRITER
from relay.outbox.times import stamp

HELD_FOR: Final = timedelta(hours=72)
CEILING: Final = timedelta(days=30)
ENDED: Final = "CASE WHEN waits IN ('address', 'roster') THEN 'failed' ELSE 'expired' END"
CHUNK: Final = 200  # submissions a transaction, so that posts do not wait for the broom


def forget(db: sqlite3.Connection, now: datetime, keep: timedelta) -> int:
    """Expire what waited too long and erase up to CHUNK submissions; how many. Call until it is less."""
    at = stamp(now)
    if db.execute("SELECT 1 FROM facts WHERE name = 'hold'").fetchone():
        return 0
    _expire(db, at, stamp(now - HELD_FOR), "standing = 'held' AND")
    _expire(db, at, stamp(now - CEILING), "")
    ripe = db.execute(
        "SELECT id FROM submissions WHERE erased_at IS NULL AND (accepted_at <= :ceiling OR (accepted_at <= :settled"
        " AND NOT EXISTS (SELECT 1 FROM letters WHERE submission = submissions.id"
        " AND (state IN ('held', 'queued', 'sending') OR changed_at > :settled)))) ORDER BY accepted_at LIMIT :chunk",
        {"ceiling": stamp(now - CEILING), "settled": stamp(now - keep), "chunk": CHUNK},
    ).fetchall()
    for (submission,) in ripe:
        erase_submission(db, submission, at)
    old = stamp(now - CEILING)
    db.execute("DELETE FROM letters WHERE submission IS NULL AND changed_at <= ?", (old,))
    db.execute("DELETE FROM attempts WHERE at <= ?", (old,))
    db.execute("DELETE FROM receipts WHERE redacted AND created_at <= ?", (stamp(now - CEILING),))
    return len(ripe)


def erase_submission(db: sqlite3.Connection, submission: str, at: int) -> None:
    """Names, addresses and text of one submission. A letter on its way lives on in the worker's memory alone."""
    db.execute(
        "UPDATE submissions SET language = '', first_name = '', last_name = '', email = '', phone = '', town = '',"
        " join_list = 0, erased_at = coalesce(erased_at, ?) WHERE id = ?",
        (at, submission),
    )
    db.execute(
        "UPDATE attempts SET answer = '',"
        f" domain = CASE WHEN (SELECT kind FROM letters WHERE id = letter) IN {TO_WRITER}"
        " THEN '' ELSE domain END WHERE letter IN (SELECT id FROM letters WHERE submission = ?)",
        (submission,),
    )
    db.execute(
        "UPDATE letters SET domain = '', to_name = '', to_email = '', greeting = '', from_name = '', reply_to = '',"
        " subject = '', body = '', answer = '', withdrawn = 1 WHERE submission = ?",
        (submission,),
    )


def end_campaign(db: sqlite3.Connection, campaign: str) -> int:
    """As `Outbox.end_campaign`. The hashes give way to what tells nothing and is unique all the same."""
    db.execute("DELETE FROM participants WHERE campaign = ?", (campaign,))
    return db.execute(
        "UPDATE submissions SET repeat_key = CAST(id AS BLOB), mailbox_key = x''"
        " WHERE campaign = ? AND mailbox_key <> x''",
        (campaign,),
    ).rowcount


def empty_log(db: sqlite3.Connection) -> None:
    """Move the write-ahead log into the file and cut it off: old pages in it still hold what was erased.

    Outside any transaction. A reader elsewhere can hold it up; the next call then does it.
    """
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _expire(db: sqlite3.Connection, at: int, before: int, condition: str) -> None:
    """End what is still waiting, of submissions from `before`; what is on its way is not tried again. What waited for
    an office, and not for its writer, has failed, so that organisers are told."""
    old = f"submission IN (SELECT id FROM submissions WHERE erased_at IS NULL AND {condition} accepted_at <= ?)"
    db.execute(
        f"UPDATE letters SET state = {ENDED}, waits = '', due = NULL, changed_at = ?"
        f" WHERE state IN ('held', 'queued') AND {old}",
        (at, before),
    )
    db.execute(f"UPDATE letters SET withdrawn = 1 WHERE state = 'sending' AND {old}", (before,))
    db.execute("UPDATE submissions SET standing = 'expired' WHERE standing = 'held' AND accepted_at <= ?", (before,))
