"""The night a new legislature takes office, as data: the seats that change hands, and the people CSV of the next day.

Everything is derived from the shipped roster of Massachusetts; the newcomers are invented.
"""

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from boundaries.builder.release.roster_update import Allowed
from boundaries.builder.release.update import update
from boundaries.builder.sources.progress import unwatched
from boundaries.data import shipped
from boundaries.model import Chamber, Legislator, Pair
from boundaries.state import State, open_state
from tests.samples.people import form_of

COLUMNS: Final = (
    "id", "name", "current_party", "current_district", "current_chamber", "given_name", "family_name", "email",
    "capitol_address", "capitol_voice", "district_voice",
)  # fmt: skip
BODIES: Final = {"senate": "upper", "house": "lower"}
DAY: Final = datetime(2027, 1, 6, 12, tzinfo=UTC)
LOCAL: Final = "978-555-0142"  # the district office of the member without an email address
STILL_VACANT: Final = "17th Middlesex"
Seat = tuple[Chamber, str]


@dataclass(frozen=True, slots=True)
class Home:
    """A town whose name and ZIP decide its districts, and who represented it before that night."""

    town: str
    zip: str
    pair: Pair
    senator: Legislator
    representative: Legislator

    def writer(self, number: int) -> dict[str, str]:
        """The form of person `number`."""
        return form_of(number, {"street": "", "city": self.town, "zip": self.zip})


@dataclass(slots=True)
class Succession:
    """The old roster and the seats that change hands, a third of all.

    The house's chair of Judiciary and the Speaker have left.
    """

    old: State
    newcomers: dict[Seat, Legislator] = field(default_factory=dict)
    same: Home = field(init=False)  # both members stay
    new: Home = field(init=False)  # a newcomer represents it
    vacant: Home = field(init=False)  # nobody won the house seat
    silent: Home = field(init=False)  # the newcomer has no email address
    promoted: Home = field(init=False)  # its representative is now its senator

    def __post_init__(self) -> None:
        gone = {(member.chamber, member.district) for member in (self.judiciary, self.speaker)}
        homes = self._homes(gone)
        self.same, self.new, self.vacant, self.silent = (next(homes) for _ in range(4))
        self.promoted = next(home for home in homes if home.pair.senate not in self._senates())
        keep = {("house", home.pair.house) for home in (self.same, self.vacant, self.silent)}
        keep |= {("senate", name) for name in self._senates()}
        keep |= {("senate", chair.district) for chair in self.old.chairs("Judiciary")}
        for number, member in enumerate(self.members()):
            seat = member.chamber, member.district
            lost = seat in gone or seat in {("house", home.pair.house) for home in (self.new, self.promoted)}
            if lost or (seat not in keep and number % 3 == 0):
                self.newcomers[seat] = newcomer(number, *seat)
        first, silent = self.promoted.representative, self.silent.pair.house
        higher: Seat = ("senate", self.promoted.pair.senate)
        email = first.email.replace("mahouse", "masenate")
        self.newcomers[higher] = replace(first, chamber=higher[0], district=higher[1], email=email, phone="", office="")
        self.newcomers["house", silent] = newcomer(999, "house", silent, email="", phone=LOCAL)

    @property
    def judiciary(self) -> Legislator:
        """The house's chair of Judiciary, who has left."""
        return next(chair for chair in self.old.chairs("Judiciary") if chair.chamber == "house")

    @property
    def speaker(self) -> Legislator:
        return self.old.leader("speaker")

    @property
    def departed(self) -> set[str]:
        """The addresses of members who have left office."""
        now = {member.email for member in self.after()}
        return {member.email for member in self.members()} - now

    def members(self) -> list[Legislator]:
        return [member for seat in self.old.seats() for member in self.old.legislators(*seat)]

    def after(self) -> Iterator[Legislator]:
        """The members from that day on."""
        for member in self.members():
            seat = member.chamber, member.district
            if seat != ("house", self.vacant.pair.house):
                yield self.newcomers.get(seat, member)
        yield newcomer(998, "house", "1st Franklin")  # vacant until then

    def update(self, folder: Path, say: Callable[[str], None]) -> None:
        """Run `boundaries update ma --only roster --from …` on that day, with the exceptions the operator allows."""
        by_hand = folder.parent / "by-hand"
        by_hand.mkdir(exist_ok=True)
        write_people(by_hand / "legislators.csv", self.after())
        seats = [{"chamber": "house", "district": home.pair.house} for home in (self.vacant, self.silent)]
        update(
            folder, only_roster=True, by_hand=by_hand, downloads=folder.parent / "downloads", contact="",
            today=DAY.date(), allowed=Allowed(vacant=seats[:1], no_email=seats[1:]), say=say, watch=unwatched,
        )  # fmt: skip

    def _homes(self, gone: set[Seat]) -> Iterator[Home]:
        """Towns in different house districts, none of which a departing chair or leader represents."""
        taken = {district for _, district in gone} | {self.judiciary.district, STILL_VACANT}
        towns = {towns: code for code, towns in _read(shipped("ma") / "zips.csv")}
        for town in self.old.towns:
            pairs = self.old.town_pairs(town)
            if len(pairs) > 1 or town not in towns or pairs[0].house in taken:
                continue
            senators, members = (self.old.legislators(*seat) for seat in _seats(pairs[0]))
            chairs = {chair.id for chair in self.old.chairs("Judiciary")}
            if senators and members and senators[0].id not in chairs:
                taken.add(pairs[0].house)
                yield Home(town, towns[town], pairs[0], senators[0], members[0])

    def _senates(self) -> set[str]:
        return {home.pair.senate for home in (self.same, self.new, self.vacant, self.silent)}


def newcomer(number: int, chamber: Chamber, district: str, email: str | None = None, phone: str = "") -> Legislator:
    """An invented new member."""
    domain = "mahouse.gov" if chamber == "house" else "masenate.gov"
    address = f"nova.newcomer{number}@{domain}" if email is None else email
    name = f"Newcomer{number}"
    person = f"ocd-person/new-{number}"
    return Legislator(person, chamber, district, f"Nova {name}", "Nova", name, "", address, phone, "")


def write_people(path: Path, members: Iterable[Legislator]) -> None:
    """Write the CSV as Open States publishes it today, with empty capitol columns and that day's date."""
    rows = [
        (member.id, member.name, member.party, member.district, BODIES[member.chamber], member.given_name,
         member.family_name, member.email, "", "", LOCAL if not member.email else "")
        for member in members
    ]  # fmt: skip
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([COLUMNS, *rows])
    os.utime(path, (DAY.timestamp(), DAY.timestamp()))


def open_succession() -> Succession:
    return Succession(open_state(shipped("ma"), on=DAY.date()))


def _seats(pair: Pair) -> Sequence[Seat]:
    return (("senate", pair.senate), ("house", pair.house))


def _read(path: Path) -> list[list[str]]:
    with path.open(newline="") as stream:
        return list(csv.reader(stream))[1:]
