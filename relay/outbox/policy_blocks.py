"""When a server refuses our mail for policy: letters are put off, and the domain is paused.

One refusal may be about the letter. BLOCKS_BEFORE_PAUSE letters refused, with none accepted in between, are about us,
and every further letter would be refused until somebody lifts the block. So the domain is paused, and its letters lose
no attempt.
"""

from datetime import datetime, timedelta
from typing import Final

from relay.errors import StaleClaim
from relay.outbox.queue import DAY, THROTTLE_LOCK, record_attempt
from relay.outbox.records import Claim
from relay.outbox.retry_schedule import GIVE_UP, next_probe, retry_after_block
from relay.outbox.rows import storable
from relay.outbox.sql import Connection
from relay.outbox.status import LetterStatus
from relay.outbox.throttle import Pause
from relay.outbox.timestamps import moment, stamp

BLOCKS_BEFORE_PAUSE: Final = 3  # different letters
REPORTED_WITHIN: Final = timedelta(hours=1)  # most of what is refused after all comes back within minutes
MAX_BLOCKS_PER_LETTER: Final = 3  # while others got through: it is the letter, not us

EXTEND: Final = (
    "UPDATE pauses SET until = $1, failed_probes = $2, reason = $3, trial = '' WHERE scope = 'domain' AND name = $4"
)


async def record_policy_block(db: Connection, claim: Claim, now: datetime, answer: str) -> Pause | None:
    """As `Queue.record_policy_block`."""
    await db.lock(THROTTLE_LOCK)  # a pause begins once, whichever worker sees the refusals
    row = await db.fetchrow(
        "SELECT policy_blocks, transport FROM letters WHERE id = $1 AND status = 'sending' AND claim = $2",
        claim.letter.id, int(claim.token),
    )  # fmt: skip
    if not row:
        raise StaleClaim(f"letter {claim.letter.id} was taken over: this refusal is not recorded")
    blocks, transport = row[0] + 1, row[1]
    answer = storable(answer)
    domain = claim.domain
    await record_attempt(db, claim, "policy", answer)
    last_sent = await db.fetchval(
        "SELECT max(at) FROM attempts WHERE transport = $1 AND domain = $2 AND outcome = 'sent'", transport, domain
    )
    new_pause = await _pause(db, transport, domain, last_sent, now, answer)
    first_block = await db.fetchval(  # the attempts may have been erased while the letter was on its way
        "SELECT coalesce(min(at), $1) FROM attempts WHERE letter = $2 AND outcome = 'policy'",
        stamp(now), claim.letter.id,
    )  # fmt: skip
    paused = await db.fetchval("SELECT 1 FROM pauses WHERE scope = 'domain' AND name = $1", domain)
    others_went = last_sent is not None and last_sent > first_block
    give_up = not paused and ((blocks >= MAX_BLOCKS_PER_LETTER and others_went) or now - moment(first_block) > GIVE_UP)
    status: LetterStatus = "failed" if give_up else "queued"
    due = None if give_up else stamp(now if paused else retry_after_block(blocks, now))
    await db.execute(
        "UPDATE letters SET status = CASE WHEN withdrawn AND $1 = 'queued' THEN 'cancelled' ELSE $1 END,"
        " due = CASE WHEN withdrawn THEN NULL ELSE CAST($2 AS bigint) END, policy_blocks = $3, attempts = attempts - 1,"
        " changed_at = $4, answer = CASE length(sealed) WHEN 0 THEN '' ELSE $5 END WHERE id = $6",
        status, due, blocks, stamp(now), answer, claim.letter.id,
    )  # fmt: skip
    return new_pause


async def _pause(
    db: Connection, transport: str, domain: str, last_sent: int | None, now: datetime, answer: str
) -> Pause | None:
    """Pause the domain, or extend its pause if this letter was the probe. Returns the pause if it is new."""
    at = stamp(now)
    old = await db.fetchrow(
        "SELECT cause, until, failed_probes FROM pauses WHERE scope = 'domain' AND name = $1", domain
    )
    if old:
        cause, until, failed_probes = old
        if cause == "policy" and until <= at:
            await db.execute(EXTEND, stamp(next_probe(failed_probes + 1, now)), failed_probes + 1, answer, domain)
        return None
    refused = await db.fetchval(
        "SELECT count(DISTINCT letter) FROM attempts WHERE transport = $1 AND domain = $2 AND outcome = 'policy'"
        " AND at >= $3 AND at > $4",
        transport, domain, last_sent or 0, stamp(now - DAY),
    )  # fmt: skip
    if refused < BLOCKS_BEFORE_PAUSE:
        return None
    return await _begin(db, transport, domain, now, answer, by_report=False)


async def record_policy_bounce(db: Connection, letter: str, now: datetime, answer: str) -> None:
    """A letter came back for policy after it was accepted: pause its domain, if BLOCKS_BEFORE_PAUSE letters did so
    within a day and none that went after the first of them stayed away for REPORTED_WITHIN.

    Who accepts first and objects later accepts the probe, too. So such a pause ends only if the probe does not come
    back (`relay.outbox.queue.settle`).
    """
    await db.lock(THROTTLE_LOCK)
    transport, domain = await db.fetchrow("SELECT transport, domain FROM letters WHERE id = $1", letter) or ("", "")
    if not domain:
        return
    answer = storable(answer)
    await db.execute(
        "UPDATE attempts SET outcome = 'policy', answer = $1"
        " WHERE letter = $2 AND claim = (SELECT max(claim) FROM attempts WHERE letter = $2)",
        answer, letter,
    )  # fmt: skip
    pause = await db.fetchrow(
        "SELECT cause, trial, failed_probes FROM pauses WHERE scope = 'domain' AND name = $1", domain
    )
    if pause:
        cause, trial, failed_probes = pause
        if cause == "policy" and trial == letter:
            await db.execute(EXTEND, stamp(next_probe(failed_probes + 1, now)), failed_probes + 1, answer, domain)
        return
    row = await db.fetchrow(
        "SELECT count(DISTINCT letter), min(attempts.at) FROM attempts JOIN letters ON letters.id = attempts.letter"
        " WHERE letters.status = 'bounced' AND letters.transport = $1 AND letters.domain = $2"
        " AND letters.changed_at > $3 AND attempts.outcome = 'policy'",
        transport, domain, stamp(now - DAY),
    )  # fmt: skip
    refused, first = row or (0, 0)
    if refused < BLOCKS_BEFORE_PAUSE:
        return
    arrived = await db.fetchval(
        "SELECT 1 FROM attempts WHERE transport = $1 AND domain = $2 AND outcome = 'sent' AND at > $3 AND at <= $4"
        " LIMIT 1",
        transport, domain, first, stamp(now - REPORTED_WITHIN),
    )  # fmt: skip
    if not arrived:
        await _begin(db, transport, domain, now, answer, by_report=True)


async def _begin(db: Connection, transport: str, domain: str, now: datetime, answer: str, *, by_report: bool) -> Pause:
    at = stamp(now)
    pause = Pause("domain", domain, "policy", answer, now, next_probe(0, now), 0)
    await db.execute(
        "INSERT INTO pauses (scope, name, cause, reason, since, until, by_report)"
        " VALUES ('domain', $1, 'policy', $2, $3, $4, $5)",
        domain, answer, at, stamp(next_probe(0, now)), by_report,
    )  # fmt: skip
    await db.execute(  # these were put off one by one, before it was clear that they are not to blame
        "UPDATE letters SET due = $1 WHERE status = 'queued' AND transport = $2 AND domain = $3 AND policy_blocks > 0",
        at, transport, domain,
    )  # fmt: skip
    return pause
