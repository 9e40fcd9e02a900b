"""Tells an organizer once that letters of their campaign look like one hand's, or come too fast."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from relay.errors import StoreError
from relay.notifier import OrganizerNotifier
from relay.outbox import Outbox
from relay.outbox.evidence import WINDOW
from theme.manifest import Campaign

log = logging.getLogger("beaconpost.alarm")

FROM: Final = 20  # people suspected, or waiting their turn
EVERY: Final = timedelta(minutes=1)  # look no more often, except when another FROM of them came


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
        self._since: dict[str, int] = {}  # letters suspected or paced since then
        self._told: dict[str, date] = {}

    async def sound(self, campaign: Campaign) -> None:
        """A letter was suspected or paced. Writes if there are many, once a day."""
        now = self._now()
        slug = campaign.slug
        since = self._since[slug] = self._since.get(slug, 0) + 1
        is_early = now - self._looked.get(slug, now - EVERY) < EVERY and since < FROM
        if is_early or self._told.get(slug) == now.date():
            return
        self._looked[slug], self._since[slug] = now, 0
        try:
            await self._tell(campaign, now)
        except StoreError as error:  # the letter is accepted, whatever becomes of the alarm
            log.warning("an organizer could not be told of many letters at once: %s", error)

    async def _tell(self, campaign: Campaign, now: datetime) -> None:
        burst = await self._outbox.count_burst(campaign.slug, now - WINDOW, now)
        if burst.suspected + burst.paced >= FROM:
            alert = self._notifier.write_burst(campaign, burst, self._link(campaign), now.date())
            for mail in (alert, *self._notifier.write_burst_event(campaign, burst, now)):
                await self._outbox.enqueue(mail, now, [])
            self._told[campaign.slug] = now.date()
            self._wake()
