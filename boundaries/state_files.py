"""The compiled files of a state's folder, as the builder writes them."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from boundaries.errors import DataError
from boundaries.gazetteer import Gazetteer, Town
from boundaries.model import Chamber, Pair, find_chamber
from boundaries.streetbook import StreetBook

FORMAT = 1
SURVEYED = "addresses"  # how zips.csv was made, in state.json: it has every town with addresses of each ZIP


def read_town_pairs(folder: Path) -> Mapping[str, list[Pair]]:
    """Each town's pairs of districts."""
    pairs_of: dict[str, list[Pair]] = {}
    for town, senate, house in read_compiled(folder / "towns.csv", 3):
        pairs_of.setdefault(town, []).append(Pair(senate, house))
    return pairs_of


def read_gazetteer(
    folder: Path,
    code: str,
    name: str,
    pairs_of: Mapping[str, list[Pair]],
    numbered: Sequence[Pair],
    book: StreetBook,
    *,
    surveyed: bool,
) -> Gazetteer:
    """The state's towns, place names and ZIP codes. numbered: its pairs, in the order of the street book. surveyed:
    whether zips.csv has every town with addresses of each ZIP."""
    number_of = {pair: number for number, pair in enumerate(numbered)}
    place_rows = read_compiled(folder / "places.csv", 3)
    places = {place: tuple(names.split(";")) for place, names, _ in place_rows}
    place_zips = {place: tuple(codes.split(";")) for place, _, codes in place_rows if codes}
    zips = {code: tuple(filter(None, towns.split(";"))) for code, towns in read_compiled(folder / "zips.csv", 2)}
    zips_of: dict[str, set[str]] = {}
    for zip_code, names in zips.items():
        for town in names:
            zips_of.setdefault(town, set()).add(zip_code)
    parted = book.parted_towns
    towns = {
        town: Town(
            town,
            tuple(number_of[pair] for pair in pairs),
            book.towns.get(town, {}) if len(pairs) > 1 else None,
            book.zones.get(town, {}),
            town in parted,
            frozenset(zips_of.get(town, ())),
            f"street book of {town}, from {book.sources.get(town, 'no source')}"
            if len(pairs) > 1
            else f"all of {town} is in one pair of districts",
            book.zips.get(town, {}),
            frozenset(book.zips.get(town, {}).values()),
            town in book.thin,
        )
        for town, pairs in sorted(pairs_of.items())
    }
    return Gazetteer(code, name, towns, places, zips, place_zips, surveyed=surveyed)


def parse_chamber(text: str) -> Chamber:
    if chamber := find_chamber(text):
        return chamber
    raise DataError(f"unknown chamber {text!r}: build the state again")


def read_settings(folder: Path) -> dict[str, Any]:
    path = folder / "state.json"
    try:
        settings: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise DataError(f"{path} is missing: build the state with `beaconpost boundaries build`") from None
    except json.JSONDecodeError as error:
        raise DataError(f"{path}:{error.lineno}: not JSON ({error.msg}): build the state again") from None
    if settings.get("format") != FORMAT:
        raise DataError(f"{path} is of format {settings.get('format')}, not {FORMAT}: build the state again")
    return settings


def read_compiled(path: Path, columns: int) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))[1:]
    except FileNotFoundError:
        raise DataError(f"{path} is missing: build the state with `beaconpost boundaries build`") from None
    for line, row in enumerate(rows, 2):
        if len(row) != columns:
            raise DataError(f"{path}:{line}: {len(row)} columns, {columns} expected: build the state again")
    return rows
