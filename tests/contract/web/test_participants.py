"""`GET /campaigns/{slug}/participants`: how many wrote, and the names that may be shown."""

from datetime import timedelta

import pytest

from relay.web.services import Discretion
from tests.contract.web.conftest import OpenRelay, Relay
from tests.samples.campaigns import campaign
from tests.samples.people import CHELSEA

pytestmark = pytest.mark.anyio

PARTICIPANTS = "/campaigns/open-libraries/participants"


NAMES = ("Ana", "Bea", "Carla", "Dana", "Eva")


async def write(relay: Relay, people: int) -> None:
    for number in range(people):
        who = {"email": f"p{number}@mail.example", "first_name": NAMES[number], "public_name": "1"}
        assert (await relay.post(CHELSEA | who)).status_code == 303


async def test_small_counts_and_the_newest_names_are_hidden(relay: Relay) -> None:
    await write(relay, 4)
    assert (await relay.client.get(PARTICIPANTS)).json() == {
        "count": None,
        "goal": None,
        "next": None,
        "over": False,
        "recent": [],
    }
    await relay.post(CHELSEA | {"email": "p5@mail.example"})
    assert (await relay.client.get(PARTICIPANTS)).json() == {
        "count": 5,
        "goal": None,
        "next": 10,
        "over": False,
        "recent": [],
    }


async def test_people_who_agreed_are_named_with_their_town_newest_first(start: OpenRelay) -> None:
    relay = await start(campaign(goal=100), discretion=Discretion(timedelta(0), 5))
    await write(relay, 5)
    await relay.post(CHELSEA | {"first_name": "Shy", "email": "shy@mail.example"})
    body = (await relay.client.get(PARTICIPANTS)).json()
    assert (body["count"], body["goal"]) == (6, 100)
    assert [(person["name"], person["town"]) for person in body["recent"]] == [
        (NAMES[n], "Chelsea") for n in (4, 3, 2, 1, 0)
    ]


async def test_a_campaign_may_show_no_names(start: OpenRelay) -> None:
    relay = await start(campaign(participants="none"), discretion=Discretion(timedelta(0), 0))
    await write(relay, 1)
    assert (await relay.client.get(PARTICIPANTS)).json() == {
        "count": 1,
        "goal": None,
        "next": 10,
        "over": False,
        "recent": [],
    }


async def test_an_unchanged_list_is_not_sent_again(relay: Relay) -> None:
    response = await relay.client.get(PARTICIPANTS)
    etag = response.headers["etag"]
    assert "public" in response.headers["cache-control"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = await relay.client.get(PARTICIPANTS, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert (await relay.client.get(PARTICIPANTS, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_participants_of_an_unknown_campaign_are_not_found(relay: Relay) -> None:
    assert (await relay.client.get("/campaigns/no-such/participants")).status_code == 404
