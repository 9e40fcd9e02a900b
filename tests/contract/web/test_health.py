"""`/healthz`, `/readyz` and `/metrics`."""

from datetime import UTC, datetime, timedelta

import pytest

from relay.assembly import open_outbox
from tests.contract.web.conftest import OpenRelay, Relay
from tests.samples.campaigns import campaign
from tests.samples.letters import letters, submission
from tests.samples.people import CHELSEA
from tests.samples.settings import JSON

pytestmark = pytest.mark.anyio


async def test_a_healthy_relay_is_alive_and_ready(relay: Relay) -> None:
    assert (await relay.client.get("/healthz")).text == "ok\n"
    response = await relay.client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["ready"] is True
    assert response.json()["checks"]["manifest"] == "ok"


async def test_a_broken_new_manifest_is_reported_while_the_old_one_serves(relay: Relay) -> None:
    relay.publish_raw(b"{")
    response = await relay.client.get("/readyz")
    assert response.status_code == 200
    assert "not a campaign manifest" in response.json()["checks"]["manifest"]
    assert (await relay.post(CHELSEA)).status_code == 303


async def test_without_a_manifest_it_is_alive_but_not_ready(start: OpenRelay) -> None:
    relay = await start(raw=b"{")
    assert (await relay.client.get("/healthz")).status_code == 200
    response = await relay.client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["ready"] is False
    assert (await relay.post(CHELSEA)).status_code == 503
    relay.publish(campaign())
    assert (await relay.post(CHELSEA)).status_code == 303


async def test_stuck_letters_are_reported_while_posts_are_accepted(relay: Relay) -> None:
    assert (await relay.client.get("/readyz")).json()["checks"]["sending"] == "ok"
    outbox = await open_outbox(relay.settings)
    post = submission(at=datetime.now(UTC) - timedelta(hours=2))
    await outbox.accept(post, letters(post), None, "never")
    await outbox.close()
    response = await relay.client.get("/readyz")
    assert response.status_code == 200
    assert f"since {post.accepted_at:%Y-%m-%d %H:%M} UTC" in response.json()["checks"]["sending"]


async def test_metrics_are_about_letters_never_about_people(relay: Relay) -> None:
    await relay.client.post("/campaigns/open-libraries/letters", data=CHELSEA, headers=JSON)
    response = await relay.client.get("/metrics")
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'beaconpost_letters{state="queued"} 3\n' in response.text
    assert "beaconpost_pauses 0\n" in response.text
    for secret in (CHELSEA["email"], CHELSEA["last_name"]):
        assert secret not in response.text
