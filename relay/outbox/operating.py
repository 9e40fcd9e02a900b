"""What operators ask of the outbox and do to it. Each function runs inside a transaction."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from relay.letters import TO_WRITER, Letter
from relay.outbox import OFFICES, Attempt, LetterLine, Pause, Query, Scope, State, Suspect
from relay.outbox.accepting import LETTERS, insert
from relay.outbox.posts import letter_row
from relay.outbox.refusing import distrust, trust
from relay.outbox.times import moment, stamp

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
    f" WHERE standing = 'denied' AND state = 'sent' AND NOT told AND kind NOT IN {TO_WRITER}) ORDER BY changed_at"
)
# Who had nobody to go to waits until the roster names somebody.
AGAIN = (
    "state = CASE to_email WHEN '' THEN 'held' ELSE 'queued' END, waits = CASE to_email WHEN '' THEN 'roster' ELSE ''"
    " END, due = CASE to_email WHEN '' THEN NULL ELSE {} END"
)


def find(db: sqlite3.Connection, query: Query, limit: int) -> list[LetterLine]:
    """As `Outbox.find`."""
    where, given = _where(query)
    return _lines(db, f"{where} ORDER BY changed_at DESC, number DESC LIMIT ?", (*given, limit))


def untold(db: sqlite3.Connection) -> list[LetterLine]:
    """As `Outbox.untold`."""
    return _lines(db, UNTOLD, ())


def history(db: sqlite3.Connection, letter: str) -> list[Attempt]:
    """As `Outbox.history`."""
    rows = db.execute(
        f"SELECT at, outcome, CASE WHEN (SELECT kind FROM letters WHERE id = letter) IN {TO_WRITER}"
        " THEN substr(answer, 1, 3) ELSE answer END FROM attempts WHERE letter = ? ORDER BY claim",
        (letter,),
    )
    return [Attempt(moment(at), outcome, answer) for at, outcome, answer in rows]


def retry(db: sqlite3.Connection, query: Query, now: datetime) -> int:
    """As `Outbox.retry`. What was erased has nothing to send."""
    where, given = _where(query)
    at = stamp(now)
    addresses = db.execute(
        f"SELECT DISTINCT to_email FROM letters WHERE state = 'held' AND waits = 'address' AND {where}",
        given,
    ).fetchall()
    trusted = sum(trust(db, address, now) for (address,) in addresses)
    failed = db.execute(
        f"UPDATE letters SET {AGAIN.format('?')}, attempts = 0, refusals = 0, told = 0, changed_at = ?"
        f" WHERE state = 'failed' AND body <> '' AND {where}",
        (at, at, *given),
    ).rowcount
    if query.state != "queued":
        return trusted + failed
    sooner = f"UPDATE letters SET due = ? WHERE due > ? AND {where}"
    return trusted + failed + db.execute(sooner, (at, at, *given)).rowcount


def cancel(db: sqlite3.Connection, query: Query, now: datetime) -> int:
    """As `Outbox.cancel`."""
    where, given = _where(query)
    cancelled = db.execute(
        "UPDATE letters SET state = 'cancelled', waits = '', due = NULL, changed_at = ?"
        f" WHERE state IN ('held', 'queued', 'failed') AND {where}",
        (stamp(now), *given),
    ).rowcount
    under_way = f"UPDATE letters SET withdrawn = 1 WHERE state = 'sending' AND {where}"
    return cancelled + db.execute(under_way, given).rowcount


def bounce(db: sqlite3.Connection, letter: str, now: datetime, answer: str, *, gone: bool) -> State | None:
    """As `Outbox.bounce`."""
    changed = db.execute(
        "UPDATE letters SET state = 'bounced', changed_at = ?, answer = CASE WHEN body = '' THEN '' ELSE ? END"
        " WHERE id = ? AND state = 'sent'",
        (stamp(now), answer, letter),
    ).rowcount
    found = db.execute("SELECT state, kind, to_email FROM letters WHERE id = ?", (letter,)).fetchone()
    if found is None:
        return None
    state: State = found[0]
    if changed and gone and found[2] and found[1] in OFFICES:
        distrust(db, found[2], now, answer)
    return state


def enqueue(db: sqlite3.Connection, alert: Letter, now: datetime, tells: list[str]) -> None:
    """As `Outbox.enqueue`."""
    insert(db, LETTERS, [letter_row(alert, "queued", stamp(now))], "ON CONFLICT DO NOTHING")
    db.executemany("UPDATE letters SET told = 1 WHERE id = ?", [(letter,) for letter in tells])


def pause(db: sqlite3.Connection, scope: Scope, name: str, reason: str, now: datetime) -> None:
    """As `Outbox.pause`."""
    db.execute(
        "INSERT INTO pauses VALUES (?, ?, 'operator', ?, ?, NULL, 0) ON CONFLICT (scope, name) DO UPDATE SET"
        " cause = excluded.cause, reason = excluded.reason, until = NULL, strikes = 0",
        (scope, name, reason, stamp(now)),
    )


def resume(db: sqlite3.Connection, scope: Scope, name: str) -> bool:
    """As `Outbox.resume`."""
    return db.execute("DELETE FROM pauses WHERE scope = ? AND name = ?", (scope, name)).rowcount > 0


def pauses(db: sqlite3.Connection) -> list[Pause]:
    """As `Outbox.pauses`."""
    rows = db.execute("SELECT scope, name, cause, reason, since, until, strikes FROM pauses ORDER BY since, name")
    return [
        Pause(scope, name, cause, reason, moment(since), None if until is None else moment(until), strikes)
        for scope, name, cause, reason, since, until, strikes in rows
    ]


def suspects(db: sqlite3.Connection) -> list[Suspect]:
    """As `Outbox.suspects`."""
    rows = db.execute(
        "SELECT address, since, answer, (SELECT count(*) FROM letters WHERE waits = 'address' AND to_email = address)"
        " FROM suspects ORDER BY address"
    )
    return [Suspect(address, moment(since), answer, waiting) for address, since, answer, waiting in rows]


def waiting_since(db: sqlite3.Connection) -> datetime | None:
    """As `Outbox.waiting_since`."""
    (since,) = db.execute(
        "SELECT min(coalesce((SELECT min(at) FROM attempts WHERE letter = letters.id), due))"
        " FROM letters WHERE state IN ('queued', 'sending')"
    ).fetchone()
    return None if since is None else moment(since)


def suspend_erasing(db: sqlite3.Connection, reason: str) -> None:
    """As `Outbox.suspend_erasing`."""
    db.execute("DELETE FROM facts WHERE name = 'hold'")
    if reason:
        db.execute("INSERT INTO facts VALUES ('hold', ?)", (reason,))


def erasing_suspended(db: sqlite3.Connection) -> str:
    """As `Outbox.erasing_suspended`."""
    found = db.execute("SELECT value FROM facts WHERE name = 'hold'").fetchone()
    return str(found[0]) if found else ""


def _lines(db: sqlite3.Connection, where: str, given: tuple[str | int, ...]) -> list[LetterLine]:
    rows = db.execute(f"{LINE} WHERE {where}", given).fetchall()
    return [read_line(row) for row in rows]


def read_line(row: Sequence[Any]) -> LetterLine:
    """What LINE selects."""
    letter, campaign, kind, chamber, district, to_email, domain, state, waits, due, attempts, at, answer, denied = row
    return LetterLine(
        letter, campaign, kind, chamber, district, to_email, domain, state, waits,
        None if due is None else moment(due), attempts, moment(at), answer, bool(denied),
    )  # fmt: skip


def _where(query: Query) -> tuple[str, tuple[str, ...]]:
    terms = {
        "id LIKE ? || '%'": query.letter, "state = ?": query.state,
        "campaign = ?": query.campaign, "domain = ?": query.domain,
    }  # fmt: skip
    given = {term: value for term, value in terms.items() if value}
    return " AND ".join(given) or "TRUE", tuple(given.values())
