"""`beaconpost event`: a QR code for people who write together in one place."""

import argparse
import asyncio
import secrets
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import segno

from relay.campaigns import make_campaigns
from relay.cli.terminal import Subparsers, complain, now, print_json, read_settings
from relay.letters.circumstances import Event
from relay.settings import Settings

MAX_HOURS: Final = 24  # the store counts a code's letters for a day
MAX_LETTERS: Final = 2000


def add_command(commands: Subparsers) -> None:
    """Exit 0: done; 1: no such campaign, or not possible."""
    event = commands.add_parser(
        "event",
        help="a QR code for people who write together in one place",
        description="Print a QR code that opens a campaign's page, and the address in it. People who come by it are "
        "not suspected for writing from one place, like a hall's Wi-Fi. The code is good from now on.",
    )
    event.add_argument("slug", metavar="SLUG", help="the campaign's, as in the name of its file")
    event.add_argument(
        "--hours",
        type=_up_to(MAX_HOURS),
        default=4,
        help=f"how long it is good, up to {MAX_HOURS} (default %(default)s)",
    )
    event.add_argument(
        "--letters",
        type=_up_to(MAX_LETTERS),
        default=200,
        help=f"how many people's letters it is good for, up to {MAX_LETTERS:,} (default %(default)s)",
    )
    event.add_argument("--svg", type=Path, metavar="FILE", help="also write the QR code there, to print")
    event.add_argument("--png", type=Path, metavar="FILE", help="the same as a PNG image")
    event.add_argument("--json", action="store_true", help="print the address as JSON, and no QR code")
    event.add_argument("--dev", metavar="URL", help="for `beaconpost dev`, which has printed this URL")
    event.add_argument("--folder", type=Path, default=Path("var/dev"), help="with --dev: its folder (default var/dev)")
    event.set_defaults(run=_event)


def _up_to(most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if text.isdecimal() and 0 < int(text) <= most:
            return int(text)
        raise argparse.ArgumentTypeError(f"give a number from 1 to {most}")

    return number


def _event(args: argparse.Namespace) -> int:
    from relay.app import event_link

    settings = _settings(args)
    if not settings.relay_url:
        return complain("set BEACONPOST_RELAY_URL first: the page has no address yet")
    if problem := asyncio.run(_find_problem(settings, args.slug)):
        return complain(problem)
    until = (now() + timedelta(hours=args.hours)).replace(microsecond=0)
    link = event_link(settings, args.slug, Event(secrets.token_urlsafe(6), args.letters), until)
    code = segno.make(link, error="m", micro=False)
    for path in filter(None, (args.svg, args.png)):
        try:
            code.save(str(path), kind="svg" if path == args.svg else "png", scale=10, light="white")
        except OSError as error:
            return complain(f"cannot write {path}: {error.strerror}")
    if args.json:
        print_json({"url": link, "until": until, "letters": args.letters})
        return 0
    code.terminal(sys.stdout, compact=True)
    print(link)
    print(f"good until {until.astimezone():%Y-%m-%d %H:%M %Z}, for {args.letters:,} people's letters")
    return 0


def _settings(args: argparse.Namespace) -> Settings:
    if not args.dev:
        return read_settings()
    from relay.dev import make_settings

    return make_settings(args.dev.rstrip("/"), args.folder)


async def _find_problem(settings: Settings, slug: str) -> str:
    """Why nobody could write by this code, or ""; whoever finds out at the event is too late."""
    campaigns = make_campaigns(settings)
    try:
        campaign = await campaigns.find(slug)
        if campaign is None:
            return campaigns.problem or f"{settings.campaigns} has no campaign {slug!r}"
        moment = now().astimezone(ZoneInfo(campaigns.manifest.site.timezone))
    finally:
        await campaigns.close()
    return f"the campaign {slug!r} is over" if campaign.phase(moment) in ("closed", "withdrawn") else ""
