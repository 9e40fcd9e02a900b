"""Holds out a tenth of a state's address points, with their true districts, to judge a book made of the rest."""

import csv
import gzip
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import zipcodes

from boundaries.builder.sources.layers import Layer, around
from boundaries.model import CHAMBERS, Chamber, Pair
from boundaries.state import State

SHARE = 0.1
Row = Mapping[str, str]  # as OpenAddresses publishes it


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The rows of a source."""

    kept: list[Row]
    judged: list[tuple[Row, Pair]]  # each with its true districts


def hold_out(path: Path, layers: Mapping[Chamber, Layer], seed: int = 7) -> HeldOut:
    """Draw a tenth of the addresses that have number and street; each is drawn once, with all its rows."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as stream:
        rows: list[Row] = list(csv.DictReader(stream))
    rng = random.Random(seed)  # noqa: S311  (a sample, not a secret)
    drawn: dict[tuple[str, ...], bool] = {}
    first: dict[tuple[str, ...], Row] = {}
    for row in rows:
        key = _key(row)
        if key not in drawn:
            drawn[key] = rng.random() < SHARE
            if drawn[key] and row["NUMBER"].strip() not in ("", "0") and row["STREET"].strip():
                first[key] = row
    judged = list(first.values())
    spots = np.array([(float(row["LON"]), float(row["LAT"])) for row in judged])
    names = {}
    for chamber in CHAMBERS:
        layer = layers[chamber]
        numbers = around(layer, list(range(len(layer.names))), spots)
        names[chamber] = [layer.names[number] if number >= 0 else "" for number in numbers.tolist()]
    truth = [Pair(senate, house) for senate, house in zip(names["senate"], names["house"], strict=True)]
    inside = [(row, pair) for row, pair in zip(judged, truth, strict=True) if pair.senate and pair.house]
    return HeldOut([row for row in rows if not drawn[_key(row)]], inside)


def thin_out(rows: list[Row], share: float, seed: int = 8) -> list[Row]:
    """A share of the rows, drawn."""
    rng = random.Random(seed)  # noqa: S311
    return [row for row in rows if rng.random() < share]


def write_rows(path: Path, rows: list[Row]) -> Path:
    """Write rows as a CSV."""
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def typed(code: str, row: Row) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """How people may write an address: a name for the way, and street, city and ZIP."""
    street = f"{row['NUMBER']} {row['STREET']}"
    if row["CITY"]:
        yield "as the source writes it", (street, row["CITY"], row["POSTCODE"])
        yield "without ZIP", (street, row["CITY"], "")
    office = _offices(code).get(row["POSTCODE"])
    if office:
        yield "post office as city", (street, office, row["POSTCODE"])


def judge(state: State, judged: list[tuple[Row, Pair]]) -> dict[str, tuple[int, int, int, int]]:
    """For each way of writing: addresses, answered, wrong, and asked with the truth among the choices."""
    counts: dict[str, list[int]] = {}
    for row, truth in judged:
        for way, address in typed(state.code, row):
            answer = state.locate(*address)
            matched = answer.status == "matched"
            count = counts.setdefault(way, [0, 0, 0, 0])
            count[0] += 1
            count[1] += matched
            count[2] += matched and answer.pairs[0] != truth
            count[3] += answer.status == "choose" and truth in answer.pairs
    return {way: (count[0], count[1], count[2], count[3]) for way, count in counts.items()}


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row[column].strip() for column in ("CITY", "DISTRICT", "STREET", "NUMBER"))


def _offices(code: str) -> dict[str, str]:
    if code not in _CACHE:
        entries = zipcodes.filter_by(state=code.upper())  # type: ignore[no-untyped-call]
        _CACHE[code] = {entry["zip_code"]: entry["city"] for entry in entries}
    return _CACHE[code]


_CACHE: dict[str, dict[str, str]] = {}
