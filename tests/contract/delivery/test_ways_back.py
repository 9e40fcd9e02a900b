"""A letter leaves, comes back in each way that does not need a mail server of one's own, and everybody sees it."""

import asyncio
import imaplib
import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from relay.assembly import open_outbox
from relay.mail.check.ways_back import check_ways_back
from relay.outbox import LetterFilter
from relay.settings import MailProvider, Settings
from tests.contract.delivery.dovecot import PASSWORD, USER, have_dovecot, open_dovecot
from tests.contract.delivery.peers import Peer, open_peer
from tests.contract.web.client import mailed_link, open_client
from tests.samples.bounces import OFFICE, dsn
from tests.samples.campaigns import publish
from tests.samples.people import CHELSEA
from tests.samples.provider_events import GONE, SECRET, TOPIC, basic, mailgun, postmark, ses_bounce, sns
from tests.samples.provider_events import certificate as amazons_certificate
from tests.samples.settings import relay_settings

pytestmark = pytest.mark.anyio
MAILS: Final = 3  # to two offices, and the receipt
DOMAIN: Final = "bounces.campaign.example"


@dataclass
class Office(Peer):
    """A mail server that knows when everybody has been written to."""

    all_here: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.got) == MAILS:
            self.all_here.set()
        return answer


@dataclass
class Sent:
    """What left."""

    settings: Settings
    receipt: str
    letters: list[tuple[Envelope, Message]]  # to offices


async def fetch(_: str) -> bytes:
    """Amazon's server is not on this machine."""
    return amazons_certificate()


async def send(folder: Path, **changed: Any) -> Sent:  # noqa: ANN401
    """Write a letter, which both offices' servers take. changed: fields of Settings."""
    publish(folder)
    office = Office()
    async with open_peer(peer=office):
        settings = relay_settings(folder, smtp=office.server(), trust_roster=date.max, **changed)
        async with open_client(settings, with_worker=True) as client:
            receipt = (await client.post("/campaigns/open-libraries/letters", data=CHELSEA)).headers["location"]
            async with asyncio.timeout(30):
                await office.all_here.wait()
        # The worker has recorded what became of them before the relay stops.
    mails = [(envelope, message_from_bytes(envelope.original_content or b"")) for envelope in office.got]
    to_offices = [(envelope, mail) for envelope, mail in mails if CHELSEA["email"] not in envelope.rcpt_tos]
    return Sent(settings, receipt, to_offices)


async def fates(settings: Settings) -> list[str]:
    """Of the letters to offices, and whether an address is suppressed."""
    outbox = await open_outbox(settings)
    try:
        lines = await outbox.list_letters(LetterFilter(), 9)
        suppressed = ["suppressed"] if await outbox.suppressions() else []
    finally:
        await outbox.close()
    return sorted(line.status for line in lines if line.kind == "legislator") + suppressed


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Service:
    """A mail provider. code: what a letter is marked with. event: that its mailbox is gone, and who says so."""

    settings: MailProvider
    code: Callable[[Message], str]
    event: Callable[[str], tuple[bytes, str]]


def read_variables(mail: Message) -> str:
    return str(json.loads(mail["X-Mailgun-Variables"])["letter"])


def from_postmark(code: str) -> tuple[bytes, str]:
    return postmark("HardBounce", "smtp;550 5.1.1 no such user", Metadata={"letter": code}), basic()


def from_mailgun(code: str) -> tuple[bytes, str]:
    return mailgun({"user-variables": {"letter": code}}, now()), ""


def from_amazon(code: str) -> tuple[bytes, str]:
    return sns(ses_bounce("Permanent", "General", GONE, {"tags": {"letter": [code]}}), now()), ""


