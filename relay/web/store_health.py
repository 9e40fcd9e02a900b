"""Whether posts can be stored: said in the log and by /readyz while they cannot."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from relay.errors import StoreError
from relay.web.backlog import Prepared

log = logging.getLogger("beaconpost.store")

REMEMBERED: Final = timedelta(minutes=1)


class StoreHealth:
    """Remembers the last post that could not be stored.

    read: a cheap reading of the store, which raises StoreError.
    """

    def __init__(self, now: Callable[[], datetime], read: Callable[[], Awaitable[object]]) -> None:
        self.probe = Prepared(read)
        self._now = now
        self._failed_at: datetime | None = None
        self._reason = ""

    def failed(self, error: StoreError) -> None:
        """A post could not be stored. Logged once a minute. error: its text holds no personal data."""
        if not self.trouble:
            log.error("a post could not be stored, its writer was asked to send it again: %s", error)
            self._failed_at, self._reason = self._now(), str(error)

    def succeeded(self) -> None:
        self._failed_at = None

    @property
    def trouble(self) -> str:
        """Why a post could not be stored within the last minute, or ""."""
        recent = self._failed_at is not None and self._now() - self._failed_at < REMEMBERED
        return self._reason if recent else ""
