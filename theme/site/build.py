"""Check the content as a build would, and build the site: Pelican with our settings, in a process of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from theme.counts import read_counts
from theme.manifest import MANIFEST_NAME
from theme.site.branding import read_branding
from theme.site.content import read_content
from theme.site.headers import EMBED, list_hosting_limits
from theme.site.problems import ContentError, Problem

CONF: Final = "pelicanconf.py"


class SiteError(Exception):
    """The site was not built. Its text is what is wrong, `file:line:column: …` for each fault in the content."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found. faults stop a build, warnings do not; campaigns, pages: how many, if nothing stops it.

    notes: what the host of the site cannot do.
    """

    faults: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    campaigns: int = 0
    pages: int = 0
    notes: tuple[str, ...] = ()


def check_content(content: Path, language: str | None = None) -> CheckResult:
    """Everything wrong with what is in `content`, by the language and time zone that a build would go by.

    language: instead of the site's, that of files without one in their name.
    Raises SiteError if there are settings that cannot be read; without any, English and UTC count.
    """
    # Here, because every command imports this module, and Pelican would add 20 MB to a relay that never uses it.
    from pelican.settings import get_settings_from_file  # type: ignore[import-untyped]

    settings = {"DEFAULT_LANG": "en", "TIMEZONE": "UTC"}
    conf = _conf(content)
    try:
        settings |= get_settings_from_file(str(conf)) if conf else {}
        today = datetime.now(ZoneInfo(settings["TIMEZONE"])).date()
        read_branding(settings, content)
        notes = list_hosting_limits(
            settings.get("SITEURL", ""), settings.get(EMBED, ()), conf.parent if conf else Path()
        )
    except Exception as error:  # whatever an organisation's own Python may raise
        raise SiteError(f"{conf}: {error}") from error
    try:
        read_counts(content)
    except ValueError as error:
        raise SiteError(str(error)) from error
    try:
        found = read_content(content, (language or settings["DEFAULT_LANG"]).lower(), today)
    except ContentError as error:
        return CheckResult(error.problems, error.warnings, notes=notes)
    return CheckResult((), found.warnings, len(found.campaigns), len(found.pages), notes)


def build_site(content: Path, output: Path, site_url: str, relay_url: str) -> None:
    """Build what is in `content` into `output`, which is emptied first unless something is wrong with the content.

    site_url, relay_url: where they will be, without a trailing slash; "" for one origin. Settings are read from
    the pelicanconf.py beside `content`, else the one in the working folder. Raises SiteError.

    A process of its own, because Pelican keeps state between runs, and a `pelican` typed by hand does the same.
    """
    conf = _conf(content)
    if conf is None:
        raise SiteError(f"no {CONF} beside {content} or here: run this in the folder of your site")
    if output.is_dir() and any(output.iterdir()) and not (output / MANIFEST_NAME).is_file():
        raise SiteError(f"{output} holds something else than a site of ours, which a build would delete: move it away")
    run = subprocess.run(  # noqa: S603  (our own arguments)
        [
            *(sys.executable, "-m", "pelican", str(content), "--settings", str(conf), "--output", str(output)),
            *("--fatal", "errors", "--log-handler", "plain"),
        ],
        env=os.environ | {"BEACONPOST_SITE_URL": site_url, "BEACONPOST_RELAY_URL": relay_url},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if run.returncode != 0:
        raise SiteError(run.stderr.strip() or run.stdout.strip())
    if run.stderr.strip():
        print(run.stderr.strip(), file=sys.stderr)


def _conf(content: Path) -> Path | None:
    return next((one for one in (content.resolve().parent / CONF, Path(CONF).resolve()) if one.is_file()), None)
