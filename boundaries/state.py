"""A state as loaded: `open_state(folder).locate(street, city, zip)` says which two districts an address lies in."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

from boundaries.address_line import split_address_line
from boundaries.address_resolver import Resolver
from boundaries.atomic_swap import finish_swap
from boundaries.committees import order, read_committees
from boundaries.corrections import read_corrections
from boundaries.email_addresses import find_domain
from boundaries.errors import DataError
from boundaries.fast_path import FastPath
from boundaries.leadership import find_role, read_leadership
from boundaries.model import CHAMBERS, Address, Answer, Chamber, District, DistrictKey, Legislator, Pair
from boundaries.normalization import street_key
from boundaries.outlines import Borders, read_outlines
from boundaries.overlays import read_overlays
from boundaries.plans import plan_on
from boundaries.roster_file import read_roster_file
from boundaries.sessions import Session, list_sessions
from boundaries.state_files import (
    SURVEYED,
    parse_chamber,
    read_compiled,
    read_gazetteer,
    read_settings,
    read_town_pairs,
)
from boundaries.street_aliases import StreetAliases
from boundaries.streetbook import StreetBook
from boundaries.terms import Freshness, assess_freshness, next_change, read_terms
from boundaries.townlines import Ring, read_townlines
from boundaries.zipcode import find_zip


class State:
    """One state's districts, members and street book. Immutable once open; safe to share between threads."""

    def __init__(self, folder: Path, until: date | None = None, corrections: Path | None = None) -> None:
        self.until = until  # when another district plan takes effect and the state must be reopened, if known
        settings = read_settings(folder)
        self.code: str = settings["code"]  # two lowercase letters
        self.name: str = settings["name"]
        self.titles: Mapping[Chamber, str] = settings["titles"]  # of the members: "Senator"
        self.chamber_names: Mapping[Chamber, str] = settings["chamber_names"]  # "State Senate"
        self.bills: Sequence[str] = settings.get("bills", ())  # how their numbers begin: "H."; empty: unknown
        self.roster_date = date.fromisoformat(settings["roster_date"])
        self._districts: dict[DistrictKey, District] = {}
        for chamber, name, ocd_id in read_compiled(folder / "districts.csv", 3):
            self._districts[parse_chamber(chamber), name] = District(parse_chamber(chamber), name, ocd_id)
        #: those that exist: both, or the senate alone
        self.chambers = tuple(chamber for chamber in CHAMBERS if any(body == chamber for body, _ in self._districts))
        self._above = read_overlays(folder, self._districts)
        self._terms = read_terms(folder / "terms.csv", self._districts)
        #: the legislatures by which bills are numbered; none if they are not known
        self.sessions: tuple[Session, ...] = list_sessions(self._terms)
        listed: Counter[DistrictKey] = Counter(
            (parse_chamber(vacancy["chamber"]), vacancy["district"]) for vacancy in settings["vacant"]
        )
        roster = read_roster_file(folder / "roster.csv", self._districts, listed)
        members = roster.members
        #: what is wrong with rows of the roster, for the operator
        self.roster_problems = roster.problems
        self._legislators: dict[DistrictKey, tuple[Legislator, ...]] = {}
        for member in members:
            seat = member.chamber, member.district
            self._legislators[seat] = (*self._legislators.get(seat, ()), member)
        self._vacancies = listed | roster.vacant  # the larger number: a seat may be in both
        #: of the roster's e-mail addresses
        self.mail_domains = frozenset(find_domain(member.email) for member in members if member.email)
        self._committees = read_committees(folder / "committees.csv")
        self.committees: tuple[str, ...] = self._committees.names  # official names, in alphabetical order
        self._by_id = {member.id: member for member in members if member.id}
        self._leadership = read_leadership(folder / "leadership.csv", self._by_id)
        self.roles: tuple[str, ...] = tuple(self._leadership)  # of the presiding officers, as in leadership.csv
        self._book = StreetBook(folder / "streets.bin")
        self._pairs_of = read_town_pairs(folder)
        numbered = sorted({pair for pairs in self._pairs_of.values() for pair in pairs})
        if len(numbered) != self._book.pair_count:
            raise DataError(f"{folder}: towns.csv and streets.bin are of different builds: build the state again")
        self.towns: tuple[str, ...] = tuple(sorted(self._pairs_of))  # official names
        surveyed = settings.get("zips") == SURVEYED
        gazetteer = read_gazetteer(
            folder, self.code, self.name, self._pairs_of, numbered, self._book, surveyed=surveyed
        )
        aliases = StreetAliases(settings["aliases"], settings.get("words", {}))
        shipped = folder / "corrections.csv"
        files = ([corrections] if corrections else []) + ([shipped] if shipped.exists() else [])
        self._corrections = read_corrections(files, self.towns, self._districts, aliases)
        # Anything with corrections skips the fast path, which stays as fast and answers all else as before.
        self._fast_path = FastPath(
            self._state, self._corrections.uncorrected(gazetteer.unambiguous), self._book, numbered
        )
        self._outlines_file = folder / "outlines.bin"
        self._townlines_file = folder / "townlines.csv"
        self._resolver = Resolver(self.code.upper(), gazetteer, self._book, numbered, aliases)

    def locate(self, street: str, city: str, zip: str) -> Answer:  # noqa: A002  (the word people use)
        """Which districts an address lies in. street: number and street as typed; city: town, village or neighborhood;
        zip: five or nine digits. Any may be empty. Never raises for what somebody typed."""
        if not city and not zip and ("," in street or find_zip(street)[1]):
            street, city, zip = self.split(street)  # noqa: A001  (all of it may stand in one field)
        answer = self._fast_path.locate(street, city, zip)
        if answer is not None:
            return answer
        return self._corrections.apply(self._resolver.locate(street, city, zip), street)

    def describe_run(self, answer: Answer) -> str:
        """The house numbers that the street book keeps together with the one answered: "odd numbers 101 to 199"; "" if
        the book did not decide."""
        address = answer.address
        if not answer.rule.startswith(f"street book of {address.town},"):
            return ""
        digits = re.match(r"\d+", address.number)
        return self._book.describe_run(address.town, street_key(address.street), int(digits[0]) if digits else 0)

    def split(self, line: str) -> tuple[str, str, str]:
        """Street, city and ZIP of a one-line address, as `locate` takes them."""
        return split_address_line(line, self.code, self.name, lambda text: self._resolver.is_place(text))

    def locate_point(self, lat: float, lon: float) -> Answer:
        """Which districts a point on the map lies in. Degrees north and east (WGS84). Just offshore the nearest
        district counts; a point farther away is not found, like one in another state."""
        districts = {chamber: self._borders[chamber].find(lat, lon) for chamber in self.chambers}
        address = Address("", "", "", self._state, "")
        if not all(districts.values()):
            return Answer("not_found", "other_state", (), address, f"outside every district of {self.name}")
        pair = Pair(districts["senate"], districts.get("house", ""))
        return Answer("matched", "", (pair,), address, "the districts' outlines around the place")

    def rings(self, chamber: Chamber, district: str) -> list[list[list[tuple[float, float]]]]:
        """A district's outline, as `Borders.rings` returns it: of one that lies over others, theirs."""
        below = [name for (body, name), above in self._above.items() if body == chamber and district in above]
        return [ring for name in below or [district] for ring in self._borders[chamber].rings(name)]

    def town_rings(self, town: str) -> list[Ring]:
        """Outlines of a town's addresses as closed rings of (lat, lon); empty unless it is in several pairs."""
        return self._townlines.get(town, [])

    def town_pairs(self, town: str) -> tuple[Pair, ...]:
        """The pairs of districts that a town lies in. KeyError if there is no such town."""
        return tuple(self._pairs_of[town])

    @cached_property
    def office_addresses(self) -> frozenset[str]:
        """The e-mail addresses of the legislators, in lower case."""
        members = (member for seat in self.seats() for member in self.legislators(*seat))
        return frozenset(member.email.lower() for member in members if member.email)

    @property
    def without_email(self) -> tuple[Legislator, ...]:
        """The members to whom no letter goes."""
        return tuple(member for members in self._legislators.values() for member in members if not member.email)

    @cached_property
    def _townlines(self) -> Mapping[str, list[Ring]]:
        return read_townlines(self._townlines_file)  # only maps need them

    @cached_property
    def _borders(self) -> Mapping[Chamber, Borders]:
        return read_outlines(self._outlines_file)  # only maps and "use my location" need them

    @property
    def _state(self) -> str:
        return self.code.upper()

    def district(self, chamber: Chamber, name: str) -> District:
        """A district by its Open States name. KeyError if there is none."""
        return self._districts[chamber, name]

    def seats(self) -> tuple[DistrictKey, ...]:
        """Every district, as chamber and name."""
        return tuple(self._districts)

    def districts_at(self, chamber: Chamber, district: str) -> tuple[str, ...]:
        """Every district of a chamber in which somebody lives whom the street book has in `district`: that one, and
        those that lie over it, as floterial districts and members at large do."""
        return (district, *self._above.get((chamber, district), ()))

    @cached_property
    def overlays(self) -> frozenset[DistrictKey]:
        """The districts that lie over others."""
        return frozenset((chamber, name) for (chamber, _), above in self._above.items() for name in above)

    def legislators(self, chamber: Chamber, district_name: str) -> tuple[Legislator, ...]:
        """Who represents a district: one, or several if it elects several; none while it is vacant, and none for ""
        in a chamber that does not exist. KeyError if there is no such district."""
        if (chamber, district_name) not in self._districts and (district_name or chamber in self.chambers):
            raise KeyError(f"no {chamber} district {district_name!r}")
        return self._legislators.get((chamber, district_name), ())

    def vacancies(self, chamber: Chamber, district_name: str) -> int:
        """How many of a district's seats are vacant."""
        return self._vacancies[chamber, district_name]

    def chairs(self, committee: str, chamber: Chamber | Literal[""] = "") -> tuple[Legislator, ...]:
        """Who chairs a committee: both chairs of a joint one, senators first; empty while nobody in the roster does.

        committee: its name as people write it. KeyError, whose text names the closest, if it matches none or several.
        chamber: only chairs from there.
        """
        leaders = self._committees.leaders(committee, "chair")
        chairs = order(self._by_id[person] for person in leaders if person in self._by_id)
        return tuple(chair for chair in chairs if chamber in ("", chair.chamber))

    def leader(self, role: str) -> Legislator:
        """Who presides. role: as in leadership.csv. KeyError, whose text names the closest, if nobody does."""
        return self._by_id[self._leadership[find_role(role, self._leadership)]]

    def freshness(self, today: date) -> Freshness:
        """How far the roster can be trusted on `today`: its age, and whether a term has begun or ended since."""
        return assess_freshness(self.roster_date, self._terms, self.chamber_names, today, self.until, self.code)

    def known_until(self, chamber: Chamber, district: str) -> date | None:
        """The day from which the roster no longer says who holds a seat (`freshness` then calls it outdated); None if
        no such day is known."""
        days = (next_change(self._terms, chamber, district, self.roster_date), self.until)
        return min((day for day in days if day), default=None)


def open_state(folder: Path, corrections: Path | None = None, on: date | None = None) -> State:
    """Load a state's folder. DataError says which file is missing or wrong, and the remedy.

    corrections: an operator's own, in the format of the state's corrections.csv, over which they take precedence.
    on: the day whose district plan applies; today (UTC) by default.
    """
    finish_swap(folder)
    plan, until = plan_on(folder, on or datetime.now(UTC).date())
    finish_swap(plan)
    return State(plan, until, corrections)
