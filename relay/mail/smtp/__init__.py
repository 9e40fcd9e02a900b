"""Give one message to the mail server. Whatever happens comes back as an Outcome; nothing raises past here.

transport   letters wait for a connection, a few connections are kept
connection     one connection: the dialogue, pipelined where the server offers it
dialling    connect, encrypt, log in
replies     what the server sends, cut into answers
outcome     what an answer means for the letter
capture     no server: files
"""

from typing import Protocol

from relay.mail.smtp.capture import FileTransport
from relay.mail.smtp.connection import Patience
from relay.mail.smtp.outcome import Outcome, Refused, Sent, TryLater
from relay.mail.smtp.transport import SmtpTransport

__all__ = ["FileTransport", "Outcome", "Patience", "Refused", "Sent", "SmtpTransport", "Transport", "TryLater"]


class Transport(Protocol):
    """A way for letters to leave. A letter accepted under one `name` is sent by no other."""

    @property
    def name(self) -> str: ...

    async def deliver(self, message: bytes, envelope_from: str, recipient: str) -> Outcome: ...

    async def close(self) -> None: ...
