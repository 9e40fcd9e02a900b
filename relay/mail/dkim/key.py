"""The private key that letters are signed with, read from a file that only its owner may read."""

import stat
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from relay.settings import SettingsError

MIN_BITS: Final = 1024  # RFC 8301 section 3.2: verifiers ignore smaller keys
HOW_TO_MAKE_ONE: Final = "make one with: openssl genrsa -out dkim.pem 2048"


@dataclass(frozen=True, slots=True)
class Key:
    algorithm: str  # as in the DKIM-Signature header
    public: str  # what DNS publishes as `p=`
    sign: Callable[[bytes], bytes]  # the signature of these bytes


def read_key(path: Path) -> Key:
    """Raises SettingsError, saying what to do."""
    try:
        mode = path.stat().st_mode
        pem = path.read_bytes()
    except OSError as error:
        raise _error(f"cannot read {path} ({error.strerror}); {HOW_TO_MAKE_ONE}") from error
    if mode & (stat.S_IRWXO | stat.S_IWGRP):
        raise _error(f"others may read or change {path}: chmod 600 {path}")
    if b"ENCRYPTED" in pem:
        raise _error(f"{path} is protected by a password, which nobody is there to type; {HOW_TO_MAKE_ONE}")
    if b"PRIVATE KEY-----" not in pem:
        raise _error(f"{path} contains no private key; {HOW_TO_MAKE_ONE}")
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _error(f"{path} is not a key that can be read; {HOW_TO_MAKE_ONE}") from error
    match key:
        case Ed25519PrivateKey():
            return _ed25519(key)
        case RSAPrivateKey() if key.key_size >= MIN_BITS:
            return _rsa(key)
        case RSAPrivateKey():
            raise _error(f"the key in {path} has {key.key_size} bits, too few for mail servers; {HOW_TO_MAKE_ONE}")
        case _:
            raise _error(f"{path} is neither an RSA nor an Ed25519 key; {HOW_TO_MAKE_ONE}")


def _ed25519(key: Ed25519PrivateKey) -> Key:
    """RFC 8463: the bare public key in DNS, and a signature of the hash."""
    public = b64encode(key.public_key().public_bytes_raw()).decode()
    return Key("ed25519-sha256", public, lambda data: key.sign(sha256(data).digest()))


def _rsa(key: RSAPrivateKey) -> Key:
    """RFC 6376 section 3.6.1: a SubjectPublicKeyInfo in DNS."""
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Key("rsa-sha256", b64encode(public).decode(), lambda data: key.sign(data, PKCS1v15(), SHA256()))


def _error(text: str) -> SettingsError:
    return SettingsError(f"BEACONPOST_DKIM_KEY: {text}")
