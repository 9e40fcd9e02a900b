"""What a letter's writer decides afterwards: confirm, deny, withdraw, erase, join the list, leave it. Each function
runs in a transaction."""

from collections import Counter
from datetime import datetime

from relay.outbox import members
from relay.outbox.asking import IS_OVER, limits
from relay.outbox.receipts import read_receipt
from relay.outbox.records import OFFICES, Confirmation, Receipt, SubmissionStatus
from relay.outbox.repeats import find_going, hand_on
from relay.outbox.retention import erase_submission
from relay.outbox.rows import SUBMISSION_ROW, digest
from relay.outbox.slots import free_slots
from relay.outbox.sql import Connection, Row
from relay.outbox.tallies import Tally, add_to_tallies
from relay.outbox.timestamps import stamp


async def find_confirmation(db: Connection, token: str, now: datetime, submission: str = "") -> Confirmation | None:
    """As `Intake.find_confirmation`. Read-only."""
    row = await _find_submission(db, token, submission, lock="")
    if not row:
        return None
    chosen = row[0]
    rows = await db.fetch(
        "SELECT id FROM submissions WHERE mailbox_key = (SELECT mailbox_key FROM submissions WHERE id = $3)"
        f" AND length(mailbox_key) > 0 AND status = 'held' AND NOT {IS_OVER} AND erased_at IS NULL AND id <> $3"
        " ORDER BY accepted_at DESC, id DESC",
        *limits(now), chosen,
    )  # fmt: skip
    waiting = [(other, await read_receipt(db, other, redacted=False)) for (other,) in rows]
    opted_out = await db.fetchval("SELECT 1 FROM opt_outs WHERE folded_key = $1", row[-1])
    return Confirmation(
        chosen,
        await read_receipt(db, chosen, redacted=False),
        tuple(waiting),
        bool(opted_out),
        await members.find_member(db, chosen),
    )


async def confirm(db: Connection, token: str, now: datetime, submission: str = "") -> Receipt | None:
    """As `Intake.confirm`. A letter that has no address by now is held for the roster."""
    row = await _find_submission(db, token, submission)
    if not row:
        return None
    submission, campaign, senate, house, status, accepted_at, _ = row
    over = await db.fetchval(f"SELECT 1 FROM submissions WHERE {IS_OVER} AND id = $3", *limits(now), submission)
    await db.execute(  # the mail that asks, if this was confirmed on the page of another letter
        "UPDATE letters SET status = 'cancelled', due = NULL, changed_at = $1"
        " WHERE submission = $2 AND kind = 'confirmation' AND status = 'queued'",
        stamp(now), submission,
    )  # fmt: skip
    if status == "held" and not over:
        if await queue_confirmed(db, submission, now, "confirmed"):
            town = await _read_town(db, submission)
            await add_to_tallies(db, Counter([Tally(campaign, senate, house, accepted_at, town)]))
    elif status == "accepted":
        await _free(db, submission, stamp(now))
    return await read_receipt(db, submission, redacted=False)


async def queue_confirmed(db: Connection, submission: str, now: datetime, status: SubmissionStatus) -> bool:
    """Queue the letters that were held for a confirmation. status: of the submission from now on. False if an identical
    one goes already."""
    if not await _claim_key(db, submission, status):
        return False
    await db.execute(
        "UPDATE letters SET status = CASE to_email WHEN '' THEN 'held' ELSE 'queued' END,"
        " held_for = CASE to_email WHEN '' THEN 'roster' ELSE '' END,"
        " due = CASE to_email WHEN '' THEN NULL ELSE CAST($1 AS bigint) END, changed_at = $1"
        " WHERE submission = $2 AND held_for = 'confirmation'",
        stamp(now), submission,
    )  # fmt: skip
    await db.execute("UPDATE participants SET visible = true WHERE submission = $1", submission)
    return True


async def _read_town(db: Connection, submission: str) -> str:
    """ "" once it is erased."""
    sealed = await db.fetchval("SELECT sealed FROM submissions WHERE id = $1", submission)
    return db.vault.open(SUBMISSION_ROW.format(submission), sealed)[4] if sealed else ""


async def _free(db: Connection, submission: str, at: int) -> None:
    """Send at once what waits its turn, and let others have that turn."""
    await db.execute("UPDATE submissions SET status = 'confirmed' WHERE id = $1", submission)
    await free_slots(db, submission)
    await db.execute(
        "UPDATE letters SET due = $1 WHERE submission = $2 AND status = 'queued' AND attempts = 0"
        f" AND policy_blocks = 0 AND kind IN {OFFICES}",
        at, submission,
    )  # fmt: skip


