"""Every store keeps the same promises: each of these tests runs on all of them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import pytest

from relay.outbox import Claim, Outbox, Pace
from relay.outbox.pacing import FREELY
from relay.outbox.postgres import open_postgres
from relay.outbox.sqlite import open_sqlite
from tests.postgres import fresh_database
from tests.unit.delivery.letters import NOON, letters, submission

LEASE = timedelta(minutes=5)
Claiming: TypeAlias = Callable[..., Awaitable[list[Claim]]]


@pytest.fixture(params=["sqlite", "postgresql"])
async def outbox(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Outbox]:
    async with AsyncExitStack() as stack:
        opened: Outbox
        if request.param == "sqlite":
            opened = await open_sqlite(tmp_path / "outbox.db")
        else:
            url = await stack.enter_async_context(fresh_database(request.getfixturevalue("postgres")))
            opened = await open_postgres(url)
        stack.push_async_callback(opened.close)
        yield opened


async def fill(outbox: Outbox, count: int, first: int = 1) -> None:
    """`count` people write to their two legislators: one at masenate.example, one at mahouse.example."""
    for number in range(first, first + count):
        post = submission(number, at=NOON + timedelta(milliseconds=number))
        await outbox.accept(post, letters(post), None, "never")


async def take(outbox: Outbox, at: datetime, limit: int = 1_000, pace: Pace = FREELY) -> list[Claim]:
    return await outbox.claim("smtp", at, LEASE, limit, pace)


def domains(claims: list[Claim]) -> dict[str, int]:
    """How many letters go to each domain."""
    found: dict[str, int] = {}
    for claim in claims:
        domain = claim.letter.to_email.partition("@")[2]
        found[domain] = found.get(domain, 0) + 1
    return found
