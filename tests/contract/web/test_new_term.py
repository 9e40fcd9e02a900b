"""After a term's last day letters are accepted, held, and sent to the members in the newer roster."""

import asyncio
import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import httpx2
import pytest

from boundaries.data import shipped
from relay.assembly import open_outbox
from relay.outbox import CampaignSeat, LetterFilter
from relay.settings import Settings, SmtpServer
from tests.contract.web.client import mailed_link, open_client, read_checks
from tests.samples.campaigns import campaign, publish
from tests.samples.people import CHELSEA
from tests.samples.settings import JSON, relay_settings

pytestmark = pytest.mark.anyio


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A relay that has a mail server but no worker, with a roster from before the term began."""
    shutil.copytree(shipped("ma"), tmp_path / "states" / "ma")
    described = tmp_path / "states" / "ma" / "state.json"
    content = json.loads(described.read_text())
    described.write_text(json.dumps(content | {"roster_date": "2024-11-20"}))
    publish(tmp_path)
    smtp = SmtpServer("localhost", 1, "", "", "none")
    return relay_settings(tmp_path, boundaries=tmp_path / "states", smtp=smtp)


async def until_not_waiting(client: httpx2.AsyncClient, receipt: str) -> None:
    async with asyncio.timeout(60):
        while "Waiting: a new term" in (await client.get(mailed_link(receipt))).text:
            pass


async def seats_waiting(settings: Settings) -> list[CampaignSeat]:
    outbox = await open_outbox(settings)
    try:
        return await outbox.seats_awaiting_roster()
    finally:
        await outbox.close()


async def test_letters_are_held_for_the_roster_which_their_writer_sees_and_then_sent(settings: Settings) -> None:
    async with open_client(settings) as client:
        response = await client.post("/campaigns/open-libraries/letters", data=CHELSEA, headers=JSON)
        assert response.status_code == 202
        page = await client.get(response.json()["receipt"])
        assert "Waiting: a new term has begun." in page.text
        assert "vacant" not in page.text
        assert len(await seats_waiting(settings)) == 2
    async with open_client(replace(settings, boundaries=None)) as client:
        await until_not_waiting(client, response.json()["receipt"])  # it checks at startup and then hourly
    outbox = await open_outbox(settings)
    lines = await outbox.list_letters(LetterFilter(), 9)
    claims = await outbox.claim("smtp", lines[0].changed_at, timedelta(minutes=5), 9)
    await outbox.close()
    assert {line.status for line in lines} == {"queued"}
    assert sorted(claim.letter.kind for claim in claims) == ["legislator", "legislator", "receipt"]
    assert all("[Legislator]" not in claim.letter.body and claim.letter.to_email for claim in claims)


async def test_letters_to_chairs_and_leaders_wait_for_the_roster_too(settings: Settings, tmp_path: Path) -> None:
    wide = campaign(recipients=("representative", "committee:Judiciary", "leader:speaker"))
    publish(tmp_path, wide)
    async with open_client(settings) as client:
        response = await client.post("/campaigns/open-libraries/letters", data=CHELSEA, headers=JSON)
        page = await client.get(response.json()["receipt"])
        assert "Chair of Judiciary" in page.text
        assert page.text.count("Waiting: a new term has begun.") == 4
    assert {seat.district for seat in await seats_waiting(settings) if not seat.chamber} == {
        "committee:Judiciary senate", "committee:Judiciary house", "leader:speaker house",
    }  # fmt: skip
    async with open_client(replace(settings, boundaries=None)) as client:
        await until_not_waiting(client, response.json()["receipt"])
    outbox = await open_outbox(settings)
    lines = await outbox.list_letters(LetterFilter(), 9)
    claims = await outbox.claim("smtp", lines[0].changed_at, timedelta(minutes=5), 9)
    await outbox.close()
    assert sorted(claim.letter.kind for claim in claims) == [
        "committee",
        "committee",
        "leader",
        "legislator",
        "receipt",
    ]
    assert all("[Legislator]" not in claim.letter.body and claim.letter.to_email for claim in claims)


async def test_letters_to_an_unfilled_office_stay_held(settings: Settings, tmp_path: Path) -> None:
    publish(tmp_path, campaign(recipients=("leader:speaker",)))
    async with open_client(settings) as client:
        await client.post("/campaigns/open-libraries/letters", data=CHELSEA, headers=JSON)
    shutil.copytree(shipped("ma"), tmp_path / "newer" / "ma")
    (tmp_path / "newer" / "ma" / "leadership.csv").write_text("role,person_id\n")
    async with open_client(replace(settings, boundaries=tmp_path / "newer")) as client:
        await client.get("/readyz")
    assert [seat.district for seat in await seats_waiting(settings)] == ["leader:speaker house"]


async def test_an_operator_may_vouch_for_the_roster(settings: Settings) -> None:
    async with open_client(replace(settings, trust_roster=date(9999, 1, 1))) as client:
        await client.post("/campaigns/open-libraries/letters", data=CHELSEA, headers=JSON)
    assert await seats_waiting(settings) == []


async def test_a_relay_that_sends_nothing_only_warns(settings: Settings) -> None:
    async with open_client(replace(settings, smtp=None)) as client:
        await client.post("/campaigns/open-libraries/letters", data=CHELSEA, headers=JSON)
        checks = await read_checks(client)
    assert await seats_waiting(settings) == []
    assert "boundaries update" in checks["roster ma"]
