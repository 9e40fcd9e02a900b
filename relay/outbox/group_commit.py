"""What waits to be written, whichever store writes it.

Jobs that come in while a commit is under way share the next one: no timer, nobody waits for company. Posts among them
are stored together.
"""

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from queue import Empty
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from relay.errors import StoreBusy, StoreError
from relay.outbox.posts import Post
from relay.outbox.records import Accepted
from relay.outbox.sql import Connection, Work

T = TypeVar("T")
AcceptAll: TypeAlias = Callable[[Connection, Sequence[Post]], Coroutine[Any, Any, list[Accepted]]]
WAITING: Final = 2_000  # posts that may wait; at a few thousand a second, under a second's worth
BATCH: Final = 256  # jobs a commit, so that nobody's answer waits for a long queue


@dataclass(slots=True)
class Job:
    """One thing to write. post: it is one, and may be stored with others. done: it needs no attempt of its own."""

    work: Work[Any]
    future: asyncio.Future[Any]
    post: Post | None = None
    done: bool = False
    outcome: Any = None
    failure: BaseException | None = None


class Line(Protocol):
    """Where jobs stand: `queue.SimpleQueue` between threads, `asyncio.Queue` within one. None: no more will come."""

    def put_nowait(self, job: Job | None) -> None: ...

    def get_nowait(self) -> Job | None:
        """Raises queue.Empty or asyncio.QueueEmpty."""


class Jobs(ABC):
    """At most `limit` posts wait, for `accept_all` to store them; what the worker has to say is always taken."""

    def __init__(self, line: Line, accept_all: AcceptAll, limit: int) -> None:
        self._line = line
        self._accept_all = accept_all
        self._limit = limit
        self._waiting = 0
        self._closed = False

    async def run(self, work: Work[T], *, refusable: bool = False) -> T:
        """Do `work` in a transaction; on disk when this returns. Raises StoreError, what `work` raises, and StoreBusy
        if it is `refusable` and too many wait. Cancelling stops the waiting, not the work.
        """
        result: T = await self._hand_in(Job(work, asyncio.get_running_loop().create_future()), refusable=refusable)
        return result

    async def accept(self, post: Post) -> Accepted:
        """Store a post, with others that came in at the same time. Raises as `run`."""

        async def alone(db: Connection) -> Accepted:
            return (await self._accept_all(db, [post]))[0]

        job = Job(alone, asyncio.get_running_loop().create_future(), post)
        result: Accepted = await self._hand_in(job, refusable=True)
        return result

    async def close(self) -> None:
        """Finish what was handed in, then close the connection."""
        if not self._closed:
            self._closed = True
            self._line.put_nowait(None)
        await self._end()

    @abstractmethod
    async def _end(self) -> None:
        """Wait until the last job is answered."""

    async def _hand_in(self, job: Job, *, refusable: bool) -> Any:  # noqa: ANN401  (what the job's work returns)
        if self._closed:
            raise StoreError("the outbox is closed")
        if refusable and self._waiting >= self._limit:
            raise StoreBusy(f"{self._waiting} posts are waiting to be stored")
        self._waiting += 1
        self._line.put_nowait(job)
        return await job.future

    def _batch(self, first: Job | None) -> tuple[list[Job], bool]:
        """The first and those behind it, and whether they are the last."""
        found = [first]
        with contextlib.suppress(Empty, asyncio.QueueEmpty):
            while len(found) < BATCH:
                found.append(self._line.get_nowait())
        jobs = [job for job in found if job is not None]
        return jobs, len(jobs) < len(found)

    async def _accept_together(self, db: Connection, jobs: Sequence[Job]) -> None:
        if jobs:
            answers = await self._accept_all(db, [job.post for job in jobs if job.post])
            for job, accepted in zip(jobs, answers, strict=True):
                job.outcome, job.done = accepted, True

    def _answer(self, jobs: Sequence[Job]) -> None:
        self._waiting -= len(jobs)
        for job in jobs:
            if job.future.done():  # whoever asked has hung up
                continue
            if job.failure is None:
                job.future.set_result(job.outcome)
            else:
                job.future.set_exception(job.failure)