SIGNED: Final = {"postmark": b"HardBounce", "mailgun": b"ttttt", "ses": b"Permanent"}  # parts that may not change
SERVICES: Final = {
    "postmark": Service(MailProvider("postmark"), lambda mail: str(mail["X-PM-Metadata-letter"]), from_postmark),
    "mailgun": Service(MailProvider("mailgun"), read_variables, from_mailgun),
    "ses": Service(
        MailProvider("ses", TOPIC), lambda mail: mail["X-SES-MESSAGE-TAGS"].removeprefix("letter="), from_amazon
    ),
}


@pytest.mark.parametrize("name", SERVICES)
async def test_a_providers_event_marks_the_letter_that_left_with_its_code(name: str, tmp_path: Path) -> None:
    service = SERVICES[name]

    async def post(event: tuple[bytes, str]) -> httpx2.Response:
        headers = {"Authorization": event[1], "Content-Type": "text/plain"}
        return await client.post(f"/bounces/{name}", content=event[0], headers=headers)

    left = await send(tmp_path, mail_provider=service.settings, bounce_secret=SECRET)
    async with open_client(left.settings, fetch=fetch) as client:
        codes = [service.code(mail) for _, mail in left.letters]
        assert len(set(codes)) == 2
        body, _ = service.event(codes[0])
        assert (await post((body.replace(SIGNED[name], b"x" * len(SIGNED[name])), ""))).status_code == 401
        assert await fates(left.settings) == ["sent", "sent"]
        answer = await post(service.event(codes[0]))
        assert (answer.status_code, "bounced" in answer.text) == (200, True)
        assert await fates(left.settings) == ["bounced", "sent", "suppressed"]
        assert "Came back undelivered." in (await client.get(mailed_link(left.receipt))).text
        other = await post(service.event("a" * 40))
        assert (other.status_code, "not about a letter" in other.text) == (200, True)


async def test_without_a_provider_no_letter_is_marked_for_any(tmp_path: Path) -> None:
    left = await send(tmp_path)
    async with open_client(left.settings) as client:
        for _, mail in left.letters:
            assert not [name for name in mail if name.lower().startswith(("x-pm", "x-mailgun", "x-ses"))]
        for name in SERVICES:
            assert (await client.post(f"/bounces/{name}", content=b"{}")).status_code == 404


class Heard(logging.Handler):
    """Sets the event once a line is logged."""

    def __init__(self, line: str) -> None:
        super().__init__()
        self.line = line
        self.event = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if self.line in record.getMessage():
            self.event.set()


@pytest.fixture
def read() -> Iterator[asyncio.Event]:
    """Set once the bounce mailbox was read, and held something."""
    handler, log = Heard("read 1 messages in the bounce mailbox"), logging.getLogger("beaconpost.mail")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    yield handler.event
    log.removeHandler(handler)


@pytest.mark.matrix
@pytest.mark.skipif(not have_dovecot(), reason="Dovecot is not installed: make more-packages")
async def test_a_bounce_in_a_mailbox_marks_the_letter_and_is_moved(
    certificate: Path, tmp_path: Path, read: asyncio.Event
) -> None:
    with open_dovecot(certificate) as dovecot, imaplib.IMAP4(dovecot.plain.host, dovecot.plain.port) as client:
        client.login(USER, PASSWORD)
        left = await send(tmp_path, bounce_domain=DOMAIN)
        envelope, _ = left.letters[0]
        report = re.sub(rb"(?m)^To: .*$", f"To: {envelope.mail_from}\r".encode(), dsn("failed", "5.1.1"))
        client.append("INBOX", "", "", report.replace(OFFICE.encode(), envelope.rcpt_tos[0].encode()))
        [finding] = await check_ways_back(None, dovecot.plain, relay_url="", is_verp=True)
        assert "1 messages wait" in finding.text
        settings = replace(left.settings, bounce_imap=dovecot.plain)
        async with open_client(settings, with_worker=True) as visitor:
            async with asyncio.timeout(30):
                await read.wait()
            assert await fates(settings) == ["bounced", "sent", "suppressed"]
            assert "Came back undelivered." in (await visitor.get(mailed_link(left.receipt))).text
        assert client.select("Beaconpost", readonly=True)[1] == [b"1"]
