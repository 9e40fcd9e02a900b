"""Letters that came back after they were sent. Each function runs in a transaction."""

from datetime import datetime

from relay.letters import TO_WRITER
from relay.outbox.policy_blocks import record_policy_bounce
from relay.outbox.records import OFFICES, Recipient
from relay.outbox.rows import storable
from relay.outbox.sql import Connection
from relay.outbox.status import LetterStatus
from relay.outbox.suppressions import suppress
from relay.outbox.timestamps import stamp


async def find_recipient(db: Connection, letter: str) -> Recipient | None:
    """As `Queue.find_recipient`."""
    row = await db.fetchrow("SELECT campaign, kind, to_email FROM letters WHERE id = $1", letter)
    if row is None:
        return None
    campaign, kind, address = row
    return Recipient(campaign, kind, "" if kind in TO_WRITER else address)


async def record_bounce(
    db: Connection, letter: str, now: datetime, answer: str, *, gone: bool, about_us: bool = False
) -> LetterStatus | None:
    """As `Queue.record_bounce`."""
    changed = await db.execute(
        "UPDATE letters SET status = 'bounced', changed_at = $1,"
        " answer = CASE length(sealed) WHEN 0 THEN '' ELSE $2 END"
        " WHERE id = $3 AND status = 'sent'",
        stamp(now), storable(answer), letter,
    )  # fmt: skip
    row = await db.fetchrow("SELECT status, kind, to_email FROM letters WHERE id = $1", letter)
    if row is None:
        return None
    status, kind, address = row
    if changed and gone and address and kind in OFFICES:
        await suppress(db, address, now, answer, letter)
        status = await db.fetchval("SELECT status FROM letters WHERE id = $1", letter)
    if changed and about_us:
        await record_policy_bounce(db, letter, now, answer)
    known: LetterStatus = status
    return known
