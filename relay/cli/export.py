"""`beaconpost export`: what leaves the relay by hand: counts for the site, and the people on a campaign's list."""

import argparse
import csv
import errno
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from relay.campaigns import make_campaigns
from relay.cli.terminal import Subparsers, Work, complain, now, read_settings, with_outbox
from relay.outbox import Lists, Member, Outbox, Statistics
from relay.settings import Settings
from theme.counts import COUNTS_NAME, dump_counts

# Action Network knows the first six by these names; `member` names somebody who leaves the list later.
COLUMNS: Final = (
    "email", "first_name", "last_name", "city", "state", "country", "language", "member", "consent_words", "consent_at",
)  # fmt: skip
_NO_DISK: Final = (errno.EINVAL, errno.ENOTSUP, None)  # fsync of a pipe, a terminal, or of no file at all
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute (OWASP, CSV injection)


def add_command(commands: Subparsers) -> None:
    """Exit 0: done; 1: not done, and nothing was erased."""
    export = commands.add_parser(
        "export",
        help="write how many letters each campaign has, or with --list the people on a campaign's list",
        description="Write how many letters each campaign has, as JSON, leaving out campaigns with very few. Saved as "
        f"content/{COUNTS_NAME}, the next build shows it on the pages. With --list, write the people who joined the "
        "list of the campaign NAME, as CSV that Action Network imports, and erase them here: keep the file safe.",
    )
    export.add_argument(
        "target", nargs="?", metavar="FILE|NAME", help="where to (default: standard output); with --list, the campaign"
    )
    export.add_argument("--list", action="store_true", help="the people on the list of the campaign NAME")
    export.add_argument("--output", type=Path, metavar="FILE", help="with --list, where to (default: standard output)")
    export.add_argument("--keep", action="store_true", help="with --list, do not erase them here")
    export.set_defaults(run=_export)


def _export(args: argparse.Namespace) -> int:
    settings = read_settings()
    if args.list:
        if not args.target:
            return complain("which campaign? beaconpost export NAME --list")
        return with_outbox(settings, args, _export_list(settings))
    return with_outbox(settings, args, _export_counts)


async def _export_counts(outbox: Statistics, args: argparse.Namespace) -> int:
    counts = dump_counts(await outbox.counts(), now().replace(microsecond=0))
    if args.target is None:
        print(counts.decode(), end="")
        return 0
    file = Path(args.target)
    try:
        _write(file, counts, 0o644)
    except OSError as error:
        return complain(f"cannot write {file}: {error.strerror}")
    print(f"{file}: written. Put it into the site's content folder and rebuild")
    return 0


def _export_list(settings: Settings) -> Work:
    async def export(outbox: Outbox, args: argparse.Namespace) -> int:
        state = await _find_state(settings, args.target)
        members = await outbox.list_members(args.target)
        if not members:
            return await _say_why_empty(outbox, args.target)
        table = write_table(members, state)
        try:
            if args.output:
                _write(args.output, table.encode("utf-8"), 0o600)
            else:
                print(table, end="", flush=True)
                _reach_disk()
        except OSError as error:
            return complain(f"cannot write {args.output or 'standard output'}: {error.strerror}. Nothing was erased")
        if args.keep:
            return 0
        await outbox.mark_exported([member.id for member in members])
        print(f"{len(members)} people, erased here. The file is all there is: keep it safe", file=sys.stderr)
        return 0

    return export


def write_table(members: Sequence[Member], state: str) -> str:
    """CSV (RFC 4180), in UTF-8. state: its postal code."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for member in members:
        row = (
            member.email, member.first_name, member.last_name, member.town, state, "US", member.language, member.id,
            member.words, member.since.isoformat(timespec="seconds"),
        )  # fmt: skip
        writer.writerow([f"'{value}" if value.startswith(FORMULA) else value for value in row])
    return table.getvalue()


async def _say_why_empty(outbox: Lists, campaign: str) -> int:
    counts = await outbox.count_members(campaign)
    if not counts:
        return complain(f"nobody ticked the box of {campaign!r}: is that the name of its file, and has it a `join`?")
    asked, exported = counts.get("asked", 0), counts.get("exported", 0)
    print(f"nobody new: {exported} exported before, {asked} asked and not answered yet", file=sys.stderr)
    return 0


async def _find_state(settings: Settings, slug: str) -> str:
    campaigns = make_campaigns(settings)
    try:
        campaign = await campaigns.find(slug)
    finally:
        await campaigns.close()
    return campaign.state.upper() if campaign else ""


def _write(file: Path, content: bytes, mode: int) -> None:
    """All of it or nothing, and on disk when this returns. Raises OSError."""
    draft = file.with_name(f".{file.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    draft.replace(file)


def _reach_disk() -> None:
    """What standard output got, if that is a file."""
    try:
        os.fsync(sys.stdout.fileno())
    except OSError as error:
        if error.errno not in _NO_DISK:
            raise
