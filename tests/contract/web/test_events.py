"""People in a hall, behind one address, write with an organizer's code: nobody is asked, refused or put off."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from msgspec import structs

from relay.assembly import open_outbox
from relay.cli import main
from relay.keys.signing import Keys
from relay.letters.circumstances import Event
from relay.outbox import LetterFilter
from relay.settings import Settings
from relay.web.event_page import sign_event
from tests.contract.web.client import open_client
from tests.samples.campaigns import campaign, manifest
from tests.samples.people import CHELSEA, GAP, form_of
from tests.samples.settings import JSON, RELAY_URL, SECRET_KEY, relay_settings, store_settings
from theme.manifest import dump_manifest
from theme.pages.languages import known_languages

pytestmark = pytest.mark.anyio

LANGUAGES = ("en", *known_languages())
NOON = datetime(2026, 12, 1, 17, tzinfo=UTC)
HIDDEN = re.compile(r'<input type="hidden" name="event" value="([^"]+)">')
CAMPAIGNS = (
    campaign(),
    campaign(slug="another"),
    campaign(slug="gone", status="withdrawn"),
    campaign(slug="over", closes=date(2026, 1, 1)),
)


@dataclass
class Hall:
    """A relay, visited from one address, and its clock."""

    settings: Settings
    client: httpx2.AsyncClient = field(init=False)
    clock: datetime = NOON
    came: int = 0

    def link(self, slug: str = "open-libraries", key: bytes = SECRET_KEY, letters: int = 200) -> str:
        """For four hours from now."""
        until = self.clock + timedelta(hours=4)
        return sign_event(Keys([key]), "", slug, Event("hall", letters), until)

    async def scan(self, link: str, **headers: str) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.get(urlsplit(link).path, headers=named)

    async def come(self, people: int, code: str = "", seconds: int = 20) -> list[int]:
        """So many people write, one every few seconds. Returns how each was answered."""
        statuses = []
        for _ in range(people):
            self.came += 1
            self.clock += timedelta(seconds=seconds)
            form = form_of(self.came) | ({"event": code} if code else {})
            statuses.append((await self.client.post("/campaigns/open-libraries/letters", data=form)).status_code)
        return statuses

    async def mail(self) -> Counter[str]:
        """How many letters go now, are asked about, or wait their turn."""
        outbox = await open_outbox(self.settings)
        lines = await outbox.list_letters(LetterFilter(), 9_999)
        await outbox.close()
        letters = [line for line in lines if line.kind == "legislator"]
        return Counter(
            "asked" if line.status == "held" else "paced" if line.due and line.due > self.clock else "going"
            for line in letters
        )


Open = Callable[[], Awaitable[Hall]]


@pytest.fixture
async def open_hall(tmp_path: Path, store: str) -> AsyncIterator[Open]:
    async with AsyncExitStack() as stack:

        async def open_hall() -> Hall:
            listed = manifest(*CAMPAIGNS)
            site = structs.replace(listed.site, languages=LANGUAGES)
            tmp_path.joinpath("campaigns.json").write_bytes(dump_manifest(structs.replace(listed, site=site)))
            hall = Hall(relay_settings(tmp_path, database=store_settings(store).database))
            opened = open_client(hall.settings, clock=lambda: hall.clock, ticks=lambda: hall.clock.timestamp())
            hall.client = await stack.enter_async_context(opened)
            return hall

        yield open_hall


@pytest.fixture
async def hall(open_hall: Open) -> Hall:
    return await open_hall()


def code_in(page: httpx2.Response) -> str:
    """What the form on the page would post."""
    found = HIDDEN.search(page.text)
    return found[1] if found else ""


async def test_eighty_people_in_a_church_write_by_the_code_that_the_command_printed(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    environ = {"RELAY_URL": RELAY_URL, "SECRET_KEYS": SECRET_KEY.decode(), "CAMPAIGNS": "campaigns.json"}
    for name, value in environ.items():
        monkeypatch.setenv(f"BEACONPOST_{name}", value)
    assert await run("event", "open-libraries", "--hours", "2", "--letters", "80", "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    hall.clock = datetime.now(UTC)
    page = await hall.scan(printed["url"])
    assert page.status_code == 200
    assert await hall.come(80, code_in(page)) == [303] * 80
    assert await hall.mail() == {"going": 160}
    assert set(await hall.come(45, code_in(page))) == {303}
    assert (await hall.mail())["asked"], "the code is used up"


async def run(*arguments: str) -> int:
    """A command, beside the running loop of a test."""
    return await asyncio.to_thread(main, arguments)


async def test_without_a_code_one_address_is_asked_after_twenty_people(hall: Hall) -> None:
    assert set(await hall.come(80)) == {303}
    assert (await hall.mail())["asked"] == 2 * 60


async def test_people_of_one_minute_are_not_too_fast_for_their_code(hall: Hall) -> None:
    assert set(await hall.come(60, code_in(await hall.scan(hall.link())), seconds=0)) == {303}
    assert await hall.mail() == {"going": 120}


async def test_a_hall_of_two_hundred_writes_at_once_and_one_without_the_code_is_still_limited(hall: Hall) -> None:
    code = code_in(await hall.scan(hall.link(letters=200)))
    assert set(await hall.come(200, code, seconds=1)) == {303}
    assert await hall.mail() == {"going": 400}
    assert set(await hall.come(10, seconds=0)) == {429}


@pytest.mark.parametrize("case", ["forged", "another campaign's", "expired", "no code at all"])
async def test_a_code_that_is_not_good_helps_nothing_and_prevents_nothing(hall: Hall, case: str) -> None:
    link = {
        "forged": hall.link(key=b"x" * 32),
        "another campaign's": hall.link(slug="another").replace("/another/", "/open-libraries/"),
        "expired": hall.link(),
        "no code at all": "/campaigns/open-libraries/event/-",
    }[case]
    if case == "expired":
        hall.clock += timedelta(hours=4)
    page = await hall.scan(link)
    assert page.status_code == 200
    assert "The code you scanned is no longer good" in page.text
    assert not code_in(page)
    assert set(await hall.come(30, link.rpartition("/")[2])) == {303}
    assert (await hall.mail())["asked"] == 2 * 10


async def test_a_page_opened_in_time_and_posted_too_late_is_a_letter_like_any(hall: Hall) -> None:
    code = code_in(await hall.scan(hall.link()))
    hall.clock += timedelta(hours=4)
    assert await hall.come(1, code) == [303]
    assert await hall.mail() == {"going": 2}


async def test_errors_and_questions_keep_the_code_in_the_form(hall: Hall) -> None:
    code = code_in(await hall.scan(hall.link()))
    for form in (CHELSEA | {"email": "nobody"}, GAP):
        page = await hall.client.post("/campaigns/open-libraries/letters", data=form | {"event": code})
        assert page.status_code == 422
        assert code_in(page) == code


async def test_the_page_is_the_whole_campaign_page_with_a_form_that_needs_no_script(hall: Hall) -> None:
    page = (await hall.scan(hall.link())).text
    for part in ("Open the libraries", "Because.", 'id="letter" method="post"', 'name="event"', "letter.js", "noindex"):
        assert part in page
    assert "no longer good" not in page
    assert page.count('class="lede"') == 1


async def test_the_page_is_in_every_language_and_its_links_to_them_keep_the_code(hall: Hall) -> None:
    sentences = set()
    for tag in LANGUAGES:
        page = await hall.client.get(f"{hall.link()}?lang={tag}")
        assert f'<html lang="{tag}"' in page.text
        assert code_in(page)
        assert all(f'<a href="?lang={other}"' in page.text for other in LANGUAGES)
        over = await hall.client.get(f"{hall.link(key=b'x' * 32)}?lang={tag}")
        sentences.add(re.search(r'<p class="panel test" role="status">(.*?)</p>', over.text)[1])  # type: ignore[index]
    assert len(sentences) == len(LANGUAGES) == 7


async def test_a_campaign_that_takes_no_letters_says_so(hall: Hall) -> None:
    over = await hall.scan(hall.link(slug="over"))
    assert over.status_code == 200
    assert "This campaign is over." in over.text
    assert "<form" not in over.text
    assert (await hall.scan(hall.link(slug="gone"))).status_code == 410
    assert (await hall.scan(hall.link(slug="unknown"))).status_code == 404


async def test_a_code_is_no_way_around_the_other_questions(hall: Hall) -> None:
    """It excuses one place, nothing else: here, the spelling of a mailbox."""
    code = code_in(await hall.scan(hall.link()))
    for mailbox in ("ana@mail.example", "ana+more@mail.example"):
        form = CHELSEA | {"email": mailbox, "event": code}
        answer = await hall.client.post("/campaigns/open-libraries/letters", data=form, headers=JSON)
        assert answer.status_code == 202
    assert await hall.mail() == {"going": 2, "asked": 2}
