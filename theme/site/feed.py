"""`atom.xml`, a feed of the campaigns in each language of the site. Source: RFC 4287.

A campaign's entry changes when it opens and when it is over, not with each night's build: readers would show it as new.
"""

from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from theme.manifest import Campaign, Manifest
from theme.pages.environment import create_environment

FEED: Final = "atom.xml"


def render_feed(manifest: Manifest, language: str, now: datetime) -> str:
    """The whole file, without drafts, withdrawn campaigns and those that open later. now: in the site's time zone."""
    zone = ZoneInfo(manifest.site.timezone)

    def place(day: date | None) -> str:
        at = datetime.combine(day, time.min, zone).astimezone(UTC) if day else manifest.built
        return at.replace(microsecond=0).isoformat().replace("+00:00", "Z")

    shown: list[tuple[Campaign, str, bool]] = []
    for campaign in manifest.campaigns:
        phase = campaign.phase(now)
        if phase in ("open", "closed"):
            shown.append((campaign, place(campaign.closes if phase == "closed" else campaign.opens), phase == "closed"))
    shown.sort(key=lambda entry: (entry[1], entry[0].slug), reverse=True)
    updated = max((changed for _, changed, _ in shown), default=place(None))
    template = create_environment().get_template(FEED)
    return template.render(site=manifest.site, lang=language, campaigns=shown, updated=updated) + "\n"
