"""Every store keeps the same promises: each of these tests runs on both."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from relay.assembly import open_outbox
from relay.outbox import Claim, Outbox, Throttle
from relay.outbox.throttle import UNTHROTTLED
from tests.samples.letters import NOON, letters, submission
from tests.samples.settings import store_settings

LEASE = timedelta(minutes=5)
SENATE, HOUSE = "masenate.example", "mahouse.example"  # the domains of the sample letters


@pytest.fixture
async def outbox(store: str) -> AsyncIterator[Outbox]:
    opened = await open_outbox(store_settings(store))
    yield opened
    await opened.close()


async def fill(outbox: Outbox, count: int, first: int = 1) -> None:
    """Let `count` people write to their two legislators, one in each of SENATE and HOUSE."""
    for number in range(first, first + count):
        post = submission(number, at=NOON + timedelta(milliseconds=number))
        await outbox.accept(post, letters(post), None, "never")


async def take(outbox: Outbox, at: datetime, limit: int = 1_000, throttle: Throttle = UNTHROTTLED) -> list[Claim]:
    return await outbox.claim("smtp", at, LEASE, limit, throttle)


async def take_house(outbox: Outbox, at: datetime, limit: int = 100) -> list[Claim]:
    """Claim what goes to the house. Anything else that is due is delivered."""
    claims = await take(outbox, at, limit)
    for claim in claims:
        if not claim.letter.to_email.endswith(HOUSE):
            await outbox.settle(claim, "sent", at, None, "250 ok")
    return [claim for claim in claims if claim.letter.to_email.endswith(HOUSE)]


def domains(claims: list[Claim]) -> Counter[str]:
    """How many letters go to each domain."""
    return Counter(claim.letter.to_email.partition("@")[2] for claim in claims)
