"""The operator's secret keys, and what is derived from them: keyed hashes and signed tokens."""

import contextlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from relay.settings import Settings


class Keys:
    """The newest key, which comes first, signs; all verify. The oldest hashes, so that a new key forgets no repeat."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError("at least one key is needed")
        self._keys = tuple(keys)

    def digest(self, purpose: str, *parts: str) -> bytes:
        """32 bytes that recognize a repeat and reveal nothing else. Ignores case and spacing."""
        text = "\0".join([" ".join(part.casefold().split()) for part in parts])
        return _seal(self._keys[-1], purpose, text.encode())

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


def load_secrets(settings: Settings) -> tuple[bytes, ...]:
    """The operator's keys, else one that is created once and kept beside the database, readable by its owner only."""
    return settings.secret_keys or (_load_or_create(settings.secret_file),)


def _load_or_create(path: Path) -> bytes:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        # Written whole under another name first: if two relays start at once, both read the same key.
        draft = path.with_name(f".{secrets.token_hex(8)}.key")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32))
        try:
            path.hardlink_to(draft)
        finally:
            draft.unlink()
    return path.read_bytes().strip()


def _seal(key: bytes, purpose: str, payload: bytes) -> bytes:
    return hmac.digest(key, purpose.encode() + b"\0" + payload, sha256)
