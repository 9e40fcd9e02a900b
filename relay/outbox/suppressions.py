"""Office addresses whose mailbox is gone, as a mail server says: letters to them are held.

Servers are mistaken, and mailboxes come back. So from time to time one of the letters held tries. If it is accepted and
does not come back within BOUNCES_WITHIN, the address is free and the others follow; if it is refused again, it is held
again, and the next trial is later. Each function runs in a transaction.
"""

from datetime import datetime
from typing import Final

from relay.outbox.records import OFFICES
from relay.outbox.retry_schedule import BOUNCES_WITHIN, next_trial
from relay.outbox.rows import storable
from relay.outbox.sql import Connection
from relay.outbox.throttle import ANY_TIME
from relay.outbox.timestamps import moment, stamp

# Of one address, the letter that has waited longest and whose campaign is not stopped.
CANDIDATE: Final = (
    "SELECT id FROM letters WHERE status = 'held' AND held_for = 'address' AND to_email = $1 AND transport = $2"
    " AND campaign NOT IN (SELECT name FROM pauses WHERE scope = 'campaign') ORDER BY number LIMIT 1 FOR UPDATE"
)


async def suppress(db: Connection, address: str, now: datetime, answer: str, letter: str = "") -> int:
    """As `Queue.suppress`. letter: the one that was refused, or came back."""
    at, until, answer = stamp(now), stamp(next_trial(0, now)), storable(answer)
    new = await db.execute(
        "INSERT INTO suppressions (address, since, answer, until) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        address, at, answer, until,
    )  # fmt: skip
    if not new and letter:
        await _record_failed_trial(db, address, now, answer, letter)
    return await hold_for_address(db, address, at)


async def unsuppress(db: Connection, address: str, now: datetime) -> int:
    """As `Administration.unsuppress`."""
    await db.execute("DELETE FROM suppressions WHERE address = $1", address)
    return await db.execute(
        "UPDATE letters SET status = 'queued', held_for = '', due = $1, changed_at = $1"
        " WHERE status = 'held' AND held_for = 'address' AND to_email = $2",
        stamp(now), address,
    )  # fmt: skip


async def run_trials(db: Connection, transport: str, now: datetime) -> None:
    """Queue a letter for each address whose trial is due, and free the addresses whose trial passed."""
    due = await db.fetch(
        "SELECT address, trial, failed_trials FROM suppressions WHERE until <= $1 ORDER BY address", stamp(now)
    )
    for address, trial, failed_trials in due:
        if not trial:
            await _begin(db, address, transport, now)
            continue
        row = await db.fetchrow("SELECT status, changed_at FROM letters WHERE id = $1", trial)
        status, changed_at = row or ("", 0)
        if status in ("queued", "sending"):
            continue
        if status == "sent":
            passed_at = moment(changed_at) + BOUNCES_WITHIN
            if passed_at <= now:
                await unsuppress(db, address, now)
            else:
                await db.execute("UPDATE suppressions SET until = $1 WHERE address = $2", stamp(passed_at), address)
            continue
        # It failed for another reason, or was taken back: nothing is known, and another letter tries.
        await db.execute(
            "UPDATE suppressions SET trial = '', until = $1 WHERE address = $2",
            stamp(next_trial(failed_trials, now)), address,
        )  # fmt: skip


async def hold_for_address(db: Connection, address: str, at: int) -> int:
    """Hold letters to a suppressed address, except the one that tries. Returns the number of letters."""
    return await db.execute(
        "UPDATE letters SET status = 'held', held_for = 'address', due = NULL, changed_at = $1"
        f" WHERE status = 'queued' AND to_email = $2 AND kind NOT IN {ANY_TIME}"
        " AND id NOT IN (SELECT trial FROM suppressions WHERE address = $2)",
        at, address,
    )  # fmt: skip


async def _begin(db: Connection, address: str, transport: str, now: datetime) -> None:
    letter = await db.fetchval(CANDIDATE, address, transport)
    if letter is None:
        return  # the next one that is held tries at once
    await db.execute("UPDATE suppressions SET trial = $1 WHERE address = $2", letter, address)
    await db.execute(
        "UPDATE letters SET status = 'queued', held_for = '', due = $1, changed_at = $1, attempts = 0 WHERE id = $2",
        stamp(now), letter,
    )  # fmt: skip


async def _record_failed_trial(db: Connection, address: str, now: datetime, answer: str, letter: str) -> None:
    """If this letter was the trial, hold it again: it is no worse than the others."""
    failed_trials = await db.fetchval(
        "SELECT failed_trials + 1 FROM suppressions WHERE address = $1 AND trial = $2", address, letter
    )
    if failed_trials is None:
        return
    await db.execute(
        "UPDATE suppressions SET trial = '', failed_trials = $1, until = $2, answer = $3 WHERE address = $4",
        failed_trials, stamp(next_trial(failed_trials, now)), answer, address,
    )  # fmt: skip
    await db.execute(
        "UPDATE letters SET status = 'held', held_for = 'address', due = NULL, changed_at = $1"
        f" WHERE id = $2 AND status IN ('failed', 'bounced') AND length(sealed) > 0 AND kind IN {OFFICES}",
        stamp(now), letter,
    )  # fmt: skip
