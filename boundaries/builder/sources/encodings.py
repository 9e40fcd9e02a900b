"""Text as publishers encode it: UTF-8, UTF-16 with or without a byte-order mark, and Windows-1252 (Latin-1).

Windows-1252 does not say so anywhere: it is what bytes are that are not UTF-8. They are read one by one, so that a file
joined from several counties' may mix the two. Source: the Encoding Standard, where the label latin1 means Windows-1252.
"""

import codecs
import io
from typing import IO

#: The error handler for decoding UTF-8. UnicodeDecodeError remains for the five bytes that mean nothing in either.
OR_LATIN = "or_latin"


def _as_latin(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252"), error.end


codecs.register_error(OR_LATIN, _as_latin)


def as_text(stream: IO[bytes]) -> io.TextIOWrapper:
    """A text whose encoding is not known, with its line ends as they are."""
    buffered = io.BufferedReader(stream)  # type: ignore[type-var]
    return io.TextIOWrapper(buffered, _encoding(buffered.peek(4)[:4]), OR_LATIN, newline="")


def _encoding(start: bytes) -> str:
    """By the first bytes. A table or a GeoJSON file begins with a plain character: in UTF-16 its other half is zero."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(start) > 1 and (start[0] == 0) != (start[1] == 0):
        return "utf-16-be" if start[0] == 0 else "utf-16-le"
    return "utf-8-sig"
