"""Erase everything of one mailbox, whatever became of its receipts. Each function runs in a transaction."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from relay.letters import TO_WRITER, Letter
from relay.outbox.admission import mail_ceilings, take_turn
from relay.outbox.consent import erase_writing
from relay.outbox.intake import INTAKE_LOCK
from relay.outbox.rows import LETTER_COLUMNS, letter_row
from relay.outbox.slots import DAY, read_slots, take_slots
from relay.outbox.sql import Connection
from relay.outbox.timestamps import moment, stamp

# From a submission's id, its campaign, and when it may go, the mail with the link, whose time begins then.
WriteMail: TypeAlias = Callable[[str, str, datetime], Letter]
# Of a mailbox whose key is $1: letters and their writers, and names that outlive them.
KEPT: Final = (
    "FROM submissions WHERE mailbox_key = $1 AND length(mailbox_key) > 0 AND (erased_at IS NULL"
    " OR EXISTS (SELECT 1 FROM participants WHERE participants.submission = submissions.id))"
)


@dataclass(frozen=True, slots=True)
class Erasure:
    """What became of one campaign's letters from a mailbox."""

    campaign: str
    cancelled: int  # letters that had not gone
    gone: int  # letters that cannot be called back, and those being sent


async def offer_erasure(db: Connection, mailbox_key: bytes, write_mail: WriteMail, now: datetime) -> bool:
    """As `Intake.offer_erasure`."""
    await db.lock(INTAKE_LOCK)
    # Something is always written: else the next answer on the same connection would come sooner if nobody wrote.
    await db.execute(
        "INSERT INTO metadata VALUES ('noise', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        secrets.token_hex(8),
    )
    newest = await db.fetchrow(
        f"SELECT id, campaign, folded_key {KEPT} ORDER BY accepted_at DESC, id DESC LIMIT 1", mailbox_key
    )
    if newest is None or await _may_not_be_written_to(db, mailbox_key, newest[2], now):
        return False
    submission, campaign, folded = newest
    confirmed = await db.fetchval(
        "SELECT 1 FROM submissions WHERE status = 'confirmed' AND folded_key = $1 LIMIT 1", folded
    )
    mail = write_mail(submission, campaign, now)
    slots = await read_slots(db, mail_ceilings(mail, folded, db.vault))
    due = take_turn(slots, mail, folded, db.vault, stamp(now), confirmed=bool(confirmed))
    mail = write_mail(submission, campaign, moment(due))
    await take_slots(db, slots)
    await db.insert("letters", LETTER_COLUMNS, [letter_row(mail, db.vault, "queued", stamp(now), due)])
    return True


async def erase_mailbox(db: Connection, mailbox_key: bytes, now: datetime) -> list[Erasure]:
    """As `Intake.erase_mailbox`."""
    counts = await db.fetch(
        "SELECT campaign, sum(CASE WHEN status IN ('held', 'queued') THEN 1 ELSE 0 END),"
        " sum(CASE WHEN status IN ('sending', 'sent', 'bounced') THEN 1 ELSE 0 END) FROM letters"
        f" WHERE kind NOT IN {TO_WRITER} AND submission IN (SELECT id {KEPT}) GROUP BY campaign ORDER BY campaign",
        mailbox_key,
    )
    # The oldest first: its letters may become those of a later, identical one.
    for (submission,) in await db.fetch(f"SELECT id {KEPT} ORDER BY accepted_at, id", mailbox_key):
        await erase_writing(db, submission, now)
    return [Erasure(campaign, int(cancelled), int(gone)) for campaign, cancelled, gone in counts]


async def _may_not_be_written_to(db: Connection, mailbox_key: bytes, folded: bytes, now: datetime) -> bool:
    """Who never wants mail gets none, and everybody else at most one such mail a day, whoever types the address."""
    if await db.fetchval("SELECT 1 FROM opt_outs WHERE folded_key = $1", folded):
        return True
    recent = await db.fetchval(
        "SELECT 1 FROM letters WHERE kind = 'erasure' AND (status IN ('queued', 'sending') OR changed_at > $2)"
        " AND submission IN (SELECT id FROM submissions WHERE mailbox_key = $1) LIMIT 1",
        mailbox_key, stamp(now - DAY),
    )  # fmt: skip
    return bool(recent)
