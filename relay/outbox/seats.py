"""Letters whose addressee may have left office: held for a newer roster, then assigned to whoever it names.

Each function runs in a transaction. A letter keeps `[Legislator]` in its text until it is sent
(`relay.letters.greet`), so a successor is greeted by name and none of the writer's words change.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from relay.letters import TO_WRITER
from relay.outbox.listings import CampaignSeat, Holder, PendingRecipient
from relay.outbox.queue import HELD_FOR_ROSTER
from relay.outbox.records import OFFICES
from relay.outbox.rows import domain_of
from relay.outbox.sql import Connection
from relay.outbox.status import LetterStatus
from relay.outbox.timestamps import stamp

NO_HOLDER: Final = "the seat is vacant, or its holder has no e-mail address"
WRONG_GREETING: Final = "it thanks or greets somebody by name who has left office"

# What has not gone, and has an office's address.
UNSENT: Final = (
    f"kind IN {OFFICES} AND to_email <> '' AND (status = 'queued' OR (status = 'held' AND held_for <> 'roster'))"
)
# Letters held for confirmation stay so; without an address, confirming then holds them for the roster.
UNADDRESSED: Final = (
    "to_name = '', to_email = '', domain = '', greeting = '', known_until = NULL WHERE held_for = 'confirmation'"
)
# Letters of thanks are greeted when they are written, and so were all of an earlier release.
WAITING: Final = "SELECT id, submission, to_email, greeting = '' AND to_email <> '' FROM letters WHERE"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter held for the roster."""

    id: str
    submission: str
    address: str  # where it was to go; "" if that was never known
    greeted: bool  # its text greets that addressee by name


@dataclass(frozen=True, slots=True)
class Assignment:
    """What becomes of a waiting letter."""

    letter: str
    status: LetterStatus
    holder: Holder | None  # None: nobody gets it, and `answer` says why
    answer: str = ""


def share_out(
    waiting: Iterable[Waiting], had: Mapping[str, AbstractSet[str]], holders: Sequence[Holder]
) -> list[Assignment]:
    """Each holder gets one letter from each writer, preferably the one that was theirs before, and none if they have
    one already: a surplus letter is then cancelled. Any other letter fails.

    had: by submission, the addresses of its other letters.
    """
    by_submission: dict[str, list[Waiting]] = {}
    for letter in waiting:
        by_submission.setdefault(letter.submission, []).append(letter)
    return [
        assignment
        for submission, letters in by_submission.items()
        for assignment in _share_out(letters, had.get(submission, frozenset()), holders)
    ]


def _share_out(letters: list[Waiting], had: AbstractSet[str], holders: Sequence[Holder]) -> list[Assignment]:
    assignments: list[Assignment] = []
    by_address = {letter.address.lower(): letter for letter in reversed(letters)}
    served = [holder for holder in holders if holder.email.lower() in had]
    unserved = [holder for holder in holders if holder not in served]
    for holder in sorted(unserved, key=lambda holder: holder.email.lower() not in by_address):
        letter = by_address.get(holder.email.lower()) or (letters[0] if letters else None)
        if letter is None:
            break
        letters.remove(letter)
        by_address = {address: other for address, other in by_address.items() if other is not letter}
        if letter.greeted and letter.address.lower() != holder.email.lower():
            assignments.append(Assignment(letter.id, "failed", None, WRONG_GREETING))
        else:
            assignments.append(Assignment(letter.id, "queued", holder))
    surplus = len(letters)
    assignments += [Assignment(letter.id, "cancelled", holder) for letter, holder in zip(letters, served, strict=False)]
    return assignments + [
        Assignment(letter.id, "failed", None, NO_HOLDER) for letter in letters[min(surplus, len(served)) :]
    ]


