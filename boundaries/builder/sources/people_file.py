"""The rows of Open States' people CSV, without those that the recipe skips (roster.skip)."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from boundaries.builder.sources.recipe import Recipe, read_rows
from boundaries.model import Chamber
from boundaries.roster_file import name_person, tidy

# "legislature" is Nebraska's single chamber.
OPEN_STATES: Mapping[str, Chamber] = {"upper": "senate", "lower": "house", "legislature": "senate"}
_WHO = ("id", "current_chamber", "current_district", "name", "given_name", "family_name")
_LETTERED = re.compile(r"(.*\d)[A-Z]")


def read_people(recipe: Recipe, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Each row's line number and the named columns, in that order. SourceError names a missing column."""
    skipped = set(recipe.content["roster"].get("skip", []))
    path = recipe.source(recipe.content["roster"]["file"])
    extra = _WHO if skipped else ()
    for line, cells in read_rows(path, (*columns, *extra), recipe.watch):
        if not (skipped and _names(*cells[len(columns) :]) & skipped):
            yield line, cells[: len(columns)]


def _names(person: str, body: str, district: str, *names: str) -> set[str]:
    """What --skip may call a row: by the person's id or name, or by the seat."""
    seat = f"{OPEN_STATES.get(body, body)}:{tidy(district)}"
    return {tidy(person), name_person(names[0], names[1], names[2]), seat}


def seat_district(name: str, districts: Collection[str]) -> str:
    """The district of a seat: "1A" and "1B" are both of district 1, where no district has a letter."""
    lettered = _LETTERED.fullmatch(name)
    return lettered[1] if lettered and name not in districts and lettered[1] in districts else name
