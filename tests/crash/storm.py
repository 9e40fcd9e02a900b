"""Relays and workers that are killed again and again while people post and the mail server has its moods.

Each process has a mail server of its own, so that the server knows whom to kill when a letter reaches a step. Leases
and retries do not keep us waiting: while nobody lives who could hold a letter, time passes in the store.
"""
# ruff: noqa: ASYNC110, S311 - a store has no event that a stranger could wait for; dice keep no secret

import asyncio
import contextlib
import itertools
import random
from collections import Counter, deque
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import httpx2

from tests.books import Books, open_books, pass_time
from tests.contract.delivery.scripted import open_script
from tests.crash.faulty_server import STEPS, Moody
from tests.crash.processes import PATH, Running, open_relay, open_worker
from tests.samples.people import person as form_of

INTAKE: Final = ("half a post", "post", "answer lost")  # half of it sent; all sent; committed, its answer on the way
DELIVERY: Final = (*STEPS, "settled")
CUT_OFF: Final = "store cut off"  # nobody dies; PostgreSQL ends every connection
MOMENTS: Final = (*INTAKE, *DELIVERY, CUT_OFF, "any moment")
PATIENCE: Final = 3.0  # seconds
POWER_CUTS: Final = 4  # every so many kills everything dies at once


@dataclass
class Victim:
    """A relay or a worker, and the mail server it talks to."""

    folder: Path
    store: str
    mail: Moody
    takes_posts: bool
    relay: Running | None = None
    process: asyncio.subprocess.Process | None = None
    struck: bool = False
    life: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def start(self) -> None:
        if self.takes_posts:
            self.relay = await self.life.enter_async_context(open_relay(self.folder, self.store, self.mail.port))
            self.process = self.relay.process
        else:
            self.process = await self.life.enter_async_context(open_worker(self.folder, self.store, self.mail.port))

    def strike(self) -> None:
        """No handler runs; `bury` it afterwards."""
        if self.process and not self.struck:
            self.struck = True
            self.process.kill()

    async def bury(self) -> None:
        self.relay = None
        await self.life.aclose()
        self.process, self.struck = None, False
        self.mail.started_again()

    async def stop(self) -> int | None:
        """Tell it to end by itself; its exit code."""
        assert self.process
        self.process.terminate()
        return await self.process.wait()


