"""A campaign in a state without a line of code of its own, from the post to the letters."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from boundaries.builder.release.compile import build
from boundaries.builder.sources.new_recipe import draft_recipe
from boundaries.builder.sources.recipe import make_recipe
from relay.assembly import open_outbox
from relay.settings import Settings, SmtpServer
from tests.contract.web.client import mailed_link, open_client, read_checks
from tests.samples.campaigns import campaign, publish
from tests.samples.people import ANA
from tests.samples.settings import JSON, relay_settings
from tests.unit.boundaries.zedland import MEMBERS, named, one_chamber, write_people

pytestmark = pytest.mark.anyio


TYPED = ANA | {"street": "120 Long Row", "city": "Mid", "zip": "00000"}


def build_state(folder: Path, **options: object) -> Settings:
    """Build Zedland in `folder`; return the settings of a relay that has it."""
    content, given = draft_recipe(named(folder, **options))
    build(make_recipe(folder / "zz/recipe.json", content, folder, given), folder / "zz", lambda _: None)
    publish(folder, campaign(state="zz"))
    return relay_settings(folder, boundaries=folder)


async def send(settings: Settings, **typed: str) -> tuple[list[str], str]:
    """Write; return the recipients and the thank-you page."""
    async with open_client(settings) as client:
        response = await client.post("/campaigns/open-libraries/letters", data=TYPED | typed, headers=JSON)
        assert response.status_code == 202, response.text
        page = (await client.get(mailed_link(response.json()["receipt"]))).text
    return await waiting_letters(settings), page


async def waiting_letters(settings: Settings) -> list[str]:
    outbox = await open_outbox(settings)
    try:
        claims = await outbox.claim("smtp" if settings.smtp else "capture", datetime.now(UTC), timedelta(minutes=5), 10)
    finally:
        await outbox.close()
    return [claim.letter.to_email for claim in claims if claim.letter.kind == "legislator"]


async def test_a_letter_in_another_state_reaches_its_two_members(tmp_path: Path) -> None:
    to, _ = await send(build_state(tmp_path))
    assert to == ["ann.day@legislature.example", "cy.roe@legislature.example"]


async def test_each_member_of_a_multi_member_district_gets_a_letter(tmp_path: Path) -> None:
    people = write_people(tmp_path / "five.csv", MEMBERS | {"Ed Law": ("lower", "10")})
    settings = build_state(tmp_path, people=people, members=["house=2"], vacant=["house:11"])
    async with open_client(settings) as client:
        where = {"street": "120 Long Row", "city": "Mid"}
        response = await client.post("/campaigns/open-libraries/legislators", data=where)
        call = await client.post("/campaigns/open-libraries/call", data=where)
    assert "Ed Law" in call.text
    assert "more than one district" not in call.text
    assert [member["name"] for member in response.json()["legislators"]] == ["Ann Day", "Cy Roe", "Ed Law"]
    assert response.json()["names"]["house"] == "Representative Cy Roe, Representative Ed Law, 10"
    to, page = await send(settings)
    assert to == ["ann.day@legislature.example", "cy.roe@legislature.example", "ed.law@legislature.example"]
    for name in ("Ann Day", "Cy Roe", "Ed Law"):
        assert page.count(f"<bdi>{name}</bdi>") == 1
    assert "vacant" not in page


async def test_a_district_over_others_gets_a_letter_and_a_call_of_its_own(tmp_path: Path) -> None:
    over = {"Ed Law": ("lower", "12"), "Flo Ray": ("upper", "At-Large")}
    people = write_people(tmp_path / "over.csv", MEMBERS | over)
    options = {"people": people, "over": ["house:12=10,11", "senate:At-Large=*"], "members": ["senate:At-Large=2"]}
    settings = build_state(tmp_path, **options, vacant=["senate:At-Large"])
    async with open_client(settings) as client:
        response = await client.post("/campaigns/open-libraries/legislators", data=TYPED)
        call = await client.post("/campaigns/open-libraries/call", data=TYPED)
    assert [(member["name"], member["district"]) for member in response.json()["legislators"]] == [
        ("Ann Day", "1"), ("Flo Ray", "At-Large"), ("", "At-Large"), ("Cy Roe", "10"), ("Ed Law", "12"),
    ]  # fmt: skip
    assert response.json()["names"] == {
        "senate": "Senator Ann Day, 1; Senator Flo Ray, At-Large",
        "house": "Representative Cy Roe, 10; Representative Ed Law, 12",
    }
    assert all(name in call.text for name in ("Ann Day", "Flo Ray", "Cy Roe", "Ed Law"))
    to, page = await send(settings)
    assert to == [f"{name}@legislature.example" for name in ("ann.day", "flo.ray", "cy.roe", "ed.law")]
    assert page.count("This seat is vacant, so no letter went there.") == 1


async def test_a_unicameral_legislature_works_for_letters_choices_and_calls(tmp_path: Path) -> None:
    settings = build_state(tmp_path, **one_chamber(tmp_path))
    publish(tmp_path, campaign(state="zz", recipients=("senator",)))
    unsure = TYPED | {"street": "12 New Rd"}
    async with open_client(settings) as client:
        asked = await client.post("/campaigns/open-libraries/letters", data=unsure)
        assert asked.status_code == 422
        assert asked.text.count('type="radio" form="letter" name="district_senate"') == 2
        assert "district_house" not in asked.text
        body = (await client.post("/campaigns/open-libraries/legislators", data=unsure)).json()
        assert [choice["districts"].keys() for choice in body["choices"]] == [{"senate"}, {"senate"}]
        body = (await client.post("/campaigns/open-libraries/legislators", data=TYPED)).json()
        assert (body["districts"].keys(), len(body["legislators"])) == ({"senate"}, 1)
        call = await client.post("/campaigns/open-libraries/call", data=TYPED)
        assert "Ann Day" in call.text
        chosen = await client.post("/campaigns/open-libraries/letters", data=unsure | {"district_senate": "2"})
        assert chosen.status_code == 303
    to, page = await send(settings, email="bea@mail.example")
    assert to == ["bo.fox@legislature.example", "ann.day@legislature.example"]
    assert "vacant" not in page


async def test_a_campaign_for_a_chamber_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    settings = build_state(tmp_path, **one_chamber(tmp_path))
    async with open_client(settings) as client:
        checks = await read_checks(client)
    assert "Zedland has one chamber" in checks["campaign open-libraries"]


async def test_a_vacancy_next_to_a_member_is_mentioned(tmp_path: Path) -> None:
    settings = build_state(tmp_path, members=["house=2"], vacant=["house:10", "house:11"])
    to, page = await send(settings)
    assert to == ["ann.day@legislature.example", "cy.roe@legislature.example"]
    assert page.count("This seat is vacant, so no letter went there.") == 1


async def test_an_office_without_an_email_address_is_mentioned_and_the_other_gets_a_letter(tmp_path: Path) -> None:
    people = write_people(tmp_path / "silent.csv")
    people.write_text(people.read_text().replace("cy.roe@legislature.example", ""))
    settings = build_state(tmp_path, people=people, no_email=["house:10"])
    to, page = await send(settings)
    assert to == ["ann.day@legislature.example"]
    assert "This office has no e-mail address, so no letter went there." in page


async def test_letters_held_for_a_multi_member_district_go_to_its_members(tmp_path: Path) -> None:
    people = write_people(tmp_path / "five.csv", MEMBERS | {"Ed Law": ("lower", "10")})
    settings = build_state(tmp_path, people=people, members=["house=2"], vacant=["house:11"])
    settings = replace(settings, smtp=SmtpServer("localhost", 1, "", "", "none"))
    described = tmp_path / "zz" / "state.json"
    fresh = described.read_text()
    described.write_text(json.dumps(json.loads(fresh) | {"roster_date": "2020-01-01"}))
    (tmp_path / "zz" / "terms.csv").write_text("chamber,district,starts,ends,note\nhouse,,2023-01-01,2099-01-01,\n")
    to, page = await send(settings)
    assert to == ["ann.day@legislature.example"]
    assert page.count("Waiting: a new term has begun.") == 2
    described.write_text(fresh)
    async with open_client(settings), asyncio.timeout(60):
        while len(to) < 3:
            to += await waiting_letters(settings)
            await asyncio.sleep(0)
    assert sorted(to) == ["ann.day@legislature.example", "cy.roe@legislature.example", "ed.law@legislature.example"]
