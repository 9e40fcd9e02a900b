"""What organizers see and do at their desk: a campaign's letters in counts, and those that wait because they look like
one hand's. Each function runs in a transaction."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from relay.letters import TO_ORGANIZER, TO_WRITER, Kind
from relay.letters.redaction import redact
from relay.outbox.asking import IS_OVER, limits
from relay.outbox.consent import cancel_letters, queue_confirmed
from relay.outbox.listings import DayFigures, DeskFigures, OfficeFigures, Waiting, WaitingGroup
from relay.outbox.records import OFFICES
from relay.outbox.rows import SUBMISSION_ROW, TOWN_ROW
from relay.outbox.slots import free_slots
from relay.outbox.sql import Connection
from relay.outbox.statistics import COUNTED
from relay.outbox.tallies import Tally, add_to_tallies
from relay.outbox.timestamps import moment, stamp

DAY: Final = timedelta(days=1) // timedelta(microseconds=1)
NO_OFFICE: Final = (*TO_WRITER, *TO_ORGANIZER, "test")
PACED: Final = "paced"  # names the group of letters that wait their turn
_PACED: Final = f"status = 'queued' AND attempts = 0 AND policy_blocks = 0 AND due > $2 AND kind IN {OFFICES}"
_FATE: Final = (
    f"CASE WHEN {_PACED} THEN 'paced' WHEN status = 'queued' AND attempts > 0 THEN 'deferred'"
    " WHEN status = 'sending' THEN 'queued' WHEN held_for IN ('', 'confirmation') THEN status"
    " ELSE 'waits for ' || held_for END"
)
# Held because they look like one hand's: not for a yes that the campaign asks of everybody, and not denied.
_SUSPECTED: Final = f"campaign = $3 AND status = 'held' AND evidence <> '' AND NOT {IS_OVER} AND erased_at IS NULL"
# Their slots are few, and letters many. A restored database has none: then nobody is shown, and all go when due.
_WAITING_TURN: Final = (
    "id IN (SELECT submission FROM slots WHERE due > $2 AND submission <> '')"
    " AND campaign = $1 AND status = 'accepted' AND erased_at IS NULL AND EXISTS (SELECT 1 FROM letters"
    f" WHERE submission = submissions.id AND letters.status = 'queued' AND attempts = 0 AND policy_blocks = 0"
    f" AND due > $2 AND kind IN {OFFICES})"
)


async def desk_figures(db: Connection, campaign: str, now: datetime) -> DeskFigures:
    """As `Desk.desk_figures`."""
    offices: dict[tuple[Kind, str, str], Counter[str]] = defaultdict(Counter)
    for kind, chamber, district, fate, count in await db.fetch(
        f"SELECT kind, chamber, district, {_FATE} AS fate, count(*) FROM letters WHERE campaign = $1"
        f" AND kind NOT IN {NO_OFFICE} GROUP BY kind, chamber, district, fate",
        campaign, stamp(now),
    ):  # fmt: skip
        offices[kind, chamber, district][fate] += int(count)
    days: dict[date, Counter[str]] = defaultdict(Counter)
    for day, wrote, own, confirmed in await db.fetch(
        f"SELECT accepted_at / {DAY}, count(*), sum(CASE WHEN own_words THEN 1 ELSE 0 END),"
        f" sum(CASE WHEN status = 'confirmed' THEN 1 ELSE 0 END) FROM {COUNTED} GROUP BY accepted_at / {DAY}",
        campaign,
    ):
        days[_day(day)] += Counter(wrote=int(wrote), own=int(own), confirmed=int(confirmed))
    for day, status, count in await db.fetch(
        f"SELECT changed_at / {DAY}, status, count(*) FROM letters WHERE campaign = $1 AND kind NOT IN {NO_OFFICE}"
        f" AND status IN ('sent', 'bounced') GROUP BY changed_at / {DAY}, status",
        campaign,
    ):
        days[_day(day)][status] += int(count)
    return DeskFigures(
        offices=tuple(OfficeFigures(*office, dict(fates)) for office, fates in sorted(offices.items())),
        days=tuple(
            DayFigures(day, counts["wrote"], counts["own"], counts["confirmed"], counts["sent"], counts["bounced"])
            for day, counts in sorted(days.items(), reverse=True)
        ),
        towns=await _read_towns(db, campaign),
        own_by_district=await _read_own(db, campaign),
    )


async def _read_towns(db: Connection, campaign: str) -> Mapping[tuple[str, str], Mapping[str, int]]:
    towns: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for number, senate, house, sealed, count in await db.fetch(
        "SELECT id, senate, house, sealed, count FROM town_tallies WHERE campaign = $1", campaign
    ):
        (town,) = db.vault.open(TOWN_ROW.format(number), sealed)
        towns["senate", senate][town] += int(count)
        towns["house", house][town] += int(count)
    return towns


async def _read_own(db: Connection, campaign: str) -> Mapping[tuple[str, str], int]:
    own: Counter[tuple[str, str]] = Counter()
    for senate, house, count in await db.fetch(
        f"SELECT senate, house, count(*) FROM {COUNTED} AND own_words GROUP BY senate, house", campaign
    ):
        own["senate", senate] += int(count)
        own["house", house] += int(count)
    return own


async def list_waiting(db: Connection, campaign: str, now: datetime, limit: int) -> list[WaitingGroup]:
    """As `Desk.list_waiting`."""
    counts = await db.fetch(
        f"SELECT evidence, count(*), max(accepted_at) FROM submissions WHERE {_SUSPECTED} GROUP BY evidence",
        *limits(now), campaign,
    )  # fmt: skip
    paced = await db.fetchrow(
        f"SELECT count(*), max(accepted_at) FROM submissions WHERE {_WAITING_TURN}", campaign, stamp(now)
    )
    groups = []
    for evidence, count, newest in sorted(counts, key=lambda row: (-int(row[1]), row[0])):
        rows = await db.fetch(
            f"SELECT id, accepted_at, sealed FROM submissions WHERE {_SUSPECTED} AND evidence = $4"
            " ORDER BY accepted_at DESC, id DESC LIMIT $5",
            *limits(now), campaign, evidence, limit,
        )  # fmt: skip
        groups.append(WaitingGroup(evidence, int(count), moment(newest), _open_all(db, rows)))
    if paced and paced[0]:
        rows = await db.fetch(
            f"SELECT id, accepted_at, sealed FROM submissions WHERE {_WAITING_TURN}"
            " ORDER BY accepted_at DESC, id DESC LIMIT $3",
            campaign, stamp(now), limit,
        )  # fmt: skip
        groups.append(WaitingGroup(PACED, int(paced[0]), moment(paced[1]), _open_all(db, rows)))
    return groups


async def release(db: Connection, campaign: str, group: str, until: datetime, now: datetime) -> int:
    """As `Desk.release`."""
    chosen = await _choose(db, campaign, group, until, now)
    for submission, tally in chosen:
        if group == PACED:
            await free_slots(db, submission)
            await db.execute(
                f"UPDATE letters SET due = $1 WHERE submission = $3 AND {_PACED}", stamp(now), stamp(now), submission
            )
        elif await queue_confirmed(db, submission, now, "accepted"):
            await add_to_tallies(db, Counter([tally]))
    return len(chosen)


async def cancel_waiting(db: Connection, campaign: str, group: str, until: datetime, now: datetime) -> int:
    """As `Desk.cancel_waiting`."""
    chosen = await _choose(db, campaign, group, until, now)
    for submission, tally in chosen:
        await cancel_letters(db, submission, now)
        await free_slots(db, submission)
        await db.execute("UPDATE submissions SET status = 'expired' WHERE id = $1", submission)
        await db.execute("DELETE FROM participants WHERE submission = $1", submission)
        if group == PACED:
            await add_to_tallies(db, Counter({tally: -1}))
    return len(chosen)


async def _choose(db: Connection, campaign: str, group: str, until: datetime, now: datetime) -> list[tuple[str, Tally]]:
    """The submissions of a group that an organizer has seen the count of: none that came since, none denied since."""
    columns = "SELECT id, senate, house, accepted_at, sealed FROM submissions WHERE"
    if group == PACED:
        rows = await db.fetch(
            f"{columns} {_WAITING_TURN} AND accepted_at <= $3 FOR UPDATE", campaign, stamp(now), stamp(until)
        )
    else:
        rows = await db.fetch(
            f"{columns} {_SUSPECTED} AND accepted_at <= $4 AND evidence = $5 FOR UPDATE",
            *limits(now), campaign, stamp(until), group,
        )  # fmt: skip
    return [
        (submission, Tally(campaign, senate, house, at, db.vault.open(SUBMISSION_ROW.format(submission), sealed)[4]))
        for submission, senate, house, at, sealed in rows
    ]


def _open_all(db: Connection, rows: list[tuple[str, int, bytes]]) -> tuple[Waiting, ...]:
    return tuple(_open(db, submission, at, sealed) for submission, at, sealed in rows)


def _open(db: Connection, submission: str, at: int, sealed: bytes) -> Waiting:
    first, last, email, phone, town, subject, message, *_ = db.vault.open(SUBMISSION_ROW.format(submission), sealed)
    hour = moment(at).replace(minute=0, second=0, microsecond=0)
    return Waiting(town, hour, redact(subject, last, email, phone), redact(message, last, email, phone), first)


def _day(number: int) -> date:
    return moment(int(number) * DAY).date()
