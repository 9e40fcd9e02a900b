"""How fast letters may go, and what is paused. The store counts, so that all workers together obey."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from relay.letters import TO_ORGANIZER, TO_WRITER
from relay.settings import Rate

Scope: TypeAlias = Literal["campaign", "domain"]
Cause: TypeAlias = Literal["operator", "organizer", "policy"]

ANY_TIME: Final = (*TO_WRITER, *TO_ORGANIZER)  # kinds of letters that ignore sending hours


@dataclass(frozen=True, slots=True)
class SendingHours:
    """The hours of the day in which offices are written to. If `until` is earlier than `since`, over midnight."""

    since: time
    until: time
    zone: ZoneInfo

    def contain(self, now: datetime) -> bool:
        """now: aware."""
        here = now.astimezone(self.zone).time()
        if self.since <= self.until:
            return self.since <= here < self.until
        return here >= self.since or here < self.until


@dataclass(frozen=True, slots=True)
class Throttle:
    """What the operator allows."""

    rates: Mapping[str, Rate] = field(default_factory=dict)  # by domain; "*" for all others
    daily_cap: int | None = None  # letters in any 24 hours, to all domains together
    ramp_up: int | None = None  # letters in the first 24 hours; doubles every day, up to the cap
    hours: SendingHours | None = None

    def rate(self, domain: str) -> Rate | None:
        """The rate limit for a domain; None if there is none."""
        return self.rates.get(domain) or self.rates.get("*")

    def daily_limit(self, first_sent: datetime | None, now: datetime) -> int | None:
        """How many letters may be sent in the 24 hours before `now`; None for any number."""
        if self.ramp_up is None:
            return self.daily_cap
        days = 0 if first_sent is None else max(0, (now - first_sent) // timedelta(days=1))
        ramped = self.ramp_up << min(days, 20)
        return ramped if self.daily_cap is None else min(ramped, self.daily_cap)

    def is_open(self, now: datetime) -> bool:
        """Whether offices may be written to now."""
        return self.hours is None or self.hours.contain(now)


UNTHROTTLED: Final = Throttle()


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is sent for this campaign or to this domain."""

    scope: Scope
    name: str
    cause: Cause
    reason: str
    since: datetime
    until: datetime | None  # when a single letter may probe; None: until an operator resumes
    failed_probes: int
