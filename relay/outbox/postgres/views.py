"""What people and operators see of the outbox. Only reads."""

from collections.abc import Mapping
from datetime import datetime

from relay.letters import TO_WRITER
from relay.outbox import Figures, Participant, Receipt, State, Waits
from relay.outbox.postgres.writer import Db
from relay.outbox.times import moment, stamp
from relay.outbox.views import DAYS, FATES, HOUSE, LANGUAGES, LETTERS, SENATE, WAITING, add_up, assemble


async def receipt_by_link(db: Db, link: bytes) -> Receipt | None:
    """What the receipt link with this hash shows."""
    found = await db.fetchrow("SELECT submission, redacted FROM receipts WHERE hash = $1", link)
    return await receipt(db, found["submission"], redacted=found["redacted"]) if found else None


async def receipt(db: Db, submission: str, *, redacted: bool) -> Receipt:
    """One submission and its letters in the order they were written; mail to the writer is not one of them."""
    head = await db.fetchrow(
        "SELECT campaign, language, senate, house, standing, accepted_at, erased_at IS NOT NULL,"
        " EXISTS (SELECT 1 FROM participants WHERE submission = submissions.id) FROM submissions WHERE id = $1",
        submission,
    )
    rows = await db.fetch(
        f"{LETTERS} WHERE submission = $1 AND kind NOT IN {TO_WRITER} ORDER BY number",
        submission,
    )
    assert head is not None
    return assemble(tuple(head), [tuple(row) for row in rows], redacted=redacted)


async def count(db: Db, campaign: str) -> int:
    """As `Outbox.count`."""
    return int(await db.fetchval("SELECT coalesce(sum(count), 0) FROM tallies WHERE campaign = $1", campaign))


async def counts(db: Db) -> Mapping[str, int]:
    """As `Outbox.counts`."""
    rows = await db.fetch("SELECT campaign, sum(count)::bigint AS count FROM tallies GROUP BY campaign")
    return {row["campaign"]: row["count"] for row in rows}


async def figures(db: Db, campaign: str) -> Figures:
    """As `Outbox.figures`."""
    asked = (DAYS, SENATE, HOUSE, LANGUAGES, FATES)
    return add_up(*[dict(map(tuple, await db.fetch(query.format("$1"), campaign))) for query in asked])


async def participants(db: Db, campaign: str, before: datetime, limit: int) -> list[Participant]:
    """As `Outbox.participants`."""
    rows = await db.fetch(
        "SELECT name, town, at FROM participants WHERE campaign = $1 AND visible AND at < $2 ORDER BY at DESC LIMIT $3",
        campaign, stamp(before), limit,
    )  # fmt: skip
    return [Participant(row["name"], row["town"], moment(row["at"])) for row in rows]


async def states(db: Db) -> Mapping[State, int]:
    """As `Outbox.states`; states that no letter is in are left out."""
    return {row["state"]: row["count"] for row in await db.fetch("SELECT state, count(*) FROM letters GROUP BY state")}


async def waiting(db: Db) -> Mapping[Waits, int]:
    """As `Outbox.waiting`."""
    return {row["waits"]: row["count"] for row in await db.fetch(WAITING)}
