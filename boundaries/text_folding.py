"""Text in any script or typography folded to plain lowercase words."""

import unicodedata

# Invisible characters: zero-width spaces and joiners, soft hyphens, and direction marks.
_INVISIBLE = (0xAD, 0x034F, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF)
# Latin-1 supplement, Latin extended A and B; additional (Vietnamese); full width, as Chinese keyboards write.
_LATIN = (*range(0xA0, 0x250), *range(0x1E00, 0x1F00), *range(0xFF01, 0xFF5F))
# Apostrophes, and what is typed for one or for the Hawaiian okina: quotation marks, primes, modifier letters.
_APOSTROPHES = "'`\u00b4\u2018\u2019\u201b\u2032\u2035\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u055a\ua78c\uff07"


def _digits() -> dict[int, str]:
    """The decimal digits of every script, except circled or squared ones.

    They come in tens, 0 to 9, so every tenth code point finds each ten: this runs at every startup.
    """
    digits: dict[int, str] = {}
    for code in range(0x80, 0x20000, 10):
        digit = unicodedata.decimal(chr(code), None)
        if digit is not None:
            digits |= {code - digit + value: str(value) for value in range(10)}
    return digits


def _fold_table() -> dict[int, str | None]:
    table: dict[int, str | None] = {}
    for code in _LATIN:
        plain = unicodedata.normalize("NFKD", chr(code)).encode("ascii", "ignore").decode().lower().strip()
        table[code] = plain or None
    table |= _digits()
    table |= dict.fromkeys(range(0x300, 0x370))  # combining accents
    table |= dict.fromkeys(_INVISIBLE)
    table |= dict.fromkeys((0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000), " ")
    table |= {ord("đ"): "d", ord("Đ"): "d", ord("ø"): "o", ord("Ø"): "o", ord("ł"): "l", ord("Ł"): "l", ord("ß"): "ss"}
    table |= {code: chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
    table |= {ord(mark): None for mark in f".{_APOSTROPHES}\uff0e\u3002"}
    table |= {ord(mark): " " for mark in ',;:()[]\t\n\r\xa0+"_\u201c\u201d\uff0c\u3001\uff1b\uff1a'}
    table |= dict.fromkeys((*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFF0D), "-")
    table |= {0x2044: "/", 0x2215: "/", 0xFF0F: "/", ord("#"): " # ", 0xFF03: " # ", ord("&"): " & ", 0xFF06: " & "}
    table |= {ord("½"): " 1/2", ord("¼"): " 1/4", ord("¾"): " 3/4", ord("№"): " # "}
    return table


FOLD = _fold_table()


def tokenize(text: str) -> list[str]:
    """`text` in plain lowercase words: no accents, periods or apostrophes; `#` and `&` are words of their own."""
    return text.translate(FOLD).split()
