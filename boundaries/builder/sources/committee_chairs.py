"""The committees' chairs, compiled from memberships and checked against the roster.

Memberships are a table, or Open States' own repository as GitHub packs it, in which every committee is a YAML file.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from boundaries.builder.sources.recipe import Recipe, read_rows
from boundaries.committees import ROLES
from boundaries.errors import SourceError
from boundaries.model import Legislator

_CHAMBER = {"upper": "senate", "lower": "house", "legislature": ""}
_COLUMNS = ("committee", "chamber", "parent", "role", "person_id", "member")

Membership: TypeAlias = tuple[int | None, list[str]]  # its line in a table, and the columns


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
    for line, row in _read_memberships(path, recipe.content.get("code", "")):
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


def _read_memberships(path: Path, code: str) -> Iterator[Membership]:
    """Those of the state with this code, if the file has several states'."""
    return _read_repository(path, code) if zipfile.is_zipfile(path) else read_rows(path, _COLUMNS)


def _read_repository(path: Path, code: str) -> Iterator[Membership]:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if f"/data/{code}/committees/" in name and name.endswith(".yml")]
        for name in sorted(names):
            try:
                committee = yaml.safe_load(archive.read(name))
                yield from _list_members(committee)
            except (yaml.YAMLError, zipfile.BadZipFile, UnicodeDecodeError, TypeError, KeyError, AttributeError):
                raise SourceError(path, None, f"{name} cannot be read", "fetch the file again") from None


def _list_members(committee: dict[str, Any]) -> Iterator[Membership]:
    """The members of a committee, in the order of `_COLUMNS`; a subcommittee's parent may be named or only implied."""
    parent = committee.get("parent") or ("" if committee["classification"] == "committee" else "its committee")
    for member in committee.get("members") or ():
        person = str(member.get("person_id") or "")
        yield None, [committee["name"], committee["chamber"], str(parent), member["role"], person, member["name"]]
