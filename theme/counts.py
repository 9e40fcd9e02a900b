"""Letters per campaign: `counts.json`, written by `beaconpost export` and shown on pages before the script loads."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

COUNTS_VERSION: Final = 1
COUNTS_NAME: Final = "counts.json"
STEPS: Final = (1, 2.5, 5)  # times a power of ten: the numbers that a count is shown on its way to
MIN_GROUP_SIZE: Final = 5  # smaller groups are never published: their members could be identified


class Counts(msgspec.Struct, frozen=True):
    """`counts.json`: writers by campaign, as last exported. Campaigns under MIN_GROUP_SIZE are left out."""

    version: int
    exported: datetime
    counts: dict[str, int]


def dump_counts(counts: Mapping[str, int], exported: datetime) -> bytes:
    """The file for these counts, sorted by slug, without campaigns under MIN_GROUP_SIZE."""
    shown = {slug: count for slug, count in sorted(counts.items()) if count >= MIN_GROUP_SIZE}
    return msgspec.json.format(msgspec.json.encode(Counts(COUNTS_VERSION, exported, shown)), indent=1) + b"\n"


def read_counts(content: Path) -> Mapping[str, int]:
    """Counts by campaign slug; empty if there is no file. Raises ValueError saying what to do about a bad file."""
    path = content / COUNTS_NAME
    try:
        exported = msgspec.json.decode(path.read_bytes(), type=Counts)
    except FileNotFoundError:
        return {}
    except (msgspec.DecodeError, OSError) as error:
        raise ValueError(f"{path}: {error}. Export it again with `beaconpost export {path}`, or delete it") from error
    if exported.version != COUNTS_VERSION:
        raise ValueError(f"{path}: its version is {exported.version}; this theme reads {COUNTS_VERSION}")
    return exported.counts


def near_goal(count: int, goal: int | None) -> int:
    """The next round number that `count` is on its way to, from 10, or the campaign's goal if that comes first."""
    power = 10 ** max(1, len(str(count)) - 1)
    ahead = next(step for step in (int(step * power) for step in (*STEPS, 10)) if step > count)
    return goal if goal and count < goal < ahead else ahead
