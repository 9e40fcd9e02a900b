"""When a deferred letter is retried."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from relay.outbox.retry_schedule import next_due
from tests.samples.letters import NOON


def retry_delays(jitter: float) -> list[timedelta]:
    """The delays between attempts until it gives up."""
    delays: list[timedelta] = []
    while due := next_due(len(delays) + 1, NOON, lambda: jitter):
        delays.append(due - NOON)
    return delays


def test_delays_double_from_five_minutes_to_eight_hours() -> None:
    minutes = [delay // timedelta(minutes=1) for delay in retry_delays(0.0)]
    assert minutes[:9] == [5, 10, 20, 40, 80, 160, 320, 480, 480]
    assert set(minutes[7:]) == {480}


def test_it_gives_up_after_five_days_and_not_long_before() -> None:
    assert timedelta(days=4.5) < sum(retry_delays(0.0), timedelta()) <= timedelta(days=5)


@given(st.floats(0, 1, exclude_max=True))
def test_jitter_shortens_delays_by_at_most_a_tenth_and_keeps_the_four_to_five_days_of_the_rfc(jitter: float) -> None:
    assert timedelta(days=4) < sum(retry_delays(jitter), timedelta()) <= timedelta(days=5)
    assert timedelta(minutes=4.5) <= retry_delays(jitter)[0] <= timedelta(minutes=5)


def test_any_later_attempt_gives_up_too() -> None:
    assert next_due(10_000, NOON, lambda: 0.5) is None
