"""One connection that writes, and commits together what came in together, as SQLite's writer does.

Jobs that arrive while a commit is under way share the next one; posts among them are stored together. They run without
savepoints; if one of them fails, the batch is rolled back and each is tried again in a savepoint of its own, so that it
spoils no other.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

import asyncpg

from relay.errors import BeaconpostError, StoreBusy, StoreError
from relay.outbox import Accepted
from relay.outbox.posts import Post

Db: TypeAlias = "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
AcceptAll: TypeAlias = Callable[[Db, Sequence[Post]], Awaitable[list[Accepted]]]
Work: TypeAlias = Callable[[Db], Awaitable[Any]]
T = TypeVar("T")

BATCH: Final = 256  # jobs a commit, so that nobody's answer waits for a long queue
AGAIN: Final = 5  # times that a batch runs if another process's locks were in the way
OUTAGES: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, asyncio.TimeoutError)
LOCKS: Final = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


def describe_error(error: BaseException) -> str:
    """What went wrong, without a person in it: PostgreSQL's DETAIL quotes the row, a ValueError what was to be sent."""
    if isinstance(error, ValueError):
        return type(error).__name__
    said = error.args[0] if isinstance(error, asyncpg.PostgresError) else error
    return f"{type(error).__name__}: {said}"


@dataclass(slots=True)
class _Job:
    work: Work
    future: asyncio.Future[Any]
    post: Post | None = None
    outcome: Any = None
    failure: Exception | None = None


class Writer:
    """Writes over a connection that `connect` makes, anew whenever it breaks. At most `limit` posts wait, for
    `accept_all` to store them; what the worker has to say is always taken."""

    def __init__(self, connect: Callable[[], Awaitable[Db]], accept_all: AcceptAll, limit: int) -> None:
        self._connect = connect
        self._accept_all = accept_all
        self._limit = limit
        self._waiting = 0
        self._jobs: asyncio.Queue[_Job | None] = asyncio.Queue()
        self._db: Db | None = None
        self._closed = False
        self._task = asyncio.create_task(self._serve())

    async def run(self, work: Callable[[Db], Awaitable[T]], *, refusable: bool = False) -> T:
        """Do `work` in a transaction; on disk when this returns. Raises StoreError, what `work` raises, and StoreBusy
        if it is `refusable` and too many wait. Cancelling stops the waiting, not the work.
        """
        result: T = await self._hand_in(_Job(work, asyncio.get_running_loop().create_future()), refusable=refusable)
        return result

    async def accept(self, post: Post) -> Accepted:
        """Store a post, with others that came in at the same time. Raises as `run`."""

        async def alone(db: Db) -> Accepted:
            return (await self._accept_all(db, [post]))[0]

        job = _Job(alone, asyncio.get_running_loop().create_future(), post)
        result: Accepted = await self._hand_in(job, refusable=True)
        return result

    async def _hand_in(self, job: _Job, *, refusable: bool) -> Any:  # noqa: ANN401  (what the job's work returns)
        if self._closed:
            raise StoreError("the outbox is closed")
        if refusable and self._waiting >= self._limit:
            raise StoreBusy(f"{self._waiting} posts are waiting to be stored")
        self._waiting += 1
        self._jobs.put_nowait(job)
        return await job.future

    async def close(self) -> None:
        """Finish what was handed in, then close the connection."""
        if not self._closed:
            self._closed = True
            self._jobs.put_nowait(None)
        await self._task

    async def _serve(self) -> None:
        last = False
        while not last:
            batch = [await self._jobs.get()]
            with contextlib.suppress(asyncio.QueueEmpty):
                while len(batch) < BATCH:
                    batch.append(self._jobs.get_nowait())
            jobs = [job for job in batch if job is not None]
            last = len(jobs) < len(batch)
            if jobs:
                await self._commit(jobs)
                self._answer(jobs)
        if self._db:
            with contextlib.suppress(*OUTAGES):
                await self._db.close(timeout=5)

    async def _commit(self, jobs: list[_Job]) -> None:
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

    async def _together(self, db: Db, jobs: list[_Job]) -> bool:
        """Whether all went well, in one transaction."""
        for _ in range(AGAIN):
            try:
                async with db.transaction():
                    await self._store(db, [job for job in jobs if job.post])
                    for job in jobs:
                        if not job.post:
                            job.outcome = await job.work(db)
            except LOCKS:
                continue
            except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError):
                raise
            except Exception:
                return False
            else:
                return True
        return False

    async def _store(self, db: Db, jobs: list[_Job]) -> None:
        if jobs:
            answers = await self._accept_all(db, [job.post for job in jobs if job.post])
            for job, accepted in zip(jobs, answers, strict=True):
                job.outcome = accepted

    async def _one_by_one(self, db: Db, jobs: list[_Job]) -> None:
        async with db.transaction():
            for job in jobs:
                try:
                    async with db.transaction():
                        job.outcome = await job.work(db)
                except BeaconpostError as error:
                    job.failure = error
                except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError):
                    raise
                except asyncpg.PostgresError as error:
                    job.failure = StoreError(f"not stored: {describe_error(error)}")
                except Exception as error:
                    job.failure = error

    def _answer(self, jobs: list[_Job]) -> None:
        self._waiting -= len(jobs)
        for job in jobs:
            if job.future.done():  # whoever asked has hung up
                continue
            if job.failure is None:
                job.future.set_result(job.outcome)
            else:
                job.future.set_exception(job.failure)
