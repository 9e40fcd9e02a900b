"""Offices and choices: who can be written to or called in a district, and the pairs of districts to choose from."""

from dataclasses import dataclass

from boundaries.model import Chamber, Pair
from boundaries.state import State


@dataclass(frozen=True, slots=True)
class Office:
    """A legislator's office, or another one that letters go to; its seat may be vacant."""

    chamber: str  # "senate" | "house", "" for an office that is not a seat
    title: str  # "Senator"
    name: str  # "" if the seat is vacant
    district: str
    phone: str = ""
    party: str = ""
    mail: bool = True  # whether it has an e-mail address


@dataclass(frozen=True, slots=True)
class Choice:
    """A pair of districts to choose from, with the offices of each; without those over them, which decide nothing."""

    senate: tuple[Office, ...]
    house: tuple[Office, ...]  # empty in a state with one chamber

    @property
    def pair(self) -> Pair:
        return Pair(self.senate[0].district, self.house[0].district if self.house else "")


def list_offices(state: State, chamber: Chamber, district: str) -> tuple[Office, ...]:
    """A district's members, then one office without a name per vacancy. Raises KeyError for an unknown district."""
    title = state.titles[chamber]
    held = [
        Office(chamber, title, member.name, district, member.phone, member.party, bool(member.email))
        for member in state.legislators(chamber, district)
    ]
    return (*held, *[Office(chamber, title, "", district)] * state.vacancies(chamber, district))


def list_offices_at(state: State, chamber: Chamber, district: str) -> tuple[Office, ...]:
    """Those of a district and of the ones that lie over it: whom somebody who lives there elects."""
    return tuple(
        office for name in state.districts_at(chamber, district) for office in list_offices(state, chamber, name)
    )


def list_choices(state: State, pairs: tuple[Pair, ...]) -> tuple[Choice, ...]:
    return tuple(
        Choice(list_offices(state, "senate", pair.senate), list_offices(state, "house", pair.house)) for pair in pairs
    )
