"""Relays and workers are killed again and again while people post and the mail servers misbehave.

Each process has its own mail server, which knows which process to kill when a letter reaches a step. Nobody waits for
leases and retries: while no process that could hold a letter is alive, time passes in the store.
"""
# ruff: noqa: ASYNC110, S311 - a store offers no event to wait for; the random numbers keep no secret

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
from tests.crash.faulty_server import STEPS, FaultyServer
from tests.crash.processes import PATH, Running, open_relay, open_worker
from tests.samples.people import form_of

# Half of it sent; all of it sent; committed, the response under way.
INTAKE: Final = ("half a post", "post", "response lost")
DELIVERY: Final = (*STEPS, "settled")
CUT_OFF: Final = "store cut off"  # nothing is killed; PostgreSQL ends every connection
MOMENTS: Final = (*INTAKE, *DELIVERY, CUT_OFF, "any moment")
PATIENCE: Final = 3.0  # seconds
POWER_CUTS: Final = 4  # after this many kills everything is killed at once


@dataclass
class Node:
    """A relay or a worker, and the mail server it talks to."""

    folder: Path
    store: str
    mail: FaultyServer
    takes_posts: bool
    relay: Running | None = None
    process: asyncio.subprocess.Process | None = None
    killed: bool = False
    resources: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def start(self) -> None:
        if self.takes_posts:
            self.relay = await self.resources.enter_async_context(open_relay(self.folder, self.store, self.mail.port))
            self.process = self.relay.process
        else:
            self.process = await self.resources.enter_async_context(
                open_worker(self.folder, self.store, self.mail.port)
            )

    def kill(self) -> None:
        """Kill it without running any handler. Call `clean_up` afterward."""
        if self.process and not self.killed:
            self.killed = True
            self.process.kill()

    async def clean_up(self) -> None:
        self.relay = None
        await self.resources.aclose()
        self.process, self.killed = None, False
        self.mail.client_restarted()

    async def stop(self) -> int | None:
        """Ask it to exit by itself; return its exit code."""
        assert self.process
        self.process.terminate()
        return await self.process.wait()


