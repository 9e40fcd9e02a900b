"""Postmark's webhook (https://postmarkapp.com/developer/webhooks/bounce-webhook), by HTTP basic authentication."""

import hmac
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from relay.mail.providers.events import Event, Fate, Rejected

# Types of https://postmarkapp.com/developer/api/bounce-api: what became of the letter, and the status that stands for
# the type if the server's words have none.
TYPES: Final[Mapping[str, tuple[Fate, str]]] = {
    "HardBounce": ("failed", ""),
    "SoftBounce": ("failed", ""),
    "DnsError": ("failed", "5.4.4"),
    "BadEmailAddress": ("failed", "5.1.3"),
    "SpamNotification": ("failed", "5.7.1"),
    "Blocked": ("failed", "5.7.1"),
    "DMARCPolicy": ("failed", "5.7.1"),
    "VirusNotification": ("failed", "5.6.0"),
    "ManuallyDeactivated": ("failed", ""),
    "Unknown": ("failed", ""),
    "Transient": ("delayed", ""),
    "AutoResponder": ("automatic", ""),
    "AddressChange": ("automatic", ""),
    "ChallengeVerification": ("automatic", ""),
    "SpamComplaint": ("complaint", ""),
}


class _Body(msgspec.Struct, frozen=True, rename="pascal"):
    record_type: str
    type: str = ""
    email: str = ""
    details: str = ""
    metadata: dict[str, str] = {}


class Postmark:
    """secret: the password that its webhook is given; any user name goes with it."""

    name: Final = "postmark"

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def headers(self, code: str) -> Mapping[str, str]:
        return {"X-PM-Metadata-letter": code, "X-PM-TrackOpens": "false", "X-PM-TrackLinks": "None"}

    async def read(self, body: bytes, authorization: str) -> Sequence[Event]:
        if not hmac.compare_digest(_password(authorization), self._secret):
            raise Rejected(401, "wrong password: give BEACONPOST_BOUNCE_SECRET, with any user name")
        try:
            event = msgspec.json.decode(body, type=_Body)
        except msgspec.DecodeError:
            raise Rejected(400, "not an event of Postmark") from None
        fate, status = TYPES.get(event.type, ("other", ""))
        if event.record_type == "SpamComplaint":
            fate = "complaint"
        code = {name.lower(): value for name, value in event.metadata.items()}.get("letter", "")
        return [Event(code, event.email, fate, status, event.details)]


def _password(authorization: str) -> bytes:
    """Of a `Basic` header (RFC 7617); b"" if it is none."""
    scheme, _, credentials = authorization.partition(" ")
    try:
        return b64decode(credentials, validate=True).partition(b":")[2] if scheme.lower() == "basic" else b""
    except ValueError:
        return b""
