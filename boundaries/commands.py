"""The commands of this room: `boundaries build`, `lookup` and `audit`."""

import argparse
import csv
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from boundaries import audit, lookup
from boundaries.data import shipped
from boundaries.errors import BoundariesError

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_commands(subparsers: "Subparsers") -> None:
    """Add `boundaries` with its commands. Each sets `run`, which takes the parsed arguments and returns the exit
    status: 0 done, 1 not found or refused, 2 usage."""
    room = subparsers.add_parser("boundaries", help="districts: build, lookup, audit")
    commands = room.add_subparsers(required=True, metavar="COMMAND")
    build = commands.add_parser("build", help="compile a state's folder from public sources")
    build.add_argument("state", help="two letters, as in boundaries/ma")
    build.add_argument("--sources", type=Path, required=True, help="folder with the files that the recipe names")
    build.add_argument("--recipe", type=Path, help="the recipe (default: recipe.json in the state's folder)")
    build.add_argument("--into", type=Path, help="folder to write (default: the state's own)")
    build.add_argument("--leave-out", type=Path, help="CSV of town,street,number to leave out, to judge the rest by")
    build.set_defaults(run=_build)
    find = commands.add_parser("lookup", help="say who represents an address")
    find.add_argument("address", nargs="?", help='one line: "24 Beacon St, Boston, MA 02108"')
    find.add_argument("--batch", type=Path, metavar="FILE.csv", help="street,city,zip; prints it with the districts")
    find.add_argument("--json", action="store_true", help="print JSON")
    find.add_argument("--explain", action="store_true", help="say which rule answered, from which source")
    find.add_argument("--corrections", type=Path, metavar="FILE.csv", help="try corrections, as in corrections.csv")
    find.set_defaults(run=lookup.run)
    judge = commands.add_parser("audit", help="count right and wrong answers for addresses of known districts")
    judge.add_argument("file", type=Path, metavar="FILE.csv", help="street,city,zip,senate,house; stratum if wanted")
    judge.add_argument("--json", action="store_true", help="print JSON")
    judge.add_argument("--show", action="store_true", help="print every address not answered rightly")
    judge.set_defaults(run=audit.run)
    for command in (find, judge):
        command.add_argument("--state", default="ma", help="two letters (default: %(default)s)")
        command.add_argument("--folder", type=Path, help="a state's folder, instead of the shipped one")


def _build(args: argparse.Namespace) -> int:
    try:
        from boundaries.builder.compile import build
    except ModuleNotFoundError as error:
        print(f"building needs {error.name}: pip install 'beaconpost[build]'", file=sys.stderr)
        return 1
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:6.1f} s  {text}", file=sys.stderr)

    try:
        home = args.recipe or shipped(args.state) / "recipe.json"
        build(home, args.sources, args.into or home.parent, say, _left_out(args.leave_out))
    except BoundariesError as error:
        print(f"boundaries: {error}", file=sys.stderr)
        return 1
    return 0


def _left_out(path: Path | None) -> list[tuple[str, str, str]]:
    if path is None:
        return []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [(row["town"], row["street"], row["number"]) for row in csv.DictReader(stream)]
