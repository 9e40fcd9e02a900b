"""Office addresses that do not exist: letters to them are held until an operator looks. Each function runs in a
transaction."""

from datetime import datetime

from relay.outbox.queue import hold_for_address, storable
from relay.outbox.records import OFFICES
from relay.outbox.sql import Connection
from relay.outbox.status import LetterStatus
from relay.outbox.timestamps import stamp


async def suppress(db: Connection, address: str, now: datetime, answer: str) -> int:
    """As `Queue.suppress`."""
    at = stamp(now)
    row = address, at, storable(answer)
    await db.execute("INSERT INTO suppressions VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", *row)
    return await hold_for_address(db, address, at)


async def unsuppress(db: Connection, address: str, now: datetime) -> int:
    """As `Administration.unsuppress`."""
    await db.execute("DELETE FROM suppressions WHERE address = $1", address)
    return await db.execute(
        "UPDATE letters SET status = 'queued', held_for = '', due = $1, changed_at = $1"
        " WHERE status = 'held' AND held_for = 'address' AND to_email = $2",
        stamp(now), address,
    )  # fmt: skip


async def record_bounce(db: Connection, letter: str, now: datetime, answer: str, *, gone: bool) -> LetterStatus | None:
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
    status: LetterStatus = row[0]
    if changed and gone and row[2] and row[1] in OFFICES:
        await suppress(db, row[2], now, answer)
    return status
