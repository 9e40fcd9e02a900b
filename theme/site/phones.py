"""The offices' telephone numbers by town: a page of the site's own, which stands when the relay does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from boundaries.data import state_folders
from boundaries.model import CHAMBERS
from boundaries.state import State, open_state
from theme.pages.offices import list_offices
from theme.pages.views import OfficeView


@dataclass(frozen=True, slots=True)
class PhoneDirectory:
    """A state's towns in alphabetical order, each with every seat that represents a part of it, senators first.

    as_of: the day of the roster.
    """

    state: str
    as_of: date
    towns: tuple[tuple[str, tuple[OfficeView, ...]], ...]


def read_phone_directories(codes: Iterable[str], own: Path | None = None) -> tuple[PhoneDirectory, ...]:
    """One for each state, in the order of their codes. own: as `state_folders` has it. DataError if a state cannot be
    read."""
    folders = state_folders(own)
    states = [open_state(folders[code]) for code in sorted(set(codes))]
    return tuple(
        PhoneDirectory(state.name, state.roster_date, tuple((town, _seats(state, town)) for town in state.towns))
        for state in states
    )


def _seats(state: State, town: str) -> tuple[OfficeView, ...]:
    pairs = state.locate("", town, "").pairs  # without a street: all there are
    districts = {"senate": [one.senate for one in pairs], "house": [one.house for one in pairs]}
    found = [(chamber, name) for chamber in CHAMBERS for name in dict.fromkeys(districts[chamber])]
    return tuple(seat for chamber, name in found for seat in list_offices(state, chamber, name))
