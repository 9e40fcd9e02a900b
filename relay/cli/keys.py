"""`beaconpost keys`: which keys the database is sealed with; a new one; seal everything with the newest."""

import argparse

from relay.cli.terminal import Subparsers, Work, print_json, read_settings, with_outbox
from relay.keys.keyring import Keyring
from relay.keys.secrets import load_secrets, make_secret, new_secret
from relay.outbox import Outbox
from relay.settings import Settings


def add_commands(commands: Subparsers) -> None:
    parser = commands.add_parser(
        "keys",
        help="the keys that names and letters are sealed with",
        description="To change the key: `keys new`, restart all relays and workers, `keys rotate`. Keep the old key as "
        "long as you keep backups that were made before.",
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="fingerprints of the keys, newest first, and how many rows each sealed")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=lambda args: with_outbox(settings := read_settings(), args, _list(settings)))
    new = actions.add_parser("new", help="put a new key first in BEACONPOST_SECRET_FILE, or print one for the setting")
    new.set_defaults(run=_new)
    rotate = actions.add_parser("rotate", help="seal every row with the newest key")
    rotate.set_defaults(run=lambda args: with_outbox(read_settings(), args, _rotate))


def _list(settings: Settings) -> Work:
    async def show(outbox: Outbox, args: argparse.Namespace) -> int:
        rows = await outbox.count_by_key()
        keys = Keyring(load_secrets(settings)).fingerprints
        counts = {fingerprint: rows.get(fingerprint, 0) for fingerprint in (*keys, *rows)}
        if args.json:
            print_json({"keys": [{"fingerprint": key, "rows": count} for key, count in counts.items()]})
            return 0
        print(f"keys from {_source(settings)}, newest first:")
        for key, count in counts.items():
            print(f"{key}  {count} rows")
        return 0

    return show


def _new(args: argparse.Namespace) -> int:  # noqa: ARG001  (all commands share a signature)
    settings = read_settings()
    if settings.secret_keys:
        print("Put this first in BEACONPOST_SECRET_KEYS of all relays and workers, before the others:")
        print(new_secret())
    else:
        make_secret(settings.secret_file)
        print(f"{settings.secret_file} begins with the new key {_newest(settings)}. Keep a copy elsewhere.")
    print("Then restart all relays and workers, and run `beaconpost keys rotate`.")
    return 0


async def _rotate(outbox: Outbox, args: argparse.Namespace) -> int:  # noqa: ARG001
    print(f"sealed {await outbox.reseal()} rows with the newest key")
    print("No row needs the older keys. Backups made before now do: keep those keys as long as them.")
    return 0


def _newest(settings: Settings) -> str:
    return Keyring(load_secrets(settings)).fingerprints[0]


def _source(settings: Settings) -> str:
    return "BEACONPOST_SECRET_KEYS" if settings.secret_keys else str(settings.secret_file)
