"""The commands of this room: `boundaries build`, `update`, `lookup` and `audit`."""

import argparse
import csv
import shutil
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from boundaries import audit, lookup
from boundaries.data import folder_of, only_code, shipped
from boundaries.errors import BoundariesError

if TYPE_CHECKING:
    from boundaries.builder.sources.progress import Watch
    from boundaries.builder.sources.recipe import Recipe

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

BUILD = """Compile a state's folder from public sources. A new state needs --districts, --addresses and --people:

  beaconpost boundaries build mt \\
      --districts tl_2024_30_sldu.zip tl_2024_30_sldl.zip --people mt.csv \\
      --addresses statewide.csv tl_2024_30049_addrfeat.zip

What follows from that is written to recipe.json in the state's folder, to be edited by hand. With a recipe there,
`build STATE --sources FOLDER` builds it again from the files that it names."""


def add_commands(subparsers: "Subparsers") -> None:
    """Add `boundaries` with its commands. Each sets `run`, which takes the parsed arguments and returns the exit
    status: 0 done, 1 not found or refused, 2 usage."""
    room = subparsers.add_parser("boundaries", help="districts: build, update, lookup, audit")
    commands = room.add_subparsers(required=True, metavar="COMMAND")
    _add_build(commands)
    _add_update(commands)
    find = commands.add_parser("lookup", help="say who represents an address")
    find.add_argument("address", nargs="?", help='one line: "12 Elm St, Anytown, 00000"')
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
        command.add_argument("--state", default=only_code(), help="two letters (default: the only one there is)")
        command.add_argument("--folder", type=Path, help="a state's folder, instead of the shipped one")


def _add_build(commands: "Subparsers") -> None:
    build = commands.add_parser(
        "build",
        help="compile a state's folder from public sources",
        description=BUILD,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    build.add_argument("state", help="two letters")
    known = build.add_argument_group("a state that has a recipe")
    known.add_argument("--sources", type=Path, help="folder with the files that the recipe names")
    known.add_argument("--recipe", type=Path, help="the recipe (default: recipe.json in the state's folder)")
    new = build.add_argument_group("a new state")
    new.add_argument("--name", default="", help="what it is called (default: as the postal service calls it)")
    new.add_argument("--districts", nargs="+", metavar="FILE", help="both chambers' maps (one map, where there is one "
                     "chamber): TIGER/Line SLDU and SLDL zips; else shapefile or GeoJSON, as senate=FILE "
                     "house=FILE")  # fmt: skip
    new.add_argument("--addresses", nargs="+", type=Path, metavar="FILE", help="OpenAddresses CSV or GeoJSON, National "
                     "Address Database CSV or txt (.gz, .zip too), TIGER/Line ADDRFEAT zips")  # fmt: skip
    new.add_argument("--people", type=Path, metavar="FILE.csv", help="Open States' people CSV of the state")
    new.add_argument("--people-date", default="", metavar="DATE", help="of that file (default: when it was changed)")
    new.add_argument("--divisions", type=Path, metavar="FILE.csv", help="Open Civic Data's country-us.csv, for the ids")
    new.add_argument("--towns", type=Path, metavar="FILE", help="map of towns, as TIGER/Line COUSUB or PLACE; without "
                     "it a town is what addresses call their city")  # fmt: skip
    for flag, what in (
        ("--vacant", "a seat nobody holds"),
        ("--no-email", "a member without an e-mail address"),
        ("--unreached", "a district that no address source covers"),
    ):
        new.add_argument(
            flag, action="append", default=[], metavar="SEAT", help=f'{what}, like "house:12"; again for more'
        )
    new.add_argument("--members", action="append", default=[], metavar="CHAMBER=N", help='a chamber whose districts '
                     'elect N members each, like "house=2"; "house:4A=1" for one of them')  # fmt: skip
    build.add_argument("--into", type=Path, help="folder to write (default: the state's own)")
    build.add_argument("--leave-out", type=Path, help="CSV of town,street,number to leave out, to judge the rest by")
    build.set_defaults(run=_build)


def _add_update(commands: "Subparsers") -> None:
    update = commands.add_parser(
        "update",
        help="fetch newer sources, build beside the old files, compare, swap",
        description="Fetches what the recipe knows an address of, builds beside the old files and compares; only then "
        "the new ones count. Whatever goes wrong, the old files stay in force.",
    )
    update.add_argument("state", help="two letters")
    update.add_argument("--only", choices=["roster"], help="the members alone: a minute's work, for every week")
    update.add_argument(
        "--from", type=Path, dest="by_hand", metavar="FOLDER", help="fetch nothing: take the files in it"
    )
    update.add_argument("--contact", help="an e-mail address for the publishers to write to; needed to fetch")
    update.add_argument("--downloads", type=Path, metavar="FOLDER", help="where to keep what was fetched, and put what "
                        "cannot be (default: var/boundaries/STATE)")  # fmt: skip
    update.add_argument("--folder", type=Path, help="the state's folder (default: the shipped one, which "
                        "is copied there if it is missing)")  # fmt: skip
    for flag, what in (("--vacant", "a seat nobody holds"), ("--no-email", "a member without an e-mail address")):
        update.add_argument(flag, action="append", default=[], metavar="SEAT", help=f'{what}, like "house:12"')
    update.add_argument("--mail-domain", action="append", default=[], metavar="DOMAIN", help="members may have new "
                        "addresses there")  # fmt: skip
    update.set_defaults(run=_update)


def _update(args: argparse.Namespace) -> int:
    from boundaries.builder.release.roster_update import Allowed
    from boundaries.builder.release.update import update
    from boundaries.builder.sources.progress import bars
    from boundaries.builder.sources.roster import read_seats

    if not (args.by_hand or args.contact):
        print("boundaries update: give --contact you@example.org, or --from FOLDER", file=sys.stderr)
        return 2
    try:
        allowed = Allowed(
            read_seats("--vacant", args.vacant), read_seats("--no-email", args.no_email), args.mail_domain
        )
        with bars() as watch:
            update(
                _own_folder(args.state, args.folder), only_roster=args.only == "roster", by_hand=args.by_hand,
                downloads=args.downloads or Path("var/boundaries") / args.state, contact=args.contact or "",
                today=datetime.now(UTC).date(), allowed=allowed, say=teller(), watch=watch,
            )  # fmt: skip
    except ModuleNotFoundError as error:
        print(f"more than the roster needs {error.name}: pip install 'beaconpost[build]'", file=sys.stderr)
        return 1
    except (BoundariesError, OSError) as error:
        print(f"boundaries: {error}; the old files stay in force", file=sys.stderr)
        return 1
    return 0


def _own_folder(code: str, folder: Path | None) -> Path:
    """The state's folder; a copy of the shipped one, if an operator's own is only to be."""
    if folder is None:
        return shipped(code)
    if not (folder / "state.json").exists():
        shutil.copytree(shipped(code), folder, dirs_exist_ok=True)
    return folder


def teller() -> Callable[[str], None]:
    """Prints each step with the seconds since the start."""
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:6.1f} s  {text}", file=sys.stderr)

    return say


