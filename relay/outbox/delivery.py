"""What the worker does to the outbox: claim, settle, ask when. Each function runs inside the writer's transaction."""

import sqlite3
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, timedelta

from relay.errors import StaleClaim
from relay.letters import TO_WRITER, Letter, greet
from relay.outbox import OFFICES, TRANSITIONS, Claim, Pace, State
from relay.outbox.pacing import ANY_TIME
from relay.outbox.times import moment, stamp

TEXTS = [field.name for field in fields(Letter) if field.name != "known_until"]
COLUMNS = ", ".join(f"coalesce({name}, '')" for name in TEXTS)
# Somebody else may hold the office by now: asked in the transaction that claims, so nothing goes a moment too late.
OVER = f"kind IN {OFFICES} AND coalesce(known_until <= {{}}, FALSE)"
HELD_FOR_ROSTER = "state = 'held', waits = 'roster', due = NULL"
DAY = timedelta(days=1)


def claim(
    db: sqlite3.Connection, transport: str, now: datetime, lease: timedelta, limit: int, pace: Pace
) -> list[Claim]:
    """As `Outbox.claim`; a letter whose lease ran out counts as queued since then."""
    at = stamp(now)
    db.execute(
        "UPDATE letters SET state = 'cancelled', due = NULL, changed_at = ?"
        " WHERE state = 'sending' AND withdrawn AND transport = ? AND due <= ?",
        (at, transport, at),
    )
    limit = min(limit, _left_today(db, transport, now, pace, limit))
    rows: list[tuple[int, int, tuple[str, ...], int, int]] = []
    for domain in list(_domains(db, transport)) if limit > 0 else []:
        allowed = _allowed(db, transport, domain, now, pace, limit)
        if allowed > 0:
            rows += _due(db, transport, domain, at, allowed, offices=pace.is_open(now))
    rows.sort(key=lambda row: row[:2])
    claims = [Claim(greet(Letter(*letter)), str(token + 1), tries + 1) for _, _, letter, token, tries in rows[:limit]]  # type: ignore[arg-type]
    db.executemany(
        "UPDATE letters SET state = 'sending', claim = claim + 1, attempts = attempts + 1, due = ?, changed_at = ?"
        " WHERE id = ?",
        [(stamp(now + lease), at, one.letter.id) for one in claims],
    )
    db.executemany(
        "INSERT INTO attempts (letter, claim, domain, transport, at) VALUES (?, ?, ?, ?, ?)",
        [(one.letter.id, int(one.token), domain_of(one.letter.to_email), transport, at) for one in claims],
    )
    return claims


def domain_of(address: str) -> str:
    """What is paced and paused."""
    return address.rpartition("@")[2].lower()


def _domains(db: sqlite3.Connection, transport: str) -> Iterator[str]:
    """Those with letters that wait, by leaps through the index: there may be many letters and few domains."""
    last = ""
    while True:
        found = db.execute(
            "SELECT domain FROM letters WHERE state IN ('queued', 'sending') AND transport = ? AND domain > ?"
            " ORDER BY transport, domain LIMIT 1",
            (transport, last),
        ).fetchone()
        if found is None:
            return
        last = found[0]
        yield last


def _left_today(db: sqlite3.Connection, transport: str, now: datetime, pace: Pace, limit: int) -> int:
    first = db.execute("SELECT value FROM facts WHERE name = 'first_sent'").fetchone()
    most = pace.today(moment(int(first[0])) if first else None, now)
    if most is None:
        return limit
    used = db.execute(
        "SELECT count(*) FROM attempts WHERE transport = ? AND at > ? AND at <= ?",
        (transport, stamp(now - DAY), stamp(now)),
    ).fetchone()[0]
    return most - int(used)


def _allowed(db: sqlite3.Connection, transport: str, domain: str, now: datetime, pace: Pace, limit: int) -> int:
    """How many letters to a domain may go now."""
    pause = db.execute("SELECT until FROM pauses WHERE scope = 'domain' AND name = ?", (domain,)).fetchone()
    if pause:
        trying = db.execute(
            "SELECT 1 FROM letters WHERE state = 'sending' AND transport = ? AND domain = ? AND due > ? LIMIT 1",
            (transport, domain, stamp(now)),
        ).fetchone()
        return 1 if pause[0] is not None and pause[0] <= stamp(now) and not trying else 0
    rate = pace.rate(domain)
    if rate is None:
        return limit
    used = db.execute(
        "SELECT count(*) FROM attempts WHERE transport = ? AND domain = ? AND at > ? AND at <= ?",
        (transport, domain, stamp(now - rate.per), stamp(now)),
    ).fetchone()[0]
    return min(limit, rate.count - int(used))


