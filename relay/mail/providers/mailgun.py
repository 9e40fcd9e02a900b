"""Mailgun's webhooks (https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/), signed inside the body."""

import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

import msgspec

from relay.mail.providers.events import FRESH, Event, Fate, Rejected

SUPPRESSED: Final = "suppress-"  # on one of the account's own lists: says nothing new of the mailbox


class _Signature(msgspec.Struct, frozen=True):
    timestamp: str
    token: str
    signature: str


class _Status(msgspec.Struct, frozen=True, rename="kebab"):
    enhanced_code: str | None = None
    message: str | None = None
    description: str | None = None


class _Event(msgspec.Struct, frozen=True, rename="kebab"):
    event: str = ""
    severity: str = ""
    reason: str = ""
    recipient: str = ""
    delivery_status: _Status = _Status()
    user_variables: dict[str, object] = {}


class _Body(msgspec.Struct, frozen=True, rename="kebab"):
    signature: _Signature
    event_data: _Event


class Mailgun:
    """key: the account's HTTP webhook signing key. now: aware."""

    name: Final = "mailgun"

    def __init__(self, key: str, now: Callable[[], datetime]) -> None:
        self._key = key.encode()
        self._now = now

    def headers(self, code: str) -> Mapping[str, str]:
        return {"X-Mailgun-Variables": json.dumps({"letter": code}), "X-Mailgun-Track": "no"}

    async def read(self, body: bytes, authorization: str) -> Sequence[Event]:  # noqa: ARG002  (it is in the body)
        try:
            parsed = msgspec.json.decode(body, type=_Body)
        except msgspec.DecodeError:
            raise Rejected(400, "not an event of Mailgun") from None
        self._authenticate(parsed.signature)
        event = parsed.event_data
        status = event.delivery_status
        suppressed = event.reason.startswith(SUPPRESSED)
        return [
            Event(
                code=str(event.user_variables.get("letter", "")),
                recipient=event.recipient,
                fate=_fate(event),
                status="" if suppressed else status.enhanced_code or "",
                words="" if suppressed else status.message or status.description or "",
            )
        ]

    def _authenticate(self, given: _Signature) -> None:
        wanted = hmac.new(self._key, (given.timestamp + given.token).encode(), sha256).hexdigest()
        if not hmac.compare_digest(wanted.encode(), given.signature.encode()):
            raise Rejected(401, "wrong signature: is BEACONPOST_BOUNCE_SECRET the HTTP webhook signing key?")
        try:
            age = self._now() - datetime.fromtimestamp(int(given.timestamp), UTC)
        except (ValueError, OverflowError, OSError):
            raise Rejected(400, "not a time") from None
        if abs(age) > FRESH:
            raise Rejected(401, "too old")


def _fate(event: _Event) -> Fate:
    match event.event, event.severity:
        case "rejected", _:
            return "failed"
        # "old": the last attempt at a domain without a mail server is not called permanent.
        case "failed", severity:
            return "failed" if severity == "permanent" or event.reason == "old" else "delayed"
        case "complained", _:
            return "complaint"
        case _:
            return "other"
