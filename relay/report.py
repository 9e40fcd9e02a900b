"""`beaconpost report`: how a campaign is going, in figures that name nobody, and the address of a page with them."""

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from relay.campaigns import Campaigns
from relay.letters.alerts import write_report
from relay.letters.wording import Frame
from relay.operator import complain, print_json, with_outbox
from relay.outbox import Figures, Outbox, Queue
from theme.counts import LEAST

if TYPE_CHECKING:
    from relay.settings import Settings

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

Table = dict[str, int | None]
LONGEST: Final = 366  # days that a link may work


def add_command(subparsers: "Subparsers", read_settings: "Callable[[], Settings]") -> None:
    """Add `report`. It sets `run`: 0 done, 1 no such campaign."""
    report = subparsers.add_parser(
        "report",
        help="how a campaign is going, and the address of the page that says so",
        description="How a campaign is going, in figures that name nobody, and the signed address of a page with the "
        "same and maps, for its organisers.",
    )
    report.add_argument("slug", metavar="SLUG", help="the campaign's, as its file is called")
    report.add_argument("--days", type=_days, default=30, help="how long the address works (default %(default)s)")
    report.add_argument("--send", action="store_true", help="mail the address to the campaign's organiser")
    report.add_argument("--json", action="store_true", help="print JSON")
    report.set_defaults(run=lambda chosen: _run(read_settings(), chosen))


def _days(text: str) -> int:
    if text.isdecimal() and 0 < int(text) <= LONGEST:
        return int(text)
    raise argparse.ArgumentTypeError(f"give a number from 1 to {LONGEST}")


def _run(settings: "Settings", chosen: argparse.Namespace) -> int:
    from relay.app import report_link

    async def work(outbox: Outbox, chosen: argparse.Namespace) -> int:
        figures = await outbox.figures(chosen.slug)
        if not figures.fates:
            return complain(f"no letters for {chosen.slug!r} yet: is that how its file is called?")
        people, tables = sum(figures.days.values()), _tables(figures)
        link = report_link(settings, chosen.slug, datetime.now(UTC) + timedelta(days=chosen.days))
        if chosen.send:
            return await _send(settings, outbox, chosen, people, link)
        if chosen.json:
            print_json({"people": people, **tables, "link": link})
        else:
            _show(people, tables)
            print(f"for its organisers: {link}" if link else "set BEACONPOST_RELAY_URL for the address of a page")
        return 0

    return with_outbox(settings, chosen, work)


async def _send(settings: "Settings", outbox: Queue, chosen: argparse.Namespace, people: int, link: str) -> int:
    """Queue a mail with the link; the worker sends it."""
    from relay.app import make_transport

    if not link:
        return complain("set BEACONPOST_RELAY_URL: the page has no address yet")
    campaigns = Campaigns(settings.campaigns, time.monotonic, lambda _: "")
    transport = make_transport(settings)
    try:
        campaign = await campaigns.find(chosen.slug)
        if campaign is None or not campaign.organiser:
            return complain(f"{settings.campaigns} names no organiser of {chosen.slug!r}: add `organiser` to its file")
        frame = Frame(campaigns.manifest.site, settings.sender, transport.name)
    finally:
        await transport.close()
        await campaigns.close()
    await outbox.enqueue(write_report(campaign, people, link, chosen.days, frame), datetime.now(UTC), [])
    print(f"queued: a mail to {campaign.organiser}")
    return 0


def _tables(figures: Figures) -> dict[str, Table]:
    from relay.web.report_page import tell

    chambers = sorted({chamber for chamber, _ in figures.districts}, reverse=True)
    districts = {
        chamber: tell({name: people for (one, name), people in figures.districts.items() if one == chamber}, LEAST)
        for chamber in chambers
    }
    languages = tell(figures.languages, LEAST)
    return {
        "letters": dict(figures.fates),
        "days": dict(sorted(figures.days.items())),
        "languages": dict(languages),
        **{chamber: dict(lines) for chamber, lines in districts.items()},
    }


def _show(people: int, tables: dict[str, Table]) -> None:
    print(f"{people:,} people have written")
    for title, table in tables.items():
        print(f"\n{title}")
        for name, number in table.items():
            print(f"  {f'under {LEAST}' if number is None else f'{number:,}':>8}  {name or 'all others together'}")
    print()