@dataclass
class Chaos:
    """The run so far."""

    books: Books
    nodes: Sequence[Node]
    rng: random.Random
    people: "itertools.count[int]" = field(default_factory=itertools.count)
    kills: Counter[str] = field(default_factory=Counter)
    # Letters that a server had accepted and that were not yet settled when their process was killed.
    gaps: Counter[str] = field(default_factory=Counter)
    restarted: asyncio.Event = field(default_factory=asyncio.Event)
    accepted: set[str] = field(default_factory=set)

    async def run(self, client: httpx2.AsyncClient, people: int, moments: Sequence[str]) -> None:
        """Let `people` post while the processes are killed at these moments, one after the other."""
        posting: list[asyncio.Task[None]] = []
        remaining = deque(moments)
        for number in itertools.count(1):
            dying = asyncio.create_task(self._kill_at(remaining[0]))
            await asyncio.sleep(0)  # set the trap before the first letter comes
            wave = (next(self.people) for _ in range(people // len(moments)))
            posting += [asyncio.create_task(self._post(client, person)) for person in wave]
            moment, dead = await dying
            self.kills[moment] += len(dead)
            await self._restart(dead if number % POWER_CUTS else self.nodes)
            missed = remaining.popleft()
            if missed != moment:
                remaining.append(missed)
            if not remaining or number == 3 * len(moments):
                break  # a slow machine may miss a few
        await asyncio.gather(*posting)

    async def drain(self) -> None:
        """Stop all faults and wait until no letter is pending."""
        for node in self.nodes:
            node.mail.fault_rate = 0.0
        await self._restart(self.nodes)
        waiting = "SELECT count(*) FROM letters WHERE status IN ('held', 'queued', 'sending')"
        async with asyncio.timeout(300):
            while (await self.books.read(waiting))[0][0]:
                await asyncio.sleep(0.05)
        codes = await asyncio.gather(*(node.stop() for node in self.nodes))
        assert not any(codes), f"asked to stop, they exited with {codes}"

    # ---

    async def _post(self, client: httpx2.AsyncClient, person: int) -> None:
        """Post until a relay accepts, as a person does who gets no response or reads that the relay is busy."""
        while True:
            relays = [node.relay for node in self.nodes if node.relay]
            if relays and (email := await self.rng.choice(relays).post(client, person)):
                self.accepted.add(email)
                return
            self.restarted.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.restarted.wait(), 1)

    async def _kill_at(self, moment: str) -> tuple[str, list[Node]]:
        """Kill at a moment; return it and what was killed. A moment that does not come soon becomes "any moment"."""
        try:
            async with asyncio.timeout(PATIENCE):
                if moment in INTAKE:
                    dead = [await self._kill_in_a_post(moment)]
                elif moment in STEPS:
                    dead = [await self._kill_in_a_letter(moment)]
                elif moment == "settled":
                    dead = [await self._kill_when_settled()]
                else:
                    await asyncio.sleep(self.rng.random() / 2)
                    dead = [] if moment == CUT_OFF else [self.rng.choice(self.nodes)]
        except TimeoutError:
            moment, dead = "any moment", [self.rng.choice(self.nodes)]
        if moment == CUT_OFF:
            await self.books.cut_off()
        for node in dead:
            node.kill()
        return moment, dead

    async def _kill_in_a_letter(self, moment: str) -> Node:
        """Kill the first process whose letter reaches the step."""
        dead: asyncio.Future[Node] = asyncio.get_running_loop().create_future()

        def trap(node: Node, step: str) -> bool:
            if step == moment and not dead.done():
                node.kill()
                dead.set_result(node)
            return dead.done() and dead.result() is node

        for node in self.nodes:
            node.mail.reached = partial(trap, node)
        try:
            return await dead
        finally:
            for node in self.nodes:
                node.mail.reached = lambda _: False

    async def _kill_in_a_post(self, moment: str) -> Node:
        """Kill a relay during a post of its own, or while its response is under way."""
        node = self.rng.choice([node for node in self.nodes if node.relay])
        assert node.relay
        person = next(self.people)
        form = urlencode(form_of(person))
        host, port = node.relay.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            f"POST {PATH} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: application/json\r\n"
            "Sec-Fetch-Site: same-origin\r\n"
            f"Content-Length: {len(form)}\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n".encode()
        )
        writer.write(form[: len(form) // 2].encode())
        if moment != "half a post":
            writer.write(form[len(form) // 2 :].encode())
        await writer.drain()
        if moment == "response lost":
            if await reader.readexactly(len(b"HTTP/1.1 202")) != b"HTTP/1.1 202":
                writer.close()
                return await self._kill_in_a_post(moment)  # busy: nothing was stored
            self.accepted.add(form_of(person)["email"])
        node.kill()
        writer.close()
        return node

    async def _kill_when_settled(self) -> Node:
        before = await self._settled()
        while not (new := await self._settled() - before):
            await asyncio.sleep(0)
        for node in self.nodes:
            if any(delivery.letter in new for delivery in node.mail.deliveries):
                return node
        raise AssertionError("a letter is settled that no mail server accepted")

    async def _settled(self) -> set[str]:
        return {letter for (letter,) in await self.books.read("SELECT id FROM letters WHERE status = 'sent'")}

    async def _restart(self, dead: Sequence[Node]) -> None:
        for node in dead:
            node.kill()
        for node in dead:
            assert node.process
            await node.process.wait()
        settled = await self._settled()
        for node in dead:
            lately = [delivery.letter for delivery in node.mail.deliveries if delivery.kills == node.mail.kills]
            self.gaps.update(letter for letter in lately if letter not in settled)
            await node.clean_up()
        # Time passes only for letters that no living process can hold.
        everybody = len(dead) == len(self.nodes)
        await pass_time(self.books, leases=everybody)
        for node in dead:
            await node.start()
        self.restarted.set()


@asynccontextmanager
async def open_chaos(folder: Path, store: str, *, relays: int, workers: int, seed: int) -> AsyncIterator[Chaos]:
    rng = random.Random(seed)
    async with AsyncExitStack() as stack:
        nodes = []
        for number in range(relays + workers):
            mail = FaultyServer(rng=random.Random(seed + number), fault_rate=0.15)
            await stack.enter_async_context(open_script(mail))
            nodes.append(Node(folder, store, mail, takes_posts=number < relays))
        for node in nodes:
            await node.start()
            stack.push_async_callback(node.resources.aclose)
        books = await stack.enter_async_context(open_books(store))
        yield Chaos(books, nodes, rng)
