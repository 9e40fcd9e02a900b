"""What is known about the numbers of a street, and its compact encoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boundaries.known_numbers import KnownNumbers, NumberStatus, delta_decode, delta_encode


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (8, NumberStatus(True, True, 0)),
        (10, NumberStatus(False, True, 12, 12)),
        (4, NumberStatus(False, False, 4, 12)),
        (26, NumberStatus(False, False, 6, 12)),
    ],
)
def test_a_number_is_known_or_between_houses_or_past_them(number: int, status: NumberStatus) -> None:
    assert KnownNumbers([8, 20], [3]).status(number) == status


def test_a_side_without_houses_uses_the_opposite_side() -> None:
    assert KnownNumbers([8, 20], []).status(11) == NumberStatus(False, True, 12, 12)


@given(st.integers(0, 1), st.sets(st.integers(0, 30_000)))
def test_encoded_numbers_decode_to_the_same(parity: int, halves: set[int]) -> None:
    numbers = sorted(2 * half + parity for half in halves)
    assert delta_decode(delta_encode(numbers), parity) == numbers
