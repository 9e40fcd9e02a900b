"""The organizer hears of an attack once, and has one button: stop the campaign's letters, or go on."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from relay.app import open_relay
from relay.assembly import open_outbox
from relay.keys.signing import Keys
from relay.outbox import LetterFilter, LetterLine
from relay.settings import Settings
from relay.web.report_page import sign_link
from tests.contract.delivery.peers import open_peer
from tests.contract.web.walk import Mailroom
from tests.samples.campaigns import campaign, publish
from tests.samples.people import form_of
from tests.samples.settings import BROWSER, RELAY_URL, SECRET_KEY, UNPACED, relay_settings, store_settings

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 12, 1, 17, tzinfo=UTC)
ORGANIZER = "lead@organizers.example"
CAMPAIGNS = (campaign(organiser=ORGANIZER), campaign(slug="another"))
STOP, GO_ON = "Stop this campaign’s letters", "Go on"
ATTACK = 45  # posts: the first ten may be a family


@dataclass
class Desk:
    """A relay with its worker and a mail server."""

    settings: Settings
    mailroom: Mailroom
    clock: datetime = NOON
    app: Starlette = field(init=False)
    client: httpx2.AsyncClient = field(init=False)
    wrote: int = 0

    async def write(self, slug: str = "open-libraries") -> None:
        self.wrote += 1
        form = form_of(self.wrote)
        assert (await self.client.post(f"/campaigns/{slug}/letters", data=form)).status_code == 303

    async def attack(self) -> None:
        for _ in range(ATTACK):
            await self.write()

    async def write_from_home(self, slug: str) -> None:
        """Somebody else, from an address of their own."""
        here = self.client
        async with visit(self.app, "198.51.100.9") as self.client:
            await self.write(slug)
        self.client = here

    async def lines(self, **chosen: str) -> list[LetterLine]:
        outbox = await open_outbox(self.settings)
        try:
            return await outbox.list_letters(LetterFilter(**chosen), 9_999)  # type: ignore[arg-type]
        finally:
            await outbox.close()

    async def until_sent(self, slug: str, letters: int) -> None:
        """Wait until so many letters of this campaign went to offices."""
        async with asyncio.timeout(60):
            while len([line for line in await self.offices(slug) if line.status == "sent"]) < letters:
                await self.client.get("/healthz")

    async def offices(self, slug: str) -> list[LetterLine]:
        return [line for line in await self.lines(campaign=slug) if line.kind == "legislator"]

    def told(self) -> list[str]:
        """The mails that the organizer got."""
        mails = self.mailroom.mails()
        return [str(mail.get_content()) for envelope, mail in mails if envelope.rcpt_tos == [ORGANIZER]]

    async def until_told(self) -> str:
        async with asyncio.timeout(60):
            while not self.told():
                await self.client.get("/healthz")
        found = re.search(r"https://relay\.example(/reports/\S+)", self.told()[0])
        assert found
        return found[1]

    async def press(self, link: str, action: str) -> str:
        """The page that follows."""
        answer = await self.client.post(link, data={"action": action})
        assert answer.status_code == 303
        return (await self.client.get(answer.headers["location"])).text


def visit(app: Starlette, address: str) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app, client=(address, 50000))
    return httpx2.AsyncClient(transport=transport, base_url=RELAY_URL, headers=BROWSER)


Open = Callable[[], Awaitable[Desk]]


@pytest.fixture
async def open_desk(tmp_path: Path, store: str) -> AsyncIterator[Open]:
    """Open the relay; a second time, open it again on the same store."""
    publish(tmp_path, *CAMPAIGNS)
    mailroom = Mailroom()
    async with open_peer(peer=mailroom), AsyncExitStack() as stack:
        settings = relay_settings(
            tmp_path, database=store_settings(store).database, smtp=mailroom.server(), unconfirmed_rate=UNPACED
        )

        async def open_desk() -> Desk:
            await stack.aclose()
            desk = Desk(settings, mailroom)
            desk.app = await stack.enter_async_context(open_relay(settings, clock=lambda: desk.clock))
            desk.client = await stack.enter_async_context(visit(desk.app, "203.0.113.7"))
            return desk

        yield open_desk


@pytest.fixture
async def desk(open_desk: Open) -> Desk:
    return await open_desk()


def link() -> str:
    return sign_link(Keys([SECRET_KEY]), "", "open-libraries", NOON + timedelta(days=7))


async def test_a_burst_by_one_hand_is_mailed_once_and_one_button_stops_and_goes_on(open_desk: Open) -> None:
    desk = await open_desk()
    await desk.attack()
    mailed = await desk.until_told()
    await desk.until_sent("open-libraries", 20)
    page = (await desk.client.get(mailed)).text
    assert "Many letters at once" in page
    assert "<td>35</td>" in page
    assert "Many people wrote from one place." in page
    assert STOP in page
    assert STOP.replace("’", "'") in desk.told()[0]

    page = await desk.press(mailed, "stop")
    assert "This campaign’s letters are stopped" in page
    assert "New letters are accepted, and all of them wait" in page
    assert f">{GO_ON}</button>" in page
    assert STOP not in page
    await desk.write_from_home("open-libraries")
    await desk.write_from_home("another")
    await desk.until_sent("another", 2)
    statuses = [(line.status, line.attempts) for line in (await desk.offices("open-libraries"))]
    assert statuses.count(("queued", 0)) == 2
    assert statuses.count(("sent", 1)) == 20

    page = await desk.press(mailed, "go_on")
    assert "The letters go out again." in page
    assert STOP in page
    await desk.until_sent("open-libraries", 22)

    wrote = desk.wrote
    desk = await open_desk()
    desk.wrote = wrote
    await desk.attack()
    assert len(await desk.lines(campaign="open-libraries", status="held")) >= 2 * ATTACK
    assert [line.kind for line in await desk.lines()].count("alert") == 1
    assert len(desk.told()) == 1


async def test_a_few_suspected_people_are_no_number_on_the_page_and_no_mail(desk: Desk) -> None:
    for _ in range(12):
        await desk.write()
    page = (await desk.client.get(link())).text
    assert page.count("fewer than 5") >= 2
    assert "Many letters at once" in page
    assert [line for line in await desk.lines() if line.kind == "alert"] == []


async def test_without_a_burst_the_page_has_the_button_and_says_nothing_of_an_attack(desk: Desk) -> None:
    await desk.write()
    page = (await desk.client.get(link())).text
    assert "Many letters at once" not in page
    assert STOP in page


async def test_an_hour_later_the_page_says_nothing_of_it_any_more(desk: Desk) -> None:
    await desk.attack()
    desk.clock += timedelta(hours=1)
    assert "Many letters at once" not in (await desk.client.get(link())).text


async def test_what_an_operator_stopped_is_shown_with_its_reason_and_only_an_operator_goes_on(desk: Desk) -> None:
    outbox = await open_outbox(desk.settings)
    await outbox.pause("campaign", "open-libraries", "the <provider> asked", NOON)
    page = (await desk.client.get(link())).text
    assert "Whoever runs the relay stopped them on December 1, 2026, and only they can go on." in page
    assert "the &lt;provider&gt; asked" in page
    assert GO_ON not in page
    assert STOP not in page
    for action in ("go_on", "stop", "go_on"):
        assert "the &lt;provider&gt; asked" in await desk.press(link(), action)
    assert await outbox.resume("campaign", "open-libraries")
    await outbox.close()
    assert STOP in (await desk.client.get(link())).text


async def test_pressing_twice_changes_nothing(desk: Desk) -> None:
    for _ in range(2):
        assert "This campaign’s letters are stopped" in await desk.press(link(), "stop")
    assert "The letters go out again." in await desk.press(link(), "go_on")
    assert "The letters go out again." not in await desk.press(link(), "go_on")


async def test_only_the_signed_link_of_that_campaign_stops_anything(desk: Desk) -> None:
    forged = sign_link(Keys([SECRET_KEY]), "", "another", NOON + timedelta(days=7)).replace("another", "open-libraries")
    for address in ("/reports/open-libraries", forged):
        assert (await desk.client.post(address, data={"action": "stop"})).status_code == 404
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert (await desk.client.post(link(), data={"action": "stop"}, headers=elsewhere)).status_code == 403
    assert (await desk.client.post(link(), data={"action": "cancel"})).status_code == 400
    assert "are stopped" not in (await desk.client.get(link())).text


async def test_mail_to_organizers_goes_while_their_campaign_is_stopped(desk: Desk) -> None:
    await desk.press(link(), "stop")
    await desk.attack()
    await desk.until_told()
