"""`beaconpost outbox …`: what an operator sees and does. Never shows who wrote, or what."""

import argparse
from dataclasses import asdict
from typing import Final, get_args

from boundaries.email_addresses import find_domain
from relay.cli.terminal import Subparsers, Work, complain, now, print_json, read_settings, show_time, with_outbox
from relay.outbox import Administration, LetterFilter, LetterLine, LetterStatus, Outbox, Pause, Scope
from relay.settings import Settings

STATUSES: Final = get_args(LetterStatus)
DEFAULT_LIMIT: Final = 50  # letters
ID_SHOWN: Final = 20  # digits: ids of one submission's letters begin alike, with its time
RETRY: Final = (
    "send again what failed, bounced or is held for its address; with --state queued, send now what was put off"
)
# JSON keeps the names that scripts know from before the database's columns were renamed.
JSON_NAMES: Final = {"status": "state", "held_for": "waits", "failed_probes": "strikes"}


def add_commands(subparsers: Subparsers) -> None:
    """Exit 0: done; 1: nothing matched, or not possible; 2: wrong usage."""
    outbox = subparsers.add_parser("outbox", help="letters: list, show, retry, cancel, pause, resume")
    commands = outbox.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, help: str, work: Work) -> argparse.ArgumentParser:  # noqa: A002
        command = commands.add_parser(name, help=help, description=help)
        command.set_defaults(run=lambda args: with_outbox(read_settings(), args, work))
        return command

    listing = add("list", "list letters, pauses and suppressed addresses", _list)
    _add_filter(listing)
    listing.add_argument("--limit", type=int, default=DEFAULT_LIMIT, help="at most this many (default %(default)s)")
    listing.add_argument("--json", action="store_true", help="print JSON")
    showing = add("show", "show one letter and every attempt to send it", _show)
    showing.add_argument("letter", metavar="ID", help="its id, or the beginning of it")
    showing.add_argument("--json", action="store_true", help="print JSON")
    _add_filter(add("retry", RETRY, _retry))
    _add_filter(add("cancel", "cancel letters that have not been sent", _cancel))
    pausing = "send nothing for a campaign or to a domain until resumed"
    pause = commands.add_parser("pause", help=pausing, description=pausing)
    pause.set_defaults(run=_pause)
    for command in (pause, add("resume", "send again", _resume)):
        scope = command.add_mutually_exclusive_group(required=True)
        scope.add_argument("--campaign", default="", metavar="SLUG")
        scope.add_argument("--domain", default="", metavar="DOMAIN")
    pause.add_argument("--reason", default="", help="kept with the pause, for whoever looks next")


def _add_filter(command: argparse.ArgumentParser) -> None:
    command.add_argument("letter", nargs="?", default="", metavar="ID", help="a letter's id, or the beginning of it")
    command.add_argument("--state", default="", choices=STATUSES, metavar="STATE", help=", ".join(STATUSES))
    command.add_argument("--campaign", default="", metavar="SLUG")
    command.add_argument("--domain", default="", metavar="DOMAIN", help="the office's, as mahouse.gov")


def _filter(args: argparse.Namespace) -> LetterFilter:
    return LetterFilter(args.letter, args.state, args.campaign, find_domain(args.domain))


async def _list(outbox: Outbox, args: argparse.Namespace) -> int:
    lines = await outbox.list_letters(_filter(args), args.limit)
    counts, pauses, suppressions = await outbox.count_by_status(), await outbox.pauses(), await outbox.suppressions()
    if args.json:
        letters, paused = [_as_json(line) for line in lines], [_as_json(pause) for pause in pauses]
        print_json({"states": dict(counts), "letters": letters, "pauses": paused, "suspects": suppressions})
        return 0
    for line in lines:
        print(_as_text(line))
    print(", ".join(f"{count} {status}" for status, count in sorted(counts.items())) or "no letters")
    for pause in pauses:
        until = f", one letter probes at {show_time(pause.until)}" if pause.until else ""
        since = show_time(pause.since)
        print(f"paused: {pause.scope} {pause.name} since {since} ({pause.cause}): {pause.reason}{until}")
    for suppression in suppressions:
        trial = "one is being tried" if suppression.trial else f"one is tried at {show_time(suppression.until)}"
        held = f"{suppression.waiting} letters held"
        print(f"suppressed: {suppression.address}, {held}, {trial}: {suppression.answer}")
    if reason := await outbox.legal_hold():
        print(f"erasure is suspended: {reason}")
    return 0


