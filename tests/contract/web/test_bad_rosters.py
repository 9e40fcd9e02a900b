"""A relay whose roster.csv was corrected by hand, not quite rightly: it serves, and says what is wrong."""

import logging
import shutil
from pathlib import Path

import pytest

from boundaries.data import shipped
from relay.assembly import open_outbox
from relay.outbox import LetterFilter
from tests.contract.web.client import mailed_link, open_client, read_checks
from tests.samples.campaigns import campaign, publish
from tests.samples.people import CHELSEA
from tests.samples.settings import JSON, relay_settings

pytestmark = pytest.mark.anyio
JUDITH = "judith.garcia@mahouse.gov"


@pytest.mark.parametrize("email", [f"mailto:{JUDITH}", "..@mahouse.gov", "judith\u2019s@mahouse.gov", f'"{JUDITH}\n"'])
async def test_a_bad_address_stops_neither_the_relay_nor_the_letter_to_the_other_member(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, email: str
) -> None:
    roster = shutil.copytree(shipped("ma"), tmp_path / "states/ma") / "roster.csv"
    roster.write_text(roster.read_text("utf-8").replace(JUDITH, email), "utf-8")
    publish(tmp_path, campaign())
    settings = relay_settings(tmp_path, boundaries=tmp_path / "states")
    caplog.set_level(logging.WARNING, "beaconpost")
    async with open_client(settings) as client:
        checks = await read_checks(client)
        found = (await client.post("/campaigns/open-libraries/legislators", data=CHELSEA)).json()
        response = await client.post("/campaigns/open-libraries/letters", data=CHELSEA, headers=JSON)
        assert response.status_code == 202, response.text
        page = (await client.get(mailed_link(response.json()["receipt"]))).text
    where = f"{roster}:16: "
    assert where in caplog.text
    assert "the address of Judith García; until then no letter goes there" in caplog.text
    assert checks["roster rows ma"].startswith(where)
    assert [office["name"] for office in found["legislators"]] == ["Sal DiDomenico", "Judith García"]
    assert "This office has no e-mail address, so no letter went there." in page
    assert "617-722-2011" in page
    outbox = await open_outbox(settings)
    letters = [line for line in await outbox.list_letters(LetterFilter(), 9) if line.kind == "legislator"]
    await outbox.close()
    assert [line.to_email for line in letters] == ["sal.didomenico@masenate.gov"]


async def test_a_member_without_a_family_name_is_greeted_by_the_whole_name(tmp_path: Path) -> None:
    roster = shutil.copytree(shipped("ma"), tmp_path / "states/ma") / "roster.csv"
    text = roster.read_text("utf-8").replace("Judith García,Judith,García", "Judith García,,")
    roster.write_text(text.replace("Sal DiDomenico,Sal,DiDomenico", "Teller,Teller,"), "utf-8")
    publish(tmp_path, campaign())
    async with open_client(relay_settings(tmp_path, boundaries=tmp_path / "states")) as client:
        page = (await client.post("/campaigns/open-libraries/preview", data=CHELSEA)).text
    assert "Dear Senator Teller," in page
    assert "Dear Representative Judith García," in page


async def test_a_vacancy_by_any_name_is_a_vacancy(tmp_path: Path) -> None:
    roster = shutil.copytree(shipped("ma"), tmp_path / "states/ma") / "roster.csv"
    text = roster.read_text("utf-8").replace("Judith García,Judith,García", "To Be Announced,To Be,Announced")
    roster.write_text(text, "utf-8")
    publish(tmp_path, campaign())
    async with open_client(relay_settings(tmp_path, boundaries=tmp_path / "states")) as client:
        response = await client.post("/campaigns/open-libraries/letters", data=CHELSEA, headers=JSON)
        page = (await client.get(mailed_link(response.json()["receipt"]))).text
    assert [office["title"] for office in response.json()["recipients"]] == ["Senator"]
    assert "This seat is vacant, so no letter went there." in page
    assert "Announced" not in page
