"""What names a person is stored encrypted, by keys that lie outside the database: a copied disk is useless.

AES-256-GCM (NIST SP 800-38D). Each row's text is one sealed value, bound to its row: fingerprint, nonce, ciphertext.
"""

import itertools
import secrets
import zlib
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from relay.errors import KeyMissing, StoreError, Undecipherable

FINGERPRINT: Final = 4  # bytes; tell an operator's few keys apart
COMPRESS_FROM: Final = 4_000  # bytes; compressing an ordinary letter would cost more than encrypting it
NONCE: Final = 12  # bytes: drawn for this process, and a counter (section 8.2.1)
COUNTER: Final = 5  # bytes of those: 2**40 values
ZLIB: Final = b"\x78"  # RFC 1950 section 2.2; packed text begins with 0x90 or more (an array)
_PURPOSE: Final = b"beaconpost: what names a person"
_PACK: Final = msgspec.msgpack.Encoder()
_UNPACK: Final = msgspec.msgpack.Decoder(list[str])


class Keyring:
    """The newest secret, which comes first, seals; all open. Each has at least 32 characters."""

    def __init__(self, operator_secrets: Sequence[bytes]) -> None:
        if not operator_secrets:
            raise ValueError("at least one secret is needed")
        derived = [_derive(secret) for secret in operator_secrets]
        self._ciphers: Mapping[bytes, AESGCM] = {fingerprint: AESGCM(key) for fingerprint, key in reversed(derived)}
        self._newest = derived[0][0]
        # A random number per value would cost more than encrypting: each lets another thread run.
        self._prefix, self._count = secrets.token_bytes(NONCE - COUNTER), itertools.count()
        self.oldest_secret = operator_secrets[-1]  # hashed, before there was a hash key
        self.fingerprints: Final = tuple(dict.fromkeys(fingerprint.hex() for fingerprint, _ in derived))

    def seal(self, row: str, values: Sequence[str]) -> bytes:
        """row: names the row and the table it is in; only there it can be opened. Long text is compressed first.

        Raises StoreError for a lone surrogate.
        """
        nonce = self._prefix + next(self._count).to_bytes(COUNTER)
        try:
            plain = _PACK.encode(values)
        except UnicodeEncodeError:
            raise StoreError("half a character cannot be stored") from None
        if len(plain) >= COMPRESS_FROM:
            plain = zlib.compress(plain, 1)
        return self._newest + nonce + self._ciphers[self._newest].encrypt(nonce, plain, row.encode())

    def open(self, row: str, sealed: bytes) -> list[str]:
        """Raises KeyMissing, or Undecipherable if the value was damaged or belongs to another row."""
        cipher = self._ciphers.get(sealed[:FINGERPRINT])
        if cipher is None:
            raise KeyMissing(f"a row is sealed with the key {sealed[:FINGERPRINT].hex()}, which this process lacks")
        nonce, ciphertext = sealed[FINGERPRINT : FINGERPRINT + NONCE], sealed[FINGERPRINT + NONCE :]
        try:
            plain = cipher.decrypt(nonce, ciphertext, row.encode())
        except InvalidTag:
            raise Undecipherable("a row's text is damaged") from None
        return _UNPACK.decode(zlib.decompress(plain) if plain[:1] == ZLIB else plain)


def fingerprint_of(secret: bytes) -> bytes:
    """By which operators and files name a secret."""
    return _derive(secret)[0]


def _derive(secret: bytes) -> tuple[bytes, bytes]:
    """The fingerprint, which is stored in the clear, and the key."""
    derived = HKDF(SHA256(), FINGERPRINT + 32, salt=None, info=_PURPOSE).derive(secret)
    return derived[:FINGERPRINT], derived[FINGERPRINT:]
