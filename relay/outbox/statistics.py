"""Counts, and the first names of those who want theirs shown. Read-only."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from relay.letters import TO_ORGANIZER, TO_WRITER
from relay.outbox.evidence import KINDS
from relay.outbox.listings import Burst, DomainFigures, Figures, HeldFor
from relay.outbox.records import OFFICES, Participant
from relay.outbox.rows import PARTICIPANT_ROW
from relay.outbox.sql import Connection
from relay.outbox.status import LetterStatus
from relay.outbox.timestamps import moment, stamp

# Figures of a campaign, each as (name, number); the campaign is the only parameter.
DAYS: Final = "SELECT day, CAST(sum(count) AS bigint) FROM tallies WHERE campaign = $1 GROUP BY day"
SENATE: Final = "SELECT senate, CAST(sum(count) AS bigint) FROM tallies WHERE campaign = $1 GROUP BY senate"
HOUSE: Final = "SELECT house, CAST(sum(count) AS bigint) FROM tallies WHERE campaign = $1 GROUP BY house"
COUNTED: Final = (  # not while the campaign was a draft
    "submissions WHERE campaign = $1 AND status IN ('accepted', 'confirmed') AND repeats IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM letters WHERE submission = submissions.id AND kind = 'test')"
)
LANGUAGES: Final = f"SELECT language, count(*) FROM {COUNTED} AND language <> '' GROUP BY language"
REASONS: Final = f"SELECT count(*) FROM {COUNTED} AND gave_reason"
FATES: Final = (
    "SELECT CASE WHEN held_for IN ('', 'confirmation') THEN status ELSE 'waits for ' || held_for END AS fate, count(*)"
    f" FROM letters WHERE campaign = $1 AND kind NOT IN {(*TO_WRITER, *TO_ORGANIZER, 'test')} GROUP BY fate"
)


async def count(db: Connection, campaign: str) -> int:
    """As `Statistics.count`."""
    return int(await db.fetchval("SELECT coalesce(sum(count), 0) FROM tallies WHERE campaign = $1", campaign))


async def counts(db: Connection) -> Mapping[str, int]:
    """As `Statistics.counts`."""
    rows = await db.fetch("SELECT campaign, CAST(sum(count) AS bigint) FROM tallies GROUP BY campaign")
    return dict(map(tuple, rows))


async def participants(db: Connection, campaign: str, before: datetime, limit: int) -> list[Participant]:
    """As `Statistics.participants`."""
    rows = await db.fetch(
        "SELECT submission, sealed, at FROM participants WHERE campaign = $1 AND visible AND at < $2"
        " ORDER BY at DESC LIMIT $3",
        campaign, stamp(before), limit,
    )  # fmt: skip
    shown = []
    for submission, sealed, at in rows:
        name, town = db.vault.open(PARTICIPANT_ROW.format(submission), sealed)
        shown.append(Participant(submission, name, town, moment(at)))
    return shown


async def figures(db: Connection, campaign: str) -> Figures:
    """As `Statistics.figures`."""
    queries = (DAYS, SENATE, HOUSE, LANGUAGES, FATES)
    added = _add_up(*[dict(map(tuple, await db.fetch(query, campaign))) for query in queries])
    return replace(added, reasons=int(await db.fetchval(REASONS, campaign)))


async def count_burst(db: Connection, campaign: str, since: datetime, now: datetime) -> Burst:
    """As `Statistics.count_burst`."""
    suspected = await db.fetch(
        "SELECT evidence, count(*) FROM submissions WHERE campaign = $1 AND evidence <> '' AND accepted_at > $2"
        " GROUP BY evidence",
        campaign, stamp(since),
    )  # fmt: skip
    paced = await db.fetchval(
        "SELECT count(DISTINCT submission) FROM letters WHERE campaign = $1 AND status = 'queued' AND attempts = 0"
        f" AND policy_blocks = 0 AND due > $2 AND kind IN {OFFICES}",
        campaign, stamp(now),
    )  # fmt: skip
    kinds = {kind: sum(int(people) for evidence, people in suspected if kind in evidence) for kind in KINDS}
    return Burst(sum(int(people) for _, people in suspected), int(paced), kinds)


async def count_domains(db: Connection, since: datetime) -> list[DomainFigures]:
    """As `Statistics.count_domains`."""
    to_offices = f"letters.kind IN {(*OFFICES, 'named')}"
    outcomes: dict[str, dict[str, int]] = {}
    for domain, outcome, count in await db.fetch(
        "SELECT attempts.domain, attempts.outcome, count(*) FROM attempts JOIN letters ON letters.id = attempts.letter"
        f" WHERE attempts.at > $1 AND attempts.domain <> '' AND attempts.outcome <> '' AND {to_offices}"
        " GROUP BY attempts.domain, attempts.outcome",
        stamp(since),
    ):
        outcomes.setdefault(domain, {})[outcome] = int(count)
    waiting = await db.fetch(
        f"SELECT domain, count(*), min(due) FROM letters WHERE status IN ('queued', 'sending') AND domain <> ''"
        f" AND {to_offices} GROUP BY domain"
    )
    queued = {domain: (int(count), moment(due)) for domain, count, due in waiting}
    return [
        DomainFigures(domain, outcomes.get(domain, {}), *queued.get(domain, (0, None)))
        for domain in sorted({*outcomes, *queued})
    ]


def _add_up(
    days: Mapping[str, int],
    senate: Mapping[str, int],
    house: Mapping[str, int],
    languages: Mapping[str, int],
    fates: Mapping[str, int],
) -> Figures:
    """Figures from the results of DAYS, SENATE, HOUSE, LANGUAGES and FATES. Counts of 0 are left out."""
    districts = {("senate", name): number for name, number in senate.items() if number}
    districts |= {("house", name): number for name, number in house.items() if number and name}
    return Figures({day: number for day, number in days.items() if number}, districts, languages, fates)


async def count_by_status(db: Connection) -> Mapping[LetterStatus, int]:
    """As `Statistics.count_by_status`; statuses that no letter is in are left out."""
    return dict(map(tuple, await db.fetch("SELECT status, count(*) FROM letters GROUP BY status")))


async def count_held(db: Connection) -> Mapping[HeldFor, int]:
    """As `Statistics.count_held`."""
    return dict(
        map(tuple, await db.fetch("SELECT held_for, count(*) FROM letters WHERE status = 'held' GROUP BY held_for"))
    )


async def oldest_due(db: Connection) -> datetime | None:
    """As `Statistics.oldest_due`."""
    since = await db.fetchval(
        "SELECT min(coalesce((SELECT min(at) FROM attempts WHERE letter = letters.id), due))"
        " FROM letters WHERE status IN ('queued', 'sending')"
    )
    return None if since is None else moment(since)
