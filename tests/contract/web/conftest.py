"""A real relay with its own database and the real roster. Letters are read where a worker would claim them."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from boundaries.data import shipped
from relay.assembly import open_outbox
from relay.letters import Letter
from relay.settings import Settings
from relay.web.services import Discretion
from tests.contract.delivery.scripted import Script, open_script
from tests.contract.web.client import open_client
from tests.contract.web.night import ORGANIZER, Night
from tests.contract.web.succession import Succession, open_succession
from tests.samples.campaigns import campaign, manifest, publish
from tests.samples.letters import SENDER
from tests.samples.settings import UNPACED, relay_settings, store_settings
from theme.manifest import Campaign, dump_manifest


@dataclass
class Relay:
    """A running relay."""

    client: httpx2.AsyncClient  # a visitor
    settings: Settings

    async def post(self, fields: dict[str, str], slug: str = "open-libraries", **headers: str) -> httpx2.Response:
        """Send the form. headers: by name, with _ instead of -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(f"/campaigns/{slug}/letters", data=fields, headers=named)

    async def letters(self) -> list[Letter]:
        """The queued letters but receipts, in the order of the recipients. None is returned twice."""
        return [mail for mail in await self.mails() if mail.kind != "receipt"]

    async def mails(self) -> list[Letter]:
        """Like `letters`, with the receipts."""
        outbox = await open_outbox(self.settings)
        try:
            claims = await outbox.claim("capture", datetime.now(UTC), timedelta(minutes=5), 100)
        finally:
            await outbox.close()
        return [claim.letter for claim in claims]

    def publish(self, *campaigns: Campaign) -> None:
        """Replace the manifest."""
        self.publish_raw(dump_manifest(manifest(*campaigns)))

    def publish_raw(self, body: bytes) -> None:
        Path(self.settings.campaigns).write_bytes(body)


OpenRelay = Callable[..., Awaitable[Relay]]


@asynccontextmanager
async def running(
    folder: Path, *campaigns: Campaign, address: str, discretion: Discretion | None, raw: bytes
) -> AsyncIterator[Relay]:
    settings = relay_settings(folder)
    folder.joinpath("campaigns.json").write_bytes(raw or dump_manifest(manifest(*campaigns)))
    async with open_client(settings, address=address, discretion=discretion) as client:
        yield Relay(client, settings)


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[OpenRelay]:
    """Start a relay with the given campaigns, by default one that is open.

    address: the client's. raw: the bytes of an invalid manifest.
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
    """The seats that change hands on 2027-01-06."""
    return open_succession()


@pytest.fixture
async def night(tmp_path: Path, store: str, term: Succession) -> AsyncIterator[Night]:
    """A relay for that night on each store, with its own roster and a mail server."""
    shutil.copytree(shipped("ma"), tmp_path / "states" / "ma")
    publish(tmp_path, campaign(organiser=ORGANIZER, confirm="never"))
    async with open_script(Script()) as script:
        settings = relay_settings(
            tmp_path, database=store_settings(store).database, boundaries=tmp_path / "states",
            smtp=script.server, sender=SENDER.address, unconfirmed_rate=UNPACED,
        )  # fmt: skip
        yield Night(settings, script, term)
