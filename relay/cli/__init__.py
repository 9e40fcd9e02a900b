"""The command `beaconpost`. Each module adds its commands; what a command needs is imported when it runs.

serve           dev, relay, worker
site            init, new, check, build
cms             cms
releases        what `check` says of other releases
committees      committees
mail            check --mail, bounce
outbox          outbox list, show, retry, cancel, pause, resume
purge           purge
keys            keys list, new, rotate
backup          backup, restore
upgrade         upgrade
move            move
report          report
export          export
event           event
boundaries      boundaries build, update, lookup, audit
settings        settings
terminal        what they share: settings, the outbox, JSON, errors
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

from boundaries.errors import BoundariesError
from relay.cli import (
    backup,
    boundaries,
    cms,
    committees,
    event,
    export,
    keys,
    mail,
    move,
    outbox,
    purge,
    report,
    serve,
    settings,
    site,
    upgrade,
)  # fmt: skip
from relay.errors import BeaconpostError
from relay.settings import SettingsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0: done; 1: not done, and stderr says why; 2: wrong usage."""
    try:
        args = make_parser().parse_args(arguments)
        status: int = args.run(args)
        sys.stdout.flush()
    except (SettingsError, BeaconpostError, BoundariesError) as error:
        print(f"beaconpost: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `| head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="beaconpost", description="Write-your-legislator campaigns.")
    parser.add_argument("--version", action="version", version=f"beaconpost {version('beaconpost')}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    serve.add_dev(commands)
    site.add_commands(commands)
    cms.add_command(commands)
    mail.add_mail_check(commands.choices["check"])
    committees.add_command(commands)
    serve.add_relay(commands)
    serve.add_worker(commands)
    outbox.add_commands(commands)
    export.add_command(commands)
    purge.add_command(commands)
    report.add_report(commands)
    event.add_command(commands)
    keys.add_commands(commands)
    backup.add_commands(commands)
    upgrade.add_command(commands)
    move.add_command(commands)
    mail.add_bounce(commands)
    boundaries.add_commands(commands)
    settings.add_command(commands)
    return parser
