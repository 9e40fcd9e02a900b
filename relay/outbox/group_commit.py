"""Group commit: jobs that arrive while a commit is under way share the next one, without a timer.

Posts among them are stored together. The stores provide the transaction.
"""

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from queue import Empty
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from relay.errors import StoreBusy, StoreError
from relay.outbox.records import Accepted
from relay.outbox.rows import Post
from relay.outbox.sql import Connection, Work

T = TypeVar("T")
AcceptAll: TypeAlias = Callable[[Connection, Sequence[Post]], Coroutine[Any, Any, list[Accepted]]]
MAX_WAITING: Final = 2_000  # posts; at a few thousand a second, less than a second's worth
MAX_WAITING_TEXT: Final = 24_000_000  # characters of those posts' letters; ordinary ones stay far below
BATCH: Final = 256  # jobs per commit, so that nobody's answer waits for a long queue


@dataclass(slots=True)
class Job:
    """One thing to write."""

    work: Work[Any]
    future: asyncio.Future[Any]
    post: Post | None = None  # set if the job stores a post, which may be stored together with others
    text: int = 0  # characters of the post's letters
    done: bool = False  # stored together with others: `work` need not run
    outcome: Any = None
    failure: BaseException | None = None


class JobQueue(Protocol):
    """`queue.SimpleQueue` between threads, `asyncio.Queue` within one. None: no more jobs will come."""

    def put_nowait(self, job: Job | None) -> None: ...

    def get_nowait(self) -> Job | None:
        """Raises queue.Empty or asyncio.QueueEmpty."""


class GroupCommit(ABC):
    """Posts are turned away when `limit` jobs are waiting, or when their letters would exceed MAX_WAITING_TEXT: a flood
    of long letters turns itself away while ordinary ones still fit. What workers have to write never is.
    """

    def __init__(self, jobs: JobQueue, accept_all: AcceptAll, limit: int) -> None:
        self._queue = jobs
        self._accept_all = accept_all
        self._limit = limit
        self._waiting = 0
        self._waiting_text = 0
        self._closed = False

    async def run(self, work: Work[T], *, sheddable: bool = False) -> T:
        """Do `work` in a transaction; on disk when this returns. Raises StoreError, whatever `work` raises, and
        StoreBusy if it is `sheddable` and too many jobs are waiting. Cancelling stops the waiting, not the work.
        """
        result: T = await self._submit(Job(work, asyncio.get_running_loop().create_future()), sheddable=sheddable)
        return result

    async def accept(self, post: Post) -> Accepted:
        """Store a post, together with others that arrived at the same time. Raises as `run`."""

        async def alone(db: Connection) -> Accepted:
            return (await self._accept_all(db, [post]))[0]

        mails = (*post.letters, post.confirmation, post.receipt)
        text = sum(len(mail.body) for mail in mails if mail)
        job = Job(alone, asyncio.get_running_loop().create_future(), post, text)
        result: Accepted = await self._submit(job, sheddable=True)
        return result

    async def close(self) -> None:
        """Finish the submitted jobs, then close the connection."""
        if not self._closed:
            self._closed = True
            self._queue.put_nowait(None)
        await self._join()

    @abstractmethod
    async def _join(self) -> None:
        """Wait until the last job is done."""

    async def _submit(self, job: Job, *, sheddable: bool) -> Any:  # noqa: ANN401  (what the job's work returns)
        if self._closed:
            raise StoreError("the outbox is closed")
        if sheddable and (self._waiting >= self._limit or self._waiting_text + job.text > MAX_WAITING_TEXT):
            raise StoreBusy(f"{self._waiting} posts are waiting to be stored")
        self._waiting += 1
        self._waiting_text += job.text
        self._queue.put_nowait(job)
        return await job.future

    def _batch(self, first: Job | None) -> tuple[list[Job], bool]:
        """The first job and those behind it, and whether they are the last."""
        taken = [first]
        with contextlib.suppress(Empty, asyncio.QueueEmpty):
            while len(taken) < BATCH:
                taken.append(self._queue.get_nowait())
        jobs = [job for job in taken if job is not None]
        return jobs, len(jobs) < len(taken)

    async def _accept_together(self, db: Connection, jobs: Sequence[Job]) -> None:
        if jobs:
            answers = await self._accept_all(db, [job.post for job in jobs if job.post])
            for job, accepted in zip(jobs, answers, strict=True):
                job.outcome, job.done = accepted, True

    def _resolve(self, jobs: Sequence[Job]) -> None:
        """Hand the outcomes to whoever is waiting."""
        self._waiting -= len(jobs)
        self._waiting_text -= sum(job.text for job in jobs)
        for job in jobs:
            if job.future.done():  # the caller is gone
                continue
            if job.failure is None:
                job.future.set_result(job.outcome)
            else:
                job.future.set_exception(job.failure)
