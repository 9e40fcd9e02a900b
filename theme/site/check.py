"""Check content without building."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from boundaries.data import state_folders
from theme.counts import read_counts
from theme.site.admin import find_admin
from theme.site.branding import read_branding
from theme.site.content import read_content
from theme.site.discovery import display_path
from theme.site.file_names import CAMPAIGNS
from theme.site.folder import SiteError, find_conf, load_settings
from theme.site.headers import EMBED, list_hosting_limits
from theme.site.leftovers import MARK
from theme.site.organization import read_organization
from theme.site.problems import ContentError, Problem
from theme.site.promises import read_promises
from theme.site.recipient_domains import find_refused
from theme.site.run import find_own_states
from theme.site.states import States


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check."""

    faults: tuple[Problem, ...]  # these stop a build
    warnings: tuple[Problem, ...]
    campaigns: int = 0  # how many, if there are no faults
    pages: int = 0
    notes: tuple[str, ...] = ()  # what the site's host cannot do

    @property
    def unfinished(self) -> int:
        """How many sentences of the starter are still there."""
        return sum(MARK in warning.text for warning in self.warnings)


def check_content(
    content: Path, language: str | None = None, allowed: Collection[str] = (), site_url: str = ""
) -> CheckResult:
    """Check everything in `content`, with the site's language and time zone, or English and UTC without settings.

    language: that of files without a language in their name, instead of the site's. allowed: domains of recipients
    outside the roster that the relay will write to. site_url: public URL of the site, "" if it is not known.
    Raises SiteError if the settings or the counts cannot be read.
    """
    settings = {"DEFAULT_LANG": "en", "TIMEZONE": "UTC"}
    conf = find_conf(content)
    try:
        settings |= load_settings(conf) if conf else {}
        now = datetime.now(ZoneInfo(settings["TIMEZONE"]))
        read_branding(settings, content)
        promises = read_promises(settings)
        read_organization(settings)
        notes = list_hosting_limits(
            settings.get("SITEURL", ""), settings.get(EMBED, ()), conf.parent if conf else Path()
        )
    except Exception as error:  # an organization's own Python may raise anything
        raise SiteError(f"{conf}: {error}") from error
    try:
        read_counts(content)
        find_admin(content)
    except ValueError as error:
        raise SiteError(str(error)) from error
    try:
        states = States(state_folders(find_own_states(settings)))
        first = (language or settings["DEFAULT_LANG"]).lower()
        checked = read_content(content, first, now.date(), promises, states, site_url=site_url.rstrip("/"))
    except ContentError as error:
        return CheckResult(error.problems, error.warnings, notes=notes)
    if not checked.campaigns:
        start = Problem(
            display_path(content / CAMPAIGNS), 1, 1, "no campaign: create one with `beaconpost new my-campaign`"
        )
        return CheckResult((start,), checked.warnings, notes=notes)
    warnings = tuple(sorted([*checked.warnings, *find_refused(checked.sources, states, allowed)]))
    phases = {campaign.phase(now) for campaign in checked.campaigns}
    if not phases & {"open", "upcoming"}:
        wrong = f"visitors find no campaign to take part in: all are {' or '.join(sorted(phases))}"
        warnings = (Problem(display_path(content / CAMPAIGNS), 1, 1, wrong), *warnings)
    return CheckResult((), warnings, len(checked.campaigns), len(checked.pages), notes)
