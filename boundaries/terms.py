"""Whether a roster can still be trusted: how old it is, and whether a term has begun or ended since it was made.

`terms.csv` holds the dates (chamber, district, starts, ends, note): `district` is blank for a whole chamber. A seat's
own row is for a special election (`starts`) or for somebody who leaves early (`ends`); what is blank there is as for
the chamber. `ends` is the first day on which the members are no longer in office.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from boundaries.model import CHAMBERS, Chamber, District, DistrictKey
from boundaries.tables import read_table

COLUMNS = ("chamber", "district", "starts", "ends", "note")
STALE_AFTER_DAYS = 60


@dataclass(frozen=True, slots=True)
class Term:
    """A row of terms.csv."""

    chamber: Chamber
    district: str  # "" for every seat of the chamber
    days: tuple[date, ...]  # those on which a seat changes hands
    note: str


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far a roster can be trusted on a day."""

    roster_date: date
    age_days: int
    stale: bool
    #: when seats changed hands since the roster was made, by (chamber, district); district "" is the whole chamber
    changed: Mapping[DistrictKey, date]
    message: str  # for the operator: what is wrong and what to do; "" if all is well

    @property
    def ok(self) -> bool:
        return not self.message

    @property
    def term_over(self) -> bool:
        """Whether the term of a whole chamber is over, so that its letters may go to people who have left."""
        return any(not district for _, district in self.changed)

    def outdated(self, chamber: Chamber, district: str) -> bool:
        """Whether somebody else may hold this seat by now: hold its letters until the roster is updated."""
        return (chamber, "") in self.changed or (chamber, district) in self.changed


def read_terms(path: Path, districts: Mapping[DistrictKey, District]) -> tuple[Term, ...]:
    """A state's terms; none if it has no such file. DataError names the row and how to write it."""
    if not path.exists():
        return ()
    terms: list[Term] = []
    for row in read_table(path, COLUMNS):
        chamber = row.chamber()
        if row["district"]:
            row.among("district", [name for body, name in districts if body == chamber])
        days = [row.day(column) for column in ("starts", "ends") if row[column]]
        if not days or not (row["district"] or len(days) == 2):
            raise row.wrong("a date is missing", "a chamber's term has both starts and ends, a seat's at least one")
        if days != sorted(set(days)):
            raise row.wrong(f"starts {row['starts']} but ends {row['ends']}", "a term ends after it starts")
        terms.append(Term(chamber, row["district"], tuple(days), row["note"]))
    return tuple(terms)


def next_change(terms: tuple[Term, ...], chamber: Chamber, district: str, after: date) -> date | None:
    """The first day after `after` on which a seat, or its whole chamber, changes hands; None if none is known."""
    mine = (term for term in terms if term.chamber == chamber and term.district in ("", district))
    return min((day for term in mine for day in term.days if day > after), default=None)


def assess_freshness(
    roster_date: date, terms: tuple[Term, ...], names: Mapping[Chamber, str], today: date, until: date | None = None,
    code: str = "STATE",
) -> Freshness:  # fmt: skip
    """How far a roster of `roster_date` can be trusted on `today`. names: what the chambers are called. code: the
    state's, for the command in the message.

    until: the day on which another district plan takes effect: from then on this roster is useless.
    A roster made on the very day on which a term begins counts as made after it.
    """
    age = (today - roster_date).days
    stale = age > STALE_AFTER_DAYS
    changed: dict[DistrictKey, date] = {}
    for term in terms:
        for day in term.days:
            if roster_date < day <= today:
                seat = (term.chamber, term.district)
                changed[seat] = max(day, changed.get(seat, day))
    sentences = []
    over = sorted({(day, names[chamber]) for (chamber, district), day in changed.items() if not district})
    if over:
        bodies = " and the ".join(name for _, name in over)
        sentences.append(f"The roster is from {roster_date}, and the members of the {bodies} have changed since: "
                    f"a new term began on {over[-1][0]}.")  # fmt: skip
    for (chamber, district), day in sorted(changed.items()):
        if district:
            sentences.append(f"The seat of {district} in the {names[chamber]} changed hands on {day}, "
                        f"and the roster is from {roster_date}.")  # fmt: skip
    if stale and not over:
        sentences.append(
            f"The roster is from {roster_date}, {age} days old: members may have left or moved offices since."
        )
    if until and until <= today:
        changed |= {(chamber, ""): until for chamber in CHAMBERS}
        sentences = [f"New districts took effect on {until}: restart to load them."]
    elif sentences:
        sentences.append(f"Update it with `beaconpost boundaries update {code} --only roster`.")
    return Freshness(roster_date, age, stale, changed, " ".join(sentences))
