"""The container of the large files: named arrays and texts, compressed as one. Written by the builder, read at startup.

Layout, before zlib: 8 bytes magic, 4 bytes little-endian length of the header, the header (JSON: format version,
free metadata, and for each section its name, array type code and length in bytes), then the sections in order.
Integers are little-endian; an array of 4-byte integers is stored as four planes of bytes, which compress better.
"""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from boundaries.errors import DataError

MAGIC = b"BEACON\x01\n"
TEXT = "text"
_WIDTH = {"B": 1, "H": 2, "i": 4, "I": 4}


def write(path: Path, meta: Mapping[str, Any], sections: Mapping[str, array[int] | str]) -> None:
    """Write `sections` (arrays of type B, H, i or I, or text) and `meta` (JSON) to `path`."""
    table, body = [], []
    for name, content in sections.items():
        if isinstance(content, str):
            kind, raw = TEXT, content.encode()
        else:
            kind, raw = content.typecode, _planes(content)
        table.append([name, kind, len(raw)])
        body.append(raw)
    header = json.dumps({"meta": meta, "sections": table}, ensure_ascii=False, separators=(",", ":")).encode()
    path.write_bytes(zlib.compress(b"".join([MAGIC, len(header).to_bytes(4, "little"), header, *body]), 9))


def read(path: Path) -> tuple[dict[str, Any], dict[str, array[int]], dict[str, str]]:
    """The metadata, arrays and texts of such a file. DataError if it is not one."""
    try:
        raw = zlib.decompress(path.read_bytes())
    except FileNotFoundError:
        raise DataError(f"{path} is missing: build the state with `beaconpost boundaries build`") from None
    except zlib.error as error:
        raise DataError(f"{path} is damaged ({error}): restore it or build the state again") from None
    if raw[:8] != MAGIC:
        raise DataError(f"{path} is of another format version: build the state again")
    start = 12 + int.from_bytes(raw[8:12], "little")
    header = json.loads(raw[12:start])
    arrays: dict[str, array[int]] = {}
    texts: dict[str, str] = {}
    for name, kind, length in header["sections"]:
        part = raw[start : start + length]
        start += length
        if kind == TEXT:
            texts[name] = part.decode()
        else:
            arrays[name] = _unplane(kind, part)
    return header["meta"], arrays, texts


def _planes(values: array[int]) -> bytes:
    little = array(values.typecode, values)
    if sys.byteorder == "big":
        little.byteswap()
    raw, width = little.tobytes(), _WIDTH[values.typecode]
    return b"".join(raw[offset::width] for offset in range(width))


def _unplane(kind: str, part: bytes) -> array[int]:
    width = _WIDTH[kind]
    raw = bytearray(len(part))
    size = len(part) // width
    for offset in range(width):
        raw[offset::width] = part[offset * size : (offset + 1) * size]
    values: array[int] = array(kind, bytes(raw))
    if sys.byteorder == "big":
        values.byteswap()
    return values
