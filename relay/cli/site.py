"""What organisers type: `beaconpost new`, `check` and `build`."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from boundaries.data import codes, shipped
from boundaries.state import open_state
from theme.pages.environment import TEMPLATES
from theme.site.build import SiteError, build_site, check_content
from theme.site.content import CAMPAIGNS, is_slug


def add_commands(subparsers: Any) -> None:  # noqa: ANN401  (argparse keeps the type of its sub-parsers private)
    """Add the three commands. Each sets `run`, which takes the parsed arguments and returns the exit status."""
    new = subparsers.add_parser("new", help="write a starter campaign file")
    new.add_argument("slug", metavar="SLUG", help="the file's name and the page's address, like fair-rent")
    _add_content(new)
    new.set_defaults(run=_new)

    check = subparsers.add_parser("check", help="say what is wrong with the campaign files and pages")
    check.add_argument("--json", action="store_true", help="print a list of {file, line, column, text, fatal}")
    check.add_argument("--language", help="language of files without one in their name (default: the site's)")
    _add_content(check)
    check.set_defaults(run=_check)

    build = subparsers.add_parser("build", help="build the static site")
    build.add_argument("--output", type=Path, default=Path("output"), help="folder to build into (default output)")
    build.add_argument("--site-url", help="where the site will be (default BEACONPOST_SITE_URL)")
    build.add_argument("--relay-url", help="where the relay is (default BEACONPOST_RELAY_URL; empty: same origin)")
    _add_content(build)
    build.set_defaults(run=_build)


def _add_content(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--content", type=Path, default=Path("content"), help="folder of content (default content)")


def _new(arguments: argparse.Namespace) -> int:
    path: Path = arguments.content / CAMPAIGNS / f"{arguments.slug}.md"
    if not is_slug(arguments.slug):
        print(f'"{arguments.slug}" cannot be an address: use small letters, digits and hyphens', file=sys.stderr)
        return 2
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write((TEMPLATES / "starter.md").read_text("utf-8"))
    except FileExistsError:
        print(f"{path} is there already; it was left as it is", file=sys.stderr)
        return 1
    print(f"{path} is yours to write. `beaconpost check` says what is missing, `beaconpost dev` shows the page.")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    if not (arguments.content / CAMPAIGNS).is_dir():
        print(f"no folder {arguments.content / CAMPAIGNS}: start one with `beaconpost new`", file=sys.stderr)
        return 1
    try:
        report = check_content(arguments.content, arguments.language)
    except SiteError as error:
        print(error, file=sys.stderr)
        return 1
    if arguments.json:
        said = [(fault, True) for fault in report.faults] + [(warning, False) for warning in report.warnings]
        print(json.dumps([{**asdict(one), "fatal": fatal} for one, fatal in said], indent=1))
    else:
        for fault in report.faults:
            print(fault, file=sys.stderr)
        for warning in (*report.warnings, *report.notes, *_stale_rosters()):
            print(f"warning: {warning}", file=sys.stderr)
        if not report.faults:
            print(f"Good to publish. Campaigns: {report.campaigns}, pages: {report.pages}.")
    return 1 if report.faults else 0


def _build(arguments: argparse.Namespace) -> int:
    urls = {
        "site_url": arguments.site_url or os.environ.get("BEACONPOST_SITE_URL", ""),
        "relay_url": arguments.relay_url or os.environ.get("BEACONPOST_RELAY_URL", ""),
    }
    try:
        build_site(arguments.content, arguments.output, **urls)
    except SiteError as error:
        print(error, file=sys.stderr)
        return 1
    for warning in _stale_rosters():
        print(f"warning: {warning}", file=sys.stderr)
    print(f"The site is in {arguments.output}/.")
    return 0


def _stale_rosters() -> list[str]:
    """Which states' rosters have grown old or outlived a term, and what to do."""
    states = [open_state(shipped(code)) for code in codes()]
    today = datetime.now(UTC).date()
    return [f"{state.name}: {fresh.message}" for state in states if (fresh := state.freshness(today)).message]
