"""Builds a state's folder from its recipe: reads the sources, compiles into a staging folder, then swaps."""

import csv
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from boundaries.atomic_swap import swap_files
from boundaries.builder.book.coverage import check_reached
from boundaries.builder.book.statebook import write_book
from boundaries.builder.release.outline_writer import write_outlines
from boundaries.builder.release.provenance import write_sources
from boundaries.builder.release.roster_update import write_committees, write_roster
from boundaries.builder.release.staging import staging_folder
from boundaries.builder.release.townline_writer import write_townlines
from boundaries.builder.sources.committee_chairs import compile_committees
from boundaries.builder.sources.districts import read_districts
from boundaries.builder.sources.evidence import Streets, excluded_addresses
from boundaries.builder.sources.layers import Layer, find_empty
from boundaries.builder.sources.namesakes import split_namesakes
from boundaries.builder.sources.overlays import Overlays, overlays_of, read_overlays
from boundaries.builder.sources.places import NameIndex, TownPairs, read_places, read_towns
from boundaries.builder.sources.postal_areas import survey_postal_areas
from boundaries.builder.sources.progress import Say
from boundaries.builder.sources.recipe import Recipe, write_recipe
from boundaries.builder.sources.roster import find_vacancies, read_roster
from boundaries.builder.sources.seat_counts import count_members
from boundaries.builder.sources.street_sources import gather_evidence
from boundaries.builder.sources.town_finder import TownFinder
from boundaries.builder.sources.town_survey import survey_towns
from boundaries.model import CHAMBERS, Chamber, DistrictKey, Legislator
from boundaries.overlays import COLUMNS
from boundaries.overlays import NAME as OVERLAYS
from boundaries.state import open_state
from boundaries.state_files import SURVEYED

ASHORE = 0.1  # degrees: how far outside every district a place may be, on a pier or an islet


def build(recipe: Recipe, target: Path, say: Say, excluded: Iterable[tuple[str, str, str]] = ()) -> None:
    """Compile `target` from the recipe and its sources. `excluded`: (town, street, number) to leave out.

    The files in `target` stay as they are unless all of the new ones could be made. SourceError on bad input.
    """
    with staging_folder(target) as made:
        compile_state(recipe, made, say, excluded_addresses(recipe, excluded))
        open_state(made)  # refuses wrong files before the old ones are gone
        swap_files(made, target)


def compile_state(recipe: Recipe, made: Path, say: Say, excluded: set[tuple[str, str, int]]) -> None:
    """Write all of a state's files into `made`, and report what they cover."""
    names, ocd, layers = read_districts(recipe)
    overlays = read_overlays(recipe, names)
    say("districts read")
    districts = {chamber: {*names[chamber].values(), *overlays_of(overlays, chamber)} for chamber in CHAMBERS}
    roster = read_roster(recipe, districts, say)
    vacant = find_vacancies(recipe, count_members(recipe, districts), recipe.content["roster"].get("vacant", []))
    table = read_towns(recipe, names) if "file" in recipe.content.get("towns", {}) else {}
    finder = None if table else TownFinder(recipe)
    streets = Streets(tuple(table))
    gathered = gather_evidence(recipe, _extent(layers), streets, finder, excluded, say)
    if finder:  # before the long part
        lonlat = gathered.evidence.lonlat
        empty = {(chamber, name) for chamber in recipe.chambers for name in find_empty(layers[chamber], lonlat)}
        check_reached(recipe.home / "recipe.json", _every_district(names), empty, _unreached(recipe))
    namesakes = split_namesakes(streets, gathered.evidence, finder.county_at) if finder else {}
    towns = survey_towns(streets, gathered.evidence, layers, finder) if finder else table
    postal = survey_postal_areas(streets, gathered.evidence, finder.offices) if finder else None
    cities = {**finder.written(towns), **namesakes} if finder else None
    places, zips, place_zips = read_places(recipe, towns, cities, postal.zips if postal else None)
    labels = [str(part["label"]) for part in recipe.content["streets"]]
    # Before the book, which takes the most memory.
    write_outlines(made / "outlines.bin", {chamber: layers[chamber] for chamber in recipe.chambers})
    write_townlines(made / "townlines.csv", towns, layers, streets, gathered)
    say("outlines written")
    towns, coverage = write_book(made / "streets.bin", labels, towns, places, layers, streets, gathered, postal)
    say("street book written")
    coverage.check(recipe.home / "recipe.json", _every_district(names), _unreached(recipe))
    write_sources(made / "SOURCES.md", recipe)
    tables = towns, places, zips, place_zips, names, ocd, overlays, roster, vacant
    _write_tables(recipe, made, *tables, surveyed=bool(postal))
    copy_kept(recipe, made)
    if not (recipe.home / "recipe.json").exists():
        write_recipe(made / "recipe.json", recipe.content)
    exact = int(np.count_nonzero(gathered.evidence.exact))
    for line in coverage.report(recipe.content["name"], exact, len(vacant)):
        say(line)
    for line in postal.report() if postal else ():
        say(line)