async def deny(db: Connection, token: str, now: datetime, submission: str = "") -> Receipt | None:
    """As `Intake.deny`. The submission no longer counts, either."""
    row = await _find_submission(db, token, submission)
    if not row:
        return None
    submission, campaign, senate, house, status, accepted_at, _ = row
    if status not in ("denied", "expired"):
        town = await _read_town(db, submission)
        await cancel_letters(db, submission, now)
        await erase_submission(db, submission, stamp(now))
        await members.leave(db, submission)
        await db.execute("UPDATE submissions SET status = 'denied' WHERE id = $1", submission)
        await db.execute("DELETE FROM participants WHERE submission = $1", submission)
        if status != "held":
            await add_to_tallies(db, Counter({Tally(campaign, senate, house, accepted_at, town): -1}))
    return await read_receipt(db, submission, redacted=False)


async def withdraw(db: Connection, token: str) -> None:
    """As `Intake.withdraw`. A repeat's receipt cannot do this: whoever holds it knows no secret of the first writer."""
    await db.execute(
        "DELETE FROM participants WHERE submission ="
        " (SELECT submission FROM receipts WHERE hash = $1 AND NOT redacted)",
        digest(token),
    )


async def join(db: Connection, token: str, now: datetime, submission: str = "") -> None:
    """As `Intake.join`."""
    if row := await _find_submission(db, token, submission):
        await members.join(db, row[0], now)


async def leave(db: Connection, token: str, submission: str = "") -> None:
    """As `Intake.leave`."""
    if row := await _find_submission(db, token, submission):
        await members.leave(db, row[0])


async def erase(db: Connection, token: str, now: datetime) -> bool:
    """As `Intake.erase`; returns whether there was anything to erase. A repeat's receipt cannot do this."""
    submission = await db.fetchval("SELECT submission FROM receipts WHERE hash = $1 AND NOT redacted", digest(token))
    if submission is None:
        return False
    await erase_writing(db, submission, now)
    return True


async def erase_writing(db: Connection, submission: str, now: datetime) -> None:
    """Erase a submission as its writer wishes: cancel what has not gone, and take the public name back."""
    await hand_on(db, submission)
    await cancel_letters(db, submission, now)
    await db.execute("UPDATE submissions SET status = 'expired' WHERE id = $1 AND status = 'held'", submission)
    await db.execute("DELETE FROM participants WHERE submission = $1", submission)
    await members.leave(db, submission)
    await erase_submission(db, submission, stamp(now))


async def _claim_key(db: Connection, submission: str, status: SubmissionStatus) -> bool:
    """Confirm a submission. Returns False if an identical one goes already: then this one's letters are cancelled."""
    # A campaign that is over, or an older release, left no key: then nothing repeats this one.
    key = await db.fetchval("SELECT pending_key FROM submissions WHERE id = $1", submission) or submission.encode()
    first = (await find_going(db, [key])).get(key, submission)
    if first == submission:
        await db.execute(
            "UPDATE submissions SET status = $4, repeat_key = $3, pending_key = $2 WHERE id = $1",
            submission, b"", key, status,
        )  # fmt: skip
        return True
    await db.execute(
        "UPDATE submissions SET status = $4, pending_key = $2, repeats = $3 WHERE id = $1",
        submission, b"", first, status,
    )  # fmt: skip
    await db.execute(
        "UPDATE letters SET status = 'cancelled', held_for = '', due = NULL"
        " WHERE submission = $1 AND held_for = 'confirmation'",
        submission,
    )
    return False


async def cancel_letters(db: Connection, submission: str, now: datetime) -> None:
    """A letter being sent cannot be recalled, but it is not retried."""
    await db.execute(
        "UPDATE letters SET status = 'cancelled', held_for = '', due = NULL, changed_at = $1"
        " WHERE submission = $2 AND status IN ('held', 'queued')",
        stamp(now), submission,
    )  # fmt: skip
    await db.execute("UPDATE letters SET withdrawn = true WHERE submission = $1 AND status = 'sending'", submission)


async def opt_out(db: Connection, token: str, *, out: bool) -> bool:
    """As `Intake.opt_out`."""
    row = await _find_submission(db, token, "")
    if not row or not row[-1]:
        return False
    await opt_out_mailbox(db, row[-1], out=out)
    return True


async def opt_out_mailbox(db: Connection, folded_key: bytes, *, out: bool) -> None:
    """As `Intake.opt_out_mailbox`."""
    if out:
        await db.execute("INSERT INTO opt_outs VALUES ($1) ON CONFLICT DO NOTHING", folded_key)
    else:
        await db.execute("DELETE FROM opt_outs WHERE folded_key = $1", folded_key)


async def _find_submission(db: Connection, token: str, submission: str, lock: str = "FOR UPDATE") -> Row | None:
    """The submission that the link was mailed for, or another one of the same mailbox."""
    found = "SELECT id, campaign, senate, house, status, accepted_at, folded_key FROM submissions WHERE"
    if not submission:
        return await db.fetchrow(f"{found} confirm_hash = $1 {lock}", digest(token))
    return await db.fetchrow(
        f"{found} id = $2 AND length(mailbox_key) > 0"
        f" AND mailbox_key = (SELECT mailbox_key FROM submissions WHERE confirm_hash = $1) {lock}",
        digest(token), submission,
    )  # fmt: skip
