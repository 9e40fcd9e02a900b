"""What scripts and machines ask: legislators, participants, health."""

from datetime import UTC, datetime, timedelta

import pytest

from boundaries.data import shipped
from boundaries.model import Pair
from boundaries.state import open_state
from relay.assembly import open_outbox
from relay.keys import Keys
from relay.web.matching import sign_proof
from relay.web.services import Discretion
from tests.contract.web.conftest import OpenRelay, Relay
from tests.samples.campaigns import campaign
from tests.samples.letters import letters, submission
from tests.samples.people import ANA, CHELSEA, GAP
from tests.samples.settings import JSON, SECRET_KEY

pytestmark = pytest.mark.anyio

LEGISLATORS = "/campaigns/open-libraries/legislators"
PARTICIPANTS = "/campaigns/open-libraries/participants"
STATE_HOUSE = {"lat": "42.3588", "lon": "-71.0638"}


# --- legislators ---


async def test_an_address_gives_its_districts_and_who_holds_them(relay: Relay) -> None:
    answer = await relay.client.post(LEGISLATORS, data={name: ANA[name] for name in ("street", "city", "zip")})
    assert answer.status_code == 200
    body = answer.json()
    assert body["status"] == "matched"
    assert body["address"] == "24 Beacon St, Boston, MA 02108"
    assert body["districts"] == {
        "senate": {"name": "Third Suffolk", "ocd_id": "ocd-division/country:us/state:ma/sldu:3rd_suffolk"},
        "house": {"name": "8th Suffolk", "ocd_id": "ocd-division/country:us/state:ma/sldl:8th_suffolk"},
    }
    assert [one["chamber"] for one in body["legislators"]] == ["senate", "house"]
    assert {"chamber", "title", "name", "district", "party", "phone", "vacant"} <= body["legislators"][0].keys()
    assert answer.headers["cache-control"] == "no-store"


async def test_a_vacant_seat_is_marked(relay: Relay) -> None:
    body = (await relay.client.post(LEGISLATORS, data={"city": "Deerfield", "zip": "01342"})).json()
    assert [(one["vacant"], bool(one["name"])) for one in body["legislators"]] == [(False, True), (True, False)]


@pytest.mark.parametrize("unknown", ["leader:nobody", "committee:No Such Committee"])
async def test_a_recipient_whom_the_roster_does_not_know_hides_nobody_else(start: OpenRelay, unknown: str) -> None:
    """Letters wait until the operator has seen to it; who represents an address is known all the same."""
    relay = await start(campaign(recipients=("senator", unknown)))
    answer = await relay.client.post(LEGISLATORS, data={"city": "Chelsea", "zip": "02150"})
    assert answer.status_code == 200
    body = answer.json()
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
async def test_what_is_not_certain_is_said(relay: Relay, address: dict[str, str], status: str) -> None:
    answer = await relay.client.post(LEGISLATORS, data=address)
    assert answer.status_code == 200
    assert answer.json()["status"] == status
    assert answer.json()["legislators"] == []


async def test_a_place_on_the_map_gives_districts_and_a_proof(relay: Relay) -> None:
    body = (await relay.client.post(LEGISLATORS, data=STATE_HOUSE)).json()
    assert body["status"] == "matched"
    assert body["districts"]["house"]["name"] == "8th Suffolk"
    assert body["proof"]
    assert "42.35" not in str(body)


@pytest.mark.parametrize(
    "place", [{"lat": "x", "lon": "1"}, {"lat": "42"}, {"lat": "nan", "lon": "1"}, {"lat": "91", "lon": "0"}]
)
async def test_a_place_that_is_none_is_a_fault(relay: Relay, place: dict[str, str]) -> None:
    answer = await relay.client.post(LEGISLATORS, data=place)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "lat"


async def test_a_place_elsewhere_is_not_found(relay: Relay) -> None:
    body = (await relay.client.post(LEGISLATORS, data={"lat": "40.7", "lon": "-74.0"})).json()
    assert (body["status"], body["reason"]) == ("not_found", "other_state")


async def test_lookups_are_for_known_campaigns_and_not_without_end(relay: Relay) -> None:
    assert (await relay.client.post("/campaigns/no-such/legislators", data={"city": "Chelsea"})).status_code == 404
    answers = [await relay.client.post(LEGISLATORS, data={"city": "Chelsea"}) for _ in range(61)]
    assert answers[-1].status_code == 429
    assert "retry-after" in answers[-1].headers


# --- the proof of a place ---


def proof(senate: str, house: str, *, key: bytes = SECRET_KEY, late: bool = False) -> str:
    now = datetime.now(UTC) - timedelta(hours=late)
    return sign_proof(open_state(shipped("ma")), Pair(senate, house), Keys([key]), now)


async def test_a_proof_answers_which_district(relay: Relay) -> None:
    offered = (await relay.post(GAP, **JSON)).json()["choices"][2]["districts"]
    pair = (offered["senate"]["name"], offered["house"]["name"])
    assert (await relay.post(GAP | {"district_proof": proof(*pair)})).status_code == 303
    assert {letter.district for letter in await relay.letters()} == set(pair)


