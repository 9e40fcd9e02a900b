"""When servers refuse us for policy, or an office's address is gone: what is put off, paused and held.

One refusal may be about the letter; IN_A_ROW letters refused with none accepted between are about us, and go on being
refused until somebody lifts the block. So the domain is paused and its letters keep their chances.
"""

from datetime import datetime

from relay.errors import StaleClaim
from relay.outbox.queue import DAY, PACING, domain_of, hold_for_address, record_attempt, storable
from relay.outbox.records import Claim
from relay.outbox.sql import Connection
from relay.outbox.status import State
from relay.outbox.throttle import GIVE_UP, IN_A_ROW, REFUSALS, Pause, ask_again, next_probe
from relay.outbox.timestamps import moment, stamp


async def refuse(db: Connection, claim: Claim, now: datetime, answer: str) -> Pause | None:
    """As `Queue.refuse`."""
    await db.lock(PACING)  # a pause begins once, whoever sees the refusals
    found = await db.fetchrow(
        "SELECT refusals, transport FROM letters WHERE id = $1 AND state = 'sending' AND claim = $2",
        claim.letter.id, int(claim.token),
    )  # fmt: skip
    if not found:
        raise StaleClaim(f"letter {claim.letter.id} was taken over: this refusal is not recorded")
    refusals, transport = found[0] + 1, found[1]
    answer = storable(answer)
    domain = domain_of(claim.letter.to_email)
    await record_attempt(db, claim, "policy", answer)
    accepted = await db.fetchval(
        "SELECT max(at) FROM attempts WHERE transport = $1 AND domain = $2 AND outcome = 'sent'", transport, domain
    )
    begun = await _pause(db, transport, domain, accepted, now, answer)
    first = await db.fetchval(  # the attempts may be forgotten while a letter is on its way
        "SELECT coalesce(min(at), $1) FROM attempts WHERE letter = $2 AND outcome = 'policy'",
        stamp(now), claim.letter.id,
    )  # fmt: skip
    paused = await db.fetchval("SELECT 1 FROM pauses WHERE scope = 'domain' AND name = $1", domain)
    others_went = accepted is not None and accepted > first
    over = not paused and ((refusals >= REFUSALS and others_went) or now - moment(first) > GIVE_UP)
    state: State = "failed" if over else "queued"
    due = None if over else stamp(now if paused else ask_again(refusals, now))
    await db.execute(
        "UPDATE letters SET state = CASE WHEN withdrawn AND $1 = 'queued' THEN 'cancelled' ELSE $1 END,"
        " due = CASE WHEN withdrawn THEN NULL ELSE CAST($2 AS bigint) END, refusals = $3, attempts = attempts - 1,"
        " changed_at = $4, answer = CASE WHEN body = '' THEN '' ELSE $5 END WHERE id = $6",
        state, due, refusals, stamp(now), answer, claim.letter.id,
    )  # fmt: skip
    return begun


async def _pause(
    db: Connection, transport: str, domain: str, accepted: int | None, now: datetime, answer: str
) -> Pause | None:
    """Pause the domain, or pause it longer if this was the letter that tried. The pause, if it is new."""
    at = stamp(now)
    old = await db.fetchrow("SELECT cause, until, strikes FROM pauses WHERE scope = 'domain' AND name = $1", domain)
    if old:
        cause, until, strikes = old
        if cause == "policy" and until <= at:
            await db.execute(
                "UPDATE pauses SET until = $1, strikes = $2, reason = $3 WHERE scope = 'domain' AND name = $4",
                stamp(next_probe(strikes + 1, now)), strikes + 1, answer, domain,
            )  # fmt: skip
        return None
    refused = await db.fetchval(
        "SELECT count(DISTINCT letter) FROM attempts WHERE transport = $1 AND domain = $2 AND outcome = 'policy'"
        " AND at >= $3 AND at > $4",
        transport, domain, accepted or 0, stamp(now - DAY),
    )  # fmt: skip
    if refused < IN_A_ROW:
        return None
    begun = Pause("domain", domain, "policy", answer, now, next_probe(0, now), 0)
    await db.execute(
        "INSERT INTO pauses VALUES ('domain', $1, 'policy', $2, $3, $4, 0)",
        domain, answer, at, stamp(next_probe(0, now)),
    )  # fmt: skip
    await db.execute(  # they were put off one by one, before it was known that it is not their fault
        "UPDATE letters SET due = $1 WHERE state = 'queued' AND transport = $2 AND domain = $3 AND refusals > 0",
        at, transport, domain,
    )  # fmt: skip
    return begun


async def distrust(db: Connection, address: str, now: datetime, answer: str) -> int:
    """As `Queue.distrust`."""
    at = stamp(now)
    row = address, at, storable(answer)
    await db.execute("INSERT INTO suspects VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", *row)
    return await hold_for_address(db, address, at)


async def trust(db: Connection, address: str, now: datetime) -> int:
    """As `Administration.trust`."""
    await db.execute("DELETE FROM suspects WHERE address = $1", address)
    return await db.execute(
        "UPDATE letters SET state = 'queued', waits = '', due = $1, changed_at = $1"
        " WHERE state = 'held' AND waits = 'address' AND to_email = $2",
        stamp(now), address,
    )  # fmt: skip
