"""An organizer's desk: a mailed link, then the campaign's letters in counts, and what may be done about them."""

import csv
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from relay.app import open_relay
from relay.assembly import open_outbox
from relay.letters import Letter
from relay.settings import Settings
from relay.web.services import Discretion
from tests.samples.campaigns import campaign, publish
from tests.samples.people import form_of
from tests.samples.settings import BROWSER, RELAY_URL, relay_settings, store_settings

pytestmark = pytest.mark.anyio
ANA, BEN = "ana@organizers.example", "ben@organizers.example"
CAMPAIGNS = (
    campaign(organiser=ANA, co_organisers=(BEN,)),
    campaign(slug="another", organiser=ANA),
    campaign(slug="foreign", organiser="carla@elsewhere.example"),
)
OPEN = {"lang": "en"}
NOON = datetime(2026, 12, 1, 17, 20, tzinfo=UTC)


@dataclass
class Place:
    """A relay, and somebody in front of it."""

    settings: Settings
    clock: datetime = NOON
    client: httpx2.AsyncClient = field(init=False)

    async def mails(self) -> list[Letter]:
        outbox = await open_outbox(self.settings)
        claims = await outbox.claim("capture", self.clock, timedelta(minutes=5), 500)
        await outbox.close()
        return [claim.letter for claim in claims]

    async def link(self, email: str) -> str:
        answer = await self.client.post("/desk", data={"email": email})
        assert "Look in your mailbox" in answer.text
        (mail,) = [mail for mail in await self.mails() if mail.kind == "alert"]
        assert mail.to_email == email
        found = re.search(r"https://relay\.example(/desk/enter/\S+)", mail.body)
        assert found
        return found[1]

    async def sit_down(self, email: str = ANA) -> None:
        entered = await self.client.post(await self.link(email), data=OPEN)
        assert (entered.status_code, entered.headers["location"]) == (303, "/desk")

    async def write(self, first: int, count: int, **fields: str) -> None:
        for number in range(first, first + count):
            posted = await self.client.post("/campaigns/open-libraries/letters", data=form_of(number) | fields)
            assert posted.status_code == 303, posted.text

    async def read(self, path: str = "/desk/open-libraries") -> str:
        page = await self.client.get(path)
        assert page.status_code == 200, (page.status_code, page.headers.get("location"))
        return page.text

    async def press(self, action: str, path: str = "/desk/open-libraries", **fields: str) -> str:
        """Press a button and read the page that follows."""
        answer = await self.client.post(path, data={"action": action, **fields})
        assert answer.status_code == 303, answer.text
        return await self.read(answer.headers["location"])


@pytest.fixture
async def place(tmp_path: Path, store: str) -> AsyncIterator[Place]:
    publish(tmp_path, *CAMPAIGNS)
    place = Place(relay_settings(tmp_path, database=store_settings(store).database))
    async with open_relay(place.settings, with_worker=False, clock=lambda: place.clock, discretion=Discretion()) as app:
        transport = httpx2.ASGITransport(app, client=("203.0.113.7", 50000))
        async with httpx2.AsyncClient(transport=transport, base_url=RELAY_URL, headers=BROWSER) as place.client:
            yield place


async def test_a_mailed_link_opens_the_desk_after_a_button(place: Place) -> None:
    link = await place.link(ANA)
    for _ in range(2):  # a scanner follows it
        assert "Open the desk" in (await place.client.get(link)).text
        assert "Type the address" in await place.read("/desk")
    entered = await place.client.post(link, data=OPEN)
    cookie = entered.headers["set-cookie"]
    assert all(words in cookie for words in ("HttpOnly", "Secure", "Path=/desk", "SameSite=lax"))
    assert ANA not in cookie
    assert ANA not in link
    page = await place.read("/desk")
    assert "/desk/open-libraries" in page
    assert "/desk/another" in page
    assert "foreign" not in page


