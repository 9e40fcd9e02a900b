"""The outbox on SQLite: one thread writes, another reads, any number of processes share the file.

database            open, check and migrate the file
disk                room for new posts
copies              of the file from before an upgrade
connection          what the queries need of a database, by SQLite
writer, write_lock  one thread that writes, many posts per commit; processes take turns
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from relay.errors import StoreError
from relay.keys.vault import Vault
from relay.outbox.group_commit import MAX_WAITING
from relay.outbox.records import Accepted
from relay.outbox.rows import Post
from relay.outbox.sql import Work
from relay.outbox.sqlite.connection import SqliteConnection, drive
from relay.outbox.sqlite.database import connect, open_database
from relay.outbox.sqlite.disk import check_room
from relay.outbox.sqlite.writer import SqliteWriter
from relay.outbox.store import Store
from relay.outbox.unlocking import FindKeys

T = TypeVar("T")


async def open_sqlite(
    path: Path, find_keys: FindKeys, waiting: int = MAX_WAITING, disk_floor: int | None = None
) -> "SqliteOutbox":
    """Open or create the database at `path`. Raises StoreError if it is locked, damaged, not ours or sealed with a key
    that is not there.

    waiting: how many jobs may wait before posts get StoreBusy. disk_floor: bytes that new posts leave free.
    """
    connection, vault = await asyncio.to_thread(open_database, path, find_keys)
    try:
        reader = connect(path, read_only=True)
        room = partial(check_room, path.parent, disk_floor)
        return SqliteOutbox(SqliteWriter(connection, vault, waiting), reader, vault, room)
    except (OSError, sqlite3.Error) as error:
        connection.close()
        raise StoreError(f"cannot use the database {path}: {error}") from error


class SqliteOutbox(Store):
    """An `Outbox`. Made by `open_sqlite`."""

    def __init__(
        self,
        writer: SqliteWriter,
        reader: sqlite3.Connection,
        vault: Vault,
        check_room: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(vault)
        self._check_room = check_room
        self._writer = writer
        self._reader = reader
        self._reader_thread = ThreadPoolExecutor(1, thread_name_prefix="outbox-reader")

    async def close(self) -> None:
        await self._writer.close()
        await asyncio.to_thread(self._reader_thread.shutdown)
        self._reader.close()

    async def probe(self) -> None:
        self._check_room()
        await super().probe()

    async def _accept(self, post: Post) -> Accepted:
        self._check_room()
        return await self._writer.accept(post)

    async def _write(self, work: Work[T], *, wakes: bool = False, sheddable: bool = False) -> T:  # noqa: ARG002
        """Workers poll the file, so nobody is woken."""
        return await self._writer.run(work, sheddable=sheddable)

    async def _read(self, work: Work[T]) -> T:
        def snapshot(reader: sqlite3.Connection) -> T:
            reader.execute("BEGIN")
            try:
                return drive(work(SqliteConnection(reader, self._vault)))
            finally:
                reader.execute("COMMIT")

        return await self._in_reader_thread(snapshot)

    async def _scrub(self) -> None:
        """Checkpoint and truncate the write-ahead log: its old pages still hold what was erased. A reader in another
        process can delay this; then the next call does it."""
        await self._in_reader_thread(lambda reader: reader.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())

    async def _in_reader_thread(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Raises StoreError."""

        def guarded() -> T:
            try:
                return work(self._reader)
            except sqlite3.Error as error:
                raise StoreError(f"the database could not be read: {error}") from error

        try:
            return await asyncio.get_running_loop().run_in_executor(self._reader_thread, guarded)
        except RuntimeError as error:  # the pool has shut down
            raise StoreError("the outbox is closed") from error
