"""What people type and paste, as they meant it. Word, PowerPoint, chats and web pages hand over characters that nobody
sees; whoever pasted one cannot find it, so no letter is refused for it."""

import re
from typing import Final
from unicodedata import decimal

# Windows' quotation marks and dashes, where a program took them for the control characters of the same number.
_MISREAD: Final = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
# Controls that mean nothing in a letter, soft hyphens, zero-width spaces, byte order marks, the places of pictures.
_UNSEEN: Final = (
    *range(0x09), *range(0x0E, 0x20), 0x7F, 0xAD, 0x200B, *range(0x2060, 0x2065), *range(0x206A, 0x2070), 0xFEFF,
    *range(0xFFF9, 0xFFFD),
)  # fmt: skip
_MEANT: Final[dict[int, str | None]] = {
    **_MISREAD,
    **dict.fromkeys(_UNSEEN),
    **dict.fromkeys((0x0B, 0x0C, 0x0D, 0x85, 0x2028), "\n"),  # Shift+Enter in Word and PowerPoint is 0x0B
    0x2029: "\n\n",  # ends a paragraph
    0x1E: "-",  # Word's non-breaking hyphen
    **dict.fromkeys(
        (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F), " "
    ),  # else `[First Name]` is not filled in
}
# Joiners shape Persian, Indic scripts and emoji. After Latin letters, spaces and punctuation they do nothing.
_IDLE_JOINERS: Final = re.compile("(?<![\u0590-\u1fff\u2070-\U0010ffff])[\u200c\u200d]+")
# Marks and controls of direction, which would make a name read backwards.
_DIRECTIONS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_OTHER_DIGITS: Final = re.compile(r"(?![0-9])\d")
_WIDE: Final = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # as Chinese and Japanese keyboards write
_DASHES: Final = re.compile("[\u2010-\u2015\u2212]")


def mend(text: str, *, one_line: bool) -> str:
    """Line breaks as LF, spaces as spaces, and nothing invisible that no script needs; trimmed.

    one_line: what cannot have lines has a space for each, never two in a row, and no direction of its own.
    """
    text = _IDLE_JOINERS.sub("", text.replace("\r\n", "\n").translate(_MEANT))
    return " ".join(_DIRECTIONS.sub("", text).split()) if one_line else text.strip()


def write_digits(text: str) -> str:
    """Digits of every script as 0 to 9: offices and mail carriers read them."""
    return _OTHER_DIGITS.sub(lambda digit: str(decimal(digit[0])), text)


def narrow(text: str) -> str:
    """Full-width letters, digits and signs as ASCII's, and every dash as a hyphen."""
    return _DASHES.sub("-", text.translate(_WIDE))
