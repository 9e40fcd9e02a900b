"""A letter is sent twice only in the gap between the server's 250 and our commit, and then as the same letter."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from tests.books import open_books, pass_time
from tests.contract.delivery.scripted import STALL, Dialogue, open_script
from tests.crash.faulty_server import STEPS, FaultyServer
from tests.crash.processes import open_relay, open_worker
from tests.samples.settings import BROWSER

pytestmark = pytest.mark.anyio


@dataclass
class Held(FaultyServer):
    """Accepts every letter, but greets nobody until `go_on`. A test can wait for a call (`called`) and for a number of
    letters (`has`)."""

    holds: bool = True
    callers: list[Dialogue] = field(default_factory=list)
    called: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    notifying: set[asyncio.Task[None]] = field(default_factory=set)

    def reply(self, step: str, session: Dialogue) -> str | None:
        if self.holds and step == "greeting":
            self.callers.append(session)
            self.called.set()
            return STALL
        return STALL if self.reached(step) else None

    def on_letter(self, session: Dialogue, content: bytes) -> None:
        super().on_letter(session, content)
        self.notifying.add(asyncio.create_task(self._notify()))

    async def _notify(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    def go_on(self) -> None:
        self.holds = False
        for session in self.callers:
            session.silent = False
            session.say("220 script ESMTP")

    async def has(self, count: int) -> list[tuple[str, str]]:
        """Letter and recipient of everything that arrived, once `count` letters have."""
        async with asyncio.timeout(60), self.changed:
            await self.changed.wait_for(lambda: len(self.deliveries) >= count)
        return [(delivery.letter, delivery.recipient) for delivery in self.deliveries]


async def test_a_letter_accepted_but_not_yet_recorded_is_sent_again_as_the_same_letter(
    tmp_path: Path, store: str
) -> None:
    async with (
        open_script(Held()) as mail,
        httpx2.AsyncClient(headers=BROWSER) as client,
        open_relay(tmp_path, store, mail.port, "--no-worker") as relay,
        open_books(store) as books,
    ):
        assert isinstance(mail, Held)
        assert await relay.post(client, 1)
        count = len(await books.read("SELECT id FROM letters"))
        async with open_worker(tmp_path, store, mail.port) as worker:
            await mail.called.wait()
            await books.lock()  # from now on nothing can be recorded
            mail.go_on()
            first = await mail.has(count)
            worker.kill()
            await worker.wait()
            await books.unlock()
        await pass_time(books, leases=True)
        async with open_worker(tmp_path, store, mail.port) as worker:
            both = await mail.has(2 * count)
            worker.terminate()
            assert await worker.wait() == 0
        assert len(set(first)) == count
        assert sorted(both) == sorted(first * 2)
        assert await books.read("SELECT DISTINCT status FROM letters") == [("sent",)]


async def test_a_worker_killed_at_any_step_before_the_250_or_after_the_commit_repeats_nothing(
    tmp_path: Path, store: str
) -> None:
    async with (
        open_script(Held(holds=False)) as mail,
        httpx2.AsyncClient(headers=BROWSER) as client,
        open_relay(tmp_path, store, mail.port, "--no-worker") as relay,
        open_books(store) as books,
    ):
        assert isinstance(mail, Held)
        assert await relay.post(client, 1)
        count = len(await books.read("SELECT id FROM letters"))
        for step in STEPS[: STEPS.index("accepted")]:
            reached = asyncio.Event()

            def silent(now: str, step: str = step, reached: asyncio.Event = reached) -> bool:
                if now == step:
                    reached.set()
                return reached.is_set()

            mail.reached = silent
            async with open_worker(tmp_path, store, mail.port) as worker:
                await reached.wait()
                worker.kill()
                await worker.wait()
            assert await books.read("SELECT DISTINCT status FROM letters") == [("sending",)]
            await pass_time(books, leases=True)
        mail.reached = lambda _: False
        async with open_worker(tmp_path, store, mail.port) as worker:
            once = await mail.has(count)
            sent = "SELECT count(*) FROM letters WHERE status = 'sent'"
            async with asyncio.timeout(60):
                while await books.read(sent) != [(count,)]:  # noqa: ASYNC110
                    await asyncio.sleep(0)
            worker.kill()
            await worker.wait()
        await pass_time(books, leases=True)
        async with open_worker(tmp_path, store, mail.port) as worker:
            worker.terminate()
            assert await worker.wait() == 0
        assert len(set(once)) == len(mail.deliveries) == count
