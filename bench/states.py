"""`make states`: builds states from the real files in ../shared/data/states and judges them on addresses held out.

Vermont (also with a map of its towns, and with a fifth of its points), Pennsylvania and Colorado are built and judged;
of the others, the addresses and all rosters are read. Most of these addresses state no license: they are
measured with, and nothing made of them is kept. Without the files it says so and does nothing.
"""

import re
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bench.hold_out import HeldOut, Row, hold_out, judge, thin_out, write_rows
from boundaries.builder.release.compile import build
from boundaries.builder.sources.addresses import read_addresses
from boundaries.builder.sources.districts import read_districts
from boundaries.builder.sources.evidence import Source, Streets
from boundaries.builder.sources.new_recipe import BuildOptions, draft_recipe, roster_part
from boundaries.builder.sources.people_file import OPEN_STATES
from boundaries.builder.sources.ranges import read_ranges
from boundaries.builder.sources.recipe import Recipe, make_recipe, read_rows
from boundaries.builder.sources.roster import read_roster
from boundaries.builder.sources.town_finder import TownFinder
from boundaries.errors import SourceError
from boundaries.model import CHAMBERS, Chamber
from boundaries.state import open_state

DATA = Path(__file__).parents[2] / "shared/data/states"
ROUNDS = 8  # remedies that are followed one after the other
_OPTION = re.compile(r'--(members|no-email|vacant|unreached|skip) "([^"]+)"')


def main() -> int:
    """Build, judge, read, and print. Returns the exit status."""
    if not DATA.is_dir():
        print("skipped: the files of other states are not in ../shared/data/states")
        return 0
    print(f"{'':51} {'n':>7} {'answered':>9} {'wrong':>8} {'asked':>8}")
    vermont = _options("vt", ["senate=vt_senate_2012.geojson", "house=vt_house_2012.geojson"], "vt_people_2012.csv",
                       "vt_statewide.csv.gz")  # fmt: skip
    held = _hold_out(vermont)
    _judge("Vermont", vermont, held.kept, held)
    _judge("Vermont, --towns", replace(vermont, towns=DATA / "vt/vt_cousub.geojson"), held.kept, held)
    _judge("Vermont, every fifth point", vermont, thin_out(held.kept, 0.2), held)
    pennsylvania = _options("pa", ["tl_2022_42_sldu.zip", "tl_2022_42_sldl.zip"], "pa.csv", "pa_points.csv.gz")
    held = _hold_out(pennsylvania)
    _judge("Pennsylvania, 23 counties", pennsylvania, held.kept, held)
    colorado = _options("co", ["tl_2022_08_sldu.zip", "tl_2022_08_sldl.zip"], "co.csv", "rrad_co.csv")
    held = _hold_out(colorado)
    _judge("Colorado, 229 points", colorado, held.kept, held)
    _read_others()
    _read_rosters()
    return 0


def _options(code: str, districts: Sequence[str], people: str, addresses: str) -> BuildOptions:
    folder = DATA / code
    maps = []
    for text in districts:
        chamber, equals, file = text.rpartition("=")
        maps.append(f"{chamber}{equals}{folder / file}")
    return BuildOptions(code=code, name="", districts=maps, addresses=[folder / addresses], people=folder / people)


def _hold_out(options: BuildOptions) -> HeldOut:
    content, given = draft_recipe(options)
    _, _, layers = read_districts(make_recipe(Path("recipe.json"), content, DATA, given))
    return hold_out(options.addresses[0], layers)


def _judge(title: str, options: BuildOptions, rows: list[Row], held: HeldOut) -> None:
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        points = write_rows(Path(folder) / "points.csv", rows)
        built = Path(folder) / options.code

        def make(extra: Mapping[str, list[str]]) -> None:
            content, given = draft_recipe(replace(options, addresses=[points], **extra))  # type: ignore[arg-type]
            build(make_recipe(built / "recipe.json", content, built, given), built, lambda _: None)

        follow_remedies(make)
        took = time.monotonic() - started
        for way, (n, answered, wrong, asked) in judge(open_state(built), held.judged).items():
            share = [f"{100 * part / n:.2f} %" for part in (answered, wrong, asked)]
            print(f"{title:27} {way:23} {n:7,} {share[0]:>9} {share[1]:>8} {share[2]:>8}", flush=True)
        print(f"{title:27} built in {took:.0f} s", flush=True)


def follow_remedies(attempt: Callable[[Mapping[str, list[str]]], None]) -> dict[str, list[str]]:
    """Repeat what fails with the options that its error names. Returns those; SourceError if it names none."""
    options: dict[str, list[str]] = {}
    for _ in range(ROUNDS):
        try:
            attempt(options)
        except SourceError as error:
            named = [(flag.replace("-", "_"), value) for flag, value in _OPTION.findall(str(error))]
            new = [(flag, value) for flag, value in named if value not in options.get(flag, ())]
            if not new:
                raise
            for flag, value in new:
                options.setdefault(flag, []).append(value)
        else:
            break
    return options


def _read_others() -> None:
    """The addresses of states without a map of both chambers."""
    for code, file in (("md", "md_baltimore_county.csv.gz"), ("ut", "ut_addresses.csv"), ("wi", "wi_addresses.csv"),
                       ("nc", "tl_2020_37143_addrfeat.zip")):  # fmt: skip
        path = DATA / code / file
        ranges = path.suffix == ".zip"
        recipe = Recipe({"code": code}, DATA / code, DATA / code)
        source = Source(recipe, {"file": path.name, "label": "", "kind": "addrfeat" if ranges else "addresses"})
        finder, streets = TownFinder(recipe), Streets(())
        if ranges:
            evidence, left = read_ranges(source, streets, finder, set())[0], Counter[str]()
        else:
            evidence, left = read_addresses(source, streets, finder, set())
        skipped = "".join(f"; {count:,} rows {reason}" for reason, count in left.items())
        towns = len({town for town, _ in streets.ids})
        print(f"{path.name}: {len(evidence.street):,} numbers, {len(streets.ids):,} streets, {towns} towns{skipped}")


def _read_rosters() -> None:
    """Every roster, with the districts that it names, following the remedies of what is odd."""
    with tempfile.TemporaryDirectory() as folder:
        (archive,) = (DATA / "rosters").glob("*.tar.gz")
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        files = sorted(Path(folder).rglob("*.csv"))
        members, needing, refused = 0, 0, 0
        for path in files:
            try:
                seen, options = _read_roster(path)
            except SourceError as error:
                refused += 1
                print(f"refused: {str(error).replace(str(path), path.name)}")
                continue
            members += seen
            needing += bool(options)
        print(
            f"{len(files) - refused} of {len(files)} rosters read: {members:,} members; "
            f"{needing} needed the options that their errors name"
        )


def _read_roster(path: Path) -> tuple[int, dict[str, list[str]]]:
    districts: dict[Chamber, set[str]] = {chamber: set() for chamber in CHAMBERS}
    for _, (body, name) in read_rows(path, ("current_chamber", "current_district")):
        if body in OPEN_STATES:
            districts[OPEN_STATES[body]].add(name)
    read: list[int] = []

    def attempt(extra: Mapping[str, list[str]]) -> None:
        options = BuildOptions(path.stem, path.stem, (), (), path, **extra)  # type: ignore[arg-type]
        recipe = Recipe({"roster": roster_part(options, path.name)}, path.parent, path.parent)
        read.append(len(read_roster(recipe, districts)))

    options = follow_remedies(attempt)
    return read[-1], options


if __name__ == "__main__":
    sys.exit(main())
