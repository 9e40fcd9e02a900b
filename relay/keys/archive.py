"""An encrypted file, written and read in one pass: whoever lacks the operator's secret learns its size and no more.

MAGIC, fingerprint of the secret, salt; then chunks, each with its length in front. Every file has a key of its own
(HKDF, RFC 5869), so the chunks' numbers serve as nonces. Chunks cannot be changed, swapped or cut off: AES-256-GCM
with an empty last one, as in the STREAM construction (Hoang and others, https://eprint.iacr.org/2015/189).
"""

import secrets
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from relay.errors import BackupError, KeyMissing
from relay.keys.keyring import FINGERPRINT, NONCE, fingerprint_of

MAGIC: Final = b"beaconpost backup 1\n"
SALT: Final = 16  # bytes, random
LENGTH: Final = 4  # bytes
TAG: Final = 16  # bytes that encryption adds; a chunk of this length is the last
_PURPOSE: Final = b"beaconpost: backup"


class ArchiveWriter:
    """Writes to `file`, which it does not close."""

    def __init__(self, file: BinaryIO, secret: bytes) -> None:
        salt = secrets.token_bytes(SALT)
        self._file = file
        self._header = MAGIC + fingerprint_of(secret) + salt
        self._cipher = _cipher(secret, salt)
        self._count = 0
        file.write(self._header)

    def write(self, chunk: bytes) -> None:
        """chunk: not empty."""
        if not chunk:
            raise ValueError("an empty chunk ends the archive")
        self._append(chunk)

    def finish(self) -> None:
        """Without this the archive counts as cut off."""
        self._append(b"")

    def _append(self, chunk: bytes) -> None:
        sealed = self._cipher.encrypt(_nonce(self._count), chunk, self._header)
        self._file.write(len(sealed).to_bytes(LENGTH, "big") + sealed)
        self._count += 1


def read_archive(file: BinaryIO, operator_secrets: Sequence[bytes]) -> Iterator[bytes]:
    """The chunks. Raises KeyMissing if it was written with another secret, BackupError if it is foreign or damaged:
    what was yielded until then is sound, but not all."""
    header = file.read(len(MAGIC) + FINGERPRINT + SALT)
    if len(header) < len(MAGIC) + FINGERPRINT + SALT or not header.startswith(MAGIC):
        raise BackupError("it is not a backup, or one of another release")
    wanted, salt = header[len(MAGIC) : -SALT], header[-SALT:]
    known = {fingerprint_of(secret): secret for secret in operator_secrets}
    if wanted not in known:
        have = ", ".join(fingerprint.hex() for fingerprint in known) or "none"
        raise KeyMissing(
            f"it is encrypted with the key {wanted.hex()}, and the keys here are: {have}. Put that key into"
            " BEACONPOST_SECRET_FILE or BEACONPOST_SECRET_KEYS, after any newer ones"
        )
    cipher, count = _cipher(known[wanted], salt), 0
    while True:
        length = int.from_bytes(file.read(LENGTH), "big")
        sealed = file.read(length)
        try:
            if len(sealed) < max(length, TAG):
                raise InvalidTag
            chunk = cipher.decrypt(_nonce(count), sealed, header)
        except InvalidTag:
            raise BackupError("it is damaged or was cut off") from None
        if not chunk:
            break
        yield chunk
        count += 1
    if file.read(1):
        raise BackupError("something was added to its end")


def _cipher(secret: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=salt, info=_PURPOSE).derive(secret))


def _nonce(count: int) -> bytes:
    return count.to_bytes(NONCE, "big")
