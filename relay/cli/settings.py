"""`beaconpost settings`: every setting, its value, where it comes from, and what it means."""

import argparse
import os
import sys
from pathlib import Path
from typing import Final

from dotenv import dotenv_values

from relay.cli.terminal import Subparsers, print_json, read_environment
from relay.settings import PREFIX, VARIABLES, SettingsError, Variable, load

SECRET: Final = {
    "MANIFEST_KEY",
    "SECRET_KEYS",
    "BOUNCE_SECRET",
    "OPERATOR_TOKEN",
    "PING_URL",
    "WEBHOOK_URL",
    "WEBHOOK_SECRET",
}
WITH_LOGIN: Final = {"SMTP_URL", "BOUNCE_IMAP", "DATABASE", "CAMPAIGNS"}  # URLs that may have a user and a password
HIDDEN: Final = "(set, not shown)"


def add_command(commands: Subparsers) -> None:
    settings = commands.add_parser(
        "settings",
        help="show every setting, its value and where that comes from",
        description="Shows the settings of relay and worker as they would start here. Secrets are not shown. Exit 1 if "
        "one is wrong.",
    )
    settings.add_argument("--json", action="store_true", help="print a list of {name, value, source, meaning}")
    settings.add_argument("--set", action="store_true", help="leave out those that nobody has set")
    settings.set_defaults(run=_settings)


def _settings(args: argparse.Namespace) -> int:
    environment, written = read_environment(), dotenv_values(Path(".env"))
    rows = [_describe(variable, environment.get(PREFIX + variable.name, "").strip(), written) for variable in VARIABLES]
    rows = [row for row in rows if row["source"] != "default" or not args.set]
    if args.json:
        print_json({"settings": rows})
    else:
        for row in rows:
            print(f"{row['name']} = {row['value'] or '(unset)'}    [{row['source']}]\n    {row['meaning']}")
    try:
        load(environment)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _describe(variable: Variable, given: str, written: dict[str, str | None]) -> dict[str, str]:
    name = PREFIX + variable.name
    source = "environment" if os.environ.get(name) else ".env" if written.get(name) else "default"
    shown = _show(variable, given or variable.default)
    return {"name": name, "value": shown, "source": source, "meaning": " ".join(variable.help.split())}


def _show(variable: Variable, value: str) -> str:
    """A user's name may be a mailbox, and the password is nobody's business. Where a value cannot be read, nobody knows
    which part of it is the password."""
    if value and variable.name in SECRET:
        return HIDDEN
    if variable.name not in WITH_LOGIN:
        return value
    try:
        variable.read(value)
    except ValueError:
        return HIDDEN
    scheme, separator, rest = value.partition("://")
    if not separator or scheme == "sqlite":
        return value  # a path
    shown = rest.partition("?")[0]
    return f"{scheme}://{'…@' if '@' in shown else ''}{shown.rpartition('@')[2]}"
