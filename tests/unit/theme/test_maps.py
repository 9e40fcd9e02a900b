"""District maps: small, complete, and drawn from the borders that locate a point."""

from collections.abc import Iterable
from itertools import chain, pairwise
from math import dist
from pathlib import Path

import pytest

from boundaries.state import State, open_state
from theme.pages.maps import APART, draw_map, draw_state


@pytest.fixture(scope="module")
def massachusetts() -> State:
    return open_state(Path(__file__).parents[3] / "boundaries" / "ma")


def is_inside(state: State, district: str, lat: float, lon: float) -> bool:
    """Even-odd rule over the rings, as browsers fill them."""
    crossed = 0
    for ring in state.rings("house", district):
        points = list(chain.from_iterable(ring))
        for (ay, ax), (by, bx) in zip(points, [*points[1:], points[0]], strict=True):
            if (ay > lat) != (by > lat):
                crossed += lon < ax + (lat - ay) * (bx - ax) / (by - ay)
    return crossed % 2 == 1


def test_every_district_of_the_state_has_closed_rings(massachusetts: State) -> None:
    for chamber, name in massachusetts.seats():
        rings = massachusetts.rings(chamber, name)
        assert rings, name
        for ring in rings:
            assert ring[-1][-1] == ring[0][0], name
            assert all(border[-1] == following[0] for border, following in pairwise(ring)), name


def test_a_location_is_inside_the_rings_of_its_district(massachusetts: State) -> None:
    for lat, lon in ((42.3588, -71.0638), (42.3709, -71.1828), (42.2626, -71.8023)):
        (pair,) = massachusetts.locate_point(lat, lon).pairs
        assert is_inside(massachusetts, pair.house, lat, lon)


def houses(pairs: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pairs))


@pytest.mark.parametrize("town", ["Boston", "Watertown", "Cambridge", "Acton"])
def test_the_map_of_a_whole_town_shows_each_district_once_in_a_few_kilobytes(massachusetts: State, town: str) -> None:
    names = houses(pair.house for pair in massachusetts.locate("1 Zzyzx Ave", town, "").pairs)
    drawn = draw_map(massachusetts, "house", names)
    assert [area.district for area in drawn.areas] == list(names)
    assert 0 < drawn.width <= 320
    assert 0 < drawn.height <= 320
    assert all(0 < area.x < drawn.width and 0 < area.y < drawn.height for area in drawn.areas)
    assert sum(len(area.path) for area in drawn.areas) < 6_000


def test_a_map_is_cached(massachusetts: State) -> None:
    names = ("29th Middlesex", "10th Middlesex")
    assert draw_map(massachusetts, "house", names) is draw_map(massachusetts, "house", names)


TOWNS = ["Boston", "Cambridge", "Worcester", "Springfield", "Newton", "Barnstable"]


@pytest.mark.parametrize("town", TOWNS)
def test_the_map_of_choices_shows_the_town_with_a_number_in_each_choice(massachusetts: State, town: str) -> None:
    names = houses(pair.house for pair in massachusetts.town_pairs(town))
    drawn = draw_map(massachusetts, "house", names[:4], town)
    assert [area.district for area in drawn.numbered] == list(names[:4])
    assert {area.district for area in drawn.areas} <= set(names)
    assert max(drawn.width, drawn.height) == 320
    assert all(0 < area.x < drawn.width and 0 < area.y < drawn.height for area in drawn.numbered)
    assert len({(area.x, area.y) for area in drawn.numbered}) == len(drawn.numbered)
    assert drawn.beyond
    assert sum(len(area.path) for area in drawn.areas) + len(drawn.beyond) < 7_000


def test_districts_in_several_towns_are_drawn_whole(massachusetts: State) -> None:
    drawn = draw_map(massachusetts, "house", ("29th Middlesex", "2nd Barnstable"), "Cambridge")
    assert not drawn.beyond
    assert [area.number for area in drawn.areas] == [1, 2]


def test_every_split_town_has_an_outline(massachusetts: State) -> None:
    for town in massachusetts.towns:
        if len(massachusetts.town_pairs(town)) > 1:
            for ring in massachusetts.town_rings(town):
                assert ring[0] == ring[-1], town
                assert len(ring) > 3, town
    assert len([town for town in massachusetts.towns if massachusetts.town_rings(town)]) > 90


def test_a_state_map_is_cached_whatever_the_numbers(massachusetts: State) -> None:
    first = draw_state(massachusetts, "senate", ["Third Suffolk", "Cape and Islands"])
    second = draw_state(massachusetts, "senate", ["Cape and Islands"])
    assert [area.district for area in first.numbered] == ["Third Suffolk", "Cape and Islands"]
    assert [area.district for area in second.numbered] == ["Cape and Islands"]
    assert len(first.areas) == 40
    assert [area.path for area in first.areas] == [area.path for area in second.areas]


def test_no_number_of_a_state_map_hides_another(massachusetts: State) -> None:
    """In Boston's small districts they would; those come later in the list, so they stay without a number."""
    names = [name for chamber, name in massachusetts.seats() if chamber == "house"]
    drawn = draw_state(massachusetts, "house", names)
    assert drawn.numbered[0].district == names[0]
    assert [area.number for area in drawn.numbered] == list(range(1, len(drawn.numbered) + 1))
    assert 20 < len(drawn.numbered) < len(names)
    for number, area in enumerate(drawn.numbered):
        for other in drawn.numbered[:number]:
            assert dist((area.x, area.y), (other.x, other.y)) >= APART
