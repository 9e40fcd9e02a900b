"""A place to make a state's new files in, beside the old ones."""

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
    """An empty folder beside `target`, on the same disk, that is gone at the end.

    DataError if somebody else is making the same. What one that was killed left behind is cleared away.
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
                    target.rmdir()  # only if it is empty: nothing came of it
    finally:
        os.close(handle)


def _lock(handle: int, target: Path) -> None:
    """Be the only one; the system takes the lock back, whatever happens to us."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DataError(f"{target} is being built or updated by another process: wait for it") from None
