"""`/healthz`, `/readyz` and `/metrics`: what anybody may see, and what operators see."""

import asyncio
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from relay.assembly import open_outbox
from relay.outbox import Claim
from relay.web.backlog import Prepared
from tests.contract.web.client import open_client, read_checks
from tests.contract.web.conftest import OpenRelay, Relay
from tests.samples.campaigns import campaign, publish
from tests.samples.letters import letters, submission
from tests.samples.people import CHELSEA
from tests.samples.settings import JSON, OPERATOR, relay_settings

pytestmark = pytest.mark.anyio
BLOCKED = "550 5.7.1 <ana@mail.example>: blocked, see https://blocklist.example"


async def claim(relay: Relay) -> list[Claim]:
    """Claim every queued letter and leave it unsent."""
    outbox = await open_outbox(relay.settings)
    try:
        return await outbox.claim("capture", datetime.now(UTC), timedelta(minutes=5), 100)
    finally:
        await outbox.close()


async def test_anybody_learns_that_it_is_alive_and_ready_and_nothing_else(relay: Relay) -> None:
    assert (await relay.client.get("/healthz")).text == "ok\n"
    response = await relay.client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"ready": True}
    wrong = await relay.client.get("/readyz", headers={"Authorization": "Bearer wrong"})
    assert wrong.json() == {"ready": True}


async def test_an_operator_also_gets_the_checks(relay: Relay) -> None:
    response = await relay.client.get("/readyz", headers=OPERATOR)
    assert response.json()["ready"] is True
    assert response.json()["checks"]["manifest"] == "ok"
    assert response.json()["checks"]["letters"] == "none"
    assert response.json()["checks"]["sending"] == "ok"
    assert response.json()["checks"]["erased after"].startswith("7 days")


async def test_a_broken_new_manifest_is_reported_while_the_old_one_serves(relay: Relay) -> None:
    relay.publish_raw(b"{")
    response = await relay.client.get("/readyz")
    assert response.status_code == 200
    assert "not a campaign manifest" in (await read_checks(relay.client))["manifest"]
    assert (await relay.post(CHELSEA)).status_code == 303


async def test_a_disk_that_runs_full_takes_no_new_letters_and_sends_what_was_accepted(tmp_path: Path) -> None:
    publish(tmp_path)
    settings = relay_settings(tmp_path)
    free = shutil.disk_usage(tmp_path).free
    async with open_client(settings) as client:
        assert (await client.post("/campaigns/open-libraries/letters", data=CHELSEA)).status_code == 303
    async with open_client(settings, disk_floor=2 * free, with_worker=True) as client:
        refused = await client.post("/campaigns/open-libraries/letters", data=CHELSEA | {"message": "My own words"})
        assert refused.status_code == 503
        assert "My own words" in refused.text  # nothing that was typed is lost
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()) == (503, {"ready": False})
        assert "no new letters are taken" in (await read_checks(client))["store"]
        outbox = await open_outbox(settings)
        async with asyncio.timeout(30):
            while await outbox.count_by_status() != {"sent": 3}:  # what was accepted is safe
                pass
        await outbox.close()
    async with open_client(settings) as client:
        assert (await client.get("/readyz")).status_code == 200
        again = await client.post("/campaigns/open-libraries/letters", data=CHELSEA | {"message": "My own words"})
        assert again.status_code == 303


async def test_without_a_manifest_it_is_alive_but_not_ready(start: OpenRelay) -> None:
    relay = await start(raw=b"{")
    assert (await relay.client.get("/healthz")).status_code == 200
    response = await relay.client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"ready": False}
    assert (await relay.post(CHELSEA)).status_code == 503
    relay.publish(campaign())
    assert (await relay.post(CHELSEA)).status_code == 303


async def test_a_relay_that_no_campaign_can_be_written_through_is_not_ready(start: OpenRelay) -> None:
    relay = await start(campaign(state="zz"))
    assert (await relay.client.get("/readyz")).status_code == 503
    assert "no boundaries for state 'zz'" in (await read_checks(relay.client))["campaign open-libraries"]
    other = await start(campaign(state="zz"), campaign(slug="good"))
    assert (await other.client.get("/readyz")).status_code == 200  # one of them can be


async def test_a_site_that_is_built_for_another_address_is_told(tmp_path: Path) -> None:
    publish(tmp_path)
    for site_url, status in (("https://site.example", 200), ("https://www.site.example", 503)):
        async with open_client(relay_settings(tmp_path, site_url=site_url)) as client:
            assert (await client.get("/readyz")).status_code == status
            assert ("posts from them are refused" in (await read_checks(client)).get("site", "")) == (status == 503)


async def test_stuck_letters_are_reported_while_posts_are_accepted(relay: Relay) -> None:
    outbox = await open_outbox(relay.settings)
    post = submission(at=datetime.now(UTC) - timedelta(hours=2))
    await outbox.accept(post, letters(post), None, "never")
    await outbox.close()
    assert (await relay.client.get("/readyz")).status_code == 200
    assert f"since {post.accepted_at:%Y-%m-%d %H:%M} UTC" in (await read_checks(relay.client))["sending"]


async def test_small_counts_are_hidden_and_exact_zeros_are_not(relay: Relay) -> None:
    await relay.client.post("/campaigns/open-libraries/letters", data=CHELSEA, headers=JSON)
    assert (await read_checks(relay.client))["letters"] == "under 5 queued"
    response = await relay.client.get("/metrics", headers=OPERATOR)
    assert 'state="queued"' not in response.text
    assert 'beaconpost_letters{state="sent"} 0\n' in response.text


