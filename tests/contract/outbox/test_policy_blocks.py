"""When a provider blocks us, no letter is lost; a letter that is blocked alone fails."""

from datetime import datetime, timedelta

import pytest

from relay.outbox import Claim, LetterFilter, Outbox
from tests.contract.outbox.conftest import HOUSE, fill, take, take_house
from tests.samples.letters import NOON

pytestmark = pytest.mark.anyio
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NOW = NOON + HOUR
BLOCKED = "554 5.7.1 blocked"


async def block_all(outbox: Outbox, claims: list[Claim], at: datetime) -> int:
    """Record a policy block for each; return how many pauses began."""
    return len([pause for claim in claims if (pause := await outbox.record_policy_block(claim, at, BLOCKED))])


async def test_three_blocked_letters_in_a_row_pause_the_domain_once_and_cost_no_attempt(outbox: Outbox) -> None:
    await fill(outbox, 5)
    claims = await take_house(outbox, NOW)
    assert await block_all(outbox, claims, NOW) == 1
    (pause,) = await outbox.pauses()
    assert (pause.name, pause.cause, pause.reason, pause.until) == (HOUSE, "policy", BLOCKED, NOW + HOUR)
    lines = await outbox.list_letters(LetterFilter(domain=HOUSE), 10)
    assert {(line.status, line.attempts) for line in lines} == {("queued", 0)}


async def test_two_policy_blocks_do_not_pause(outbox: Outbox) -> None:
    await fill(outbox, 2)
    assert await block_all(outbox, await take_house(outbox, NOW), NOW) == 0
    assert await outbox.pauses() == []
    assert await take(outbox, NOW + MINUTE) == []
    assert len(await take(outbox, NOW + 15 * MINUTE)) == 2


async def test_a_letter_accepted_in_between_resets_the_count(outbox: Outbox) -> None:
    await fill(outbox, 3)
    first = await take_house(outbox, NOW, 4)
    await block_all(outbox, first, NOW)
    (later,) = await take_house(outbox, NOW + MINUTE)
    await outbox.settle(later, "sent", NOW + MINUTE, None, "250 ok")
    await fill(outbox, 1, first=9)
    await block_all(outbox, await take_house(outbox, NOW + 2 * MINUTE), NOW + 2 * MINUTE)
    assert await outbox.pauses() == []


async def test_when_the_pause_ends_one_letter_probes_and_the_rest_wait(outbox: Outbox) -> None:
    await fill(outbox, 5)
    await block_all(outbox, await take_house(outbox, NOW), NOW)
    assert await take(outbox, NOW + HOUR - MINUTE) == []
    (probe,) = await take(outbox, NOW + HOUR)
    assert await take(outbox, NOW + HOUR) == []
    await outbox.record_policy_block(probe, NOW + HOUR, BLOCKED)
    (pause,) = await outbox.pauses()
    assert (pause.failed_probes, pause.until) == (1, NOW + HOUR + 2 * HOUR)
    assert await take(outbox, NOW + 3 * HOUR - MINUTE) == []
    (probe,) = await take(outbox, NOW + 3 * HOUR)
    await outbox.settle(probe, "sent", NOW + 3 * HOUR, None, "250 ok")
    assert await outbox.pauses() == []
    assert len(await take(outbox, NOW + 3 * HOUR)) == 4


async def test_a_letter_blocked_three_times_while_others_were_accepted_fails(outbox: Outbox) -> None:
    await fill(outbox, 1)
    (bad,) = await take_house(outbox, NOW)
    at, number = NOW, 2
    for _ in range(2):
        await outbox.record_policy_block(bad, at, BLOCKED)
        at += 8 * HOUR
        await fill(outbox, 1, first=number)
        number += 1
        claims = await take_house(outbox, at)
        (bad,) = (claim for claim in claims if claim.letter.id == bad.letter.id)
        for claim in claims:
            if claim is not bad:
                await outbox.settle(claim, "sent", at, None, "250 ok")
    await outbox.record_policy_block(bad, at, BLOCKED)
    (line,) = await outbox.list_letters(LetterFilter(letter=bad.letter.id), 1)
    assert (line.status, line.answer) == ("failed", BLOCKED)
    assert [attempt.outcome for attempt in await outbox.list_attempts(bad.letter.id)] == ["policy"] * 3


async def test_an_operators_pause_is_not_ended_by_a_letter_already_being_sent(outbox: Outbox) -> None:
    await fill(outbox, 2)
    claims = await take_house(outbox, NOW, 2)
    await outbox.pause("domain", HOUSE, "", NOW)
    await outbox.settle(claims[0], "sent", NOW, None, "250 ok")
    assert len(await outbox.pauses()) == 1


async def test_a_letter_erased_while_being_sent_may_still_be_blocked(outbox: Outbox) -> None:
    await fill(outbox, 1)
    claims = await take(outbox, NOW)
    later = NOW + timedelta(days=31)
    await outbox.forget(later, timedelta(days=7))
    for claim in claims:
        await outbox.record_policy_block(claim, later, "550 5.7.1 blocked")
    assert await outbox.count_by_status() == {"cancelled": 2}
