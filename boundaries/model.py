"""The nouns of the room: districts, the people who hold them, and what an address was found to mean."""

from dataclasses import dataclass
from typing import Literal

Chamber = Literal["senate", "house"]
MOST_CHOICES = 4  # pairs of districts that anybody is asked to choose among
CHAMBERS: tuple[Chamber, ...] = ("senate", "house")  # where there is only one, it is called the senate

Status = Literal["matched", "choose", "not_found", "need_street"]

# Why an address was not matched. The web turns each into a sentence in the visitor's language.
Reason = Literal[
    "",  # matched
    "no_street",  # the town is split and no street was given
    "po_box",  # a box or rural route says where mail goes, not where its owner lives
    "no_number",  # the street crosses a line and the house number is missing
    "gap",  # the number lies between two runs, or on an uncertain stretch near a line
    "several_streets",  # two streets in town fit what was typed
    "unknown_street",
    "unknown_town",
    "several_towns",  # a ZIP shared by several towns, and none named
    "other_state",
]


@dataclass(frozen=True, slots=True)
class District:
    """One seat's area. `name` as Open States writes it ("1st Middlesex"); only unique within its chamber."""

    chamber: Chamber
    name: str
    ocd_id: str


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """The two districts of one address, by Open States name. house: "" in a state of one chamber."""

    senate: str
    house: str

    def of(self, chamber: Chamber) -> str:
        """The district in one chamber."""
        return self.senate if chamber == "senate" else self.house


@dataclass(frozen=True, slots=True)
class Legislator:
    """A sitting member. Source: Open States people CSV. `phone` is the State House number, may be empty."""

    id: str
    chamber: Chamber
    district: str
    name: str
    given_name: str
    family_name: str
    party: str
    email: str
    phone: str
    office: str


@dataclass(frozen=True, slots=True)
class Address:
    """An address as understood: official street and town names. Parts that were not understood are empty."""

    number: str
    street: str
    town: str
    state: str
    zip: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What `State.locate` found.

    pairs: exactly one when matched; the candidates to choose from otherwise, most likely first (at most four
    for `choose`, every pair of the town for `not_found`, empty when not even the town is known).
    rule: which rule answered, from which source, in plain words, for `lookup --explain`.
    """

    status: Status
    reason: Reason
    pairs: tuple[Pair, ...]
    address: Address
    rule: str
