"""The site as the manifest in force describes it: where it is, its pages, its languages and its calendar."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from starlette.requests import Request

from relay.campaigns import Campaigns
from theme.manifest import Campaign, Phase, Site
from theme.pages.languages import choose_language
from theme.render import Renderer

UNNAMED: Final = Site(name="Beaconpost", url="", languages=("en",))  # while there is no manifest


def origin_of(url: str) -> str:
    """ "https://relay.example/path" → "https://relay.example"; "" stays ""."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


class _Snapshot:
    """What follows from one manifest's site. site.url: absolute, as far as it is known."""

    def __init__(self, site: Site, relay_url: str) -> None:
        self.site = site
        self.origins = frozenset(filter(None, (origin_of(site.url), origin_of(relay_url))))
        self.zone = ZoneInfo(site.timezone)
        self._relay_url = relay_url

    @cached_property
    def pages(self) -> Renderer:
        """If site and relay share an origin, links name no host: the visitor may know it by another name. Only what is
        shared with others does."""
        if origin_of(self.site.url) == origin_of(self._relay_url):
            return Renderer(msgspec.structs.replace(self.site, url=""), "", self.site.url)
        return Renderer(self.site, self._relay_url)


class SiteView:
    """Follows the manifest in force. site_url, relay_url: as the operator set them; may be ""."""

    def __init__(self, campaigns: Campaigns, site_url: str, relay_url: str, now: Callable[[], datetime]) -> None:
        self.relay_url = relay_url
        self._campaigns = campaigns
        self._site_url = site_url
        self._now = now
        self._source = UNNAMED
        self._current = _Snapshot(UNNAMED, relay_url)

    @property
    def site(self) -> Site:
        return self._snapshot.site

    @property
    def origins(self) -> frozenset[str]:
        """Of the site and the relay: whose pages may post, and whose scripts may read answers."""
        return self._snapshot.origins

    @property
    def mismatch(self) -> str:
        """Why no page of the site can post here; "" if they can. A site that was built without an address may."""
        built_for = self._campaigns.manifest.site.url if self._campaigns.is_read else ""
        if not (self._site_url and built_for) or origin_of(self._site_url) == origin_of(built_for):
            return ""
        return (
            f"its pages are built for {origin_of(built_for)}, and BEACONPOST_SITE_URL here is "
            f"{origin_of(self._site_url)}: posts from them are refused. Set both to the same address"
        )

    @property
    def zone(self) -> ZoneInfo:
        return self._snapshot.zone

    @property
    def pages(self) -> Renderer:
        return self._snapshot.pages

    def today(self) -> date:
        """In the site's time zone."""
        return self._now().astimezone(self.zone).date()

    def phase(self, campaign: Campaign) -> Phase:
        return campaign.phase(self._now().astimezone(self.zone))

    def language(self, request: Request, wanted: str = "") -> str:
        """That of the page's language switch, else the form's, else the browser's, else the site's own.

        wanted: the form's; "" if there is none.
        """
        languages = self.site.languages
        for tag in (request.query_params.get("lang", ""), wanted):
            if tag in languages:
                return tag
        return choose_language(request.headers.get("accept-language", ""), languages) or languages[0]

    def keep_language(self, request: Request) -> str:
        """The query string of a form on a page whose language switch was used; "" if it was not."""
        tag = request.query_params.get("lang", "")
        return f"?lang={tag}" if tag in self.site.languages else ""

    @property
    def _snapshot(self) -> _Snapshot:
        source = self._campaigns.manifest.site if self._campaigns.is_read else UNNAMED
        if source is not self._source:
            site = msgspec.structs.replace(source, url=self._site_url) if self._site_url else source
            self._source, self._current = source, _Snapshot(site, self.relay_url)
        return self._current
