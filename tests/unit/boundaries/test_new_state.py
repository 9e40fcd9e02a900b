"""From public files to a state's folder, without repeating what the files say themselves."""

import gzip
import json
import math
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from boundaries.builder.release.compile import build
from boundaries.builder.sources.new_recipe import draft_recipe
from boundaries.builder.sources.recipe import make_recipe, read_recipe
from boundaries.errors import SourceError
from boundaries.model import Pair
from boundaries.state import State, open_state
from tests.unit.boundaries import zedland
from tests.unit.boundaries.command import main
from tests.unit.boundaries.zedland import ADDRESSES, HOUSE, SENATE, Address, named
from theme.pages.maps import draw_map, draw_state

SQUARE = (-0.1, -0.1, 0.1, 0.1)


def say(_: str) -> None:
    """Ignore the builder's progress."""


def make(folder: Path, **changed: object) -> Path:
    """Zedland's folder, built from files in `folder`."""
    content, given = draft_recipe(named(folder, **changed))
    built = folder / "zz"
    build(make_recipe(built / "recipe.json", content, built, given), built, say)
    return built


def refusal(folder: Path, **changed: object) -> str:
    with pytest.raises(SourceError) as error:
        make(folder, **changed)
    assert not (folder / "zz").exists()
    return str(error.value).replace(f"{folder}/", "")


def check(state: State) -> None:
    assert state.towns == ("Farville", "Mid")
    assert state.locate("120 Long Row", "Mid", "").pairs == (Pair("1", "10"),)
    assert state.locate("280 Long Row", "mid", "").pairs == (Pair("2", "10"),)
    assert state.locate("8 Short Way", "Mid", "").pairs == (Pair("2", "11"),)
    assert state.locate("8 High Street", "Farville", "").pairs == (Pair("1", "10"),)
    assert state.district("senate", "1").ocd_id == "ocd-division/country:us/state:zz/sldu:1"
    assert 1 <= len(state.town_rings("Mid")) <= 3
    assert all(ring[0] == ring[-1] for ring in state.town_rings("Mid"))
    assert state.town_rings("Farville") == []  # in one pair: nothing to choose
    (member,) = state.legislators("house", "11")
    assert member is not None
    assert (member.name, member.email, member.phone) == ("Di Poe", "di.poe@legislature.example", "")


@pytest.mark.parametrize(
    ("write", "name"),
    [
        (zedland.write_openaddresses, "statewide.csv"),
        (zedland.write_lines, "statewide-addresses-state.geojson.gz"),
        (zedland.write_national, "NAD_r23_TXT.zip"),
    ],
)
def test_address_points_are_read_as_they_are_published(
    tmp_path: Path, write: Callable[[Path], Path], name: str
) -> None:
    check(open_state(make(tmp_path, addresses=[write(tmp_path / name)])))


def test_maps_in_any_coordinate_system_are_read(tmp_path: Path) -> None:
    def mercator(lon: float, lat: float) -> tuple[float, float]:
        return math.radians(lon) * 6378137, math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) * 6378137

    senate = zedland.write_geojson(tmp_path / "upper.geojson", SENATE, "urn:ogc:def:crs:EPSG::3857", mercator)
    house = zedland.write_geojson(tmp_path / "lower.geojson", HOUSE)
    check(open_state(make(tmp_path, districts=[f"senate={senate}", f"house={house}"])))


def test_a_folder_with_one_shapefile_works_like_a_zip(tmp_path: Path) -> None:
    folders = []
    for zipped in named(tmp_path).districts:
        folder = tmp_path / Path(zipped).stem
        with zipfile.ZipFile(zipped) as packed:
            packed.extractall(folder)
        folders.append(str(folder))
    check(open_state(make(tmp_path, districts=folders)))
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="empty: holds 0 shapefiles; name the file itself"):
        draft_recipe(named(tmp_path, districts=[str(tmp_path / "empty"), folders[1]]))


