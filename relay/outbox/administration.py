"""What operators see and do. Each function runs in a transaction."""

from datetime import datetime
from typing import Final

from relay.letters import TO_WRITER
from relay.outbox.listings import Attempt, LetterFilter, LetterLine, Suppression
from relay.outbox.sql import Connection, Row
from relay.outbox.suppressions import unsuppress
from relay.outbox.throttle import Cause, Pause, Scope
from relay.outbox.timestamps import moment, stamp

# Never a constituent's own address, nor a server's answer that quotes it.
LETTER_LINE: Final = (
    f"SELECT id, campaign, kind, chamber, district, CASE WHEN kind IN {TO_WRITER} THEN '' ELSE to_email END,"
    f" CASE WHEN kind IN {TO_WRITER} THEN '' ELSE domain END, status, held_for, CASE status WHEN 'queued' THEN due END,"
    f" attempts, changed_at, CASE WHEN kind IN {TO_WRITER} THEN substr(answer, 1, 3) ELSE answer END,"
    " EXISTS (SELECT 1 FROM submissions WHERE submissions.id = letters.submission AND submissions.status = 'denied')"
    " FROM letters"
)
# A letter without an address is held until the roster names somebody.
RETRY: Final = (
    "status = CASE to_email WHEN '' THEN 'held' ELSE 'queued' END,"
    " held_for = CASE to_email WHEN '' THEN 'roster' ELSE '' END,"
    " due = CASE to_email WHEN '' THEN NULL ELSE CAST($1 AS bigint) END"
)

# What `retry` is about: the addresses of these are trusted again.
TRIED: Final = (
    "((status = 'held' AND held_for = 'address') OR (status IN ('failed', 'bounced') AND length(sealed) > 0))"
)
# Whoever wrote the identical letter again after theirs failed took over its repeat_key: it is not sent twice.
NOT_WRITTEN_AGAIN: Final = (
    "NOT EXISTS (SELECT 1 FROM submissions WHERE submissions.id = letters.submission"
    " AND submissions.status IN ('accepted', 'confirmed') AND repeats IS NULL"
    " AND repeat_key = convert_to(submissions.id, 'UTF8') AND mailbox_key <> convert_to('', 'UTF8'))"
)


async def list_letters(db: Connection, chosen: LetterFilter, limit: int) -> list[LetterLine]:
    """As `Administration.list_letters`."""
    where, given = _where(chosen, first=2)
    rows = await db.fetch(f"{LETTER_LINE} WHERE {where} ORDER BY changed_at DESC, number DESC LIMIT $1", limit, *given)
    return list(map(read_line, rows))


async def list_attempts(db: Connection, letter: str) -> list[Attempt]:
    """As `Administration.list_attempts`."""
    rows = await db.fetch(
        f"SELECT at, outcome, CASE WHEN (SELECT kind FROM letters WHERE id = letter) IN {TO_WRITER}"
        " THEN substr(answer, 1, 3) ELSE answer END FROM attempts WHERE letter = $1 ORDER BY claim",
        letter,
    )
    return [Attempt(moment(at), outcome, answer) for at, outcome, answer in rows]


async def retry(db: Connection, chosen: LetterFilter, now: datetime) -> int:
    """As `Administration.retry`. Erased letters have nothing to send."""
    at = stamp(now)
    where, given = _where(chosen, first=1)
    addresses = await db.fetch(
        f"SELECT address FROM suppressions WHERE address IN (SELECT to_email FROM letters WHERE {TRIED} AND {where})",
        *given,
    )
    again = sum([await unsuppress(db, address, now) for (address,) in addresses])
    where, given = _where(chosen, first=2)
    again += await db.execute(
        f"UPDATE letters SET {RETRY}, attempts = 0, policy_blocks = 0, reported = false, changed_at = $1"
        f" WHERE status IN ('failed', 'bounced') AND length(sealed) > 0 AND {NOT_WRITTEN_AGAIN} AND {where}",
        at, *given,
    )  # fmt: skip
    if chosen.status == "queued":
        again += await db.execute(f"UPDATE letters SET due = $1 WHERE due > $1 AND {where}", at, *given)
    return again


