"""What people do to what they posted: confirm, deny, take back. Each function runs inside the writer's transaction."""

import sqlite3
from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from relay.outbox.accepting import add_to_tallies
from relay.outbox.forgetting import erase_submission
from relay.outbox.posts import digest, tally_of
from relay.outbox.times import moment, stamp

CONFIRM_WITHIN: Final = timedelta(hours=72)


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
        add_to_tallies(db, Counter([tally_of(campaign, senate, house, accepted_at)]))
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
            add_to_tallies(db, Counter({tally_of(campaign, senate, house, accepted_at): -1}))
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
