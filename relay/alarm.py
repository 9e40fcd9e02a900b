"""Tells an organizer once that letters of their campaign look like one hand's, or come too fast."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from relay.notifier import OrganizerNotifier
from relay.outbox import Outbox
from theme.manifest import Campaign

FROM: Final = 20  # people suspected, or waiting their turn
WITHIN: Final = timedelta(hours=1)
EVERY: Final = timedelta(minutes=1)  # look no more often


class Alarm:
    def __init__(
        self,
        outbox: Outbox,
        notifier: OrganizerNotifier,
        link: Callable[[Campaign], str],  # where the organizer can stop the campaign
        now: Callable[[], datetime],
        wake: Callable[[], None],
    ) -> None:
        self._outbox = outbox
        self._notifier = notifier
        self._link = link
        self._now = now
        self._wake = wake
        self._looked: dict[str, datetime] = {}

    async def sound(self, campaign: Campaign) -> None:
        """A letter was suspected or paced. Writes if there are many, once a day."""
        now = self._now()
        if now - self._looked.get(campaign.slug, now - EVERY) < EVERY:
            return
        self._looked[campaign.slug] = now
        burst = await self._outbox.count_burst(campaign.slug, now - WITHIN, now)
        if burst.suspected + burst.paced >= FROM:
            alert = self._notifier.write_burst(campaign, burst, self._link(campaign), now.date())
            await self._outbox.enqueue(alert, now, [])
            self._wake()