def _build(args: argparse.Namespace) -> int:
    try:
        from boundaries.builder.release.compile import build
        from boundaries.builder.sources.progress import bars
    except ModuleNotFoundError as error:
        print(f"building needs {error.name}: pip install 'beaconpost[build]'", file=sys.stderr)
        return 1
    if (args.sources is None) == (args.districts is None):
        print("boundaries build: give --sources, or --districts, --addresses and --people", file=sys.stderr)
        return 2
    if args.districts and not (args.addresses and args.people):
        print("boundaries build: a new state needs --addresses and --people too", file=sys.stderr)
        return 2
    try:
        with bars() as watch:
            recipe = _describe(args, watch) if args.districts else _read(args, watch)
            build(recipe, args.into or recipe.home, teller(), _left_out(args.leave_out))
    except (BoundariesError, OSError) as error:
        print(f"boundaries: {error}", file=sys.stderr)
        return 1
    return 0


def _read(args: argparse.Namespace, watch: "Watch") -> "Recipe":
    from boundaries.builder.sources.recipe import read_recipe

    return read_recipe(args.recipe or folder_of(args.state) / "recipe.json", args.sources, watch)


def _describe(args: argparse.Namespace, watch: "Watch") -> "Recipe":
    from boundaries.builder.sources.new_recipe import BuildOptions, draft_recipe
    from boundaries.builder.sources.recipe import make_recipe

    path = (args.into or folder_of(args.state)) / "recipe.json"
    if path.exists():
        raise BoundariesError(f"{path} is there already: edit it and build with --sources, or remove it to begin anew")
    content, given = draft_recipe(BuildOptions(
        code=args.state, name=args.name, districts=args.districts, addresses=args.addresses, people=args.people,
        people_date=args.people_date, divisions=args.divisions, towns=args.towns, members=args.members,
        vacant=args.vacant, no_email=args.no_email, unreached=args.unreached,
    ))  # fmt: skip
    return make_recipe(path, content, path.parent, given, watch)


def _left_out(path: Path | None) -> list[tuple[str, str, str]]:
    if path is None:
        return []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [(row["town"], row["street"], row["number"]) for row in csv.DictReader(stream)]
