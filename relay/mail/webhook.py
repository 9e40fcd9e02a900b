"""Tells an organization's own program of events: POSTs JSON, signed as Standard Webhooks want it.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import asyncio
import hmac
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from http.client import HTTPException
from typing import Final
from urllib.error import HTTPError

from relay.letters.events import TRANSPORT
from relay.mail.outcome import Outcome, Refused, Sent, TryLater

TIMEOUT: Final = 20.0  # seconds; the specification allows receivers 15 to 30


class WebhookTransport:
    """A `Transport` whose letters are events. Whoever receives one answers 2xx; anything else is tried again."""

    def __init__(self, url: str, secret: bytes, now: Callable[[], datetime]) -> None:
        self.name = TRANSPORT
        self._url = url
        self._secret = secret
        self._now = now
        self._opener = urllib.request.build_opener(_NoRedirects)

    async def deliver(self, message: bytes, envelope_sender: str, recipient: str) -> Outcome:
        """message: the event. envelope_sender: its id, the same at every attempt."""
        del recipient  # the URL is a setting, and no event may choose another
        return await asyncio.to_thread(self._post, message, envelope_sender)

    async def close(self) -> None:
        """Nothing is open."""

    def _post(self, event: bytes, event_id: str) -> Outcome:
        headers = {"Content-Type": "application/json", "User-Agent": "Beaconpost"}
        headers |= sign_event(self._secret, event_id, self._now(), event)
        request = urllib.request.Request(self._url, event, headers, method="POST")  # noqa: S310  (settings allow https only)
        try:
            with self._opener.open(request, timeout=TIMEOUT) as response:
                return Sent(str(response.status))
        except HTTPError as error:
            # The receiver's words are not kept: they may repeat the event.
            with error:
                if error.code == HTTPStatus.GONE:
                    return Refused(0, "", "410: the receiver wants no more events")
                return TryLater(0, "", f"{error.code}: the receiver did not take it")
        except (OSError, HTTPException) as error:
            return TryLater(0, "", f"the receiver cannot be reached: {type(error).__name__}")


def sign_event(secret: bytes, event_id: str, at: datetime, event: bytes) -> Mapping[str, str]:
    """The headers by which the receiver knows that the event is ours, and no older one sent again."""
    timestamp = str(int(at.timestamp()))
    signature = hmac.digest(secret, f"{event_id}.{timestamp}.".encode() + event, sha256)
    return {
        "webhook-id": event_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{b64encode(signature).decode()}",
    }


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Personal data goes to the URL that the operator set, and nowhere else."""

    def redirect_request(self, *_: object) -> None:
        return None
