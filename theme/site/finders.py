"""The legislatures' own pages that find a district, for people who do not know theirs. Each is a state's data."""

from collections.abc import Iterable
from pathlib import Path

from boundaries.data import state_folders
from boundaries.state_files import read_settings


def read_finders(codes: Iterable[str], own: Path | None = None) -> dict[str, str]:
    """State code → URL, without states that have no such page. own: see `state_folders`. Raises DataError."""
    folders = state_folders(own)
    finders = {code: read_settings(folders[code]).get("finder", "") for code in sorted(set(codes))}
    return {code: url for code, url in finders.items() if url}
