"""Putting a state's new files in the place of the old ones: all of them or none, whatever happens in between.

The one moment that counts is a single rename. Before it the old files are in force; after it the new ones lie whole
in `.ready` and are moved into place file by file. Whoever is cut short there is finished by the next who opens or
builds the state.
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
    """Complete a swap that was cut short, if there is one. DataError if this process may not."""
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
