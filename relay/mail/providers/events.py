"""What all mail providers have in common: how a letter is marked, and what is read from their events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, Protocol, TypeAlias

# failed: it did not arrive, and the provider gave up. Of all others nothing follows.
Fate: TypeAlias = Literal["failed", "delayed", "complaint", "automatic", "other"]

MAX_EVENT: Final = 256 * 1024  # bytes: the most that Amazon SNS sends; the others' are smaller
FRESH: Final = timedelta(days=1)  # a signed event is older if somebody kept it. Providers retry for hours


class Rejected(Exception):
    """An event that is not the provider's, or not understood. status: 400 or 401."""

    def __init__(self, status: Literal[400, 401], why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True, slots=True)
class Event:
    """What became of one letter."""

    code: str  # what the letter was marked with (`relay.mail.verp.LetterCodes`); "" if the event does not have it
    recipient: str  # "" if unknown
    fate: Fate
    status: str = ""  # RFC 3463, or ""
    words: str = ""  # the recipient's server's


class Provider(Protocol):
    """Raised by `read`: Rejected; OSError if the provider cannot be reached, so that it sends the event again."""

    @property
    def name(self) -> str:
        """The last part of the URL that its events are posted to."""

    def headers(self, code: str) -> Mapping[str, str]:
        """Of a letter: the mark that the provider repeats in its events, because it replaces the Message-ID; and, where
        a header can say so, that it shall count neither opened letters nor followed links."""

    async def read(self, body: bytes, authorization: str) -> Sequence[Event]:
        """The events in a request. authorization: its header."""
