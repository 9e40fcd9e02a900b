"""The outbox on PostgreSQL: state, locks, leases, limits and wake-ups live there, for any number of machines.

writer      one connection that writes, many posts a commit
database    connections, versions, and the ear at the wall
intake, delivery, refusing, operating, succession, forgetting, views: as their namesakes for SQLite, in PostgreSQL's
            words
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import asyncpg

from relay.errors import StoreError
from relay.letters import Letter, Submission
from relay.outbox import (
    Accepted,
    Attempt,
    Claim,
    Figures,
    Holder,
    LetterLine,
    Pace,
    Participant,
    Pause,
    Query,
    Receipt,
    Scope,
    Seat,
    State,
    Suspect,
    Waits,
    Written,
)  # fmt: skip
from relay.outbox.forgetting import CHUNK
from relay.outbox.pacing import FREELY
from relay.outbox.postgres import delivery, forgetting, intake, operating, refusing, succession, views
from relay.outbox.postgres.accepting import accept_all
from relay.outbox.postgres.database import CHANNEL, PATIENCE, connect, listen, migrate
from relay.outbox.postgres.writer import OUTAGES, Db, Writer, describe_error
from relay.outbox.posts import Post, digest
from relay.outbox.sqlite import WAITING
from theme.manifest import Confirm

T = TypeVar("T")
READERS = 4  # connections
NOTIFY = f"NOTIFY {CHANNEL}"


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


async def _accept_and_wake(db: Db, posts: Sequence[Post]) -> list[Accepted]:
    answers = await accept_all(db, posts)
    await db.execute(NOTIFY)
    return answers


class PostgresOutbox:
    """An `Outbox`; its promises are told there. Made by `open_postgres`."""

    def __init__(
        self, writer: Writer, readers: "asyncpg.Pool[asyncpg.Record]", ear: "asyncio.Task[None] | None"
    ) -> None:
        self._writer = writer
        self._readers = readers
        self._ear = ear

    async def accept(
        self,
        submission: Submission,
        letters: Sequence[Letter],
        confirmation: Letter | None,
        confirm: Confirm,
        receipt: Letter | None = None,
    ) -> Accepted:
        return await self._writer.accept(Post(submission, letters, confirmation, confirm, receipt))

    async def claim(
        self, transport: str, now: datetime, lease: timedelta, limit: int, pace: Pace = FREELY
    ) -> list[Claim]:
        return await self._writer.run(lambda db: delivery.claim(db, transport, now, lease, limit, pace))

    async def settle(self, claim: Claim, state: State, now: datetime, due: datetime | None, answer: str) -> None:
        await self._writer.run(lambda db: delivery.settle(db, claim, state, now, due, answer))

    async def refuse(self, claim: Claim, now: datetime, answer: str) -> Pause | None:
        return await self._writer.run(lambda db: refusing.refuse(db, claim, now, answer))

    async def distrust(self, address: str, now: datetime, answer: str) -> int:
        return await self._writer.run(lambda db: refusing.distrust(db, address, now, answer))

    async def trust(self, address: str, now: datetime) -> int:
        return await self._queue(lambda db: refusing.trust(db, address, now))

    async def suspects(self) -> list[Suspect]:
        return await self._read(operating.suspects)

    async def seats_waiting(self) -> list[Seat]:
        return await self._read(succession.seats_waiting)

    async def seats_written(self, now: datetime) -> list[Written]:
        return await self._read(lambda db: succession.seats_written(db, now))

    async def await_roster(self, written: Written, now: datetime) -> int:
        return await self._writer.run(lambda db: succession.await_roster(db, written, now))

    async def address(self, seat: Seat, holders: Sequence[Holder], now: datetime) -> int:
        return await self._queue(lambda db: succession.address(db, seat, holders, now))

    async def bounce(self, letter: str, now: datetime, answer: str, *, gone: bool) -> State | None:
        return await self._writer.run(lambda db: operating.bounce(db, letter, now, answer, gone=gone))

    async def enqueue(self, alert: Letter, now: datetime, tells: Sequence[str]) -> None:
        await self._queue(lambda db: operating.enqueue(db, alert, now, list(tells)))

    async def untold(self) -> list[LetterLine]:
        return await self._read(operating.untold)

    async def find(self, query: Query, limit: int) -> list[LetterLine]:
        return await self._read(lambda db: operating.find(db, query, limit))

    async def history(self, letter: str) -> list[Attempt]:
        return await self._read(lambda db: operating.history(db, letter))

    async def retry(self, query: Query, now: datetime) -> int:
        return await self._queue(lambda db: operating.retry(db, query, now))

    async def cancel(self, query: Query, now: datetime) -> int:
        return await self._writer.run(lambda db: operating.cancel(db, query, now))

    async def pause(self, scope: Scope, name: str, reason: str, now: datetime) -> None:
        await self._writer.run(lambda db: operating.pause(db, scope, name, reason, now))

    async def resume(self, scope: Scope, name: str) -> bool:
        return await self._queue(lambda db: operating.resume(db, scope, name))

    async def pauses(self) -> list[Pause]:
        return await self._read(operating.pauses)

    async def waiting_since(self) -> datetime | None:
        return await self._read(operating.waiting_since)

    async def suspend_erasing(self, reason: str) -> None:
        await self._writer.run(lambda db: operating.suspend_erasing(db, reason))

    async def erasing_suspended(self) -> str:
        return await self._read(operating.erasing_suspended)

    async def next_due(self, transport: str) -> datetime | None:
        return await self._read(lambda db: delivery.next_due(db, transport))

    async def receipt(self, token: str) -> Receipt | None:
        return await self._read(lambda db: views.receipt_by_link(db, digest(token)))

    async def find_confirmation(self, token: str) -> Receipt | None:
        async def find(db: Db) -> Receipt | None:
            return await _shown(db, await intake.find_confirmation(db, token))

        return await self._read(find)

    async def confirm(self, token: str, now: datetime) -> Receipt | None:
        async def confirm(db: Db) -> Receipt | None:
            return await _shown(db, await intake.confirm(db, token, now))

        return await self._queue(confirm, refusable=True)

    async def deny(self, token: str, now: datetime) -> Receipt | None:
        async def deny(db: Db) -> Receipt | None:
            return await _shown(db, await intake.deny(db, token, now))

        return await self._writer.run(deny, refusable=True)

    async def withdraw(self, token: str) -> None:
        await self._writer.run(lambda db: intake.withdraw(db, token), refusable=True)

    async def erase(self, token: str, now: datetime) -> None:
        await self._writer.run(lambda db: intake.erase(db, token, now), refusable=True)

    async def count(self, campaign: str) -> int:
        return await self._read(lambda db: views.count(db, campaign))

    async def counts(self) -> Mapping[str, int]:
        return await self._read(views.counts)

    async def participants(self, campaign: str, before: datetime, limit: int) -> list[Participant]:
        return await self._read(lambda db: views.participants(db, campaign, before, limit))

    async def figures(self, campaign: str) -> Figures:
        return await self._read(lambda db: views.figures(db, campaign))

    async def states(self) -> Mapping[State, int]:
        return await self._read(views.states)

    async def waiting(self) -> Mapping[Waits, int]:
        return await self._read(views.waiting)

    async def forget(self, now: datetime, keep: timedelta) -> int:
        erased, chunk = 0, CHUNK
        while chunk == CHUNK:
            chunk = await self._writer.run(lambda db: forgetting.forget(db, now, keep))
            erased += chunk
        return erased

    async def end_campaign(self, campaign: str) -> int:
        return await self._writer.run(lambda db: forgetting.end_campaign(db, campaign))

    async def close(self) -> None:
        """Finish what was handed in, then let go of the database."""
        if self._ear:
            self._ear.cancel()
            await asyncio.gather(self._ear, return_exceptions=True)
        await self._writer.close()
        self._readers.terminate()

    async def _queue(self, work: Callable[[Db], Awaitable[T]], *, refusable: bool = False) -> T:
        """Write what gives the workers something to do, and wake them wherever they are, once it is committed."""

        async def notified(db: Db) -> T:
            outcome = await work(db)
            await db.execute(NOTIFY)
            return outcome

        return await self._writer.run(notified, refusable=refusable)

    async def _read(self, query: Callable[[Db], Awaitable[T]]) -> T:
        """Answer from one moment's snapshot. Raises StoreError."""
        try:
            async with (
                self._readers.acquire(timeout=PATIENCE) as db,
                db.transaction(isolation="repeatable_read", readonly=True),
            ):
                return await query(db)
        except OUTAGES as error:
            raise StoreError(f"the database could not be read: {describe_error(error)}") from error


async def _shown(db: Db, submission: str | None) -> Receipt | None:
    return None if submission is None else await views.receipt(db, submission, redacted=False)
