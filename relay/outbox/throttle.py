"""How fast letters may go, and what keeps them back. The stores count by these, so that all workers together do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from relay.letters import TO_WRITER
from relay.settings import Rate

Scope: TypeAlias = Literal["campaign", "domain"]
Cause: TypeAlias = Literal["operator", "policy"]

IN_A_ROW: Final = 3  # letters refused for policy, none accepted between, before a domain is paused
PROBE_AFTER: Final = timedelta(hours=1)  # doubling to PROBE_LATEST: a block seldom lifts within minutes
PROBE_LATEST: Final = timedelta(hours=12)
ASK_AGAIN: Final = timedelta(minutes=15)  # one letter refused for policy, doubling to ASK_LATEST
ASK_LATEST: Final = timedelta(hours=8)
REFUSALS: Final = 3  # of one letter, while others got through: it is the letter, not us
GIVE_UP: Final = timedelta(days=5)  # as for every other letter
ANY_TIME: Final = (*TO_WRITER, "alert")  # kinds that do not wait for office hours


@dataclass(frozen=True, slots=True)
class Window:
    """The hours of a day in which offices are written to. until earlier than since: over midnight."""

    since: time
    until: time
    zone: ZoneInfo

    def holds(self, now: datetime) -> bool:
        """Whether it is open. now: aware."""
        here = now.astimezone(self.zone).time()
        if self.since <= self.until:
            return self.since <= here < self.until
        return here >= self.since or here < self.until


@dataclass(frozen=True, slots=True)
class Pace:
    """What the operator allows. rates: by domain, "*" for all others. cap: letters in any 24 hours, to all domains
    together. ramp_up: letters in the first 24 hours, twice as many in the next, and so on up to the cap."""

    rates: Mapping[str, Rate] = field(default_factory=dict)
    cap: int | None = None
    ramp_up: int | None = None
    window: Window | None = None

    def rate(self, domain: str) -> Rate | None:
        """The rate that holds for a domain; None if it may go as fast as it can."""
        return self.rates.get(domain) or self.rates.get("*")

    def today(self, first_sent: datetime | None, now: datetime) -> int | None:
        """How many letters may go in the 24 hours before `now`; None for any number."""
        if self.ramp_up is None:
            return self.cap
        days = 0 if first_sent is None else max(0, (now - first_sent) // timedelta(days=1))
        risen = self.ramp_up << min(days, 20)
        return risen if self.cap is None else min(risen, self.cap)

    def is_open(self, now: datetime) -> bool:
        """Whether offices may be written to now."""
        return self.window is None or self.window.holds(now)


FREELY: Final = Pace()


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is sent for this campaign or domain. until: when one letter may try; None: until somebody resumes it.
    strikes: how many of those that tried were refused again."""

    scope: Scope
    name: str
    cause: Cause
    reason: str
    since: datetime
    until: datetime | None
    strikes: int


def next_probe(strikes: int, now: datetime) -> datetime:
    """When a paused domain may be tried with one letter. strikes: 0 at first."""
    return now + min(PROBE_AFTER * (1 << min(strikes, 10)), PROBE_LATEST)


def ask_again(refusals: int, now: datetime) -> datetime:
    """When a letter refused for policy goes again. refusals: this one included."""
    return now + min(ASK_AGAIN * (1 << min(refusals - 1, 10)), ASK_LATEST)