def test_a_line_is_found_where_neighbors_do_not_share_vertices(tmp_path: Path) -> None:
    parted = {"1": (-0.1, -0.1, 0.0, 0.1), "2": (0.0, -0.1, 0.1, 0.0), "3": (0.0, 0.0, 0.1, 0.1)}
    senate = zedland.write_geojson(tmp_path / "upper.geojson", parted)
    house = zedland.write_geojson(tmp_path / "lower.geojson", HOUSE)
    people = zedland.write_people(tmp_path / "people.csv", {**zedland.MEMBERS, "Ed Law": ("upper", "3")})
    few: list[Address] = [("Mid", "Gap Row", 2, -9e-4, 0.03), ("Mid", "Gap Row", 40, 9e-4, 0.03), *ADDRESSES]
    addresses = zedland.write_openaddresses(tmp_path / "gap.csv", few)
    state = open_state(make(
        tmp_path, districts=[f"senate={senate}", f"house={house}"], people=people, addresses=[addresses]
    ))  # fmt: skip
    assert state.locate("20 Gap Row", "Mid", "").status == "choose"


def test_the_drafted_recipe_builds_the_same_bytes_again(tmp_path: Path) -> None:
    built = make(tmp_path)
    first = {path.name: path.read_bytes() for path in built.iterdir()}
    build(read_recipe(built / "recipe.json", tmp_path), built, say)
    assert {path.name: path.read_bytes() for path in built.iterdir()} == first
    entries = {entry["file"]: entry for entry in json.loads(first["recipe.json"])["sources"]}
    assert entries["tl_2024_99_sldu.zip"]["url"] == (
        "https://www2.census.gov/geo/tiger/TIGER2024/SLDU/tl_2024_99_sldu.zip"
    )
    assert entries["zz.csv"]["url"] == "https://data.openstates.org/people/current/zz.csv"
    assert b"TIGER/Line 2024" in first["SOURCES.md"]


def test_a_town_needs_a_street_if_a_line_is_near(tmp_path: Path) -> None:
    state = open_state(make(tmp_path))
    assert state.locate("", "Farville", "").status == "matched"
    assert state.locate("", "Mid", "").status == "need_street"


def test_a_map_of_towns_places_addresses_and_their_city_leads_there(tmp_path: Path) -> None:
    towns = {"Northtown": (-0.1, 0.0, 0.1, 0.1), "Southtown": (-0.1, -0.1, 0.1, 0.0)}
    areas = zedland.write_geojson(tmp_path / "towns.geojson", towns)
    state = open_state(make(tmp_path, towns=areas))
    assert state.towns == ("Northtown", "Southtown")
    assert state.locate("120 Long Row", "Northtown", "").pairs == (Pair("1", "10"),)
    assert state.locate("8 Short Way", "Mid", "").pairs == (Pair("2", "11"),)


def test_ranges_alone_decide_only_far_from_a_line(tmp_path: Path) -> None:
    # Line Road runs along the senate line, so its two sides are in two districts; Free Road is far from any line.
    along: zedland.Ring = [(0.0, 0.02), (0.0, 0.04)]
    free: zedland.Ring = [(0.05, 0.02), (0.05, 0.04)]
    sides = {"LFROMHN": "1", "LTOHN": "99", "RFROMHN": "2", "RTOHN": "98"}
    bent: zedland.Ring = [(6e-5, 0.05), (6e-5, 0.07)]  # 7 m east of the line: which house stands where is unknown
    county = zedland.write_addrfeat(tmp_path / "tl_2024_99001_addrfeat.zip", [
        (along, sides | {"FULLNAME": "Line Rd"}), (free, sides | {"FULLNAME": "Free Rd"}),
        (bent, sides | {"FULLNAME": "Bent Rd"}),
    ])  # fmt: skip
    square = zedland.write_geojson(tmp_path / "towns.geojson", {"Square": SQUARE})
    points = zedland.write_openaddresses(tmp_path / "points.csv")
    state = open_state(make(tmp_path, addresses=[points, county], towns=square))
    assert state.locate("50 Free Road", "Square", "").pairs == (Pair("2", "10"),)
    assert state.locate("51 Line Road", "Square", "").pairs == (Pair("1", "10"),)
    assert state.locate("50 Line Road", "Square", "").pairs == (Pair("2", "10"),)
    assert state.locate("51 Bent Road", "Square", "").status == "choose"
    assert state.locate("50 Bent Road", "Square", "").pairs == (Pair("2", "10"),)


