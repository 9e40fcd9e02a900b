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
from importlib import import_module
from importlib.metadata import version
from typing import Final

from boundaries.errors import BoundariesError
from relay.errors import BeaconpostError
from relay.settings import SettingsError

# In the order of --help: a module, what it is called with, and the commands that this adds. Only the module of the
# command that somebody has typed is imported, or each would wait half a second for all others.
_COMMANDS: Final = (
    ("serve", "add_dev", "dev"),
    ("site", "add_commands", "init new check build"),
    ("cms", "add_command", "cms"),
    ("mail", "add_mail_check", "check"),
    ("committees", "add_command", "committees"),
    ("serve", "add_relay", "relay"),
    ("serve", "add_worker", "worker"),
    ("outbox", "add_commands", "outbox"),
    ("export", "add_command", "export"),
    ("purge", "add_command", "purge"),
    ("report", "add_report", "report"),
    ("event", "add_command", "event"),
    ("keys", "add_commands", "keys"),
    ("backup", "add_commands", "backup restore"),
    ("upgrade", "add_command", "upgrade"),
    ("move", "add_command", "move"),
    ("mail", "add_bounce", "bounce"),
    ("boundaries", "add_commands", "boundaries"),
    ("settings", "add_command", "settings"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0: done; 1: not done, and stderr says why; 2: wrong usage."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        args = make_parser(*words[:1]).parse_args(words)
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


def make_parser(command: str = "") -> argparse.ArgumentParser:
    """Of one command, or of all if there is no such command."""
    parser = argparse.ArgumentParser(prog="beaconpost", description="Write-your-legislator campaigns.")
    parser.add_argument("--version", action="version", version=f"beaconpost {version('beaconpost')}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    known = any(command in names.split() for _, _, names in _COMMANDS)
    for module, function, names in _COMMANDS:
        if command in names.split() or not known:
            getattr(import_module(f"relay.cli.{module}"), function)(commands)
    return parser
