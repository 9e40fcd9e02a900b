"""From the bytes of a form post to checked fields. Knows nothing of districts or campaigns."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import parse_qsl

from relay.contract import CHECKBOXES, DISCLOSURES, EMAIL_PATTERN, FIELDS, HIDDEN, HONEYPOT, Fault

MAX_BODY: Final = 64 * 1024  # bytes; the longest honest letter is a sixth of it
_KNOWN: Final = frozenset([*(field.name for field in FIELDS), *CHECKBOXES, *HIDDEN, HONEYPOT, "disclose"])
_EMAIL: Final = re.compile(EMAIL_PATTERN)
_ZIP: Final = re.compile(r"\d{5}(-?\d{4})?")
_MULTILINE: Final = frozenset({"message"})


def read(body: bytes) -> dict[str, str]:
    """Known fields of an urlencoded body, trimmed; of a field sent twice the first counts.

    Bytes that are not UTF-8 become U+FFFD, which `faults` then refuses, so that the page can show what arrived.
    """
    values: dict[str, str] = {}
    for name, value in parse_qsl(body.decode("latin-1"), keep_blank_values=True, errors="replace", max_num_fields=100):
        if name in _KNOWN and name not in values:
            values[name] = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    for name in CHECKBOXES:
        if values.get(name):
            values[name] = "1"
    return values


def is_robot(values: Mapping[str, str]) -> bool:
    """Whether the field that people never see was filled in."""
    return bool(values.get(HONEYPOT))


def faults(values: Mapping[str, str]) -> tuple[Fault, ...]:
    """Everything wrong with the form that can be told without looking anything up, in the order of the fields."""
    return tuple(_faults(values))


def _faults(values: Mapping[str, str]) -> Iterator[Fault]:
    for field in FIELDS:
        value = values.get(field.name, "")
        if not value:
            if field.required:
                yield Fault(field.name, "required")
        elif len(value) > field.max_chars:
            yield Fault(field.name, "too_long", field.max_chars)
        elif not _printable(value, multiline=field.name in _MULTILINE):
            yield Fault(field.name, "unprintable")
        elif not _plausible(field.name, value):
            yield Fault(field.name, "invalid")
    if values.get("disclose", DISCLOSURES[0]) not in DISCLOSURES:
        yield Fault("disclose", "invalid")


def _plausible(name: str, value: str) -> bool:
    if name == "email":
        return _EMAIL.fullmatch(value) is not None and len(value.rpartition("@")[0].encode()) <= 64
    if name == "zip":
        return _ZIP.fullmatch(value) is not None
    return True


def _printable(value: str, *, multiline: bool) -> bool:
    """No control characters, lone surrogates or undecodable bytes; a line break only where there are lines."""
    return (
        not any(
            unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") and not (multiline and character in "\n\t")
            for character in value
        )
        and "\ufffd" not in value
    )