def test_the_command_builds_and_never_overwrites_a_recipe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = named(tmp_path)
    into = str(tmp_path / "zz")
    command = ["build", "zz", "--name", "Zedland", "--districts", *files.districts, "--people", str(files.people),
               "--addresses", *map(str, files.addresses), "--into", into]  # fmt: skip
    assert main(command) == 0
    assert "coverage of Zedland" in capsys.readouterr().err
    check(open_state(tmp_path / "zz"))
    assert main(command) == 1
    assert "recipe.json already exists: edit it and build with --sources" in capsys.readouterr().err
    assert main(["build", "zz", "--recipe", f"{into}/recipe.json", "--sources", str(tmp_path), "--into", into]) == 0
    assert main(["build", "zz"]) == 2
    assert main(["build", "zz", "--districts", *files.districts]) == 2
    assert main(["update", "zz", "--only", "roster"]) == 2


def test_published_division_ids_are_used(tmp_path: Path) -> None:
    ids = [f"ocd-division/country:us/state:zz/{body}:{name}" for body, name in
           (("sldu", "1"), ("sldu", "2"), ("sldl", "10"), ("sldl", "11"))]  # fmt: skip
    path = tmp_path / "country-us.csv"
    path.write_text("id,name,census_geoid\n" + "".join(f"{division},Zedland,\n" for division in ids))
    check(open_state(make(tmp_path, divisions=path)))
    path.write_text("id,name,census_geoid\nocd-division/country:us/state:yy/sldu:1,,\n")
    (tmp_path / "again").mkdir()
    assert "country-us.csv: no district of 'zz'; is it country-us.csv, of Open" in refusal_again(tmp_path, path)


def refusal_again(folder: Path, divisions: Path) -> str:
    with pytest.raises(SourceError) as error:
        make(folder / "again", divisions=divisions)
    return str(error.value)


def test_a_seat_without_a_member_must_be_listed(tmp_path: Path) -> None:
    three = {name: seat for name, seat in zedland.MEMBERS.items() if name != "Di Poe"}
    people = zedland.write_people(tmp_path / "three.csv", three)
    assert '--vacant "house:11"' in refusal(tmp_path, people=people)
    assert open_state(make(tmp_path, people=people, vacant=["house:11"])).legislators("house", "11") == ()


