"""The core types: districts, the people who hold them, and what an address turned out to mean."""

from dataclasses import dataclass
from typing import Literal

Chamber = Literal["senate", "house"]
MOST_CHOICES = 4  # pairs of districts that a person is asked to choose from
DistrictKey = tuple[Chamber, str]  # chamber and name
CHAMBERS: tuple[Chamber, ...] = ("senate", "house")  # a unicameral legislature counts as the senate

Status = Literal["matched", "choose", "not_found", "need_street"]

# Why an address was not matched. The web pages turn each into a sentence in the visitor's language.
Reason = Literal[
    "",  # matched
    "no_street",  # the town is split and no street was given
    "po_box",  # a PO box or rural route says where mail goes, not where its owner lives
    "no_number",  # the street crosses a district line and the house number is missing
    "gap",  # the number lies between two runs, or on an uncertain stretch near a district line
    "several_streets",  # two streets in town match what was typed
    "unknown_street",
    "unknown_town",
    "several_towns",  # a ZIP shared by several towns, none of them named
    "other_state",
]


def find_chamber(name: str) -> Chamber | None:
    """The chamber of this name; None if there is none."""
    return next((chamber for chamber in CHAMBERS if chamber == name), None)


@dataclass(frozen=True, slots=True)
class District:
    """One district. `name` is as Open States writes it ("1st Middlesex") and unique only within its chamber."""

    chamber: Chamber
    name: str
    ocd_id: str


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """The two districts of one address, by Open States name."""

    senate: str
    house: str  # "" in a unicameral state

    def of(self, chamber: Chamber) -> str:
        """The district in one chamber."""
        return self.senate if chamber == "senate" else self.house


@dataclass(frozen=True, slots=True)
class Legislator:
    """A sitting member. Source: Open States people CSV."""

    id: str
    chamber: Chamber
    district: str
    name: str
    given_name: str
    family_name: str
    party: str
    email: str
    phone: str  # the State House number, may be empty
    office: str

    @property
    def surname(self) -> str:
        """What follows the title in a greeting: the whole name if the roster has no family name."""
        return self.family_name or self.name


@dataclass(frozen=True, slots=True)
class Address:
    """An address as parsed: official street and town names. Parts that were not recognized are empty."""

    number: str
    street: str
    town: str
    state: str
    zip: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What `State.locate` found."""

    status: Status
    reason: Reason
    #: Exactly one if matched. Otherwise the candidates, most likely first: at most four for `choose`, every pair of
    #: the town for `not_found`, none if not even the town is known.
    pairs: tuple[Pair, ...]
    address: Address
    rule: str  # which rule answered, from which source, for `lookup --explain`
