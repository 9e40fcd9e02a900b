"""A real SMTP server that replies as the test tells it to."""
# ruff: noqa: ARG001, ARG002, N802 - names and arguments are aiosmtpd's

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from relay.settings import SmtpServer


@dataclass
class Peer:
    """A mail server. `at_mail`, `at_rcpt`, `at_data`: replies instead of 250; "" drops the connection."""

    at_mail: str | None = None
    at_rcpt: str | None = None
    at_data: str | None = None
    greeting: str | None = None
    port: int = 0
    sessions: int = 0
    tries: int = 0
    got: list[Envelope] = field(default_factory=list)
    open: list[SMTP] = field(default_factory=list)

    def server(self, **settings: str) -> SmtpServer:
        chosen = {"username": "", "password": "", "tls": "none"} | settings
        return SmtpServer(host="localhost", port=self.port, **chosen)  # type: ignore[arg-type]

    def ids(self) -> list[str]:
        """The Message-IDs that arrived, in order."""
        lines = [line for envelope in self.got for line in (envelope.original_content or b"").splitlines()]
        return [line.decode() for line in lines if line.startswith(b"Message-ID:")]

    def drop_everybody(self) -> None:
        for protocol in self.open:
            if protocol.transport:
                protocol.transport.close()
        self.open.clear()

    def _say(self, server: SMTP, reply: str | None) -> str | None:
        if reply == "" and server.transport:
            server.transport.close()
        return reply or None

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tries += 1
        if self.at_mail is not None:
            return self._say(server, self.at_mail) or "421 dropped"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.at_rcpt is not None:
            return self._say(server, self.at_rcpt) or "421 dropped"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.at_data is not None:
            return self._say(server, self.at_data) or "421 dropped"
        self.got.append(envelope)
        return "250 2.0.0 queued as 42"


@asynccontextmanager
async def open_peer(
    *,
    starttls: ssl.SSLContext | None = None,
    implicit: ssl.SSLContext | None = None,
    password: str = "",
    smtputf8: bool = True,
    limit: int | None = None,
    peer: Peer | None = None,
) -> AsyncIterator[Peer]:
    """Serve until the block ends. limit: letters per connection before a 421. peer: one with a behavior of its own."""
    peer, loop = peer or Peer(), asyncio.get_running_loop()

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: LoginPassword) -> AuthResult:
        return AuthResult(success=login.password.decode() == password, handled=False)

    def connect() -> SMTP:
        peer.sessions += 1
        with warnings.catch_warnings(action="ignore"):  # AUTH in the clear is fine on loopback
            protocol = SMTP(
                peer,
                loop=loop,
                hostname="localhost",
                enable_SMTPUTF8=smtputf8,
                tls_context=starttls,
                require_starttls=starttls is not None,
                auth_required=bool(password),
                auth_require_tls=False,
                authenticator=check if password else None,
                command_call_limit={"MAIL": limit} if limit else None,
            )
        peer.open.append(protocol)
        return protocol

    server = await loop.create_server(connect, "localhost", 0, ssl=implicit)
    peer.port = server.sockets[0].getsockname()[1]
    try:
        yield peer
    finally:
        server.close()
        peer.drop_everybody()
        await server.wait_closed()
