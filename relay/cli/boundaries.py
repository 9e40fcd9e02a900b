"""`beaconpost boundaries build`, `update`, `lookup` and `audit`. Only `build` and `update` import the builder."""

import argparse
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
from relay.settings.parsers import OWN_STATES

if TYPE_CHECKING:
    from boundaries.builder.sources.progress import Watch
    from boundaries.builder.sources.recipe import Recipe

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

BUILD = """Compile a state's folder from public sources. A new state needs --districts, --addresses and --people:

  beaconpost boundaries build mt \\
      --districts tl_2024_30_sldu.zip tl_2024_30_sldl.zip --people mt.csv \\
      --addresses statewide.csv tl_2024_30049_addrfeat.zip

This writes recipe.json, which you can edit, to the state's folder. `build STATE --sources FOLDER` then rebuilds the
state from the files that the recipe names."""

SKIP = (
    "a row of the people CSV to leave out, like a delegate without a district: the person's name or id, or the seat, "
    'like "house:Penobscot Nation"; repeatable, and kept by update'
)


def add_commands(subparsers: "Subparsers") -> None:
    """Add `boundaries` and its commands. Each sets `run`, which takes the parsed arguments and returns the exit
    status: 0 done, 1 not found or refused, 2 usage."""
    parser = subparsers.add_parser("boundaries", help="districts: build, update, lookup, audit")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_build(commands)
    _add_update(commands)
    lookup_parser = commands.add_parser("lookup", help="find who represents an address")
    lookup_parser.add_argument("address", nargs="?", help='one line: "12 Elm St, Anytown, 00000"')
    lookup_parser.add_argument(
        "--batch", type=Path, metavar="FILE.csv", help="CSV with street,city,zip; printed with districts added"
    )
    lookup_parser.add_argument("--json", action="store_true", help="print JSON")
    lookup_parser.add_argument("--explain", action="store_true", help="show which rule and source answered")
    lookup_parser.add_argument(
        "--corrections", type=Path, metavar="FILE.csv", help="try corrections, in the format of corrections.csv"
    )
    lookup_parser.set_defaults(run=lookup.run)
    audit_parser = commands.add_parser("audit", help="count right and wrong answers for addresses with known districts")
    audit_parser.add_argument(
        "file", type=Path, metavar="FILE.csv", help="CSV with street,city,zip,senate,house and optionally stratum"
    )
    audit_parser.add_argument("--json", action="store_true", help="print JSON")
    audit_parser.add_argument("--show", action="store_true", help="print every address without the right answer")
    audit_parser.set_defaults(run=audit.run)
    for command in (lookup_parser, audit_parser):
        command.add_argument("--state", default=only_code(), help="two letters (default: the only shipped state)")
        command.add_argument("--folder", type=Path, help="a state's folder (default: the shipped one)")


def _add_build(commands: "Subparsers") -> None:
    build = commands.add_parser(
        "build",
        help="compile a state's folder from public sources",
        description=BUILD,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    build.add_argument("state", help="two letters")
    existing = build.add_argument_group("a state with a recipe")
    existing.add_argument("--sources", type=Path, help="folder with the files that the recipe names")
    existing.add_argument("--recipe", type=Path, help="the recipe (default: recipe.json in the state's folder)")
    new = build.add_argument_group("a new state")
    new.add_argument("--name", default="", help="the state's name (default: from its code)")
    new.add_argument("--districts", nargs="+", metavar="FILE", help="a map for each chamber: TIGER/Line SLDU and SLDL "
                     "zips, or shapefile or GeoJSON, like senate=FILE house=FILE")  # fmt: skip
    new.add_argument("--addresses", nargs="+", type=Path, metavar="FILE", help="OpenAddresses CSV or GeoJSON, National "
                     "Address Database CSV or txt (also .gz, .zip), TIGER/Line ADDRFEAT zips")  # fmt: skip
    new.add_argument("--people", type=Path, metavar="FILE.csv", help="the state's people CSV from Open States")
    new.add_argument(
        "--people-date", default="", metavar="DATE", help="date of that file (default: its modification time)"
    )
    new.add_argument(
        "--divisions", type=Path, metavar="FILE.csv", help="country-us.csv from Open Civic Data, for division ids"
    )
    new.add_argument("--towns", type=Path, metavar="FILE", help="map of towns, like TIGER/Line COUSUB or PLACE "
                     "(default: the city in each address)")  # fmt: skip
    for flag, meaning in (
        ("--vacant", "a vacant seat"),
        ("--no-email", "a member without an e-mail address"),
        ("--unreached", "a district that no address source covers"),
    ):
        new.add_argument(
            flag, action="append", default=[], metavar="SEAT", help=f'{meaning}, like "house:12"; repeatable'
        )
    new.add_argument("--skip", action="append", default=[], metavar="WHO", help=SKIP)
    new.add_argument("--over", action="append", default=[], metavar="SEAT=…", help='a district that lies over others, '
                     'like "house:Belknap 8=Belknap 1,Belknap 2" (floterial) or "senate:At-Large=*" (at large); '
                     'repeatable')  # fmt: skip
    new.add_argument("--field", action="append", default=[], metavar="FIELD=NAME", help='a column or property of the '
                     'addresses, like "street=ST_NAME" (number, city, zip, county, state, lon, lat), or of the '
                     'districts, like "district=District"; repeatable')  # fmt: skip
    new.add_argument("--members", action="append", default=[], metavar="CHAMBER=N", help='number of members per '
                     'district, like "house=2"; "house:4A=1" for a single district; repeatable')  # fmt: skip
    build.add_argument("--into", type=Path, help="output folder (default: the state's folder)")
    build.add_argument("--leave-out", type=Path, help="CSV with town,street,number to exclude, to test against")
    build.set_defaults(run=_build)


def _add_update(commands: "Subparsers") -> None:
    update = commands.add_parser(
        "update",
        help="download newer sources, build, compare, and swap in the new files",
        description="Downloads the sources whose URL is in the recipe, builds next to the old files, compares, and "
        "then swaps in the new files. If anything fails, the old files stay in use.",
    )
    update.add_argument("state", help="two letters")
    update.add_argument("--only", choices=["roster"], help="update only the members; takes a minute, run it weekly")
    update.add_argument(
        "--from", type=Path, dest="by_hand", metavar="FOLDER", help="use the files in FOLDER, download nothing"
    )
    update.add_argument("--contact", help="your e-mail address, for the publishers; required for downloads")
    update.add_argument("--downloads", type=Path, metavar="FOLDER", help="folder for downloads, and for files that "
                        "you must download yourself (default: var/boundaries/STATE)")  # fmt: skip
    update.add_argument("--folder", type=Path, help="the state's folder; if missing, it is copied from the "
                        "shipped one (default: states/STATE in a site's folder, else the shipped one)")  # fmt: skip
    for flag, meaning in (("--vacant", "a vacant seat"), ("--no-email", "a member without an e-mail address")):
        update.add_argument(
            flag, action="append", default=[], metavar="SEAT", help=f'{meaning}, like "house:12"; repeatable'
        )
    update.add_argument("--skip", action="append", default=[], metavar="WHO", help=SKIP)
    update.add_argument("--mail-domain", action="append", default=[], metavar="DOMAIN", help="allow new member "
                        "addresses at this domain; repeatable")  # fmt: skip
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
            read_seats("--vacant", args.vacant), read_seats("--no-email", args.no_email), args.mail_domain, args.skip
        )
        with bars() as watch:
            update(
                _own_folder(args.state, args.folder), only_roster=args.only == "roster", by_hand=args.by_hand,
                downloads=args.downloads or Path("var/boundaries") / args.state, contact=args.contact or "",
                today=datetime.now(UTC).date(), allowed=allowed, say=timed_printer(), watch=watch,
            )  # fmt: skip
    except ModuleNotFoundError as error:
        print(f"updating more than the roster requires {error.name}: pip install 'beaconpost[build]'", file=sys.stderr)
        return 1
    except (BoundariesError, OSError) as error:
        print(f"boundaries: {error}; the old files stay in use", file=sys.stderr)
        return 1
    return 0


