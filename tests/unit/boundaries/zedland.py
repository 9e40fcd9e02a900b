"""Zedland, an invented state as public sources would publish it: a square of two tenths of a degree on the equator.

A line from north to south separates the senate districts 1 (west) and 2; one from west to east the house districts 10
(north) and 11. Long Row runs east along latitude 0.01, ten meters per number, and crosses the senate line at 200.
Short Way, in the town of Mid too, lies in the southeast. Farville lies in the northwest, far from every line.
"""

import csv
import gzip
import io
import json
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from boundaries.builder.sources.new_recipe import BuildOptions

Ring = list[tuple[float, float]]
Box = tuple[float, float, float, float]

NAD83 = 'GEOGCS["NAD83",DATUM["D_North_American_1983",SPHEROID["GRS_1980",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]'  # noqa: E501
SENATE: Mapping[str, Box] = {"1": (-0.1, -0.1, 0.0, 0.1), "2": (0.0, -0.1, 0.1, 0.1)}
HOUSE: Mapping[str, Box] = {"10": (-0.1, 0.0, 0.1, 0.1), "11": (-0.1, -0.1, 0.1, 0.0)}
# As Open States publishes it, column for column, the capitol columns left blank.
PEOPLE = (
    "id,name,current_party,current_district,current_chamber,given_name,family_name,gender,email,biography,birth_date,"
    "death_date,image,links,sources,capitol_address,capitol_voice,capitol_fax,district_address,district_voice,"
    "district_fax,twitter,youtube,instagram,facebook,wikidata"
)
MEMBERS = {"Ann Day": ("upper", "1"), "Bo Fox": ("upper", "2"), "Cy Roe": ("lower", "10"), "Di Poe": ("lower", "11")}

Address = tuple[str, str, int, float, float]  # city, street, number, longitude, latitude
ADDRESSES: tuple[Address, ...] = (
    *(("Mid", "Long Row", n, round((n - 200) * 9e-5, 6), 0.01 + (n % 2) * 3e-4) for n in range(100, 300)),
    *(("Mid", "Short Way", n, 0.05, -0.05 - n * 9e-5) for n in range(2, 40, 2)),
    *(("Farville", "High St", n, -0.07, 0.07 + n * 9e-5) for n in range(1, 20)),
)


def ring(box: Box) -> Ring:
    """A box's corners, clockwise, with the middle of each side, where a neighbor has a corner."""
    west, south, east, north = box
    x, y = (west + east) / 2, (south + north) / 2
    return [(west, south), (west, y), (west, north), (x, north), (east, north), (east, y), (east, south), (x, south),
            (west, south)]  # fmt: skip


def plain(lon: float, lat: float) -> tuple[float, float]:
    """Degrees as they are."""
    return lon, lat


def write_geojson(
    path: Path, boxes: Mapping[str, Box], crs: str = "", turn: Callable[[float, float], tuple[float, float]] = plain
) -> Path:
    features = [
        {"type": "Feature", "properties": {"NAME": name}, "geometry": {
            "type": "Polygon", "coordinates": [[turn(*point) for point in reversed(ring(box))]]}}
        for name, box in boxes.items()
    ]  # fmt: skip
    said = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
    path.write_text(json.dumps({"type": "FeatureCollection", **said, "features": features}))
    return path


def write_tiger(path: Path, boxes: Mapping[str, Box], code: str, called: str, prj: str = NAD83) -> Path:
    """A TIGER/Line zip. code: SLDUST or SLDLST; called: what precedes the number in NAMELSAD."""
    rows = [{code: f"{int(name):03d}", "NAMELSAD": f"{called} {name}"} for name in boxes]
    return write_shapefile(path, [ring(box) for box in boxes.values()], rows, prj)


def write_addrfeat(path: Path, lines: Sequence[tuple[Ring, Mapping[str, str]]]) -> Path:
    """A TIGER/Line ADDRFEAT zip of one county, of lines with their attributes."""
    columns = ("FULLNAME", "LFROMHN", "LTOHN", "RFROMHN", "RTOHN", "ZIPL", "ZIPR")
    rows = [{column: row.get(column, "") for column in columns} for _, row in lines]
    return write_shapefile(path, [line for line, _ in lines], rows, NAD83, kind=3)