async def test_a_proof_from_another_town_does_not_count(relay: Relay) -> None:
    answer = await relay.post(GAP | {"district_proof": proof("Cape and Islands", "4th Barnstable")}, **JSON)
    assert answer.status_code == 422
    assert await relay.letters() == []


@pytest.mark.parametrize("broken", [{"key": b"x" * 32}, {"late": True}])
async def test_a_proof_that_is_not_ours_or_is_over_does_not_count(relay: Relay, broken: dict[str, object]) -> None:
    offered = (await relay.post(GAP, **JSON)).json()["choices"][0]["districts"]
    made = proof(offered["senate"]["name"], offered["house"]["name"], **broken)  # type: ignore[arg-type]
    assert (await relay.post(GAP | {"district_proof": made})).status_code == 422


# --- participants ---


async def write(relay: Relay, people: int) -> None:
    for number in range(people):
        who = {"email": f"p{number}@mail.example", "first_name": f"P{number}", "public_name": "1"}
        assert (await relay.post(CHELSEA | who)).status_code == 303


async def test_a_few_are_not_counted_and_the_newest_are_not_named(relay: Relay) -> None:
    await write(relay, 4)
    assert (await relay.client.get(PARTICIPANTS)).json() == {"count": None, "goal": None, "recent": []}
    await relay.post(CHELSEA | {"email": "p5@mail.example"})
    assert (await relay.client.get(PARTICIPANTS)).json() == {"count": 5, "goal": None, "recent": []}


async def test_those_who_ticked_the_box_are_named_with_their_town_the_newest_first(start: OpenRelay) -> None:
    relay = await start(campaign(goal=100), discretion=Discretion(timedelta(0), 5))
    await write(relay, 5)
    await relay.post(CHELSEA | {"first_name": "Shy", "email": "shy@mail.example"})
    body = (await relay.client.get(PARTICIPANTS)).json()
    assert (body["count"], body["goal"]) == (6, 100)
    assert [(one["name"], one["town"]) for one in body["recent"]] == [(f"P{n}", "Chelsea") for n in (4, 3, 2, 1, 0)]


async def test_a_campaign_may_show_no_names(start: OpenRelay) -> None:
    relay = await start(campaign(participants="none"), discretion=Discretion(timedelta(0), 0))
    await write(relay, 1)
    assert (await relay.client.get(PARTICIPANTS)).json() == {"count": 1, "goal": None, "recent": []}


async def test_what_is_known_is_not_sent_again(relay: Relay) -> None:
    answer = await relay.client.get(PARTICIPANTS)
    etag = answer.headers["etag"]
    assert "public" in answer.headers["cache-control"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = await relay.client.get(PARTICIPANTS, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert (await relay.client.get(PARTICIPANTS, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_participants_of_nothing_are_not_found(relay: Relay) -> None:
    assert (await relay.client.get("/campaigns/no-such/participants")).status_code == 404


# --- health ---


async def test_alive_and_ready(relay: Relay) -> None:
    assert (await relay.client.get("/healthz")).text == "ok\n"
    answer = await relay.client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert answer.json()["checks"]["manifest"] == "ok"


async def test_a_broken_new_manifest_is_said_while_the_old_one_serves(relay: Relay) -> None:
    relay.publish_raw(b"{")
    answer = await relay.client.get("/readyz")
    assert answer.status_code == 200
    assert "not a campaign manifest" in answer.json()["checks"]["manifest"]
    assert (await relay.post(CHELSEA)).status_code == 303


async def test_without_a_manifest_it_is_alive_but_not_ready(start: OpenRelay) -> None:
    relay = await start(raw=b"{")
    assert (await relay.client.get("/healthz")).status_code == 200
    answer = await relay.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert (await relay.post(CHELSEA)).status_code == 503
    relay.publish(campaign())
    assert (await relay.post(CHELSEA)).status_code == 303


async def test_letters_that_do_not_get_away_are_said_while_posts_are_still_taken(relay: Relay) -> None:
    assert (await relay.client.get("/readyz")).json()["checks"]["sending"] == "ok"
    outbox = await open_outbox(relay.settings)
    post = submission(at=datetime.now(UTC) - timedelta(hours=2))
    await outbox.accept(post, letters(post), None, "never")
    await outbox.close()
    answer = await relay.client.get("/readyz")
    assert answer.status_code == 200
    assert f"since {post.accepted_at:%Y-%m-%d %H:%M} UTC" in answer.json()["checks"]["sending"]


async def test_figures_for_prometheus_are_about_letters_and_never_about_people(relay: Relay) -> None:
    await relay.client.post("/campaigns/open-libraries/letters", data=CHELSEA, headers=JSON)
    answer = await relay.client.get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'beaconpost_letters{state="queued"} 3\n' in answer.text
    assert "beaconpost_pauses 0\n" in answer.text
    for secret in (CHELSEA["email"], CHELSEA["last_name"]):
        assert secret not in answer.text
