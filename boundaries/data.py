"""Where the states' files lie."""

from pathlib import Path

from boundaries.errors import DataError

_HERE = Path(__file__).parent


def shipped(code: str) -> Path:
    """The folder of a state that comes with Beaconpost, by its two-letter code ("ma"). DataError if there is none."""
    folder = _HERE / code
    if len(code) != 2 or not (folder / "state.json").is_file():
        raise DataError(f"no boundaries for {code!r}: there are {', '.join(codes()) or 'none'}")
    return folder


def codes() -> tuple[str, ...]:
    """The codes of the states that come with Beaconpost."""
    return tuple(sorted(path.parent.name for path in _HERE.glob("??/state.json")))
