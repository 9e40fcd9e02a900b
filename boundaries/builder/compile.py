"""Builds a state's folder from its recipe: reads the sources, compiles, writes beside the old files, then swaps."""

import csv
import json
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

import numpy as np

from boundaries import committees
from boundaries.builder.book import BookWriter
from boundaries.builder.committees import compile_committees, copy_kept
from boundaries.builder.evidence import Evidence, Source, Streets, join, left_out, read_points
from boundaries.builder.geometry import find_edges, plane_around, read_polygons
from boundaries.builder.locate import Chart, Layer, survey, town_lines
from boundaries.builder.nearby import Nearby
from boundaries.builder.outlines import write_outlines
from boundaries.builder.places import Names, TownPairs, read_places, read_towns
from boundaries.builder.ranges import read_ranges
from boundaries.builder.recipe import Recipe, read_recipe, read_rows
from boundaries.builder.roster import read_roster
from boundaries.builder.sources import write_sources
from boundaries.builder.townbook import Located, repeats_names, survey_areas, write_areas, write_runs
from boundaries.divisions import division_key
from boundaries.errors import SourceError
from boundaries.model import CHAMBERS, Chamber, Legislator
from boundaries.state import open_state
from boundaries.swap import swap

Say = Callable[[str], None]

ASHORE = 0.1  # degrees: how far outside every district a place may lie, on a pier or an islet


def build(
    recipe_path: Path, sources: Path, target: Path, say: Say, without: Iterable[tuple[str, str, str]] = ()
) -> None:
    """Compile `target` from the recipe and the folder of sources. `without`: (town, street, number) to leave out.

    The files in `target` stay as they are unless all of the new ones could be made. SourceError on bad input.
    """
    recipe = read_recipe(recipe_path, sources)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as beside:
        made = Path(beside) / "made"
        made.mkdir()
        _compile(recipe, made, say, left_out(recipe, without))
        copy_kept(recipe, made)
        open_state(made)  # refuses what is wrong in them before the old files are gone
        swap(made, target)


def _compile(recipe: Recipe, made: Path, say: Say, without: set[tuple[str, str, int]]) -> None:
    names, ocd = read_divisions(recipe)
    layers = {chamber: read_layer(recipe, chamber, names[chamber]) for chamber in CHAMBERS}
    say("districts read")
    towns = read_towns(recipe, names)
    roster = read_roster(recipe, {chamber: set(names[chamber].values()) for chamber in CHAMBERS})
    pairs = sorted({pair for town in towns.values() for pair in town})
    places, zips, place_zips = read_places(recipe, towns)
    streets = Streets(tuple(towns))
    extent = _extent(layers)
    parts: list[list[Evidence]] = []
    for part in recipe.content["streets"]:
        source = Source(recipe, part, extent)
        if part["kind"] == "points":
            parts.append([read_points(source, streets, without)])
        elif part["kind"] in ("ranges", "addrfeat"):
            parts.append(read_ranges(source, streets, without))
        else:
            raise SourceError(
                recipe.home / "recipe.json", None, f"unknown kind {part['kind']!r}", "points, ranges or addrfeat"
            )
        say(f"{source.label}: {len(parts[-1][0].street):,} numbers")
    towns = _write_book(recipe, made, towns, pairs, layers, streets, parts, say)
    write_outlines(made / "outlines.bin", layers)
    say("outlines written")
    write_sources(made / "SOURCES.md", recipe)
    _write_tables(recipe, made, towns, places, zips, place_zips, names, ocd, roster)


def _extent(layers: dict[Chamber, Layer]) -> tuple[float, float, float, float]:
    """West, south, east and north of the state, with some water around it."""
    bounds = np.array([polygon.bounds for layer in layers.values() for polygon in layer.polygons])
    west, south = bounds[:, :2].min(axis=0) - ASHORE
    east, north = bounds[:, 2:].max(axis=0) + ASHORE
    return float(west), float(south), float(east), float(north)


def read_divisions(recipe: Recipe) -> tuple[dict[str, dict[str, str]], dict[tuple[str, str], str]]:
    """Chamber → division key → official name, and (chamber, name) → OCD division id."""
    path = recipe.source(recipe.content["divisions"]["file"])
    names: dict[str, dict[str, str]] = {chamber: {} for chamber in CHAMBERS}
    ocd: dict[tuple[str, str], str] = {}
    for _, (chamber, name, division) in read_rows(path, ("chamber", "openstates_district", "ocd_division_id")):
        names[chamber][division_key(name)] = name
        ocd[chamber, name] = division
    return names, ocd


def read_layer(recipe: Recipe, chamber: Chamber, names: dict[str, str]) -> Layer:
    part = recipe.content["districts"][chamber]
    path = recipe.source(part["file"])
    found: dict[str, Any] = {}
    for row, (name, polygon) in enumerate(read_polygons(path, part["name"]), 1):
        key = division_key(name)
        if key not in names:
            raise SourceError(path, row, f"unknown {chamber} district {name!r}", "add it to the division ids")
        found[names[key]] = polygon
    missing = sorted(set(names.values()) - set(found))
    if missing:
        raise SourceError(path, None, f"no polygon for {', '.join(missing)}", "fetch the whole file again")
    ordered = tuple(sorted(found))
    polygons = tuple(found[name] for name in ordered)
    return Layer(ordered, polygons, find_edges(list(polygons)))


