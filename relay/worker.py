"""Take letters from the outbox, give them to the mail server, write down what became of them.

Log lines hold letter ids and counts, never a person.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from relay.errors import BeaconpostError, MailError, StaleClaim, StoreError, trail
from relay.letters import Letter
from relay.mail.smtp import Outcome, Refused, Sent, Transport, TryLater
from relay.outbox import OFFICES, Claim, LetterLine, Pause, Queue, State
from relay.outbox.throttle import FREELY, Pace

log = logging.getLogger("beaconpost.worker")

LEASE: Final = timedelta(minutes=5)  # longer than smtp.Patience.delivery
FIRST_RETRY: Final = timedelta(minutes=5)
LONGEST_RETRY: Final = timedelta(hours=8)
GIVE_UP: Final = timedelta(days=5)
UNSETTLED: Final = 8  # times `concurrency` letters whose fate waits to be written down; more are not claimed
FORGET_EVERY: Final = timedelta(hours=1)
LOOK_AGAIN: Final = 60.0  # seconds: another process may have queued something, or the clock may have jumped
KEPT_BACK: Final = 1.0  # seconds until letters that were due, but paused or too many, are looked for again
STORE_PAUSE: Final = 1.0  # seconds before a store that failed is asked again, doubling to LOOK_AGAIN


def next_due(attempts: int, now: datetime, jitter: Callable[[], float]) -> datetime | None:
    """When to try again; None means give up.

    attempts: tries made so far, at least 1. jitter: draws from [0, 1), no unit; takes up to a tenth off the wait, so
    that letters put off together do not come back together and the last try is still four to five days after the first.
    Doubles from 5 minutes to 8 hours, five days in all. Source: RFC 5321 section 4.5.4.1.
    """
    if sum((_wait(attempt) for attempt in range(1, attempts + 1)), timedelta()) > GIVE_UP:
        return None
    return now + _wait(attempts) * (1 - jitter() / 10)


def _wait(attempts: int) -> timedelta:
    return min(FIRST_RETRY * (1 << min(attempts - 1, 10)), LONGEST_RETRY)


class Herald(Protocol):
    """Writes to organisers about what the worker met."""

    async def paused(self, pause: Pause) -> Sequence[Letter]: ...

    async def troubled(self, lines: Sequence[LetterLine]) -> Sequence[tuple[Letter, Sequence[str]]]: ...


class Worker:
    """Sends what is due over `transport`, at most `concurrency` letters at once: enough that those who wait for the
    disk share its commits and no connection waits for a letter.

    compose: a letter's bytes, or MailError, which fails it. envelope_from: where its bounces go. now: aware, UTC. keep:
    how long people are remembered after their last letter settled. pace: what the operator allows. herald: who tells
    organisers; None tells nobody. Any number of workers, in any number of processes, may share an outbox. The transport
    is closed by whoever made it.
    """

    def __init__(
        self,
        outbox: Queue,
        transport: Transport,
        compose: Callable[[Letter], bytes],
        envelope_from: Callable[[Letter], str],
        now: Callable[[], datetime],
        jitter: Callable[[], float],
        concurrency: int = 64,
        keep: timedelta = timedelta(days=7),
        pace: Pace = FREELY,
        herald: Herald | None = None,
    ) -> None:
        self._outbox = outbox
        self._transport = transport
        self._compose = compose
        self._envelope_from = envelope_from
        self._now = now
        self._jitter = jitter
        self._concurrency = concurrency
        self._keep = keep
        self._pace = pace
        self._herald = herald
        self._woken = asyncio.Event()
        self._stopping = False
        self._in_hand: set[asyncio.Task[None]] = set()
        self._claims: dict[str, Claim] = {}  # the newest of each letter in hand
        self._delivering = 0
        self._forgetting: asyncio.Task[None] | None = None
        self._forget_at: datetime | None = None

    def wake(self) -> None:
        """Something was queued: look now."""
        self._woken.set()

    def stop(self) -> None:
        """Claim nothing more; `run` returns when what is in hand is settled."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Until `stop`. Nothing the store or the mail server does ends it. Cancelled, it drops what is in hand:
        those letters come back when their leases end.
        """
        pause = STORE_PAUSE
        try:
            while not self._stopping:
                self._woken.clear()
                self._forget_hourly()
                try:
                    wait = await self._take()
                    pause = STORE_PAUSE
                except StoreError as error:
                    log.warning("the outbox cannot be read, asking again in %.0f s: %s", pause, error)
                    wait, pause = pause, min(pause * 2, LOOK_AGAIN)
                await self._sleep(wait)
            if self._in_hand:
                await asyncio.wait(self._in_hand)
        finally:
            left = [*self._in_hand, *([self._forgetting] if self._forgetting else [])]
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def _take(self) -> float:
        """Claim as many letters as there is room for and start them; seconds until it is worth looking again."""
        room = self._concurrency - self._delivering
        if room <= 0 or len(self._in_hand) >= UNSETTLED * self._concurrency:
            return LOOK_AGAIN  # a letter that is done wakes us
        claims = await self._outbox.claim(self._transport.name, self._now(), LEASE, room, self._pace)
        # A clock that jumps ends the lease of a letter that is on its way from here: it goes on under its new claim.
        fresh = [claim for claim in claims if claim.letter.id not in self._claims]
        self._claims |= {claim.letter.id: claim for claim in claims}
        self._delivering += len(fresh)
        for claim in fresh:
            task = asyncio.create_task(self._deliver(claim))
            self._in_hand.add(task)
            task.add_done_callback(self._done)
        if len(claims) == room:
            return LOOK_AGAIN
        due = await self._outbox.next_due(self._transport.name)
        if due is None:
            return LOOK_AGAIN
        # What is due and was not given to us is paused or must not go faster: it is looked for again each second.
        return max((due - self._now()).total_seconds(), 0.0 if claims else KEPT_BACK)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._in_hand.discard(task)
        self._woken.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("a delivery ended badly; its letter comes back when its lease ends: %s", trail(error))

    async def _deliver(self, claim: Claim) -> None:
        try:
            try:
                outcome = await self._outcome(claim)
            finally:
                self._delivering -= 1  # the next letter need not wait until this one's fate is on the disk
                self._woken.set()
            log.info("letter %s, attempt %d: %s", claim.letter.id, claim.attempts, type(outcome).__name__)
            await self._settle(claim.letter.id, outcome)
        finally:
            del self._claims[claim.letter.id]

    async def _outcome(self, claim: Claim) -> Outcome:
        try:
            message = self._compose(claim.letter)
        except MailError as error:
            return Refused(0, "", f"not sent: {error}")
        return await self._transport.deliver(message, self._envelope_from(claim.letter), claim.letter.to_email)

    async def _settle(self, letter: str, outcome: Outcome) -> None:
        """Write it down, if need be again and again: forgetting that a letter went would send it twice."""
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + LEASE.total_seconds(), STORE_PAUSE / 10
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
                    log.error("letter %s: what became of it could not be stored: %s", letter, error)
                    return
                log.warning("letter %s: what became of it is not stored yet: %s", letter, error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LOOK_AGAIN / 6)
                continue
            return

    async def _record(self, claim: Claim, outcome: Outcome) -> None:
        now = self._now()
        if isinstance(outcome, Refused) and outcome.is_policy:
            pause = await self._outbox.refuse(claim, now, outcome.answer)
            if pause:
                log.warning("%s refuses our mail; its letters wait until %s", pause.name, pause.until)
                await self._tell([(letter, ()) for letter in await self._herald.paused(pause)] if self._herald else [])
            return
        state, due = self._verdict(claim, outcome)
        await self._outbox.settle(claim, state, now, due, outcome.answer)
        if isinstance(outcome, Refused) and outcome.is_no_address and claim.letter.kind in OFFICES:
            held = await self._outbox.distrust(claim.letter.to_email, now, outcome.answer)
            log.warning("%s: no such address, %d more letters to it are held", claim.letter.to_email, held)

    def _verdict(self, claim: Claim, outcome: Outcome) -> tuple[State, datetime | None]:
        if isinstance(outcome, Sent):
            return "sent", None
        due = next_due(claim.attempts, self._now(), self._jitter) if isinstance(outcome, TryLater) else None
        return ("queued", due) if due else ("failed", None)

    async def _tell(self, alerts: Sequence[tuple[Letter, Sequence[str]]]) -> None:
        for alert, tells in alerts:
            await self._outbox.enqueue(alert, self._now(), tells)
        if alerts:
            self._woken.set()

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(min(max(seconds, 0.05), LOOK_AGAIN)):  # never spin, whatever the clocks say
                await self._woken.wait()
        except TimeoutError:
            pass

    def _forget_hourly(self) -> None:
        now = self._now()
        if (self._forget_at is None or now >= self._forget_at) and (not self._forgetting or self._forgetting.done()):
            self._forget_at = now + FORGET_EVERY
            self._forgetting = asyncio.create_task(self._forget(now))

    async def _forget(self, now: datetime) -> None:
        """Organisers hear of failed letters first."""
        try:
            if self._herald and (untold := await self._outbox.untold()):
                await self._tell(await self._herald.troubled(untold))
            erased = await self._outbox.forget(now, self._keep)
        except BeaconpostError as error:
            log.warning("forgetting failed, trying again in an hour: %s", error)
        else:
            log.info("forgot %d submissions", erased)
