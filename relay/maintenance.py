"""What runs at start-up and then every hour: report failed letters, erase what is due, forget campaigns that are over,
update letters to seats that change hands."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol

from relay.campaigns import Campaigns
from relay.errors import BeaconpostError
from relay.letters import Letter
from relay.mail.file_transport import FileTransport
from relay.outbox import Administration, LetterLine, Queue
from relay.outbox.sqlite.copies import forget_copies
from relay.site_view import SiteView
from relay.succession import Succession

log = logging.getLogger("beaconpost.maintenance")

INTERVAL: Final = 3600.0  # seconds


class HourlyJob(Protocol):
    """A function, with the name that the log gives it. Raises BeaconpostError."""

    __name__: str

    def __call__(self) -> Coroutine[Any, Any, None]: ...


class Reporter(Protocol):
    """Writes to organizers about their letters."""

    async def report(self, lines: Sequence[LetterLine]) -> Sequence[tuple[Letter, Sequence[str]]]:
        """Alerts, each with the ids of the letters it reports."""


class Announcer(Protocol):
    """Tells organizers why letters wait."""

    async def announce(self, outbox: Queue, now: datetime) -> None: ...


async def run_hourly(jobs: Sequence[HourlyJob], *, later: Sequence[HourlyJob] = ()) -> None:
    """Run the jobs in order, now and every hour, until cancelled. A job that fails is retried an hour later.

    later: jobs that start with the second round, because they ran before this was called.
    """
    for job in jobs:
        await _run(job)
    while True:
        await asyncio.sleep(INTERVAL)
        for job in (*jobs, *later):
            await _run(job)


async def _run(job: HourlyJob) -> None:
    try:
        await job()
    except BeaconpostError as error:
        log.warning("%s: failed, trying again in an hour: %s", job.__name__, error)


def report_then_erase(
    outbox: Queue,
    reporter: Reporter,
    keep: Callable[[], Awaitable[timedelta]],
    now: Callable[[], datetime],
    wake: Callable[[], None],
) -> HourlyJob:
    """Mail organizers about letters that failed, bounced or were denied; then erase what settled longer ago than `keep`
    answers. Nothing is erased that could not be reported."""

    async def report_then_erase() -> None:
        if lines := await outbox.unreported():
            for alert, reports in await reporter.report(lines):
                await outbox.enqueue(alert, now(), reports)
            wake()
        log.info("erased %d submissions", await outbox.forget(now(), await keep()))

    return report_then_erase


def announce_obstacles(
    outbox: Queue, announcer: Announcer, now: Callable[[], datetime], wake: Callable[[], None]
) -> HourlyJob:
    """Mail organizers about paused domains and suppressed addresses, if whoever found out could not: a command did, or
    a worker died."""

    async def announce_obstacles() -> None:
        await announcer.announce(outbox, now())
        wake()

    return announce_obstacles


def forget_captured(
    captured: FileTransport,
    outbox: Administration,
    keep: Callable[[], Awaitable[timedelta]],
    now: Callable[[], datetime],
) -> HourlyJob:
    """Erase captured letters like the rest."""

    async def forget_captured() -> None:
        if not await outbox.legal_hold():
            await captured.forget(now() - await keep())

    return forget_captured


def forget_old_copies(
    database: Path, keep: Callable[[], Awaitable[timedelta]], now: Callable[[], datetime]
) -> HourlyJob:
    """Erase what `beaconpost upgrade` left beside the database, like the rest."""

    async def forget_old_copies() -> None:
        if erased := forget_copies(database, now() - await keep()):
            log.info("erased %d copies of the database from before an upgrade", erased)

    return forget_old_copies


def forget_ended(outbox: Administration, campaigns: Campaigns, site: SiteView) -> HourlyJob:
    """Erase what recognizes repeats, and public names, once a campaign is over (design, section 9)."""

    async def forget_ended() -> None:
        for campaign in campaigns.all():
            if site.phase(campaign) not in ("closed", "withdrawn"):
                continue
            if people := await outbox.forget_campaign(campaign.slug):
                log.info("campaign %s is over: erased what recognized %d people", campaign.slug, people)

    return forget_ended


def follow_roster(succession: Succession) -> HourlyJob:
    """Hold letters to seats that changed hands, and assign those that were held. The first run that reaches the store
    also compares every letter with the roster just read."""
    compared = False

    async def follow_roster() -> None:
        nonlocal compared
        compared = await succession.update(roster_just_read=not compared) or compared

    return follow_roster
