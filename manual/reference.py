"""`docs/reference.md`, from the code: settings, keys of a campaign's file, placeholders, commands."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from relay.cli import make_parser
from relay.settings import PREFIX, VARIABLES
from theme.placeholders import PLACEHOLDERS
from theme.site.campaign_file import KEYS, REQUIRED, TRANSLATED
from theme.site.key_meanings import MEANT

PATH: Final = Path(__file__).parents[1] / "docs/reference.md"
FILLED: Final = {
    "First Name": "the writer's first name",
    "Last Name": "the writer's last name",
    "Your Address": "as much of the address as the writer chose to show",
    "Legislator": "title and last name, like Senator Lopez; for others their own greeting",
    "District": "the writer's district in that chamber",
    "Town": "the writer's town; if none is known, the state's name",
    "Email": "the writer's e-mail address",
}


def write_reference() -> str:
    return "\n".join(_write_lines()) + "\n"


def _write_lines() -> Iterator[str]:
    yield "# Reference"
    yield ""
    yield "Written from the code by `python -m manual reference`; a test holds it current."
    yield ""
    yield "## Settings"
    yield ""
    yield "From the environment, or from `.env` in the folder where a command runs. `beaconpost settings` shows yours."
    yield ""
    yield "| variable | default | |"
    yield "|---|---|---|"
    for variable in VARIABLES:
        default = f"`{variable.default}`" if variable.default else ""
        yield f"| `{PREFIX}{variable.name}` | {default} | {_cell(variable.help)} |"
    yield ""
    yield "## Keys of a campaign's file"
    yield ""
    yield "| key | required | in a translation | |"
    yield "|---|---|---|---|"
    for key in KEYS:
        required = "yes" if key in REQUIRED else ""
        yield f"| `{key}` | {required} | {'may differ' if key in TRANSLATED else ''} | {_cell(MEANT.get(key, ''))} |"
    yield ""
    yield "## Placeholders"
    yield ""
    yield "In the letter and in its subject, and nowhere else."
    yield ""
    yield "| placeholder | |"
    yield "|---|---|"
    for word in PLACEHOLDERS:
        yield f"| `[{word}]` | {FILLED.get(word, '')} |"
    yield ""
    yield "## Commands"
    for name, parser in _find_commands(make_parser(), "beaconpost"):
        yield ""
        yield f"### {name}"
        yield ""
        said = parser.description or parser.get_default("about") or ""
        yield from filter(None, [_cell(said)])
        yield from _describe_arguments(parser)


def _describe_arguments(parser: argparse.ArgumentParser) -> Iterator[str]:
    shown = [action for action in parser._actions if action.help != argparse.SUPPRESS and action.dest != "help"]
    if not shown:
        return
    yield ""
    yield "| argument | |"
    yield "|---|---|"
    for action in shown:
        name = ", ".join(action.option_strings) or str(action.metavar or action.dest)
        takes = action.nargs != 0 and action.option_strings
        value = f" {_name_value(action)}" if takes else ""
        text = (action.help or "").replace("%(default)s", str(action.default)).replace("%%", "%")
        yield f"| `{name}{value}` | {_cell(text)} |"


def _name_value(action: argparse.Action) -> str:
    names = action.metavar or (action.choices and "|".join(map(str, action.choices))) or action.dest.upper()
    return " ".join(names) if isinstance(names, tuple) else str(names).replace("|", "\\|")


def _find_commands(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield name, parser
    for group in groups:
        about = {choice.dest: choice.help for choice in group._choices_actions}
        for word, below in group.choices.items():
            below.set_defaults(about=about.get(word))
            yield from _find_commands(below, f"{name} {word}")


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|")
