"""Mail to organizers about letters that failed, bounced or were denied. Each function runs in a transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from relay.letters import TO_WRITER, Letter
from relay.outbox.administration import LETTER_LINE, list_pauses, list_suppressions, read_line
from relay.outbox.listings import LetterLine, Member, Suppression
from relay.outbox.members import report_member
from relay.outbox.rows import LETTER_COLUMNS, letter_row
from relay.outbox.sql import Connection
from relay.outbox.throttle import Pause
from relay.outbox.timestamps import stamp

DAY: Final = timedelta(days=1)
# A lost receipt or a lost link keeps nothing from an office.
UNREPORTED: Final = (
    "id IN (SELECT id FROM letters WHERE status IN ('failed', 'bounced') AND NOT reported"
    " AND kind NOT IN ('alert', 'forward', 'receipt', 'erasure') UNION ALL"
    " SELECT letters.id FROM submissions JOIN letters ON letters.submission = submissions.id"
    " WHERE submissions.status = 'denied' AND letters.status = 'sent' AND NOT letters.reported"
    f" AND letters.kind NOT IN {TO_WRITER}) ORDER BY changed_at, number"
)


async def unreported(db: Connection) -> list[LetterLine]:
    """As `Queue.unreported`."""
    return [read_line(row) for row in await db.fetch(f"{LETTER_LINE} WHERE {UNREPORTED}")]


async def unreported_pauses(db: Connection) -> list[Pause]:
    """As `Queue.unreported_pauses`."""
    rows = await db.fetch("SELECT scope, name FROM pauses WHERE NOT reported")
    unreported = set(map(tuple, rows))
    return [pause for pause in await list_pauses(db) if (pause.scope, pause.name) in unreported]


async def unreported_suppressions(db: Connection) -> list[Suppression]:
    """As `Queue.unreported_suppressions`."""
    names = {address for (address,) in await db.fetch("SELECT address FROM suppressions WHERE NOT reported")}
    return [suppression for suppression in await list_suppressions(db) if suppression.address in names]


async def enqueue(
    db: Connection,
    alert: Letter,
    now: datetime,
    reports: Sequence[str],
    about: Pause | Suppression | Member | None = None,
) -> None:
    """As `Queue.enqueue`."""
    row = letter_row(alert, db.vault, "queued", stamp(now))
    await db.insert("letters", LETTER_COLUMNS, [row], "ON CONFLICT (id) DO NOTHING")
    await db.executemany("UPDATE letters SET reported = true WHERE id = $1", [(letter,) for letter in reports])
    if isinstance(about, Pause):
        await db.execute("UPDATE pauses SET reported = true WHERE scope = $1 AND name = $2", about.scope, about.name)
    elif isinstance(about, Member):
        await report_member(db, about)
    elif about:
        await db.execute("UPDATE suppressions SET reported = true WHERE address = $1", about.address)


async def forward(db: Connection, mail: Letter, now: datetime, per_letter: int, per_campaign: int) -> bool:
    """As `Queue.forward`."""
    if await db.fetchval("SELECT 1 FROM letters WHERE id = $1", mail.id):
        return True
    lately = "SELECT count(*) FROM letters WHERE kind = 'forward' AND campaign = $1 AND changed_at > $2"
    since = stamp(now - DAY)
    of_letter = await db.fetchval(f"{lately} AND district = $3", mail.campaign, since, mail.district)
    if of_letter >= per_letter or await db.fetchval(lately, mail.campaign, since) >= per_campaign:
        return False
    await enqueue(db, mail, now, ())
    return True
