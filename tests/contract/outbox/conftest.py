"""Every store keeps the same promises: each of these tests runs on all of them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeAlias

import pytest

from relay.assembly import open_outbox
from relay.outbox import Claim, Outbox, Throttle
from relay.outbox.throttle import UNTHROTTLED
from relay.settings import load
from tests.samples.letters import NOON, letters, submission

LEASE = timedelta(minutes=5)
Claiming: TypeAlias = Callable[..., Awaitable[list[Claim]]]


@pytest.fixture
async def outbox(store: str) -> AsyncIterator[Outbox]:
    opened = await open_outbox(load({"BEACONPOST_DATABASE": store}))
    yield opened
    await opened.close()


async def fill(outbox: Outbox, count: int, first: int = 1) -> None:
    """`count` people write to their two legislators: one at masenate.example, one at mahouse.example."""
    for number in range(first, first + count):
        post = submission(number, at=NOON + timedelta(milliseconds=number))
        await outbox.accept(post, letters(post), None, "never")


async def take(outbox: Outbox, at: datetime, limit: int = 1_000, throttle: Throttle = UNTHROTTLED) -> list[Claim]:
    return await outbox.claim("smtp", at, LEASE, limit, throttle)


def domains(claims: list[Claim]) -> dict[str, int]:
    """How many letters go to each domain."""
    found: dict[str, int] = {}
    for claim in claims:
        domain = claim.letter.to_email.partition("@")[2]
        found[domain] = found.get(domain, 0) + 1
    return found
