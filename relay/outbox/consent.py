"""What people do: post letters, confirm them, deny or take them back. Each function runs inside a transaction."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from relay.outbox.posts import (
    LETTER_COLUMNS,
    PARTICIPANT,
    RECEIPT,
    SUBMISSION,
    TALLY,
    Post,
    Tally,
    answer,
    digest,
    tally,
    tally_of,
    weigh,
)  # fmt: skip
from relay.outbox.receipts import receipt
from relay.outbox.records import Accepted, Receipt
from relay.outbox.retention import erase_submission
from relay.outbox.sql import Connection, Row
from relay.outbox.timestamps import moment, stamp

CONFIRM_WITHIN: Final = timedelta(hours=72)


async def accept_all(db: Connection, posts: Sequence[Post]) -> list[Accepted]:
    """As `Intake.accept`, for posts that came in together; what they are answered, in the same order. A few statements
    for all of them. Of two processes that get one post at once, the second waits for the first and finds a repeat.
    """
    mailboxes = [post.submission.mailbox_key for post in posts]
    known = await db.fetch("SELECT mailbox_key FROM submissions WHERE mailbox_key = ANY($1)", mailboxes)
    entries = weigh(posts, (mailbox for (mailbox,) in known))
    # In the order of their keys, so that two processes never wait for each other.
    rows = [entries[key].submission_row() for key in sorted(entries)]
    clause = "ON CONFLICT (repeat_key) DO NOTHING RETURNING repeat_key"
    stored = {key for (key,) in await db.insert("submissions", SUBMISSION, rows, clause)}
    new = [entry for key, entry in entries.items() if key in stored]
    first = {entry.post.key: entry.stored for entry in new}
    if repeated := [key for key in entries if key not in stored]:
        query = "SELECT repeat_key, id, standing FROM submissions WHERE repeat_key = ANY($1)"
        first |= {key: (submission, standing) for key, submission, standing in await db.fetch(query, repeated)}
    answers, receipts = answer(posts, first)
    await db.insert("receipts", RECEIPT, receipts)
    await db.insert("letters", LETTER_COLUMNS, [row for entry in new for row in entry.letter_rows()])
    await db.insert("participants", PARTICIPANT, [row for entry in new for row in entry.participant_rows()])
    await _add_to_tallies(db, tally(new))
    return answers


async def find_confirmation(db: Connection, token: str) -> Receipt | None:
    """As `Intake.find_confirmation`. Only reads."""
    found = await _by_link(db, token, lock="")
    return await receipt(db, found[0], redacted=False) if found else None


async def confirm(db: Connection, token: str, now: datetime) -> Receipt | None:
    """As `Intake.confirm`. A letter that has no address by then waits for the roster."""
    found = await _by_link(db, token)
    if not found:
        return None
    submission, campaign, senate, house, standing, accepted_at = found
    if standing == "held" and now - moment(accepted_at) < CONFIRM_WITHIN:
        await db.execute(
            "UPDATE letters SET state = CASE to_email WHEN '' THEN 'held' ELSE 'queued' END,"
            " waits = CASE to_email WHEN '' THEN 'roster' ELSE '' END,"
            " due = CASE to_email WHEN '' THEN NULL ELSE CAST($1 AS bigint) END, changed_at = $1"
            " WHERE submission = $2 AND waits = 'confirmation'",
            stamp(now), submission,
        )  # fmt: skip
        await db.execute("UPDATE submissions SET standing = 'confirmed' WHERE id = $1", submission)
        await db.execute("UPDATE participants SET visible = true WHERE submission = $1", submission)
        await _add_to_tallies(db, Counter([tally_of(campaign, senate, house, accepted_at)]))
    return await receipt(db, submission, redacted=False)


async def deny(db: Connection, token: str, now: datetime) -> Receipt | None:
    """As `Intake.deny`. It is uncounted, too."""
    found = await _by_link(db, token)
    if not found:
        return None
    submission, campaign, senate, house, standing, accepted_at = found
    if standing not in ("denied", "expired"):
        await _cancel(db, submission, now)
        await erase_submission(db, submission, stamp(now))
        await db.execute("UPDATE submissions SET standing = 'denied' WHERE id = $1", submission)
        await db.execute("DELETE FROM participants WHERE submission = $1", submission)
        if standing != "held":
            await _add_to_tallies(db, Counter({tally_of(campaign, senate, house, accepted_at): -1}))
    return await receipt(db, submission, redacted=False)


async def withdraw(db: Connection, token: str) -> None:
    """As `Intake.withdraw`. A repeat's receipt may not: it knows no secret of the first writer's."""
    await db.execute(
        "DELETE FROM participants WHERE submission ="
        " (SELECT submission FROM receipts WHERE hash = $1 AND NOT redacted)",
        digest(token),
    )


async def erase(db: Connection, token: str, now: datetime) -> bool:
    """As `Intake.erase`; whether there was anything. A repeat's receipt may not."""
    submission = await db.fetchval("SELECT submission FROM receipts WHERE hash = $1 AND NOT redacted", digest(token))
    if submission is None:
        return False
    await _cancel(db, submission, now)
    await db.execute("UPDATE submissions SET standing = 'expired' WHERE id = $1 AND standing = 'held'", submission)
    await db.execute("DELETE FROM participants WHERE submission = $1", submission)
    await erase_submission(db, submission, stamp(now))
    return True


async def _cancel(db: Connection, submission: str, now: datetime) -> None:
    """A letter that is on its way cannot be called back, but it will not be tried again."""
    await db.execute(
        "UPDATE letters SET state = 'cancelled', waits = '', due = NULL, changed_at = $1"
        " WHERE submission = $2 AND state IN ('held', 'queued')",
        stamp(now), submission,
    )  # fmt: skip
    await db.execute("UPDATE letters SET withdrawn = true WHERE submission = $1 AND state = 'sending'", submission)


async def _by_link(db: Connection, token: str, lock: str = "FOR UPDATE") -> Row | None:
    return await db.fetchrow(
        f"SELECT id, campaign, senate, house, standing, accepted_at FROM submissions WHERE confirm_hash = $1 {lock}",
        digest(token),
    )


async def _add_to_tallies(db: Connection, steps: Counter[Tally]) -> None:
    await db.insert(
        "tallies", TALLY, sorted((*key, step) for key, step in steps.items()),
        "ON CONFLICT (campaign, senate, house, day) DO UPDATE SET count = tallies.count + excluded.count",
    )  # fmt: skip