async def test_metrics_are_about_letters_never_about_people(relay: Relay) -> None:
    for number in (1, 2):
        fields = CHELSEA | {"email": f"ana{number}@mail.example"}
        await relay.client.post("/campaigns/open-libraries/letters", data=fields, headers=JSON)
    response = await relay.client.get("/metrics", headers=OPERATOR)
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'beaconpost_letters{state="queued"} 6\n' in response.text
    assert "beaconpost_pauses 0\n" in response.text
    for secret in (CHELSEA["email"], "mail.example", CHELSEA["last_name"]):
        assert secret not in response.text


async def test_metrics_tell_ages_and_outcomes_by_the_offices_mail_domain(relay: Relay) -> None:
    outbox, hours_ago = await open_outbox(relay.settings), datetime.now(UTC) - timedelta(hours=2)
    for number in range(10, 16):
        post = submission(number, at=hours_ago)
        await outbox.accept(post, letters(post), None, "never")
    claims = await outbox.claim("smtp", hours_ago, timedelta(hours=1), 100)
    for claim in claims:
        if claim.domain == "masenate.example":
            await outbox.settle(claim, "sent", hours_ago, None, "250 ok")
    for claim in claims[:2]:
        if claim.domain != "masenate.example":
            await outbox.settle(claim, "failed", hours_ago, None, "550 no")
    await outbox.close()
    text = (await relay.client.get("/metrics", headers=OPERATOR)).text
    assert 'beaconpost_attempts{domain="masenate.example",outcome="sent"} 6\n' in text
    assert 'outcome="failed"' not in text  # one is too few
    overdue = re.search(r'beaconpost_domain_overdue_seconds\{domain="mahouse.example"\} (\d+)', text)
    assert overdue
    assert 3_000 < int(overdue[1]) < 8_000


async def test_metrics_are_for_operators(relay: Relay) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}):
        response = await relay.client.get("/metrics", headers=headers)
        assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
        assert "beaconpost" not in response.text


@pytest.mark.parametrize(
    ("address", "headers", "trusted"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("203.0.113.7", {}, False),
        ("203.0.113.7", {"Authorization": "Bearer "}, False),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, False),
        ("127.0.0.1", {"Forwarded": "for=203.0.113.7"}, False),
        ("127.0.0.1", {"Via": "1.1 Caddy"}, False),
    ],
)
async def test_without_a_token_operators_are_on_this_machine(
    tmp_path: Path, address: str, headers: dict[str, str], trusted: bool
) -> None:
    publish(tmp_path)
    async with open_client(relay_settings(tmp_path, operator_token=""), address=address) as client:
        assert ("checks" in (await client.get("/readyz", headers=headers)).json()) is trusted
        assert ((await client.get("/metrics", headers=headers)).status_code == 200) is trusted


async def test_a_pause_shows_the_reply_code_without_the_servers_words(relay: Relay) -> None:
    for number in range(3):
        fields = CHELSEA | {"email": f"ana{number}@mail.example"}
        await relay.client.post("/campaigns/open-libraries/letters", data=fields, headers=JSON)
    claims = [claim for claim in await claim(relay) if claim.letter.to_email.endswith("@masenate.gov")]
    outbox = await open_outbox(relay.settings)
    for blocked in claims:
        await outbox.record_policy_block(blocked, datetime.now(UTC), BLOCKED)
    await outbox.pause("campaign", "open-libraries", "the organizer asked", datetime.now(UTC))
    await outbox.close()
    checks = await read_checks(relay.client)
    assert checks["paused domain masenate.gov"] == "550 5.7.1"
    assert checks["paused campaign open-libraries"] == "by hand"
    for response in (await relay.client.get("/readyz"), await relay.client.get("/metrics", headers=OPERATOR)):
        assert "blocklist" not in response.text
    assert "blocklist" not in str(checks)


async def test_a_store_that_cannot_be_read_makes_it_not_ready(relay: Relay) -> None:
    assert isinstance(relay.settings.database, Path)
    await relay.post(CHELSEA)
    relay.settings.database.with_name("beaconpost.db-wal").write_bytes(b"")
    relay.settings.database.write_bytes(b"not a database" * 10_000)
    response = await relay.client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"ready": False})


async def test_readings_are_shared_never_overlap_and_take_a_small_part_of_the_time() -> None:
    now, readings, overlapping = [0.0], 0, 0

    async def read() -> int:
        nonlocal readings, overlapping
        overlapping += 1
        assert overlapping == 1
        await asyncio.sleep(0)
        overlapping -= 1
        now[0] += 1
        readings += 1
        return readings

    prepared = Prepared(read, interval=3, clock=lambda: now[0])
    assert await asyncio.gather(*(prepared.get() for _ in range(32))) == [1] * 32
    now[0] += 19
    assert await prepared.get() == 1  # a reading took a second: at most one in twenty
    now[0] += 1
    assert await prepared.get() == 2


async def test_a_failed_reading_is_not_kept() -> None:
    answers = iter([OSError("gone"), None])

    async def read() -> str:
        if error := next(answers):
            raise error
        return "back"

    prepared = Prepared(read)
    with pytest.raises(OSError, match="gone"):
        await prepared.get()
    assert await prepared.get() == "back"