def _due(
    db: sqlite3.Connection, transport: str, domain: str, at: int, limit: int, *, offices: bool
) -> list[tuple[int, int, tuple[str, ...], int, int]]:
    """Letters to one domain that may go: due, number, letter, claim and attempts so far, oldest first."""
    kinds = "" if offices else f" AND kind IN {ANY_TIME}"
    for (address,) in db.execute("SELECT address FROM suspects").fetchall():
        if domain_of(address) == domain:
            hold_for_address(db, address, at)
    while True:
        rows = db.execute(
            f"SELECT due, number, {COLUMNS}, claim, attempts, {OVER.format('?')} FROM letters"
            " WHERE state IN ('queued', 'sending')"
            f" AND transport = ? AND domain = ? AND due <= ?{kinds}"
            " AND campaign NOT IN (SELECT name FROM pauses WHERE scope = 'campaign') ORDER BY due, number LIMIT ?",
            (at, transport, domain, at, limit),
        ).fetchall()
        over = [(at, row[1]) for row in rows if row[-1]]
        if not over:
            return [(row[0], row[1], row[2:-3], row[-3], row[-2]) for row in rows]
        db.executemany(f"UPDATE letters SET {HELD_FOR_ROSTER}, changed_at = ? WHERE number = ?", over)


def hold_for_address(db: sqlite3.Connection, address: str, at: int) -> int:
    """Letters to an office whose address is not trusted wait for somebody to look; how many."""
    return db.execute(
        "UPDATE letters SET state = 'held', waits = 'address', due = NULL, changed_at = ?"
        f" WHERE state = 'queued' AND to_email = ? AND kind NOT IN {ANY_TIME}",
        (at, address),
    ).rowcount


def settle(
    db: sqlite3.Connection, claim: Claim, state: State, now: datetime, due: datetime | None, answer: str
) -> None:
    """As `Outbox.settle`. `queued` needs `due`; one taken back meanwhile is cancelled instead. Mail to a writer holds
    links that open the letters, so its text goes as soon as it is sent."""
    if state not in TRANSITIONS["sending"] or (due is None) == (state == "queued"):
        raise ValueError(f"a letter on its way cannot become {state} with due={due}")
    changed = db.execute(
        "UPDATE letters SET state = CASE WHEN :state = 'queued' AND withdrawn THEN 'cancelled' ELSE :state END,"
        " due = CASE WHEN withdrawn THEN NULL ELSE :due END, changed_at = :now,"
        " answer = CASE WHEN body = '' THEN '' ELSE :answer END,"
        f" body = CASE WHEN :state = 'sent' AND kind IN {TO_WRITER} THEN '' ELSE body END"
        " WHERE id = :id AND state = 'sending' AND claim = :claim",
        {
            "state": state,
            "due": None if due is None else stamp(due),
            "now": stamp(now),
            "answer": answer,
            "id": claim.letter.id,
            "claim": int(claim.token),
        },
    ).rowcount
    if not changed:
        raise StaleClaim(f"letter {claim.letter.id} was taken over: this outcome ({state}) is not recorded")
    record_attempt(db, claim, state, answer)
    if state == "sent":
        domain = domain_of(claim.letter.to_email)
        db.execute("DELETE FROM pauses WHERE scope = 'domain' AND name = ? AND cause = 'policy'", (domain,))
        db.execute("INSERT INTO facts VALUES ('first_sent', ?) ON CONFLICT DO NOTHING", (str(stamp(now)),))


def record_attempt(db: sqlite3.Connection, claim: Claim, outcome: str, answer: str) -> None:
    """What became of an attempt. The words go with the person they may name."""
    db.execute(
        "UPDATE attempts SET outcome = ?, answer = CASE WHEN domain = '' THEN '' ELSE ? END"
        " WHERE letter = ? AND claim = ?",
        (outcome, answer, claim.letter.id, int(claim.token)),
    )


def next_due(db: sqlite3.Connection, transport: str) -> datetime | None:
    """As `Outbox.next_due`."""
    dues = [
        db.execute(
            "SELECT due FROM letters WHERE state IN ('queued', 'sending') AND transport = ? AND domain = ?"
            " ORDER BY due LIMIT 1",
            (transport, domain),
        ).fetchone()[0]
        for domain in _domains(db, transport)
    ]
    return moment(min(dues)) if dues else None