async def _show(outbox: Administration, args: argparse.Namespace) -> int:
    lines = await outbox.list_letters(LetterFilter(letter=args.letter), 2)
    if len(lines) != 1:
        return complain("several letters' ids begin like this: give more of it" if lines else "no such letter")
    attempts = await outbox.list_attempts(lines[0].id)
    if args.json:
        print_json({"letter": _as_json(lines[0]), "attempts": attempts})
        return 0
    print(_as_text(lines[0]))
    for attempt in attempts:
        outcome = attempt.outcome or "under way, or its worker died"
        print(f"  {show_time(attempt.at)}  {outcome}  {attempt.answer}".rstrip())
    return 0


async def _retry(outbox: Administration, args: argparse.Namespace) -> int:
    return _report(
        await outbox.retry(_filter(args), now()), "queued again", "no failed, bounced or held letter matches"
    )


async def _cancel(outbox: Administration, args: argparse.Namespace) -> int:
    chosen = _filter(args)
    if chosen == LetterFilter():
        return complain("say which: an id, --campaign, --domain or --state")
    return _report(await outbox.cancel(chosen, now()), "cancelled", "no unsent letter matches")


def _pause(args: argparse.Namespace) -> int:
    settings = read_settings()

    async def pause(outbox: Outbox, args: argparse.Namespace) -> int:
        scope, name = _scope(args)
        if scope == "campaign" and (problem := await _find_no_campaign(settings, outbox, name)):
            return complain(problem)
        await outbox.pause(scope, name, args.reason, now())
        print(f"{scope} {name} is paused. To resume: beaconpost outbox resume --{scope} {name}")
        return 0

    return with_outbox(settings, args, pause)


async def _find_no_campaign(settings: Settings, outbox: Administration, slug: str) -> str:
    """Why a pause would stop nothing: neither the site nor any letter knows the campaign. "" if one does, or if the
    site cannot say."""
    from relay.campaigns import make_campaigns

    campaigns = make_campaigns(settings)
    try:
        await campaigns.refresh()
        known = [campaign.slug for campaign in campaigns.all()]
    finally:
        await campaigns.close()
    if not campaigns.is_read or slug in known or await outbox.list_letters(LetterFilter(campaign=slug), 1):
        return ""
    return f"no campaign {slug}: there are {', '.join(sorted(known)) or 'none'}"


async def _resume(outbox: Administration, args: argparse.Namespace) -> int:
    scope, name = _scope(args)
    if not await outbox.resume(scope, name):
        return complain(f"{scope} {name} was not paused")
    print(f"{scope} {name}: letters are sent again within a minute")
    return 0


def _scope(args: argparse.Namespace) -> tuple[Scope, str]:
    return ("campaign", args.campaign) if args.campaign else ("domain", find_domain(args.domain))


def _as_json(record: LetterLine | Pause) -> dict[str, object]:
    return {JSON_NAMES.get(name, name): value for name, value in asdict(record).items()}


def _as_text(line: LetterLine) -> str:
    held_for = line.held_for and f"for {line.held_for}"
    words = [line.id[:ID_SHOWN], line.status, held_for, line.campaign, line.kind, line.district]
    due = f"due {show_time(line.due)}" if line.due else ""
    attempts = f"{line.attempts} attempt{'s' if line.attempts > 1 else ''}" if line.attempts else ""
    denied = "denied by its named writer" if line.denied else ""
    return "  ".join(word for word in (*words, line.to_email, due, attempts, denied, line.answer) if word)


def _report(count: int, done: str, nothing: str) -> int:
    if not count:
        return complain(nothing)
    print(f"{count} letter{'s' if count > 1 else ''} {done}")
    return 0
