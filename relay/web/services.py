"""What the endpoints work with. Made once by `relay.app` and passed to each endpoint."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from relay.campaigns import Campaigns
from relay.forget_after import ForgetAfter
from relay.keys.signing import Keys
from relay.letters.wording import Frame
from relay.outbox import Administration, Desk, Intake, Lists, Queue, Statistics
from relay.rosters import Rosters
from relay.settings import Rate
from relay.site_view import SiteView
from relay.web.backlog import Backlog, Prepared
from relay.web.desk_counts import DeskCounts
from relay.web.rate_limits import RateLimit
from relay.web.store_health import StoreHealth
from theme.counts import MIN_GROUP_SIZE
from theme.manifest import Campaign


@dataclass(frozen=True, slots=True)
class Outgoing:
    """How letters leave."""

    transport: str  # the name of the transport that letters are accepted under
    captured: bool  # that transport sends nothing
    contact: str  # where letters come from, and whom to write to about abuse
    bounce_domain: str  # "" if bounces go to `contact`
    wake: Callable[[], None]  # tells the worker that something was queued


@dataclass(frozen=True, slots=True)
class Safeguards:
    """Against one hand with many names."""

    pace: Rate  # of unconfirmed letters from one campaign to one office
    takes_mail: Callable[[str], Awaitable[bool]]  # a mail domain; False only if DNS says that it does not
    sound_alarm: Callable[[Campaign], Awaitable[None]]  # a letter of this campaign was suspected or paced


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Where new identifiers come from."""

    token: Callable[[], str]  # unguessable, fit for a URL
    submission: Callable[[], str]
    letter: Callable[[str], str]  # from its submission's


@dataclass(frozen=True, slots=True)
class Limits:
    """How often one connection may do something."""

    letters: RateLimit  # what one process lets in; the store counts for all of them
    events: RateLimit  # letters beyond that, if they come with an event's code
    lookups: RateLimit
    public: bool  # whether people reach the relay from elsewhere


@dataclass(frozen=True, slots=True)
class Discretion:
    """When names and counts are shown: after a delay, and not of a few. `dev` needs neither."""

    delay: timedelta = timedelta(hours=1)
    least: int = MIN_GROUP_SIZE


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    campaigns: Campaigns
    site: SiteView
    forget_after: ForgetAfter
    rosters: Rosters
    intake: Intake
    queue: Queue
    administration: Administration
    statistics: Statistics
    store_health: StoreHealth
    backlog: Prepared[Backlog]
    desk: Desk
    lists: Lists
    desk_counts: DeskCounts
    outgoing: Outgoing
    keys: Keys
    identifiers: Identifiers
    limits: Limits
    safeguards: Safeguards
    announce: Callable[[], Awaitable[None]]  # tells organizers, and their program, of what just changed
    now: Callable[[], datetime]  # aware, UTC
    operator_token: str = field(default="", repr=False)  # "": operators are on this machine
    discretion: Discretion = field(default_factory=Discretion)

    @property
    def frame(self) -> Frame:
        """What is the same around all letters."""
        return Frame(self.site.site, self.outgoing.contact, self.outgoing.transport)
