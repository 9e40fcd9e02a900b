"""Whoever lost the receipt has everything erased by a mailed link; the page tells nobody who wrote."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from relay.assembly import open_outbox
from relay.keys.signing import Keys
from relay.letters import Letter
from relay.outbox import LetterFilter
from tests.contract.web.client import open_client
from tests.contract.web.conftest import Relay
from tests.samples.campaigns import publish
from tests.samples.letters import NOON
from tests.samples.people import CHELSEA
from tests.samples.settings import JSON, SECRET_KEY, relay_settings

pytestmark = pytest.mark.anyio
PATH = "/letters/erase"
KEYS = f"{'00' * 32} {'00' * 32}"  # of a mailbox


async def link_to(relay: Relay, email: str) -> str:
    """Ask for the link and read it in the mail."""
    await relay.client.post(PATH, data={"email": email, "lang": "en"})
    (mail,) = [mail for mail in await relay.mails() if mail.kind == "erasure"]
    assert mail.to_email == email
    return path_in(mail)


def path_in(mail: Letter) -> str:
    found = re.search(r"https://relay\.example(/letters/erase/\S+)", mail.body)
    assert found
    return found[1]


async def test_the_mailed_link_erases_after_a_button(relay: Relay) -> None:
    receipt = (await relay.post(CHELSEA | {"public_name": "1"})).headers["location"]
    link = await link_to(relay, CHELSEA["email"])
    for _ in range(2):  # a scanner follows it
        assert "Erase it now" in (await relay.client.get(link)).text
    assert "Ana" in (await relay.client.get(receipt)).text
    done = await relay.client.post(link, data={"action": "erase"})
    assert "It is erased" in done.text
    assert "letters that had gone and cannot be called back: 2" in done.text  # a worker has them
    assert "Ana" not in (await relay.client.get(receipt)).text
    again = await relay.client.post(link, data={"action": "erase"})
    assert "cannot be called back:" not in again.text


async def test_the_mailed_page_also_ends_all_mail_to_the_mailbox(relay: Relay) -> None:
    """Whoever gets the mail may have neither written nor asked for it."""
    await relay.post(CHELSEA)
    link = await link_to(relay, CHELSEA["email"])
    assert "Never write to me again" in (await relay.client.get(link)).text
    never = await relay.client.post(link, data={"action": "opt_out"})
    assert "We do not write to this e-mail address any more" in never.text
    await relay.post(CHELSEA | {"message": "New words"})
    assert await count_asking(relay) == 0
    assert "Never write to me again" in (await relay.client.post(link, data={"action": "opt_in"})).text
    await relay.post(CHELSEA | {"message": "Newer words"})
    assert await count_asking(relay) == 1


async def count_asking(relay: Relay) -> int:
    """Mails that ask for a yes, also those that wait for another day."""
    outbox = await open_outbox(relay.settings)
    lines = await outbox.list_letters(LetterFilter(), 100)
    await outbox.close()
    return sum(line.kind == "confirmation" for line in lines)


async def test_the_links_three_days_begin_when_its_mail_may_go(tmp_path: Path) -> None:
    """A mailbox gets two mails a day, so that the mail with the link may come days after it was asked for."""
    publish(tmp_path)
    settings, now = relay_settings(tmp_path), [NOON]
    async with open_client(settings, clock=lambda: now[0]) as client:
        for number in range(6):
            form = CHELSEA | {"message": f"My letter {number}"}
            assert (await client.post("/campaigns/open-libraries/letters", data=form)).status_code == 303
        await client.post(PATH, data={"email": CHELSEA["email"]})
        outbox = await open_outbox(settings)
        claims = await outbox.claim("capture", NOON + timedelta(days=3), timedelta(minutes=5), 100)
        await outbox.close()
        (mail,) = [claim.letter for claim in claims if claim.letter.kind == "erasure"]
        now[0] += timedelta(days=5)
        assert "Erase it now" in (await client.get(path_in(mail))).text


async def test_the_answer_is_the_same_whoever_wrote(relay: Relay) -> None:
    await relay.post(CHELSEA)
    answers = [await relay.client.post(PATH, data={"email": who}) for who in (CHELSEA["email"], "no@mail.example")]
    assert answers[0].text == answers[1].text
    assert answers[0].headers == answers[1].headers
    assert [mail.to_email for mail in await relay.mails() if mail.kind == "erasure"] == [CHELSEA["email"]]


async def test_the_page_speaks_the_language_that_it_was_asked_in(relay: Relay) -> None:
    page = await relay.client.get(f"{PATH}?lang=es")
    assert '<html lang="es"' in page.text
    assert 'name="lang" value="es"' in page.text
    asked = await relay.client.post(PATH, data={"email": "ana@mail.example", "lang": "es"})
    assert "Mire su correo" in asked.text


@pytest.mark.parametrize("typed", ["", "ana", "ana@mail.example, bo@mail.example", "josé@mail.example"])
async def test_what_is_no_address_is_said(relay: Relay, typed: str) -> None:
    page = await relay.client.post(PATH, data={"email": typed})
    assert page.status_code == 422
    assert "There is a problem" in page.text
    answer = await relay.client.post(PATH, data={"email": typed}, headers=JSON)
    assert [error["field"] for error in answer.json()["errors"]] == ["email"]


async def test_a_link_that_is_old_or_made_up_erases_nothing_and_offers_another(relay: Relay) -> None:
    await relay.post(CHELSEA)
    now = datetime.now(UTC)
    old = Keys([SECRET_KEY]).sign("erase mailbox", KEYS, now - timedelta(seconds=1))
    foreign = Keys([b"x" * 32]).sign("erase mailbox", KEYS, now + timedelta(days=1))
    for token in (old, foreign, "guess"):
        for answer in (
            await relay.client.get(f"{PATH}/{token}"),
            await relay.client.post(f"{PATH}/{token}", data={"action": "erase"}),
        ):
            assert answer.status_code == 404
            assert f'action="{PATH}"' in answer.text


async def test_asking_is_limited_like_posting(relay: Relay) -> None:
    statuses = [(await relay.client.post(PATH, data={"email": "no@mail.example"})).status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]
