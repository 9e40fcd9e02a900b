"""Testimony: to the committee's address in the notice, bill and position first, until a moment, with a PDF to keep."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from boundaries.data import shipped
from boundaries.state import open_state
from relay.letters.addressees import find_obstacle
from relay.letters.testimony_pdf import can_show
from relay.letters.wording import write_testimony
from tests.contract.web.client import mailed_link, open_client
from tests.contract.web.conftest import Relay
from tests.samples.campaigns import campaign, heard, publish
from tests.samples.people import CHELSEA
from tests.samples.settings import JSON, relay_settings
from theme.manifest import Campaign
from theme.recipients import UnknownRecipient, parse_recipient
from theme.testimony import Position

pytestmark = pytest.mark.anyio

DEADLINE = datetime(2026, 3, 12, 17)  # noqa: DTZ001  (in New York)
ON_TIME = datetime(2026, 3, 12, 21, 0, tzinfo=UTC)  # 5 p.m. there, in daylight time
TOO_LATE = ON_TIME + timedelta(seconds=1)
PAGE = "/campaigns/open-libraries"
PUBLIC = "Testimony is a public record."


def written(position: Position = "support", **changed: Any) -> Campaign:  # noqa: ANN401
    given = heard(slug="open-libraries")
    assert given.testimony
    about = structs.replace(given.testimony, position=position, deliver_by=DEADLINE)
    return structs.replace(given, testimony=about, **changed)


class Clock:
    def __init__(self) -> None:
        self.now = ON_TIME

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def serving(folder: Path, clock: Clock, *campaigns: Campaign) -> AsyncIterator[Relay]:
    publish(folder, *(campaigns or (written(),)))
    settings = relay_settings(folder, recipient_domains=frozenset({"libraries.example"}))
    async with open_client(settings, clock=clock) as client:
        yield Relay(client, settings)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def relay(tmp_path: Path, clock: Clock) -> AsyncIterator[Relay]:
    async with serving(tmp_path, clock) as relay:
        yield relay


async def test_it_goes_to_the_committee_with_bill_and_position_first(relay: Relay) -> None:
    assert (await relay.post(CHELSEA)).status_code == 303
    (letter,) = await relay.letters()
    assert (letter.to_name, letter.to_email) == ("Joint Committee on Libraries", "desk@libraries.example")
    assert letter.subject == "Testimony in support of H.1 and S.2: Please open the libraries"
    assert letter.body.startswith(
        "Testimony in support of H.1 and S.2. Hearing: March 10, 2026, 1 p.m., Room A-2. I live in Chelsea.\n\n"
        "Dear Chairs and Members,"
    )
    assert "in your district" not in letter.body


@pytest.mark.parametrize(("position", "head"), [("oppose", "Testimony in opposition to"), ("neutral", "Neutral test")])
async def test_each_position_is_said(position: Position, head: str, tmp_path: Path, clock: Clock) -> None:
    async with serving(tmp_path, clock, written(position)) as relay:
        await relay.post(CHELSEA | {"subject": "Mine"})
        (letter,) = await relay.letters()
        assert letter.subject.startswith(head)
        assert letter.subject.endswith(": Mine")
        assert letter.body.startswith(head)


async def test_that_it_is_public_is_said_before_send_in_every_language(relay: Relay) -> None:
    for tag, words in (("en", PUBLIC), ("es", "El testimonio es un registro público.")):
        page = (await relay.client.post(f"{PAGE}/preview", data=CHELSEA | {"lang": tag})).text
        assert 0 < page.index(words) < page.index('id="send"')
        assert "March 10, 2026, 1 p.m., Room A-2" in page


async def test_it_is_taken_until_the_last_second_and_not_after(relay: Relay, clock: Clock) -> None:
    assert (await relay.post(CHELSEA)).status_code == 303
    assert (await relay.client.get(f"{PAGE}/participants")).json()["over"] is False
    clock.now = TOO_LATE
    late = await relay.post(CHELSEA | {"message": "My own late words."})
    assert late.status_code == 409
    assert "The deadline for written testimony has passed. Nothing was sent." in late.text
    assert "My own late words." in late.text  # nothing typed is lost
    assert 'id="letter"' not in late.text  # no form any more
    assert (await relay.client.get(f"{PAGE}/participants")).json()["over"] is True
    assert len(await relay.letters()) in (0, 1)


async def test_a_script_is_told_in_the_visitors_language(relay: Relay, clock: Clock) -> None:
    clock.now = TOO_LATE
    for path in ("letters", "preview"):
        answer = await relay.client.post(f"{PAGE}/{path}", data=CHELSEA | {"lang": "es"}, headers=JSON)
        assert answer.status_code == 409
        assert answer.json()["detail"].startswith("El plazo para el testimonio escrito")


async def test_a_yes_after_the_deadline_sends_nothing_and_the_page_says_so(tmp_path: Path, clock: Clock) -> None:
    async with serving(tmp_path, clock, written(confirm="always")) as relay:
        link = mailed_link((await relay.post(CHELSEA)).headers["location"])
        (mail,) = await relay.mails()
        assert "Testimony is taken until March 12, 2026, 5:00\u202fPM (EDT). Without your yes" in mail.body
        clock.now = TOO_LATE
        for answer in (await relay.client.get(link), await relay.client.post(link, data={"action": "confirm"})):
            assert answer.status_code == 200
            assert "Your yes did not come in time" in answer.text
            assert 'value="confirm"' not in answer.text
        assert await relay.mails() == []


async def test_a_yes_in_time_sends_it(tmp_path: Path, clock: Clock) -> None:
    async with serving(tmp_path, clock, written(confirm="always")) as relay:
        link = mailed_link((await relay.post(CHELSEA)).headers["location"])
        assert "Thank you. We have your yes" in (await relay.client.post(link, data={"action": "confirm"})).text


async def test_an_address_whose_domain_is_not_allowed_is_not_written_to() -> None:
    state = open_state(shipped("ma"))
    assert "libraries.example: to allow that, add the domain" in find_obstacle(written(), state, frozenset())
    assert find_obstacle(written(), state, frozenset({"libraries.example"})) == ""


async def test_a_relay_that_knows_no_testimony_refuses_this_campaign_alone() -> None:
    """An earlier release parses the recipient as this one parses any unknown word."""
    older = structs.replace(written(), testimony=None)
    assert parse_recipient("hearing") == UnknownRecipient("hearing")
    assert "older than the site" in find_obstacle(older, open_state(shipped("ma")), None)


async def test_the_receipt_offers_the_testimony_as_a_pdf_with_the_town_alone(relay: Relay) -> None:
    full = CHELSEA | {"street": "24 Broadway", "disclose": "full", "last_name": "Nguyễn"}
    receipt = (await relay.post(full)).headers["location"]
    assert f'href="{receipt}/testimony.pdf"' in (await relay.client.get(receipt)).text
    pdf = await relay.client.get(f"{receipt}/testimony.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.headers["cache-control"] == "no-store"
    assert pdf.content.startswith(b"%PDF-")
    assert b"24 Broadway" not in pdf.content


async def test_the_pdf_says_what_the_committee_reads(relay: Relay) -> None:
    """Its text is made by the function that is called here."""
    message = "Dear [Legislator],\n\nI live in [Town], in your district.\n\n[First Name] [Last Name]\n[Your Address]"
    await relay.post(CHELSEA | {"message": message})
    (letter,) = await relay.letters()
    known = {"Legislator": "Chairs and Members", "Town": "Chelsea", "Your Address": "Chelsea, MA"}
    subject, shown = write_testimony(written(), "A subject", message, ("Ana", "Silva"), known)
    assert subject == "A subject"
    assert shown == "Dear Chairs and Members,\n\nI live in Chelsea.\n\nAna Silva\nChelsea, MA"
    assert shown in letter.body


async def test_where_the_font_lacks_a_character_there_is_no_pdf_and_no_link(relay: Relay) -> None:
    receipt = (await relay.post(CHELSEA | {"reason": "请支持图书馆"})).headers["location"]
    assert "testimony.pdf" not in (await relay.client.get(receipt)).text
    assert (await relay.client.get(f"{receipt}/testimony.pdf")).status_code == 404
    assert can_show(["Nguyễn Thị Ánh, São João, Kreyòl è à"])
    assert not can_show(["العربية"])


async def test_an_erased_testimony_and_a_letter_have_no_pdf(relay: Relay, tmp_path: Path, clock: Clock) -> None:
    receipt = (await relay.post(CHELSEA)).headers["location"]
    await relay.client.post(receipt, data={"action": "erase"})
    assert (await relay.client.get(f"{receipt}/testimony.pdf")).status_code == 404
    assert (await relay.client.get("/receipts/unknown/testimony.pdf")).status_code == 404
    folder = tmp_path / "other"
    folder.mkdir()
    async with serving(folder, clock, campaign()) as other:
        letter = (await other.post(CHELSEA)).headers["location"]
        assert (await other.client.get(f"{letter}/testimony.pdf")).status_code == 404