async def test_the_answer_is_the_same_whoever_organizes(place: Place) -> None:
    answers = [await place.client.post("/desk", data={"email": who}) for who in (ANA, "nobody@mail.example")]
    assert answers[0].text == answers[1].text
    assert answers[0].headers == answers[1].headers
    assert [mail.to_email for mail in await place.mails()] == [ANA]


async def test_a_link_comes_once_an_hour_however_often_it_is_asked_for(place: Place) -> None:
    for _ in range(5):
        await place.client.post("/desk", data={"email": ANA})
    assert len(await place.mails()) == 1


async def test_nobody_else_gets_in(place: Place) -> None:
    await place.write(1, 1)
    for path in ("/desk/open-libraries", "/desk/open-libraries/days.csv", "/desk/open-libraries/offices/senate/x"):
        assert (await place.client.get(path)).headers["location"] == "/desk"
    assert (await place.client.post("/desk/open-libraries", data={"action": "stop"})).headers["location"] == "/desk"
    await place.sit_down(BEN)  # who organizes one of them
    assert (await place.client.get("/desk/another")).headers["location"] == "/desk"
    await place.read("/desk/open-libraries")
    forged = place.client.cookies["desk"][:-4] + "AAAA"
    place.client.cookies.clear()
    answer = await place.client.get("/desk/open-libraries", headers={"Cookie": f"desk={forged}"})
    assert answer.headers["location"] == "/desk"


async def test_an_hour_without_a_look_ends_it(place: Place) -> None:
    await place.sit_down()
    for _ in range(3):
        place.clock += timedelta(minutes=50)
        await place.read()
    place.clock += timedelta(minutes=61)
    assert (await place.client.get("/desk/open-libraries")).headers["location"] == "/desk"


async def test_an_old_link_opens_nothing(place: Place) -> None:
    link = await place.link(ANA)
    place.clock += timedelta(hours=2)
    assert (await place.client.get(link)).status_code == 404
    assert (await place.client.post(link, data=OPEN)).status_code == 404


async def test_signing_out_ends_it_here(place: Place) -> None:
    await place.sit_down()
    await place.client.post("/desk", data={"action": "leave"})
    assert (await place.client.get("/desk/open-libraries")).headers["location"] == "/desk"


async def test_who_no_longer_organizes_is_out(place: Place) -> None:
    await place.sit_down(BEN)
    publish(Path(place.settings.campaigns).parent, campaign(organiser=ANA))
    await place.client.get("/readyz")  # the relay reads the manifest
    place.clock += timedelta(minutes=2)
    await place.client.get("/campaigns/open-libraries/participants")
    assert (await place.client.get("/desk/open-libraries")).headers["location"] == "/desk"


async def test_the_desk_counts_letters_by_office_day_and_words(place: Place) -> None:
    await place.write(1, 3)
    await place.write(4, 5, message="Dear [Legislator],\n\nmy own words.")
    await place.sit_down()
    page = await place.read()
    assert "People who have written:</" in page or "People who have written:" in page
    assert re.search(r"People with words of their own: <strong>5</strong>", page)
    assert page.count("<rect ") == 2  # people, and those with words of their own
    assert "DiDomenico" in page  # the senator for Chelsea
    table = (await place.client.get("/desk/open-libraries/days.csv")).text
    assert list(csv.DictReader(table.splitlines())) == [
        {"day": "2026-12-01", "wrote": "8", "own_words": "5", "confirmed": "0", "delivered": "0", "bounced": "0"}
    ]
    for name in ("offices", "senate", "house", "languages"):
        assert (await place.client.get(f"/desk/open-libraries/{name}.csv")).status_code == 200
    assert (await place.client.get("/desk/open-libraries/people.csv")).status_code == 404


async def test_few_people_are_not_counted_out(place: Place) -> None:
    await place.write(1, 2)
    await place.sit_down()
    page = await place.read()
    assert "fewer than 5" in page
    assert "fewer than 5" in (await place.client.get("/desk/open-libraries/offices.csv")).text


