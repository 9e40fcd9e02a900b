"""A campaign's counts for its desk, prepared: a look costs the same however many letters there are."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from relay.outbox import DeskFigures, Figures

FRESH: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Counts:
    at: datetime
    figures: Figures
    desk: DeskFigures


class DeskCounts:
    """What `read` returned for a campaign. Old counts are shown once more, while newer ones are read."""

    def __init__(self, read: Callable[[str], Awaitable[Counts]], now: Callable[[], datetime]) -> None:
        self._read = read
        self._now = now
        self._counts: dict[str, Counts] = {}
        self._reading: dict[str, asyncio.Task[None]] = {}

    async def get(self, campaign: str) -> Counts:
        """Raises StoreError if none were ever read."""
        counts = self._counts.get(campaign)
        if counts is None:
            counts = self._counts[campaign] = await self._read(campaign)
        elif self._now() - counts.at >= FRESH and campaign not in self._reading:
            self._reading[campaign] = asyncio.create_task(self._renew(campaign))
        return counts

    def forget(self, campaign: str) -> None:
        """Something was changed: the next look shows it."""
        self._counts.pop(campaign, None)

    async def close(self) -> None:
        """Read no more."""
        for task in self._reading.values():
            task.cancel()
        await asyncio.gather(*self._reading.values(), return_exceptions=True)

    async def _renew(self, campaign: str) -> None:
        try:
            self._counts[campaign] = await self._read(campaign)
        finally:
            del self._reading[campaign]
