"""`beaconpost move`: everything into another database, like from SQLite to PostgreSQL."""

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from relay.cli.terminal import Subparsers, Work, now, read_forget_after, read_settings, with_outbox
from relay.errors import StoreError
from relay.keys.secrets import load_secrets
from relay.outbox import Outbox
from relay.settings import PostgresUrl, Settings
from relay.settings.parsers import parse_database


def add_command(commands: Subparsers) -> None:
    move = commands.add_parser(
        "move",
        help="bring everything from another database into the one of the settings",
        description="Set BEACONPOST_DATABASE to the new, empty database, stop the relay, and name the old one here. It "
        "is only read, and stays as it is. Exit 1: not done, and the new database is empty as before.",
    )
    move.add_argument("old", metavar="OLD", type=_database, help="like sqlite:///var/beaconpost.db")
    move.set_defaults(run=_move)


def _database(text: str) -> Path | PostgresUrl:
    try:
        return parse_database(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _move(args: argparse.Namespace) -> int:
    settings = read_settings()
    if args.old == settings.database:
        raise StoreError(f"BEACONPOST_DATABASE is {args.old} still: set it to the new database first")
    if isinstance(args.old, Path) and not args.old.is_file():
        raise StoreError(f"there is no database {args.old}: run this in the relay's folder")
    with tempfile.TemporaryDirectory(prefix="beaconpost-") as folder:  # for its owner only, and encrypted
        file = Path(folder) / "letters.backup"
        with_outbox(replace(settings, database=args.old), args, _write(settings, file))
        return with_outbox(settings, args, _fill(settings, file))


def _write(settings: Settings, file: Path) -> Work:
    async def write(outbox: Outbox, args: argparse.Namespace) -> int:
        from relay.backups import write_backup

        counts = await write_backup(outbox, file, load_secrets(settings), now())
        print(f"{args.old}: {counts['submissions']} submissions and {counts['letters']} letters")
        return 0

    return write


def _fill(settings: Settings, file: Path) -> Work:
    async def fill(outbox: Outbox, args: argparse.Namespace) -> int:
        from relay.backups import check_backup, restore_backup

        def report(table: str) -> None:
            print(f"copying {table}", file=sys.stderr, flush=True)

        keys, keep = load_secrets(settings), await read_forget_after(settings)
        check_backup(file, keys, now())
        moved = await restore_backup(outbox, file, keys, now(), keep, report, hold=False)
        counts = moved.counts
        print(f"{settings.database}: {counts.get('submissions', 0)} submissions, {counts.get('letters', 0)} letters")
        print(f"Start the relay. {args.old} is as it was: once letters arrive, delete it; it keeps people's data.")
        return 0

    return fill
