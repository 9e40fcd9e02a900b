"""Rate limits by address. No address is remembered for more than a day."""

from datetime import date, timedelta

import pytest

from relay.web.rate_limits import RateLimit


class Clock:
    now = 1000.0
    day = date(2026, 1, 5)

    def seconds(self) -> float:
        return self.now

    def today(self) -> date:
        return self.day


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limit(clock: Clock) -> RateLimit:
    return RateLimit(3, 10.0, clock.seconds, clock.today)


def test_a_few_at_once_then_one_at_a_time(limit: RateLimit, clock: Clock) -> None:
    assert [limit.wait("203.0.113.1") for _ in range(3)] == [0, 0, 0]
    assert limit.wait("203.0.113.1") == 10
    clock.now += 10
    assert limit.wait("203.0.113.1") == 0
    assert limit.wait("203.0.113.1") == 10


def test_nobody_waits_for_somebody_else(limit: RateLimit) -> None:
    for _ in range(4):
        limit.wait("203.0.113.1")
    assert limit.wait("203.0.113.2") == 0


def test_one_household_of_ipv6_counts_as_one(limit: RateLimit) -> None:
    for host in range(3):
        limit.wait(f"2001:db8::{host}")
    assert limit.wait("2001:db8::ffff") > 0
    assert limit.wait("2001:db8:0:1::1") == 0


def test_ipv4_in_ipv6_clothes_is_ipv4(limit: RateLimit) -> None:
    for _ in range(3):
        limit.wait("203.0.113.1")
    assert limit.wait("::ffff:203.0.113.1") > 0
    assert limit.wait("::ffff:203.0.113.2") == 0


def test_this_machine_and_a_socket_are_not_limited(limit: RateLimit) -> None:
    assert {limit.wait(address) for _ in range(9) for address in ("127.0.0.1", "::1", "")} == {0}


def test_tomorrow_nobody_is_remembered(limit: RateLimit, clock: Clock) -> None:
    for _ in range(4):
        limit.wait("203.0.113.1")
    clock.day += timedelta(days=1)
    assert limit.wait("203.0.113.1") == 0
