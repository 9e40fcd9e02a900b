"""Draws addresses with known districts, to evaluate a street book that was built without them.

    python bench/draw_addresses.py --sources DIR --out DIR [--seed N]

Writes judged.csv (for `boundaries audit`) and leave_out.csv (for `boundaries build --leave-out`). Strata: `random`, any
assessor's address; `near_line`, within 100 m of a line between two districts of a chamber; `cambridge`, assessor's
addresses there; `boston`, house numbers of its centerline ranges, named with the adjacent neighborhood and ZIP.

Truth: the town table where a whole town is in one district, else the full polygons around the point. Boston's points
are 15 m beside the centerline, so its truth shares the ranges with the book: this evaluates how the book bridges
numbers it has not seen. `addresses_sample.csv` has 900 Boston addresses of another source.
"""

import argparse
import csv
import random
from pathlib import Path

import numpy as np
import shapely  # type: ignore[import-untyped]

from boundaries.builder.sources import line_offset, ranges
from boundaries.builder.sources.districts import read_districts
from boundaries.builder.sources.evidence import Source, Streets
from boundaries.builder.sources.geometry import Floats
from boundaries.builder.sources.layers import Layer, assign
from boundaries.builder.sources.places import read_towns
from boundaries.builder.sources.recipe import Recipe, read_recipe, read_rows
from boundaries.data import shipped
from boundaries.model import CHAMBERS
from boundaries.normalization import format_key

SIZES = {"random": 20_000, "near_line": 10_000, "cambridge": 5_000, "boston": 5_000}
NEAR = 100.0  # meters
Drawn = tuple[str, str, str, str, str, float, float]  # town, number, street, city, zip, lon, lat


def main() -> None:
    """Draw and write both files."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sources", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    recipe = read_recipe(shipped("ma") / "recipe.json", args.sources)
    rng = random.Random(args.seed)  # noqa: S311  (a sample, not a secret)
    names, _, layers = read_districts(recipe)
    towns = read_towns(recipe, names)
    points = read_points(recipe)
    rng.shuffle(points)
    strata: dict[str, list[Drawn]] = {
        "random": points[: SIZES["random"]],
        "cambridge": [point for point in points if point[0] == "Cambridge"][: SIZES["cambridge"]],
        "boston": _boston(recipe, rng)[: SIZES["boston"]],
    }
    lines = np.vstack([layer.edges.ends[(layer.edges.owner >= 0).all(axis=1)] for layer in layers.values()])
    scale = np.array([111_195.0 * np.cos(np.radians(42.3)), 111_195.0])
    tree = shapely.STRtree(shapely.linestrings(lines.reshape(-1, 2, 2) * scale))
    places = np.array([point[5:7] for point in points[SIZES["random"] : 400_000]])
    near = tree.query(shapely.points(places * scale), predicate="dwithin", distance=NEAR)[0]
    strata["near_line"] = [points[SIZES["random"] + at] for at in np.unique(near)[: SIZES["near_line"]].tolist()]
    args.out.mkdir(parents=True, exist_ok=True)
    with (
        (args.out / "judged.csv").open("w", newline="") as judged,
        (args.out / "leave_out.csv").open("w", newline="") as left,
    ):
        write, leave = csv.writer(judged), csv.writer(left)
        write.writerow(["number", "street", "city", "zip", "senate", "house", "stratum", "lon", "lat"])
        leave.writerow(["town", "street", "number"])
        for stratum, drawn in strata.items():
            spots: Floats = np.array([address[5:7] for address in drawn])
            truth: list[list[str]] = []
            for side, chamber in enumerate(CHAMBERS):
                mine = [sorted({pair[side] for pair in towns[address[0]]}) for address in drawn]
                assigned = assign_by_town(layers[chamber], mine, spots)
                truth.append(assigned)
            for address, senate, house in zip(drawn, *truth, strict=True):
                town, number, street, city, postal, lon, lat = address
                write.writerow([number, street, city, postal, senate, house, stratum, lon, lat])
                leave.writerow([town, street, number])


def assign_by_town(layer: Layer, mine: list[list[str]], spots: Floats) -> list[str]:
    """The district around each spot (n, 2), among those of its town. mine: the names of these, spot by spot."""
    assigned = [""] * len(mine)
    for allowed in {tuple(names) for names in mine}:
        rows = [row for row, names in enumerate(mine) if tuple(names) == allowed]
        numbers = assign(layer, [layer.names.index(name) for name in allowed], spots[rows])
        for row, number in zip(rows, numbers.tolist(), strict=True):
            assigned[row] = layer.names[number]
    return assigned


def read_points(recipe: Recipe) -> list[Drawn]:
    """Every assessor's address once."""
    part = recipe.content["streets"][0]
    columns = tuple(part["columns"][name] for name in ("town", "street", "number", "lon", "lat"))
    seen: dict[tuple[str, str, str], Drawn] = {}
    for _, (town, street, number, lon, lat) in read_rows(recipe.source(part["file"]), columns):
        seen.setdefault((town, street, number), (town, number, street, town, "", float(lon), float(lat)))
    return list(seen.values())


def _boston(recipe: Recipe, rng: random.Random) -> list[Drawn]:
    """House numbers from Boston's ranges with their ZIP; the city is "Boston" as often as the neighborhood."""
    streets = Streets(("Boston",))
    line_offset.OFFSET = 15.0
    zipped = Source(recipe, next(part for part in recipe.content["streets"] if part["kind"] == "addrfeat"))
    named = Source(recipe, next(part for part in recipe.content["streets"] if "boston" in part["file"]))
    parts = [ranges.read_ranges(source, streets, None, set())[0] for source in (zipped, named)]
    keys, areas = [key for _, key in streets.ids], list(streets.areas)
    hood = {
        (street, number, tuple(np.round(spot, 6))): areas[area]
        for street, number, spot, area in zip(
            parts[1].street.tolist(), parts[1].number.tolist(), parts[1].lonlat.tolist(), parts[1].area.tolist(),
            strict=True,
        )
    }  # fmt: skip
    addresses: list[Drawn] = []
    rows = list(range(len(parts[0].street)))
    for row in rng.sample(rows, SIZES["boston"] * 2):
        street, number = int(parts[0].street[row]), int(parts[0].number[row])
        spot, area = parts[0].lonlat[row], int(parts[0].area[row])
        city = hood.get((street, number, tuple(np.round(spot, 6))), "boston").title()
        if rng.random() < 0.5:
            city = "Boston"
        addresses.append((
            "Boston", str(number), format_key(keys[street]), city, areas[area] if area >= 0 else "", *map(float, spot),
        ))  # fmt: skip
    return addresses


if __name__ == "__main__":
    main()
