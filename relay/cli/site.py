"""The commands for organizers: `beaconpost init`, `new`, `check` and `build`."""

import argparse
import json
import secrets
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from boundaries.state import open_state
from relay.cli.terminal import read_environment, read_states, say_if_it_takes_long
from relay.settings.parsers import parse_domains
from theme.pages.languages import SOURCE
from theme.site.build import build_site
from theme.site.file_names import CAMPAIGNS, is_slug
from theme.site.folder import SiteError, find_site, read_language
from theme.site.language_tags import guess_tag
from theme.site.recipient_domains import SETTING
from theme.site.starter import languages, make_folder, write_campaign

UNADDRESSED: Final = """\
warning: no letter can be sent from this site unless a relay answers at its own address. For a site and a relay at two
addresses set BEACONPOST_SITE_URL and BEACONPOST_RELAY_URL, here or in .env. To try it out: beaconpost dev."""


UNSEALED: Final = """\
warning: campaigns.json shows drafts and the organizers' e-mail addresses to everybody. Set BEACONPOST_MANIFEST_KEY,
here or in .env, and to the same for the relay: openssl rand -hex 32."""


def add_commands(subparsers: Any) -> None:  # noqa: ANN401  (the type of argparse's subparsers is private)
    """Add the commands. Each sets `run`, which takes the parsed arguments and returns the exit status: 0 done,
    1 problems found, 2 usage."""
    init = subparsers.add_parser("init", help="make a folder for a site of your own")
    init.add_argument("folder", type=Path, metavar="FOLDER", help="a new or empty folder, like my-site")
    init.add_argument("--name", help="name of the site (default: the folder's)")
    init.set_defaults(run=_init)

    new = subparsers.add_parser("new", help="write a starter campaign file")
    new.add_argument("slug", metavar="SLUG", help="name of the file and of the page's URL, like fair-rent")
    new.add_argument(
        "--language",
        metavar="TAG",
        help="a starter in another language, like es; if it is not the site's first, a translation of the campaign",
    )
    _add_content(new)
    new.set_defaults(run=_new)

    check = subparsers.add_parser("check", help="list problems in campaign files and pages")
    check.add_argument("--json", action="store_true", help="print a list of {file, line, column, text, fatal}")
    check.add_argument("--language", help="language of files without a language in their name (default: the site's)")
    _add_content(check)
    check.set_defaults(run=_check)

    build = subparsers.add_parser("build", help="build the static site")
    build.add_argument("--output", type=Path, default=Path("output"), help="output folder (default output)")
    build.add_argument("--site-url", help="public URL of the site (default BEACONPOST_SITE_URL)")
    build.add_argument("--relay-url", help="public URL of the relay (default BEACONPOST_RELAY_URL; empty: same origin)")
    build.add_argument("--publish", action="store_true", help="for the public: refuse to build what it should not see")
    _add_content(build)
    build.set_defaults(run=_build)


