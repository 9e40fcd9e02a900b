"""Parses and checks form posts. Knows nothing about districts or campaigns."""

import re
from binascii import a2b_qp
from collections.abc import Iterator, Mapping
from typing import Final

from boundaries.email_addresses import is_email
from relay.typed_text import mend, narrow, write_digits
from theme.faults import Fault
from theme.fields import CHECKBOXES, DISCLOSURES, FIELDS, HIDDEN, HONEYPOT

BYTES_PER_CHARACTER: Final = 12  # at most: four of UTF-8, each as %XX. A line break takes six, as %0D%0A
# Bytes. The longest letter in any script, and a quarter more, so that what is somewhat too long is shown again to be
# shortened; and 4 KiB for the fields' names and what the page itself fills in. As many of these as there may be
# connections have to fit in memory. Of two letters, both fit in every script whose characters take up to three bytes.
_LENGTHS: Final = {field.name: field.max_chars for field in FIELDS if not field.name.startswith("thanks_")}
MAX_BODY: Final = (sum(_LENGTHS.values()) * BYTES_PER_CHARACTER * 5 // 4 // 1024 + 4) * 1024
MAX_PAIRS: Final = 200  # name=value pairs; the form has twenty
CONTENT_TYPE: Final = "application/x-www-form-urlencoded"
# Of other forms: a point on the map, the button pressed, for which letter, whose public name to remove, which of the
# letters that wait, and until when they came.
OTHER_FIELDS: Final = ("lat", "lon", "action", "letter", "participant", "group", "until")

_KNOWN: Final = frozenset(
    (*(field.name for field in FIELDS), *CHECKBOXES, *HIDDEN, HONEYPOT, "disclose", *OTHER_FIELDS)
)
# As many random bits as a token has: 128.
_IDEMPOTENCY_KEY: Final = re.compile(r"[A-Za-z0-9_-]{22,64}")
_STRAY_PERCENT: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_ZIP: Final = re.compile(r"[0-9]{5}(-?[0-9]{4})?")
_PHONE: Final = re.compile(r"(?=(?:[^0-9]*[0-9]){10,15}[^0-9]*$)\+?[0-9 ().x/-]+")
_TEXTS: Final = frozenset(field.name for field in FIELDS if field.type == "textarea")
_UNREADABLE: Final = "\ufffd"  # replaces invalid UTF-8


def parse(body: bytes) -> dict[str, str]:
    """The known fields of a urlencoded body, as their writer meant them. If a field is sent twice, the first counts.

    A checkbox is "1" if it has any value, and left out if it has none: an empty one is no yes.
    Invalid UTF-8 becomes U+FFFD, which `check` refuses, so that the page can show what arrived.
    Raises ValueError if there are more than MAX_PAIRS pairs.
    """
    values: dict[str, str] = {}
    if body.count(b"&") >= MAX_PAIRS:
        raise ValueError(f"more than {MAX_PAIRS} fields")
    for pair in body.split(b"&"):
        encoded_name, _, encoded_value = pair.partition(b"=")
        name = _unquote(encoded_name)
        if name in _KNOWN and name not in values:
            values[name] = _mend(name, _unquote(encoded_value))
    for name in CHECKBOXES:
        if values.pop(name, ""):
            values[name] = "1"
    return values


def _mend(name: str, typed: str) -> str:
    text = mend(typed, one_line=name not in _TEXTS)
    match name:
        case "email" | "phone":
            return write_digits(narrow(text))
        case "street":
            return write_digits(text)
        case _:
            return text


def _unquote(encoded: bytes) -> str:
    """Like urllib.parse.unquote_plus, but without a step of Python per escape: a long letter in Chinese has 30,000."""
    escaped = _STRAY_PERCENT.sub(b"%25", encoded.replace(b"+", b" "))
    # Quoted-printable has the same escapes with another sign.
    return a2b_qp(escaped.replace(b"=", b"=3D").replace(b"%", b"=")).decode(errors="replace")


def is_robot(values: Mapping[str, str]) -> bool:
    """Whether the field that is hidden from people was filled in."""
    return bool(values.get(HONEYPOT))


def read_idempotency_key(values: Mapping[str, str]) -> str:
    """The random key that the page made for this letter and sends with every try; "" if it sent none, or a guessable
    one. Named after the header in draft-ietf-httpapi-idempotency-key-header, which would cost a CORS preflight."""
    key = values.get("idempotency_key", "")
    return key if _IDEMPOTENCY_KEY.fullmatch(key) else ""


def check(values: Mapping[str, str], fields: frozenset[str] | None = None) -> tuple[Fault, ...]:
    """All faults that need no lookup, in the order of the fields.

    fields: the names to check if only part of the form was requested; then none of them is required.
    """
    return tuple(_check(values, fields))


def _check(values: Mapping[str, str], fields: frozenset[str] | None) -> Iterator[Fault]:
    for field in FIELDS:
        if fields is not None and field.name not in fields:
            continue
        value = values.get(field.name, "")
        if not value and fields is None and (field.required or _is_missing(field.name, values)):
            yield Fault(field.name, "required")
        elif len(value) > field.max_chars:
            yield Fault(field.name, "too_long", field.max_chars)
        elif _UNREADABLE in value:
            yield Fault(field.name, "unprintable")
        elif value and not _is_valid(field.name, value):
            foreign = _foreign_letters(value) if field.name == "email" else ""
            yield Fault("email", "foreign_letters", letters=foreign) if foreign else Fault(field.name, "invalid")
    if fields is None and values.get("disclose", DISCLOSURES[0]) not in DISCLOSURES:
        yield Fault("disclose", "invalid")


def _is_missing(name: str, values: Mapping[str, str]) -> bool:
    """Whether this optional field may not be empty. A single name is enough, in either field. An absent message stands
    for the campaign's own text; an empty one was cleared by hand, probably by mistake."""
    return (name == "first_name" and not values.get("last_name")) or (
        name in ("message", "thanks_message") and name in values
    )


def _foreign_letters(email: str) -> str:
    """Those before the @ of an address that is sound but for them (RFC 6531); many offices could not answer it."""
    local = email.rpartition("@")[0]
    foreign = dict.fromkeys(letter for letter in local if not letter.isascii())
    return "".join(foreign) if is_email(email, smtputf8=True) else ""


def read_name(values: Mapping[str, str]) -> tuple[str, str]:
    """First and last name. A single name counts as the first one, whichever field it was typed into."""
    first, last = values.get("first_name", ""), values.get("last_name", "")
    return (first, last) if first else (last, "")


def _is_valid(name: str, value: str) -> bool:
    match name:
        case "email":
            return is_email(value)
        case "zip":
            return _ZIP.fullmatch(value) is not None
        case "phone":
            return _PHONE.fullmatch(value) is not None
        case _:
            return True
