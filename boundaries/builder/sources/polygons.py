"""Reads polygons with their attributes: GeoJSON in any coordinate system, or a shapefile, zipped or not."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely  # type: ignore[import-untyped]
from shapefile import organize_polygon_rings  # type: ignore[import-untyped]

from boundaries.builder.sources.encodings import as_text
from boundaries.builder.sources.projection import as_degrees, to_degrees
from boundaries.builder.sources.shapefiles import open_shapefile
from boundaries.errors import SourceError


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature."""

    row: int  # from 1
    attributes: Mapping[str, Any]
    polygon: Any  # shapely, in degrees


def read_features(path: Path) -> Iterator[Feature]:
    """Every feature of a .geojson, .shp or .zip. SourceError names a feature that is not a polygon on the globe."""
    areas = _geojson(path) if path.suffix.lower() in (".geojson", ".json") else _shapefile(path)
    for area in areas:
        west, south, east, north = area.polygon.bounds
        if not (max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90):
            remedy = "name the coordinate system in the file or in a .prj beside it, or convert them to EPSG:4326"
            raise SourceError(path, area.row, "coordinates are not degrees", remedy)
        yield area


def _geojson(path: Path) -> Iterator[Feature]:
    try:
        with path.open("rb") as stream, as_text(stream) as text:
            content = json.load(text)
        features = content["features"]
    except (json.JSONDecodeError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise SourceError(path, None, f"not a GeoJSON feature collection ({error})", "fetch the file again") from None
    beside = path.with_suffix(".prj")
    crs = ((content.get("crs") or {}).get("properties") or {}).get("name") or ""
    unproject = to_degrees(str(crs) or (beside.read_text("utf-8") if beside.is_file() else ""), path)
    for row, feature in enumerate(features, 1):
        try:
            polygon = shapely.from_geojson(json.dumps(feature["geometry"]))
        except (shapely.GEOSException, KeyError, TypeError) as error:
            raise SourceError(path, row, f"not a polygon ({error})", "fetch the file again") from None
        if polygon is None or polygon.geom_type not in ("Polygon", "MultiPolygon"):
            raise SourceError(path, row, "not a polygon", "is it a file of areas? Fetch it again")
        if unproject is not as_degrees:
            polygon = shapely.transform(polygon, unproject)
        yield Feature(row, feature.get("properties") or {}, polygon)


def _shapefile(path: Path) -> Iterator[Feature]:
    source = open_shapefile(path)
    unproject = to_degrees(source.projection, path)
    for shape in source.records():
        rings = [unproject(part) for part in shape.parts if len(part) > 3]
        if not rings:
            raise SourceError(path, shape.row, "not a polygon", "is it a file of areas? Fetch it again")
        yield Feature(shape.row, shape.attributes, _assemble([list(map(tuple, ring.tolist())) for ring in rings]))


def _assemble(rings: list[list[tuple[float, ...]]]) -> Any:  # noqa: ANN401  (shapely has no types)
    """One polygon, or several. Outer rings run clockwise, holes the other way, inside the smallest ring around them."""
    polygons = [shapely.Polygon(shell, holes) for shell, *holes in organize_polygon_rings(rings)]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
