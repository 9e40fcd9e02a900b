"""ZIP codes as people and spreadsheets write them: "02108", "2108", "2108.0", "02108-1234", "02108 1234"."""

import re

from boundaries.text_folding import FOLD

# A ZIP at the end of a line: five digits, with or without four more; or, after a comma and a name, four that lost
# their zero.
_LAST = re.compile(r"(?:(?:^|[\s,]+)(\d{5}(?:\s*-?\s*\d{4})?)|(?<=[a-zA-Z.])[\s,]+(\d{4}(?:\.0)?))\s*$")
_NAMED = re.compile(r",[^,]*[a-zA-Z][^,]*$")
_WHOLE = re.compile(r"(\d{5})(?:[ -]*(\d{4}))?")
_DIGITS = re.compile(r"\d+")


def read_zip(text: str) -> str:
    """The five digits; "" if there are none. Spreadsheets drop the leading zeros and add a ".0"."""
    digits = _DIGITS.search(text.translate(FOLD if "." not in text else _KEEP_DOTS))
    if digits is None or len(digits[0]) not in (3, 4, 5, 9):
        return ""
    return digits[0][:5].zfill(5)


def find_zip(text: str) -> tuple[str, str]:
    """A line without the ZIP at its end, and that ZIP; "" if there is none."""
    folded = text.translate(_DIGITS_ONLY)
    match = _LAST.search(folded)
    if match is None or (match[2] and not _NAMED.search(folded[: match.start()])):
        return text, ""
    return folded[: match.start()], read_zip(match[1] or match[2])


def plain_zip(text: str) -> str:
    """A complete ZIP in plain digits: "02108" or "02108-1234"; any other text unchanged."""
    match = _WHOLE.fullmatch(text.translate(_DIGITS_ONLY).strip())
    if match is None:
        return text
    return f"{match[1]}-{match[2]}" if match[2] else match[1]


_KEEP_DOTS = {code: mark for code, mark in FOLD.items() if code != ord(".")}
# Only digits of other scripts, dashes and invisible characters are replaced.
_DIGITS_ONLY = {code: mark for code, mark in FOLD.items() if code > 0x7F and (not mark or mark in "0123456789- ")}
