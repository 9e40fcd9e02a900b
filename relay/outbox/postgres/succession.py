"""Letters whose addressee may have left office: held for a newer roster, then addressed to whoever it names. Each
function runs inside the writer's transaction."""

from collections.abc import Sequence
from datetime import datetime

from relay.letters import TO_WRITER
from relay.outbox import Holder, Seat, Written
from relay.outbox.delivery import HELD_FOR_ROSTER, domain_of
from relay.outbox.postgres.forgetting import count
from relay.outbox.postgres.writer import Db
from relay.outbox.succession import SEATS, UNADDRESSED, UNHELD, UNSENT, WAITING, Waiting, share_out, until_of
from relay.outbox.times import stamp


async def seats_waiting(db: Db) -> list[Seat]:
    """As `Outbox.seats_waiting`."""
    return [Seat(*tuple(row)) for row in await db.fetch(SEATS)]


async def seats_written(db: Db, now: datetime) -> list[Written]:
    """As `Outbox.seats_written`."""
    rows = await db.fetch(
        "SELECT DISTINCT campaign, chamber, district, to_email, coalesce(known_until <= $1, false) FROM letters"
        f" WHERE {UNSENT}",
        stamp(now),
    )
    return [Written(Seat(*seat), address, over) for *seat, address, over in map(tuple, rows)]


async def await_roster(db: Db, written: Written, now: datetime) -> int:
    """As `Outbox.await_roster`."""
    here = f"{UNSENT} AND campaign = $1 AND chamber = $2 AND district = $3 AND to_email = $4"
    place = written.seat.campaign, written.seat.chamber, written.seat.district, written.address
    unsure = count(await db.execute(f"UPDATE letters SET {UNADDRESSED} AND greeting <> '' AND {here}", *place))
    return unsure + count(await db.execute(
        f"UPDATE letters SET {HELD_FOR_ROSTER}, changed_at = $5 WHERE {here} AND waits <> 'confirmation'",
        *place, stamp(now),
    ))  # fmt: skip


async def address(db: Db, seat: Seat, holders: Sequence[Holder], now: datetime) -> int:
    """As `Outbox.address`. Of two relays that learn it at once, the second waits and then finds nothing to do."""
    at = stamp(now)
    here = "waits = 'roster' AND state = 'held' AND campaign = $1 AND chamber = $2 AND district = $3"
    place = seat.campaign, seat.chamber, seat.district
    rows = await db.fetch(f"{WAITING} {here} ORDER BY number FOR UPDATE", *place)
    waiting = [Waiting(*tuple(row)) for row in rows]
    had: dict[str, set[str]] = {}
    for row in await db.fetch(
        "SELECT submission, lower(to_email) AS other FROM letters WHERE submission = ANY($1::text[])"
        f" AND waits <> 'roster' AND kind NOT IN {TO_WRITER}",
        [letter.submission for letter in waiting],
    ):
        had.setdefault(row["submission"], set()).add(row["other"])
    steps = share_out(waiting, had, holders)
    await db.executemany(
        "UPDATE letters SET to_name = $1, to_email = $2, domain = $3, greeting = $4, known_until = $5::bigint,"
        " state = $6, waits = '', due = $7::bigint, changed_at = $8, refusals = 0,"
        " attempts = CASE WHEN lower(to_email) = lower($2) THEN attempts ELSE 0 END WHERE id = $9",
        [
            (
                one.name, one.email, domain_of(one.email), one.greeting, until_of(one), step.state,
                at if step.state == "queued" else None, at, step.letter,
            )
            for step in steps if (one := step.holder)
        ],
    )  # fmt: skip
    await db.executemany(
        "UPDATE letters SET state = 'failed', waits = '', changed_at = $1, answer = $2,"
        " to_name = CASE WHEN $3::boolean THEN '' ELSE to_name END,"
        " to_email = CASE WHEN $3::boolean THEN '' ELSE to_email END,"
        " domain = CASE WHEN $3::boolean THEN '' ELSE domain END, greeting = '',"
        " known_until = CASE WHEN $3::boolean THEN NULL ELSE known_until END WHERE id = $4",
        [(at, step.answer, step.answer == UNHELD, step.letter) for step in steps if step.holder is None],
    )  # fmt: skip
    return len(steps)
