"""An `Outbox` over a database: which query keeps which promise, and whether it reads or writes."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeVar

from relay.keys.vault import Vault
from relay.letters import Letter, Submission
from relay.letters.circumstances import Circumstances
from relay.outbox import (
    administration,
    alerts,
    bounces,
    consent,
    desk,
    mailbox_erasure,
    members,
    participants,
    policy_blocks,
    queue,
    receipts,
    resealing,
    retention,
    seats,
    snapshot,
    statistics,
    suppressions,
)
from relay.outbox.records import Accepted, Receipt
from relay.outbox.rows import Post
from relay.outbox.sql import Connection, Work
from theme.manifest import Confirm

P = ParamSpec("P")
T = TypeVar("T")
Query: TypeAlias = Callable[Concatenate[Connection, P], Coroutine[Any, Any, T]]
Method: TypeAlias = Callable[Concatenate["Store", P], Coroutine[Any, Any, T]]


def reads(query: Query[P, T]) -> Method[P, T]:
    """A method that answers from a single snapshot."""

    async def method(self: "Store", /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._read(lambda db: query(db, *args, **kwargs))

    return method


def writes(query: Query[P, T], *, wakes: bool = False, sheddable: bool = False) -> Method[P, T]:
    """A method that writes; on disk when it returns.

    wakes: it gives the workers something to do. sheddable: raises StoreBusy when too many posts are waiting.
    """

    async def method(self: "Store", /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._write(lambda db: query(db, *args, **kwargs), wakes=wakes, sheddable=sheddable)

    return method


class Store(ABC):
    """An `Outbox`, except for how its database is read and written."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def hash(self, purpose: str, *parts: str) -> bytes:
        return self._vault.hash(purpose, *parts)

    # Intake
    async def accept(
        self,
        submission: Submission,
        letters: Sequence[Letter],
        confirmation: Letter | None,
        confirm: Confirm,
        receipt: Letter | None = None,
        circumstances: Circumstances | None = None,
    ) -> Accepted:
        return await self._accept(Post(submission, letters, confirmation, confirm, receipt, circumstances))

    receipt = reads(receipts.find_receipt)
    find_confirmation = reads(consent.find_confirmation)
    confirm = writes(consent.confirm, wakes=True, sheddable=True)
    withdraw = writes(consent.withdraw, sheddable=True)

    join = writes(consent.join, wakes=True, sheddable=True)
    opt_out = writes(consent.opt_out, sheddable=True)
    opt_out_mailbox = writes(consent.opt_out_mailbox, sheddable=True)

    async def leave(self, token: str, submission: str = "") -> None:
        await self._write(lambda db: consent.leave(db, token, submission), wakes=True, sheddable=True)
        await self._scrub()

    async def deny(self, token: str, now: datetime, submission: str = "") -> Receipt | None:
        known = await self._write(lambda db: consent.deny(db, token, now, submission), sheddable=True)
        if known:
            await self._scrub()
        return known

    async def erase(self, token: str, now: datetime) -> None:
        if await self._write(lambda db: consent.erase(db, token, now), sheddable=True):
            await self._scrub()

    offer_erasure = writes(mailbox_erasure.offer_erasure, wakes=True, sheddable=True)

    async def erase_mailbox(self, mailbox_key: bytes, now: datetime) -> list[mailbox_erasure.Erasure]:
        erasures = await self._write(lambda db: mailbox_erasure.erase_mailbox(db, mailbox_key, now), sheddable=True)
        await self._scrub()
        return erasures

    # Queue
    claim = writes(queue.claim)
    next_due = reads(queue.next_due)
    settle = writes(queue.settle)
    record_policy_block = writes(policy_blocks.record_policy_block)
    suppress = writes(suppressions.suppress)
    record_bounce = writes(bounces.record_bounce)
    find_recipient = reads(bounces.find_recipient)
    enqueue = writes(alerts.enqueue, wakes=True)
    unreported = reads(alerts.unreported)
    unreported_members = reads(members.unreported_members)
    forward = writes(alerts.forward, wakes=True)
    unreported_pauses = reads(alerts.unreported_pauses)
    unreported_suppressions = reads(alerts.unreported_suppressions)

    async def forget(self, now: datetime, keep: timedelta) -> int:
        erased, chunk = 0, retention.CHUNK
        while chunk == retention.CHUNK:
            chunk = await self._write(lambda db: retention.forget(db, now, keep))
            erased += chunk
        await self._scrub()
        return erased

    # Seats
    seats_awaiting_roster = reads(seats.seats_awaiting_roster)
    pending_recipients = reads(seats.pending_recipients)
    hold_for_roster = writes(seats.hold_for_roster)
    assign = writes(seats.assign, wakes=True)

    # Administration
    list_letters = reads(administration.list_letters)
    list_attempts = reads(administration.list_attempts)
    retry = writes(administration.retry, wakes=True)
    cancel = writes(administration.cancel)
    pause = writes(administration.pause)
    resume = writes(administration.resume, wakes=True)
    pauses = reads(administration.list_pauses)
    unsuppress = writes(suppressions.unsuppress, wakes=True)
    suppressions = reads(administration.list_suppressions)
    set_legal_hold = writes(retention.set_legal_hold)
    legal_hold = reads(retention.legal_hold)

    count_by_key = reads(resealing.count_by_key)

    async def reseal(self) -> int:
        resealed = 0
        while chunk := await self._write(resealing.reseal):
            resealed += chunk
        await self._scrub()
        return resealed

    async def remove_name(self, campaign: str, submission: str) -> bool:
        removed = await self._write(lambda db: participants.remove_name(db, campaign, submission))
        if removed:
            await self._scrub()
        return removed

    async def forget_campaign(self, campaign: str) -> int:
        people = await self._write(lambda db: retention.forget_campaign(db, campaign))
        if people:
            await self._scrub()
        return people

    # Lists
    list_members = reads(members.list_members)
    count_members = reads(members.count_members)

    async def mark_exported(self, members_exported: Sequence[str]) -> int:
        exported = await self._write(lambda db: members.mark_exported(db, members_exported))
        await self._scrub()
        return exported

    # Desk
    desk_figures = reads(desk.desk_figures)
    list_waiting = reads(desk.list_waiting)
    release = writes(desk.release, wakes=True)
    cancel_waiting = writes(desk.cancel_waiting)

    # Backups
    back_up = reads(snapshot.read_snapshot)

    async def restore(
        self,
        chunks: snapshot.Chunks,
        now: datetime,
        keep: timedelta,
        report: Callable[[str], None],
        *,
        hold: bool,
    ) -> snapshot.Restored:
        restored = await self._write(lambda db: snapshot.restore(db, chunks, now, keep, report, hold=hold))
        await self._scrub()
        return restored

    async def probe(self) -> None:
        await self.legal_hold()

    # Statistics
    count = reads(statistics.count)
    counts = reads(statistics.counts)
    participants = reads(statistics.participants)
    figures = reads(statistics.figures)
    count_burst = reads(statistics.count_burst)
    count_domains = reads(statistics.count_domains)
    count_by_status = reads(statistics.count_by_status)
    count_held = reads(statistics.count_held)
    oldest_due = reads(statistics.oldest_due)

    @abstractmethod
    async def close(self) -> None:
        """Finish the work that was handed in, then close the database."""

    @abstractmethod
    async def _accept(self, post: Post) -> Accepted: ...

    @abstractmethod
    async def _write(self, work: Work[T], *, wakes: bool = False, sheddable: bool = False) -> T:
        """Do `work` in a transaction; on disk when this returns. Raises StoreError, whatever `work` raises, and
        StoreBusy if it is `sheddable` and too much is waiting. Cancelling stops the waiting, not the work."""

    @abstractmethod
    async def _read(self, work: Work[T]) -> T:
        """Answer from a single snapshot. Raises StoreError."""

    @abstractmethod
    async def _scrub(self) -> None:
        """Something was erased: leave no trace of it in the database's own files."""
