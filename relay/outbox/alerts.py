"""Mail to organizers about letters that failed, bounced or were denied. Each function runs in a transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from relay.letters import TO_WRITER, Letter
from relay.outbox.administration import LETTER_LINE, read_line
from relay.outbox.listings import LetterLine
from relay.outbox.rows import LETTER_COLUMNS, letter_row
from relay.outbox.sql import Connection
from relay.outbox.timestamps import stamp

# A lost receipt or a lost link keeps nothing from an office.
UNREPORTED: Final = (
    "id IN (SELECT id FROM letters WHERE status IN ('failed', 'bounced') AND NOT reported"
    " AND kind NOT IN ('alert', 'receipt', 'erasure') UNION ALL"
    " SELECT letters.id FROM submissions JOIN letters ON letters.submission = submissions.id"
    " WHERE submissions.status = 'denied' AND letters.status = 'sent' AND NOT letters.reported"
    f" AND letters.kind NOT IN {TO_WRITER}) ORDER BY changed_at, number"
)


async def unreported(db: Connection) -> list[LetterLine]:
    """As `Queue.unreported`."""
    return [read_line(row) for row in await db.fetch(f"{LETTER_LINE} WHERE {UNREPORTED}")]


async def enqueue(db: Connection, alert: Letter, now: datetime, reports: Sequence[str]) -> None:
    """As `Queue.enqueue`."""
    row = letter_row(alert, db.vault, "queued", stamp(now))
    await db.insert("letters", LETTER_COLUMNS, [row], "ON CONFLICT (id) DO NOTHING")
    await db.executemany("UPDATE letters SET reported = true WHERE id = $1", [(letter,) for letter in reports])
