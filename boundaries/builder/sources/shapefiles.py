"""Reads shapefiles, zipped or not: lines or polygons with attributes, by way of pyshp."""

import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from warnings import catch_warnings, simplefilter

import numpy as np
import shapefile  # type: ignore[import-untyped]

from boundaries.builder.sources.encodings import OR_LATIN
from boundaries.builder.sources.geometry import Floats
from boundaries.errors import SourceError

_LINES_OR_POLYGONS = {
    shapefile.POLYLINE, shapefile.POLYGON, shapefile.POLYLINEZ, shapefile.POLYGONZ, shapefile.POLYLINEM,
    shapefile.POLYGONM,
}  # fmt: skip
# What pyshp raises on a truncated or corrupt file.
_DAMAGED = (
    shapefile.ShapefileException, struct.error, ValueError, IndexError, KeyError, TypeError, OverflowError, MemoryError,
    EOFError, AssertionError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """One record of a shapefile."""

    row: int  # from 1
    parts: list[Floats]  # rings or lines, each (n, 2), in the file's coordinates
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Shapefile:
    """A shapefile in memory."""

    path: Path
    shapes: bytes
    table: bytes
    projection: str  # the text of its .prj, empty if it has none
    encoding: str

    def records(self) -> Iterator[Shape]:
        """Every record in order. SourceError if the file is truncated or not a shapefile of lines or polygons."""
        if struct.pack(">i", 9994) != self.shapes[:4]:
            raise SourceError(self.path, None, "not a shapefile", "fetch the file again")
        try:
            with catch_warnings():
                simplefilter("ignore")  # a wrong length in the header; the loop below notices if anything is missing
                reader = shapefile.Reader(
                    shp=BytesIO(self.shapes), dbf=BytesIO(self.table), encoding=self.encoding, encodingErrors=OR_LATIN
                )
            shapes, rows = reader.iterShapes(), reader.dbf_reader.iterRecords(deleted_as_None=True)
        except _DAMAGED as error:
            raise SourceError(self.path, None, f"damaged ({error})", "fetch the file again") from None
        if reader.shapeType not in _LINES_OR_POLYGONS:
            wrong = f"holds shapes of type {reader.shapeTypeName}, neither lines nor polygons"
            raise SourceError(self.path, None, wrong, "give the right file")
        row = 0
        try:
            for row, (shape, attributes) in enumerate(zip(shapes, rows, strict=True), 1):
                if attributes is not None:  # not deleted
                    values = attributes.as_dict()
                    yield Shape(row, _parts(shape), {name: _text(value) for name, value in values.items()})
        except _DAMAGED as error:
            raise SourceError(self.path, row + 1, f"damaged record ({error})", "fetch the file again") from None


def _parts(shape: shapefile.Shape) -> list[Floats]:
    if shape.shapeType == shapefile.NULL:
        return []
    vertices = np.array([point[:2] for point in shape.points], dtype=np.float64).reshape(-1, 2)
    return [vertices[start:stop] for start, stop in pairwise([*shape.parts, len(vertices)])]


def _text(value: object) -> str:
    return "" if value is None else str(value).strip("\0 ")


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
                files = {Path(name).suffix.lower(): packed.read(name) for name in packed.namelist()}
        else:
            files = {part.suffix.lower(): part.read_bytes() for part in path.parent.glob(f"{path.stem}.*")}
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise SourceError(path, None, f"unreadable ({error})", "fetch the file again") from None
    for part in (".shp", ".dbf"):
        if part not in files:
            raise SourceError(path, None, f"holds no {part}", "fetch the whole shapefile, zipped")
    encoding = files.get(".cpg", b"utf-8").decode("ascii", "replace").strip().lower() or "utf-8"
    encoding = {"utf-8": "utf-8", "utf8": "utf-8", "65001": "utf-8"}.get(encoding, "latin-1")
    projection = files.get(".prj", b"").decode("utf-8", "replace")
    return Shapefile(path, files[".shp"], files[".dbf"], projection, encoding)
