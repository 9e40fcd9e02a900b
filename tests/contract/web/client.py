"""A visitor of a relay that runs in this process, who can also read the mail to a writer."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx2

from relay.app import open_relay
from relay.settings import Settings
from tests.samples.settings import BROWSER, OPERATOR, RELAY_URL

_DRAWN: Final[list[str]] = []  # by all relays of this test run, in order


def draw_token() -> str:
    _DRAWN.append(secrets.token_urlsafe(24))
    return _DRAWN[-1]


def mailed_link(receipt: str) -> str:
    """The path that the mail to the writer links to. receipt: the URL or path given to the browser."""
    return f"/letters/confirm/{_DRAWN[_DRAWN.index(receipt.rpartition('/')[2]) + 1]}"


@asynccontextmanager
async def open_client(
    settings: Settings,
    *,
    address: str = "203.0.113.7",
    **options: Any,  # noqa: ANN401
) -> AsyncIterator[httpx2.AsyncClient]:
    """Start a relay and visit it from `address`. options: open_relay's; without them no worker runs."""
    defaults: dict[str, Any] = {"with_worker": False, "token": draw_token}
    async with open_relay(settings, **defaults | options) as app:
        transport = httpx2.ASGITransport(app, client=(address, 50000))
        async with httpx2.AsyncClient(transport=transport, base_url=RELAY_URL, headers=BROWSER) as client:
            yield client


async def read_checks(client: httpx2.AsyncClient) -> dict[str, str]:
    """The checks of `/readyz`, as the operator sees them."""
    checks: dict[str, str] = (await client.get("/readyz", headers=OPERATOR)).json()["checks"]
    return checks
