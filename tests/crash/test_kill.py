"""Once accepted, never lost: the real relay is killed with SIGKILL and restarted."""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from relay.assembly import open_outbox
from relay.mail.message import compose
from relay.mail.smtp import SmtpTransport
from relay.worker import Worker
from tests.contract.delivery.peers import Peer, open_peer
from tests.crash.processes import open_relay, open_worker
from tests.samples.letters import SENDER
from tests.samples.settings import BROWSER, store_settings

pytestmark = pytest.mark.anyio

MAILS = 3  # per post: a letter to each office, and the receipt
WRITER = re.compile(rb"^(?:Reply-To|To): (ana\d+@mail\.example)", re.MULTILINE)


@dataclass
class Watched(Peer):
    """A mail server a test can wait for: `wait_for` for letters, `reached` for a letter on which it stalls."""

    stalls: bool = False
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.stalls:
            self.reached.set()
            await asyncio.Event().wait()
        reply = await super().handle_DATA(server, session, envelope)
        async with self.changed:
            self.changed.notify_all()
        return reply

    async def wait_for(self, count: int) -> None:
        """Wait until `count` letters have arrived."""
        async with self.changed, asyncio.timeout(60):
            await self.changed.wait_for(lambda: len(self.got) >= count)

    def writers(self) -> Counter[str]:
        """How many mails each writer's post led to. Letters to offices name the writer, and so does the receipt."""
        matches = (WRITER.search(envelope.original_content or b"") for envelope in self.got)
        return Counter(match[1].decode() for match in matches if match)


async def test_a_letter_accepted_before_a_kill_is_delivered_after_the_restart(tmp_path: Path, store: str) -> None:
    async with open_peer(peer=Watched()) as peer, httpx2.AsyncClient(headers=BROWSER) as client:
        assert isinstance(peer, Watched)
        async with open_relay(tmp_path, store, peer.port, "--no-worker") as relay:
            assert await relay.post(client, 1)
            await relay.kill()
        assert peer.got == []
        async with open_relay(tmp_path, store, peer.port) as relay:
            await peer.wait_for(MAILS)
        assert peer.writers() == {"ana1@mail.example": MAILS}
        assert len(set(peer.ids())) == MAILS


async def test_everything_accepted_under_load_survives_a_kill(tmp_path: Path, store: str) -> None:
    async with (
        open_peer(peer=Watched()) as peer,
        httpx2.AsyncClient(headers=BROWSER, limits=httpx2.Limits(max_connections=20)) as client,
    ):
        assert isinstance(peer, Watched)
        async with open_relay(tmp_path, store, peer.port, "--no-worker") as relay:
            posts = [asyncio.create_task(relay.post(client, person)) for person in range(300)]
            for done in asyncio.as_completed(posts):
                if await done == "ana40@mail.example":
                    break
            await relay.kill()
            accepted = {email for email in await asyncio.gather(*posts) if email}
        assert accepted
        async with open_relay(tmp_path, store, peer.port) as relay:
            await peer.wait_for(MAILS * len(accepted))
        delivered = peer.writers()
        assert all(delivered[email] == MAILS for email in accepted)
        assert max(delivered.values()) == MAILS


async def test_a_killed_workers_letter_is_sent_when_its_lease_ends(tmp_path: Path, store: str) -> None:
    async with open_peer(peer=Watched(stalls=True)) as peer, httpx2.AsyncClient(headers=BROWSER) as client:
        assert isinstance(peer, Watched)
        async with open_relay(tmp_path, store, peer.port) as relay:
            assert await relay.post(client, 1)
            await peer.reached.wait()
            await relay.kill()
        peer.stalls = False
        peer.drop_everybody()
        outbox = await open_outbox(store_settings(store))
        transport = SmtpTransport(peer.server())

        def later() -> datetime:
            return datetime.now(UTC) + timedelta(minutes=6)

        worker = Worker(
            outbox,
            transport,
            compose=lambda letter: compose(letter, SENDER, later()),
            envelope_sender=lambda _: SENDER.address,
            now=later,
            jitter=lambda: 0.0,
        )
        running = asyncio.create_task(worker.run())
        await peer.wait_for(MAILS)
        worker.stop()
        await running
        assert peer.writers() == {"ana1@mail.example": MAILS}
        assert await outbox.count_by_status() == {"sent": MAILS}
        await transport.close()
        await outbox.close()


async def test_a_stopped_relay_exits_by_itself_and_keeps_queued_letters(tmp_path: Path, store: str) -> None:
    async with open_peer(peer=Watched()) as peer, httpx2.AsyncClient(headers=BROWSER) as client:
        assert isinstance(peer, Watched)
        async with open_relay(tmp_path, store, peer.port, "--no-worker") as relay:
            assert await relay.post(client, 1)
            relay.process.terminate()
            assert await relay.process.wait() == 0
        async with open_relay(tmp_path, store, peer.port):
            await peer.wait_for(MAILS)


async def test_a_separate_worker_sends_what_a_relay_without_one_accepted(tmp_path: Path, store: str) -> None:
    async with open_peer(peer=Watched()) as peer, httpx2.AsyncClient(headers=BROWSER) as client:
        assert isinstance(peer, Watched)
        async with open_relay(tmp_path, store, peer.port, "--no-worker") as relay:
            assert await relay.post(client, 1)
            async with open_worker(tmp_path, store, peer.port) as worker:
                await peer.wait_for(MAILS)
                worker.terminate()
                assert await worker.wait() == 0
