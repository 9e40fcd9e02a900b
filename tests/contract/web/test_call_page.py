"""Phone numbers and a script, for people who would rather not give their name."""

import pytest

from tests.contract.web.conftest import Relay
from tests.samples.people import CHELSEA, GAP

pytestmark = pytest.mark.anyio

CALL = "/campaigns/open-libraries/call"


async def test_it_asks_for_a_town_and_no_name(relay: Relay) -> None:
    page = (await relay.client.get(CALL)).text
    assert 'name="city"' in page
    assert 'name="first_name"' not in page


async def test_a_town_in_one_pair_of_districts_gives_two_numbers_and_a_script(relay: Relay) -> None:
    response = await relay.client.post(CALL, data={"city": CHELSEA["city"], "zip": CHELSEA["zip"]})
    assert response.status_code == 200
    assert response.text.count('href="tel:') == 2
    assert "Hello, I am a constituent" in response.text
    assert response.headers["cache-control"] == "no-store"


async def test_a_divided_town_asks_for_the_street(relay: Relay) -> None:
    response = await relay.client.post(CALL, data={"city": "Boston", "zip": "02108"})
    assert response.status_code == 422
    assert 'name="street"' in response.text
    assert 'value="Boston"' in response.text


async def test_near_a_district_line_both_sides_are_listed(relay: Relay) -> None:
    response = await relay.client.post(CALL, data={name: GAP[name] for name in ("street", "city", "zip")})
    assert response.status_code == 200
    assert response.text.count('href="tel:') > 2


async def test_an_empty_form_asks_for_the_town(relay: Relay) -> None:
    response = await relay.client.post(CALL, data={"city": ""})
    assert response.status_code == 422
    assert "Enter your city or town." in response.text


async def test_an_unknown_campaign_has_no_call_page(relay: Relay) -> None:
    assert (await relay.client.get("/campaigns/nobody/call")).status_code == 404
    assert (await relay.client.post("/campaigns/nobody/call", data={"city": "Chelsea"})).status_code == 404


async def test_a_post_from_another_site_is_refused(relay: Relay) -> None:
    headers = {"origin": "https://evil.example"}
    assert (await relay.client.post(CALL, data={"city": "Chelsea"}, headers=headers)).status_code == 403


async def test_a_lookup_returns_what_the_campaign_page_shows(relay: Relay) -> None:
    address = {"city": CHELSEA["city"], "zip": CHELSEA["zip"], "street": "1 Broadway"}
    body = (await relay.client.post("/campaigns/open-libraries/legislators", data=address)).json()
    assert body["said"].startswith("Your letter goes to Senator ")
    assert body["fills"]["Legislator"].startswith("Senator ")
    assert body["fills"]["Town"] == "Chelsea"
    assert body["shown"] == {
        "town": "Chelsea, MA",
        "street": "Broadway, Chelsea, MA",
        "full": "1 Broadway, Chelsea, MA 02150",
    }
    assert len(body["calls"]) == 2
    assert body["place"] is None
    unsure = {name: GAP[name] for name in ("street", "city", "zip")}
    body = (await relay.client.post("/campaigns/open-libraries/legislators", data=unsure)).json()
    assert body["place"]["ask"] == "Use my location"
