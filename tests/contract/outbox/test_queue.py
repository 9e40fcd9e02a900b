"""What the outbox promises to workers: one worker has a letter at a time, and it is free again if that worker dies."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from relay.errors import StaleClaim
from relay.outbox import Claim, LetterFilter, Outbox
from tests.samples.letters import NOON, letters, submission

pytestmark = pytest.mark.anyio
LEASE = timedelta(minutes=5)


@pytest.fixture
async def outbox(outbox: Outbox) -> Outbox:
    """An outbox with the letters of three people, a second apart."""
    for number in (1, 2, 3):
        post = submission(number, at=NOON + timedelta(seconds=number))
        await outbox.accept(post, letters(post), None, "suspicious")
    return outbox


async def claim(outbox: Outbox, minutes: float, limit: int = 100, transport: str = "smtp") -> list[Claim]:
    return await outbox.claim(transport, NOON + timedelta(minutes=minutes), LEASE, limit)


async def test_the_oldest_letters_come_first_and_complete(outbox: Outbox) -> None:
    expected = [letter for number in (1, 2, 3) for letter in letters(submission(number))]
    first = await claim(outbox, 1, limit=4)
    assert [taken.letter for taken in first] == expected[:4]
    assert {taken.attempts for taken in first} == {1}
    assert [taken.letter for taken in await claim(outbox, 1)] == expected[4:]
    assert await claim(outbox, 1) == []


async def test_nothing_is_claimed_before_it_is_due(outbox: Outbox) -> None:
    assert await claim(outbox, 0) == []
    assert await outbox.next_due("smtp") == NOON + timedelta(seconds=1)


async def test_a_letter_put_off_waits_until_it_is_due(outbox: Outbox) -> None:
    for taken in await claim(outbox, 1):
        await outbox.settle(taken, "queued", NOON, NOON + timedelta(hours=1), "451 later")
    assert await claim(outbox, 59) == []
    assert await outbox.next_due("smtp") == NOON + timedelta(hours=1)
    assert {taken.attempts for taken in await claim(outbox, 60)} == {2}


async def test_a_dead_workers_letters_can_be_claimed_when_the_lease_ends(outbox: Outbox) -> None:
    assert len(await claim(outbox, 1)) == 6
    assert await outbox.next_due("smtp") == NOON + timedelta(minutes=6)
    assert await claim(outbox, 5.9) == []
    assert len(await claim(outbox, 6)) == 6


async def test_a_superseded_claim_cannot_settle(outbox: Outbox) -> None:
    (old,) = await claim(outbox, 1, limit=1)
    new = next(taken for taken in await claim(outbox, 7) if taken.letter == old.letter)
    with pytest.raises(StaleClaim):
        await outbox.settle(old, "failed", NOON, None, "550 too late")
    await outbox.settle(new, "sent", NOON, None, "250 ok")
    with pytest.raises(StaleClaim):
        await outbox.settle(new, "sent", NOON, None, "250 ok")
    assert (await outbox.count_by_status())["sent"] == 1


async def test_a_slow_worker_may_settle_after_its_lease_if_nobody_took_over(outbox: Outbox) -> None:
    (slow,) = await claim(outbox, 1, limit=1)
    await outbox.settle(slow, "sent", NOON + timedelta(hours=1), None, "250 ok")
    assert (await outbox.count_by_status())["sent"] == 1


async def test_concurrent_workers_never_hold_the_same_letter(outbox: Outbox) -> None:
    rounds = await asyncio.gather(*(claim(outbox, 1, limit=2) for _ in range(5)))
    held = [taken.letter.id for claims in rounds for taken in claims]
    assert len(held) == len(set(held)) == 6


async def test_a_letter_is_claimed_only_under_its_own_transport(outbox: Outbox) -> None:
    post = replace(submission(9), accepted_at=NOON)
    await outbox.accept(post, letters(post, "capture"), None, "suspicious")
    assert len(await claim(outbox, 1, transport="capture")) == 2
    assert await claim(outbox, 1, transport="other") == []
    assert await outbox.next_due("other") is None
    assert len(await claim(outbox, 1)) == 6


async def test_an_invalid_status_is_refused(outbox: Outbox) -> None:
    (taken,) = await claim(outbox, 1, limit=1)
    for state, due in (("held", None), ("cancelled", None), ("queued", None), ("sent", NOON)):
        with pytest.raises(ValueError, match="cannot become"):
            await outbox.settle(taken, state, NOON, due, "")  # type: ignore[arg-type]


async def test_the_lease_of_a_letter_erased_while_being_sent_still_counts(outbox: Outbox) -> None:
    """Its worker may be dead, and somebody has to record that it will not be retried."""
    for number in (1, 2, 3):
        await outbox.erase(f"receipt-{number}", NOON)
    post = submission(4)
    await outbox.accept(post, letters(post)[:1], None, "never")
    (sending,) = await claim(outbox, 1)
    await outbox.erase("receipt-4", NOON)
    assert await outbox.next_due("smtp") == NOON + timedelta(minutes=1) + LEASE
    assert await claim(outbox, 6) == []
    assert await outbox.count_by_status() == {"cancelled": 7}
    assert await outbox.next_due("smtp") is None
    with pytest.raises(StaleClaim):
        await outbox.settle(sending, "sent", NOON, None, "250 ok")


async def test_the_outcome_is_recorded_whatever_the_server_replies(outbox: Outbox) -> None:
    """Otherwise the letter would be sent again whenever its lease ends."""
    garbage = "550 \0 5.1.1 \udc80 no"
    sent, failed, blocked, deferred, *_ = await claim(outbox, 1)
    await outbox.settle(sent, "sent", NOON, None, garbage)
    await outbox.settle(failed, "failed", NOON, None, garbage)
    await outbox.settle(deferred, "queued", NOON, NOON + LEASE, garbage)
    await outbox.record_policy_block(blocked, NOON, garbage)
    await outbox.suppress(failed.letter.to_email, NOON, garbage)
    assert await outbox.record_bounce(sent.letter.id, NOON, garbage, gone=True) == "bounced"
    assert {line.answer for line in await outbox.list_letters(LetterFilter(), 9) if line.answer} == {"550   5.1.1 ? no"}
    assert [attempt.answer for attempt in await outbox.list_attempts(sent.letter.id)] == ["550   5.1.1 ? no"]


async def test_many_letters_are_claimed_at_once(outbox: Outbox) -> None:
    for number in range(10, 110):
        post = submission(number)
        await outbox.accept(post, letters(post), None, "never")
    claims = await claim(outbox, 1, limit=1_000)
    assert len({taken.letter.id for taken in claims}) == 206
    assert await outbox.count_by_status() == {"sending": 206}
    assert [attempt.outcome for attempt in await outbox.list_attempts(claims[-1].letter.id)] == [""]
