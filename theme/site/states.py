"""The states that campaigns may name, each opened once."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from boundaries.state import State, open_state
from boundaries.state_files import read_settings


class States:
    """Boundaries and roster of each state, by code."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders
        self._opened: dict[str, State] = {}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Names by code."""
        return {code: read_settings(folder)["name"] for code, folder in self._folders.items()}

    @property
    def only(self) -> str:
        """The code of the only state; "" if there are several, so that a campaign must name its own."""
        return next(iter(self._folders)) if len(self._folders) == 1 else ""

    def open(self, code: str) -> State:
        """Raises DataError if its files are wrong."""
        if code not in self._opened:
            self._opened[code] = open_state(self._folders[code])
        return self._opened[code]
