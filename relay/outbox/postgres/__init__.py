"""The outbox on PostgreSQL: state, locks, leases, limits and wake-ups live there, for any number of machines.

database        connections, migrations, NOTIFY
connection      what the queries need of a database, by asyncpg
writer          one connection that writes, many posts per commit
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeVar

import asyncpg

from relay.errors import StoreError
from relay.keys.vault import Vault
from relay.outbox.group_commit import MAX_WAITING
from relay.outbox.intake import accept_all
from relay.outbox.postgres.connection import PostgresConnection
from relay.outbox.postgres.database import CHANNEL, TIMEOUT, connect, listen, migrate
from relay.outbox.postgres.writer import OUTAGES, PostgresWriter, describe_error
from relay.outbox.records import Accepted
from relay.outbox.rows import Post
from relay.outbox.sql import Connection, Work
from relay.outbox.store import Store
from relay.outbox.unlocking import FindKeys

T = TypeVar("T")
READERS: Final = 4  # connections
NOTIFY: Final = "SELECT pg_notify($1, '')"


async def open_postgres(
    url: str, find_keys: FindKeys, waiting: int = MAX_WAITING, woken: Callable[[], None] | None = None
) -> "PostgresOutbox":
    """Connect to the database at `url`, unlock and migrate it. Raises StoreError.

    waiting: how many jobs may wait before posts get StoreBusy. woken: called when any process queues something.
    """
    vault = await migrate(url, find_keys)
    try:
        readers = await asyncpg.create_pool(url, min_size=0, max_size=READERS, timeout=TIMEOUT, command_timeout=60)
    except OUTAGES as error:
        raise StoreError(f"the database could not be read: {describe_error(error)}") from None
    writer = PostgresWriter(partial(connect, url), vault, _accept_and_wake, waiting)
    listener = asyncio.create_task(listen(url, woken)) if woken else None
    return PostgresOutbox(writer, readers, listener, vault)


async def _accept_and_wake(db: Connection, posts: Sequence[Post]) -> list[Accepted]:
    answers = await accept_all(db, posts)
    await _wake(db)
    return answers


async def _wake(db: Connection) -> None:
    """Wake all workers, wherever they run, once this is committed."""
    await db.fetchval(NOTIFY, CHANNEL)


class PostgresOutbox(Store):
    """An `Outbox`. Made by `open_postgres`."""

    def __init__(
        self,
        writer: PostgresWriter,
        readers: "asyncpg.Pool[asyncpg.Record]",
        listener: "asyncio.Task[None] | None",
        vault: Vault,
    ) -> None:
        super().__init__(vault)
        self._writer = writer
        self._readers = readers
        self._listener = listener

    async def close(self) -> None:
        if self._listener:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)
        await self._writer.close()
        self._readers.terminate()

    async def _accept(self, post: Post) -> Accepted:
        return await self._writer.accept(post)

    async def _write(self, work: Work[T], *, wakes: bool = False, sheddable: bool = False) -> T:
        async def waking(db: Connection) -> T:
            outcome = await work(db)
            await _wake(db)
            return outcome

        return await self._writer.run(waking if wakes else work, sheddable=sheddable)

    async def _read(self, work: Work[T]) -> T:
        try:
            async with (
                self._readers.acquire(timeout=TIMEOUT) as db,
                db.transaction(isolation="repeatable_read", readonly=True),
            ):
                return await work(PostgresConnection(db, self._vault))
        except OUTAGES as error:
            raise StoreError(f"the database could not be read: {describe_error(error)}") from error

    async def _scrub(self) -> None:
        """The server owns its files: VACUUM and the recycling of its log do this there."""
