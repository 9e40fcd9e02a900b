"""A visitor of a relay that runs in this process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from relay.app import open_relay
from relay.settings import Settings
from tests.samples.settings import RELAY_URL


@asynccontextmanager
async def open_client(
    settings: Settings,
    *,
    address: str = "203.0.113.7",
    **options: Any,  # noqa: ANN401
) -> AsyncIterator[httpx2.AsyncClient]:
    """Start a relay and visit it from `address`. options: open_relay's; without them no worker runs."""
    async with open_relay(settings, **{"with_worker": False} | options) as app:
        transport = httpx2.ASGITransport(app, client=(address, 50000))
        async with httpx2.AsyncClient(transport=transport, base_url=RELAY_URL) as client:
            yield client
