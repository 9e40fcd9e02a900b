"""The states' rosters: who holds a seat, and until when that is certain."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

from boundaries.model import Chamber
from boundaries.state import State
from relay.site_view import SiteView
from theme.manifest import Campaign

Outdated: TypeAlias = Callable[[Chamber, str], bool]  # whether a seat may have changed hands since the roster was made


@dataclass(frozen=True, slots=True)
class Rosters:
    states: Mapping[str, State]
    site: SiteView
    captured: bool  # nothing is sent, so no letter has to wait for a newer roster
    trust_until: date | None  # the operator vouches for the rosters through this day

    def state_of(self, campaign: Campaign) -> State:
        return self.states[campaign.state]

    def outdated(self, state: State) -> Outdated:
        """Which seats' letters must wait for a newer roster."""
        today = self.site.today()
        if self.captured or (self.trust_until and today <= self.trust_until):
            return lambda *_: False
        return state.freshness(today).outdated

    def known_until(self, state: State, seat: tuple[Chamber, str] | None) -> datetime | None:
        """The midnight, in the site's time zone, from which it is uncertain who holds a seat. None: no such day is
        known, nothing is sent, or `seat` is None because the addressee is not in the roster."""
        day = state.known_until(*seat) if seat and not self.captured else None
        if day and self.trust_until and day <= self.trust_until:
            day = self.trust_until + timedelta(days=1) if self.trust_until.year < date.max.year else None
        return datetime.combine(day, time.min, self.site.zone).astimezone(UTC) if day else None
