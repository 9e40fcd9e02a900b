"""The outbox on PostgreSQL: state, locks, leases, limits and wake-ups live there, for any number of machines.

database        connections, versions, and the ear at the wall
connection      what the queries ask of a database, answered by asyncpg
writer          one connection that writes, many posts a commit
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeVar

import asyncpg

from relay.errors import StoreError
from relay.outbox.consent import accept_all
from relay.outbox.group_commit import WAITING
from relay.outbox.postgres.connection import PostgresConnection
from relay.outbox.postgres.database import CHANNEL, PATIENCE, connect, listen, migrate
from relay.outbox.postgres.writer import OUTAGES, Writer, describe_error
from relay.outbox.posts import Post
from relay.outbox.records import Accepted
from relay.outbox.sql import Connection, Work
from relay.outbox.store import Store

T = TypeVar("T")
READERS: Final = 4  # connections
NOTIFY: Final = "SELECT pg_notify($1, '')"


async def open_postgres(url: str, waiting: int = WAITING, woken: Callable[[], None] | None = None) -> "PostgresOutbox":
    """Reach the database at `url` and bring it up to date. Raises StoreError.

    waiting: how many posts may wait to be stored before StoreBusy. woken: called when any process queued something.
    """
    await migrate(url)
    try:
        readers = await asyncpg.create_pool(url, min_size=0, max_size=READERS, timeout=PATIENCE, command_timeout=60)
    except OUTAGES as error:
        raise StoreError(f"the database could not be read: {describe_error(error)}") from None
    writer = Writer(partial(connect, url), _accept_and_wake, waiting)
    ear = asyncio.create_task(listen(url, woken)) if woken else None
    return PostgresOutbox(writer, readers, ear)


async def _accept_and_wake(db: Connection, posts: Sequence[Post]) -> list[Accepted]:
    answers = await accept_all(db, posts)
    await _wake(db)
    return answers


async def _wake(db: Connection) -> None:
    """Call the workers wherever they are, once this is committed."""
    await db.fetchval(NOTIFY, CHANNEL)


class PostgresOutbox(Store):
    """An `Outbox`; its promises are told there. Made by `open_postgres`."""

    def __init__(
        self, writer: Writer, readers: "asyncpg.Pool[asyncpg.Record]", ear: "asyncio.Task[None] | None"
    ) -> None:
        self._writer = writer
        self._readers = readers
        self._ear = ear

    async def close(self) -> None:
        if self._ear:
            self._ear.cancel()
            await asyncio.gather(self._ear, return_exceptions=True)
        await self._writer.close()
        self._readers.terminate()

    async def _accept(self, post: Post) -> Accepted:
        return await self._writer.accept(post)

    async def _write(self, work: Work[T], *, wakes: bool = False, refusable: bool = False) -> T:
        async def waking(db: Connection) -> T:
            outcome = await work(db)
            await _wake(db)
            return outcome

        return await self._writer.run(waking if wakes else work, refusable=refusable)

    async def _read(self, work: Work[T]) -> T:
        try:
            async with (
                self._readers.acquire(timeout=PATIENCE) as db,
                db.transaction(isolation="repeatable_read", readonly=True),
            ):
                return await work(PostgresConnection(db))
        except OUTAGES as error:
            raise StoreError(f"the database could not be read: {describe_error(error)}") from error

    async def _scrub(self) -> None:
        """Its files are the server's: VACUUM and the age of its log do it there."""
