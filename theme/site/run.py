"""The state of one Pelican run, passed between signal handlers in Pelican's settings, the one object they all share."""

import os
import time
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from boundaries.data import state_folders
from theme.counts import read_counts
from theme.manifest import Campaign, Look, Manifest, Organization, Promises
from theme.pages.languages import unreviewed_sensitive
from theme.site.admin import find_admin
from theme.site.branding import read_branding
from theme.site.content import Content, read_content
from theme.site.discovery import display_path
from theme.site.headers import EMBED, check_embed_origins
from theme.site.organization import read_organization
from theme.site.promises import read_promises
from theme.site.staging import SERVED, Staging
from theme.site.states import States

MANIFEST_KEY: Final = "BEACONPOST_MANIFEST_KEY"
_RUN: Final = "BEACONPOST_RUN"


@dataclass(slots=True)
class Run:
    """What one run of Pelican knows."""

    built: datetime  # UTC; SOURCE_DATE_EPOCH if it is set
    now: datetime  # the same in the site's time zone
    content: Content
    counts: Mapping[str, int]  # letters by campaign slug, as last exported
    look: Look
    promises: Promises
    organization: Organization | None
    admin: Path | None  # the folder of the editor in the browser
    states: States
    staging: Staging
    manifest: Manifest = field(init=False)  # set once all generators have read their pages
    by_slug: Mapping[str, Campaign] = field(init=False)  # of the manifest


def start_run(settings: MutableMapping[str, Any]) -> Run:
    """Check settings and content and keep the result in `settings`. Raises ContentError or ValueError."""
    content = Path(settings["PATH"])
    built = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH") or time.time()), UTC)
    now = built.astimezone(ZoneInfo(settings["TIMEZONE"]))
    check_embed_origins(settings.get(EMBED, ()))
    admin = find_admin(content)  # now, before anything is written
    counts = read_counts(content)
    look = read_branding(settings, content)
    promises = read_promises(settings)
    organization = read_organization(settings)
    states = States(state_folders(find_own_states(settings)))
    key, url = settings.get(MANIFEST_KEY, ""), settings["SITEURL"]
    checked = read_content(content, settings["DEFAULT_LANG"], now.date(), promises, states, key, url)
    served = os.environ.get(SERVED)
    staging = Staging(Path(settings["OUTPUT_PATH"]), Path(served) if served else None)
    run = Run(built, now, checked, counts, look, promises, organization, admin, states, staging)
    settings[_RUN] = run
    return run


def find_own_states(settings: Mapping[str, Any]) -> Path | None:
    """The folder of states that are newer than those that ship; None if there is none."""
    folder = settings.get("BEACONPOST_BOUNDARIES")
    return Path(folder) if folder else None


def current_run(settings: Mapping[str, Any]) -> Run:
    """The run that `start_run` put into these settings."""
    run: Run = settings[_RUN]
    return run


def find_unreviewed(content: Content, accepted: Sequence[str], setting: str) -> list[str]:
    """One message for each language or page that needs a native speaker's review before it may be published.

    accepted: languages the operator publishes without a review. setting: the setting that lists them.
    """
    used = {page.language for page in content.pages.values()}.union(*(campaign.texts for campaign in content.campaigns))
    messages = []
    for tag in sorted(used - set(accepted)):
        if unreviewed := unreviewed_sensitive(tag):
            messages.append(
                f"{tag}: no native speaker has checked {len(unreviewed)} sentences about safety and consent, such as "
                f"“{unreviewed[0]}”. Have them checked and marked in theme/locale/, remove the language, or add "
                f'"{tag}" to {setting} in publishconf.py'
            )
    return messages + [
        f"{display_path(path)}: no native speaker has checked this page. Have it checked and set "
        f'`translation: reviewed`, or add "{page.language}" to {setting} in publishconf.py'
        for path, page in sorted(content.pages.items())
        if page.unreviewed and page.language not in accepted
    ]