async def test_what_waits_is_read_and_sent_or_cancelled_together(place: Place) -> None:
    await place.sit_down()
    words = "Dear [Legislator],\n\nkeep the ducks.\n\nAna Silverberg, 24 Beacon St"
    await place.write(1, 16, message=words, last_name="Silverberg")
    page = await place.read()
    assert "Many people wrote from one place." in page
    assert "keep the ducks." in page
    assert "Silverberg" not in page
    assert "Beacon" not in page
    waiting = re.search(r"Waiting, people: (\d+)", page)
    assert waiting
    buttons = dict(re.findall(r'name="(group|until)" value="([^"]+)"', page))
    page = await place.press("release", **buttons)
    assert f"Sent on their way, people: {waiting[1]}" in page
    assert "Waiting, people:" not in page
    await place.write(17, 2)
    buttons = dict(re.findall(r'name="(group|until)" value="([^"]+)"', await place.read()))
    assert "Cancelled, people: 2" in await place.press("cancel", **buttons)
    assert "People who have written: <strong>16</strong>" in await place.read()


async def test_a_yes_that_everybody_is_asked_for_is_not_given_by_organizers(place: Place) -> None:
    await place.sit_down()
    await place.write(1, 3, website="robots fill this in")
    assert "Waiting, people:" not in await place.read()


async def test_one_press_stops_everything_and_each_campaign_goes_on(place: Place) -> None:
    await place.sit_down()
    await place.write(1, 1)
    page = await place.press("stop", "/desk")
    assert "All letters are stopped" in page
    assert page.count("· stopped") == 2
    assert [mail for mail in await place.mails() if mail.kind == "legislator"] == []
    assert "The letters go out again" in await place.press("go_on")
    assert len([mail for mail in await place.mails() if mail.kind == "legislator"]) == 2


async def test_a_test_letter_goes_to_the_organizer_and_counts_nowhere(place: Place) -> None:
    await place.sit_down()
    page = await place.press("test")
    assert "Test letters are on their way" in page
    mails = [mail for mail in await place.mails() if mail.kind == "test"]
    assert {mail.to_email for mail in mails} == {ANA}
    assert all(mail.subject.startswith("[TEST] ") for mail in mails)
    assert "A real letter goes to Senator" in mails[0].body
    assert "People who have written: <strong>0</strong>" in page


async def test_a_public_name_is_removed(place: Place) -> None:
    await place.write(1, 6, public_name="1")
    await place.sit_down()
    place.clock += timedelta(minutes=59)
    await place.read()
    place.clock += timedelta(minutes=30)
    page = await place.read()
    name = re.search(r'name="participant" value="([0-9a-f]+)"', page)
    assert name
    answer = await place.client.post("/desk/open-libraries", data={"participant": name[1]})
    assert "The name is removed" in await place.read(answer.headers["location"])


async def test_a_page_for_a_legislators_staff_counts_towns(place: Place) -> None:
    await place.write(1, 6, message="My own.")
    await place.sit_down()
    page = await place.read()
    own = re.search(r'href="(/desk/open-libraries/offices/senate/[^"]+)"', page)
    assert own
    report = await place.read(own[1])
    assert "Constituents who wrote: <strong>6</strong>" in report
    assert "With words of their own: <strong>6</strong>" in report
    assert re.search(r"Chelsea</bdi></th><td>6<", report)
    assert "<svg" in report
    assert (await place.client.get("/desk/open-libraries/offices/senate/Nowhere")).status_code == 404


async def test_unknown_buttons_are_refused(place: Place) -> None:
    await place.sit_down()
    for data in ({"action": "burn"}, {"action": "release"}, {"action": "release", "group": "place", "until": "soon"}):
        assert (await place.client.post("/desk/open-libraries", data=data)).status_code == 400
    assert (await place.client.post("/desk", data={"action": "burn"})).status_code == 400
