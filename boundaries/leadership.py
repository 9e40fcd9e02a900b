"""Presiding officers: `leadership.csv` (role, person_id), maintained by hand; roles as people write them, "speaker"."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path

from boundaries.tables import read_table

COLUMNS = ("role", "person_id")


def read_leadership(path: Path, known: Collection[str]) -> Mapping[str, str]:
    """Person id by role; empty if the state has no such file. known: the ids in the roster.

    Somebody who is no longer in the roster is left out: the office is held by somebody else by then. DataError if the
    table is wrong.
    """
    holders: dict[str, str] = {}
    held: set[str] = set()
    for row in read_table(path, COLUMNS) if path.exists() else ():
        role = row["role"].casefold()
        if not role:
            raise row.wrong("no role", "write it like speaker")
        if role in held:
            raise row.wrong(f"a second {role}", "remove the one who left")
        held.add(role)
        if row["person_id"] in known:
            holders[role] = row["person_id"]
    return holders


def find_role(name: str, roles: Collection[str]) -> str:
    """The role as the table writes it. KeyError, whose text names the closest, if nobody holds it."""
    key = name.strip().casefold()
    if key in roles:
        return key
    near = get_close_matches(key, roles, 1) or sorted(roles)
    raise KeyError(f"the roster knows no {name.strip()!r}" + (f": is it {' or '.join(near)}?" if near else ""))
