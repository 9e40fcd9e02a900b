"""What a letter's writer decides afterwards: confirm, deny, withdraw, erase. Each function runs in a transaction."""

from collections import Counter
from datetime import datetime

from relay.outbox.receipts import read_receipt
from relay.outbox.records import CONFIRM_WITHIN, Receipt
from relay.outbox.repeats import find_going, hand_on
from relay.outbox.retention import erase_submission
from relay.outbox.rows import digest
from relay.outbox.sql import Connection, Row
from relay.outbox.tallies import add_to_tallies, tally_of
from relay.outbox.timestamps import moment, stamp


async def find_confirmation(db: Connection, token: str) -> Receipt | None:
    """As `Intake.find_confirmation`. Read-only."""
    submission = await _find_submission(db, token, lock="")
    return await read_receipt(db, submission[0], redacted=False) if submission else None


async def confirm(db: Connection, token: str, now: datetime) -> Receipt | None:
    """As `Intake.confirm`. A letter that has no address by now is held for the roster."""
    row = await _find_submission(db, token)
    if not row:
        return None
    submission, campaign, senate, house, status, accepted_at = row
    if status == "held" and now - moment(accepted_at) < CONFIRM_WITHIN and await _claim_key(db, submission):
        await db.execute(
            "UPDATE letters SET status = CASE to_email WHEN '' THEN 'held' ELSE 'queued' END,"
            " held_for = CASE to_email WHEN '' THEN 'roster' ELSE '' END,"
            " due = CASE to_email WHEN '' THEN NULL ELSE CAST($1 AS bigint) END, changed_at = $1"
            " WHERE submission = $2 AND held_for = 'confirmation'",
            stamp(now), submission,
        )  # fmt: skip
        await db.execute("UPDATE participants SET visible = true WHERE submission = $1", submission)
        await add_to_tallies(db, Counter([tally_of(campaign, senate, house, accepted_at)]))
    return await read_receipt(db, submission, redacted=False)


async def deny(db: Connection, token: str, now: datetime) -> Receipt | None:
    """As `Intake.deny`. The submission no longer counts, either."""
    row = await _find_submission(db, token)
    if not row:
        return None
    submission, campaign, senate, house, status, accepted_at = row
    if status not in ("denied", "expired"):
        await _cancel_letters(db, submission, now)
        await erase_submission(db, submission, stamp(now))
        await db.execute("UPDATE submissions SET status = 'denied' WHERE id = $1", submission)
        await db.execute("DELETE FROM participants WHERE submission = $1", submission)
        if status != "held":
            await add_to_tallies(db, Counter({tally_of(campaign, senate, house, accepted_at): -1}))
    return await read_receipt(db, submission, redacted=False)


async def withdraw(db: Connection, token: str) -> None:
    """As `Intake.withdraw`. A repeat's receipt cannot do this: whoever holds it knows no secret of the first writer."""
    await db.execute(
        "DELETE FROM participants WHERE submission ="
        " (SELECT submission FROM receipts WHERE hash = $1 AND NOT redacted)",
        digest(token),
    )


async def erase(db: Connection, token: str, now: datetime) -> bool:
    """As `Intake.erase`; returns whether there was anything to erase. A repeat's receipt cannot do this."""
    submission = await db.fetchval("SELECT submission FROM receipts WHERE hash = $1 AND NOT redacted", digest(token))
    if submission is None:
        return False
    await hand_on(db, submission)
    await _cancel_letters(db, submission, now)
    await db.execute("UPDATE submissions SET status = 'expired' WHERE id = $1 AND status = 'held'", submission)
    await db.execute("DELETE FROM participants WHERE submission = $1", submission)
    await erase_submission(db, submission, stamp(now))
    return True


async def _claim_key(db: Connection, submission: str) -> bool:
    """Confirm a submission. Returns False if an identical one goes already: then this one's letters are cancelled."""
    # A campaign that is over, or an older release, left no key: then nothing repeats this one.
    key = await db.fetchval("SELECT pending_key FROM submissions WHERE id = $1", submission) or submission.encode()
    first = (await find_going(db, [key])).get(key, submission)
    if first == submission:
        await db.execute(
            "UPDATE submissions SET status = 'confirmed', repeat_key = $3, pending_key = $2 WHERE id = $1",
            submission, b"", key,
        )  # fmt: skip
        return True
    await db.execute(
        "UPDATE submissions SET status = 'confirmed', pending_key = $2, repeats = $3 WHERE id = $1",
        submission, b"", first,
    )  # fmt: skip
    await db.execute(
        "UPDATE letters SET status = 'cancelled', held_for = '', due = NULL"
        " WHERE submission = $1 AND held_for = 'confirmation'",
        submission,
    )
    return False


async def _cancel_letters(db: Connection, submission: str, now: datetime) -> None:
    """A letter being sent cannot be recalled, but it is not retried."""
    await db.execute(
        "UPDATE letters SET status = 'cancelled', held_for = '', due = NULL, changed_at = $1"
        " WHERE submission = $2 AND status IN ('held', 'queued')",
        stamp(now), submission,
    )  # fmt: skip
    await db.execute("UPDATE letters SET withdrawn = true WHERE submission = $1 AND status = 'sending'", submission)


async def _find_submission(db: Connection, token: str, lock: str = "FOR UPDATE") -> Row | None:
    return await db.fetchrow(
        f"SELECT id, campaign, senate, house, status, accepted_at FROM submissions WHERE confirm_hash = $1 {lock}",
        digest(token),
    )
