"""How long people are kept after their last letter: the operator's setting, or less if the site promises less."""

import logging
from collections.abc import Iterator
from datetime import timedelta

from relay.campaigns import Campaigns
from theme.manifest import CEILING_DAYS, UNCONFIRMED_DAYS, Promises

log = logging.getLogger("beaconpost.retention")


class ForgetAfter:
    """Follows the manifest in force. setting: BEACONPOST_FORGET_AFTER."""

    def __init__(self, setting: timedelta, campaigns: Campaigns) -> None:
        self._setting = setting
        self._campaigns = campaigns

    async def read(self) -> timedelta:
        """By the newest manifest; without one, the setting."""
        await self._campaigns.refresh()
        return self.current

    @property
    def current(self) -> timedelta:
        promises = self._promises
        return min(self._setting, timedelta(days=promises.erased_after)) if promises else self._setting

    def describe(self) -> str:
        """For the log and for operators."""
        promises = self._promises
        if promises is None:
            return f"{_show(self._setting)}; the site does not say what it promises: build it with this release"
        said = timedelta(days=promises.erased_after)
        if said == self._setting:
            text = f"{_show(said)}, as the site promises"
        elif said < self._setting:
            text = f"{_show(said)}, as the site promises, although BEACONPOST_FORGET_AFTER is {_show(self._setting)}"
        else:
            text = f"{_show(self._setting)}, sooner than the {_show(said)} that the site promises"
        return "; ".join([text, *_broken(promises)])

    def log(self) -> None:
        """At the start."""
        log.info("names, addresses and letters are erased after %s", self.describe())

    @property
    def _promises(self) -> Promises | None:
        return self._campaigns.manifest.site.promises if self._campaigns.is_read else None


def _broken(promises: Promises) -> Iterator[str]:
    """What a site of another release promises and this relay does not keep."""
    if promises.unconfirmed_after < UNCONFIRMED_DAYS:
        yield f"the site promises to drop unconfirmed letters earlier than this relay does ({UNCONFIRMED_DAYS} days)"
    if promises.ceiling < CEILING_DAYS:
        yield f"the site promises an earlier end than this relay keeps ({CEILING_DAYS} days)"


def _show(period: timedelta) -> str:
    hours = period // timedelta(hours=1)
    days = hours // 24
    if hours % 24:
        return f"{hours} hour{'s' if hours > 1 else ''}"
    return f"{days} day{'s' if days > 1 else ''}"
