"""Rate limits by address. No address is remembered for more than a day."""

from datetime import date, timedelta

import pytest

from relay.web import rate_limits
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


def test_a_burst_then_one_request_per_interval(limit: RateLimit, clock: Clock) -> None:
    assert [limit.wait("203.0.113.1") for _ in range(3)] == [0, 0, 0]
    assert limit.wait("203.0.113.1") == 10
    clock.now += 10
    assert limit.wait("203.0.113.1") == 0
    assert limit.wait("203.0.113.1") == 10


def test_addresses_are_limited_separately(limit: RateLimit) -> None:
    for _ in range(4):
        limit.wait("203.0.113.1")
    assert limit.wait("203.0.113.2") == 0


def test_an_ipv6_64_prefix_counts_as_one_address(limit: RateLimit) -> None:
    for host in range(3):
        limit.wait(f"2001:db8::{host}")
    assert limit.wait("2001:db8::ffff") > 0
    assert limit.wait("2001:db8:0:1::1") == 0


def test_ipv4_mapped_addresses_count_as_ipv4(limit: RateLimit) -> None:
    for _ in range(3):
        limit.wait("203.0.113.1")
    assert limit.wait("::ffff:203.0.113.1") > 0
    assert limit.wait("::ffff:203.0.113.2") == 0


def test_only_this_machine_is_not_limited(limit: RateLimit) -> None:
    assert {limit.wait("") for _ in range(9)} == {0}


def test_all_whom_a_proxy_does_not_tell_apart_share_one_limit(limit: RateLimit) -> None:
    assert [limit.wait("unknown") > 0 for _ in range(4)] == [False, False, False, True]


def test_addresses_are_forgotten_the_next_day(limit: RateLimit, clock: Clock) -> None:
    for _ in range(4):
        limit.wait("203.0.113.1")
    clock.day += timedelta(days=1)
    assert limit.wait("203.0.113.1") == 0


def test_a_flood_of_addresses_evicts_the_least_recently_used(limit: RateLimit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "MAX_KEPT", 2)
    for address in ("203.0.113.1", *["203.0.113.2"] * 3, "203.0.113.3"):
        limit.wait(address)
    assert limit.wait("203.0.113.2") > 0
    assert len(limit._full_until) == 2
