"""Replacing a state's files by new ones: all of them or none, whatever happens in between.

The commit is a single rename. Before it the old files are in effect; after it the new ones are complete in `.ready`
and are moved into place one by one. If that is interrupted, the next process to open or build the state finishes it.
"""

import os
from contextlib import suppress
from pathlib import Path

from boundaries.errors import DataError

READY = ".ready"


def swap_files(made: Path, folder: Path) -> None:
    """Put every file of `made` into `folder`. Both on one disk; `made` is gone afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    finish_swap(folder)
    for path in made.iterdir():
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
    made.rename(folder / READY)
    finish_swap(folder)


def finish_swap(folder: Path) -> None:
    """Complete an interrupted swap, if there is one. DataError if this process lacks permission."""
    ready = folder / READY
    if not ready.is_dir():
        return
    try:
        with suppress(FileNotFoundError):  # another process finishes it too
            for path in sorted(ready.iterdir()):
                with suppress(FileNotFoundError):
                    path.replace(folder / path.name)
            ready.rmdir()
    except OSError as error:
        reason = f"an update of {folder} was cut short ({error.strerror})"
        raise DataError(f"{reason}: let its owner run `beaconpost boundaries update` or `build` again") from None