def test_a_legislature_may_be_unicameral(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built = make(tmp_path, **zedland.one_chamber(tmp_path))
    state = open_state(built)
    assert state.chambers == ("senate",)
    assert state.locate("120 Long Row", "Mid", "").pairs == (Pair("1", ""),)
    assert set(state.locate("", "Mid", "").pairs) == {Pair("1", ""), Pair("2", "")}
    assert state.locate("8 High Street", "Farville", "").pairs == (Pair("1", ""),)
    assert state.locate_point(0.05, 0.05).pairs == (Pair("2", ""),)
    assert state.locate_point(5, 5).reason == "other_state"
    assert state.legislators("house", "") == ()
    main(["lookup", "120 Long Row, Mid", "--folder", str(built)])
    assert capsys.readouterr().out.splitlines()[1:] == ["Senator Ann Day, 1"]
    main(["lookup", "120 Long Row, Mid", "--folder", str(built), "--json"])
    assert json.loads(capsys.readouterr().out)["districts"].keys() == {"senate"}


def test_a_missing_map_is_requested(tmp_path: Path) -> None:
    upper = str(zedland.write_tiger(tmp_path / "tl_2024_99_sldu.zip", SENATE, "SLDUST", "State Senate District"))
    assert "no map of the house; add it, as house=FILE" in refusal(tmp_path, districts=[upper])


def test_a_district_may_elect_several_members(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = zedland.write_people(tmp_path / "five.csv", zedland.MEMBERS | {"Ed Law": ("lower", "11")})
    built = make(tmp_path, people=people, members=["house=2"], vacant=["house:10"])
    state = open_state(built)
    assert [member.name for member in state.legislators("house", "11")] == ["Di Poe", "Ed Law"]
    assert ([len(state.legislators("house", "10")), state.vacancies("house", "10")]) == [1, 1]
    main(["lookup", "8 Short Way, Mid", "--folder", str(built)])
    assert capsys.readouterr().out.splitlines()[1:] == [
        "Senator Bo Fox, 2", "Representative Di Poe, 11", "Representative Ed Law, 11",
    ]  # fmt: skip
    (again := tmp_path / "again").mkdir()
    assert 'write it like "house=2"' in refusal(again, people=people, members=["house 2"])


OVER = zedland.MEMBERS | {"Ed Law": ("lower", "12"), "Flo Ray": ("upper", "At-Large"), "Gus Tor": ("upper", "At-Large")}


def test_districts_may_lie_over_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """New Hampshire's floterial districts, and members at large."""
    people = zedland.write_people(tmp_path / "over.csv", OVER)
    over = ["house:12=11", "senate:At-Large=*"]
    built = make(tmp_path, people=people, over=over, members=["senate:At-Large=3"], vacant=["senate:At-Large"])
    main(["lookup", "8 Short Way, Mid", "--folder", str(built)])
    assert capsys.readouterr().out.splitlines()[1:] == [
        "Senator Bo Fox, 2", "Senator Flo Ray, At-Large", "Senator Gus Tor, At-Large", "Senator: vacant, At-Large",
        "Representative Di Poe, 11", "Representative Ed Law, 12",
    ]  # fmt: skip
    state = open_state(built)
    assert state.districts_at("house", "10") == ("10",)
    assert state.locate("8 Short Way", "Mid", "").pairs == (Pair("2", "11"),)
    assert state.rings("house", "12") == state.rings("house", "11")
    assert len(state.rings("senate", "At-Large")) == len(state.rings("senate", "1")) + len(state.rings("senate", "2"))
    assert draw_map(state, "house", ("12",)).areas
    assert {area.district for area in draw_state(state, "senate", ["1"]).areas} == {"1", "2"}
    again = make(tmp_path, people=people, skip=["house:12", "senate:At-Large"])  # somebody thinks better of it
    assert open_state(again).districts_at("house", "11") == ("11",)


def test_what_lies_over_others_must_be_said_rightly(tmp_path: Path) -> None:
    people = zedland.write_people(tmp_path / "over.csv", OVER)
    said = refusal(tmp_path, people=people, skip=["senate:At-Large"])
    assert "no polygon for 12; the map writes names like" in said
    assert '--over "house:12=…"; if these have no district, as delegates, skip them: --skip "house:12"' in said
    for over, wrong in (
        ("house:12", 'write it like "house:Belknap 8=Belknap 1,Belknap 2"'),
        ("lower:12=11", 'write it like "house:Belknap 8=Belknap 1,Belknap 2"'),
        ("house:12=13", "overlays: no district '13'; write 10 or 11"),
        ("house:12=12", "overlays: no district '12'; write"),
    ):
        assert wrong in refusal(tmp_path, people=people, skip=["senate:At-Large"], over=[over])


def test_what_lies_over_others_may_be_mistyped_in_the_recipe(tmp_path: Path) -> None:
    content, given = draft_recipe(named(tmp_path))
    for entry in ({"chamber": "lower", "district": "12", "over": "*"}, {"chamber": "house", "district": "12"}):
        recipe = make_recipe(tmp_path / "recipe.json", {**content, "overlays": [entry]}, tmp_path, given)
        with pytest.raises(SourceError, match="is not valid; write it like"):
            build(recipe, tmp_path / "zz", say)


def test_a_district_without_addresses_must_be_listed(tmp_path: Path) -> None:
    north = zedland.write_openaddresses(tmp_path / "north.csv", [address for address in ADDRESSES if address[4] > 0])
    said = refusal(tmp_path, addresses=[north])
    assert "recipe.json: no address leads to house 11 (1 of 4 districts); add a street source that covers" in said
    assert said.endswith('for a new one: --unreached "house:11"')
    assert open_state(make(tmp_path, addresses=[north], unreached=["house:11"])).towns == ("Farville", "Mid")


def test_all_districts_without_addresses_are_named_before_the_long_part(tmp_path: Path) -> None:
    boxes = {str(number): (-0.1, 0.1 - 0.02 * number, 0.1, 0.12 - 0.02 * number) for number in range(1, 11)}
    house = zedland.write_geojson(tmp_path / "lower.geojson", boxes)
    senators = {name: seat for name, seat in zedland.MEMBERS.items() if seat[0] == "upper"}
    people = zedland.write_people(tmp_path / "people.csv", senators | {
        f"{chr(75 + number)}u Law": ("lower", str(number)) for number in range(1, 11)})  # fmt: skip
    few = zedland.write_openaddresses(tmp_path / "few.csv", [address for address in ADDRESSES if address[4] > 0.06])
    heard: list[str] = []
    content, given = draft_recipe(named(
        tmp_path, districts=[named(tmp_path).districts[0], f"house={house}"], people=people, addresses=[few]
    ))  # fmt: skip
    recipe = make_recipe(tmp_path / "zz" / "recipe.json", content, tmp_path, given)
    with pytest.raises(SourceError) as error:
        build(recipe, tmp_path / "zz", heard.append)
    for number in range(3, 11):
        assert f'--unreached "house:{number}"' in str(error.value)
    assert '--unreached "senate:2"' in str(error.value)
    assert "house 9, house 10, senate 2 (10 of 12 districts)" in str(error.value)
    assert not any("written" in step for step in heard)


def test_useless_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    nothing = ("Mid", "Long Row", 0, 0.01, 0.01), ("Mid", "", 7, 0.01, 0.01), ("", "Long Row", 7, 0.01, 0.01)
    path = zedland.write_openaddresses(tmp_path / "more.csv", [*ADDRESSES, *nothing])
    assert (
        "OpenAddresses points: 238 numbers; 1 row of no known town left out; 1 row without a number left out; "
        "1 row without a street left out"
    ) in hear(tmp_path, addresses=[path])


def test_a_town_whose_every_address_is_left_out_is_unknown_by_its_zip_too(tmp_path: Path) -> None:
    head = ("LON", "LAT", "NUMBER", "STREET", "CITY", "POSTCODE")
    rows = [(lon, lat, number, street, city, "69999" if city == "Farville" else "69998")
            for city, street, number, lon, lat in ADDRESSES]  # fmt: skip
    addresses = wrote(tmp_path / "zips.csv", zedland.table([head, *rows]))
    content, given = draft_recipe(named(tmp_path, addresses=[addresses]))
    recipe = make_recipe(tmp_path / "zz" / "recipe.json", content, tmp_path, given)
    build(recipe, tmp_path / "zz", say, [("Farville", "High St", str(number)) for number in range(1, 20)])
    state = open_state(tmp_path / "zz")
    assert state.locate("8 High St", "Farville", "69999").status == "not_found"
    assert state.locate("120 Long Row", "", "69998").pairs == (Pair("1", "10"),)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("packed", [False, True])
def test_text_is_read_in_the_encoding_it_came_in(tmp_path: Path, encoding: str, packed: bool) -> None:
    accented = [("Mid", street.replace("Short Way", "Cañon Way"), *rest) for _, street, *rest in ADDRESSES]
    zedland.write_openaddresses(path := tmp_path / "points.csv", accented)  # type: ignore[arg-type]
    written = path.read_text("utf-8").encode(encoding)
    path = tmp_path / ("packed.csv.gz" if packed else "plain.csv")
    path.write_bytes(gzip.compress(written) if packed else written)
    people = zedland.write_people(tmp_path / "people.csv", {**zedland.MEMBERS, "Zoë Núñez": ("lower", "11")})
    people.write_bytes(people.read_text("utf-8").encode(encoding))
    state = open_state(make(tmp_path, addresses=[path], people=people, members=["house:11=2"]))
    assert state.locate("8 Cañon Way", "Mid", "").pairs == (Pair("2", "11"),)
    assert "Zoë Núñez" in [member.name for member in state.legislators("house", "11")]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16"])
def test_a_map_is_read_in_the_encoding_it_came_in(tmp_path: Path, encoding: str) -> None:
    towns = zedland.write_geojson(tmp_path / "towns.geojson", {"Peñasco": SQUARE})
    towns.write_bytes(json.dumps(json.loads(towns.read_text()), ensure_ascii=False).encode(encoding))
    assert open_state(make(tmp_path, towns=towns)).towns == ("Peñasco",)


def test_cells_are_read_as_spreadsheets_and_databases_write_them(tmp_path: Path) -> None:
    head = ("LON", "LAT", "NUMBER", "STREET", "CITY", "POSTCODE")
    rows = [(lon, lat, f"{number}.0", street, city, "6999.0") for city, street, number, lon, lat in ADDRESSES]
    odd = [
        (0.05, 0.05, "2651,2653", "Twin Rd", "Mid", "<Null>"),
        (0.05, 0.05, "12; 14;16", "Trio Rd", "Mid", "06999-1234"),
        (0.05, 0.05, "1,234", "Comma Rd", "Mid", ""),
        (0.05, 0.05, "<Null>", "Long Row", "Mid", ""),
        (0.05, 0.05, "0.0", "Long Row", "Mid", ""),
        (0.05, 0.05, "7", "<Null>", "Mid", ""),
        (0.05, 0.05, "7", "Lost Rd", "<Null>", "<Null>"),
    ]
    path = wrote(tmp_path / "odd.csv", zedland.table([head, *rows, *odd]))
    said = hear(tmp_path, addresses=[path])
    assert (
        "243 numbers; 1 row of no known town left out; 2 rows without a number left out; 1 row without a street left "
        "out; 1 row without a valid number left out"
    ) in said
    state = open_state(tmp_path / "zz")
    assert set((tmp_path / "zz" / "zips.csv").read_text().splitlines()[1:]) == {"06999,Mid;Farville"}
    for street in ("120 Long Row", "280 Long Row"):
        assert state.locate(street, "Mid", "").status == "matched"
    for number in (2651, 2653):
        assert state.locate(f"{number} Twin Rd", "Mid", "").pairs == (Pair("2", "10"),)
    assert state.locate("16 Trio Rd", "Mid", "").pairs == (Pair("2", "10"),)


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("collection", [False, True])
@pytest.mark.parametrize(
    ("street", "number", "city", "fields"),
    [
        ("STREET", "NUMBER", "CITY", []),
        ("addr:street", "addr:housenumber", "addr:city", []),
        ("FULL_ST", "HouseNo", "Community", ["street=FULL_ST", "number=houseno", "city=Community"]),
    ],
)
def test_geojson_may_have_other_property_names_and_line_breaks(
    tmp_path: Path, street: str, number: str, city: str, fields: list[str], collection: bool, indent: int | None
) -> None:
    features = [
        {"type": "Feature", "properties": {city: town, "note": '{"features": [', street: row, number: house},
         "geometry": {"type": "Point", "coordinates": [lon, lat]}}
        for town, row, house, lon, lat in ADDRESSES
    ]  # fmt: skip
    parts = [{"type": "FeatureCollection", "features": features}] if collection else features
    path = wrote(tmp_path / "a.geojson", "\n".join(json.dumps(part, indent=indent) for part in parts))
    check(open_state(make(tmp_path, addresses=[path], fields=fields)))


def test_a_table_and_a_map_may_have_other_column_names(tmp_path: Path) -> None:
    path = zedland.write_openaddresses(tmp_path / "own.csv")
    path.write_text(path.read_text().replace("STREET", "ST_NAME").replace("NUMBER", "ADDR_NUM"))
    maps = []
    for chamber, boxes in (("senate", SENATE), ("house", HOUSE)):
        drawn = zedland.write_geojson(tmp_path / f"{chamber}.geojson", boxes)
        drawn.write_text(drawn.read_text().replace('"NAME"', '"Seat"'))
        maps.append(f"{chamber}={drawn}")
    fields = ["street=ST_NAME", "number=ADDR_NUM", "district=Seat"]
    check(open_state(make(tmp_path, addresses=[path], districts=maps, fields=fields)))
    (again := tmp_path / "again").mkdir()
    assert "own.csv:1: the columns LON, LAT, ADDR_NUM, ST_NAME," in refusal(again, addresses=[path])
    assert "--field: 'road=X' names no field; write it like" in refusal(again, fields=["road=X"])


@pytest.mark.parametrize("called", ["District No. {}", "House District #{}", "District Number {}", "DISTRICT NO {}"])
def test_numbered_districts_may_be_called_no(tmp_path: Path, called: str) -> None:
    maps = []
    for chamber, boxes in (("senate", SENATE), ("house", HOUSE)):
        renamed = {called.format(number): box for number, box in boxes.items()}
        maps.append(f"{chamber}={zedland.write_geojson(tmp_path / f'{chamber}.geojson', renamed)}")
    check(open_state(make(tmp_path, districts=maps)))


def test_swapped_maps_are_noticed(tmp_path: Path) -> None:
    senate, house = named(tmp_path).districts
    assert "tl_2024_99_sldl.zip: the map of the house, not of the senate; write it as house=FILE" in refusal(
        tmp_path, districts=[f"senate={house}", f"house={senate}"]
    )
    drawn = [zedland.write_geojson(tmp_path / f"{name}.geojson", boxes)
             for name, boxes in (("upper", SENATE), ("lower", HOUSE))]  # fmt: skip
    said = refusal(tmp_path, districts=[f"senate={drawn[1]}", f"house={drawn[0]}"])
    assert "lower.geojson: no polygon for senate 1, 2; the other chamber's map has them: are the two maps swap" in said


def test_two_files_may_have_one_name(tmp_path: Path) -> None:
    paths = []
    for county, part in (("north", ADDRESSES[:200]), ("south", ADDRESSES[200:])):
        (tmp_path / county).mkdir()
        paths.append(zedland.write_openaddresses(tmp_path / county / "addresses.csv", part))
    built = make(tmp_path, addresses=paths)
    check(open_state(built))
    recipe = json.loads((built / "recipe.json").read_text())
    assert [part["file"] for part in recipe["streets"]] == ["addresses.csv", "south/addresses.csv"]


def test_addresses_to_leave_out_come_with_town_street_and_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    built = str(make(tmp_path))
    table = wrote(tmp_path / "out.csv", "city,street,number\nMid,Long Row,120\n")
    command = ["build", "zz", "--recipe", f"{built}/recipe.json", "--sources", str(tmp_path), "--into", built]
    assert main([*command, "--leave-out", str(table)]) == 1
    assert "out.csv:1: no column 'town'; found city, street, number: is it the right file?" in capsys.readouterr().err


def hear(folder: Path, **changed: object) -> str:
    """What the builder reports while it builds Zedland."""
    heard: list[str] = []
    content, given = draft_recipe(named(folder, **changed))
    build(make_recipe(folder / "zz" / "recipe.json", content, folder, given), folder / "zz", heard.append)
    return "\n".join(heard)


def test_the_report_says_what_the_book_covers(tmp_path: Path) -> None:
    said = hear(tmp_path)
    assert "OpenAddresses points: 238 numbers" in said
    assert "districts  4 reached; fewest numbers lead to house 11: 19" in said
    assert "numbers    238; 238 from address points, 0 from ranges alone" in said
    assert "towns      2; 1 need a street" in said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (lambda f: {"districts": [str(zedland.write_geojson(f / "m.geojson", SENATE))] * 2},
         "m.geojson: does not tell which chamber it is for; write it as senate=FILE or house=FILE"),
        (lambda f: {"districts": [str(zedland.write_tiger(f / "u.zip", SENATE, "SLDUST", "District"))] * 2},
         "u.zip: a second map of the senate; give one for each chamber"),
        (lambda f: {"districts": [
            f"senate={zedland.write_geojson(f / 'm.geojson', {**SENATE, '2': (-0.02, -0.1, 0.1, 0.1)})}",
            f"house={zedland.write_geojson(f / 'h.geojson', HOUSE)}"]},
         "m.geojson: '1' and '2' share 49"),
        (lambda f: {"districts": [
            f"senate={zedland.write_geojson(f / 'm.geojson', {'1': SQUARE})}",
            f"house={zedland.write_geojson(f / 'h.geojson', HOUSE)}"]},
         "m.geojson: no polygon for 2; the map writes names like '1': fetch the whole file again"),
        (lambda f: {"districts": [
            f"senate={zedland.write_geojson(f / 'm.geojson', SENATE, 'EPSG:999999')}",
            f"house={zedland.write_geojson(f / 'h.geojson', HOUSE)}"]},
         "m.geojson: unknown coordinate system ("),
        (lambda f: {"districts": [
            f"senate={zedland.write_geojson(f / 'm.geojson', {**SENATE, '2': (0.0, -1e4, 1e4, 1e4)})}",
            f"house={zedland.write_geojson(f / 'h.geojson', HOUSE)}"]},
         "m.geojson:2: coordinates are not degrees; name the coordinate system in the file"),
        (lambda f: {"addresses": [f / "none.csv"]}, "none.csv: no such file; check its name"),
        (lambda f: {"addresses": [wrote(f / "web.csv", "<!DOCTYPE html>\n<title>Not found</title>\n")]},
         "web.csv:1: the columns <!DOCTYPE html> are not those of any known publisher; name them"),
        (lambda f: {"addresses": [wrote(f / "book.pdf", "%PDF")]}, "book.pdf: unknown kind of file; give address"),
        (lambda f: {"addresses": [zedland.write_openaddresses(
            f / "far.csv", [(*address[:3], address[3] + 50, address[4]) for address in ADDRESSES])]},
         "far.csv:2: 238 of 238 rows outside every district, first number '100', longitude '49.991', latitude '0.01'"),
        (lambda f: {"addresses": [wrote(f / "cut.geojson", '{"type": "Feature", "geometry": {}')]},
         "cut.geojson:1: not GeoJSON (Expecting ',' delimiter"),
        (lambda f: {"people": wrote(f / "web.csv", "<!DOCTYPE html>\n")},
         "web.csv:1: no column 'current_chamber'; found <!DOCTYPE html>: is it the right file?"),
        (lambda _: {"vacant": ["house 11"]}, "--vacant: 'house 11' is not a seat; write it like \"house:12\""),
        (lambda _: {"name": ""}, "--name: no state has the code 'zz'; give its name"),
        (lambda _: {"people_date": "last week"}, "roster.date 'last week' is not a date"),
    ],
)  # fmt: skip
def test_bad_input_is_named_with_its_remedy(
    tmp_path: Path, changed: Callable[[Path], dict[str, object]], said: str
) -> None:
    assert said in refusal(tmp_path, **changed(tmp_path))


