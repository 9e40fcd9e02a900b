"""Check content without building, and build the site by running Pelican in a subprocess."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from boundaries.data import state_folders
from theme.counts import read_counts
from theme.manifest import MANIFEST_NAME
from theme.site.admin import find_admin
from theme.site.branding import read_branding
from theme.site.content import read_content
from theme.site.discovery import display_path
from theme.site.file_names import CAMPAIGNS
from theme.site.headers import EMBED, list_hosting_limits
from theme.site.leftovers import MARK
from theme.site.organization import read_organization
from theme.site.problems import ContentError, Problem
from theme.site.promises import read_promises
from theme.site.recipient_domains import find_refused
from theme.site.replacement import NotASite, check_served, replace_site
from theme.site.run import find_own_states
from theme.site.states import States
from theme.site.unchanged import find_build, keep_build

CONF: Final = "pelicanconf.py"
PUBLISH: Final = "publishconf.py"


class SiteError(Exception):
    """The site was not built. The text says why: `file:line:column: …` for each problem in the content."""


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


def read_language(content: Path) -> str:
    """The site's first language, "en" without settings. Raises SiteError if they cannot be read."""
    conf = _conf(content)
    try:
        return str(_load_settings(conf)["DEFAULT_LANG"]).lower() if conf else "en"
    except Exception as error:  # an organization's own Python may raise anything
        raise SiteError(f"{conf}: {error}") from error


def check_content(
    content: Path, language: str | None = None, allowed: Collection[str] = (), site_url: str = ""
) -> CheckResult:
    """Check everything in `content`, with the site's language and time zone, or English and UTC without settings.

    language: that of files without a language in their name, instead of the site's. allowed: domains of recipients
    outside the roster that the relay will write to. site_url: public URL of the site, "" if it is not known.
    Raises SiteError if the settings or the counts cannot be read.
    """
    settings = {"DEFAULT_LANG": "en", "TIMEZONE": "UTC"}
    conf = _conf(content)
    try:
        settings |= _load_settings(conf) if conf else {}
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
        states = state_folders(find_own_states(settings))
        first = (language or settings["DEFAULT_LANG"]).lower()
        checked = read_content(content, first, now.date(), promises, states, site_url=site_url.rstrip("/"))
    except ContentError as error:
        return CheckResult(error.problems, error.warnings, notes=notes)
    if not checked.campaigns:
        start = Problem(
            display_path(content / CAMPAIGNS), 1, 1, "no campaign: create one with `beaconpost new my-campaign`"
        )
        return CheckResult((start,), checked.warnings, notes=notes)
    warnings = tuple(sorted([*checked.warnings, *find_refused(checked.sources, States(states), allowed)]))
    phases = {campaign.phase(now) for campaign in checked.campaigns}
    if not phases & {"open", "upcoming"}:
        wrong = f"visitors find no campaign to take part in: all are {' or '.join(sorted(phases))}"
        warnings = (Problem(display_path(content / CAMPAIGNS), 1, 1, wrong), *warnings)
    return CheckResult((), warnings, len(checked.campaigns), len(checked.pages), notes)


def build_site(
    content: Path, output: Path, site_url: str, relay_url: str, *, public: bool = False, manifest_key: str = ""
) -> None:
    """Build `content`, and let `output` hold the site and nothing else; if there are problems, `output` stays as it is.
    People may be reading it meanwhile (see `replacement`).

    site_url, relay_url: public URLs without a trailing slash; "" for one origin. Settings come from the pelicanconf.py
    next to `content`, else from the one in the working directory; public: from the publishconf.py beside it, which
    refuses what the public should not see. manifest_key: see theme.hidden_part. Raises SiteError.

    Pelican runs in a subprocess because it keeps state between runs, and so that `pelican` by hand does the same.
    """
    conf = _conf(content)
    if conf is None:
        raise SiteError(f"no {CONF} next to {content} or here: run this in your site's folder (see `beaconpost init`)")
    if public:
        conf = conf.with_name(PUBLISH)
        if not conf.is_file():
            raise SiteError(f"no {conf}: `beaconpost init` in an empty folder makes one that you can copy")
    try:
        check_served(output)
    except NotASite as error:
        raise SiteError(str(error)) from None
    environ = os.environ | {
        "BEACONPOST_SITE_URL": site_url, "BEACONPOST_RELAY_URL": relay_url, "BEACONPOST_MANIFEST_KEY": manifest_key,
    }  # fmt: skip
    if build := find_build(output, conf, content, environ):
        _print(build.said)
        return
    settings = _read_settings(conf)
    with tempfile.TemporaryDirectory(prefix="beaconpost-") as folder:
        made = Path(folder) / "output"
        run = subprocess.run(  # noqa: S603  (our own arguments)
            [
                *(sys.executable, "-m", "pelican", str(content), "--settings", str(conf), "--output", str(made)),
                *("--fatal", "errors", "--log-handler", "plain"),
            ],
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if run.returncode != 0:
            raise SiteError(run.stderr.strip() or run.stdout.strip())
        try:
            had_site = (output / MANIFEST_NAME).is_file()
            replace_site(made, output, settings.get("OUTPUT_RETENTION", ()))
        except NotASite as error:  # since it was checked
            raise SiteError(str(error)) from None
        except OSError as error:
            left = f"the site in {output} is partly the old one" if had_site else f"there is no whole site in {output}"
            raise SiteError(f"{error.filename}: {error.strerror}: {left}") from None
    keep_build(output, conf, content, environ, settings, run.stderr.strip())
    _print(run.stderr.strip())


def _print(warnings: str) -> None:
    if warnings:
        print(warnings, file=sys.stderr)


def _read_settings(conf: Path) -> Mapping[str, Any]:
    """Pelican's, with the site's. Pelican would show a traceback. publishconf.py says itself what is wrong."""
    try:
        settings = _load_settings(conf.with_name(CONF))
    except Exception as error:  # an organization's own Python may raise anything
        raise SiteError(f"{conf.with_name(CONF)}: {error}") from error
    return settings


def find_site(content: Path) -> Path:
    """The folder of the site, with its settings: next to `content`, else the working directory."""
    conf = _conf(content)
    return conf.parent if conf else Path.cwd()


def _conf(content: Path) -> Path | None:
    return next((path for path in (content.resolve().parent / CONF, Path(CONF).resolve()) if path.is_file()), None)


def _load_settings(conf: Path) -> dict[str, Any]:
    """Pelican's, with the site's. Raises whatever an organization's own Python raises."""
    # Imported here: every command imports this module, and Pelican would add 20 MB to a relay that never uses it.
    from pelican.settings import get_settings_from_file  # type: ignore[import-untyped]

    sys.modules.pop("theme.settings", None)  # it depends on the environment and on the folder
    settings: dict[str, Any] = get_settings_from_file(str(conf))
    return settings
