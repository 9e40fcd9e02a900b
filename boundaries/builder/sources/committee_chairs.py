"""The committees' chairs, compiled from membership rows and checked against the roster."""

from boundaries.builder.sources.recipe import Recipe, read_rows
from boundaries.committees import ROLES
from boundaries.errors import SourceError
from boundaries.model import Legislator

_CHAMBER = {"upper": "senate", "lower": "house", "legislature": ""}
_COLUMNS = ("committee", "chamber", "parent", "role", "person_id", "member")


def compile_committees(recipe: Recipe, roster: list[Legislator]) -> list[tuple[str, str, str, str]]:
    """Rows of committees.csv; none if the recipe names no committees. Subcommittees are left out.

    SourceError if a row's chamber is unknown, its name or id is missing, or nobody in the roster leads anything, which
    means that it is another state's file. A leader who has left the legislature is left out.
    """
    if "committees" not in recipe.content:
        return []
    path = recipe.source(recipe.content["committees"]["file"])
    if path == recipe.home / "committees.csv" and recipe.home != recipe.sources:
        # That file is the output of an earlier build.
        raise SourceError(recipe.sources / path.name, None, "no such file", "put the membership rows there")
    sitting = {member.id for member in roster}
    chairs: set[tuple[str, str, str, str]] = set()
    for line, row in read_rows(path, _COLUMNS):
        name, body, parent, role, person, member = (cell.strip() for cell in row)
        if body not in _CHAMBER:
            raise SourceError(path, line, f"unknown chamber {body!r}", "write upper, lower or legislature (joint)")
        if not name:
            raise SourceError(path, line, "no committee", "name it")
        if parent or role not in ROLES:
            continue
        if not person:
            raise SourceError(path, line, f"no person_id for {member or 'the ' + role}", "copy it from the roster")
        if person in sitting:
            chairs.add((name, _CHAMBER[body], role, person))
    if not chairs:
        raise SourceError(path, None, "no chair is in the roster", "is it another state's or session's file?")
    return sorted(chairs)