def _add_content(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--content", type=Path, default=Path("content"), help="content folder (default content)")


def _init(args: argparse.Namespace) -> int:
    folder: Path = args.folder
    name = (args.name or folder.resolve().name.replace("-", " ").replace("_", " ").title()).strip()
    if not name.isprintable() or set(name) & set('"\\'):
        print("--name: give one line without quotation marks", file=sys.stderr)
        return 2
    try:
        requirement = make_folder(folder, name, secrets.token_hex(32))
    except FileExistsError as error:
        print(f"{folder} has {error} already; nothing was written", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{folder}: {error.strerror}", file=sys.stderr)
        return 1
    print(
        f"Made {folder}. Next:\n  cd {folder}\n  beaconpost dev      look at it; edit content/campaigns/my-campaign.md"
        "\n  beaconpost check    says what is missing\nWho you are belongs into pelicanconf.py."
    )
    if not requirement.is_certain:
        print("The workflow installs what requirements.txt names: see there, if no package index has this release.")
    return 0


def _new(args: argparse.Namespace) -> int:
    folder: Path = args.content / CAMPAIGNS
    if not is_slug(args.slug):
        print(f'"{args.slug}" cannot be part of a URL: use lowercase letters, digits and hyphens', file=sys.stderr)
        return 2
    try:
        first = read_language(args.content)
    except SiteError as error:
        print(error, file=sys.stderr)
        return 1
    tag = (args.language or first).lower().replace("_", "-")
    if args.language and tag not in languages():
        meant = guess_tag(tag)
        hint = f" Did you mean {meant}?" if meant in languages() else ""
        print(f"there is no starter in {args.language!r}: use one of {', '.join(languages())}.{hint}", file=sys.stderr)
        return 2
    original, path = folder / f"{args.slug}.md", folder / f"{args.slug}.{tag}.md"
    made = []
    try:
        if tag == first or not original.is_file():
            write_campaign(original, first if first in languages() else SOURCE)
            made.append(original)
        if tag != first:
            write_campaign(path, tag, translation=True)
            made.append(path)
    except FileExistsError as error:
        print(f"{error.filename} already exists; it was not changed", file=sys.stderr)
        return 1
    names = " and ".join(map(str, made))
    print(f"Created {names}. `beaconpost check` lists what is missing, and `beaconpost dev` shows the page.")
    return 0


def _check(args: argparse.Namespace) -> int:
    from relay.cli.releases import find_differences
    from theme.site.check import check_content

    if not (args.content / CAMPAIGNS).is_dir():
        print(f"no folder {args.content / CAMPAIGNS}: create a campaign with `beaconpost new`", file=sys.stderr)
        return 1
    try:
        report = check_content(
            args.content, args.language, _allowed_domains(), read_environment().get("BEACONPOST_SITE_URL", "")
        )
        others = tuple(find_differences(find_site(args.content), read_environment()))
    except SiteError as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        problems = [(fault, True) for fault in report.faults] + [
            (warning, False) for warning in (*report.warnings, *others)
        ]
        print(json.dumps([{**asdict(problem), "fatal": fatal} for problem, fatal in problems], indent=1))
    else:
        for fault in report.faults:
            print(fault, file=sys.stderr)
        for warning in (*report.warnings, *others, *report.notes, *_roster_faults()):
            print(f"warning: {warning}", file=sys.stderr)
        if report.unfinished and not report.faults:
            print(
                f"Not ready to publish: of the starter, {report.unfinished} sentences are still there. "
                f"Campaigns: {report.campaigns}, pages: {report.pages}."
            )
        elif not report.faults:
            print(f"Ready to publish. Campaigns: {report.campaigns}, pages: {report.pages}.")
    return 1 if report.faults else 0


def _allowed_domains() -> frozenset[str]:
    """What the relay's operator has set, if that is known here."""
    try:
        return parse_domains(read_environment().get(SETTING, ""))
    except ValueError as error:
        raise SiteError(f"{SETTING}: {error}") from error


def _build(args: argparse.Namespace) -> int:
    environment = read_environment()
    urls = {
        "site_url": args.site_url or environment.get("BEACONPOST_SITE_URL", ""),
        "relay_url": args.relay_url or environment.get("BEACONPOST_RELAY_URL", ""),
    }
    key = environment.get("BEACONPOST_MANIFEST_KEY", "")
    try:
        with say_if_it_takes_long(f"building the site from {args.content}/ …"):
            build_site(args.content, args.output, **urls, public=args.publish, manifest_key=key)
    except SiteError as error:
        print(error, file=sys.stderr)
        return 1
    for warning in _roster_faults():
        print(f"warning: {warning}", file=sys.stderr)
    if not (urls["site_url"] or urls["relay_url"]):
        print(UNADDRESSED, file=sys.stderr)
    if args.publish and not key:
        print(UNSEALED, file=sys.stderr)
    print(f"The site is in {args.output}/.")
    return 0


def _roster_faults() -> list[str]:
    """What is wrong with each state's roster, with its remedy: it is old or predates the current term, a row cannot be
    used, a member has no e-mail address. An operator's own (BEACONPOST_BOUNDARIES) comes before the shipped one."""
    faults: list[str] = []
    for state in map(open_state, read_states().values()):
        if message := state.freshness(datetime.now(UTC).date()).message:
            faults.append(f"{state.name}: {message}")
        faults += state.roster_problems
        silent = ", ".join(f"{member.name} ({member.chamber} {member.district})" for member in state.without_email)
        if silent:
            faults.append(f"{state.name}: no letter goes to {silent}: the roster has no e-mail address")
    return faults
