"""From the outbox to a real mail server: an accepted letter arrives, or fails where people can see it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from relay.assembly import open_outbox
from relay.letters import Letter
from relay.mail.file_transport import FileTransport
from relay.mail.message import compose
from relay.mail.outcome import Outcome
from relay.mail.smtp import SmtpTransport
from relay.mail.transport import Transport
from relay.outbox import LetterFilter, Outbox, Pause, Queue
from relay.outbox.retry_schedule import BOUNCES_WITHIN, FIRST_TRIAL
from relay.settings import SmtpServer
from relay.worker import Worker
from tests.contract.delivery.peers import Peer, open_peer
from tests.samples.letters import NOON, SENDER, letters, submission
from tests.samples.settings import store_settings

pytestmark = pytest.mark.anyio


class Clock:
    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        return self.time


@pytest.fixture
async def outbox(store: str) -> AsyncIterator[Outbox]:
    outbox = await open_outbox(store_settings(store))
    yield outbox
    await outbox.close()


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with open_peer() as peer:
        yield peer


async def accept(outbox: Outbox, numbers: Sequence[int] = (1,), transport: str = "smtp") -> None:
    posts = [submission(number) for number in numbers]
    await asyncio.gather(*(outbox.accept(post, letters(post, transport), None, "suspicious") for post in posts))


async def eventually(reached: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that has no event. Nothing is asserted about how long it takes."""
    async with asyncio.timeout(30):
        while not await reached():  # noqa: ASYNC110
            await asyncio.sleep(0.002)


async def until(outbox: Outbox, **wanted: int) -> None:
    """Wait until these are the statuses in the outbox."""

    async def reached() -> bool:
        return await outbox.count_by_status() == wanted

    await eventually(reached)


async def until_deferred(outbox: Outbox, due: datetime) -> None:
    """Wait until every letter of the first post is due again at `due`."""

    async def reached() -> bool:
        receipt = await outbox.receipt("receipt-1")
        assert receipt
        return all(letter.due == due for letter in receipt.letters)

    await eventually(reached)


async def until_tried(outbox: Outbox, failed_trials: int) -> None:
    """Wait until every suppressed address was tried that often."""

    async def reached() -> bool:
        return {suppression.failed_trials for suppression in await outbox.suppressions()} == {failed_trials}

    await eventually(reached)


@asynccontextmanager
async def working(
    outbox: Outbox, transport: Transport, clock: Clock, notifier: "Recorder | None" = None
) -> AsyncIterator[Worker]:
    def write(letter: Letter) -> bytes:
        return compose(letter, SENDER, clock.now())

    worker = Worker(
        outbox, transport, write, lambda _: SENDER.address, clock.now, jitter=lambda: 0.0, notifier=notifier
    )
    running = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        await running
        await transport.close()


async def test_every_accepted_letter_arrives_once_over_few_connections(outbox: Outbox, peer: Peer) -> None:
    await accept(outbox, range(1, 51))
    async with working(outbox, SmtpTransport(peer.server()), Clock()):
        await until(outbox, sent=100)
    assert len(set(peer.ids())) == len(peer.got) == 100
    assert all(len(envelope.rcpt_tos) == 1 for envelope in peer.got)
    assert peer.sessions <= 4


async def test_a_letter_posted_while_the_worker_sleeps_is_sent_when_it_is_woken(outbox: Outbox, peer: Peer) -> None:
    async with working(outbox, SmtpTransport(peer.server()), Clock()) as worker:
        await accept(outbox)
        worker.wake()
        await until(outbox, sent=2)


async def test_a_deferred_letter_is_retried_with_the_same_message_id(outbox: Outbox, peer: Peer) -> None:
    clock = Clock()
    await accept(outbox)
    peer.at_data = "451 4.3.0 try again"
    async with working(outbox, SmtpTransport(peer.server()), clock) as worker:
        await until_deferred(outbox, NOON + timedelta(minutes=5))
        assert peer.tries == 2
        peer.at_data = None
        clock.time += timedelta(minutes=5)
        worker.wake()
        await until(outbox, sent=2)
    assert sorted(peer.ids()) == sorted(
        f"Message-ID: <{letter.id}@campaign.example>" for letter in letters(submission(1))
    )


async def test_a_permanently_refused_letter_fails_at_once(outbox: Outbox, peer: Peer) -> None:
    await accept(outbox)
    peer.at_rcpt = "550 5.1.1 no such user"
    async with working(outbox, SmtpTransport(peer.server()), Clock()):
        await until(outbox, failed=2)
    assert await outbox.next_due("smtp") is None


