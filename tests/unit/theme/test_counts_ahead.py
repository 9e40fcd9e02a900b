"""The number that a count of letters is on its way to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theme.counts import near_goal


@pytest.mark.parametrize(
    ("count", "ahead"),
    [(0, 10), (5, 10), (9, 10), (10, 25), (24, 25), (25, 50), (50, 100), (99, 100), (100, 250), (12_345, 25_000)],
)
def test_the_next_round_number_is_near(count: int, ahead: int) -> None:
    assert near_goal(count, None) == ahead


def test_the_campaigns_goal_counts_if_it_comes_first() -> None:
    assert near_goal(60, 80) == 80
    assert near_goal(60, 2000) == 100
    assert near_goal(80, 80) == 100  # reached: the next one


@given(st.integers(0, 10**7), st.none() | st.integers(1, 10**6))
def test_it_is_always_ahead_and_never_far(count: int, goal: int | None) -> None:
    assert count < near_goal(count, goal) <= max(10, 5 * max(count, 1))
