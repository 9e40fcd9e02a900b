"""A real relay over a database of its own and the real roster. Letters are read where a worker would claim them."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx2
import pytest

from boundaries.data import shipped
from relay.app import open_relay
from relay.assembly import open_outbox
from relay.letters import Letter
from relay.settings import Settings, load
from relay.web.services import Discretion
from tests.contract.delivery.scripted import Script, open_script
from tests.contract.web.night import Night, publish
from tests.contract.web.succession import Succession, open_succession
from tests.unit.relay.samples import campaign, manifest
from theme.manifest import Campaign, dump_manifest

RELAY: Final = "https://relay.example"
JSON: Final = {"Accept": "application/json"}
ANA: Final = {
    "first_name": "Ana",
    "last_name": "Silva",
    "email": "ana@mail.example",
    "street": "24 Beacon St",
    "city": "Boston",
    "zip": "02108",
}
CHELSEA: Final = ANA | {"street": "", "city": "Chelsea", "zip": "02150"}
GAP: Final = ANA | {"street": "Massachusetts Ave", "city": "Cambridge", "zip": "02139"}  # no number: four pairs


@dataclass
class Relay:
    """client: speaks to it as a visitor from `address`."""

    client: httpx2.AsyncClient
    settings: Settings

    async def post(self, fields: dict[str, str], slug: str = "open-libraries", **headers: str) -> httpx2.Response:
        """Send the form. headers: by name, with _ for -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(f"/campaigns/{slug}/letters", data=fields, headers=named)

    async def letters(self) -> list[Letter]:
        """What is queued but receipts, in the order of the recipients. Claimed letters are not given twice."""
        return [mail for mail in await self.mails() if mail.kind != "receipt"]

    async def mails(self) -> list[Letter]:
        """As `letters`, with the receipts."""
        outbox = await open_outbox(self.settings)
        try:
            claims = await outbox.claim("capture", datetime.now(UTC), timedelta(minutes=5), 100)
        finally:
            await outbox.close()
        return [claim.letter for claim in claims]

    def publish(self, *campaigns: Campaign) -> None:
        """Put another manifest in force."""
        self.publish_raw(dump_manifest(manifest(*campaigns)))

    def publish_raw(self, body: bytes) -> None:
        Path(self.settings.campaigns).write_bytes(body)


OpenRelay = Callable[..., Awaitable[Relay]]


@asynccontextmanager
async def running(
    folder: Path, *campaigns: Campaign, address: str, discretion: Discretion | None, raw: bytes
) -> AsyncIterator[Relay]:
    settings = replace(
        load({}),
        campaigns=str(folder / "campaigns.json"),
        database=folder / "beaconpost.db",
        relay_url=RELAY,
        secret_keys=(b"k" * 32,),
    )
    folder.joinpath("campaigns.json").write_bytes(raw or dump_manifest(manifest(*campaigns or (campaign(),))))
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(open_relay(settings, with_worker=False, discretion=discretion))
        transport = httpx2.ASGITransport(app, client=(address, 50000))
        client = httpx2.AsyncClient(transport=transport, base_url=RELAY)
        yield Relay(await stack.enter_async_context(client), settings)


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[OpenRelay]:
    """Start a relay with campaigns of the test's own, by default one that is open.

    address: whence the client comes. raw: the bytes of a manifest that is none.
    """
    async with AsyncExitStack() as stack:

        async def start(
            *campaigns: Campaign,
            address: str = "203.0.113.7",
            discretion: Discretion | None = None,
            raw: bytes = b"",
        ) -> Relay:
            relay = running(tmp_path, *campaigns, address=address, discretion=discretion, raw=raw)
            return await stack.enter_async_context(relay)

        yield start


@pytest.fixture
async def relay(start: OpenRelay) -> Relay:
    """A relay with one open campaign."""
    return await start()


@pytest.fixture(scope="session")
def term() -> Succession:
    """Whose seats change hands on 2027-01-06."""
    return open_succession()


@pytest.fixture
async def night(tmp_path: Path, store: str, term: Succession) -> AsyncIterator[Night]:
    """A relay that will live through it: with a roster of its own, on each store, and a mail server to talk to."""
    shutil.copytree(shipped("ma"), tmp_path / "states" / "ma")
    publish(tmp_path)
    async with open_script(Script()) as script:
        settings = replace(
            load({"BEACONPOST_DATABASE": store}), campaigns=str(tmp_path / "campaigns.json"),
            boundaries=tmp_path / "states", smtp=script.server, sender="letters@campaign.example", relay_url=RELAY,
            secret_keys=(b"k" * 32,),
        )  # fmt: skip
        yield Night(settings, script, term)
