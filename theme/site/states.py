"""The states that campaigns may name, each opened once."""

from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import boundaries
from boundaries.state import State, open_state
from boundaries.state_files import read_settings
from theme.site.cache import digest_folder


class States:
    """Boundaries and roster of each state, by code."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders
        self._opened: dict[str, State] = {}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Names by code."""
        return {code: read_settings(folder)["name"] for code, folder in self._folders.items()}

    @cached_property
    def digest(self) -> str:
        """Of an organization's own states, and of which there are; those that ship are part of our code."""
        shipped = Path(boundaries.__path__[0])
        parts = (
            f"{code} {'' if folder.is_relative_to(shipped) else digest_folder(folder)}"
            for code, folder in self._folders.items()
        )
        return sha256("\n".join(parts).encode()).hexdigest()

    @property
    def only(self) -> str:
        """The code of the only state; "" if there are several, so that a campaign must name its own."""
        return next(iter(self._folders)) if len(self._folders) == 1 else ""

    def open(self, code: str) -> State:
        """Raises DataError if its files are wrong."""
        if code not in self._opened:
            self._opened[code] = open_state(self._folders[code])
        return self._opened[code]
