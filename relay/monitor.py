"""Tells a monitor outside every hour that all is well, so that an operator hears of trouble when no mail can go, or
when this machine is down. It calls a URL, as dead man's switches want it (https://healthchecks.io/docs/http_api/)."""

import asyncio
import logging
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Final, Protocol
from urllib.parse import urlsplit, urlunsplit

from relay.campaigns import Campaigns
from relay.errors import StoreError
from relay.maintenance import HourlyJob
from relay.outbox import Administration, Statistics
from relay.outbox.retry_schedule import LATE
from relay.outbox.throttle import SendingHours
from relay.rosters import Rosters

log = logging.getLogger("beaconpost.monitor")

TIMEOUT: Final = 10.0  # seconds
FAILED: Final = "/fail"  # added to the URL's path; a service that does not know it hears nothing, and alerts as well


class WatchedOutbox(Administration, Statistics, Protocol):
    """What is waiting, and why."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks for what an operator has to act on. Names nobody who wrote."""

    campaigns: Campaigns
    rosters: Rosters
    outbox: WatchedOutbox
    hours: SendingHours | None
    now: Callable[[], datetime]  # aware, UTC

    async def find_trouble(self) -> list[str]:
        """One line for each; none if all is well."""
        await self.campaigns.refresh()
        found = [self.campaigns.problem] if self.campaigns.problem else []
        today = self.rosters.site.today()
        found += [message for state in self.rosters.states.values() if (message := state.freshness(today).message)]
        try:
            await self.outbox.probe()
            return found + [line async for line in self._find_stuck()]
        except StoreError as error:
            return [*found, str(error)]

    async def _find_stuck(self) -> AsyncIterator[str]:
        for pause in await self.outbox.pauses():
            yield f"{pause.scope} {pause.name} is paused"
        oldest, now = await self.outbox.oldest_due(), self.now()
        # At night letters wait for the hours in which offices are written to.
        awake = self.hours is None or (self.hours.contain(now) and self.hours.contain(now - LATE))
        if oldest and awake and now - oldest > LATE:
            yield f"a letter has waited since {oldest:%Y-%m-%d %H:%M} UTC"


def report_to_monitor(url: str, find_trouble: Callable[[], Awaitable[list[str]]]) -> HourlyJob:
    """GET the URL if all is well, else the same with /fail. url: may be a secret, so no log line shows it."""

    async def report_to_monitor() -> None:
        trouble = await find_trouble()
        if trouble:
            log.warning("telling the monitor: %s", "; ".join(trouble))
        try:
            await asyncio.to_thread(_get, add_path(url, FAILED) if trouble else url)
        except (OSError, HTTPException) as error:
            log.warning("the monitor at %s did not hear from us: %s", urlsplit(url).hostname, _reason(error))

    return report_to_monitor


def add_path(url: str, path: str) -> str:
    """Add to the path of a URL, before its query."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + path))


def _get(url: str) -> None:
    request = urllib.request.Request(url, headers={"User-Agent": "Beaconpost"})  # noqa: S310  (settings allow https only)
    with urllib.request.urlopen(request, timeout=TIMEOUT):  # noqa: S310
        pass


def _reason(error: Exception) -> str:
    """Without the URL, which http.client quotes."""
    return str(error) if isinstance(error, OSError) else type(error).__name__