async def cancel(db: Connection, chosen: LetterFilter, now: datetime) -> int:
    """As `Administration.cancel`."""
    where, given = _where(chosen, first=2)
    cancelled = await db.execute(
        "UPDATE letters SET status = 'cancelled', held_for = '', due = NULL, changed_at = $1"
        f" WHERE status IN ('held', 'queued', 'failed') AND {where}",
        stamp(now), *given,
    )  # fmt: skip
    where, given = _where(chosen, first=1)
    return cancelled + await db.execute(
        f"UPDATE letters SET withdrawn = true WHERE status = 'sending' AND {where}", *given
    )


async def pause(db: Connection, scope: Scope, name: str, reason: str, now: datetime, cause: Cause = "operator") -> None:
    """As `Administration.pause`."""
    await db.execute(
        "INSERT INTO pauses (scope, name, cause, reason, since) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (scope, name) DO UPDATE SET"
        " cause = excluded.cause, reason = excluded.reason, until = NULL, failed_probes = 0, trial = ''"
        " WHERE excluded.cause = 'operator'",
        scope, name, cause, reason, stamp(now),
    )  # fmt: skip


async def resume(db: Connection, scope: Scope, name: str, cause: Cause | None = None) -> bool:
    """As `Administration.resume`."""
    whose, given = (" AND cause = $3", [cause]) if cause else ("", [])
    return await db.execute(f"DELETE FROM pauses WHERE scope = $1 AND name = $2{whose}", scope, name, *given) > 0


async def list_pauses(db: Connection) -> list[Pause]:
    """As `Administration.pauses`."""
    rows = await db.fetch("SELECT scope, name, cause, reason, since, until, failed_probes FROM pauses")
    pauses = [
        Pause(scope, name, cause, reason, moment(since), None if until is None else moment(until), failed_probes)
        for scope, name, cause, reason, since, until, failed_probes in rows
    ]
    return sorted(pauses, key=lambda pause: (pause.since, pause.name))


async def list_suppressions(db: Connection) -> list[Suppression]:
    """As `Administration.suppressions`."""
    rows = await db.fetch(
        "SELECT address, since, answer,"
        " (SELECT count(*) FROM letters WHERE held_for = 'address' AND to_email = address), until, failed_trials, trial"
        " FROM suppressions"
    )
    suppressions = [
        Suppression(address, moment(since), answer, waiting, moment(until), failed_trials, trial)
        for address, since, answer, waiting, until, failed_trials, trial in rows
    ]
    return sorted(suppressions, key=lambda suppression: suppression.address)


def read_line(row: Row) -> LetterLine:
    """What LETTER_LINE selects."""
    letter, campaign, kind, chamber, district, to_email, domain, status, held_for, due, attempts, at, answer, denied = (
        row
    )
    return LetterLine(
        letter, campaign, kind, chamber, district, to_email, domain, status, held_for,
        None if due is None else moment(due), attempts, moment(at), answer, bool(denied),
    )  # fmt: skip


def _where(chosen: LetterFilter, first: int) -> tuple[str, list[str]]:
    """A condition, and the values of its placeholders, which start at `first`. The prefix of an id is compared
    literally and case-sensitively, on both stores."""
    terms = (
        ("substr(id, 1, length({0})) = {0}", chosen.letter), ("status = {0}", chosen.status),
        ("campaign = {0}", chosen.campaign), ("domain = {0}", chosen.domain),
    )  # fmt: skip
    given = [(term, value) for term, value in terms if value]
    where = " AND ".join(term.format(f"${place}") for place, (term, _) in enumerate(given, first))
    return where or "true", [value for _, value in given]
