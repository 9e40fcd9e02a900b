"""Claim letters from the outbox, give them to the mail server, record the outcome.

Log lines hold letter ids and counts, never personal data.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

from relay.errors import BeaconpostError, MailError, StaleClaim, StoreError, trail
from relay.letters import Letter
from relay.mail.outcome import Outcome, Refused, Sent, TryLater
from relay.mail.transport import Transport
from relay.outbox import OFFICES, Claim, LetterStatus, Queue
from relay.outbox.retry_schedule import next_due
from relay.outbox.throttle import UNTHROTTLED, Throttle

log = logging.getLogger("beaconpost.worker")

LEASE: Final = timedelta(minutes=5)  # longer than smtp.Patience.delivery
UNSETTLED: Final = 8  # times `concurrency` letters may wait for their outcome to be recorded; then none is claimed
POLL_INTERVAL: Final = 60.0  # seconds: another process may have queued something, or the clock may have jumped
THROTTLED_INTERVAL: Final = 1.0  # seconds until letters that are due, but paused or throttled, are claimed again
STORE_RETRY: Final = 1.0  # seconds until a store that failed is tried again, doubling to POLL_INTERVAL


class Notifier(Protocol):
    """Tells organizers of domains that are paused and addresses that are suppressed."""

    async def announce(self, outbox: Queue, now: datetime) -> None: ...


class Worker:
    """Sends what is due over `transport`, at most `concurrency` letters at once: enough that letters waiting for the
    disk share its commits and no connection waits for a letter.

    Any number of workers, in any number of processes, may share an outbox. Whoever made the transport closes it.
    """

    def __init__(
        self,
        outbox: Queue,
        transport: Transport,
        compose: Callable[[Letter], bytes],  # raises MailError, which fails the letter
        envelope_sender: Callable[[Letter], str],  # where its bounces go
        now: Callable[[], datetime],  # aware, UTC
        jitter: Callable[[], float],  # from [0, 1)
        concurrency: int = 64,
        throttle: Throttle = UNTHROTTLED,
        notifier: Notifier | None = None,
    ) -> None:
        self._outbox = outbox
        self._transport = transport
        self._compose = compose
        self._envelope_sender = envelope_sender
        self._now = now
        self._jitter = jitter
        self._concurrency = concurrency
        self._throttle = throttle
        self._notifier = notifier
        self._woken = asyncio.Event()
        self._stopping = False
        self._tasks: set[asyncio.Task[None]] = set()  # a letter each
        self._claims: dict[str, Claim] = {}  # the newest claim of each of these letters
        self._delivering = 0

    def wake(self) -> None:
        """Something was queued: claim it now."""
        self._woken.set()

    def stop(self) -> None:
        """Claim nothing more; `run` returns once the claimed letters are settled."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Run until `stop`, whatever the store or the mail server does. If cancelled, it drops the claimed letters,
        which come back when their leases end.
        """
        pause = STORE_RETRY
        try:
            while not self._stopping:
                self._woken.clear()
                try:
                    wait = await self._claim()
                    pause = STORE_RETRY
                except StoreError as error:
                    log.warning("the outbox cannot be read, trying again in %.0f s: %s", pause, error)
                    wait, pause = pause, min(pause * 2, POLL_INTERVAL)
                await self._sleep(wait)
            if self._tasks:
                await asyncio.wait(self._tasks)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _claim(self) -> float:
        """Claim as many letters as there is room for and start them. Returns the seconds until the next claim."""
        room = self._concurrency - self._delivering
        if room <= 0 or len(self._tasks) >= UNSETTLED * self._concurrency:
            return POLL_INTERVAL  # a finished letter wakes us
        claims = await self._outbox.claim(self._transport.name, self._now(), LEASE, room, self._throttle)
        # If the clock jumps, a letter being sent from here may be claimed again: it goes on under its new claim.
        fresh = [claim for claim in claims if claim.letter.id not in self._claims]
        self._claims |= {claim.letter.id: claim for claim in claims}
        self._delivering += len(fresh)
        for claim in fresh:
            task = asyncio.create_task(self._deliver(claim))
            self._tasks.add(task)
            task.add_done_callback(self._done)
        if len(claims) == room:
            return POLL_INTERVAL
        due = await self._outbox.next_due(self._transport.name)
        if due is None:
            return POLL_INTERVAL
        # What is due and was not claimed is paused or throttled.
        return max((due - self._now()).total_seconds(), 0.0 if claims else THROTTLED_INTERVAL)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._woken.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("a delivery crashed; its letter comes back when its lease ends: %s", trail(error))

    async def _deliver(self, claim: Claim) -> None:
        letter = claim.letter.id
        try:
            settled = await self._try(claim)
            while (claim := self._claims[letter]) is not settled:
                # Its outcome was stored, somebody retried it, and it was claimed again before we knew of either.
                self._delivering += 1
                settled = await self._try(claim)
        finally:
            del self._claims[letter]

    async def _try(self, claim: Claim) -> Claim:
        """Give a letter to the mail server once, and record what became of it. Returns the claim that this is under."""
        try:
            outcome = await self._outcome(claim)
        finally:
            self._delivering -= 1  # the next letter need not wait until this outcome is on disk
            self._woken.set()
        log.info("letter %s, attempt %d: %s", claim.letter.id, claim.attempts, type(outcome).__name__)
        return await self._settle(claim.letter.id, outcome)

    async def _outcome(self, claim: Claim) -> Outcome:
        try:
            message = self._compose(claim.letter)
        except MailError as error:
            return Refused(0, "", f"not sent: {error}")
        return await self._transport.deliver(message, self._envelope_sender(claim.letter), claim.letter.to_email)

    async def _settle(self, letter: str, outcome: Outcome) -> Claim:
        """Record the outcome, retrying as needed: if it were lost, the letter would be sent twice. Returns the claim
        that it was recorded under, or that is over."""
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + LEASE.total_seconds(), STORE_RETRY / 10
        while True:
            claim = self._claims[letter]
            try:
                await self._record(claim, outcome)
            except StaleClaim:
                if claim is not self._claims[letter]:
                    continue
                log.warning("letter %s was taken over by another worker while this one had it", letter)
            except StoreError as error:
                if loop.time() > deadline:
                    log.error("letter %s: its outcome could not be stored: %s", letter, error)
                    return claim
                log.warning("letter %s: its outcome is not stored yet: %s", letter, error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, POLL_INTERVAL / 6)
                continue
            return claim

    async def _record(self, claim: Claim, outcome: Outcome) -> None:
        now = self._now()
        if isinstance(outcome, Refused) and outcome.verdict.about_us:
            pause = await self._outbox.record_policy_block(claim, now, outcome.answer)
            if pause:
                log.warning("%s refuses our mail; its letters wait until %s", pause.name, pause.until)
                await self._announce()
            return
        status, due = self._next_status(claim, outcome)
        gone = isinstance(outcome, Refused) and outcome.verdict.mailbox_gone
        await self._outbox.settle(claim, status, now, due, outcome.answer, gone=gone)
        if gone and claim.letter.kind in OFFICES:
            log.warning("%s: no such mailbox, letters to it are held", claim.letter.to_email)
            await self._announce()

    def _next_status(self, claim: Claim, outcome: Outcome) -> tuple[LetterStatus, datetime | None]:
        if isinstance(outcome, Sent):
            return "sent", None
        due = next_due(claim.attempts, self._now(), self._jitter) if isinstance(outcome, TryLater) else None
        return ("queued", due) if due else ("failed", None)

    async def _announce(self) -> None:
        if self._notifier:
            try:
                await self._notifier.announce(self._outbox, self._now())
            except BeaconpostError as error:  # the outcome is stored, and the hourly job tells them
                log.warning("organizers are not told yet: %s", error)
            self._woken.set()

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(min(max(seconds, 0.05), POLL_INTERVAL)):  # never spin, whatever the clocks say
                await self._woken.wait()
        except TimeoutError:
            pass
