"""What every endpoint needs, made once by relay.app and handed to each."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from starlette.requests import Request

from boundaries.model import Chamber
from boundaries.state import State
from relay.campaigns import Campaigns
from relay.errors import StoreError
from relay.keys import Keys
from relay.letters.wording import Frame
from relay.outbox import Outbox
from relay.web.rate_limits import Limit
from theme.counts import LEAST
from theme.manifest import Campaign, Phase, Site
from theme.pages.languages import choose_language
from theme.render import Renderer

log = logging.getLogger("beaconpost.desk")

REMEMBERED: Final = timedelta(minutes=1)


def origin_of(url: str) -> str:
    """ "https://relay.example/path" → "https://relay.example"; empty stays empty."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


@dataclass(frozen=True, slots=True)
class Discretion:
    """When names and counts may be shown: after a while, and not of a few. `dev` waits for neither."""

    wait: timedelta = timedelta(hours=1)
    least: int = LEAST


@dataclass(frozen=True, slots=True)
class Refused:
    """A post that the store could not take: when, and why in words that hold no person."""

    at: datetime
    why: str


class Front:
    """The site as one manifest describes it. site.url: where it really is, absolute if that is known at all."""

    def __init__(self, site: Site, relay_url: str) -> None:
        self.site = site
        self.origins = frozenset(filter(None, (origin_of(site.url), origin_of(relay_url))))
        self.zone = ZoneInfo(site.timezone)
        self._relay_url = relay_url

    @cached_property
    def pages(self) -> Renderer:
        """Where site and relay are one origin, links say no host: the visitor may know it by another name."""
        if origin_of(self.site.url) == origin_of(self._relay_url):
            return Renderer(msgspec.structs.replace(self.site, url=""), "")
        return Renderer(self.site, self._relay_url)


@dataclass(slots=True, kw_only=True)
class Desk:
    """The rooms an endpoint works with.

    transport: the name that letters are accepted under; captured: it sends nothing. site_url, relay_url: as the
    operator set them, may be empty. contact: whom to write to about abuse. token: draws unguessable ones, fit for a
    URL. new_id: draws a submission's. wake: the worker's bell. letters, lookups: how often one connection may do that.
    """

    campaigns: Campaigns
    states: Mapping[str, State]
    outbox: Outbox
    transport: str
    captured: bool
    site_url: str
    relay_url: str
    contact: str
    keys: Keys
    now: Callable[[], datetime]
    token: Callable[[], str]
    new_id: Callable[[], str]
    wake: Callable[[], None]
    letters: Limit
    lookups: Limit
    discretion: Discretion = Discretion()
    trust_roster: date | None = None  # until when the operator vouches for it
    refused: Refused | None = None  # the last post that the store could not take
    _front: Front | None = field(default=None, init=False)
    _fronted: Site | None = field(default=None, init=False)

    @property
    def front(self) -> Front:
        """For the manifest in force; a plain one while there is none, so that even then pages can be shown."""
        said = self.campaigns.manifest.site if self.campaigns.is_read else _NAMELESS
        if self._front is None or self._fronted is not said:
            site = msgspec.structs.replace(said, url=self.site_url) if self.site_url else said
            self._front, self._fronted = Front(site, self.relay_url), said
        return self._front

    @property
    def pages(self) -> Renderer:
        return self.front.pages

    @property
    def frame(self) -> Frame:
        """What stands around the letters."""
        return Frame(self.front.site, self.contact, self.transport)

    def note_refused(self, error: StoreError) -> None:
        """Say once a minute in the log that posts cannot be stored; readiness says it too, while it is so."""
        if not self.is_refusing():
            log.error("a post could not be stored, its writer was asked to send it again: %s", error)
            self.refused = Refused(self.now(), str(error))

    def is_refusing(self) -> bool:
        """Whether a post could not be stored within the last minute."""
        return self.refused is not None and self.now() - self.refused.at < REMEMBERED

    def today(self) -> date:
        """At the site's place."""
        return self.now().astimezone(self.front.zone).date()

    def phase(self, campaign: Campaign) -> Phase:
        return campaign.phase(self.today())

    def state_of(self, campaign: Campaign) -> State:
        return self.states[campaign.state]

    def outdated(self, state: State) -> Callable[[Chamber, str], bool]:
        """Whether a seat's letters must wait for a newer roster. Where nothing is sent, readiness warns, and that is
        enough; and the operator may know that the roster is right."""
        today = self.today()
        if self.captured or (self.trust_roster and today <= self.trust_roster):
            return lambda *_: False
        return state.freshness(today).outdated

    def known_until(self, state: State, seat: tuple[Chamber, str] | None) -> datetime | None:
        """When it stops being known who holds a seat: at midnight, at the site's place. None if no such day is known,
        and where nothing is sent or nobody in the roster is meant."""
        day = state.known_until(*seat) if seat and not self.captured else None
        if day and self.trust_roster and day <= self.trust_roster:
            day = self.trust_roster + timedelta(days=1) if self.trust_roster.year < date.max.year else None
        return datetime.combine(day, time.min, self.front.zone).astimezone(UTC) if day else None

    def language(self, request: Request, wanted: str = "") -> str:
        """The form's language, else the browser's, else the site's own."""
        spoken = self.front.site.languages
        if wanted in spoken:
            return wanted
        return choose_language(request.headers.get("accept-language", ""), spoken) or spoken[0]


_NAMELESS = Site(name="Beaconpost", url="", languages=("en",))
