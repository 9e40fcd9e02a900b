"""One letter to one recipient (RFC 5321 section 3.3), and its content as DATA carries it."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Final, Protocol

from relay.mail.outcome import Outcome
from relay.mail.smtp.replies import Reply

LINE_END: Final = re.compile(rb"\r\n|\r|\n")


class Abortable(Protocol):
    def abort(self, reason: str) -> None: ...


@dataclass(slots=True, eq=False)
class Transaction:
    """A letter, and what the server has said about it so far."""

    sender: str
    recipient: str
    size: int
    content: bytes  # dot-stuffed, with its end marked
    outcome: asyncio.Future[Outcome]
    answered: bool = False  # a reply to MAIL came
    accepted: bool = False  # RCPT got a positive reply
    refusal: Reply | None = None  # the first negative reply
    given: bool = False  # the server has the content, so that only it can say what became of the letter
    returned: bool = False  # once already, a connection ended before the server heard of the letter
    connection: Abortable | None = field(default=None, repr=False)

    def settle(self, outcome: Outcome) -> None:
        if not self.outcome.done():
            self.outcome.set_result(outcome)


def dot_stuff(message: bytes) -> bytes:
    """As DATA carries it: CRLF line ends, leading dots doubled, a lone dot at the end (RFC 5321 section 4.5.2)."""
    if not message.count(b"\r\n") == message.count(b"\n") == message.count(b"\r"):
        message = LINE_END.sub(b"\r\n", message)  # SMTP smuggling works by bare line feeds
    if not message.endswith(b"\r\n"):
        message += b"\r\n"
    if message.startswith(b"."):
        message = b"." + message
    return message.replace(b"\r\n.", b"\r\n..") + b".\r\n"