async def test_an_office_that_exists_again_gets_its_letters_after_one_got_through(outbox: Outbox, peer: Peer) -> None:
    clock = Clock()
    await accept(outbox, (1,))
    peer.at_rcpt = "550 5.1.1 no such user"
    async with working(outbox, SmtpTransport(peer.server()), clock) as worker:
        await until(outbox, failed=2)
        await accept(outbox, (2,))
        worker.wake()
        await until(outbox, failed=2, held=2)
        clock.time += FIRST_TRIAL
        worker.wake()
        await until_tried(outbox, failed_trials=1)
        assert await outbox.count_by_status() == {"failed": 2, "held": 2}
        peer.at_rcpt = None
        clock.time += 2 * FIRST_TRIAL
        worker.wake()
        await until(outbox, failed=2, sent=2)
        await accept(outbox, (3,))
        worker.wake()
        await until(outbox, failed=2, sent=2, held=2)
        clock.time += BOUNCES_WITHIN
        worker.wake()
        await until(outbox, failed=2, sent=4)
    assert await outbox.suppressions() == []


class Provider(Peer):
    """Accepts 150 letters to the house, then blocks every letter until it relents."""

    def __init__(self) -> None:
        super().__init__()
        self.relents = False
        self.refused = asyncio.Event()

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        to_house = [envelope for envelope in self.got if envelope.rcpt_tos[0].endswith("@mahouse.example")]
        if address.endswith("@mahouse.example") and len(to_house) >= 150 and not self.relents:
            self.refused.set()
            return "550 5.7.1 blocked: too many letters from your network"
        return await super().handle_RCPT(server, session, envelope, address, options)


class Recorder:
    """Records what organizers would be told."""

    def __init__(self) -> None:
        self.pauses: list[Pause] = []

    async def announce(self, outbox: Queue, now: datetime) -> None:  # noqa: ARG002
        self.pauses += await outbox.unreported_pauses()


async def test_a_provider_that_blocks_us_after_some_of_500_letters_and_relents_loses_none(outbox: Outbox) -> None:
    clock, recorder = Clock(), Recorder()
    await accept(outbox, range(1, 251))
    async with (
        open_peer(peer=Provider()) as provider,
        working(outbox, SmtpTransport(provider.server()), clock, recorder) as worker,
    ):
        assert isinstance(provider, Provider)

        async def blocked() -> bool:
            states = await outbox.count_by_status()
            return "sending" not in states and bool(await outbox.pauses())

        await eventually(blocked)
        assert (await outbox.count_by_status()).get("failed", 0) == 0
        for _ in range(3):  # the probe is refused, and nothing else is sent
            clock.time = (await outbox.pauses())[0].until or clock.time
            provider.refused.clear()
            worker.wake()
            await provider.refused.wait()
            await eventually(blocked)
        provider.relents = True
        clock.time += timedelta(hours=12)
        worker.wake()
        await until(outbox, sent=500)
    assert len(set(provider.ids())) == len(provider.got) == 500
    assert [(pause.scope, pause.name) for pause in recorder.pauses] == [("domain", "mahouse.example")]
    assert await outbox.pauses() == []


async def test_a_server_that_stays_down_fails_letters_after_five_days_and_not_before(outbox: Outbox) -> None:
    async with open_peer() as gone:
        server = gone.server()
    clock = Clock()
    await accept(outbox)
    tries: list[datetime] = []
    async with working(outbox, SmtpTransport(server), clock) as worker:

        async def over() -> bool:
            due = await outbox.next_due("smtp")
            if due and due > clock.time and "sending" not in await outbox.count_by_status():
                clock.time = due
                tries.append(due)
                worker.wake()
            return due is None

        await eventually(over)
        await until(outbox, failed=2)
    assert timedelta(days=4) < tries[-1] - NOON <= timedelta(days=5)


async def test_a_letter_with_an_invalid_address_fails_and_the_other_is_sent(outbox: Outbox, peer: Peer) -> None:
    post = submission(1)
    good, bad = letters(post)
    await outbox.accept(post, [good, replace(bad, to_email="a@x\r\nRCPT TO:<b@x>")], None, "suspicious")
    async with working(outbox, SmtpTransport(peer.server()), Clock()):
        await until(outbox, sent=1, failed=1)
    assert len(peer.got) == 1


async def test_a_captured_letter_is_never_sent_by_another_transport(outbox: Outbox, peer: Peer, tmp_path: Path) -> None:
    await accept(outbox, [1], "capture")
    await accept(outbox, [2], "smtp")
    async with working(outbox, SmtpTransport(peer.server()), Clock()):
        await until(outbox, sent=2, queued=2)
    assert {envelope.mail_from for envelope in peer.got} == {SENDER.address}
    assert len(peer.got) == 2
    async with working(outbox, FileTransport(tmp_path / "mail"), Clock()):
        await until(outbox, sent=4)
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 2


class Broken:
    """A transport with an unexpected error that quotes the letter."""

    name = "smtp"

    async def deliver(self, message: bytes, envelope_sender: str, recipient: str) -> Outcome:
        raise KeyError(envelope_sender, recipient, message.decode())

    async def close(self) -> None:
        return


