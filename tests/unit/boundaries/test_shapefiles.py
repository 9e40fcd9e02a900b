"""Shapefiles from anywhere: holes, islands in them, deleted rows, and damaged files."""

from dataclasses import replace
from pathlib import Path

import pytest
import shapefile  # type: ignore[import-untyped]

from boundaries.builder.sources.polygons import read_features
from boundaries.builder.sources.shapefiles import open_shapefile
from boundaries.errors import SourceError

Corners = list[tuple[float, float]]


def square(west: float, size: float) -> Corners:
    """A square's corners, clockwise like an outer ring."""
    east = west + size
    return [(west, west), (west, east), (east, east), (east, west), (west, west)]


def write(path: Path, *records: list[Corners], kind: int = shapefile.POLYGON) -> Path:
    with shapefile.Writer(str(path), shapeType=kind) as writer:
        writer.field("NAME", "C", 10)
        writer.field("SEATS", "N", 5)
        for number, rings in enumerate(records, 1):
            writer.poly(rings) if kind == shapefile.POLYGON else writer.point(1, 1)
            writer.record(f"Nº {number}", number)
    return path


def test_a_lake_is_not_part_of_a_district_but_an_island_in_it_is(tmp_path: Path) -> None:
    rings = [square(0, 9), square(1, 7)[::-1], square(2, 5), square(3, 3)[::-1], square(20, 1)]
    (area,) = read_features(write(tmp_path / "a.shp", rings))
    assert area.polygon.is_valid
    assert area.polygon.area == 81 - 49 + 25 - 9 + 1
    assert dict(area.attributes) == {"NAME": "Nº 1", "SEATS": "1"}


def test_a_deleted_row_takes_its_shape_with_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.shp", [square(0, 1)], [square(5, 2)], [square(9, 3)])
    table = path.with_suffix(".dbf")
    content = bytearray(table.read_bytes())
    content[content.index("Nº 2".encode()) - 1] = ord("*")
    table.write_bytes(content)
    assert [(area.row, area.polygon.area) for area in read_features(path)] == [(1, 1), (3, 9)]


@pytest.mark.parametrize("kept", [0.2, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("part", ["shapes", "table"])
def test_a_truncated_file_is_refused(tmp_path: Path, part: str, kept: float) -> None:
    whole = open_shapefile(write(tmp_path / "a.shp", [square(0, 1)], [square(5, 2)], [square(9, 3)]))
    shapes, table = whole.shapes, whole.table
    cut = replace(whole, shapes=shapes[: int(len(shapes) * kept)])
    if part == "table":
        cut = replace(whole, table=table[: int(len(table) * kept)])
    with pytest.raises(SourceError, match=r"a\.shp.*; fetch the file again"):
        list(cut.records())


def test_a_file_of_points_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.shp", [square(0, 1)], kind=shapefile.POINT)
    with pytest.raises(SourceError, match=r"a\.shp: holds shapes of type POINT, neither lines nor polygons"):
        list(open_shapefile(path).records())
    path.write_bytes(b"PK" * 100)
    with pytest.raises(SourceError, match=r"a\.shp: not a shapefile"):
        list(open_shapefile(path).records())
