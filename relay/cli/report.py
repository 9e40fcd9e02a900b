"""`beaconpost report`: how campaigns are going, in figures that name nobody. Public names are removed on the page that
it links to."""

import argparse
from collections import Counter
from datetime import timedelta
from typing import Final

from relay.campaigns import make_campaigns
from relay.cli.terminal import Subparsers, complain, now, print_json, read_settings, with_outbox
from relay.letters.organizer_mail import write_report
from relay.letters.wording import Frame
from relay.outbox import Figures, Outbox, Queue
from relay.settings import Settings
from theme.counts import MIN_GROUP_SIZE

Table = dict[str, int | None]
WAITING: Final = ("held", "queued", "paced", "deferred", "waits for address", "waits for roster")
MAX_DAYS: Final = 366  # that a link may work


def add_report(commands: Subparsers) -> None:
    """Exit 0: done; 1: no such campaign."""
    report = commands.add_parser(
        "report",
        help="how a campaign is going, and a link to the page that shows it",
        description="How a campaign is going, in figures that name nobody, and the signed link to a page with the "
        "same figures and maps, where its organizers can also remove public names.",
    )
    report.add_argument("slug", nargs="?", metavar="SLUG", help="the campaign's, as in the name of its file")
    report.add_argument("--all", action="store_true", help="a line for every campaign that anybody wrote to")
    report.add_argument("--days", type=_days, default=30, help="how long the link works (default %(default)s)")
    report.add_argument("--send", action="store_true", help="mail the link to the campaign's organizer")
    report.add_argument("--json", action="store_true", help="print JSON")
    report.set_defaults(run=lambda args: _report(read_settings(), args))


def _days(text: str) -> int:
    if text.isdecimal() and 0 < int(text) <= MAX_DAYS:
        return int(text)
    raise argparse.ArgumentTypeError(f"give a number from 1 to {MAX_DAYS}")


def _report(settings: Settings, args: argparse.Namespace) -> int:
    from relay.app import report_link

    if args.all:
        return with_outbox(settings, args, _report_all)
    if not args.slug:
        return complain("which campaign? beaconpost report SLUG, or --all")

    async def work(outbox: Outbox, args: argparse.Namespace) -> int:
        figures = await outbox.figures(args.slug)
        if not figures.fates:
            return complain(f"no letters for {args.slug!r} yet: is that the name of its file?")
        people, tables = sum(figures.days.values()), _tables(figures)
        link = report_link(settings, args.slug, now() + timedelta(days=args.days))
        if args.send:
            return await _send(settings, outbox, args, people, link)
        if args.json:
            print_json({"people": people, **tables, "link": link})
        else:
            _show(people, tables)
            print(f"for its organizers: {link}" if link else "set BEACONPOST_RELAY_URL to get a link to the page")
        return 0

    return with_outbox(settings, args, work)


async def _report_all(outbox: Outbox, args: argparse.Namespace) -> int:
    rows = []
    for slug, people in sorted((await outbox.counts()).items(), key=lambda count: (-count[1], count[0])):
        figures = await outbox.desk_figures(slug, now())
        fates = Counter[str]()
        for office in figures.offices:
            fates.update(office.fates)
        days = figures.days
        rows.append(
            {
                "campaign": slug,
                "people": people,
                "own_words": sum(day.own_words for day in days),
                "confirmed": sum(day.confirmed for day in days),
                "delivered": fates["sent"],
                "waiting": sum(fates[fate] for fate in WAITING),
                "failed": fates["failed"],
                "bounced": fates["bounced"],
                "last_day": days[0].day.isoformat() if days else "",
            }
        )
    if args.json:
        print_json({"campaigns": rows})
    elif not rows:
        print("nobody has written yet")
    for row in rows if not args.json else ():
        print(
            f"{row['campaign']}: {row['people']:,} people, {row['own_words']:,} with words of their own,"
            f" {row['confirmed']:,} confirmed; letters: {row['delivered']:,} delivered, {row['waiting']:,} waiting,"
            f" {row['failed']:,} failed, {row['bounced']:,} came back"
        )
    return 0


async def _send(settings: Settings, outbox: Queue, args: argparse.Namespace, people: int, link: str) -> int:
    """Queue a mail with the link; the worker sends it."""
    from relay.assembly import make_transport

    if not link:
        return complain("set BEACONPOST_RELAY_URL first: the page has no address yet")
    campaigns = make_campaigns(settings)
    transport = make_transport(settings)
    try:
        campaign = await campaigns.find(args.slug)
        if campaign is None or not campaign.organiser:
            return complain(f"{settings.campaigns} names no organizer of {args.slug!r}: add `organiser` to its file")
        frame = Frame(campaigns.manifest.site, settings.sender, transport.name)
    finally:
        await transport.close()
        await campaigns.close()
    await outbox.enqueue(write_report(campaign, people, link, args.days, frame), now(), [])
    print(f"queued: a mail to {campaign.organiser}")
    return 0


def _tables(figures: Figures) -> dict[str, Table]:
    from relay.web.report_page import suppress_small

    chambers = sorted({chamber for chamber, _ in figures.districts}, reverse=True)
    districts = {
        chamber: suppress_small(
            {name: people for (of, name), people in figures.districts.items() if of == chamber}, MIN_GROUP_SIZE
        )
        for chamber in chambers
    }
    languages = suppress_small(figures.languages, MIN_GROUP_SIZE)
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
            count = f"under {MIN_GROUP_SIZE}" if number is None else f"{number:,}"
            print(f"  {count:>8}  {name or 'all others together'}")
    print()
