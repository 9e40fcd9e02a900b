"""How many letters each campaign has, as `beaconpost export` wrote it down: what a page shows before a script asks."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from relay.contract import COUNTS_NAME, COUNTS_VERSION, Counts


def read_counts(content: Path) -> Mapping[str, int]:
    """By campaign; empty where nothing was exported. Raises ValueError saying what to do about a file that is none."""
    path = content / COUNTS_NAME
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Counts)
    except FileNotFoundError:
        return {}
    except (msgspec.DecodeError, OSError) as error:
        raise ValueError(f"{path}: {error}. Write it anew with `beaconpost export {path}`, or delete it") from error
    if found.version != COUNTS_VERSION:
        raise ValueError(f"{path}: its version is {found.version}, this theme reads {COUNTS_VERSION}")
    return found.counts
