"""`POST /campaigns/{slug}/legislators`: who represents an address or a location."""

from datetime import UTC, datetime, timedelta

import pytest

from boundaries.data import shipped
from boundaries.model import Pair
from boundaries.state import open_state
from relay.keys.signing import Keys
from relay.web.matching import sign_proof
from tests.contract.web.conftest import OpenRelay, Relay
from tests.samples.campaigns import campaign
from tests.samples.people import ANA, CHELSEA, GAP
from tests.samples.settings import JSON, SECRET_KEY

pytestmark = pytest.mark.anyio

LEGISLATORS = "/campaigns/open-libraries/legislators"
STATE_HOUSE = {"lat": "42.3588", "lon": "-71.0638"}


async def test_an_address_returns_its_districts_and_legislators(relay: Relay) -> None:
    response = await relay.client.post(LEGISLATORS, data={name: ANA[name] for name in ("street", "city", "zip")})
    assert response.status_code == 200
    body = response.json()
    assert body["status"] == "matched"
    assert body["address"] == "24 Beacon St, Boston, MA 02108"
    assert body["districts"] == {
        "senate": {"name": "Third Suffolk", "ocd_id": "ocd-division/country:us/state:ma/sldu:3rd_suffolk"},
        "house": {"name": "8th Suffolk", "ocd_id": "ocd-division/country:us/state:ma/sldl:8th_suffolk"},
    }
    assert [member["chamber"] for member in body["legislators"]] == ["senate", "house"]
    assert {"chamber", "title", "name", "district", "party", "phone", "vacant"} <= body["legislators"][0].keys()
    assert response.headers["cache-control"] == "no-store"


async def test_a_vacant_seat_is_marked(relay: Relay) -> None:
    body = (await relay.client.post(LEGISLATORS, data={"city": "Deerfield", "zip": "01342"})).json()
    assert [(member["vacant"], bool(member["name"])) for member in body["legislators"]] == [
        (False, True),
        (True, False),
    ]


@pytest.mark.parametrize("unknown", ["leader:nobody", "committee:No Such Committee"])
async def test_a_recipient_missing_from_the_roster_hides_nobody_else(start: OpenRelay, unknown: str) -> None:
    """Letters are refused until the operator fixes it; lookups still work."""
    relay = await start(campaign(recipients=("senator", unknown)))
    response = await relay.client.post(LEGISLATORS, data={"city": "Chelsea", "zip": "02150"})
    assert response.status_code == 200
    body = response.json()
    assert (body["status"], len(body["legislators"])) == ("matched", 2)
    assert body["said"].startswith("Your letter goes to Senator ")
    assert (await relay.post(CHELSEA)).status_code == 503


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ({"city": "Boston", "zip": "02108"}, "need_street"),
        ({name: GAP[name] for name in ("street", "city", "zip")}, "choose"),
        ({"city": "Providence", "zip": "02903"}, "not_found"),
        ({"city": ""}, "not_found"),
    ],
)
async def test_an_address_that_does_not_decide_returns_its_status(
    relay: Relay, address: dict[str, str], status: str
) -> None:
    response = await relay.client.post(LEGISLATORS, data=address)
    assert response.status_code == 200
    assert response.json()["status"] == status
    assert response.json()["legislators"] == []


async def test_a_location_returns_districts_and_a_proof(relay: Relay) -> None:
    body = (await relay.client.post(LEGISLATORS, data=STATE_HOUSE)).json()
    assert body["status"] == "matched"
    assert body["districts"]["house"]["name"] == "8th Suffolk"
    assert body["proof"]
    assert "42.35" not in str(body)


@pytest.mark.parametrize(
    "place", [{"lat": "x", "lon": "1"}, {"lat": "42"}, {"lat": "nan", "lon": "1"}, {"lat": "91", "lon": "0"}]
)
async def test_an_invalid_location_is_an_error(relay: Relay, place: dict[str, str]) -> None:
    response = await relay.client.post(LEGISLATORS, data=place)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "lat"


async def test_a_location_outside_the_state_is_not_found(relay: Relay) -> None:
    body = (await relay.client.post(LEGISLATORS, data={"lat": "40.7", "lon": "-74.0"})).json()
    assert (body["status"], body["reason"]) == ("not_found", "other_state")


async def test_lookups_need_a_known_campaign_and_are_rate_limited(relay: Relay) -> None:
    assert (await relay.client.post("/campaigns/no-such/legislators", data={"city": "Chelsea"})).status_code == 404
    responses = [await relay.client.post(LEGISLATORS, data={"city": "Chelsea"}) for _ in range(61)]
    assert responses[-1].status_code == 429
    assert "retry-after" in responses[-1].headers


# --- the proof of a location ---


def proof(senate: str, house: str, *, key: bytes = SECRET_KEY, late: bool = False) -> str:
    now = datetime.now(UTC) - timedelta(hours=late)
    return sign_proof(open_state(shipped("ma")), Pair(senate, house), Keys([key]), now)


async def test_a_proof_decides_the_districts(relay: Relay) -> None:
    offered = (await relay.post(GAP, **JSON)).json()["choices"][2]["districts"]
    pair = (offered["senate"]["name"], offered["house"]["name"])
    assert (await relay.post(GAP | {"district_proof": proof(*pair)})).status_code == 303
    assert {letter.district for letter in await relay.letters()} == set(pair)


async def test_a_proof_for_another_town_is_refused(relay: Relay) -> None:
    response = await relay.post(GAP | {"district_proof": proof("Cape and Islands", "4th Barnstable")}, **JSON)
    assert response.status_code == 422
    assert await relay.letters() == []


@pytest.mark.parametrize("broken", [{"key": b"x" * 32}, {"late": True}])
async def test_a_forged_or_expired_proof_is_refused(relay: Relay, broken: dict[str, object]) -> None:
    offered = (await relay.post(GAP, **JSON)).json()["choices"][0]["districts"]
    made = proof(offered["senate"]["name"], offered["house"]["name"], **broken)  # type: ignore[arg-type]
    assert (await relay.post(GAP | {"district_proof": made})).status_code == 422
