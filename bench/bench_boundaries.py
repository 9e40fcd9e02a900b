"""Microseconds per lookup, load time and memory, next to named peers in the same run.

    python -m bench.bench_boundaries [--sources DIR] [--points N]

Peers: shapely's STRtree finding both districts of the same points (which an address has only after geocoding), and
usaddress parsing the same lines (without any lookup), if it is installed. Every address is looked up once; nothing is
memoized. Memory is what a separate process grows by.
"""

import argparse
import gc
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from boundaries.builder.sources.districts import read_districts
from boundaries.builder.sources.recipe import read_recipe, read_rows
from boundaries.data import shipped
from boundaries.model import CHAMBERS
from boundaries.state import open_state
from boundaries.vocabulary import NUMBER

_SPELLED = {"St": "Street", "Av": "Avenue", "Ave": "Avenue", "Rd": "Road", "Dr": "Drive", "Ln": "Lane", "Cir": "Circle"}
_MEMORY = """
from pathlib import Path
import boundaries.state as module

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

before = resident()
state = module.open_state(Path({folder!r}))
state.locate("1 Main St", "Worcester", "")
books = resident()
state.locate_point(42.3, -71.1)
print(f"memory {{books - before:.1f}} MB, with outlines {{resident() - before:.1f}} MB")
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--sources", type=Path, default=Path("../shared/data/ma"), help="the recipe's files (default %(default)s)"
    )
    parser.add_argument("--points", type=int, default=100_000)
    args = parser.parse_args()
    if not args.sources.is_dir():
        print(f"not run: it draws addresses from the sources of the street book, and {args.sources} does not exist")
        return
    folder = shipped("ma")
    started = time.perf_counter()
    state = open_state(folder)
    load = time.perf_counter() - started
    grown = subprocess.run(
        [sys.executable, "-c", _MEMORY.format(folder=str(folder))], check=True, capture_output=True, text=True
    ).stdout.strip()
    print(f"load {1000 * load:.0f} ms, {grown}")

    recipe = read_recipe(folder / "recipe.json", args.sources)
    part = recipe.content["streets"][0]
    columns = tuple(part["columns"][name] for name in ("town", "street", "number", "lon", "lat"))
    rows = list({(row[0], row[1], row[2]): row for _, row in read_rows(recipe.source(part["file"]), columns)}.values())
    random.Random(1).shuffle(rows)  # noqa: S311  (a sample, not a secret)
    rows = rows[: args.points]
    plain = [(f"{number} {street}", town, "") for town, street, number, _, _ in rows]
    split = [address for address in plain if address[1] in state._book.towns]
    ours = _time("lookup, any town", lambda: [state.locate(*address) for address in plain], len(plain))
    _time("lookup, split towns only", lambda: [state.locate(*address) for address in split], len(split))
    hard = [
        _awkward(row[0], row[1], row[2], place)
        for place, row in enumerate(row for row in rows if row[0] in state._book.towns)
    ]
    _time(
        "lookup, number in words or a letter, suffix spelled out, unit",
        lambda: [state.locate(*address) for address in hard],
        len(hard),
    )
    spots = [(float(lat), float(lon)) for *_, lon, lat in rows[:20_000]]
    state.locate_point(*spots[0])
    _time("place on the map", lambda: [state.locate_point(*spot) for spot in spots], len(spots))

    import shapely  # type: ignore[import-untyped]

    _, _, layers = read_districts(recipe)
    trees = [shapely.STRtree(layers[chamber].polygons) for chamber in CHAMBERS]
    points = [shapely.Point(lon, lat) for lat, lon in spots]
    theirs = _time(
        "peer: shapely STRtree, both chambers",
        lambda: [tree.query(point, predicate="within") for point in points for tree in trees],
        len(points),
    )
    print(f"lookup / shapely = {ours / theirs:.2f}")
    try:
        import usaddress  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ModuleNotFoundError:
        print("peer: usaddress is not installed")
        return
    lines = [f"{street}, {town}, MA" for street, town, _ in plain[:5_000]]
    parsing = _time("peer: usaddress.parse", lambda: [usaddress.parse(line) for line in lines], len(lines))
    print(f"lookup / usaddress = {ours / parsing:.4f}")


def _awkward(town: str, street: str, number: str, place: int) -> tuple[str, str, str]:
    """An address as some people write it: "Twenty-four Beacon Street apt 3", "24A BEACON STREET #3"."""
    head, _, suffix = street.rpartition(" ")
    long = f"{head} {_SPELLED.get(suffix, suffix)}"
    if not number.isdecimal():
        return f"{number} {long}, Unit {place % 90}", town, ""
    if place % 2 and 0 < int(number) < 100:
        return f"{_in_words(int(number))} {long} apt {place % 90}", town, ""
    return f"{number}A {long} #{place % 90}".upper(), town, ""


def _in_words(number: int) -> str:
    """24 → "twenty-four", for 1 to 99."""
    words = {value: word for word, value in NUMBER.items()}
    if number in words:
        return words[number]
    return f"{words[number // 10 * 10]}-{words[number % 10]}"


def _time(what: str, work: Callable[[], Sequence[object]], count: int) -> float:
    """Seconds for one of `count`, best of three; printed."""
    best = float("inf")
    for _ in range(3):
        gc.collect()
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    print(f"{what}: {1e6 * best / count:.1f} µs, {count / best:,.0f} a second")
    return best / count


if __name__ == "__main__":
    main()
