"""What operators ask of the outbox and do to it. Each function runs inside a transaction."""

from collections.abc import Sequence
from datetime import datetime

from relay.letters import TO_WRITER, Letter
from relay.outbox.listings import Attempt, LetterLine, Query, Suspect
from relay.outbox.policy_blocks import distrust, trust
from relay.outbox.posts import LETTER_COLUMNS, letter_row
from relay.outbox.queue import storable
from relay.outbox.records import OFFICES
from relay.outbox.sql import Connection, Row
from relay.outbox.status import State
from relay.outbox.throttle import Pause, Scope
from relay.outbox.timestamps import moment, stamp

# A constituent's own address is nobody's business here, nor a server's answer that names it.
LINE = (
    f"SELECT id, campaign, kind, chamber, district, CASE WHEN kind IN {TO_WRITER} THEN '' ELSE to_email END,"
    f" CASE WHEN kind IN {TO_WRITER} THEN '' ELSE domain END, state, waits, CASE state WHEN 'queued' THEN due END,"
    f" attempts, changed_at, CASE WHEN kind IN {TO_WRITER} THEN substr(answer, 1, 3) ELSE answer END,"
    " EXISTS (SELECT 1 FROM submissions WHERE submissions.id = letters.submission AND standing = 'denied') FROM letters"
)
# A lost receipt keeps nothing from an office.
UNTOLD = (
    "id IN (SELECT id FROM letters WHERE state IN ('failed', 'bounced') AND NOT told"
    " AND kind NOT IN ('alert', 'receipt') UNION ALL"
    " SELECT letters.id FROM submissions JOIN letters ON letters.submission = submissions.id"
    f" WHERE standing = 'denied' AND state = 'sent' AND NOT told AND kind NOT IN {TO_WRITER})"
    " ORDER BY changed_at, number"
)
# Who had nobody to go to waits until the roster names somebody.
AGAIN = (
    "state = CASE to_email WHEN '' THEN 'held' ELSE 'queued' END, waits = CASE to_email WHEN '' THEN 'roster' ELSE ''"
    " END, due = CASE to_email WHEN '' THEN NULL ELSE CAST($1 AS bigint) END"
)


async def find(db: Connection, query: Query, limit: int) -> list[LetterLine]:
    """As `Administration.find`."""
    where, given = _where(query, first=2)
    rows = await db.fetch(f"{LINE} WHERE {where} ORDER BY changed_at DESC, number DESC LIMIT $1", limit, *given)
    return list(map(_read_line, rows))


async def untold(db: Connection) -> list[LetterLine]:
    """As `Queue.untold`."""
    return list(map(_read_line, await db.fetch(f"{LINE} WHERE {UNTOLD}")))


async def history(db: Connection, letter: str) -> list[Attempt]:
    """As `Administration.history`."""
    rows = await db.fetch(
        f"SELECT at, outcome, CASE WHEN (SELECT kind FROM letters WHERE id = letter) IN {TO_WRITER}"
        " THEN substr(answer, 1, 3) ELSE answer END FROM attempts WHERE letter = $1 ORDER BY claim",
        letter,
    )
    return [Attempt(moment(at), outcome, answer) for at, outcome, answer in rows]


async def retry(db: Connection, query: Query, now: datetime) -> int:
    """As `Administration.retry`. What was erased has nothing to send."""
    at = stamp(now)
    where, given = _where(query, first=1)
    addresses = await db.fetch(
        f"SELECT DISTINCT to_email FROM letters WHERE state = 'held' AND waits = 'address' AND {where}", *given
    )
    again = sum([await trust(db, address, now) for (address,) in addresses])
    where, given = _where(query, first=2)
    again += await db.execute(
        f"UPDATE letters SET {AGAIN}, attempts = 0, refusals = 0, told = false, changed_at = $1"
        f" WHERE state = 'failed' AND body <> '' AND {where}",
        at, *given,
    )  # fmt: skip
    if query.state == "queued":
        again += await db.execute(f"UPDATE letters SET due = $1 WHERE due > $1 AND {where}", at, *given)
    return again


