"""How letters leave: by SMTP (`relay.mail.smtp`) or into files (`file_transport`), perhaps signed (`dkim`)."""

from typing import Protocol

from relay.mail.outcome import Outcome


class Transport(Protocol):
    """A letter accepted under one transport's `name` is never sent by another. Failures are Outcomes, never raised."""

    @property
    def name(self) -> str: ...

    async def deliver(self, message: bytes, envelope_sender: str, recipient: str) -> Outcome: ...

    async def close(self) -> None: ...
