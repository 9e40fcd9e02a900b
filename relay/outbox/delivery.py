"""What the worker does to the outbox: claim, settle, ask when. Each function runs inside the writer's transaction."""

import sqlite3
from dataclasses import fields
from datetime import datetime, timedelta

from relay.errors import StaleClaim
from relay.letters import Letter
from relay.outbox import TRANSITIONS, Claim, State
from relay.outbox.times import moment, stamp

COLUMNS = ", ".join(field.name for field in fields(Letter))


def claim(db: sqlite3.Connection, transport: str, now: datetime, lease: timedelta, limit: int) -> list[Claim]:
    """As `Outbox.claim`; a letter whose lease ran out counts as queued since then."""
    at = stamp(now)
    db.execute(
        "UPDATE letters SET state = 'cancelled', due = NULL, changed_at = ?"
        " WHERE state = 'sending' AND withdrawn AND transport = ? AND due <= ?",
        (at, transport, at),
    )
    rows = db.execute(
        f"SELECT {COLUMNS}, claim, attempts FROM letters WHERE state IN ('queued', 'sending')"  # noqa: S608
        " AND transport = ? AND due <= ? ORDER BY due, number LIMIT ?",
        (transport, at, limit),
    ).fetchall()
    db.executemany(
        "UPDATE letters SET state = 'sending', claim = claim + 1, attempts = attempts + 1, due = ?, changed_at = ?"
        " WHERE id = ?",
        [(stamp(now + lease), at, row[0]) for row in rows],
    )
    return [Claim(letter=Letter(*row[:-2]), token=str(row[-2] + 1), attempts=row[-1] + 1) for row in rows]


def settle(
    db: sqlite3.Connection, claim: Claim, state: State, now: datetime, due: datetime | None, answer: str
) -> None:
    """As `Outbox.settle`. `queued` needs `due`; one taken back meanwhile is cancelled instead."""
    if state not in TRANSITIONS["sending"] or (due is None) == (state == "queued"):
        raise ValueError(f"a letter on its way cannot become {state} with due={due}")
    changed = db.execute(
        "UPDATE letters SET state = CASE WHEN :state = 'queued' AND withdrawn THEN 'cancelled' ELSE :state END,"
        " due = CASE WHEN withdrawn THEN NULL ELSE :due END, changed_at = :now,"
        " answer = CASE WHEN body = '' THEN '' ELSE :answer END"
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


def next_due(db: sqlite3.Connection, transport: str) -> datetime | None:
    """As `Outbox.next_due`."""
    due = db.execute(
        "SELECT min(due) FROM letters WHERE state IN ('queued', 'sending') AND transport = ?", (transport,)
    ).fetchone()[0]
    return None if due is None else moment(due)
