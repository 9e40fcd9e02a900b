"""What people do to the outbox: post, confirm, deny, take back. Each function runs inside the writer's transaction."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from relay.contract import Confirm
from relay.letters import Letter, Submission
from relay.outbox import Accepted
from relay.outbox.forgetting import erase_submission
from relay.outbox.times import moment, stamp

CONFIRM_WITHIN: Final = timedelta(hours=72)
INSERT_LETTER: Final = (
    "INSERT INTO letters (id, submission, campaign, kind, chamber, district, to_name, to_email, domain, from_name,"
    " reply_to, subject, body, transport, state, waits, due, changed_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def digest(token: str) -> bytes:
    """Tokens are 128 random bits or more, so a plain hash cannot be guessed back."""
    return sha256(token.encode()).digest()


def accept(
    db: sqlite3.Connection,
    submission: Submission,
    letters: Sequence[Letter],
    confirmation: Letter | None,
    confirm: Confirm,
    receipt: Letter | None = None,
) -> Accepted:
    """As `Outbox.accept`."""
    at = stamp(submission.accepted_at)
    link = digest(submission.receipt_token)
    first = db.execute("SELECT id, standing FROM submissions WHERE repeat_key = ?", (submission.repeat_key,)).fetchone()
    if first:
        db.execute("INSERT INTO receipts VALUES (?, ?, 1, ?)", (link, first[0], at))
        return Accepted(repeat=True, held=first[1] == "held")
    known = _wrote_before(db, submission.mailbox_key)
    held = confirm == "always" or (confirm == "suspicious" and known)
    db.execute(
        "INSERT INTO submissions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
        (
            submission.id,
            submission.campaign,
            submission.language,
            submission.first_name,
            submission.last_name,
            submission.email,
            submission.phone,
            submission.town,
            submission.senate,
            submission.house,
            submission.join_list,
            submission.repeat_key,
            submission.mailbox_key,
            digest(submission.confirm_token),
            "held" if held else "accepted",
            at,
        ),
    )
    db.execute("INSERT INTO receipts VALUES (?, ?, 0, ?)", (link, submission.id, at))
    rows = [letter_row(letter, "held" if held else "queued", at) for letter in letters]
    if mail := confirmation if held else None if known else receipt:
        rows.append(letter_row(mail, "queued", at))
    db.executemany(INSERT_LETTER, rows)
    if submission.public_name:
        db.execute(
            "INSERT INTO participants VALUES (?, ?, ?, ?, ?, ?)",
            (submission.id, submission.campaign, submission.first_name, submission.town, at, not held),
        )
    if not held:
        _tally(db, submission.campaign, submission.senate, submission.house, at, 1)
    return Accepted(repeat=False, held=held)


def find_confirmation(db: sqlite3.Connection, token: str) -> str | None:
    """The submission's id, or None if the link is unknown."""
    found = _by_link(db, token)
    return found[0] if found else None


def confirm(db: sqlite3.Connection, token: str, now: datetime) -> str | None:
    """Queue the held letters if it is not too late; the submission's id, or None if the link is unknown."""
    found = _by_link(db, token)
    if not found:
        return None
    submission, campaign, senate, house, standing, accepted_at = found
    if standing == "held" and now - moment(accepted_at) < CONFIRM_WITHIN:
        at = stamp(now)
        db.execute(
            "UPDATE letters SET state = CASE to_email WHEN '' THEN 'held' ELSE 'queued' END,"
            " waits = CASE to_email WHEN '' THEN 'roster' ELSE '' END,"
            " due = CASE to_email WHEN '' THEN NULL ELSE ? END,"
            " changed_at = ? WHERE submission = ? AND waits = 'confirmation'",
            (at, at, submission),
        )
        db.execute("UPDATE submissions SET standing = 'confirmed' WHERE id = ?", (submission,))
        db.execute("UPDATE participants SET visible = 1 WHERE submission = ?", (submission,))
        _tally(db, campaign, senate, house, accepted_at, 1)
    return str(submission)


