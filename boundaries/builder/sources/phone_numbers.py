"""Members' phone numbers and offices: what a people CSV says, and what is kept from the previous roster.

Open States' writer sometimes leaves the capitol columns empty, for everybody at once. A number that was right last week
is then better than none.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from boundaries.model import Chamber, Legislator
from boundaries.roster_file import read_roster_file

Known = Mapping[tuple[str, Chamber], Legislator]


def read_known(path: Path) -> Known:
    """The members in the current roster (roster.csv), by person id and chamber; none if there is no roster yet.

    Whoever moved to the other chamber left the old office behind: the chamber is part of the key. Within a chamber the
    office goes with the person, not with the district.
    """
    if not path.exists():
        return {}
    return {(member.id, member.chamber): member for member in read_roster_file(path, None, {}).members if member.id}


class PhoneNumbers:
    """Gives each member a number and counts where it came from. known: as `read_known` returns it."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._stated = self._local = self._kept = 0
        self._none: list[str] = []

    def give(self, member: Legislator, district_voice: str) -> Legislator:
        """The member with the best number: the capitol's as the file states it, else the district office's, else the
        known one. An address that the file lacks is kept too."""
        before = self._known.get((member.id, member.chamber))
        phone, office = (before.phone, before.office) if before else ("", "")
        if member.phone:
            self._stated += 1
            phone = member.phone
        elif district_voice:
            self._local += 1
            phone = district_voice
        elif phone:
            self._kept += 1
        else:
            self._none.append(member.name)
        return replace(member, phone=phone, office=member.office or office)

    def report(self) -> str:
        """One line: how many numbers came from where, and everybody who has none."""
        none = f"; none for {', '.join(self._none)}" if self._none else ""
        return (
            f"phone numbers: {self._stated} at the capitol, {self._local} at district offices,"
            f" {self._kept} kept from before{none}"
        )