def wrote(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_a_recipe_may_have_words_of_its_own(tmp_path: Path) -> None:
    """As New Mexico writes "Cam" and "Pso", and any state a kind of road that no other has."""
    streets = [
        ("Mid", "Cam Largo", 5, 0.05, -0.05),
        ("Mid", "Long Row", 120, -0.05, 0.05),
        ("Mid", "Bay Qy", 7, -0.05, 0.05),
    ]
    rows = [*ADDRESSES, *streets]
    content, given = draft_recipe(named(tmp_path, addresses=[zedland.write_openaddresses(tmp_path / "own.csv", rows)]))
    home = tmp_path / "zz"
    content["words"] = {"Cam": "Camino", "cno": "camino", "qy": "quay"}
    build(make_recipe(home / "recipe.json", content, home, given), home, say)
    state = open_state(home)
    for typed in ("5 Cam Largo", "5 Camino Largo", "5 cno largo"):
        answer = state.locate(typed, "Mid", "")
        assert (answer.pairs, answer.address.street) == ((Pair("2", "11"),), "Camino Largo")
    assert (
        state.locate("7 Bay Quay", "Mid", "").pairs == state.locate("7 bay qy", "mid", "").pairs == (Pair("1", "10"),)
    )


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ({"avenue": "avenida"}, "words: 'avenue' is 'ave' in every state; leave it out"),
        ({"two words": "x"}, 'is not one word and what it stands for; write it like "words": {"cam": "camino"}'),
        ({"cam": 3}, "is not one word and what it stands for"),
    ],
)
def test_words_of_a_recipe_that_could_not_work_are_refused(
    tmp_path: Path, words: dict[str, object], wrong: str
) -> None:
    content, given = draft_recipe(named(tmp_path))
    with pytest.raises(SourceError) as error:
        make_recipe(tmp_path / "recipe.json", {**content, "words": words}, tmp_path, given)
    assert wrong in str(error.value)
