"""A database's keys, once it is unlocked: those outside it, which encrypt, and its own, which hashes."""

from collections.abc import Sequence
from dataclasses import dataclass

from relay.keys.hashes import keyed_hash
from relay.keys.keyring import Keyring


@dataclass(frozen=True, slots=True)
class Vault:
    keyring: Keyring
    hash_key: bytes

    def seal(self, row: str, values: Sequence[str]) -> bytes:
        """As `Keyring.seal`."""
        return self.keyring.seal(row, values)

    def open(self, row: str, sealed: bytes) -> list[str]:
        """As `Keyring.open`."""
        return self.keyring.open(row, sealed)

    def hash(self, purpose: str, *parts: str) -> bytes:
        """32 bytes that recognize what was seen before. Ignores case and spacing."""
        return keyed_hash(self.hash_key, purpose, *parts)
