"""`beaconpost committees`: whom a campaign can write to besides its people's own legislators, and how to say so."""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from difflib import get_close_matches

from boundaries.state import State, open_state
from relay.cli.terminal import Subparsers, read_states
from theme.recipients import CommitteeChairs, Leader

HOW = """Write the second column into a campaign's `recipients`, like [senator, "committee:Judiciary"]. A committee's
own line means all of its chairs, a chair's only that one."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who chairs a committee or leads a chamber."""

    recipient: str  # what to write for this one alone
    title: str
    name: str
    chamber: str
    email: bool  # whether letters can go there


@dataclass(frozen=True, slots=True)
class Body:
    """A committee, or the office of a leader."""

    state: str  # its code
    name: str
    recipient: str  # what to write for everybody who chairs it
    holders: tuple[Holder, ...]  # senators first


def add_command(subparsers: Subparsers) -> None:
    """Add the command. It sets `run`, which returns 0: found; 1: no such committee."""
    parser = subparsers.add_parser("committees", help="list committees with their chairs, and leaders", epilog=HOW)
    parser.add_argument("word", nargs="?", default="", metavar="WORD", help="part of a committee's or a chair's name")
    parser.add_argument("--state", help="two letters (default: all states)")
    parser.add_argument("--json", action="store_true", help="print a list of {state, name, recipient, holders}")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    folders = read_states()
    if args.state and args.state.lower() not in folders:
        print(f"there is no state {args.state!r}: use one of {', '.join(folders)}", file=sys.stderr)
        return 1
    codes = [args.state.lower()] if args.state else list(folders)
    every = [body for code in codes for body in _list_bodies(open_state(folders[code]))]
    bodies = [body for body in every if _matches(body, args.word.casefold())]
    if not bodies:
        near = get_close_matches(args.word.casefold(), [body.name.casefold() for body in every], 3, 0.4)
        names = [body.name for body in every if body.name.casefold() in near]
        print(f"no committee {args.word!r}" + (f": is it {' or '.join(names)}?" if names else ""), file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps([asdict(body) for body in bodies], ensure_ascii=False, indent=1))
    else:
        _show(bodies)
    return 0


def _list_bodies(state: State) -> Iterator[Body]:
    for name in state.committees:
        chairs = tuple(
            Holder(
                str(CommitteeChairs(name, chair.chamber)), state.titles[chair.chamber], chair.name, chair.chamber,
                bool(chair.email),
            )
            for chair in state.chairs(name)
        )  # fmt: skip
        yield Body(state.code, name, str(CommitteeChairs(name)), chairs)
    for role in state.roles:
        leader, recipient = state.leader(role), str(Leader(role))
        holder = Holder(recipient, state.titles[leader.chamber], leader.name, leader.chamber, bool(leader.email))
        yield Body(state.code, role.title(), recipient, (holder,))


def _matches(body: Body, word: str) -> bool:
    return any(word in text.casefold() for text in (body.name, *(holder.name for holder in body.holders)))


def _show(bodies: list[Body]) -> None:
    several = len({body.state for body in bodies}) > 1
    rows: list[tuple[str, str, str]] = []
    for body in bodies:
        rows.append((f"{body.name} ({body.state})" if several else body.name, body.recipient, ""))
        for holder in body.holders:
            alone = holder.recipient if len(body.holders) > 1 else ""
            rows.append((f"  {holder.title} {holder.name}", alone, "" if holder.email else "no e-mail address"))
        if not body.holders:
            rows.append(("  nobody in the roster", "", ""))
    width, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    for first, recipient, remark in rows:
        print(f"{first:{width}}  {recipient:{second}}  {remark}".rstrip())
    print(f"\n{HOW}")
