"""An `Outbox` over a database: which query answers which promise, and whether it reads or writes."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeVar

from relay.letters import Letter, Submission
from relay.outbox import administration, consent, policy_blocks, queue, receipts, retention, seats, statistics
from relay.outbox.posts import Post
from relay.outbox.records import Accepted, Receipt
from relay.outbox.sql import Connection, Work
from theme.manifest import Confirm

P = ParamSpec("P")
T = TypeVar("T")
Asked: TypeAlias = Callable[Concatenate[Connection, P], Coroutine[Any, Any, T]]
Method: TypeAlias = Callable[Concatenate["Store", P], Coroutine[Any, Any, T]]


def reads(query: Asked[P, T]) -> Method[P, T]:
    """A method that answers from one moment's snapshot."""

    async def method(self: "Store", /, *given: P.args, **named: P.kwargs) -> T:
        return await self._read(lambda db: query(db, *given, **named))

    return method


def writes(query: Asked[P, T], *, wakes: bool = False, refusable: bool = False) -> Method[P, T]:
    """A method that writes, on disk when it returns. wakes: it gives the workers something to do. refusable: it is
    people's, and turned away when too many wait."""

    async def method(self: "Store", /, *given: P.args, **named: P.kwargs) -> T:
        return await self._write(lambda db: query(db, *given, **named), wakes=wakes, refusable=refusable)

    return method


class Store(ABC):
    """An `Outbox`, but for how its database is read and written."""

    async def accept(
        self,
        submission: Submission,
        letters: Sequence[Letter],
        confirmation: Letter | None,
        confirm: Confirm,
        receipt: Letter | None = None,
    ) -> Accepted:
        return await self._accept(Post(submission, letters, confirmation, confirm, receipt))

    receipt = reads(receipts.receipt_by_link)
    find_confirmation = reads(consent.find_confirmation)
    confirm = writes(consent.confirm, wakes=True, refusable=True)
    withdraw = writes(consent.withdraw, refusable=True)

    async def deny(self, token: str, now: datetime) -> Receipt | None:
        receipt = await self._write(lambda db: consent.deny(db, token, now), refusable=True)
        if receipt:
            await self._scrub()
        return receipt

    async def erase(self, token: str, now: datetime) -> None:
        if await self._write(lambda db: consent.erase(db, token, now), refusable=True):
            await self._scrub()

    claim = writes(queue.claim)
    next_due = reads(queue.next_due)
    settle = writes(queue.settle)
    refuse = writes(policy_blocks.refuse)
    distrust = writes(policy_blocks.distrust)
    bounce = writes(administration.bounce)
    enqueue = writes(administration.enqueue, wakes=True)
    untold = reads(administration.untold)

    async def forget(self, now: datetime, keep: timedelta) -> int:
        erased, chunk = 0, retention.CHUNK
        while chunk == retention.CHUNK:
            chunk = await self._write(lambda db: retention.forget(db, now, keep))
            erased += chunk
        await self._scrub()
        return erased

    seats_waiting = reads(seats.seats_waiting)
    seats_written = reads(seats.seats_written)
    await_roster = writes(seats.await_roster)
    address = writes(seats.address, wakes=True)

    find = reads(administration.find)
    history = reads(administration.history)
    retry = writes(administration.retry, wakes=True)
    cancel = writes(administration.cancel)
    pause = writes(administration.pause)
    resume = writes(administration.resume, wakes=True)
    pauses = reads(administration.pauses)
    suspects = reads(administration.suspects)
    trust = writes(policy_blocks.trust, wakes=True)
    suspend_erasing = writes(retention.suspend_erasing)
    erasing_suspended = reads(retention.erasing_suspended)

    async def end_campaign(self, campaign: str) -> int:
        ended = await self._write(lambda db: retention.end_campaign(db, campaign))
        if ended:
            await self._scrub()
        return ended

    count = reads(statistics.count)
    counts = reads(statistics.counts)
    participants = reads(statistics.participants)
    figures = reads(statistics.figures)
    states = reads(statistics.states)
    waiting = reads(statistics.waiting)
    waiting_since = reads(statistics.waiting_since)

    @abstractmethod
    async def close(self) -> None:
        """Finish what was handed in, then let go of the database."""

    @abstractmethod
    async def _accept(self, post: Post) -> Accepted: ...

    @abstractmethod
    async def _write(self, work: Work[T], *, wakes: bool = False, refusable: bool = False) -> T:
        """Do `work` in a transaction; on disk when this returns. Raises StoreError, what `work` raises, and StoreBusy
        if it is `refusable` and too many wait. Cancelling stops the waiting, not the work."""

    @abstractmethod
    async def _read(self, work: Work[T]) -> T:
        """Answer from one moment's snapshot. Raises StoreError."""

    @abstractmethod
    async def _scrub(self) -> None:
        """Something was erased: leave no trace of it where the database's own files would keep one."""
