"""A visitor whose answer was lost sends the form again, and is answered as if it had not been."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx2
import pytest
from starlette.applications import Starlette

from relay.app import open_relay
from relay.assembly import open_outbox
from relay.settings import Settings
from tests.books import open_books
from tests.contract.web.client import draw_token
from tests.samples.campaigns import campaign, publish
from tests.samples.people import ANA
from tests.samples.settings import BROWSER, JSON, RELAY_URL, relay_settings, store_settings

pytestmark = pytest.mark.anyio

NOON: Final = datetime(2026, 12, 1, 17, tzinfo=UTC)
KEY: Final = {"idempotency_key": "c2FtcGxlIGtleSBvZiBhIGxldHRlcg"}
OTHER_KEY: Final = {"idempotency_key": "YW5vdGhlciBsZXR0ZXIncyBzYW1wbGU"}
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"
ROBOT: Final = {"website": "https://robots.example"}


@dataclass
class Desk:
    """A relay."""

    settings: Settings
    app: Starlette = field(init=False)
    now: datetime = NOON

    async def post(
        self,
        fields: Mapping[str, str],
        address: str = HOME,
        headers: Mapping[str, str] = BROWSER,
        slug: str = "open-libraries",
    ) -> httpx2.Response:
        """Send the form from a network address."""
        async with self._visit(address) as client:
            return await client.post(f"/campaigns/{slug}/letters", data=fields, headers=headers)

    async def receipt(self, posted: httpx2.Response, action: str = "") -> str:
        """The page that the answer leads to, once a button was pressed."""
        url = posted.headers["location"] if posted.status_code == 303 else posted.json()["receipt"]
        async with self._visit(HOME) as client:
            if action:
                assert (await client.post(url, data={"action": action})).status_code == 303
            return (await client.get(url)).text

    @asynccontextmanager
    async def _visit(self, address: str) -> AsyncIterator[httpx2.AsyncClient]:
        transport = httpx2.ASGITransport(self.app, client=(address, 50000))
        async with httpx2.AsyncClient(transport=transport, base_url=RELAY_URL, headers=BROWSER) as client:
            yield client

    async def kinds(self, within: timedelta = timedelta(days=2)) -> list[str]:
        """Of everything that would be sent by then. Nothing is returned twice."""
        outbox = await open_outbox(self.settings)
        try:
            claims = await outbox.claim("capture", self.now + within, timedelta(days=9), 100)
        finally:
            await outbox.close()
        return sorted(claim.letter.kind for claim in claims)


@pytest.fixture
async def desk(tmp_path: Path, store: str) -> AsyncIterator[Desk]:
    publish(tmp_path, campaign(), campaign(slug="draft", status="draft", organiser="lead@organizers.example"))
    settings = relay_settings(tmp_path, database=store_settings(store).database)
    desk = Desk(settings)
    async with open_relay(settings, with_worker=False, token=draw_token, clock=lambda: desk.now) as desk.app:
        yield desk


async def test_a_script_that_lost_the_answer_gets_it_again(desk: Desk) -> None:
    first = await desk.post(ANA | KEY, headers=BROWSER | JSON)
    desk.now += timedelta(hours=3)
    again = await desk.post(ANA | KEY, ELSEWHERE, BROWSER | JSON)  # the phone has left the house
    assert (again.status_code, again.json()["recipients"]) == (202, first.json()["recipients"])
    assert again.json()["receipt"] != first.json()["receipt"]
    assert "ana@mail.example" in await desk.receipt(again)
    assert "ana@mail.example" in await desk.receipt(first)  # the first link goes on working
    assert await desk.kinds() == ["legislator", "legislator", "receipt"]


async def test_a_browser_without_a_script_that_lost_the_answer_gets_it_again(desk: Desk) -> None:
    first = await desk.post(ANA)
    desk.now += timedelta(minutes=14)
    again = await desk.post(ANA)
    assert (again.status_code, again.headers["location"] != first.headers["location"]) == (303, True)
    assert (await desk.receipt(again)).count("<h1") == 1
    await desk.receipt(again, "erase")
    assert "ana@mail.example" not in await desk.receipt(first)
    assert await desk.kinds() == []


async def test_the_retrys_page_thanks_like_the_first_one(desk: Desk) -> None:
    thanks = await desk.receipt(await desk.post(ANA | KEY))
    desk.now += timedelta(hours=5)
    again = await desk.post(ANA | KEY)
    heading = thanks.partition("<h1")[2].partition("</h1>")[0]
    assert heading in await desk.receipt(again)


async def test_a_page_without_a_script_may_send_again_what_its_script_began(desk: Desk) -> None:
    await desk.post(ANA | KEY, headers=BROWSER | JSON)
    again = await desk.post(ANA)
    await desk.receipt(again, "erase")
    assert await desk.kinds() == []


@pytest.mark.parametrize("key", [KEY, {}])
async def test_a_letter_that_waits_for_its_writer_is_asked_about_once(desk: Desk, key: dict[str, str]) -> None:
    await desk.post(ANA | ROBOT | key)
    again = await desk.post(ANA | ROBOT | key)
    assert again.status_code == 303
    assert await desk.kinds() == ["confirmation"]


async def test_a_draft_may_be_tried_again_and_again_but_not_by_a_retry(desk: Desk) -> None:
    for key in (KEY, KEY, OTHER_KEY, {}, {}):
        assert (await desk.post(ANA | key, slug="draft")).status_code == 303
    assert await desk.kinds() == ["test"] * 2 * 4


async def test_a_letter_that_waits_its_turn_waits_once(desk: Desk) -> None:
    for number in range(21):  # one more than an office gets in an hour
        writer = ANA | {"last_name": f"Silva{number}", "email": f"ana{number}@mail.example"}
        assert (await desk.post(writer | KEY, f"203.0.{number}.7")).status_code == 303
    assert (await desk.kinds(timedelta(minutes=1))).count("legislator") == 40
    assert (await desk.post(writer | KEY, ELSEWHERE)).status_code == 303
    assert (await desk.kinds()).count("legislator") == 2


async def test_the_same_key_with_other_words_is_another_letter(desk: Desk) -> None:
    await desk.post(ANA | KEY)
    other = await desk.post(ANA | KEY | {"message": "Words of my own."})
    assert other.status_code == 303
    assert "Words of my own." in await desk.receipt(other)


@pytest.mark.parametrize("guessable", ["1", "x" * 21, "x" * 65, "key with spaces is not one", "ключ" * 6])
async def test_a_key_that_somebody_could_guess_does_not_count(desk: Desk, guessable: str) -> None:
    await desk.post(ANA | {"idempotency_key": guessable})
    again = await desk.post(ANA | {"idempotency_key": guessable}, ELSEWHERE)
    await desk.receipt(again, "erase")
    assert await desk.kinds() == ["legislator", "legislator", "receipt"]


async def test_a_robot_at_the_same_address_that_posts_first_cannot_erase_a_persons_letter(desk: Desk) -> None:
    robots = await desk.post(ANA | ROBOT)
    await desk.post(ANA)
    await desk.receipt(robots, "erase")
    assert await desk.kinds() == ["confirmation"]


async def test_another_choice_is_not_a_retry(desk: Desk) -> None:
    assert "withdraw" not in await desk.receipt(await desk.post(ANA | KEY))
    assert "withdraw" in await desk.receipt(await desk.post(ANA | KEY | {"public_name": "1"}))


@pytest.mark.parametrize("key", [OTHER_KEY, {}])
async def test_somebody_elsewhere_who_posts_the_same_letter_learns_and_can_do_nothing(
    desk: Desk, key: dict[str, str]
) -> None:
    await desk.post(ANA | KEY | {"public_name": "1"})
    copy = await desk.post(ANA | key, ELSEWHERE)
    alone = await desk.receipt(
        await desk.post(ANA | key | {"last_name": "Souza", "email": "s@mail.example"}, "192.0.2.9")
    )
    seen = await desk.receipt(copy)
    for name, other in (("Silva", "Souza"), ("ana@mail.example", "s@mail.example")):
        seen = seen.replace(name, other)
    assert [line for line in seen.splitlines() if "/receipts/" not in line] == [
        line for line in alone.splitlines() if "/receipts/" not in line
    ]
    await desk.receipt(copy, "erase")
    assert (await desk.kinds()).count("legislator") == 4


async def test_two_presses_at_once_are_one_letter(desk: Desk, store: str) -> None:
    answers = await asyncio.gather(*(desk.post(ANA | KEY) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 8
    async with open_books(store) as books:
        assert await books.read("SELECT count(*) FROM submissions") == [(1,)]
    assert await desk.kinds() == ["legislator", "legislator", "receipt"]
