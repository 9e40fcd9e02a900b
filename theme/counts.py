"""How many wrote, by campaign: `counts.json`, from `beaconpost export`; what a page shows before a script asks."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

COUNTS_VERSION: Final = 1
COUNTS_NAME: Final = "counts.json"
MIN_GROUP_SIZE: Final = 5  # fewer than these are neither counted nor named in public: one could be told from another


class Counts(msgspec.Struct, frozen=True):
    """`counts.json`: writers by campaign, as last exported. Campaigns under MIN_GROUP_SIZE are left out."""

    version: int
    exported: datetime
    counts: dict[str, int]


def dump_counts(counts: Mapping[str, int], exported: datetime) -> bytes:
    """The file for these counts, in the order of the names; the few are left out."""
    shown = {slug: count for slug, count in sorted(counts.items()) if count >= MIN_GROUP_SIZE}
    return msgspec.json.format(msgspec.json.encode(Counts(COUNTS_VERSION, exported, shown)), indent=1) + b"\n"


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