def copy_kept(recipe: Recipe, made: Path) -> None:
    """Copy the tables that people maintain by hand, for a build into another folder."""
    if "terms" in recipe.content:
        shutil.copy(recipe.source(recipe.content["terms"]["file"]), made / "terms.csv")
    for name in ("corrections.csv", "leadership.csv"):
        if (recipe.home / name).exists():
            shutil.copy(recipe.home / name, made / name)


def _every_district(names: Mapping[str, Mapping[str, str]]) -> list[DistrictKey]:
    return [(chamber, name) for chamber in CHAMBERS for name in names[chamber].values()]


def _unreached(recipe: Recipe) -> list[DistrictKey]:
    return [(part["chamber"], part["district"]) for part in recipe.content.get("unreached", [])]


def _extent(layers: dict[Chamber, Layer]) -> tuple[float, float, float, float]:
    """West, south, east and north of the state, with a margin of water."""
    bounds = np.array([polygon.bounds for layer in layers.values() for polygon in layer.polygons])
    west, south = bounds[:, :2].min(axis=0) - ASHORE
    east, north = bounds[:, 2:].max(axis=0) + ASHORE
    return float(west), float(south), float(east), float(north)


def _write_tables(
    recipe: Recipe, made: Path, towns: TownPairs, places: NameIndex, zips: NameIndex, place_zips: NameIndex,
    names: dict[str, dict[str, str]], ocd: dict[tuple[str, str], str], overlays: Overlays, roster: list[Legislator],
    vacant: list[dict[str, str]], *, surveyed: bool,
) -> None:  # fmt: skip
    content = recipe.content
    state = {
        "format": 1,
        **{part: content[part] for part in ("code", "name", "titles", "chamber_names")},
        "finder": content.get("finder", ""),
        "bills": content.get("bills", []),
        "roster_date": content["roster"]["date"],
        "vacant": vacant,
        "aliases": dict(sorted(recipe.aliases.names.items())),
        **({"words": dict(sorted(recipe.aliases.words.items()))} if recipe.aliases.words else {}),
        **({"zips": SURVEYED} if surveyed else {}),
    }
    (made / "state.json").write_text(json.dumps(state, indent=2, ensure_ascii=False) + "\n", "utf-8")
    _write_csv(
        made / "districts.csv", ("chamber", "name", "ocd_id"),
        [
            (chamber, name, ocd[chamber, name])
            for chamber in CHAMBERS
            for name in (*sorted(names[chamber].values()), *overlays_of(overlays, chamber))
        ],
    )  # fmt: skip
    if overlays or (recipe.home / OVERLAYS).exists():
        _write_csv(
            made / OVERLAYS, COLUMNS,
            [(chamber, name, below) for (chamber, name), over in overlays.items() for below in over],
        )  # fmt: skip
    _write_csv(
        made / "towns.csv", ("town", "senate", "house"), [(town, *pair) for town in towns for pair in towns[town]]
    )
    _write_csv(
        made / "places.csv", ("place", "towns", "zips"),
        [(key, ";".join(towns_of_it), ";".join(place_zips.get(key, ()))) for key, towns_of_it in places.items()],
    )  # fmt: skip
    _write_csv(
        made / "zips.csv", ("zip", "towns"), [(code, ";".join(towns_of_it)) for code, towns_of_it in zips.items()]
    )
    write_roster(made / "roster.csv", roster)
    write_committees(made / "committees.csv", compile_committees(recipe, roster))


def _write_csv(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
