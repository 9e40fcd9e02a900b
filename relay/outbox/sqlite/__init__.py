"""The outbox on SQLite: one thread writes, another reads beside it, any number of processes share the file.

database        open the file: ours, whole, of a version we know
connection      what the queries ask of a database, answered by SQLite
writer, turn    one thread that writes, many posts a commit; processes take turns
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from relay.errors import StoreError
from relay.outbox.group_commit import WAITING
from relay.outbox.posts import Post
from relay.outbox.records import Accepted
from relay.outbox.sql import Work
from relay.outbox.sqlite.connection import SqliteConnection, drive
from relay.outbox.sqlite.database import connect, open_database
from relay.outbox.sqlite.writer import Writer
from relay.outbox.store import Store

T = TypeVar("T")


async def open_sqlite(path: Path, waiting: int = WAITING) -> "SqliteOutbox":
    """Open or make the database at `path`. Raises StoreError if it is locked, damaged or not ours.

    waiting: how many posts may wait to be stored before StoreBusy.
    """
    connection = await asyncio.to_thread(open_database, path)
    try:
        reader = connect(path, read_only=True)
        return SqliteOutbox(Writer(connection, waiting), reader)
    except (OSError, sqlite3.Error) as error:
        connection.close()
        raise StoreError(f"cannot use the database {path}: {error}") from error


class SqliteOutbox(Store):
    """An `Outbox`; its promises are told there. Made by `open_sqlite`."""

    def __init__(self, writer: Writer, reader: sqlite3.Connection) -> None:
        self._writer = writer
        self._reader = reader
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="outbox-reader")

    async def close(self) -> None:
        await self._writer.close()
        await asyncio.to_thread(self._reading.shutdown)
        self._reader.close()

    async def _accept(self, post: Post) -> Accepted:
        return await self._writer.accept(post)

    async def _write(self, work: Work[T], *, wakes: bool = False, refusable: bool = False) -> T:  # noqa: ARG002
        """Workers of one file look into it themselves: nobody is woken."""
        return await self._writer.run(work, refusable=refusable)

    async def _read(self, work: Work[T]) -> T:
        def snapshot(reader: sqlite3.Connection) -> T:
            reader.execute("BEGIN")
            try:
                return drive(work(SqliteConnection(reader)))
            finally:
                reader.execute("COMMIT")

        return await self._beside(snapshot)

    async def _scrub(self) -> None:
        """Move the write-ahead log into the file and cut it off: old pages in it still hold what was erased. A reader
        elsewhere can hold it up; the next call then does it."""
        await self._beside(lambda reader: reader.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())

    async def _beside(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run in the reader's thread, beside the writer. Raises StoreError."""

        def guarded() -> T:
            try:
                return work(self._reader)
            except sqlite3.Error as error:
                raise StoreError(f"the database could not be read: {error}") from error

        try:
            return await asyncio.get_running_loop().run_in_executor(self._reading, guarded)
        except RuntimeError as error:  # the pool has shut down
            raise StoreError("the outbox is closed") from error
