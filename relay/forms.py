"""From the bytes of a form post to checked fields. Knows nothing of districts or campaigns."""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import parse_qsl

from boundaries.email_addresses import is_email
from theme.faults import Fault
from theme.fields import CHECKBOXES, DISCLOSURES, FIELDS, HIDDEN, HONEYPOT

MAX_BODY: Final = 64 * 1024  # bytes; the longest honest letter is a sixth of it
MAX_PAIRS: Final = 200  # name=value pairs; the form has twenty
CONTENT_TYPE: Final = "application/x-www-form-urlencoded"
OTHERS: Final = ("lat", "lon", "action")  # of the smaller posts: a place on the map, a button pressed

_KNOWN: Final = frozenset((*(field.name for field in FIELDS), *CHECKBOXES, *HIDDEN, HONEYPOT, "disclose", *OTHERS))
_ZIP: Final = re.compile(r"[0-9]{5}(-?[0-9]{4})?")
_PHONE: Final = re.compile(r"(?=(?:[^0-9]*[0-9]){10,15}[^0-9]*$)\+?[0-9 ().x/-]+")
# Controls, line and paragraph separators, lone surrogates, and U+FFFD, which stands for bytes that are not UTF-8.
_CONTROLS: Final = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffd"
_UNFIT_TEXT: Final = re.compile(f"[{_CONTROLS}]")
# On one line neither tabs nor breaks, nor the marks that make a name read backwards.
_UNFIT_LINE: Final = re.compile(f"[{_CONTROLS}\t\n\u202a-\u202e\u2066-\u2069]")


def parse(body: bytes) -> dict[str, str]:
    """The known fields of an urlencoded body, trimmed, line ends as LF; of a field sent twice the first counts.

    Bytes that are not UTF-8 become U+FFFD, which `check` refuses, so that a page can show what arrived.
    Raises ValueError for a body of more than MAX_PAIRS pairs.
    """
    values: dict[str, str] = {}
    pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, errors="replace", max_num_fields=MAX_PAIRS)
    for name, value in pairs:
        if name in _KNOWN and name not in values:
            values[name] = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    for name in CHECKBOXES:
        if values.get(name):
            values[name] = "1"
    return values


def is_robot(values: Mapping[str, str]) -> bool:
    """Whether the field that people never see was filled in."""
    return bool(values.get(HONEYPOT))


def check(values: Mapping[str, str], fields: frozenset[str] | None = None) -> tuple[Fault, ...]:
    """Everything wrong that can be told without looking anything up, in the order of the fields.

    fields: the names to check, where only a part of the form was asked for; none of them is required then.
    """
    return tuple(_check(values, fields))


def _check(values: Mapping[str, str], fields: frozenset[str] | None) -> Iterator[Fault]:
    for field in FIELDS:
        if fields is not None and field.name not in fields:
            continue
        value = values.get(field.name, "")
        # An absent message means the campaign's own; one emptied by hand means that something went wrong.
        if not value and fields is None and (field.required or (field.name == "message" and "message" in values)):
            yield Fault(field.name, "required")
        elif len(value) > field.max_chars:
            yield Fault(field.name, "too_long", field.max_chars)
        elif (_UNFIT_TEXT if field.type == "textarea" else _UNFIT_LINE).search(value):
            yield Fault(field.name, "unprintable")
        elif value and not _plausible(field.name, value):
            yield Fault(field.name, "invalid")
    if fields is None and values.get("disclose", DISCLOSURES[0]) not in DISCLOSURES:
        yield Fault("disclose", "invalid")


def _plausible(name: str, value: str) -> bool:
    match name:
        case "email":
            return is_email(value)
        case "zip":
            return _ZIP.fullmatch(value) is not None
        case "phone":
            return _PHONE.fullmatch(value) is not None
        case _:
            return True
