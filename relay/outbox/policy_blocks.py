"""When a server refuses our mail for policy: letters are put off, and the domain is paused.

One refusal may be about the letter. BLOCKS_BEFORE_PAUSE letters refused, with none accepted in between, are about us,
and every further letter would be refused until somebody lifts the block. So the domain is paused, and its letters lose
no attempt.
"""

from datetime import datetime
from typing import Final

from relay.errors import StaleClaim
from relay.outbox.queue import DAY, THROTTLE_LOCK, record_attempt, storable
from relay.outbox.records import Claim
from relay.outbox.retry_schedule import GIVE_UP, next_probe, retry_after_block
from relay.outbox.sql import Connection
from relay.outbox.status import LetterStatus
from relay.outbox.throttle import Pause
from relay.outbox.timestamps import moment, stamp

BLOCKS_BEFORE_PAUSE: Final = 3  # different letters
MAX_BLOCKS_PER_LETTER: Final = 3  # while others got through: it is the letter, not us


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
            await db.execute(
                "UPDATE pauses SET until = $1, failed_probes = $2, reason = $3 WHERE scope = 'domain' AND name = $4",
                stamp(next_probe(failed_probes + 1, now)), failed_probes + 1, answer, domain,
            )  # fmt: skip
        return None
    refused = await db.fetchval(
        "SELECT count(DISTINCT letter) FROM attempts WHERE transport = $1 AND domain = $2 AND outcome = 'policy'"
        " AND at >= $3 AND at > $4",
        transport, domain, last_sent or 0, stamp(now - DAY),
    )  # fmt: skip
    if refused < BLOCKS_BEFORE_PAUSE:
        return None
    pause = Pause("domain", domain, "policy", answer, now, next_probe(0, now), 0)
    await db.execute(
        "INSERT INTO pauses VALUES ('domain', $1, 'policy', $2, $3, $4, 0)",
        domain, answer, at, stamp(next_probe(0, now)),
    )  # fmt: skip
    await db.execute(  # these were put off one by one, before it was clear that they are not to blame
        "UPDATE letters SET due = $1 WHERE status = 'queued' AND transport = $2 AND domain = $3 AND policy_blocks > 0",
        at, transport, domain,
    )  # fmt: skip
    return pause
