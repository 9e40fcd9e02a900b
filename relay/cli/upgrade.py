"""`beaconpost upgrade`: bring the database to this release's version, with a way back."""

import argparse
from pathlib import Path

from relay.cli.terminal import Subparsers, complain, read_settings, with_outbox
from relay.errors import StoreError
from relay.outbox import Outbox
from relay.settings import Settings


def add_command(commands: Subparsers) -> None:
    upgrade = commands.add_parser(
        "upgrade",
        help="bring the database to this release's version, with a way back",
        description="Run this after installing a newer release, while relay and worker are stopped. It copies the "
        "database, changes it, and counts the letters. If any is missing, it goes back by itself. A relay that is "
        "started without this upgrades the database as well, but keeps no copy.",
    )
    upgrade.add_argument(
        "--undo", action="store_true", help="go back to the copy, for the older release; what came since is lost"
    )
    upgrade.set_defaults(run=_upgrade)


def _upgrade(args: argparse.Namespace) -> int:
    settings = read_settings()
    path = settings.database
    if not isinstance(path, Path):
        if args.undo:
            return complain("PostgreSQL: restore the dump that you made with pg_dump")
        with_outbox(settings, args, _count)
        print("The database has this release's version. PostgreSQL upgrades it in one transaction, and keeps no copy.")
        return 0
    if not path.exists():
        raise StoreError(f"there is no database {path}: run this in the relay's folder")
    return _undo(path) if args.undo else _change(settings, path, args)


def _change(settings: Settings, path: Path, args: argparse.Namespace) -> int:
    from relay.outbox.sqlite.copies import NEWEST, SEALED_SINCE, copy_database, count_letters, go_back, read_version

    version = read_version(path)
    if version == NEWEST:
        print(f"{path} has version {version}, which is this release's: nothing to do")
        return 0
    copy = copy_database(path, version)
    try:
        letters = with_outbox(settings, args, _count)
        if letters != count_letters(copy):
            raise StoreError(f"{path}: not all letters came along, so it is as it was before")
    except Exception:
        go_back(path)
        raise
    print(f"{path} is upgraded from version {version} to {NEWEST}; it holds {letters} letters.")
    print(f"{copy} is the one from before. To go back, stop the relay, and run `beaconpost upgrade --undo` before you")
    print("install the older release. The relay erases the copy when it is as old as it keeps people.")
    if version < SEALED_SINCE:
        print("A release as old as that did not encrypt what people typed, so the copy is not encrypted either.")
    return 0


def _undo(path: Path) -> int:
    from relay.outbox.sqlite.copies import go_back

    print(f"{path} is back at version {go_back(path)}: start the older release. What came since the upgrade is lost.")
    return 0


async def _count(outbox: Outbox, args: argparse.Namespace) -> int:  # noqa: ARG001  (a Work)
    return sum((await outbox.count_by_status()).values())
