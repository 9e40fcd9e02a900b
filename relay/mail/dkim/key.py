"""The private key that letters are signed with, read from a file that only its owner should read."""

import hashlib
import stat
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from dkim.asn1 import ASN1FormatError
from dkim.crypto import RSASSA_PKCS1_v1_5_sign, UnparsableKeyError, parse_pem_private_key

from relay.settings import SettingsError

SMALLEST: Final = 1024  # bits; RFC 8301 section 3.2: verifiers ignore what is smaller
INTEGER, BIT_STRING, SEQUENCE = 0x02, 0x03, 0x30
RSA: Final = bytes.fromhex("300d06092a864886f70d0101010500")  # RFC 3279 section 2.3.1: rsaEncryption, no parameters
MAKE: Final = "make one with: openssl genrsa -out dkim.pem 2048"


@dataclass(frozen=True, slots=True)
class Key:
    """algorithm: as DKIM writes it. public: what DNS publishes as `p=`. sign: these bytes, as the RFCs say for each."""

    algorithm: str
    public: str
    sign: Callable[[bytes], bytes]


def read_key(path: Path) -> Key:
    """Raises SettingsError, saying what to do."""
    try:
        mode = path.stat().st_mode
        pem = path.read_bytes()
    except OSError as error:
        raise _trouble(f"cannot read {path} ({error.strerror}); {MAKE}") from error
    if mode & (stat.S_IRWXO | stat.S_IWGRP):
        raise _trouble(f"others may read or change {path}: chmod 600 {path}")
    if b"ENCRYPTED" in pem:
        raise _trouble(f"{path} asks for a password, which nobody is there to type; {MAKE}")
    if b"PRIVATE KEY-----" not in pem:
        raise _trouble(f"{path} holds no private key; {MAKE}")
    return _by_openssl(pem, path) if find_spec("cryptography") else _by_python(pem, path)


def _by_python(pem: bytes, path: Path) -> Key:
    """dkimpy's own arithmetic: 6 ms a letter with 2048 bits, and RSA only."""
    try:
        key: dict[str, Any] = parse_pem_private_key(pem)
    except (UnparsableKeyError, ASN1FormatError, ValueError, IndexError, TypeError) as error:
        raise _trouble(f"{path} is not an RSA key that can be read; {MAKE}") from error
    _check_size(key["modulus"].bit_length(), path)
    numbers = _der(SEQUENCE, _integer(key["modulus"]), _integer(key["publicExponent"]))
    public = _der(SEQUENCE, RSA, _der(BIT_STRING, b"\0", numbers))  # RFC 6376 section 3.6.1: SubjectPublicKeyInfo
    return Key("rsa-sha256", b64encode(public).decode(), lambda data: RSASSA_PKCS1_v1_5_sign(hashlib.sha256(data), key))


def _by_openssl(pem: bytes, path: Path) -> Key:
    """Where the package `cryptography` is: a quarter of a millisecond a letter, and Ed25519 too."""
    form = import_module("cryptography.hazmat.primitives.serialization")
    try:
        key = form.load_pem_private_key(pem, None)
    except (ValueError, TypeError) as error:
        raise _trouble(f"{path} is not a key that can be read; {MAKE}") from error
    public = key.public_key()
    if type(key).__name__ == "Ed25519PrivateKey":  # RFC 8463: the bare key in DNS, and the signature over the hash
        bare = public.public_bytes_raw()
        return Key(
            "ed25519-sha256", b64encode(bare).decode(), lambda data: bytes(key.sign(hashlib.sha256(data).digest()))
        )
    if type(key).__name__ != "RSAPrivateKey":
        raise _trouble(f"{path} is neither an RSA nor an Ed25519 key; {MAKE}")
    _check_size(key.key_size, path)
    padding = import_module("cryptography.hazmat.primitives.asymmetric.padding").PKCS1v15()
    sha256 = import_module("cryptography.hazmat.primitives.hashes").SHA256()
    der = public.public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo)
    return Key("rsa-sha256", b64encode(der).decode(), lambda data: bytes(key.sign(data, padding, sha256)))


def _integer(number: int) -> bytes:
    """With a zero in front where the first bit would make it negative."""
    return _der(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _der(tag: int, *parts: bytes) -> bytes:
    """ITU-T X.690; dkimpy's own fails on anything longer than 127 octets."""
    content = b"".join(parts)
    size = len(content).to_bytes(2, "big").lstrip(b"\0") or b"\0"
    return bytes([tag, *([] if len(content) < 128 else [0x80 | len(size)])]) + size + content


def _check_size(bits: int, path: Path) -> None:
    if bits < SMALLEST:
        raise _trouble(f"the key in {path} has {bits} bits, and mail servers ignore so small a one; {MAKE}")


def _trouble(text: str) -> SettingsError:
    return SettingsError(f"BEACONPOST_DKIM_KEY: {text}")
