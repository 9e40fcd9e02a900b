"""The mailbox of `beaconpost dev`: a real SMTP server on loopback, and pages that show what it received."""

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.parser import HeaderParser
from typing import Any, Final
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, Envelope, Session
from markupsafe import Markup, escape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from relay.dev_outcomes import BOUNCED, EXPLAINED, REPLIES, outcome_of, write_report
from relay.dev_pages import HEADERS, show_page

MAX_MESSAGES: Final = 1_000  # then the oldest is dropped
STATUS_RECIPIENT: Final = re.compile(r"([45]\d\d)@")  # mail to 451@anywhere is answered with 451, as in mox
URL_PATTERN: Final = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
LINE_FOLD: Final = re.compile(r"\r?\n(?=[ \t])")


OUTCOMES: Final = Markup(
    '<p><a href="/_dev/test">Send me a test</a></p>'
    "<h2>Other outcomes</h2><p>Write a letter as one of these, at any domain.</p><dl>{}</dl>"
).format(Markup().join(Markup("<dt>{}@</dt><dd>{}</dd>").format(*item) for item in EXPLAINED.items()))


@dataclass(frozen=True, slots=True)
class CapturedMessage:
    """A message as it was received, with its headers decoded."""

    id: str
    to: list[str]  # the envelope's recipients
    from_: str
    reply_to: str
    envelope_from: str
    subject: str
    text: str
    headers: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "to": self.to,
            "from": self.from_,
            "reply_to": self.reply_to,
            "envelope_from": self.envelope_from,
            "subject": self.subject,
            "text": self.text,
            "headers": dict(self.headers),
        }


@dataclass(slots=True)
class Mailbox:
    """An SMTP server on 127.0.0.1:`port`. `routes` serve its pages under `/_mail/`.

    give_back: called with the report of a letter that comes back.
    """

    port: int = 0
    give_back: Callable[[bytes], None] = lambda _: None
    messages: deque[CapturedMessage] = field(default_factory=lambda: deque(maxlen=MAX_MESSAGES))
    received: int = 0

    @property
    def routes(self) -> list[BaseRoute]:
        return [
            Route("/_mail/", self._show_list),
            Route("/_mail/messages", self._show_json),
            Route("/_mail/{id:int}", self._show_message),
        ]

    async def handle_RCPT(  # noqa: N802  (the name is aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        del server, session, rcpt_options
        if match := STATUS_RECIPIENT.match(address):
            return f"{match[1]} {match[1][0]}.0.0 Requested by the recipient's address"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        content = envelope.content
        self.received += 1
        message = _parse(str(self.received), envelope, content if isinstance(content, bytes) else b"")
        self.messages.append(message)
        outcome = outcome_of(message.reply_to)
        if outcome == BOUNCED:
            for recipient in message.to:
                self.give_back(write_report(message.envelope_from, recipient))
        return REPLIES.get(outcome) or f"250 2.0.0 Captured as {self.received}"

    async def _show_json(self, request: Request) -> Response:
        del request
        return JSONResponse([message.as_json() for message in self.messages], headers=HEADERS)

    async def _show_list(self, request: Request) -> Response:
        del request
        items = Markup().join(
            Markup('<li><a href="/_mail/{}">{}</a><br>to {}<br>from {}</li>').format(
                message.id, message.subject or "(no subject)", ", ".join(message.to), message.from_
            )
            for message in reversed(self.messages)
        )
        content = Markup("<p>Newest first. None of these letters left this machine.</p><ul>{}</ul>").format(items)
        return show_page("Captured letters", (content if items else Markup("<p>No letters yet.</p>")) + OUTCOMES)

    async def _show_message(self, request: Request) -> Response:
        number = str(request.path_params["id"])
        for message in self.messages:
            if message.id == number:
                return show_page(message.subject or "(no subject)", _message_html(message))
        raise HTTPException(404)


@asynccontextmanager
async def open_mailbox() -> AsyncIterator[Mailbox]:
    """Listen on a free port of 127.0.0.1 until the block ends. Messages are kept in memory."""
    mailbox, open_connections = Mailbox(), WeakSet[SMTP]()
    loop = asyncio.get_running_loop()

    def connection() -> SMTP:
        protocol = SMTP(mailbox, loop=loop, hostname="localhost", enable_SMTPUTF8=True, timeout=600)
        open_connections.add(protocol)
        return protocol

    server = await loop.create_server(connection, "127.0.0.1", 0)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()
        for protocol in open_connections:
            if protocol.transport:
                protocol.transport.close()
        await server.wait_closed()


def _parse(number: str, envelope: Envelope, content: bytes) -> CapturedMessage:
    body = message_from_bytes(content, policy=policy.default).get_body(("plain",))
    # In Python 3.11 the newer parser inserts spaces into a name of several encoded words; the older one does not.
    message = HeaderParser().parsestr(content.decode(errors="replace"))
    headers = {name: _decoded(value) for name, value in message.items()}
    return CapturedMessage(
        id=number,
        to=list(envelope.rcpt_tos),
        from_=headers.get("From", ""),
        reply_to=headers.get("Reply-To", ""),
        envelope_from=envelope.mail_from or "",
        subject=headers.get("Subject", ""),
        text=body.get_content().replace("\r\n", "\n") if body else "",
        headers=headers,
    )


def _decoded(value: str) -> str:
    """A header's readable value: unfolded (RFC 5322 section 2.2.3), encoded words decoded (RFC 2047)."""
    try:
        return str(make_header(decode_header(LINE_FOLD.sub("", value))))
    except (LookupError, ValueError, HeaderParseError):
        return value


def _message_html(message: CapturedMessage) -> Markup:
    fields = {"Envelope from": message.envelope_from, "Envelope to": ", ".join(message.to), **message.headers}
    headers = Markup().join(Markup("<dt>{}</dt><dd>{}</dd>").format(name, value) for name, value in fields.items())
    return Markup('<p><a href="/_mail/">All letters</a></p><dl>{}</dl><pre dir="auto">{}</pre>').format(
        headers, _with_links(message.text)
    )


def _with_links(text: str) -> Markup:
    """The text with its URLs as links, so that the confirmation letter's can be clicked."""
    html, end = Markup(), 0
    for match in URL_PATTERN.finditer(text):
        html += escape(text[end : match.start()]) + Markup('<a href="{0}">{0}</a>').format(match[0])
        end = match.end()
    return html + escape(text[end:])
