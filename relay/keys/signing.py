"""Signed tokens: fields of forms and ends of links that nobody else can make."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256


class Keys:
    """The newest key, which comes first, signs; all verify."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError("at least one key is needed")
        self._keys = tuple(keys)

    def sign(self, purpose: str, text: str, until: datetime) -> str:
        """A token with `text`, its expiry and a signature. `text` can be read by anybody. Fit for a form field and for
        the end of a link in a mail: it has no "=", which mail programs leave out of links."""
        payload = f"{int(until.timestamp())}\n{text}".encode()
        return urlsafe_b64encode(_seal(self._keys[0], purpose, payload) + payload).decode().rstrip("=")

    def open(self, purpose: str, token: str, now: datetime) -> str | None:
        """What was signed; None if it was not signed by us and for this purpose, or has expired."""
        try:
            raw = urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4))
        except (Base64Error, UnicodeEncodeError, ValueError):
            return None
        seal, payload = raw[:32], raw[32:]
        if not any(hmac.compare_digest(seal, _seal(key, purpose, payload)) for key in self._keys):
            return None
        until, _, text = payload.decode().partition("\n")
        return text if now.timestamp() < int(until) else None


def _seal(key: bytes, purpose: str, payload: bytes) -> bytes:
    return hmac.digest(key, purpose.encode() + b"\0" + payload, sha256)
