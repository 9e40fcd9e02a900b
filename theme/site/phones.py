"""The phone directory by town, a static page that works while the relay is down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from boundaries.model import CHAMBERS
from boundaries.offices import Office, list_offices_at
from boundaries.state import State
from theme.site.states import States


@dataclass(frozen=True, slots=True)
class PhoneDirectory:
    """The phone directory of one state."""

    state: str
    as_of: date  # of the roster
    towns: tuple[tuple[str, tuple[Office, ...]], ...]  # by name; every office of any part of it, senators first


def list_phone_directories(codes: Iterable[str], states: States) -> tuple[PhoneDirectory, ...]:
    """One directory per state, by code. Raises DataError if a state cannot be read."""
    return tuple(
        PhoneDirectory(state.name, state.roster_date, tuple((town, _seats(state, town)) for town in state.towns))
        for state in map(states.open, sorted(set(codes)))
    )


def _seats(state: State, town: str) -> tuple[Office, ...]:
    pairs = state.locate("", town, "").pairs  # without a street: every pair in the town
    districts = {"senate": [pair.senate for pair in pairs], "house": [pair.house for pair in pairs]}
    seats = [(chamber, name) for chamber in CHAMBERS for name in dict.fromkeys(districts[chamber])]
    return tuple(seat for chamber, name in seats for seat in list_offices_at(state, chamber, name))