def deny(db: sqlite3.Connection, token: str, now: datetime) -> str | None:
    """Cancel what has not gone, forget it all, uncount it; the submission's id, or None if the link is unknown."""
    found = _by_link(db, token)
    if not found:
        return None
    submission, campaign, senate, house, standing, accepted_at = found
    if standing not in ("denied", "expired"):
        cancel(db, submission, now)
        erase_submission(db, submission, stamp(now))
        db.execute("UPDATE submissions SET standing = 'denied' WHERE id = ?", (submission,))
        db.execute("DELETE FROM participants WHERE submission = ?", (submission,))
        if standing != "held":
            _tally(db, campaign, senate, house, accepted_at, -1)
    return str(submission)


def withdraw(db: sqlite3.Connection, token: str) -> None:
    """Take the public name back. A repeat's receipt may not: it knows no secret of the first writer's."""
    db.execute(
        "DELETE FROM participants WHERE submission = (SELECT submission FROM receipts WHERE hash = ? AND NOT redacted)",
        (digest(token),),
    )


def erase(db: sqlite3.Connection, token: str, now: datetime) -> bool:
    """Cancel and forget, the public name too; whether there was anything. A repeat's receipt may not."""
    found = db.execute("SELECT submission FROM receipts WHERE hash = ? AND NOT redacted", (digest(token),)).fetchone()
    if not found:
        return False
    cancel(db, found[0], now)
    db.execute("UPDATE submissions SET standing = 'expired' WHERE id = ? AND standing = 'held'", found)
    db.execute("DELETE FROM participants WHERE submission = ?", found)
    erase_submission(db, found[0], stamp(now))
    return True


def cancel(db: sqlite3.Connection, submission: str, now: datetime) -> None:
    """A letter that is on its way cannot be called back, but it will not be tried again."""
    db.execute(
        "UPDATE letters SET state = 'cancelled', waits = '', due = NULL, changed_at = ?"
        " WHERE submission = ? AND state IN ('held', 'queued')",
        (stamp(now), submission),
    )
    db.execute("UPDATE letters SET withdrawn = 1 WHERE submission = ? AND state = 'sending'", (submission,))


def _by_link(db: sqlite3.Connection, token: str) -> tuple[str, str, str, str, str, int] | None:
    row: tuple[str, str, str, str, str, int] | None = db.execute(
        "SELECT id, campaign, senate, house, standing, accepted_at FROM submissions WHERE confirm_hash = ?",
        (digest(token),),
    ).fetchone()
    return row


def _wrote_before(db: sqlite3.Connection, mailbox_key: bytes) -> bool:
    return db.execute("SELECT 1 FROM submissions WHERE mailbox_key = ?", (mailbox_key,)).fetchone() is not None


def letter_row(letter: Letter, state: str, at: int) -> tuple[str | int | None, ...]:
    """What INSERT_LETTER takes. A letter without an address waits for the roster, once it is confirmed."""
    waits = "confirmation" if state == "held" else ""
    if not (waits or letter.to_email):
        state, waits = "held", "roster"
    return (
        letter.id,
        letter.submission or None,
        letter.campaign,
        letter.kind,
        letter.chamber,
        letter.district,
        letter.to_name,
        letter.to_email,
        letter.to_email.rpartition("@")[2].lower(),
        letter.from_name,
        letter.reply_to,
        letter.subject,
        letter.body,
        letter.transport,
        state,
        waits,
        at if state == "queued" else None,
        at,
    )


def _tally(db: sqlite3.Connection, campaign: str, senate: str, house: str, at: int, step: int) -> None:
    """Days are UTC's. Counted on the day of the post, also if it is confirmed later."""
    db.execute(
        "INSERT INTO tallies VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (campaign, senate, house, day) DO UPDATE SET count = count + excluded.count",
        (campaign, senate, house, moment(at).date().isoformat(), step),
    )
