"""A progress bar for every long file that is read: on standard error, and only if that is a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

Say = Callable[[str], None]  # is told each line of progress
Watch = Callable[[Path, BinaryIO], BinaryIO]

LONG = 1 << 20  # bytes; shorter files are read in a moment


def unwatched(_: Path, stream: BinaryIO) -> BinaryIO:
    """The file unchanged."""
    return stream


@contextmanager
def bars() -> Iterator[Watch]:
    """Yields a function that wraps an open file, so that reading it moves a bar."""
    if not sys.stderr.isatty():
        yield unwatched
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:

        def watch(path: Path, stream: BinaryIO) -> BinaryIO:
            size = path.stat().st_size
            if size < LONG:
                return stream
            return progress.wrap_file(stream, total=size, description=path.name)

        yield watch
