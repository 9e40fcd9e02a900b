"""What people do to the outbox: post, confirm, deny, take back. Each function runs inside the writer's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from relay.contract import Confirm
from relay.letters import Letter, Submission
from relay.outbox import Accepted
from relay.outbox.intake import CONFIRM_WITHIN, digest, letter_row
from relay.outbox.postgres.forgetting import erase_submission
from relay.outbox.postgres.writer import Db
from relay.outbox.times import moment, stamp

INSERT_LETTER: Final = (
    "INSERT INTO letters (id, submission, campaign, kind, chamber, district, to_name, to_email, domain, from_name,"
    " reply_to, subject, body, transport, state, waits, due, changed_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
)


async def accept(
    db: Db,
    submission: Submission,
    letters: Sequence[Letter],
    confirmation: Letter | None,
    confirm: Confirm,
    receipt: Letter | None = None,
) -> Accepted:
    """As `Outbox.accept`. Of two processes that get one post at once, the second waits for the first and repeats."""
    at = stamp(submission.accepted_at)
    link = digest(submission.receipt_token)
    known = await _wrote_before(db, submission.mailbox_key)
    held = confirm == "always" or (confirm == "suspicious" and known)
    new = await db.fetchval(
        "INSERT INTO submissions VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
        " ON CONFLICT (repeat_key) DO NOTHING RETURNING id",
        submission.id, submission.campaign, submission.language, submission.first_name, submission.last_name,
        submission.email, submission.phone, submission.town, submission.senate, submission.house,
        submission.join_list, submission.repeat_key, submission.mailbox_key, digest(submission.confirm_token),
        "held" if held else "accepted", at,
    )  # fmt: skip
    if new is None:
        first = await db.fetchrow("SELECT id, standing FROM submissions WHERE repeat_key = $1", submission.repeat_key)
        assert first is not None
        await db.execute("INSERT INTO receipts VALUES ($1, $2, true, $3)", link, first["id"], at)
        return Accepted(repeat=True, held=first["standing"] == "held")
    await db.execute("INSERT INTO receipts VALUES ($1, $2, false, $3)", link, submission.id, at)
    rows = [letter_row(letter, "held" if held else "queued", at) for letter in letters]
    if mail := confirmation if held else None if known else receipt:
        rows.append(letter_row(mail, "queued", at))
    await db.executemany(INSERT_LETTER, rows)
    if submission.public_name:
        await db.execute(
            "INSERT INTO participants VALUES ($1, $2, $3, $4, $5, $6)",
            submission.id, submission.campaign, submission.first_name, submission.town, at, not held,
        )  # fmt: skip
    if not held:
        await _tally(db, submission.campaign, submission.senate, submission.house, at, 1)
    return Accepted(repeat=False, held=held)


async def find_confirmation(db: Db, token: str) -> str | None:
    """The submission's id, or None if the link is unknown. Only reads."""
    found = await _by_link(db, token, lock="")
    return str(found["id"]) if found else None


async def confirm(db: Db, token: str, now: datetime) -> str | None:
    """Queue the held letters if it is not too late; the submission's id, or None if the link is unknown."""
    found = await _by_link(db, token)
    if not found:
        return None
    if found["standing"] == "held" and now - moment(found["accepted_at"]) < CONFIRM_WITHIN:
        await db.execute(
            "UPDATE letters SET state = CASE to_email WHEN '' THEN 'held' ELSE 'queued' END,"
            " waits = CASE to_email WHEN '' THEN 'roster' ELSE '' END,"
            " due = CASE to_email WHEN '' THEN NULL ELSE $1::bigint END, changed_at = $1"
            " WHERE submission = $2 AND waits = 'confirmation'",
            stamp(now), found["id"],
        )  # fmt: skip
        await db.execute("UPDATE submissions SET standing = 'confirmed' WHERE id = $1", found["id"])
        await db.execute("UPDATE participants SET visible = true WHERE submission = $1", found["id"])
        await _tally(db, found["campaign"], found["senate"], found["house"], found["accepted_at"], 1)
    return str(found["id"])


async def deny(db: Db, token: str, now: datetime) -> str | None:
    """Cancel what has not gone, forget it all, uncount it; the submission's id, or None if the link is unknown."""
    found = await _by_link(db, token)
    if not found:
        return None
    if found["standing"] not in ("denied", "expired"):
        await cancel(db, found["id"], now)
        await erase_submission(db, found["id"], stamp(now))
        await db.execute("UPDATE submissions SET standing = 'denied' WHERE id = $1", found["id"])
        await db.execute("DELETE FROM participants WHERE submission = $1", found["id"])
        if found["standing"] != "held":
            await _tally(db, found["campaign"], found["senate"], found["house"], found["accepted_at"], -1)
    return str(found["id"])


async def withdraw(db: Db, token: str) -> None:
    """Take the public name back. A repeat's receipt may not: it knows no secret of the first writer's."""
    await db.execute(
        "DELETE FROM participants WHERE submission ="
        " (SELECT submission FROM receipts WHERE hash = $1 AND NOT redacted)",
        digest(token),
    )


async def erase(db: Db, token: str, now: datetime) -> bool:
    """Cancel and forget, the public name too; whether there was anything. A repeat's receipt may not."""
    found = await db.fetchval("SELECT submission FROM receipts WHERE hash = $1 AND NOT redacted", digest(token))
    if not found:
        return False
    await cancel(db, found, now)
    await db.execute("UPDATE submissions SET standing = 'expired' WHERE id = $1 AND standing = 'held'", found)
    await db.execute("DELETE FROM participants WHERE submission = $1", found)
    await erase_submission(db, found, stamp(now))
    return True


async def cancel(db: Db, submission: str, now: datetime) -> None:
    """A letter that is on its way cannot be called back, but it will not be tried again."""
    await db.execute(
        "UPDATE letters SET state = 'cancelled', waits = '', due = NULL, changed_at = $1"
        " WHERE submission = $2 AND state IN ('held', 'queued')",
        stamp(now), submission,
    )  # fmt: skip
    await db.execute("UPDATE letters SET withdrawn = true WHERE submission = $1 AND state = 'sending'", submission)


async def _by_link(db: Db, token: str, lock: str = "FOR UPDATE") -> Any:  # noqa: ANN401  (asyncpg's record)
    return await db.fetchrow(
        f"SELECT id, campaign, senate, house, standing, accepted_at FROM submissions WHERE confirm_hash = $1 {lock}",
        digest(token),
    )


async def _wrote_before(db: Db, mailbox_key: bytes) -> bool:
    return await db.fetchval("SELECT 1 FROM submissions WHERE mailbox_key = $1 LIMIT 1", mailbox_key) is not None


async def _tally(db: Db, campaign: str, senate: str, house: str, at: int, step: int) -> None:
    """Days are UTC's. Counted on the day of the post, also if it is confirmed later."""
    await db.execute(
        "INSERT INTO tallies VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (campaign, senate, house, day) DO UPDATE SET count = tallies.count + excluded.count",
        campaign, senate, house, moment(at).date().isoformat(), step,
    )  # fmt: skip