def _own_folder(code: str, folder: Path | None) -> Path:
    """The state's folder: below states/ in a site's folder, else the shipped one. An operator's own is copied from the
    shipped one if it does not exist yet."""
    if folder is None and not OWN_STATES.is_dir():
        return shipped(code)
    folder = folder or OWN_STATES / code
    if not (folder / "state.json").exists():
        shutil.copytree(shipped(code), folder, dirs_exist_ok=True)
    return folder


def timed_printer() -> Callable[[str], None]:
    """A function that prints a step to stderr with the seconds since the start."""
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:6.1f} s  {text}", file=sys.stderr)

    return say


def _build(args: argparse.Namespace) -> int:
    try:
        from boundaries.builder.release.compile import build
        from boundaries.builder.sources.progress import bars
    except ModuleNotFoundError as error:
        print(f"building requires {error.name}: pip install 'beaconpost[build]'", file=sys.stderr)
        return 1
    if (args.sources is None) == (args.districts is None):
        print("boundaries build: give --sources, or --districts, --addresses and --people", file=sys.stderr)
        return 2
    if args.districts and not (args.addresses and args.people):
        print("boundaries build: a new state also needs --addresses and --people", file=sys.stderr)
        return 2
    try:
        with bars() as watch:
            recipe = _draft_recipe(args, watch) if args.districts else _read_recipe(args, watch)
            build(recipe, args.into or recipe.home, timed_printer(), _read_excluded(args.leave_out))
    except (BoundariesError, OSError) as error:
        print(f"boundaries: {error}", file=sys.stderr)
        return 1
    return 0


def _read_recipe(args: argparse.Namespace, watch: "Watch") -> "Recipe":
    from boundaries.builder.sources.recipe import read_recipe

    return read_recipe(args.recipe or folder_of(args.state) / "recipe.json", args.sources, watch)


def _draft_recipe(args: argparse.Namespace, watch: "Watch") -> "Recipe":
    from boundaries.builder.sources.new_recipe import BuildOptions, draft_recipe
    from boundaries.builder.sources.recipe import make_recipe

    path = (args.into or folder_of(args.state)) / "recipe.json"
    if path.exists():
        raise BoundariesError(f"{path} already exists: edit it and build with --sources, or remove it to start over")
    content, given = draft_recipe(BuildOptions(
        code=args.state, name=args.name, districts=args.districts, addresses=args.addresses, people=args.people,
        people_date=args.people_date, divisions=args.divisions, towns=args.towns, members=args.members,
        vacant=args.vacant, no_email=args.no_email, unreached=args.unreached, skip=args.skip, over=args.over,
        fields=args.field,
    ))  # fmt: skip
    return make_recipe(path, content, path.parent, given, watch)


def _read_excluded(path: Path | None) -> list[tuple[str, str, str]]:
    if path is None:
        return []
    from boundaries.builder.sources.recipe import read_rows

    return [(town, street, number) for _, (town, street, number) in read_rows(path, ("town", "street", "number"))]