async def seats_awaiting_roster(db: Connection) -> list[CampaignSeat]:
    """As `Seats.seats_awaiting_roster`."""
    rows = await db.fetch(
        "SELECT DISTINCT campaign, chamber, district FROM letters WHERE held_for = 'roster' AND status = 'held'"
    )
    return [CampaignSeat(*row) for row in rows]


async def pending_recipients(db: Connection, now: datetime) -> list[PendingRecipient]:
    """As `Seats.pending_recipients`."""
    rows = await db.fetch(
        "SELECT DISTINCT campaign, chamber, district, to_email, coalesce(known_until <= $1, false) FROM letters"
        f" WHERE {UNSENT}",
        stamp(now),
    )
    return [PendingRecipient(CampaignSeat(*seat), address, bool(outdated)) for *seat, address, outdated in rows]


async def hold_for_roster(db: Connection, pending: PendingRecipient, now: datetime) -> int:
    """As `Seats.hold_for_roster`."""
    here = f"{UNSENT} AND campaign = $1 AND chamber = $2 AND district = $3 AND to_email = $4"
    place = pending.seat.campaign, pending.seat.chamber, pending.seat.district, pending.address
    unconfirmed = await db.execute(f"UPDATE letters SET {UNADDRESSED} AND greeting <> '' AND {here}", *place)
    return unconfirmed + await db.execute(
        f"UPDATE letters SET {HELD_FOR_ROSTER}, changed_at = $5 WHERE {here} AND held_for <> 'confirmation'",
        *place, stamp(now),
    )  # fmt: skip


async def assign(db: Connection, seat: CampaignSeat, holders: Sequence[Holder], now: datetime) -> int:
    """As `Seats.assign`. If two relays learn it at once, the second waits and then finds nothing to do."""
    at = stamp(now)
    here = "held_for = 'roster' AND status = 'held' AND campaign = $1 AND chamber = $2 AND district = $3"
    place = seat.campaign, seat.chamber, seat.district
    waiting = [
        Waiting(letter, submission, to, bool(greeted))
        for letter, submission, to, greeted in await db.fetch(f"{WAITING} {here} ORDER BY number FOR UPDATE", *place)
    ]
    had: dict[str, set[str]] = {}
    for submission, other in await db.fetch(
        "SELECT submission, to_email FROM letters"
        f" WHERE submission IN (SELECT submission FROM letters WHERE {here})"
        f" AND held_for <> 'roster' AND kind NOT IN {TO_WRITER}",
        *place,
    ):
        had.setdefault(submission, set()).add(other.lower())
    assignments = share_out(waiting, had, holders)
    await db.executemany(
        "UPDATE letters SET to_name = $1, to_email = $2, domain = $3, greeting = $4, known_until = $5, status = $6,"
        " held_for = '', due = $7, changed_at = $8, policy_blocks = 0,"
        " attempts = CASE WHEN lower(to_email) = lower($2) THEN attempts ELSE 0 END WHERE id = $9",
        [
            (
                holder.name, holder.email, domain_of("legislator", holder.email, db.vault), holder.greeting,
                until_of(holder), assignment.status, at if assignment.status == "queued" else None, at,
                assignment.letter,
            )
            for assignment in assignments if (holder := assignment.holder)
        ],
    )  # fmt: skip
    await db.executemany(
        "UPDATE letters SET status = 'failed', held_for = '', changed_at = $1, answer = $2,"
        " to_name = CASE WHEN $3 THEN '' ELSE to_name END, to_email = CASE WHEN $3 THEN '' ELSE to_email END,"
        " domain = CASE WHEN $3 THEN '' ELSE domain END, greeting = '',"
        " known_until = CASE WHEN $3 THEN NULL ELSE known_until END WHERE id = $4",
        [
            (at, assignment.answer, assignment.answer == NO_HOLDER, assignment.letter)
            for assignment in assignments
            if assignment.holder is None
        ],
    )  # fmt: skip
    return len(assignments)


def until_of(holder: Holder) -> int | None:
    return None if holder.known_until is None else stamp(holder.known_until)
