"""The mailbox of `beaconpost dev` accepts letters like a mail server and shows them safely."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from html5lib import HTMLParser
from starlette.applications import Starlette
from starlette.testclient import TestClient

from relay.mail.bounces import parse_bounce
from relay.mail.message import compose
from relay.mail.outcome import Outcome, Refused, Sent, TryLater
from relay.mail.smtp import SmtpTransport
from relay.mailbox import Mailbox, open_mailbox
from relay.settings import SmtpServer
from tests.samples.bounces import ADDRESSES, LETTER, TO
from tests.samples.letters import NOON, SENDER, letters, submission

pytestmark = pytest.mark.anyio


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with open_mailbox() as mailbox:
        yield mailbox


async def send(mailbox: Mailbox, message: bytes, to: str = "garcia@mahouse.example") -> Outcome:
    transport = SmtpTransport(SmtpServer("127.0.0.1", mailbox.port, "", "", "none"))
    outcome = await transport.deliver(message, SENDER.address, to)
    await transport.close()
    return outcome


def client(mailbox: Mailbox) -> TestClient:
    return TestClient(Starlette(routes=mailbox.routes))


async def test_a_sent_letter_can_be_read_as_json(mailbox: Mailbox) -> None:
    letter = letters(submission(1))[1]
    assert isinstance(await send(mailbox, compose(letter, SENDER, NOON), letter.to_email), Sent)
    (message,) = client(mailbox).get("/_mail/messages").json()
    headers = message.pop("headers")
    assert message == {
        "id": "1",
        "to": [letter.to_email],
        "from": f'"{letter.from_name}" <{SENDER.address}>',
        "reply_to": letter.reply_to,
        "envelope_from": SENDER.address,
        "subject": letter.subject,
        "text": letter.body,
    }
    assert headers["X-Campaign"] == letter.campaign
    assert headers["Message-ID"] == f"<{letter.id}@campaign.example>"


async def test_other_scripts_are_decoded(mailbox: Mailbox) -> None:
    message = "Subject: =?utf-8?b?546L5bCP5piO?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nمحمد\r\n"
    await send(mailbox, message.encode())
    (got,) = client(mailbox).get("/_mail/messages").json()
    assert (got["subject"], got["text"]) == ("王小明", "محمد\n")


async def test_a_long_name_in_another_script_keeps_its_spaces(mailbox: Mailbox) -> None:
    name = "Олександр Шевченко via Родини разом до кінця"
    await send(mailbox, compose(replace(letters(submission(1))[0], from_name=name), SENDER, NOON))
    (got,) = client(mailbox).get("/_mail/messages").json()
    assert got["from"] == f"{name} <{SENDER.address}>"


async def test_the_pages_show_letters_and_run_nothing_in_them(mailbox: Mailbox) -> None:
    await send(mailbox, b"Subject: <script>alert(1)</script>\r\nFrom: <b>x</b>\r\n\r\n<img src=x onerror=alert(1)>\r\n")
    for path in ("/_mail/", "/_mail/1"):
        page = client(mailbox).get(path)
        assert page.status_code == 200
        assert "<script" not in page.text
        assert "<img" not in page.text
        assert "<b>" not in page.text
        assert "script-src" not in page.headers["content-security-policy"]
        assert page.headers["content-security-policy"].startswith("default-src 'none'")
        HTMLParser(strict=True).parse(page.text)


async def test_a_confirmation_link_is_clickable(mailbox: Mailbox) -> None:
    await send(mailbox, b"Subject: x\r\n\r\nClick http://localhost:8000/letters/confirm/abc_-1. Thanks\r\n")
    assert '<a href="http://localhost:8000/letters/confirm/abc_-1">' in client(mailbox).get("/_mail/1").text


async def test_an_empty_mailbox_says_so_and_an_unknown_letter_is_404(mailbox: Mailbox) -> None:
    assert "No letter" in client(mailbox).get("/_mail/").text
    assert client(mailbox).get("/_mail/1").status_code == 404


@pytest.mark.parametrize(("to", "kind"), [("451@anywhere.example", TryLater), ("550@anywhere.example", Refused)])
async def test_a_magic_recipient_returns_its_code(mailbox: Mailbox, to: str, kind: type[Outcome]) -> None:
    outcome = await send(mailbox, b"Subject: x\r\n\r\nx\r\n", to)
    assert isinstance(outcome, kind)
    assert outcome.answer.startswith(to[:3])
    assert not mailbox.messages


async def test_the_mailbox_listens_on_one_loopback_address_and_keeps_a_thousand_letters(mailbox: Mailbox) -> None:
    with pytest.raises(OSError, match=r"refused|failed|assign"):
        await asyncio.open_connection("127.0.0.2", mailbox.port)  # accepted if it listened on every interface
    assert mailbox.messages.maxlen == 1_000


@pytest.mark.parametrize(
    ("name", "kind"),
    [("later", TryLater), ("refused", Refused), ("gone", Refused), ("blocked", Refused), ("ana", Sent)],
)
async def test_a_magic_writer_gets_the_outcome_of_that_name(mailbox: Mailbox, name: str, kind: type[Outcome]) -> None:
    letter = replace(letters(submission(1))[0], reply_to=f"{name}@mail.example")
    assert isinstance(await send(mailbox, compose(letter, SENDER, NOON)), kind)
    assert len(mailbox.messages) == 1  # it can be read, whatever became of it
    assert f"<dt>{name}@</dt>" in client(mailbox).get("/_mail/").text or name == "ana"


async def test_a_letter_of_the_magic_writer_comes_back(mailbox: Mailbox) -> None:
    reports: list[bytes] = []
    mailbox.give_back = reports.append
    letter = replace(letters(submission())[0], reply_to="bounced@mail.example")
    transport = SmtpTransport(SmtpServer("127.0.0.1", mailbox.port, "", "", "none"))
    assert isinstance(await transport.deliver(compose(letter, SENDER, NOON), TO, letter.to_email), Sent)
    await transport.close()
    (finding,) = parse_bounce(reports[0], ADDRESSES).findings
    assert parse_bounce(reports[0], ADDRESSES).letter == LETTER
    assert (finding.verdict.final, finding.verdict.mailbox_gone, finding.row.status) == (True, False, "5.2.2")