def write_shapefile(
    path: Path, rings: Sequence[Ring], rows: Sequence[Mapping[str, str]], prj: str, kind: int = 5
) -> Path:
    """A zipped shapefile of polygons (kind 5) of one ring each, or of lines (3).

    Source: ESRI Shapefile Technical Description; dBASE III.
    """
    shapes = b""
    for number, points in enumerate(rings, 1):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        body = struct.pack("<i4d2i1i", kind, min(xs), min(ys), max(xs), max(ys), 1, len(points), 0)
        body += b"".join(struct.pack("<2d", *point) for point in points)
        shapes += struct.pack(">2i", number, len(body) // 2) + body
    head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + len(shapes)) // 2) + struct.pack(
        "<2i8d", 1000, kind, *[0.0] * 8
    )
    names = list(rows[0])
    fields = b"".join(name.encode().ljust(11, b"\0") + b"C" + bytes(4) + bytes((40, 0)) + bytes(14) for name in names)
    start = 33 + 32 * len(names)
    table = struct.pack("<4BIHH20x", 3, 126, 1, 1, len(rows), start, 1 + 40 * len(names)) + fields + b"\r"
    table += b"".join(b" " + b"".join(row[name].encode().ljust(40) for name in names) for row in rows)
    with zipfile.ZipFile(path, "w") as packed:
        for suffix, content in ((".shp", head + shapes), (".dbf", table), (".prj", prj.encode())):
            packed.writestr(path.stem + suffix, content)
    return path


def one_chamber(folder: Path) -> dict[str, object]:
    """Options for a Zedland with only a senate, like Nebraska."""
    districts = write_tiger(folder / "tl_2024_99_sldu.zip", SENATE, "SLDUST", "State Legislative District")
    members = {name: ("legislature", seat) for name, (chamber, seat) in MEMBERS.items() if chamber == "upper"}
    return {"districts": [str(districts)], "people": write_people(folder / "senate.csv", members)}


def write_people(path: Path, members: Mapping[str, tuple[str, str]] = MEMBERS) -> Path:
    lines = [PEOPLE]
    for name, (chamber, district) in members.items():
        given, family = name.split()
        email = f"{given}.{family}@legislature.example".lower()
        lines.append(f"ocd-person/{given},{name},Independent,{district},{chamber},{given},{family},,{email}" + "," * 17)
    path.write_text("\n".join(lines) + "\n")
    return path


def table(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def write_openaddresses(path: Path, addresses: Sequence[Address] = ADDRESSES) -> Path:
    head = ["LON", "LAT", "NUMBER", "STREET", "UNIT", "CITY", "DISTRICT", "REGION", "POSTCODE", "ID", "HASH"]
    rows = [(lon, lat, n, street, "", city, "", "ZZ", "", "", "") for city, street, n, lon, lat in addresses]
    path.write_text(table([head, *rows]))
    return path


def write_lines(path: Path, addresses: Sequence[Address] = ADDRESSES) -> Path:
    """OpenAddresses' GeoJSON: one feature per line, gzipped."""
    lines = [
        json.dumps({"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]}, "properties": {
            "hash": "", "number": str(n), "street": street, "unit": "", "city": city, "district": "", "region": "",
            "postcode": "", "id": ""}})
        for city, street, n, lon, lat in addresses
    ]  # fmt: skip
    path.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    return path


def write_national(path: Path, addresses: Sequence[Address] = ADDRESSES) -> Path:
    """The National Address Database's text, zipped: all states in one file, towns not always stated."""
    head = "OID_,Add_Number,AddNum_Suf,St_PreDir,St_Name,St_PosTyp,StNam_Full,County,Inc_Muni,Post_City,State,Zip_Code,Longitude,Latitude"  # noqa: E501
    rows = [
        (-1, n, "", "", "", "", street, "Square", city, "Not stated" if n % 2 else city, "ZZ", "", lon, lat)
        for city, street, n, lon, lat in addresses
    ]
    rows.append((-1, 5, "", "", "", "", "Far Ave", "Other", "Else", "Else", "YY", "", 70.0, 40.0))
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("TXT/NAD_r23.txt", table([head.split(","), *rows]))
    return path


def named(folder: Path, **changed: object) -> BuildOptions:
    """Command-line options for files written into `folder`."""
    given: dict[str, object] = {
        "code": "zz",
        "name": "Zedland",
        "districts": [
            str(write_tiger(folder / "tl_2024_99_sldu.zip", SENATE, "SLDUST", "State Senate District")),
            str(write_tiger(folder / "tl_2024_99_sldl.zip", HOUSE, "SLDLST", "State House District")),
        ],
        "addresses": [write_openaddresses(folder / "statewide.csv")],
        "people": write_people(folder / "zz.csv"),
        "people_date": "2026-11-01",
    }
    return BuildOptions(**given | changed)  # type: ignore[arg-type]
