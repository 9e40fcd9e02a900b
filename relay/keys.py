"""Keyed hashes, and proofs that come back: what is derived from the operator's secret keys."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256


class Keys:
    """Secrets, the newest first: it signs, all verify. The oldest hashes, so that adding one forgets no repeat."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        if not secrets:
            raise ValueError("at least one key is needed")
        self._secrets = tuple(secrets)

    def digest(self, purpose: str, *parts: str) -> bytes:
        """32 bytes that tell a repeat and nothing else: case and spacing make no difference."""
        said = "\0".join([" ".join(part.casefold().split()) for part in parts])
        return _seal(self._secrets[-1], purpose, said.encode())

    def sign(self, purpose: str, text: str, until: datetime) -> str:
        """`text` with its expiry and seal, fit for a form field and for the end of an address in a mail: without the
        "=" that mail programs leave out of a link. It is not hidden, only proven."""
        payload = f"{int(until.timestamp())}\n{text}".encode()
        return urlsafe_b64encode(_seal(self._secrets[0], purpose, payload) + payload).decode().rstrip("=")

    def open(self, purpose: str, proof: str, now: datetime) -> str | None:
        """What was signed, or None if it was not signed here, for this purpose, or is over."""
        try:
            raw = urlsafe_b64decode(proof.encode() + b"=" * (-len(proof) % 4))
        except (Base64Error, UnicodeEncodeError, ValueError):
            return None
        seal, payload = raw[:32], raw[32:]
        if not any(hmac.compare_digest(seal, _seal(secret, purpose, payload)) for secret in self._secrets):
            return None
        until, _, text = payload.decode().partition("\n")
        return text if now.timestamp() < int(until) else None


def _seal(secret: bytes, purpose: str, payload: bytes) -> bytes:
    return hmac.digest(secret, purpose.encode() + b"\0" + payload, sha256)
