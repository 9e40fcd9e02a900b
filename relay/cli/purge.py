"""`beaconpost purge`: erase what is due now, or hold erasure when the law requires it."""

import argparse
import logging

from relay.cli.terminal import Subparsers, Work, complain, now, read_forget_after, read_settings, with_outbox
from relay.outbox import Outbox
from relay.settings import Settings

log = logging.getLogger("beaconpost.purge")


def add_command(commands: Subparsers) -> None:
    """Exit 0: done; 1: a legal hold is in force."""
    purge = commands.add_parser(
        "purge",
        help="erase what is due now, or hold erasure when the law requires it",
        description="Erase what is due now, as the worker does hourly. --hold suspends erasure, --release ends that.",
    )
    hold = purge.add_mutually_exclusive_group()
    hold.add_argument("--hold", metavar="REASON", help="erase nothing from now on; the reason is kept and logged")
    hold.add_argument("--release", action="store_true", help="erase again as promised")
    purge.set_defaults(run=lambda args: with_outbox(settings := read_settings(), args, _purge(settings)))


def _purge(settings: Settings) -> Work:
    async def purge(outbox: Outbox, args: argparse.Namespace) -> int:
        if args.hold is not None:
            if not args.hold.strip():
                return complain("give the reason, as --hold 'subpoena of 3 March'")
            await outbox.set_legal_hold(args.hold.strip())
            log.warning("erasure is suspended: %s", args.hold.strip())
            print("Nothing is erased until `beaconpost purge --release`. The privacy page promises otherwise: say so.")
            return 0
        if args.release:
            await outbox.set_legal_hold("")
            log.warning("erasure resumes as promised")
        if reason := await outbox.legal_hold():
            return complain(f"erasure is suspended: {reason}. To resume: beaconpost purge --release")
        print(f"erased {await outbox.forget(now(), await read_forget_after(settings))} submissions")
        return 0

    return purge
