"""One thread that writes, and commits together what came in together.

Jobs that arrive while a commit is on its way to the disk wait and share the next one: no timer, nobody waits for
company. Posts among them are stored together. If that fails, and for every other job, each has a SAVEPOINT of its own,
so that one that fails spoils no other.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final, TypeVar

from relay.errors import StoreBusy, StoreError
from relay.outbox import Accepted
from relay.outbox.accepting import accept_all
from relay.outbox.posts import Post
from relay.outbox.turn import Turn

T = TypeVar("T")
BATCH: Final = 256  # jobs a commit, so that nobody's answer waits for a long queue


@dataclass(slots=True)
class _Job:
    work: Callable[[sqlite3.Connection], Any]
    future: asyncio.Future[Any]
    post: Post | None = None
    done: bool = False
    outcome: Any = None
    failure: BaseException | None = None


class Writer:
    """Owns `connection`; OSError if nothing can be made beside its file. At most `limit` posts wait; what the worker
    has to say is always taken."""

    def __init__(self, connection: sqlite3.Connection, limit: int) -> None:
        self._connection = connection
        self._turn = Turn(connection)
        self._limit = limit
        self._waiting = 0
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._thread = Thread(target=self._serve, name="outbox-writer", daemon=True)
        self._closed = False
        self._thread.start()

    async def run(self, work: Callable[[sqlite3.Connection], T], *, refusable: bool = False) -> T:
        """Do `work` in a transaction; on disk when this returns. Raises StoreError, what `work` raises,
        and StoreBusy if it is `refusable` and too many wait. Cancelling stops the waiting, not the work.
        """
        result: T = await self._hand_in(_Job(work, self._loop.create_future()), refusable=refusable)
        return result

    async def accept(self, post: Post) -> Accepted:
        """Store a post, with others that came in at the same time. Raises as `run`."""
        alone = _Job(lambda db: accept_all(db, [post])[0], self._loop.create_future(), post)
        result: Accepted = await self._hand_in(alone, refusable=True)
        return result

    async def _hand_in(self, job: _Job, *, refusable: bool) -> Any:  # noqa: ANN401  (what the job's work returns)
        if self._closed:
            raise StoreError("the outbox is closed")
        if refusable and self._waiting >= self._limit:
            raise StoreBusy(f"{self._waiting} posts are waiting to be stored")
        self._waiting += 1
        self._jobs.put(job)
        return await job.future

    async def close(self) -> None:
        """Finish what was handed in, then close the connection."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _serve(self) -> None:
        last = False
        while not last:
            batch = [self._jobs.get()]
            with contextlib.suppress(Empty):
                while len(batch) < BATCH:
                    batch.append(self._jobs.get_nowait())
            jobs = [job for job in batch if job is not None]
            last = len(jobs) < len(batch)
            if jobs:
                self._commit(jobs)
                with contextlib.suppress(RuntimeError):  # the loop is gone: nobody is left to hear
                    self._loop.call_soon_threadsafe(self._answer, jobs)
        self._connection.close()
        self._turn.close()

    def _commit(self, jobs: list[_Job]) -> None:
        try:
            self._turn.begin()
            self._store_together([job for job in jobs if job.post])
            for job in jobs:
                if not job.done:
                    self._attempt(job)
            self._connection.execute("COMMIT")
        except BaseException as error:  # the thread must live: tomorrow's disk may have room
            failure = StoreError(f"nothing could be stored: {error}")
            failure.__cause__ = error
            for job in jobs:
                job.failure = job.failure or failure
            with contextlib.suppress(sqlite3.Error):
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def _store_together(self, jobs: list[_Job]) -> None:
        """All of them, or none: then each is attempted alone."""
        if not jobs:
            return
        self._connection.execute("SAVEPOINT posts")
        try:
            answers = accept_all(self._connection, [job.post for job in jobs if job.post])
        except Exception:
            if not self._connection.in_transaction:
                raise
            self._connection.execute("ROLLBACK TO posts")
        else:
            for job, accepted in zip(jobs, answers, strict=True):
                job.outcome, job.done = accepted, True
        self._connection.execute("RELEASE posts")

    def _attempt(self, job: _Job) -> None:
        self._connection.execute("SAVEPOINT job")
        try:
            job.outcome = job.work(self._connection)
        except Exception as error:
            if (
                not self._connection.in_transaction
            ):  # a full disk rolls back all: https://www.sqlite.org/lang_transaction.html
                raise
            self._connection.execute("ROLLBACK TO job")
            job.failure = StoreError(f"not stored: {error}") if isinstance(error, sqlite3.Error) else error
        self._connection.execute("RELEASE job")

    def _answer(self, jobs: list[_Job]) -> None:
        self._waiting -= len(jobs)
        for job in jobs:
            if job.future.done():  # whoever asked has hung up
                continue
            if job.failure is None:
                job.future.set_result(job.outcome)
            else:
                job.future.set_exception(job.failure)