def _write_book(
    recipe: Recipe, made: Path, towns: TownPairs, pairs: list[tuple[str, str]], layers: dict[Chamber, Layer],
    streets: Streets, parts: list[list[Evidence]], say: Say,
) -> TownPairs:  # fmt: skip
    """Write streets.bin. Returns the towns with the pairs of each by number of addresses, most first."""
    ordered = dict(towns)
    number_of = {pair: number for number, pair in enumerate(pairs)}
    evidence = join([part[0] for part in parts])
    also = [
        join([part[min(place, len(part) - 1)] for part in parts]).lonlat
        for place in range(1, max(len(part) for part in parts))
    ]
    town_names = list(towns)
    town_index = {town: index for index, town in enumerate(town_names)}
    town_of = np.array([town_index[town] for town, _ in streets.ids], dtype=np.int64)
    keys = [key for _, key in streets.ids]
    area_names = list(streets.areas)
    order = np.argsort(town_of[evidence.street], kind="stable")
    bounds = np.searchsorted(town_of[evidence.street][order], np.arange(len(town_names) + 1))
    labels = [str(part["label"]) for part in recipe.content["streets"]]
    source_of = np.concatenate([np.full(len(part[0].street), index) for index, part in enumerate(parts)])
    writer = BookWriter(len(pairs))
    for index, town in enumerate(town_names):
        rows = order[bounds[index] : bounds[index + 1]]
        if len(towns[town]) == 1 or not len(rows):
            if len(rows):
                writer.add_names(town, [keys[street] for street in np.unique(evidence.street[rows])])
            continue
        located = _locate(evidence.take(rows), [lonlat[rows] for lonlat in also], towns[town], layers, number_of)
        count = np.bincount(located.pair, minlength=len(pairs))
        ordered[town] = sorted(towns[town], key=lambda pair: (-count[number_of[pair]], pair))
        nearby = Nearby(located.ground.spots, located.pair)
        runs = write_runs(located, nearby)
        by_area = write_areas(located, nearby, runs)
        used = "; ".join(labels[source] for source in np.unique(source_of[rows]))
        named = {(keys[street], area_names[area]): found for (street, area), found in by_area.items()}
        through, area_pairs = survey_areas(located)
        if not repeats_names(located):
            through = {}
        writer.add_town(town, {keys[street]: found for street, found in runs.items()}, used)
        writer.add_areas(
            town,
            named,
            {keys[street]: [area_names[area] for area in areas] for street, areas in through.items()},
            {area_names[area]: found for area, found in area_pairs.items()},
        )
    writer.write(made / "streets.bin")
    say("street book written")
    return ordered


def _locate(
    evidence: Evidence, also: list[Any], town_pairs: list[tuple[str, str]], layers: dict[Chamber, Layer],
    number_of: dict[tuple[str, str], int],
) -> Located:  # fmt: skip
    allowed = tuple(
        sorted({layers[chamber].names.index(pair[side]) for pair in town_pairs})
        for side, chamber in enumerate(CHAMBERS)
    )
    table = np.full(tuple(len(layers[chamber].names) for chamber in CHAMBERS), -1, dtype=np.int64)
    for names in town_pairs:
        where = tuple(layers[chamber].names.index(name) for chamber, name in zip(CHAMBERS, names, strict=True))
        table[where] = number_of[names]
    chart = Chart(tuple(layers[chamber] for chamber in CHAMBERS), allowed, table, plane_around(evidence.lonlat))
    pair = chart.pairs_at(evidence.lonlat)
    variants = np.stack([chart.pairs_at(lonlat) for lonlat in also]) if also else pair[None, :]
    lines = np.vstack([
        town_lines(layer, mine, evidence.lonlat) for layer, mine in zip(chart.layers, allowed, strict=True)
    ])  # fmt: skip
    keep = pair >= 0
    ground = survey(evidence.lonlat[keep], lines, chart.plane)
    return Located(evidence.take(keep), pair[keep], variants[:, keep], ground, chart)


def _write_tables(
    recipe: Recipe, made: Path, towns: TownPairs, places: Names, zips: Names, place_zips: Names,
    names: dict[str, dict[str, str]], ocd: dict[tuple[str, str], str], roster: list[Legislator],
) -> None:  # fmt: skip
    content = recipe.content
    state = {
        "format": 1,
        **{part: content[part] for part in ("code", "name", "titles", "chamber_names", "zip_prefixes")},
        "roster_date": content["roster"]["date"],
        "vacant": content["roster"]["vacant"],
        "aliases": dict(sorted(recipe.aliases.items())),
    }
    (made / "state.json").write_text(json.dumps(state, indent=2, ensure_ascii=False) + "\n", "utf-8")
    _write_csv(
        made / "districts.csv", ("chamber", "name", "ocd_id"),
        [(chamber, name, ocd[chamber, name]) for chamber in CHAMBERS for name in sorted(names[chamber].values())],
    )  # fmt: skip
    _write_csv(
        made / "towns.csv", ("town", "senate", "house"), [(town, *pair) for town in towns for pair in towns[town]]
    )
    _write_csv(
        made / "places.csv", ("place", "towns", "zips"),
        [(key, ";".join(found), ";".join(place_zips.get(key, ()))) for key, found in places.items()],
    )  # fmt: skip
    _write_csv(made / "zips.csv", ("zip", "towns"), [(code, ";".join(found)) for code, found in zips.items()])
    columns = tuple(column.name for column in fields(Legislator))
    _write_csv(made / "roster.csv", columns, [astuple(member) for member in roster])
    _write_csv(made / "committees.csv", committees.COLUMNS, compile_committees(recipe, roster))


def _write_csv(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
