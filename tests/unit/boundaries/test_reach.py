"""What is known of a street's numbers, and kept small."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boundaries.reach import Reach, Standing, pack_side, unpack_side


@pytest.mark.parametrize(
    ("number", "standing"),
    [
        (8, Standing(True, True, 0)),
        (10, Standing(False, True, 12)),
        (4, Standing(False, False, 4)),
        (26, Standing(False, False, 6)),
    ],
)
def test_a_number_stands_there_or_between_houses_or_past_them(number: int, standing: Standing) -> None:
    assert Reach([8, 20], [3]).standing(number) == standing


def test_the_opposite_side_speaks_where_a_side_has_no_house() -> None:
    assert Reach([8, 20], []).standing(11) == Standing(False, True, 12)


@given(st.integers(0, 1), st.sets(st.integers(0, 30_000)))
def test_what_is_packed_comes_back(parity: int, halves: set[int]) -> None:
    numbers = sorted(2 * half + parity for half in halves)
    assert unpack_side(pack_side(numbers), parity) == numbers
