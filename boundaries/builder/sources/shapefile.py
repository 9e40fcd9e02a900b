"""Reading shapefiles, zipped or not, without a library: lines, polygons and their attributes.

Sources: ESRI Shapefile Technical Description (July 1998); dBASE III table format.
"""

import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from boundaries.builder.sources.geometry import Floats
from boundaries.errors import SourceError

_POINTS = {3, 5, 13, 15, 23, 25}  # lines and polygons, plain, with height, with measure


@dataclass(frozen=True, slots=True)
class Shape:
    """One record: its number from 1, its rings or lines (each (n, 2), in the file's coordinates), its attributes."""

    row: int
    parts: list[Floats]
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Shapefile:
    """A shapefile in memory. projection: the text of its .prj, empty if it has none."""

    path: Path
    shapes: bytes
    table: bytes
    projection: str
    encoding: str

    def records(self) -> Iterator[Shape]:
        """Every record in order. SourceError if the file is cut short or not a shapefile of lines or polygons."""
        rows = self._rows()
        at = 100
        if len(self.shapes) < at or struct.unpack(">i", self.shapes[:4])[0] != 9994:
            raise SourceError(self.path, None, "not a shapefile", "fetch the file again")
        for row, attributes in enumerate(rows, 1):
            try:
                length = 2 * struct.unpack_from(">i", self.shapes, at + 4)[0]
                parts = _parts(self.shapes[at + 8 : at + 8 + length])
            except (struct.error, ValueError) as error:
                raise SourceError(self.path, row, f"damaged shape ({error})", "fetch the file again") from None
            at += 8 + length
            yield Shape(row, parts, attributes)

    def _rows(self) -> Iterator[dict[str, str]]:
        try:
            count, header, width = struct.unpack_from("<IHH", self.table, 4)
            fields = []
            at = 32
            while self.table[at] != 0x0D:
                name = self.table[at : at + 11].partition(b"\0")[0].decode("ascii")
                fields.append((name, self.table[at + 16]))
                at += 32
        except (struct.error, IndexError, UnicodeDecodeError) as error:
            raise SourceError(self.path, None, f"damaged table ({error})", "fetch the file again") from None
        for number in range(count):
            record = self.table[header + number * width : header + (number + 1) * width]
            if len(record) < width:
                wrong = f"the table ends after {number} of {count} rows"
                raise SourceError(self.path, number + 1, wrong, "fetch the file again")
            at, attributes = 1, {}
            for name, size in fields:
                attributes[name] = record[at : at + size].decode(self.encoding, "replace").strip("\0 ")
                at += size
            yield attributes


def _parts(record: bytes) -> list[Floats]:
    kind = struct.unpack_from("<i", record)[0]
    if kind == 0:
        return []
    if kind not in _POINTS:
        raise ValueError(f"shape type {kind} is neither line nor polygon")
    count, points = struct.unpack_from("<ii", record, 36)
    starts = [*struct.unpack_from(f"<{count}i", record, 44), points]
    vertices = np.frombuffer(record, "<f8", 2 * points, 44 + 4 * count).reshape(-1, 2)
    return [vertices[start:stop] for start, stop in pairwise(starts)]


def holds_shapes(path: Path) -> bool:
    """Whether a file is a shapefile, or a ZIP archive with one in it."""
    if path.suffix.lower() == ".zip" and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            return any(name.lower().endswith(".shp") for name in packed.namelist())
    return path.suffix.lower() == ".shp"


def open_shapefile(path: Path) -> Shapefile:
    """Open NAME.zip holding one shapefile, or NAME.shp with its companions beside it. SourceError otherwise."""
    try:
        if path.suffix.lower() == ".zip":
            with zipfile.ZipFile(path) as packed:
                found = {Path(name).suffix.lower(): packed.read(name) for name in packed.namelist()}
        else:
            beside = path.parent.glob(f"{path.stem}.*")
            found = {one.suffix.lower(): one.read_bytes() for one in beside}
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise SourceError(path, None, f"unreadable ({error})", "fetch the file again") from None
    for part in (".shp", ".dbf"):
        if part not in found:
            raise SourceError(path, None, f"holds no {part}", "fetch the whole shapefile, zipped")
    encoding = found.get(".cpg", b"utf-8").decode("ascii", "replace").strip().lower() or "utf-8"
    encoding = {"utf-8": "utf-8", "utf8": "utf-8", "65001": "utf-8"}.get(encoding, "latin-1")
    projection = found.get(".prj", b"").decode("utf-8", "replace")
    return Shapefile(path, found[".shp"], found[".dbf"], projection, encoding)
