"""How a letter's outcome follows from the mail server's replies, with a real server."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from relay.mail.file_transport import FileTransport
from relay.mail.message import compose
from relay.mail.outcome import Outcome, Refused, Sent, TryLater
from relay.mail.smtp import SmtpTransport
from relay.settings import SmtpServer
from tests.contract.delivery.peers import Peer, open_peer
from tests.samples.letters import NOON, SENDER, letters, submission

pytestmark = pytest.mark.anyio
THEM = "judith.garcia@mahouse.example"
MESSAGE = compose(letters(submission(1))[1], SENDER, NOON)


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with open_peer() as peer:
        yield peer


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def once(server: SmtpServer, to: str = THEM, tls: ssl.SSLContext | None = None) -> Outcome:
    """Send one letter over a new transport."""
    transport = SmtpTransport(server, tls_context=tls)
    outcome = await transport.deliver(MESSAGE, SENDER.address, to)
    await transport.close()
    return outcome


async def test_a_letter_arrives_byte_for_byte_for_one_recipient(peer: Peer) -> None:
    assert await once(peer.server()) == Sent("250 2.0.0")
    assert peer.got[0].original_content == MESSAGE
    assert (peer.got[0].mail_from, peer.got[0].rcpt_tos) == (SENDER.address, [THEM])


async def test_a_line_that_begins_with_a_dot_keeps_it(peer: Peer) -> None:
    transport = SmtpTransport(peer.server())
    message = b"Subject: dots\r\n\r\n.\r\n..\r\n.dotted\r\n"
    await transport.deliver(message, SENDER.address, THEM)
    await transport.close()
    assert peer.got[0].original_content == message


@pytest.mark.parametrize("step", ["at_mail", "at_rcpt", "at_data"])
async def test_a_permanent_refusal_at_any_step_refuses_the_letter(peer: Peer, step: str) -> None:
    setattr(peer, step, "550 5.1.1: no such mailbox")
    assert await once(peer.server()) == Refused(550, "5.1.1", "550 5.1.1: no such mailbox")


@pytest.mark.parametrize("step", ["at_mail", "at_rcpt", "at_data"])
async def test_a_temporary_refusal_at_any_step_is_retried_later(peer: Peer, step: str) -> None:
    setattr(peer, step, "451 greylisted, come back")
    assert await once(peer.server()) == TryLater(451, "", "451: greylisted")


@pytest.mark.parametrize("step", ["at_mail", "at_rcpt", "at_data"])
async def test_a_connection_lost_at_any_step_is_retried_later(peer: Peer, step: str) -> None:
    setattr(peer, step, "")
    assert isinstance(await once(peer.server()), TryLater)


async def test_an_absent_server_is_retried_later() -> None:
    async with open_peer() as gone:
        server = gone.server()
    outcome = await once(server)
    assert isinstance(outcome, TryLater)
    assert outcome.code == 0
    assert "localhost" in outcome.answer


async def test_a_host_without_an_address_is_retried_later() -> None:
    assert isinstance(await once(SmtpServer("nowhere.invalid", 25, "", "", "none")), TryLater)


async def test_a_server_that_does_not_speak_smtp_is_retried_later() -> None:
    async def nonsense(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(nonsense, "localhost", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert isinstance(await once(SmtpServer("localhost", port, "", "", "none")), TryLater)


async def test_a_server_that_rejects_every_connection_refuses_no_letter_and_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def closed(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"554 5.7.1 go away\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(closed, "localhost", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        transport = SmtpTransport(SmtpServer("localhost", port, "", "", "none"))
        outcomes = [await transport.deliver(MESSAGE, SENDER.address, THEM) for _ in range(3)]
        await transport.close()
    assert outcomes == [TryLater(554, "5.7.1", "554 5.7.1 go away")] * 3
    assert caplog.messages == ["the mail server accepts no letters, they wait: 554 5.7.1 go away"]


async def test_connections_are_reused_and_limited(peer: Peer) -> None:
    transport = SmtpTransport(peer.server(), connections=3)
    outcomes = await asyncio.gather(*(transport.deliver(MESSAGE, SENDER.address, THEM) for _ in range(30)))
    await transport.close()
    assert {type(outcome) for outcome in outcomes} == {Sent}
    assert peer.sessions <= 3


async def test_a_connection_that_the_server_closed_is_replaced(peer: Peer) -> None:
    transport = SmtpTransport(peer.server())
    assert isinstance(await transport.deliver(MESSAGE, SENDER.address, THEM), Sent)
    peer.drop_everybody()
    assert isinstance(await transport.deliver(MESSAGE, SENDER.address, THEM), Sent)
    await transport.close()


async def test_a_connection_is_reused_after_a_refusal(peer: Peer) -> None:
    transport = SmtpTransport(peer.server())
    peer.at_rcpt = "550 5.1.1 no"
    assert isinstance(await transport.deliver(MESSAGE, SENDER.address, THEM), Refused)
    peer.at_rcpt = None
    assert isinstance(await transport.deliver(MESSAGE, SENDER.address, THEM), Sent)
    await transport.close()
    assert peer.sessions == 1


async def test_a_server_that_limits_letters_per_connection_gets_all_of_them() -> None:
    async with open_peer(limit=2) as peer:
        transport = SmtpTransport(peer.server(), connections=1)
        outcomes = [await transport.deliver(MESSAGE, SENDER.address, THEM) for _ in range(7)]
        await transport.close()
    assert {type(outcome) for outcome in outcomes} == {Sent}


async def test_starttls_is_used_when_configured(certificate: Path, server_tls: ssl.SSLContext) -> None:
    async with open_peer(starttls=server_tls) as peer:
        trusting = ssl.create_default_context(cafile=str(certificate))
        assert isinstance(await once(peer.server(tls="starttls"), tls=trusting), Sent)


async def test_implicit_tls_is_used_when_configured(certificate: Path, server_tls: ssl.SSLContext) -> None:
    async with open_peer(implicit=server_tls) as peer:
        trusting = ssl.create_default_context(cafile=str(certificate))
        assert isinstance(await once(peer.server(tls="implicit"), tls=trusting), Sent)


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_no_letter_is_sent_over_an_untrusted_certificate(server_tls: ssl.SSLContext, tls: str) -> None:
    async with open_peer(**{tls: server_tls}) as peer:  # type: ignore[arg-type]
        outcome = await once(peer.server(tls=tls))
    assert isinstance(outcome, TryLater)
    assert peer.got == []


async def test_no_letter_is_sent_in_the_clear_when_starttls_is_missing(peer: Peer) -> None:
    assert isinstance(await once(peer.server(tls="starttls")), TryLater)
    assert peer.got == []


async def test_the_password_is_used_when_there_is_one() -> None:
    async with open_peer(password="secret") as peer:
        assert isinstance(await once(peer.server(username="us", password="secret")), Sent)


@pytest.mark.parametrize("login", [{}, {"username": "us", "password": "wrong"}])
async def test_a_wrong_or_missing_password_delays_letters_and_fails_none(login: dict[str, str]) -> None:
    async with open_peer(password="secret") as peer:
        outcome = await once(peer.server(**login))
    assert isinstance(outcome, TryLater)
    assert outcome.code in (530, 535)


async def test_a_non_ascii_address_is_sent_to_a_server_that_supports_it(peer: Peer) -> None:
    assert isinstance(await once(peer.server(), to="josé@mahouse.example"), Sent)
    assert peer.got[0].rcpt_tos == ["josé@mahouse.example"]


async def test_a_non_ascii_address_is_refused_if_the_server_does_not_support_it() -> None:
    async with open_peer(smtputf8=False) as peer:
        outcome = await once(peer.server(), to="josé@mahouse.example")
        assert isinstance(outcome, Refused)
        assert outcome.enhanced == "5.6.7"
        assert isinstance(await once(peer.server(), to="info@bücher.example"), Sent)
        assert peer.got[0].rcpt_tos == ["info@xn--bcher-kva.example"]


@pytest.mark.parametrize(
    "to", ["a@x\r\nRCPT TO:<b@x>", "a@x>", "<a@x", "a b@x", "", "a@", "@x", "a@x\0", "a@[127.0.0.1]"]
)
async def test_an_address_with_smuggled_commands_is_refused_before_connecting(peer: Peer, to: str) -> None:
    assert isinstance(await once(peer.server(), to=to), Refused)
    assert peer.sessions == 0


async def test_captured_letters_are_one_file_each(tmp_path: Path) -> None:
    transport = FileTransport(tmp_path / "mail")
    assert transport.name == "capture"
    for _ in range(2):
        assert isinstance(await transport.deliver(MESSAGE, SENDER.address, THEM), Sent)
    (file,) = (tmp_path / "mail").iterdir()
    assert file.suffix == ".eml"
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["To"].addresses[0].addr_spec == THEM


async def test_an_unwritable_folder_delays_letters(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file where the folder should be")
    assert isinstance(await FileTransport(tmp_path / "mail").deliver(MESSAGE, SENDER.address, THEM), TryLater)
