"""The roster: Open States' people CSV, checked against the divisions."""

from collections.abc import Mapping

from boundaries.builder.recipe import Recipe, read_rows
from boundaries.errors import SourceError
from boundaries.model import Chamber, Legislator

_CHAMBER: Mapping[str, Chamber] = {"upper": "senate", "lower": "house"}
_COLUMNS = (
    "id", "current_chamber", "current_district", "name", "given_name", "family_name", "current_party", "email",
    "capitol_voice", "capitol_address",
)  # fmt: skip


def read_roster(recipe: Recipe, districts: dict[Chamber, set[str]]) -> list[Legislator]:
    """Every member, by chamber and district. SourceError unless each district has one member or a named vacancy."""
    part = recipe.content["roster"]
    path = recipe.source(part["file"])
    found: dict[tuple[Chamber, str], Legislator] = {}
    for line, row in read_rows(path, _COLUMNS):
        if row[1] not in _CHAMBER:
            continue
        chamber = _CHAMBER[row[1]]
        if row[2] not in districts[chamber]:
            raise SourceError(path, line, f"unknown {chamber} district {row[2]!r}", "is it another state's or plan's?")
        if (chamber, row[2]) in found:
            raise SourceError(path, line, f"a second member for {chamber} {row[2]}", "remove the one who left")
        found[chamber, row[2]] = Legislator(row[0], chamber, *row[2:])
    vacant = {(entry["chamber"], entry["district"]) for entry in part["vacant"]}
    for chamber, names in districts.items():
        for name in sorted(names):
            if (chamber, name) not in found and (chamber, name) not in vacant:
                raise SourceError(
                    path, None, f"no member for {chamber} {name}", "add one, or name the vacancy in the recipe"
                )
            if (chamber, name) in found and (chamber, name) in vacant:
                raise SourceError(path, None, f"{chamber} {name} has a member", "take its vacancy out of the recipe")
    return [found[key] for key in sorted(found)]
