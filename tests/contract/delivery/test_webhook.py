"""An organization's own program hears of its list, and of trouble: signed, again until it answers, each event once."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from relay.assembly import open_outbox
from relay.letters.events import write_event
from relay.mail.outcome import Refused, Sent, TryLater
from relay.mail.webhook import WebhookTransport, sign_event
from relay.outbox import LetterFilter
from relay.settings import Settings
from tests.contract.web.client import mailed_link, open_client
from tests.samples.campaigns import campaign, publish
from tests.samples.people import IN_CHELSEA
from tests.samples.settings import relay_settings, store_settings
from tests.samples.webhook_receiver import SECRET, Receiver, is_genuine, open_receiver

pytestmark = pytest.mark.anyio
KEY = b64decode(SECRET.removeprefix("whsec_"))
ANA = {"first_name": "Ana", "last_name": "Silva", "email": "ana@mail.example", "join_list": "1", **IN_CHELSEA}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with open_receiver() as opened:
        yield opened


@pytest.fixture
def settings(tmp_path: Path, store: str, receiver: Receiver) -> Settings:
    publish(tmp_path, campaign(organiser="lead@organizers.example"))
    database = store_settings(store).database
    return relay_settings(tmp_path, database=database, webhook_url=receiver.url, webhook_secret=KEY)


@pytest.fixture
async def visitor(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    async with open_client(settings, with_worker=True) as client:
        yield client


async def next_event(receiver: Receiver) -> None:
    assert await asyncio.to_thread(receiver.arrived.wait, 30)
    receiver.arrived.clear()


def test_a_signature_is_the_one_that_the_specification_gives() -> None:
    """Its example."""
    event_id, at, body = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    headers = dict(sign_event(KEY, event_id, datetime.fromtimestamp(at, UTC), body))
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert is_genuine(headers, body, now=at)
    assert not is_genuine(headers, body + b" ", now=at)
    assert not is_genuine(headers, body, now=at + 301)
    assert not is_genuine(headers | {"webhook-id": "another"}, body, now=at)


async def test_a_yes_is_told_and_a_no_after_it_too(visitor: httpx2.AsyncClient, receiver: Receiver) -> None:
    posted = await visitor.post("/campaigns/open-libraries/letters", data=ANA)
    link = mailed_link(posted.headers["location"])
    assert receiver.asked == 0
    await visitor.post(link, data={"action": "join"})
    await next_event(receiver)
    (event,) = receiver.events
    assert event["type"] == "member.joined"
    consented = event["data"].pop("consented_at")
    assert datetime.fromisoformat(consented).tzinfo
    member = event["data"].pop("id")
    assert event["data"] == {
        "campaign": "open-libraries", "email": "ana@mail.example", "first_name": "Ana", "last_name": "Silva",
        "town": "Chelsea", "state": "MA", "language": "en", "words": "Send me news of the libraries",
    }  # fmt: skip
    await visitor.post(link, data={"action": "leave"})
    await next_event(receiver)
    assert receiver.events[-1] == receiver.events[-1] | {
        "type": "member.left",
        "data": {"id": member, "campaign": "open-libraries"},
    }
    assert receiver.people == {}


async def test_who_was_told_by_the_webhook_is_not_kept(
    visitor: httpx2.AsyncClient, receiver: Receiver, settings: Settings
) -> None:
    posted = await visitor.post("/campaigns/open-libraries/letters", data=ANA)
    await visitor.post(mailed_link(posted.headers["location"]), data={"action": "join"})
    await next_event(receiver)
    outbox = await open_outbox(settings)
    async with asyncio.timeout(30):  # until the answer is recorded
        while await outbox.count_members("open-libraries") != {"exported": 1}:
            pass
    assert await outbox.list_members("open-libraries") == []
    await outbox.close()


@pytest.mark.parametrize("status", [500, 404, 302])
async def test_what_is_not_taken_comes_again(receiver: Receiver, status: int) -> None:
    """With the same id, and signed anew."""
    receiver.answers = [status]
    transport = WebhookTransport(receiver.url, KEY, lambda: datetime.now(UTC))
    assert isinstance(await transport.deliver(b"{}", "a1", ""), TryLater)
    assert receiver.asked == 1  # a redirect is not followed
    event = b'{"type": "member.left", "data": {"id": "m"}}'
    for _ in range(2):
        assert isinstance(await transport.deliver(event, "a1", ""), Sent)
    assert len(receiver.events) == 1


async def test_a_receiver_that_is_gone_for_good_ends_it(receiver: Receiver) -> None:
    receiver.answers = [410]
    transport = WebhookTransport(receiver.url, KEY, lambda: datetime.now(UTC))
    assert isinstance(await transport.deliver(b"{}", "a1", ""), Refused)


async def test_a_dead_receiver_loses_no_event(settings: Settings, receiver: Receiver) -> None:
    """The outbox keeps it, as it keeps letters, and says so."""
    nobody = replace(settings, webhook_url="http://127.0.0.1:1/events")
    outbox = await open_outbox(settings)
    now = datetime.now(UTC)
    event = write_event("member.left", "m", now, {"id": "m"}, "127.0.0.1", campaign="open-libraries", about="m")
    await outbox.enqueue(event, now, [])
    async with open_client(nobody, with_worker=True):
        async with asyncio.timeout(30):
            while not (attempts := await outbox.list_attempts(event.id)) or not attempts[-1].outcome:
                pass
    assert attempts[-1].outcome == "queued"
    await outbox.retry(LetterFilter(status="queued"), now)
    async with open_client(settings, with_worker=True):
        await next_event(receiver)
    await outbox.close()
    assert [event["type"] for event in receiver.events] == ["member.left"]


async def test_a_stop_is_told(visitor: httpx2.AsyncClient, receiver: Receiver, settings: Settings) -> None:
    outbox = await open_outbox(settings)
    await outbox.pause("campaign", "open-libraries", "we check something", datetime.now(UTC))
    await outbox.close()
    posted = await visitor.post("/campaigns/open-libraries/letters", data=ANA)
    await visitor.post(mailed_link(posted.headers["location"]), data={"action": "leave"})  # something changes
    await next_event(receiver)
    assert [event["type"] for event in receiver.events] == ["campaign.paused"]
    assert receiver.events[0]["data"] == {
        "campaign": "open-libraries",
        "cause": "operator",
        "reason": "we check something",
    }
