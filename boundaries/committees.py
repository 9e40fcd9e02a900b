"""Committees and their chairs: `committees.csv` (name, chamber, role, person_id; chamber is blank if joint)."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

from boundaries.model import CHAMBERS, Legislator
from boundaries.tables import read_table

COLUMNS = ("name", "chamber", "role", "person_id")
ROLES = ("chair", "vice chair")
_STOP_WORDS = {"committee", "on", "the", "of", "for", "and", "standing", "select", "special", "permanent"}


def committee_key(name: str) -> tuple[str, str]:
    """Chamber ("" if not given, "joint" if so named) and the significant words, for the many ways to write a name:
    "Joint Committee on the Judiciary" → ("joint", "judiciary"), "House Ways & Means" → ("house", "ways means")."""
    words = re.findall(r"[^\W_]+", re.sub("['\u2019]", "", name.casefold()))
    chamber = words.pop(0) if len(words) > 1 and words[0] in ("joint", *CHAMBERS) else ""
    return chamber, " ".join([word for word in words if word not in _STOP_WORDS] or words)


class Committees:
    """A state's committees. names: as people should write them, "Judiciary", "House Ways and Means"."""

    def __init__(self, leaders: Mapping[tuple[str, str], list[tuple[str, str]]]) -> None:
        self._leaders = leaders
        self.names: tuple[str, ...] = tuple(sorted(_display_name(*committee) for committee in leaders))
        self._by_key: dict[tuple[str, str], tuple[str, str]] = {}
        self._bodies: dict[str, list[tuple[str, str]]] = {}
        for chamber, name in leaders:
            key = committee_key(name)[1]
            self._by_key[chamber or "joint", key] = (chamber, name)
            self._bodies.setdefault(key, []).append((chamber, name))

    def find(self, name: str) -> tuple[str, str]:
        """Chamber ("" if joint) and official name. A bare name means the joint committee, if there is one.

        KeyError, with the closest names, if it matches no committee or several.
        """
        chamber, key = committee_key(name)
        if (chamber or "joint", key) in self._by_key:
            return self._by_key[chamber or "joint", key]
        bodies = [] if chamber else self._bodies.get(key, [])
        if len(bodies) == 1:
            return bodies[0]
        near = [_display_name(*body) for body in bodies or self._bodies.get(key, [])]
        for other in [] if near else get_close_matches(key, self._bodies, 3, 0.5):
            near += [_display_name(*body) for body in self._bodies[other]]
        raise KeyError(f"no committee {name!r}" + (f": is it {' or '.join(near)}?" if near else ""))

    def leaders(self, name: str, role: str) -> list[str]:
        """The person ids of those who hold a role in a committee. KeyError as for `find`."""
        return [person for held, person in self._leaders[self.find(name)] if held == role]


def read_committees(path: Path) -> Committees:
    """A state's committees; none if it has no such file. DataError if the file is wrong."""
    leaders: dict[tuple[str, str], list[tuple[str, str]]] = {}
    if path.exists():
        for row in read_table(path, COLUMNS):
            row.among("chamber", ["", *CHAMBERS])
            row.among("role", list(ROLES))
            leaders.setdefault((row["chamber"], row["name"]), []).append((row["role"], row["person_id"]))
    return Committees(leaders)


def order(members: Iterable[Legislator]) -> tuple[Legislator, ...]:
    """Senators first, then by name."""
    return tuple(sorted(members, key=lambda member: (CHAMBERS.index(member.chamber), member.surname, member.id)))


def _display_name(chamber: str, name: str) -> str:
    return f"{chamber.title()} {name}" if chamber else name
