"""Letters as people type and paste them, and as they arrive: names, addresses and text in every shape."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import httpx2
import pytest

from relay.web.services import Discretion
from tests.contract.delivery.peers import open_peer
from tests.contract.web.client import open_client
from tests.contract.web.conftest import OpenRelay, Relay
from tests.contract.web.walk import Mailroom
from tests.samples.campaigns import campaign, publish
from tests.samples.people import ANA, CHELSEA
from tests.samples.settings import JSON, relay_settings

pytestmark = pytest.mark.anyio

PASTED = (
    "Dear\u00a0[Legislator],\u2029It\u2019s\u000bcold.\u200b\ufeff Co\u00adld!\u2028\u0085"
    "[First\u00a0Name]\u202f[Last\u2007Name]\u000c[Town]"
)
MEANT = "Dear Senator Edwards,\n\nIt’s\ncold. Cold!\n\nAna Silva\nChelsea"


@dataclass
class Post:
    """A relay with its worker, and the mail server that takes its letters."""

    client: httpx2.AsyncClient
    mailroom: Mailroom

    async def send(self, fields: dict[str, str]) -> list[EmailMessage]:
        """The letters to the two offices, as they arrived."""
        answer = await self.client.post("/campaigns/open-libraries/letters", data=fields)
        assert answer.status_code == 303, answer.text
        async with asyncio.timeout(30):
            while len(self.letters()) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0)
        return self.letters()

    def letters(self) -> list[EmailMessage]:
        return [mail for _, mail in self.mailroom.mails() if "via" in str(mail["From"])]


def body_of(letter: EmailMessage) -> str:
    return str(letter.get_content()).replace("\r\n", "\n")


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    publish(tmp_path, campaign())
    mailroom = Mailroom()
    async with open_peer(peer=mailroom), _open(tmp_path, mailroom) as client:
        yield Post(client, mailroom)


@asynccontextmanager
async def _open(folder: Path, mailroom: Mailroom) -> AsyncIterator[httpx2.AsyncClient]:
    async with open_client(relay_settings(folder, smtp=mailroom.server()), with_worker=True) as client:
        yield client


async def test_what_word_pasted_arrives_as_it_was_meant(post: Post) -> None:
    letter = (await post.send(CHELSEA | {"message": PASTED, "subject": "Please\u2028open\u00a0them\t\u200bnow"}))[0]
    greeting = body_of(letter).partition("Dear ")[2].partition(",")[0]
    assert MEANT.replace("Senator Edwards", greeting) in body_of(letter)
    assert str(letter["Subject"]).startswith("Please open them now")


@pytest.mark.parametrize("field", ["first_name", "last_name"])
async def test_a_single_name_signs_greets_and_is_answered(post: Post, field: str) -> None:
    single = CHELSEA | {"first_name": "", "last_name": ""} | {field: "Suharto"}
    text = "Dear [Legislator],\n\nI am [First Name] [Last Name], or [Last Name].\n\n[First Name] [Last Name]\n[Town]"
    for letter in await post.send(single | {"message": text}):
        body = body_of(letter)
        assert "I am Suharto, or Suharto.\n\nSuharto\nChelsea\n" in body
        assert "Sent by Suharto <ana@mail.example>, " in body
        assert "Reply to answer Suharto." in body
        assert letter["From"].addresses[0].display_name == "Suharto via Sunday Libraries"
        assert letter["Reply-To"].addresses[0].addr_spec == "ana@mail.example"


async def test_a_single_name_may_be_shown_among_the_participants(start: OpenRelay) -> None:
    relay = await start(campaign(confirm="never"), discretion=Discretion(timedelta(0), 1))
    await relay.post(CHELSEA | {"first_name": "", "last_name": "Suharto", "public_name": "1"})
    shown = (await relay.client.get("/campaigns/open-libraries/participants")).json()
    assert [person["name"] for person in shown["recent"]] == ["Suharto"]


@pytest.mark.parametrize("field", ["first_name", "last_name"])
async def test_the_receipt_of_a_single_name_has_no_gap(relay: Relay, field: str) -> None:
    single = CHELSEA | {"first_name": "", "last_name": ""} | {field: "Suharto"}
    page = await relay.client.get((await relay.post(single)).headers["location"])
    assert "Suharto" in page.text
    assert "[Last Name]" not in page.text
    assert "Suharto Suharto" not in page.text


async def test_no_name_at_all_is_asked_for_once(relay: Relay) -> None:
    answer = await relay.post(CHELSEA | {"first_name": "\u200b ", "last_name": "\u00a0"}, **JSON)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["first_name"]


@pytest.mark.parametrize(
    ("typed", "reached"),
    [
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("Ana@BÜCHER。example", "Ana@xn--bcher-kva.example"),
        ("ana＠mail．example", "ana@mail.example"),
        ("\u202bana@mail.example\u200f\u00a0", "ana@mail.example"),
    ],
    ids=ascii,
)
async def test_an_office_can_answer_an_international_address(post: Post, typed: str, reached: str) -> None:
    for letter in await post.send(CHELSEA | {"email": typed}):
        assert letter["Reply-To"].addresses[0].addr_spec == reached
        assert f"<{reached}>" in body_of(letter)
    receipt = [envelope.rcpt_tos for envelope, mail in post.mailroom.mails() if "via" not in str(mail["From"])]
    assert receipt in ([], [[reached]])


async def test_the_receipt_names_the_mailbox_as_its_owner_writes_it(relay: Relay) -> None:
    page = await relay.client.get((await relay.post(CHELSEA | {"email": "ana@bücher.example"})).headers["location"])
    assert "ana@bücher.example" in page.text
    assert "xn--" not in page.text


async def test_an_address_that_offices_cannot_answer_gets_a_sentence_that_helps(relay: Relay) -> None:
    page = await relay.post(CHELSEA | {"email": "josé@mail.example", "message": "Kept words"})
    assert page.status_code == 422
    assert "Some offices cannot write back to an e-mail address that has “é” before the @." in page.text
    assert 'value="josé@mail.example"' in page.text
    assert "Kept words" in page.text
    page = await relay.post(CHELSEA | {"email": "josé@mail.example", "lang": "es"})
    assert "Algunas oficinas no pueden responder" in page.text


async def test_an_address_in_the_digits_of_another_script_is_found_and_arrives_in_ours(post: Post) -> None:
    typed = ANA | {"street": "٢٤ Beacon St", "zip": "٠٢١٠٨-١٢٣٤", "phone": "٦١٧ ٥٥٥ ٠١٠٠", "disclose": "full"}
    for letter in await post.send(typed):
        assert "24 Beacon St, Boston, MA 02108" in body_of(letter)
        assert "617 555 0100" in body_of(letter)
