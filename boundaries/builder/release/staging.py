"""A staging folder for a state's new files, beside the old ones."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from boundaries.errors import DataError


@contextmanager
def staging_folder(target: Path) -> Iterator[Path]:
    """An empty folder beside `target`, on the same disk, removed at the end.

    DataError if another process is building the same state. Leftovers of a killed process are removed.
    """
    target.mkdir(parents=True, exist_ok=True)
    handle = os.open(target, os.O_RDONLY)
    try:
        _lock(handle, target)
        for left in target.parent.glob(f".{target.name}-*"):
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as beside:
            made = Path(beside) / "made"
            made.mkdir()
            try:
                yield made
            finally:
                with suppress(OSError):
                    target.rmdir()  # only if it is empty: nothing was built
    finally:
        os.close(handle)


def _lock(handle: int, target: Path) -> None:
    """Take the lock; the system releases it, whatever happens to this process."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DataError(f"{target} is being built or updated by another process: wait for it") from None
