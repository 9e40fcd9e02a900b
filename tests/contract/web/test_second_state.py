"""A campaign of a state that nobody wrote a line of code for, from the post to the letter."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from boundaries.builder.compile import build
from boundaries.builder.describe import describe
from boundaries.builder.recipe import make_recipe
from relay.app import open_outbox, open_relay
from relay.contract import dump_manifest
from relay.settings import load
from tests.unit.boundaries.zedland import named
from tests.unit.relay.samples import campaign, manifest

pytestmark = pytest.mark.anyio


async def test_a_letter_of_another_state_reaches_its_own_two_members(tmp_path: Path) -> None:
    content, given = describe(named(tmp_path))
    build(make_recipe(tmp_path / "zz/recipe.json", content, tmp_path, given), tmp_path / "zz", lambda _: None)
    (tmp_path / "campaigns.json").write_bytes(dump_manifest(manifest(campaign(state="zz"))))
    settings = replace(
        load({}), campaigns=str(tmp_path / "campaigns.json"), boundaries=tmp_path, database=tmp_path / "relay.db",
        relay_url="https://relay.example", secret_keys=(b"k" * 32,),
    )  # fmt: skip
    typed = {"first_name": "Ana", "last_name": "Silva", "email": "ana@mail.example", "street": "120 Long Row",
             "city": "Mid", "zip": "00000"}  # fmt: skip
    async with open_relay(settings, with_worker=False) as app:
        client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="https://relay.example")
        async with client:
            answer = await client.post(
                "/campaigns/open-libraries/letters", data=typed, headers={"Accept": "application/json"}
            )
    assert answer.status_code == 202, answer.text
    outbox = await open_outbox(settings)
    try:
        claims = await outbox.claim("capture", datetime.now(UTC), timedelta(minutes=5), 10)
    finally:
        await outbox.close()
    assert [claim.letter.to_email for claim in claims if claim.letter.kind == "legislator"] == [
        "ann.day@legislature.example",
        "cy.roe@legislature.example",
    ]
