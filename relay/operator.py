"""`beaconpost outbox …`, `export` and `purge`: what an operator does. No writer's name and no text is ever shown."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

import msgspec

from relay.outbox import Administration, LetterLine, Outbox, Query, Scope, State, Statistics
from theme.counts import COUNTS_NAME, dump_counts

if TYPE_CHECKING:
    from relay.settings import Settings

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

log = logging.getLogger("beaconpost.operator")
Work = Callable[[Outbox, argparse.Namespace], Awaitable[int]]
STATES: Final = get_args(State)
SHOWN: Final = 50  # letters
SHORT: Final = 20  # digits of an id: the letters of one submission begin alike, with its time
RETRY: Final = (
    "send failed letters again, and those held for their address; with --state queued, now what was to be tried later"
)


def add_commands(subparsers: "Subparsers", read_settings: "Callable[[], Settings]") -> None:
    """Add `outbox`, `export` and `purge`. Each sets `run`: 0 done, 1 nothing fitted or not possible, 2 usage."""
    outbox = subparsers.add_parser("outbox", help="letters: list, show, retry, cancel, pause, resume")
    commands = outbox.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, help: str, work: Work) -> argparse.ArgumentParser:  # noqa: A002
        command = commands.add_parser(name, help=help, description=help)
        command.set_defaults(run=lambda chosen: with_outbox(read_settings(), chosen, work))
        return command

    listing = add("list", "letters, pauses and addresses that are not trusted", _list)
    _add_query(listing)
    listing.add_argument("--limit", type=int, default=SHOWN, help="at most so many (default %(default)s)")
    listing.add_argument("--json", action="store_true", help="print JSON")
    showing = add("show", "one letter and every attempt to send it", _show)
    showing.add_argument("letter", metavar="ID", help="its id, or how it begins")
    showing.add_argument("--json", action="store_true", help="print JSON")
    _add_query(add("retry", RETRY, _retry))
    _add_query(add("cancel", "cancel letters that have not gone", _cancel))
    for name, help_, work in (
        ("pause", "send nothing for a campaign or to a domain, until resumed", _pause),
        ("resume", "send again", _resume),
    ):
        command = add(name, help_, work)
        scope = command.add_mutually_exclusive_group(required=True)
        scope.add_argument("--campaign", default="", metavar="SLUG")
        scope.add_argument("--domain", default="", metavar="DOMAIN")
        if name == "pause":
            command.add_argument("--reason", default="", help="kept with the pause, for whoever looks next")
    export = subparsers.add_parser(
        "export",
        help="write down how many letters each campaign has, for the next build of the site",
        description="Write how many letters each campaign has, as JSON; campaigns with very few are left out. As "
        f"content/{COUNTS_NAME} the next build shows it on the pages.",
    )
    export.add_argument("file", nargs="?", type=Path, metavar="FILE", help="where to (default: standard output)")
    export.set_defaults(run=lambda chosen: with_outbox(read_settings(), chosen, _export))
    purge = subparsers.add_parser(
        "purge",
        help="erase what is ripe now, or suspend erasing when a law requires it",
        description="Erase what is ripe now (the worker does it hourly). --hold suspends erasing, --release ends that.",
    )
    held = purge.add_mutually_exclusive_group()
    held.add_argument("--hold", metavar="REASON", help="erase nothing any more; the reason is kept and logged")
    held.add_argument("--release", action="store_true", help="erase again as promised")
    purge.set_defaults(run=lambda chosen: with_outbox(settings := read_settings(), chosen, _purge(settings)))


def _add_query(command: argparse.ArgumentParser) -> None:
    command.add_argument("letter", nargs="?", default="", metavar="ID", help="a letter's id, or how it begins")
    command.add_argument(
        "--state", default="", choices=get_args(State), metavar="STATE", help=", ".join(get_args(State))
    )
    command.add_argument("--campaign", default="", metavar="SLUG")
    command.add_argument("--domain", default="", metavar="DOMAIN", help="of the office, as mahouse.gov")


def with_outbox(settings: "Settings", chosen: argparse.Namespace, work: Work) -> int:
    """Do `work` with the outbox that the settings name."""
    from relay.app import open_outbox

    async def run() -> int:
        outbox = await open_outbox(settings)
        try:
            return await work(outbox, chosen)
        finally:
            await outbox.close()

    return asyncio.run(run())


def _query(chosen: argparse.Namespace) -> Query:
    return Query(chosen.letter, chosen.state, chosen.campaign, chosen.domain.lower())


async def _list(outbox: Outbox, chosen: argparse.Namespace) -> int:
    lines = await outbox.find(_query(chosen), chosen.limit)
    states, pauses, suspects = await outbox.states(), await outbox.pauses(), await outbox.suspects()
    if chosen.json:
        print_json({"states": dict(states), "letters": lines, "pauses": pauses, "suspects": suspects})
        return 0
    for line in lines:
        print(_one_line(line))
    print(", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "no letters")
    for pause in pauses:
        until = f", one letter tries at {_time(pause.until)}" if pause.until else ""
        print(f"paused: {pause.scope} {pause.name} since {_time(pause.since)} ({pause.cause}): {pause.reason}{until}")
    for suspect in suspects:
        print(f"not trusted: {suspect.address}, {suspect.waiting} letters held: {suspect.answer}")
    if reason := await outbox.erasing_suspended():
        print(f"erasing is suspended: {reason}")
    return 0


async def _show(outbox: Administration, chosen: argparse.Namespace) -> int:
    lines = await outbox.find(Query(letter=chosen.letter), 2)
    if len(lines) != 1:
        return complain("no such letter" if not lines else "several letters begin so: give more of the id")
    attempts = await outbox.history(lines[0].id)
    if chosen.json:
        print_json({"letter": lines[0], "attempts": attempts})
        return 0
    print(_one_line(lines[0]))
    for attempt in attempts:
        print(f"  {_time(attempt.at)}  {attempt.outcome or 'under way, or its worker died'}  {attempt.answer}".rstrip())
    return 0


async def _retry(outbox: Administration, chosen: argparse.Namespace) -> int:
    return _report(await outbox.retry(_query(chosen), _now()), "queued again", "nothing failed or held there")


async def _cancel(outbox: Administration, chosen: argparse.Namespace) -> int:
    query = _query(chosen)
    if query == Query():
        return complain("say which: an id, --campaign, --domain or --state")
    return _report(await outbox.cancel(query, _now()), "cancelled", "nothing there that has not gone")


async def _pause(outbox: Administration, chosen: argparse.Namespace) -> int:
    scope, name = _scope(chosen)
    await outbox.pause(scope, name, chosen.reason, _now())
    print(f"{scope} {name} is paused. To go on: beaconpost outbox resume --{scope} {name}")
    return 0


async def _resume(outbox: Administration, chosen: argparse.Namespace) -> int:
    scope, name = _scope(chosen)
    if not await outbox.resume(scope, name):
        return complain(f"{scope} {name} was not paused")
    print(f"{scope} {name}: letters go again within a minute")
    return 0


def _purge(settings: "Settings") -> Work:
    async def purge(outbox: Outbox, chosen: argparse.Namespace) -> int:
        if chosen.hold is not None:
            if not chosen.hold.strip():
                return complain("give the reason, as --hold 'subpoena of 3 March'")
            await outbox.suspend_erasing(chosen.hold.strip())
            log.warning("erasing is suspended: %s", chosen.hold.strip())
            print("Nothing is erased until `beaconpost purge --release`. The privacy page promises otherwise: say so.")
            return 0
        if chosen.release:
            await outbox.suspend_erasing("")
            log.warning("erasing goes on as promised")
        if reason := await outbox.erasing_suspended():
            return complain(f"erasing is suspended: {reason}. To go on: beaconpost purge --release")
        print(f"erased {await outbox.forget(_now(), settings.forget_after)} submissions")
        return 0

    return purge


async def _export(outbox: Statistics, chosen: argparse.Namespace) -> int:
    written = dump_counts(await outbox.counts(), _now().replace(microsecond=0))
    if chosen.file is None:
        print(written.decode(), end="")
        return 0
    draft = chosen.file.with_name(f".{chosen.file.name}.new")
    try:
        draft.write_bytes(written)
        draft.replace(chosen.file)
    except OSError as error:
        return complain(f"cannot write {chosen.file}: {error.strerror}")
    print(f"{chosen.file}: written. Put it into the site's content folder and build again")
    return 0


def _scope(chosen: argparse.Namespace) -> tuple[Scope, str]:
    return ("campaign", chosen.campaign) if chosen.campaign else ("domain", chosen.domain.lower())


def _one_line(line: LetterLine) -> str:
    words = [line.id[:SHORT], line.state, line.waits and f"for {line.waits}", line.campaign, line.kind, line.district]
    due = f"due {_time(line.due)}" if line.due else ""
    tries = f"{line.attempts} attempt{'s' if line.attempts > 1 else ''}" if line.attempts else ""
    denied = "denied by its named writer" if line.denied else ""
    return "  ".join(word for word in (*words, line.to_email, due, tries, denied, line.answer) if word)


def _report(count: int, done: str, nothing: str) -> int:
    if not count:
        return complain(nothing)
    print(f"{count} letter{'s' if count > 1 else ''} {done}")
    return 0


def complain(text: str) -> int:
    """Why it was not done, and the exit status that says so."""
    print(f"beaconpost: {text}", file=sys.stderr)
    return 1


def print_json(content: dict[str, object]) -> None:
    print(msgspec.json.format(msgspec.json.encode(content), indent=2).decode())


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _now() -> datetime:
    return datetime.now(UTC)