@dataclass
class Storm:
    """What went on. gaps: letters that were taken by a server and not yet settled when their process was killed."""

    books: Books
    victims: Sequence[Victim]
    dice: random.Random
    people: "itertools.count[int]" = field(default_factory=itertools.count)
    kills: Counter[str] = field(default_factory=Counter)
    gaps: Counter[str] = field(default_factory=Counter)
    back: asyncio.Event = field(default_factory=asyncio.Event)
    accepted: set[str] = field(default_factory=set)

    async def blow(self, client: httpx2.AsyncClient, people: int, moments: Sequence[str]) -> None:
        """`people` post while the processes are killed at these moments, one after the other."""
        posting: list[asyncio.Task[None]] = []
        wanted = deque(moments)
        for number in itertools.count(1):
            dying = asyncio.create_task(self._kill_at(wanted[0]))
            await asyncio.sleep(0)  # the trap is set before the first letter comes
            wave = (next(self.people) for _ in range(people // len(moments)))
            posting += [asyncio.create_task(self._post(client, person)) for person in wave]
            moment, dead = await dying
            self.kills[moment] += len(dead)
            await self._restart(dead if number % POWER_CUTS else self.victims)
            missed = wanted.popleft()
            if missed != moment:
                wanted.append(missed)
            if not wanted or number == 3 * len(moments):
                break  # a slow machine may miss some
        await asyncio.gather(*posting)

    async def calm(self) -> None:
        """The mail server has no moods any more; return when no letter waits."""
        for victim in self.victims:
            victim.mail.moods = 0.0
        await self._restart(self.victims)
        waiting = "SELECT count(*) FROM letters WHERE status IN ('held', 'queued', 'sending')"
        async with asyncio.timeout(300):
            while (await self.books.read(waiting))[0][0]:
                await asyncio.sleep(0.05)
        codes = await asyncio.gather(*(victim.stop() for victim in self.victims))
        assert not any(codes), f"told to stop, they ended with {codes}"

    # ---

    async def _post(self, client: httpx2.AsyncClient, person: int) -> None:
        """Until somebody says yes, as a person would who saw no answer, or that the relay is busy."""
        while True:
            relays = [victim.relay for victim in self.victims if victim.relay]
            if relays and (email := await self.dice.choice(relays).post(client, person)):
                self.accepted.add(email)
                return
            self.back.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.back.wait(), 1)

    async def _kill_at(self, moment: str) -> tuple[str, list[Victim]]:
        """Whom, and when: a moment that does not come soon is any moment."""
        try:
            async with asyncio.timeout(PATIENCE):
                if moment in INTAKE:
                    dead = [await self._kill_in_a_post(moment)]
                elif moment in STEPS:
                    dead = [await self._kill_in_a_letter(moment)]
                elif moment == "settled":
                    dead = [await self._kill_when_settled()]
                else:
                    await asyncio.sleep(self.dice.random() / 2)
                    dead = [] if moment == CUT_OFF else [self.dice.choice(self.victims)]
        except TimeoutError:
            moment, dead = "any moment", [self.dice.choice(self.victims)]
        if moment == CUT_OFF:
            await self.books.cut_off()
        for victim in dead:
            victim.strike()
        return moment, dead

    async def _kill_in_a_letter(self, moment: str) -> Victim:
        """The first process whose letter gets there."""
        dead: asyncio.Future[Victim] = asyncio.get_running_loop().create_future()

        def trap(victim: Victim, step: str) -> bool:
            if step == moment and not dead.done():
                victim.strike()
                dead.set_result(victim)
            return dead.done() and dead.result() is victim

        for victim in self.victims:
            victim.mail.reached = partial(trap, victim)
        try:
            return await dead
        finally:
            for victim in self.victims:
                victim.mail.reached = lambda _: False

    async def _kill_in_a_post(self, moment: str) -> Victim:
        """A person of their own, whose post or whose answer is on the way."""
        victim = self.dice.choice([victim for victim in self.victims if victim.relay])
        assert victim.relay
        person = next(self.people)
        form = urlencode(form_of(person))
        host, port = victim.relay.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            f"POST {PATH} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: application/json\r\n"
            f"Content-Length: {len(form)}\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n".encode()
        )
        writer.write(form[: len(form) // 2].encode())
        if moment != "half a post":
            writer.write(form[len(form) // 2 :].encode())
        await writer.drain()
        if moment == "answer lost":
            if await reader.readexactly(len(b"HTTP/1.1 202")) != b"HTTP/1.1 202":
                writer.close()
                return await self._kill_in_a_post(moment)  # busy: nothing was stored
            self.accepted.add(form_of(person)["email"])
        victim.strike()
        writer.close()
        return victim

    async def _kill_when_settled(self) -> Victim:
        before = await self._settled()
        while not (new := await self._settled() - before):
            await asyncio.sleep(0)
        for victim in self.victims:
            if any(took.letter in new for took in victim.mail.taken):
                return victim
        raise AssertionError("a letter is settled that no mail server took")

    async def _settled(self) -> set[str]:
        return {letter for (letter,) in await self.books.read("SELECT id FROM letters WHERE status = 'sent'")}

    async def _restart(self, dead: Sequence[Victim]) -> None:
        for victim in dead:
            victim.strike()
        for victim in dead:
            assert victim.process
            await victim.process.wait()
        settled = await self._settled()
        for victim in dead:
            lately = [took.letter for took in victim.mail.taken if took.kills == victim.mail.kills]
            self.gaps.update(letter for letter in lately if letter not in settled)
            await victim.bury()
        # Only letters that nobody living can hold are hurried on.
        everybody = len(dead) == len(self.victims)
        await pass_time(self.books, leases=everybody)
        for victim in dead:
            await victim.start()
        self.back.set()


@asynccontextmanager
async def open_storm(folder: Path, store: str, *, relays: int, workers: int, seed: int) -> AsyncIterator[Storm]:
    dice = random.Random(seed)
    async with AsyncExitStack() as stack:
        victims = []
        for number in range(relays + workers):
            mail = Moody(dice=random.Random(seed + number), moods=0.15)
            await stack.enter_async_context(open_script(mail))
            victims.append(Victim(folder, store, mail, takes_posts=number < relays))
        for victim in victims:
            await victim.start()
            stack.push_async_callback(victim.life.aclose)
        books = await stack.enter_async_context(open_books(store))
        yield Storm(books, victims, dice)
