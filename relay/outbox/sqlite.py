"""The outbox on SQLite: one thread writes, another reads beside it, any number of processes share the file."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

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
    delivery,
    forgetting,
    intake,
    operating,
    refusing,
    succession,
    views,
)  # fmt: skip
from relay.outbox.database import connect, open_database
from relay.outbox.pacing import FREELY
from relay.outbox.posts import Post, digest
from relay.outbox.writer import Writer
from theme.manifest import Confirm

T = TypeVar("T")
WAITING: Final = 2_000  # posts that may wait for the disk; at a few thousand a second, under a second's worth


async def open_sqlite(path: Path, waiting: int = WAITING) -> "SqliteOutbox":
    """Open or make the database at `path`. Raises StoreError if it is locked, damaged or not ours.

    waiting: how many posts may wait to be stored before StoreBusy.
    """
    connection = await asyncio.to_thread(open_database, path)
    try:
        reader = connect(path, read_only=True)
        return SqliteOutbox(Writer(connection, waiting), reader)
    except (OSError, sqlite3.Error) as error:
        connection.close()
        raise StoreError(f"cannot use the database {path}: {error}") from error


class SqliteOutbox:
    """An `Outbox`; its promises are told there. Made by `open_sqlite`."""

    def __init__(self, writer: Writer, reader: sqlite3.Connection) -> None:
        self._writer = writer
        self._reader = reader
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="outbox-reader")

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
        return await self._writer.run(lambda db: refusing.trust(db, address, now))

    async def seats_waiting(self) -> list[Seat]:
        return await self._read(succession.seats_waiting)

    async def seats_written(self, now: datetime) -> list[Written]:
        return await self._read(lambda db: succession.seats_written(db, now))

    async def await_roster(self, written: Written, now: datetime) -> int:
        return await self._writer.run(lambda db: succession.await_roster(db, written, now))

    async def address(self, seat: Seat, holders: Sequence[Holder], now: datetime) -> int:
        return await self._writer.run(lambda db: succession.address(db, seat, holders, now))

    async def suspects(self) -> list[Suspect]:
        return await self._read(operating.suspects)

    async def bounce(self, letter: str, now: datetime, answer: str, *, gone: bool) -> State | None:
        return await self._writer.run(lambda db: operating.bounce(db, letter, now, answer, gone=gone))

    async def enqueue(self, alert: Letter, now: datetime, tells: Sequence[str]) -> None:
        await self._writer.run(lambda db: operating.enqueue(db, alert, now, list(tells)))

    async def untold(self) -> list[LetterLine]:
        return await self._read(operating.untold)

    async def find(self, query: Query, limit: int) -> list[LetterLine]:
        return await self._read(lambda db: operating.find(db, query, limit))

    async def history(self, letter: str) -> list[Attempt]:
        return await self._read(lambda db: operating.history(db, letter))

    async def retry(self, query: Query, now: datetime) -> int:
        return await self._writer.run(lambda db: operating.retry(db, query, now))

    async def cancel(self, query: Query, now: datetime) -> int:
        return await self._writer.run(lambda db: operating.cancel(db, query, now))

    async def pause(self, scope: Scope, name: str, reason: str, now: datetime) -> None:
        await self._writer.run(lambda db: operating.pause(db, scope, name, reason, now))

    async def resume(self, scope: Scope, name: str) -> bool:
        return await self._writer.run(lambda db: operating.resume(db, scope, name))

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
        return await self._read(lambda db: _shown(db, intake.find_confirmation(db, token)))

    async def confirm(self, token: str, now: datetime) -> Receipt | None:
        return await self._writer.run(lambda db: _shown(db, intake.confirm(db, token, now)), refusable=True)

    async def deny(self, token: str, now: datetime) -> Receipt | None:
        return await self._writer.run(lambda db: _shown(db, intake.deny(db, token, now)), refusable=True)

    async def withdraw(self, token: str) -> None:
        await self._writer.run(lambda db: intake.withdraw(db, token), refusable=True)

    async def erase(self, token: str, now: datetime) -> None:
        if await self._writer.run(lambda db: intake.erase(db, token, now), refusable=True):
            await self._empty_log()

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
        erased, chunk = 0, forgetting.CHUNK
        while chunk == forgetting.CHUNK:
            chunk = await self._writer.run(lambda db: forgetting.forget(db, now, keep))
            erased += chunk
        await self._empty_log()
        return erased

    async def end_campaign(self, campaign: str) -> int:
        ended = await self._writer.run(lambda db: forgetting.end_campaign(db, campaign))
        if ended:
            await self._read(forgetting.empty_log)
        return ended

    async def close(self) -> None:
        """Finish what was handed in, then let go of the file."""
        await self._writer.close()
        await asyncio.to_thread(self._reading.shutdown)
        self._reader.close()

    async def _read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Answer from one moment's snapshot."""

        def snapshot(db: sqlite3.Connection) -> T:
            db.execute("BEGIN")
            try:
                return query(db)
            finally:
                db.execute("COMMIT")

        return await self._beside(snapshot)

    async def _empty_log(self) -> None:
        await self._beside(forgetting.empty_log)

    async def _beside(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run in the reader's thread, beside the writer. Raises StoreError."""

        def guarded() -> T:
            try:
                return work(self._reader)
            except sqlite3.Error as error:
                raise StoreError(f"the database could not be read: {error}") from error

        try:
            return await asyncio.get_running_loop().run_in_executor(self._reading, guarded)
        except RuntimeError as error:  # the pool has shut down
            raise StoreError("the outbox is closed") from error


def _shown(db: sqlite3.Connection, submission: str | None) -> Receipt | None:
    return None if submission is None else views.receipt(db, submission, redacted=False)
