"""Where the states' folders are."""

import re
from collections.abc import Mapping
from pathlib import Path

from boundaries.errors import DataError

_HERE = Path(__file__).parent


def shipped(code: str) -> Path:
    """The folder of a state that ships with Beaconpost, by its two-letter code. DataError if there is none."""
    if not code:
        raise DataError(f"there are several states: name one with --state: {', '.join(codes())}")
    folder = _HERE / code
    if len(code) != 2 or not (folder / "state.json").is_file():
        raise DataError(f"no boundaries for {code!r}: there are {', '.join(codes()) or 'none'}")
    return folder


def state_folders(own: Path | None = None) -> Mapping[str, Path]:
    """Every state's folder by code, in alphabetical order. own: an operator's folder of states, newer or corrected,
    which take precedence over those that ship with Beaconpost. DataError if it is set but does not exist."""
    if own is not None and not own.is_dir():
        raise DataError(f"{own} is not a folder: create it, or put a copy of boundaries/ma into it as {own}/ma")
    folders = {code: shipped(code) for code in codes()}
    folders |= {path.parent.name: path.parent for path in (own.glob("??/state.json") if own else ())}
    return dict(sorted(folders.items()))


def folder_of(code: str) -> Path:
    """Where a state's folder is or will be. DataError if that is not a state code."""
    if not re.fullmatch("[a-z]{2}", code):
        raise DataError(f"{code!r} is not a state code: use two lowercase letters")
    return _HERE / code


def only_code() -> str:
    """The code of the only state; empty if there are several, so that one must be named."""
    return codes()[0] if len(codes()) == 1 else ""


def codes() -> tuple[str, ...]:
    """The codes of the states that ship with Beaconpost."""
    return tuple(sorted(path.parent.name for path in _HERE.glob("??/state.json")))
