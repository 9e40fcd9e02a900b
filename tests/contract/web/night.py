"""A relay in the night of 2027-01-06: a clock the test sets, a real store and a real mail server."""

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import httpx2

from relay.assembly import open_outbox
from relay.outbox import LetterFilter, LetterLine
from relay.settings import Settings
from tests.contract.delivery.scripted import Script
from tests.contract.web.client import mailed_link, open_client, read_checks
from tests.contract.web.succession import Home, Succession
from tests.samples.settings import JSON

BOSTON: Final = ZoneInfo("America/New_York")
MIDNIGHT: Final = datetime(2027, 1, 6, 0, 0, tzinfo=BOSTON)
MINUTE: Final = timedelta(minutes=1)
LATER: Final = "451 4.7.1 try again later"
ORGANIZER: Final = "organizer@campaign.example"
LETTER: Final = "Dear [Legislator],\n\nWhat {old} said pleased me.\n\n[First Name] [Last Name]"


@dataclass
class Night:
    """A relay that is stopped and restarted on one store while the clock moves."""

    settings: Settings
    script: Script
    term: Succession
    clock: datetime = MIDNIGHT
    client: httpx2.AsyncClient = field(init=False)
    posted: int = 0

    @asynccontextmanager
    async def running(self, at: datetime, *, sending: bool = True) -> AsyncIterator[None]:
        self.clock = at
        async with open_client(self.settings, with_worker=sending, clock=lambda: self.clock) as self.client:
            yield

    async def post(self, home: Home, slug: str = "open-libraries") -> str:
        """Let somebody who lives there write; return the URL of their receipt."""
        self.posted += 1
        message = LETTER.format(old=f"Representative {home.representative.family_name}")
        fields = home.writer(self.posted) | {"message": message}
        response = await self.client.post(f"/campaigns/{slug}/letters", data=fields, headers=JSON)
        assert response.status_code == 202, response.text
        return str(response.json()["receipt"])

    async def page(self, receipt: str) -> str:
        """The page behind the mailed link, which shows what became of the letters."""
        return (await self.client.get(mailed_link(receipt))).text

    async def checks(self) -> dict[str, str]:
        return await read_checks(self.client)

    async def until_settled(self, **wanted: int) -> None:
        """Wait until these are the statuses of all mail, including that to writers and organizers."""
        outbox = await open_outbox(self.settings)
        async with asyncio.timeout(60):
            while dict(await outbox.count_by_status()) != wanted:
                await self.client.get("/healthz")
        await outbox.close()

    async def lines(self, **query: str) -> list[LetterLine]:
        outbox = await open_outbox(self.settings)
        try:
            return await outbox.list_letters(LetterFilter(**query), 999)  # type: ignore[arg-type]
        finally:
            await outbox.close()

    def arrived(self) -> dict[str, list[str]]:
        """What every address got since the last call."""
        texts: dict[str, list[str]] = {}
        for recipient, content in self.script.arrived:
            message = email.message_from_bytes(content, policy=email.policy.default)
            text = message.get_content().replace("\r\n", "\n")
            texts.setdefault(recipient, []).append(f"{message['To']}\n{text}")
        self.script.arrived.clear()
        return texts

    def offices(self) -> dict[str, list[str]]:
        """Like `arrived`, without the mail to writers."""
        return {to: texts for to, texts in self.arrived().items() if not to.endswith("mail.example")}

    def update(self) -> str:
        """Install the newer roster; return the output."""
        output: list[str] = []
        assert self.settings.boundaries
        self.term.update(self.settings.boundaries / "ma", output.append)
        return "\n".join(output)
