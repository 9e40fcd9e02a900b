"""The writing connection. Jobs that arrive together are committed together, without savepoints; if one fails, the batch
is rolled back and each job is retried in its own savepoint, so that it affects no other.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final

import asyncpg

from relay.errors import BeaconpostError, StoreError
from relay.keys.vault import Vault
from relay.outbox.group_commit import AcceptAll, GroupCommit, Job
from relay.outbox.postgres.connection import Db, PostgresConnection

ATTEMPTS: Final = 5  # per batch, if another process's locks were in the way
OUTAGES: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, asyncio.TimeoutError)
LOST: Final = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError)
LOCK_CONFLICTS: Final = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


def describe_error(error: BaseException) -> str:
    """What went wrong, without personal data: PostgreSQL's DETAIL quotes the row, a DataError quotes the arguments."""
    if isinstance(error, (ValueError, asyncpg.DataError)):
        return type(error).__name__
    said = error.args[0] if isinstance(error, asyncpg.PostgresError) else error
    return f"{type(error).__name__}: {said}"


class PostgresWriter(GroupCommit):
    """Writes over a connection made by `connect`, again whenever it breaks."""

    def __init__(self, connect: Callable[[], Awaitable[Db]], vault: Vault, accept_all: AcceptAll, limit: int) -> None:
        self._jobs: asyncio.Queue[Job | None] = asyncio.Queue()
        super().__init__(self._jobs, accept_all, limit)
        self._connect = connect
        self._vault = vault
        self._db: Db | None = None
        self._task = asyncio.create_task(self._serve())

    async def _join(self) -> None:
        await self._task

    async def _serve(self) -> None:
        last = False
        while not last:
            jobs, last = self._batch(await self._jobs.get())
            if jobs:
                await self._commit(jobs)
                self._resolve(jobs)
        if self._db:
            with contextlib.suppress(*OUTAGES):
                await self._db.close(timeout=5)

    async def _commit(self, jobs: list[Job]) -> None:
        try:
            if self._db is None or self._db.is_closed():
                self._db = await self._connect()
            if not await self._together(self._db, jobs):
                await self._one_by_one(self._db, jobs)
        except OUTAGES as error:
            if self._db:
                self._db.terminate()  # whatever it was in the middle of is rolled back
            failure = StoreError(f"nothing could be stored: {describe_error(error)}")
            for job in jobs:
                job.failure = job.failure or failure

    async def _together(self, db: Db, jobs: list[Job]) -> bool:
        """Run the batch in one transaction. Returns whether every job succeeded."""
        for _ in range(ATTEMPTS):
            try:
                async with db.transaction():
                    connection = PostgresConnection(db, self._vault)
                    await self._accept_together(connection, [job for job in jobs if job.post])
                    for job in jobs:
                        if not job.post:
                            job.outcome = await job.work(connection)
            except LOCK_CONFLICTS:
                continue
            except LOST:
                raise
            except Exception:
                return False
            else:
                return True
        return False

    async def _one_by_one(self, db: Db, jobs: list[Job]) -> None:
        async with db.transaction():
            for job in jobs:
                try:
                    async with db.transaction():
                        job.outcome = await job.work(PostgresConnection(db, self._vault))
                except BeaconpostError as error:
                    job.failure = error
                except LOST:
                    raise
                except asyncpg.PostgresError as error:
                    job.failure = StoreError(f"not stored: {describe_error(error)}")
                except Exception as error:
                    job.failure = error
