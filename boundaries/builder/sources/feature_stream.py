"""The features of a GeoJSON file one at a time, however its lines are broken: a state's does not fit in memory.

A feature per line, as OpenAddresses writes it (RFC 8142); or a collection, indented or all on one line (RFC 7946).
"""

import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

CHUNK = 1 << 20  # characters
_FEATURES = re.compile(r'"features"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,\x1e]*")


def read_stream(stream: TextIO) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each feature with the number of its first line. json.JSONDecodeError, its `lineno` counted in the whole file, if
    the text is not JSON or ends in the middle."""
    decoder = json.JSONDecoder()
    text = stream.read(CHUNK)
    opened = _FEATURES.search(text)
    at = opened.end() if opened else 0
    line = 1 + text.count("\n", 0, at)
    while True:
        start = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
        line += text.count("\n", at, start)
        at = start
        if at == len(text):
            text, at = stream.read(CHUNK), 0
            if not text:
                return
            continue
        if text[at] == "]" and opened:
            return
        try:
            feature, end = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            more = stream.read(max(CHUNK, len(text) - at))  # doubled, so that no feature is read too often
            if more:
                text, at = text[at:] + more, 0
                continue
            error.lineno += line - 1 - text.count("\n", 0, at)
            raise
        if not isinstance(feature, dict):
            raise json.JSONDecodeError("not a feature", text, at)
        yield line, feature
        line += text.count("\n", at, end)
        at = end
