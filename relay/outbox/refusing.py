"""When servers refuse us for policy, or an office's address is gone: what is put off, paused and held.

One refusal may be about the letter; IN_A_ROW letters refused with none accepted between are about us, and go on being
refused until somebody lifts the block. So the domain is paused and its letters keep their chances.
"""

import sqlite3
from datetime import datetime, timedelta

from relay.errors import StaleClaim
from relay.outbox import Claim, Pause, State
from relay.outbox.delivery import domain_of, hold_for_address, record_attempt
from relay.outbox.pacing import GIVE_UP, IN_A_ROW, REFUSALS, ask_again, next_probe
from relay.outbox.times import moment, stamp

DAY = timedelta(days=1)


def refuse(db: sqlite3.Connection, claim: Claim, now: datetime, answer: str) -> Pause | None:
    """As `Outbox.refuse`."""
    found = db.execute(
        "SELECT refusals, transport FROM letters WHERE id = ? AND state = 'sending' AND claim = ?",
        (claim.letter.id, int(claim.token)),
    ).fetchone()
    if not found:
        raise StaleClaim(f"letter {claim.letter.id} was taken over: this refusal is not recorded")
    refusals, transport = found[0] + 1, found[1]
    domain = domain_of(claim.letter.to_email)
    record_attempt(db, claim, "policy", answer)
    accepted = db.execute(
        "SELECT max(at) FROM attempts WHERE transport = ? AND domain = ? AND outcome = 'sent'", (transport, domain)
    ).fetchone()[0]
    begun = _pause(db, transport, domain, accepted, now, answer)
    first = db.execute(  # the attempts may be forgotten while a letter is on its way
        "SELECT coalesce(min(at), ?) FROM attempts WHERE letter = ? AND outcome = 'policy'",
        (stamp(now), claim.letter.id),
    ).fetchone()[0]
    paused = db.execute("SELECT 1 FROM pauses WHERE scope = 'domain' AND name = ?", (domain,)).fetchone()
    others_went = accepted is not None and accepted > first
    over = not paused and ((refusals >= REFUSALS and others_went) or now - moment(first) > GIVE_UP)
    state: State = "failed" if over else "queued"
    due = None if over else stamp(now if paused else ask_again(refusals, now))
    db.execute(
        "UPDATE letters SET state = CASE WHEN withdrawn AND :state = 'queued' THEN 'cancelled' ELSE :state END,"
        " due = CASE WHEN withdrawn THEN NULL ELSE :due END, refusals = :refusals, attempts = attempts - 1,"
        " changed_at = :now, answer = CASE WHEN body = '' THEN '' ELSE :answer END WHERE id = :id",
        {"state": state, "due": due, "refusals": refusals, "now": stamp(now), "answer": answer, "id": claim.letter.id},
    )
    return begun


def _pause(
    db: sqlite3.Connection, transport: str, domain: str, accepted: int | None, now: datetime, answer: str
) -> Pause | None:
    """Pause the domain, or pause it longer if this was the letter that tried. The pause, if it is new."""
    at = stamp(now)
    old = db.execute(
        "SELECT cause, until, strikes FROM pauses WHERE scope = 'domain' AND name = ?", (domain,)
    ).fetchone()
    if old:
        cause, until, strikes = old
        if cause == "policy" and until <= at:
            db.execute(
                "UPDATE pauses SET until = ?, strikes = ?, reason = ? WHERE scope = 'domain' AND name = ?",
                (stamp(next_probe(strikes + 1, now)), strikes + 1, answer, domain),
            )
        return None
    refused = db.execute(
        "SELECT count(DISTINCT letter) FROM attempts WHERE transport = ? AND domain = ? AND outcome = 'policy'"
        " AND at >= ? AND at > ?",
        (transport, domain, accepted or 0, stamp(now - DAY)),
    ).fetchone()[0]
    if refused < IN_A_ROW:
        return None
    until = next_probe(0, now)
    db.execute("INSERT INTO pauses VALUES ('domain', ?, 'policy', ?, ?, ?, 0)", (domain, answer, at, stamp(until)))
    db.execute(  # they were put off one by one, before it was known that it is not their fault
        "UPDATE letters SET due = ? WHERE state = 'queued' AND transport = ? AND domain = ? AND refusals > 0",
        (at, transport, domain),
    )
    return Pause("domain", domain, "policy", answer, now, until, 0)


def distrust(db: sqlite3.Connection, address: str, now: datetime, answer: str) -> int:
    """As `Outbox.distrust`."""
    at = stamp(now)
    db.execute("INSERT INTO suspects VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (address, at, answer))
    return hold_for_address(db, address, at)


def trust(db: sqlite3.Connection, address: str, now: datetime) -> int:
    """As `Outbox.trust`."""
    at = stamp(now)
    db.execute("DELETE FROM suspects WHERE address = ?", (address,))
    return db.execute(
        "UPDATE letters SET state = 'queued', waits = '', due = ?, changed_at = ?"
        " WHERE state = 'held' AND waits = 'address' AND to_email = ?",
        (at, at, address),
    ).rowcount
