"""`POST /bounces`: who may call it, and how the letter's status changes."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx2
import pytest
from starlette.applications import Starlette

from relay.campaigns import Campaigns
from relay.forget_after import ForgetAfter
from relay.notifier import OrganizerNotifier
from relay.outbox.sqlite import SqliteOutbox, open_sqlite
from relay.returns import Returns
from relay.web.bounce_webhook import bounce_route
from tests.samples.bounce_texts import OTHERS
from tests.samples.bounces import ADDRESSES, TO, dsn
from tests.samples.letters import NOON, letters, submission
from tests.samples.settings import RELAY_URL, find_keys

pytestmark = pytest.mark.anyio
SECRET: Final = "s" * 32
KNOWN: Final = {"Authorization": f"Bearer {SECRET}", "Content-Type": "message/rfc822"}
POST: Final = submission()
BOUNCE: Final = f"X-Original-To: {TO}\r\n".encode() + dsn("failed", "5.1.1")


@pytest.fixture
async def outbox(tmp_path: Path) -> AsyncIterator[SqliteOutbox]:
    outbox = await open_sqlite(tmp_path / "outbox.db", find_keys)
    await outbox.accept(POST, letters(POST), None, "never")
    for claim in await outbox.claim("smtp", NOON, timedelta(minutes=5), 10):
        await outbox.settle(claim, "sent", NOON, None, "250 ok")
    yield outbox
    await outbox.close()


async def post(outbox: SqliteOutbox, body: bytes, headers: dict[str, str]) -> int:
    campaigns = Campaigns("none.json", lambda: 0.0, lambda _: "")
    notifier = OrganizerNotifier(campaigns, "operator@relay.example", "smtp", ForgetAfter(timedelta(days=7), campaigns))
    returns = Returns(outbox, ADDRESSES, notifier, lambda: NOON)
    app = Starlette(routes=[bounce_route(returns.take, SECRET)])
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=RELAY_URL) as client:
        return (await client.post("/bounces", content=body, headers=headers)).status_code


async def test_a_request_with_the_secret_reports_a_bounce(outbox: SqliteOutbox) -> None:
    assert await post(outbox, BOUNCE, KNOWN) == 200
    assert dict(await outbox.count_by_status()) == {"bounced": 1, "sent": 1}


async def test_a_persons_answer_is_forwarded(outbox: SqliteOutbox) -> None:
    assert await post(outbox, OTHERS["a person"].raw, KNOWN) == 200
    assert dict(await outbox.count_by_status()) == {"queued": 1, "sent": 2}


async def test_a_request_without_the_secret_changes_nothing(outbox: SqliteOutbox) -> None:
    assert await post(outbox, BOUNCE, KNOWN | {"Authorization": "Bearer guess"}) == 401
    assert await post(outbox, BOUNCE, KNOWN | {"Content-Type": "text/plain"}) == 415
    assert dict(await outbox.count_by_status()) == {"sent": 2}
