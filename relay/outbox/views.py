"""What people and operators see of the outbox. Only reads."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from relay.letters import GREETED, TO_WRITER
from relay.outbox import Figures, Participant, Receipt, ReceiptLetter, State, Waits
from relay.outbox.times import moment, stamp

LETTERS: Final = (
    "SELECT kind, chamber, district, to_name, state, changed_at, due, waits, subject, body, greeting FROM letters"
)


def receipt_by_link(db: sqlite3.Connection, link: bytes) -> Receipt | None:
    """What the receipt link with this hash shows."""
    found = db.execute("SELECT submission, redacted FROM receipts WHERE hash = ?", (link,)).fetchone()
    return receipt(db, found[0], redacted=bool(found[1])) if found else None


def receipt(db: sqlite3.Connection, submission: str, *, redacted: bool) -> Receipt:
    """One submission and its letters in the order they were written; mail to the writer is not one of them."""
    head = db.execute(
        "SELECT campaign, language, senate, house, standing, accepted_at, erased_at IS NOT NULL,"
        " EXISTS (SELECT 1 FROM participants WHERE submission = submissions.id) FROM submissions WHERE id = ?",
        (submission,),
    ).fetchone()
    rows = db.execute(
        f"{LETTERS} WHERE submission = ? AND kind NOT IN {TO_WRITER} ORDER BY number",
        (submission,),
    ).fetchall()
    return assemble(head, rows, redacted=redacted)


def assemble(head: Sequence[Any], rows: Sequence[Sequence[Any]], *, redacted: bool) -> Receipt:
    """A receipt from its rows: of the submission, and of each letter."""
    campaign, language, senate, house, standing, accepted_at, erased, public = head
    return Receipt(
        campaign=campaign,
        language=language,
        redacted=redacted,
        erased=bool(erased),
        senate=senate,
        house=house,
        standing=standing,
        public_name=bool(public) and not redacted,
        subject=_greeted(rows[0], 8) if rows and not redacted else "",
        message=_greeted(rows[0], 9) if rows and not redacted else "",
        accepted_at=moment(accepted_at),
        letters=tuple(
            ReceiptLetter(
                kind=kind,
                chamber=chamber,
                district=district,
                to_name="" if redacted else to_name,
                state=state,
                changed_at=moment(changed_at),
                due=moment(due) if state == "queued" else None,
                waits=waits,
            )
            for kind, chamber, district, to_name, state, changed_at, due, waits, *_ in rows
        ),
    )


def _greeted(row: Sequence[Any], column: int) -> str:
    text, greeting = str(row[column]), str(row[-1])
    return text.replace(GREETED, greeting) if greeting else text


def count(db: sqlite3.Connection, campaign: str) -> int:
    """As `Outbox.count`."""
    return int(db.execute("SELECT coalesce(sum(count), 0) FROM tallies WHERE campaign = ?", (campaign,)).fetchone()[0])


def counts(db: sqlite3.Connection) -> Mapping[str, int]:
    """As `Outbox.counts`."""
    return dict(db.execute("SELECT campaign, sum(count) FROM tallies GROUP BY campaign"))


# What is told of a campaign, each as (name, number); the campaign is the only parameter.
DAYS: Final = "SELECT day, CAST(sum(count) AS bigint) FROM tallies WHERE campaign = {} GROUP BY day"
SENATE: Final = "SELECT senate, CAST(sum(count) AS bigint) FROM tallies WHERE campaign = {} GROUP BY senate"
HOUSE: Final = "SELECT house, CAST(sum(count) AS bigint) FROM tallies WHERE campaign = {} GROUP BY house"
LANGUAGES: Final = (
    "SELECT language, count(*) FROM submissions WHERE campaign = {} AND standing IN ('accepted', 'confirmed')"
    " AND language <> ''"
    " GROUP BY language"
)
FATES: Final = (
    "SELECT CASE WHEN waits IN ('', 'confirmation') THEN state ELSE 'waits for ' || waits END AS fate, count(*)"
    f" FROM letters WHERE campaign = {{}} AND kind NOT IN {(*TO_WRITER, 'alert')} GROUP BY fate"
)


def figures(db: sqlite3.Connection, campaign: str) -> Figures:
    """As `Outbox.figures`."""
    asked = (DAYS, SENATE, HOUSE, LANGUAGES, FATES)
    return add_up(*(dict(db.execute(query.format("?"), (campaign,))) for query in asked))


def add_up(
    days: Mapping[str, int],
    senate: Mapping[str, int],
    house: Mapping[str, int],
    languages: Mapping[str, int],
    fates: Mapping[str, int],
) -> Figures:
    """Figures from the answers to DAYS, SENATE, HOUSE, LANGUAGES and FATES. What was denied again counts as nothing."""
    districts = {("senate", name): number for name, number in senate.items() if number}
    districts |= {("house", name): number for name, number in house.items() if number and name}
    return Figures({day: number for day, number in days.items() if number}, districts, languages, fates)


def participants(db: sqlite3.Connection, campaign: str, before: datetime, limit: int) -> list[Participant]:
    """As `Outbox.participants`."""
    rows = db.execute(
        "SELECT name, town, at FROM participants WHERE campaign = ? AND visible AND at < ? ORDER BY at DESC LIMIT ?",
        (campaign, stamp(before), limit),
    )
    return [Participant(name, town, moment(at)) for name, town, at in rows]


def states(db: sqlite3.Connection) -> Mapping[State, int]:
    """As `Outbox.states`; states that no letter is in are left out."""
    return dict(db.execute("SELECT state, count(*) FROM letters GROUP BY state"))


WAITING: Final = "SELECT waits, count(*) FROM letters WHERE state = 'held' GROUP BY waits"


def waiting(db: sqlite3.Connection) -> Mapping[Waits, int]:
    """As `Outbox.waiting`."""
    return dict(db.execute(WAITING))