async def cancel(db: Connection, query: Query, now: datetime) -> int:
    """As `Administration.cancel`."""
    where, given = _where(query, first=2)
    cancelled = await db.execute(
        "UPDATE letters SET state = 'cancelled', waits = '', due = NULL, changed_at = $1"
        f" WHERE state IN ('held', 'queued', 'failed') AND {where}",
        stamp(now), *given,
    )  # fmt: skip
    where, given = _where(query, first=1)
    return cancelled + await db.execute(
        f"UPDATE letters SET withdrawn = true WHERE state = 'sending' AND {where}", *given
    )


async def bounce(db: Connection, letter: str, now: datetime, answer: str, *, gone: bool) -> State | None:
    """As `Queue.bounce`."""
    changed = await db.execute(
        "UPDATE letters SET state = 'bounced', changed_at = $1, answer = CASE WHEN body = '' THEN '' ELSE $2 END"
        " WHERE id = $3 AND state = 'sent'",
        stamp(now), storable(answer), letter,
    )  # fmt: skip
    found = await db.fetchrow("SELECT state, kind, to_email FROM letters WHERE id = $1", letter)
    if found is None:
        return None
    state: State = found[0]
    if changed and gone and found[2] and found[1] in OFFICES:
        await distrust(db, found[2], now, answer)
    return state


async def enqueue(db: Connection, alert: Letter, now: datetime, tells: Sequence[str]) -> None:
    """As `Queue.enqueue`."""
    row = letter_row(alert, "queued", stamp(now))
    await db.insert("letters", LETTER_COLUMNS, [row], "ON CONFLICT (id) DO NOTHING")
    await db.executemany("UPDATE letters SET told = true WHERE id = $1", [(letter,) for letter in tells])


async def pause(db: Connection, scope: Scope, name: str, reason: str, now: datetime) -> None:
    """As `Administration.pause`."""
    await db.execute(
        "INSERT INTO pauses VALUES ($1, $2, 'operator', $3, $4, NULL, 0) ON CONFLICT (scope, name) DO UPDATE SET"
        " cause = excluded.cause, reason = excluded.reason, until = NULL, strikes = 0",
        scope, name, reason, stamp(now),
    )  # fmt: skip


async def resume(db: Connection, scope: Scope, name: str) -> bool:
    """As `Administration.resume`."""
    return await db.execute("DELETE FROM pauses WHERE scope = $1 AND name = $2", scope, name) > 0


async def pauses(db: Connection) -> list[Pause]:
    """As `Administration.pauses`."""
    rows = await db.fetch("SELECT scope, name, cause, reason, since, until, strikes FROM pauses")
    found = [
        Pause(scope, name, cause, reason, moment(since), None if until is None else moment(until), strikes)
        for scope, name, cause, reason, since, until, strikes in rows
    ]
    return sorted(found, key=lambda one: (one.since, one.name))


async def suspects(db: Connection) -> list[Suspect]:
    """As `Administration.suspects`."""
    rows = await db.fetch(
        "SELECT address, since, answer, (SELECT count(*) FROM letters WHERE waits = 'address' AND to_email = address)"
        " FROM suspects"
    )
    found = [Suspect(address, moment(since), answer, waiting) for address, since, answer, waiting in rows]
    return sorted(found, key=lambda one: one.address)


def _read_line(row: Row) -> LetterLine:
    """What LINE selects."""
    letter, campaign, kind, chamber, district, to_email, domain, state, waits, due, attempts, at, answer, denied = row
    return LetterLine(
        letter, campaign, kind, chamber, district, to_email, domain, state, waits,
        None if due is None else moment(due), attempts, moment(at), answer, bool(denied),
    )  # fmt: skip


def _where(query: Query, first: int) -> tuple[str, list[str]]:
    """A condition, and what its places stand for, from `first` on. An id begins with the prefix as it is written:
    nothing in it stands for anything else, and case counts."""
    terms = (
        ("substr(id, 1, length({0})) = {0}", query.letter), ("state = {0}", query.state),
        ("campaign = {0}", query.campaign), ("domain = {0}", query.domain),
    )  # fmt: skip
    given = [(term, value) for term, value in terms if value]
    where = " AND ".join(term.format(f"${place}") for place, (term, _) in enumerate(given, first))
    return where or "true", [value for _, value in given]
