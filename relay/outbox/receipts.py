"""What a receipt link shows. Read-only."""

from collections.abc import Sequence
from dataclasses import replace

from relay.letters import TO_WRITER
from relay.outbox.records import Receipt, ReceiptLetter
from relay.outbox.rows import SUBMISSION_ROW, digest, read_thanks
from relay.outbox.sql import Connection, Row
from relay.outbox.timestamps import moment


async def find_receipt(db: Connection, token: str) -> Receipt | None:
    """As `Intake.receipt`."""
    row = await db.fetchrow("SELECT submission, redacted, created_at FROM receipts WHERE hash = $1", digest(token))
    if not row:
        return None
    return replace(await read_receipt(db, row[0], redacted=bool(row[1])), linked_at=moment(row[2]))


async def read_receipt(db: Connection, submission: str, *, redacted: bool) -> Receipt:
    """One submission and its letters in the order they were written, without mail to the writer. A repeat's letters are
    those that go instead."""
    head = await db.fetchrow(
        "SELECT campaign, language, senate, house, status, accepted_at, erased_at IS NOT NULL,"
        " EXISTS (SELECT 1 FROM participants WHERE submission = submissions.id),"
        " id, sealed, coalesce(repeats, id) FROM submissions WHERE id = $1",
        submission,
    )
    assert head, "a submission's row outlives its links"
    rows = await db.fetch(
        "SELECT kind, chamber, district, to_name, status, changed_at, due, held_for FROM letters"
        f" WHERE submission = $1 AND kind NOT IN {TO_WRITER} ORDER BY number",
        head[-1],
    )
    return _assemble(db, head, rows, redacted=redacted)


def _assemble(db: Connection, head: Row, rows: Sequence[Row], *, redacted: bool) -> Receipt:
    """A receipt from the submission's row and its letters' rows."""
    campaign, language, senate, house, status, accepted_at, erased, public, submission, sealed, _ = head
    hidden = erased or redacted
    person = [""] * 7 if hidden else db.vault.open(SUBMISSION_ROW.format(submission), sealed)
    first_name, last_name, email, _, town, subject, message, *thanks = person
    return Receipt(
        campaign=campaign,
        language=language,
        redacted=redacted,
        erased=bool(erased),
        senate=senate,
        house=house,
        status=status,
        public_name=bool(public) and not redacted,
        first_name=first_name,
        last_name=last_name,
        town=town,
        email=email,
        subject=subject,
        message=message,
        thanks=read_thanks(thanks),
        accepted_at=moment(accepted_at),
        linked_at=moment(accepted_at),
        letters=tuple(
            ReceiptLetter(
                kind=kind,
                chamber=chamber,
                district=district,
                to_name="" if redacted else to_name,
                status=status,
                changed_at=moment(changed_at),
                due=moment(due) if status == "queued" else None,
                held_for=held_for,
            )
            for kind, chamber, district, to_name, status, changed_at, due, held_for in rows
        ),
    )
