"""An organizer removes a public name on the report's page."""

import re
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from relay.keys.signing import Keys
from relay.web.report_page import sign_link
from relay.web.services import Discretion
from tests.contract.web.conftest import OpenRelay, Relay
from tests.samples.campaigns import campaign
from tests.samples.people import form_of
from tests.samples.settings import SECRET_KEY

pytestmark = pytest.mark.anyio

BUTTON = re.compile(r'<strong><bdi>(\w+)</bdi></strong>.*?name="participant" value="(\w+)"', re.DOTALL)
NAMES = ("Ana", "Bea", "Carla", "Dana", "Rude", "Eva")


def link(days: int = 30, slug: str = "open-libraries") -> str:
    return sign_link(Keys([SECRET_KEY]), "", slug, datetime.now(UTC) + timedelta(days=days))


@pytest.fixture
async def relay(start: OpenRelay) -> Relay:
    """A relay where six people are shown."""
    relay = await start(campaign(), campaign(slug="another"), discretion=Discretion(timedelta(0), 5))
    for number, name in enumerate(NAMES):
        response = await relay.post(form_of(number) | {"first_name": name, "public_name": "1"})
        assert response.status_code == 303
    return relay


async def listed(relay: Relay) -> list[str]:
    """The names that the campaign's page shows, the newest first."""
    people = (await relay.client.get("/campaigns/open-libraries/participants")).json()["recent"]
    return [person["name"] for person in people]


async def buttons(relay: Relay) -> dict[str, str]:
    """What each name's button posts."""
    return dict(BUTTON.findall((await relay.client.get(link())).text))


async def remove(relay: Relay, participant: str, address: str = "") -> httpx2.Response:
    return await relay.client.post(address or link(), data={"participant": participant})


async def test_the_page_has_a_button_for_every_name_that_is_shown(relay: Relay) -> None:
    assert list(await buttons(relay)) == await listed(relay)


async def test_a_removed_name_is_gone_at_once_and_the_page_says_so(relay: Relay) -> None:
    page = await relay.client.get(link())
    action = re.search(r'<form method="post" action="([^"]+)"', page.text)
    assert action
    answer = await remove(relay, (await buttons(relay))["Rude"], action[1])
    assert answer.status_code == 303
    assert await listed(relay) == ["Eva", "Dana", "Carla", "Bea", "Ana"]
    confirmed = await relay.client.get(answer.headers["location"])
    assert confirmed.status_code == 200
    assert "The name is removed" in confirmed.text
    assert "Rude" not in confirmed.text
    assert confirmed.headers["Cache-Control"] == "no-store"


async def test_the_letter_of_a_removed_name_goes_and_counts(relay: Relay) -> None:
    await remove(relay, (await buttons(relay))["Rude"])
    assert "People who have written: <strong>6</strong>" in (await relay.client.get(link())).text
    assert sum(letter.from_name.startswith("Rude ") for letter in await relay.letters()) == 2


async def test_a_second_click_says_the_same(relay: Relay) -> None:
    participant = (await buttons(relay))["Rude"]
    for _ in range(2):
        assert (await remove(relay, participant)).status_code == 303
    assert len(await listed(relay)) == 5


async def test_only_the_signed_link_of_that_campaign_removes_anything(relay: Relay) -> None:
    participant = (await buttons(relay))["Rude"]
    forged = link(slug="another").replace("/reports/another", "/reports/open-libraries")
    for address in ("/reports/open-libraries", link(days=-1), forged):
        assert (await remove(relay, participant, address)).status_code == 404
    assert (await remove(relay, participant, link(slug="another"))).status_code == 303
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert (await relay.client.post(link(), data={"participant": participant}, headers=elsewhere)).status_code == 403
    assert (await remove(relay, "")).status_code == 400
    assert len(await listed(relay)) == 6


async def test_names_that_are_not_shown_are_not_on_the_page(start: OpenRelay) -> None:
    relay = await start(discretion=Discretion(timedelta(0), 5))
    for number, name in enumerate(NAMES[:4]):
        await relay.post(form_of(number) | {"first_name": name, "public_name": "1"})
    assert await buttons(relay) == {}
    assert "Bea" not in (await relay.client.get(link())).text