async def test_an_unexpected_error_is_logged_without_the_letter(
    outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    await accept(outbox)

    async def logged() -> bool:
        return caplog.text.count("a delivery crashed") == 2

    async with working(outbox, Broken(), Clock()):
        await eventually(logged)
    assert "KeyError" in caplog.text
    assert "test_worker.py" in caplog.text
    assert not any(word in caplog.text for word in ("Firstname1", "example.org", "masenate"))
    assert await outbox.count_by_status() == {"sending": 2}  # they can be claimed again when the lease ends


async def test_two_workers_share_the_letters_and_send_none_twice(outbox: Outbox, peer: Peer) -> None:
    await accept(outbox, range(1, 101))
    first, second = SmtpTransport(peer.server()), SmtpTransport(peer.server())
    async with working(outbox, first, Clock()), working(outbox, second, Clock()):
        await until(outbox, sent=200)
    assert len(set(peer.ids())) == len(peer.got) == 200


async def test_stopping_finishes_claimed_letters_and_claims_no_more(outbox: Outbox, peer: Peer) -> None:
    await accept(outbox, range(1, 51))
    async with working(outbox, SmtpTransport(peer.server()), Clock()) as worker:

        async def started() -> bool:
            return bool(peer.got)

        await eventually(started)
        worker.stop()
    states = await outbox.count_by_status()
    assert set(states) == {"sent", "queued"}
    assert states["sent"] == len(peer.got)


async def test_a_letter_whose_worker_died_is_sent_after_its_lease(outbox: Outbox, peer: Peer) -> None:
    clock = Clock()
    await accept(outbox)
    await outbox.claim("smtp", clock.now(), timedelta(minutes=5), 2)  # and then the power failed
    async with working(outbox, SmtpTransport(peer.server()), clock) as worker:
        assert await outbox.count_by_status() == {"sending": 2}
        clock.time += timedelta(minutes=5)
        worker.wake()
        await until(outbox, sent=2)


@dataclass
class Slow(Peer):
    """Accepts no letter before `go_on`."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.reached.set()
        await self.go_on.wait()
        return await super().handle_DATA(server, session, envelope)


async def test_a_clock_that_jumps_past_the_lease_sends_nothing_twice(outbox: Outbox) -> None:
    clock = Clock()
    await accept(outbox)
    async with open_peer(peer=Slow()) as peer, working(outbox, SmtpTransport(peer.server()), clock) as worker:
        assert isinstance(peer, Slow)
        await peer.reached.wait()
        clock.time += timedelta(hours=3)
        worker.wake()

        async def claimed_again() -> bool:
            return len(await outbox.list_attempts(letters(submission(1))[0].id)) == 2

        await eventually(claimed_again)
        peer.go_on.set()
        await until(outbox, sent=2)
    assert len(set(peer.ids())) == len(peer.got) == 2


class Lingering:
    """An outbox that has stored an outcome a while before it says so."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self.go_on = asyncio.Event()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._outbox, name)

    async def settle(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
        await self._outbox.settle(*arguments, **options)
        await self.go_on.wait()


async def test_a_letter_that_is_retried_as_soon_as_its_outcome_is_stored_is_not_forgotten(
    outbox: Outbox, peer: Peer
) -> None:
    clock, slow = Clock(), Lingering(outbox)
    await accept(outbox)
    peer.at_rcpt = "451 4.7.1 later"
    async with working(cast("Outbox", slow), SmtpTransport(peer.server()), clock) as worker:
        await until_deferred(outbox, NOON + timedelta(minutes=5))
        peer.at_rcpt = None
        clock.time += timedelta(minutes=1)
        await outbox.retry(LetterFilter(status="queued"), clock.now())
        worker.wake()
        await until(outbox, sending=2)
        slow.go_on.set()
        await until(outbox, sent=2)
    assert len(set(peer.ids())) == len(peer.got) == 2


async def test_a_clock_that_is_set_back_delays_letters_and_loses_none(outbox: Outbox, peer: Peer) -> None:
    clock = Clock()
    await accept(outbox)
    clock.time -= timedelta(days=1)
    async with working(outbox, SmtpTransport(peer.server()), clock) as worker:
        late = submission(2, at=clock.time)
        await outbox.accept(late, letters(late), None, "never")
        worker.wake()
        await until(outbox, sent=2, queued=2)
        clock.time = NOON
        worker.wake()
        await until(outbox, sent=4)
    assert len(set(peer.ids())) == len(peer.got) == 4


async def test_letters_wait_while_the_mail_servers_name_does_not_resolve(outbox: Outbox, peer: Peer) -> None:
    await accept(outbox)
    clock = Clock()
    lost = SmtpServer("nowhere.invalid", peer.port, "", "", "none")
    async with working(outbox, SmtpTransport(lost), clock):
        await until_deferred(outbox, NOON + timedelta(minutes=5))
    (attempt,) = await outbox.list_attempts(letters(submission(1))[0].id)
    assert attempt.outcome == "queued"
    assert "no answer from the mail server" in attempt.answer
    clock.time += timedelta(minutes=5)
    async with working(outbox, SmtpTransport(peer.server()), clock):
        await until(outbox, sent=2)
