"""Amazon SNS: notifications of one topic, if Amazon signed them
(https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html)."""

import asyncio
import hmac
import logging
import re
import urllib.request
from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final, TypeAlias

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_pem_x509_certificate

from relay.mail.providers.events import FRESH, Rejected

log = logging.getLogger("beaconpost.mail")

TIMEOUT: Final = 10.0  # seconds
MAX_BYTES: Final = 64 * 1024  # of a certificate, or of Amazon's answer to a confirmation
MAX_CERTIFICATES: Final = 8  # kept: Amazon has one at a time in each region
HASHES: Final[Mapping[str, hashes.HashAlgorithm]] = {"1": hashes.SHA1(), "2": hashes.SHA256()}  # noqa: S303  (theirs)
SIGNED: Final[Mapping[str, tuple[str, ...]]] = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    **dict.fromkeys(
        ("SubscriptionConfirmation", "UnsubscribeConfirmation"),
        ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    ),
}
_HOST: Final = r"https://sns\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/"
_CERTIFICATE: Final = re.compile(_HOST + r"SimpleNotificationService-\w+\.pem")
_CONFIRMATION: Final = re.compile(_HOST + r"\?Action=ConfirmSubscription&[\w=&%:.+-]+")


Fetch: TypeAlias = Callable[[str], Awaitable[bytes]]  # raises OSError


async def download(url: str) -> bytes:
    """Raises OSError."""
    return await asyncio.to_thread(_download, url)


class Sns:
    """topic: the ARN of the only one that is listened to. fetch: as `download`. now: aware."""

    def __init__(self, topic: str, now: Callable[[], datetime], fetch: Fetch = download) -> None:
        self._topic = topic
        self._now = now
        self._fetch = fetch
        self._keys: dict[str, RSAPublicKey] = {}

    async def open(self, body: bytes) -> str | None:
        """The message in a notification; None if it was about the subscription, which is confirmed.

        Raises Rejected, and OSError if Amazon cannot be asked.
        """
        try:
            fields = msgspec.json.decode(body, type=dict[str, str | None])
            kind = fields["Type"] or ""
            signed = "".join(f"{name}\n{value}\n" for name in SIGNED[kind] if (value := fields.get(name)) is not None)
            signature, algorithm = b64decode(fields["Signature"] or ""), HASHES[fields["SignatureVersion"] or ""]
            topic, key_url = fields["TopicArn"] or "", fields["SigningCertURL"] or ""
            sent_at = datetime.fromisoformat(fields["Timestamp"] or "")
            too_old = abs(self._now() - sent_at) > FRESH
        except (msgspec.DecodeError, KeyError, ValueError, TypeError):
            raise Rejected(400, "not a notification of Amazon SNS") from None
        if not hmac.compare_digest(topic.encode(), self._topic.encode()):
            raise Rejected(401, "another topic than that of BEACONPOST_MAIL_PROVIDER")
        if too_old or not _CERTIFICATE.fullmatch(key_url):
            raise Rejected(401, "too old, or not signed by Amazon")
        try:
            (await self._key(key_url)).verify(signature, signed.encode(), PKCS1v15(), algorithm)
        except (InvalidSignature, ValueError):
            raise Rejected(401, "wrong signature") from None
        if kind == "Notification":
            return fields.get("Message") or ""
        await self._confirm(kind, fields.get("SubscribeURL") or "")
        return None

    async def _key(self, url: str) -> RSAPublicKey:
        if url not in self._keys:
            if len(self._keys) >= MAX_CERTIFICATES:
                self._keys.clear()
            key = load_pem_x509_certificate(await self._fetch(url)).public_key()
            if not isinstance(key, RSAPublicKey):
                raise ValueError("not an RSA key")
            self._keys[url] = key
        return self._keys[url]

    async def _confirm(self, kind: str, url: str) -> None:
        if kind != "SubscriptionConfirmation":
            log.warning("Amazon SNS no longer sends us the events of %s: subscribe again", self._topic)
            return
        if not _CONFIRMATION.fullmatch(url):
            raise Rejected(400, "the confirmation does not lead to Amazon SNS")
        await self._fetch(url)
        log.info("subscribed to the events of %s", self._topic)


def _download(url: str) -> bytes:
    with urllib.request.build_opener(_NoRedirect).open(url, timeout=TIMEOUT) as response:
        raw: bytes = response.read(MAX_BYTES)
    return raw


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Amazon's URLs are checked, and lead nowhere else."""

    def redirect_request(self, *_: object) -> None:
        return None
