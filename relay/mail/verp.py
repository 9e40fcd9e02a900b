"""VERP: each letter leaves under its own envelope sender, `bounces+<letter and seal>@<bounce domain>`.

Whoever sends a bounce there proves to have had the letter's envelope.
"""

import hmac
import re
from base64 import b32decode, b32encode
from binascii import Error as Base32Error
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from boundaries.email_addresses import find_domain

SEAL: Final = 9  # bytes; with the letter's 16 they make 40 base32 digits and no padding


class LetterCodes:
    """A letter's id with a seal: 40 letters and digits, case-insensitive. keys: the newest signs, all verify."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = tuple(keys)

    def write(self, letter: str) -> str:
        """letter: its id, 32 hex digits."""
        raw = bytes.fromhex(letter)
        return b32encode(raw + _seal(self._keys[0], raw)).decode().lower()

    def read(self, code: str) -> str | None:
        """The letter's id; None if we did not write this code."""
        if not re.fullmatch("[a-z2-7]{40}", code.lower()):
            return None
        try:
            raw = b32decode(code.upper())
        except Base32Error:
            return None
        letter, seal = raw[:-SEAL], raw[-SEAL:]
        ours = any(hmac.compare_digest(seal, _seal(key, letter)) for key in self._keys)
        return letter.hex() if ours else None


class Verp:
    """Envelope senders, case-insensitive, with a local part of 48 characters. keys: as of LetterCodes."""

    def __init__(self, domain: str, keys: Sequence[bytes]) -> None:
        self._domain = domain
        self.codes = LetterCodes(keys)

    def write(self, letter: str) -> str:
        """The envelope sender of a letter. letter: its id, 32 hex digits."""
        return f"bounces+{self.codes.write(letter)}@{self._domain}"

    def read(self, address: str) -> str | None:
        """The letter's id; None if we did not write this address."""
        local, domain = address.strip().lower().rpartition("@")[0], find_domain(address.strip())
        code = local.removeprefix("bounces+")
        return self.codes.read(code) if code != local and domain == find_domain(self._domain) else None


def _seal(key: bytes, letter: bytes) -> bytes:
    return hmac.digest(key, b"bounce\0" + letter, sha256)[:SEAL]
