"""Hashes that recognise, proofs that cannot be forged, limits that keep nobody's address."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.keys import Keys
from relay.web.rate_limits import RateLimit

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=30)
OLD, NEW = b"o" * 32, b"n" * 32


def test_case_and_spacing_make_no_other_person() -> None:
    keys = Keys([OLD])
    assert keys.digest("repeat", "Ana  Silva", "A@B") == keys.digest("repeat", " ana silva", "a@b ")
    assert keys.digest("repeat", "ana", "silva") != keys.digest("repeat", "ana silva", "")
    assert keys.digest("repeat", "ana") != keys.digest("mailbox", "ana")


def test_a_new_key_forgets_no_repeat_and_no_proof() -> None:
    before, after = Keys([OLD]), Keys([NEW, OLD])
    assert before.digest("repeat", "ana") == after.digest("repeat", "ana")
    assert after.open("p", before.sign("p", "text", LATER), NOW) == "text"
    assert before.open("p", after.sign("p", "text", LATER), NOW) is None


def test_a_proof_is_good_for_its_purpose_and_its_time() -> None:
    keys = Keys([OLD])
    proof = keys.sign("districts", "First\nSecond", LATER)
    assert "=" not in proof  # mail programs leave it out of a link
    assert keys.open("districts", proof, NOW) == "First\nSecond"
    assert keys.open("receipts", proof, NOW) is None
    assert keys.open("districts", proof, LATER) is None


@given(st.text(max_size=100))
def test_what_was_not_signed_here_is_not_opened(proof: str) -> None:
    assert Keys([OLD]).open("districts", proof, NOW) is None


def test_a_proof_that_was_changed_is_not_opened() -> None:
    keys = Keys([OLD])
    proof = keys.sign("districts", "First", LATER)
    changed = [proof[:at] + ("A" if proof[at] != "A" else "B") + proof[at + 1 :] for at in range(len(proof) - 4)]
    assert all(keys.open("districts", one, NOW) is None for one in changed)


def test_without_a_key_there_is_nothing() -> None:
    with pytest.raises(ValueError, match="key"):
        Keys([])


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
