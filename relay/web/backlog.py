"""The outbox in figures for `/readyz` and `/metrics`, prepared so that frequent requests do not delay the worker."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from relay.outbox import Administration, DomainFigures, HeldFor, LetterStatus, Pause, Statistics, Suppression

T = TypeVar("T")
INTERVAL: Final = 3.0  # seconds between readings; a monitor asks less often
DAY: Final = timedelta(days=1)
MAX_SHARE: Final = 0.05  # of the time may be spent reading, however many letters there are


class Prepared(Generic[T]):
    """What `read` returned, at most `interval` seconds ago when asked. Readings never overlap."""

    def __init__(
        self, read: Callable[[], Awaitable[T]], interval: float = INTERVAL, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._interval = interval
        self._clock = clock
        self._lock = asyncio.Lock()
        self._due = 0.0
        self._value: tuple[T] | None = None

    async def get(self) -> T:
        """Raises what `read` raises; then the next one to ask tries again."""
        async with self._lock:
            start = self._clock()
            if self._value is None or start >= self._due:
                self._value = None
                self._value = (await self._read(),)
                end = self._clock()
                self._due = end + max(self._interval, (end - start) / MAX_SHARE)
            return self._value[0]


@dataclass(frozen=True, slots=True)
class Backlog:
    """The state of the outbox."""

    by_status: Mapping[LetterStatus, int]
    held: Mapping[HeldFor, int]
    oldest_due: datetime | None  # when the letter that has waited longest was due or first tried
    pauses: Sequence[Pause]
    suppressions: Sequence[Suppression]
    domains: Sequence[DomainFigures]  # of the last day


async def read_backlog(administration: Administration, statistics: Statistics, now: Callable[[], datetime]) -> Backlog:
    """Raises StoreError."""
    return Backlog(
        await statistics.count_by_status(),
        await statistics.count_held(),
        await statistics.oldest_due(),
        await administration.pauses(),
        await administration.suppressions(),
        await statistics.count_domains(now() - DAY),
    )
