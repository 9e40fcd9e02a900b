"""What in a site's folder is of another release than this one, or of another site, and what to do about it."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Final

from relay.errors import StoreError
from relay.settings import PREFIX, VARIABLES
from relay.settings.parsers import parse_campaigns, parse_database
from theme.hidden_part import reveal
from theme.manifest import parse_manifest
from theme.site.admin import CONFIG, has_editor, read_config
from theme.site.admin import FOLDER as ADMIN
from theme.site.campaign_file import KEYS
from theme.site.discovery import display_path
from theme.site.folder import CONF
from theme.site.problems import Problem
from theme.site.requirement import REQUIREMENTS, read_pinned

SHARED: Final = "theme.settings"  # what pelicanconf.py has begun with since 0.1


def find_differences(folder: Path, environment: Mapping[str, str]) -> Iterator[Problem]:
    """folder: the site's, with pelicanconf.py. environment: with what `.env` adds."""
    given = {
        variable.name: environment.get(PREFIX + variable.name, "").strip() or variable.default for variable in VARIABLES
    }
    for path, wrong in (
        (folder / REQUIREMENTS, _find_other_release(folder)),
        (folder / CONF, _find_old_settings(folder / CONF)),
        (folder / ADMIN / CONFIG, _find_old_form(folder / ADMIN)),
        *_check_manifest(given),
        *_check_database(given["DATABASE"]),
    ):
        if wrong:
            yield Problem(display_path(path), 1, 1, wrong)


def _find_other_release(folder: Path) -> str:
    pinned, ours = read_pinned(folder), version("beaconpost")
    if pinned in ("", ours):
        return ""
    return (
        f"this folder is for Beaconpost {pinned}, and this is {ours}: install that one, or write {ours} here, once you "
        "have looked at the site with `beaconpost dev`"
    )


def _find_old_settings(conf: Path) -> str:
    with suppress(OSError, ValueError):
        if SHARED not in conf.read_text("utf-8"):
            return (
                f"this is of an older release: begin it with `from {SHARED} import *`, and keep of the rest only what "
                "is your own"
            )
    return ""


def _find_old_form(admin: Path) -> str:
    """What the form in the browser does not ask for, because its page was written by an older release."""
    if not has_editor(admin):
        return ""
    with suppress(ValueError):  # `check` says itself what is wrong with it
        fields = [field for collection in read_config(admin)["collections"] for field in collection["fields"]]
        asked = {field["name"] for field in fields}
        if missing := [key for key in KEYS if key not in asked]:
            return f"the form in the browser does not ask for {', '.join(missing)}: run `beaconpost cms` again"
    return ""


def _check_manifest(given: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    """Of the site that was built last, if it is on this machine."""
    try:
        path = Path(parse_campaigns(given["CAMPAIGNS"]))
        raw = path.read_bytes()
    except (OSError, ValueError):
        return  # not built yet, or elsewhere; a wrong setting is told by the commands that need it
    again = "build the site again, with the release and the settings that the relay has"
    try:
        manifest = parse_manifest(raw)
    except ValueError as error:
        yield path, f"{error}. {again.capitalize()}"
        return
    try:
        reveal(manifest, given["MANIFEST_KEY"])
    except ValueError as error:
        yield path, f"{error}. {again.capitalize()}"
    built_for, wanted = manifest.site.url, given["SITE_URL"].rstrip("/")
    if built_for and wanted and built_for != wanted:
        yield path, f"its pages are built for {built_for}, and {PREFIX}SITE_URL is {wanted}: correct it, or {again}"


def _check_database(database: str) -> Iterator[tuple[Path, str]]:
    """Of a SQLite file; a PostgreSQL database is looked at by the relay alone."""
    from relay.outbox.sqlite.copies import NEWEST, read_version

    try:
        path = parse_database(database)
        if not isinstance(path, Path) or not path.is_file():
            return
        found = read_version(path)
    except (StoreError, OSError, ValueError, sqlite3.Error):
        return  # the relay says why it cannot read it
    if found > NEWEST:
        wrong = (
            f"a newer release has upgraded it to version {found}, and this one reads {NEWEST}: install the newer one"
        )
        yield path, f"{wrong}, or go back with that one's `beaconpost upgrade --undo`"
    elif 0 < found < NEWEST:
        yield path, f"it has version {found}, this release has {NEWEST}: stop the relay, and run `beaconpost upgrade`"
