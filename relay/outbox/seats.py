"""Letters whose addressee may have left office: they are held for a newer roster, and then addressed to whoever it
names. Each function runs inside a transaction.

A letter keeps `[Legislator]` in its text until it goes (`relay.letters.greet`), so another holder is greeted by their
own name, and no word of the writer's changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from relay.letters import TO_WRITER
from relay.outbox.listings import Holder, Seat, Written
from relay.outbox.queue import HELD_FOR_ROSTER, domain_of
from relay.outbox.records import OFFICES
from relay.outbox.sql import Connection
from relay.outbox.status import State
from relay.outbox.timestamps import stamp

UNHELD: Final = "the seat is vacant, or its holder has no e-mail address"
UNGREETED: Final = "it greets somebody who has left office, by name"

# What has not gone, and has an office's address.
UNSENT: Final = f"kind IN {OFFICES} AND to_email <> '' AND (state = 'queued' OR (state = 'held' AND waits <> 'roster'))"
# One that waits for its writer's yes goes on doing so; without an address it then waits for the roster (`confirm`).
UNADDRESSED: Final = (
    "to_name = '', to_email = '', domain = '', greeting = '', known_until = NULL WHERE waits = 'confirmation'"
)
# Of an earlier release: greeted when it was written.
WAITING: Final = "SELECT id, submission, to_email, greeting = '' AND to_email <> '' FROM letters WHERE"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter that waits at a seat. address: where it was to go; "" if that was never known. greeted: its text greets
    that addressee by name."""

    id: str
    submission: str
    address: str
    greeted: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of a waiting letter. holder: who gets it; None: nobody, and `answer` says why."""

    letter: str
    state: State
    holder: Holder | None
    answer: str = ""


def share_out(waiting: Iterable[Waiting], had: Mapping[str, AbstractSet[str]], holders: Sequence[Holder]) -> list[Step]:
    """Each holder gets one of everybody's letters, at best the one that was theirs before, and none where they have one
    already: a letter too many is then cancelled. What is left fails. had: by submission, where its other letters go.
    """
    by_submission: dict[str, list[Waiting]] = {}
    for letter in waiting:
        by_submission.setdefault(letter.submission, []).append(letter)
    return [
        step
        for submission, letters in by_submission.items()
        for step in _share_out(letters, had.get(submission, frozenset()), holders)
    ]


def _share_out(letters: list[Waiting], had: AbstractSet[str], holders: Sequence[Holder]) -> list[Step]:
    steps: list[Step] = []
    by_address = {letter.address.lower(): letter for letter in reversed(letters)}
    served = [one for one in holders if one.email.lower() in had]
    new = [one for one in holders if one not in served]
    for one in sorted(new, key=lambda one: one.email.lower() not in by_address):
        letter = by_address.get(one.email.lower()) or (letters[0] if letters else None)
        if letter is None:
            break
        letters.remove(letter)
        by_address = {address: other for address, other in by_address.items() if other is not letter}
        if letter.greeted and letter.address.lower() != one.email.lower():
            steps.append(Step(letter.id, "failed", None, UNGREETED))
        else:
            steps.append(Step(letter.id, "queued", one))
    spare = len(letters)
    steps += [Step(letter.id, "cancelled", one) for letter, one in zip(letters, served, strict=False)]
    return steps + [Step(letter.id, "failed", None, UNHELD) for letter in letters[min(spare, len(served)) :]]


async def seats_waiting(db: Connection) -> list[Seat]:
    """As `Seats.seats_waiting`."""
    rows = await db.fetch(
        "SELECT DISTINCT campaign, chamber, district FROM letters WHERE waits = 'roster' AND state = 'held'"
    )
    return [Seat(*row) for row in rows]


async def seats_written(db: Connection, now: datetime) -> list[Written]:
    """As `Seats.seats_written`."""
    rows = await db.fetch(
        "SELECT DISTINCT campaign, chamber, district, to_email, coalesce(known_until <= $1, false) FROM letters"
        f" WHERE {UNSENT}",
        stamp(now),
    )
    return [Written(Seat(*seat), address, bool(over)) for *seat, address, over in rows]


async def await_roster(db: Connection, written: Written, now: datetime) -> int:
    """As `Seats.await_roster`."""
    here = f"{UNSENT} AND campaign = $1 AND chamber = $2 AND district = $3 AND to_email = $4"
    place = written.seat.campaign, written.seat.chamber, written.seat.district, written.address
    unsure = await db.execute(f"UPDATE letters SET {UNADDRESSED} AND greeting <> '' AND {here}", *place)
    return unsure + await db.execute(
        f"UPDATE letters SET {HELD_FOR_ROSTER}, changed_at = $5 WHERE {here} AND waits <> 'confirmation'",
        *place, stamp(now),
    )  # fmt: skip


async def address(db: Connection, seat: Seat, holders: Sequence[Holder], now: datetime) -> int:
    """As `Seats.address`. Of two relays that learn it at once, the second waits and then finds nothing to do."""
    at = stamp(now)
    here = "waits = 'roster' AND state = 'held' AND campaign = $1 AND chamber = $2 AND district = $3"
    place = seat.campaign, seat.chamber, seat.district
    waiting = [
        Waiting(letter, submission, to, bool(greeted))
        for letter, submission, to, greeted in await db.fetch(f"{WAITING} {here} ORDER BY number FOR UPDATE", *place)
    ]
    had: dict[str, set[str]] = {}
    for submission, other in await db.fetch(
        "SELECT submission, to_email FROM letters"
        f" WHERE submission IN (SELECT submission FROM letters WHERE {here})"
        f" AND waits <> 'roster' AND kind NOT IN {TO_WRITER}",
        *place,
    ):
        had.setdefault(submission, set()).add(other.lower())
    steps = share_out(waiting, had, holders)
    await db.executemany(
        "UPDATE letters SET to_name = $1, to_email = $2, domain = $3, greeting = $4, known_until = $5, state = $6,"
        " waits = '', due = $7, changed_at = $8, refusals = 0,"
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
        " to_name = CASE WHEN $3 THEN '' ELSE to_name END, to_email = CASE WHEN $3 THEN '' ELSE to_email END,"
        " domain = CASE WHEN $3 THEN '' ELSE domain END, greeting = '',"
        " known_until = CASE WHEN $3 THEN NULL ELSE known_until END WHERE id = $4",
        [(at, step.answer, step.answer == UNHELD, step.letter) for step in steps if step.holder is None],
    )  # fmt: skip
    return len(steps)


def until_of(holder: Holder) -> int | None:
    return None if holder.known_until is None else stamp(holder.known_until)
