"""`beaconpost backup` and `restore`: everything in one encrypted file, whole while the relay runs."""

import argparse
import sys
from pathlib import Path

from relay.cli.terminal import Subparsers, Work, now, read_forget_after, read_settings, show_time, with_outbox
from relay.errors import KeyMissing, StoreError
from relay.keys.keyring import Keyring
from relay.keys.secrets import load_secrets
from relay.outbox import Outbox, Restored
from relay.outbox.records import CEILING
from relay.settings import Settings


def add_commands(commands: Subparsers) -> None:
    """Exit 0: done; 1: not done, and nothing was changed."""
    backup = commands.add_parser(
        "backup",
        help="write everything into one encrypted file, while the relay runs",
        description="Write everything into one file, encrypted with the newest key, while the relay runs. Keep it on"
        f" another machine than the key. It can be restored for {CEILING.days} days: delete it then.",
    )
    backup.add_argument("file", type=Path, metavar="FILE", help="replaced if it is an older backup")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser(
        "restore",
        help="fill an empty database from a backup",
        description="Fill an empty database from a backup, and erase what is due by now. Stop the relay first. It says"
        " how many letters will go; those that went after the backup was made go again.",
    )
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument(
        "--hold", action="store_true", help="pause every campaign until `outbox resume`, to cancel first what went"
    )
    restore.set_defaults(run=_restore)


def _backup(args: argparse.Namespace) -> int:
    settings = read_settings()
    if isinstance(settings.database, Path) and not settings.database.exists():
        # In the wrong folder we would create an empty database and back that up.
        raise StoreError(f"there is no database {settings.database}: run this in the relay's folder")
    return with_outbox(settings, args, _write(settings))


def _write(settings: Settings) -> Work:
    async def write(outbox: Outbox, args: argparse.Namespace) -> int:
        from relay.backups import write_backup

        operator_secrets, made_at = load_secrets(settings), now()
        counts = await write_backup(outbox, args.file, operator_secrets, made_at)
        print(f"{args.file}: {counts['submissions']} submissions and {counts['letters']} letters, {show_time(made_at)}")
        print(f"It is encrypted with the key {Keyring(operator_secrets).fingerprints[0]}, and useless without it.")
        print(f"Delete it by {made_at + CEILING:%Y-%m-%d}: after that it cannot be restored.")
        return 0

    return write


def _restore(args: argparse.Namespace) -> int:
    from relay.backups import check_backup

    settings = read_settings()
    try:
        operator_secrets = load_secrets(settings)
    except KeyMissing:
        operator_secrets = ()  # the file says which one is needed; none may be made
    check_backup(args.file, operator_secrets, now())
    return with_outbox(settings, args, _fill(settings, operator_secrets))


def _fill(settings: Settings, operator_secrets: tuple[bytes, ...]) -> Work:
    async def fill(outbox: Outbox, args: argparse.Namespace) -> int:
        from relay.backups import restore_backup

        def report(table: str) -> None:
            print(f"restoring {table}", file=sys.stderr, flush=True)

        keep = await read_forget_after(settings)
        restored = await restore_backup(outbox, args.file, operator_secrets, now(), keep, report, hold=args.hold)
        _print(restored, settings)
        return 0

    return fill


def _print(restored: Restored, settings: Settings) -> None:
    made_at, counts = show_time(restored.made_at), restored.counts
    print(f"restored {counts.get('submissions', 0)} submissions and {counts.get('letters', 0)} letters of {made_at}")
    if restored.legal_hold:
        print(f"erased nothing, because erasure is suspended: {restored.legal_hold}")
    else:
        print(f"erased {restored.erased} submissions that were due by now")
    print(f"Lost: whatever was posted, confirmed, denied, taken back, erased or opted out of after {made_at}.")
    print(f"{restored.unsent} letters are waiting to be sent. Those that went after {made_at} go again, with the same")
    print("Message-ID; nobody but the mail server's log knows which.")
    if restored.paused:
        print("Nothing goes yet: `beaconpost outbox list --state queued`, `outbox cancel ID` for each that went, then")
        for campaign in restored.paused:
            print(f"  beaconpost outbox resume --campaign {campaign}")
    print(f"Start the relay; restart any that is running on {settings.database}.")
