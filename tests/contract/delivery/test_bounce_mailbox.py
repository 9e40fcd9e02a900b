"""A mailbox of bounces on a real Dovecot, over TLS."""

import imaplib
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from relay.errors import MailboxError, StoreError, TooManyAnswers
from relay.mail.bounce_mailbox import IN_A_ROW, BounceMailbox
from relay.mail.bounces import NOT_OURS
from relay.mail.check import check_ways_back
from relay.settings import ImapServer
from tests.contract.delivery.dovecot import PASSWORD, USER, have_dovecot, open_dovecot

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.matrix,
    pytest.mark.skipif(not have_dovecot(), reason="Dovecot is not installed: make more-packages"),
]
BOUNCE = b"From: MAILER-DAEMON@mx.example\r\nTo: bounces+code@campaign.example\r\n\r\nSorry.\r\n"
READ, OTHER, ANSWERS = "Beaconpost", "Beaconpost-other", "Beaconpost-answers"
SPAM = b"From: shop@mail.example\r\nTo: bounces@campaign.example\r\n\r\nBuy!\r\n"


class Mailbox:
    """Its owner's own client."""

    def __init__(self, server: ImapServer, trusting: ssl.SSLContext) -> None:
        self.client = imaplib.IMAP4_SSL(server.host, server.port, ssl_context=trusting)
        self.client.login(USER, PASSWORD)

    def put(self, *messages: bytes) -> None:
        for message in messages:
            self.client.append("INBOX", "", "", message)

    def count(self, folder: str) -> int:
        status, [number] = self.client.select(folder, readonly=True)
        return int(number or 0) if status == "OK" else 0


@pytest.fixture
def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


@pytest.fixture
def server(certificate: Path) -> Iterator[ImapServer]:
    with open_dovecot(certificate) as dovecot:
        yield dovecot.secure


@pytest.fixture
def mailbox(server: ImapServer, trusting: ssl.SSLContext) -> Iterator[Mailbox]:
    mailbox = Mailbox(server, trusting)
    yield mailbox
    mailbox.client.logout()


async def take(raw: bytes) -> str:
    return "letter 1: bounced" if raw == BOUNCE else NOT_OURS


async def test_what_was_read_is_moved_and_nothing_is_deleted(
    server: ImapServer, mailbox: Mailbox, trusting: ssl.SSLContext
) -> None:
    mailbox.put(BOUNCE, SPAM, BOUNCE)
    assert await BounceMailbox(server, take, trusting).read() == 3
    assert [mailbox.count(folder) for folder in ("INBOX", READ, OTHER)] == [0, 2, 1]
    mailbox.put(BOUNCE)
    assert await BounceMailbox(server, take, trusting).read() == 1
    assert mailbox.count(READ) == 3


async def test_folders_go_where_the_server_keeps_its_owners_folders(
    certificate: Path, trusting: ssl.SSLContext
) -> None:
    """Courier, and Dovecot as many hosts set it up, have them all below INBOX."""
    with open_dovecot(certificate, prefix="INBOX.") as dovecot:
        mailbox = Mailbox(dovecot.secure, trusting)
        mailbox.put(BOUNCE, SPAM)
        [finding] = await check_ways_back(None, dovecot.secure, relay_url="", is_verp=True, tls_context=trusting)
        assert finding.verdict == "good"
        assert f"INBOX.{READ}, INBOX.{OTHER}, INBOX.{ANSWERS}" in finding.text
        assert "2 messages wait" in finding.text
        assert await BounceMailbox(dovecot.secure, take, trusting).read() == 2
        assert [mailbox.count(folder) for folder in ("INBOX", f"INBOX.{READ}", f"INBOX.{OTHER}")] == [0, 1, 1]
        mailbox.client.logout()


async def test_a_mailbox_that_lets_no_folder_be_made_is_told_by_the_check(
    certificate: Path, trusting: ssl.SSLContext
) -> None:
    with open_dovecot(certificate) as dovecot:
        (dovecot.maildir / f".{READ}").touch()  # in the place of the folder
        [finding] = await check_ways_back(None, dovecot.secure, relay_url="", is_verp=True, tls_context=trusting)
        assert (finding.verdict, "Beaconpost" in finding.text) == ("fix", True)


async def test_what_cannot_be_recorded_stays_until_it_can(
    server: ImapServer, mailbox: Mailbox, trusting: ssl.SSLContext
) -> None:
    async def refuse(_: bytes) -> str:
        raise StoreError("the store is locked")

    mailbox.put(BOUNCE)
    assert await BounceMailbox(server, refuse, trusting).read() == 0
    assert mailbox.count("INBOX") == 1
    assert await BounceMailbox(server, take, trusting).read() == 1


async def test_what_cannot_be_recorded_keeps_nothing_behind_it_from_being_read(
    server: ImapServer, mailbox: Mailbox, trusting: ssl.SSLContext
) -> None:
    """However much of it there is; and it is tried again itself."""
    stuck = b"From: a@b.example\r\nTo: bounces+code@campaign.example\r\n\r\nStill being sent.\r\n"
    is_down = True

    async def take_most(raw: bytes) -> str:
        if raw == stuck and is_down:
            raise StoreError("not now")
        return await take(raw)

    mailbox.put(BOUNCE, *[stuck] * (IN_A_ROW // 2), BOUNCE, *[stuck] * (IN_A_ROW + 1), BOUNCE)
    reader = BounceMailbox(server, take_most, trusting)
    assert await reader.read() == 2  # past a few, in the same visit
    assert await reader.read() == 1  # past more than a store that works would refuse, in the next one
    is_down = False
    assert await reader.read() == IN_A_ROW // 2 + IN_A_ROW + 1
    assert mailbox.count("INBOX") == 0


async def test_an_answer_beyond_what_organizers_are_forwarded_is_set_aside_for_them_to_find(
    server: ImapServer, mailbox: Mailbox, trusting: ssl.SSLContext
) -> None:
    async def refuse(_: bytes) -> str:
        raise TooManyAnswers("enough for today")

    mailbox.put(BOUNCE)
    assert await BounceMailbox(server, refuse, trusting).read() == 1
    assert [mailbox.count(folder) for folder in ("INBOX", ANSWERS)] == [0, 1]


async def test_a_message_of_any_length_is_read_in_part(
    server: ImapServer, mailbox: Mailbox, trusting: ssl.SSLContext
) -> None:
    lengths = []

    async def measure(raw: bytes) -> str:
        lengths.append(len(raw))
        return NOT_OURS

    mailbox.put(SPAM + b"x" * 2_000_000)
    await BounceMailbox(server, measure, trusting).read()
    assert lengths == [1 << 20]


async def test_a_wrong_password_folder_or_certificate_is_told(server: ImapServer, trusting: ssl.SSLContext) -> None:
    wrong = ImapServer(server.host, server.port, USER, "guess", "implicit", "INBOX")
    elsewhere = ImapServer(server.host, server.port, USER, PASSWORD, "implicit", "Nowhere")
    for unreachable, context in ((wrong, trusting), (elsewhere, trusting), (server, None)):
        with pytest.raises(MailboxError) as caught:
            await BounceMailbox(unreachable, take, context).read()
        assert PASSWORD not in str(caught.value)
