"""Letters that a server accepts and then sends back for policy: they count like refusals at once."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from relay.outbox import Claim, LetterFilter, Outbox
from relay.outbox.policy_blocks import REPORTED_WITHIN
from relay.outbox.retry_schedule import BOUNCES_WITHIN
from tests.contract.outbox.conftest import HOUSE, fill, take, take_house
from tests.samples.letters import NOON, letters, submission

pytestmark = pytest.mark.anyio
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NOW = NOON + HOUR
BLOCKED = "bounced: 550 5.7.1: not allowed to write there"


async def send_all(outbox: Outbox, now: datetime, limit: int = 100) -> list[Claim]:
    claims = await take_house(outbox, now, limit)
    for claim in claims:
        await outbox.settle(claim, "sent", now, None, "250 ok")
    return claims


async def send_back(outbox: Outbox, claims: list[Claim], now: datetime) -> None:
    for claim in claims:
        await outbox.record_bounce(claim.letter.id, now, BLOCKED, gone=False, about_us=True)


async def test_three_different_letters_that_come_back_pause_the_domain(outbox: Outbox) -> None:
    await fill(outbox, 5)
    sent = await send_all(outbox, NOW)
    await send_back(outbox, sent[:2] + sent[:1], NOW + MINUTE)
    assert await outbox.pauses() == []
    await send_back(outbox, sent[2:3], NOW + MINUTE)
    (pause,) = await outbox.pauses()
    assert (pause.name, pause.cause, pause.reason, pause.until) == (HOUSE, "policy", BLOCKED, NOW + MINUTE + HOUR)
    lines = await outbox.list_letters(LetterFilter(status="bounced"), 10)
    assert len(lines) == 3
    await fill(outbox, 1, first=8)
    assert await take_house(outbox, NOW + 2 * MINUTE) == []


async def test_some_that_come_back_among_many_that_do_not_are_no_block(outbox: Outbox) -> None:
    await fill(outbox, 3)
    early = await send_all(outbox, NOW)
    await fill(outbox, 5, first=10)
    await send_all(outbox, NOW + MINUTE)
    await send_back(outbox, early, NOW + MINUTE + REPORTED_WITHIN)
    assert await outbox.pauses() == []


async def test_reports_of_more_than_a_day_are_no_block(outbox: Outbox) -> None:
    await fill(outbox, 3)
    sent = await send_all(outbox, NOW)
    for number, claim in enumerate(sent):
        await send_back(outbox, [claim], NOW + number * 13 * HOUR)
    assert await outbox.pauses() == []


async def test_whoever_accepts_first_accepts_the_probe_so_the_pause_ends_when_it_stays_away(outbox: Outbox) -> None:
    await fill(outbox, 6)
    await send_back(outbox, await send_all(outbox, NOW, 6), NOW)
    (pause,) = await outbox.pauses()
    assert pause.until
    (probe,) = await send_all(outbox, pause.until)
    assert await take(outbox, pause.until) == []
    await send_back(outbox, [probe], pause.until + MINUTE)
    (pause,) = await outbox.pauses()
    assert pause.failed_probes == 1
    assert pause.until
    (probe,) = await send_all(outbox, pause.until)
    accepted = pause.until
    assert await take(outbox, accepted + BOUNCES_WITHIN - MINUTE) == []
    assert len(await take_house(outbox, accepted + BOUNCES_WITHIN)) == 1
    assert await outbox.pauses() == []


async def test_organizers_hear_once_of_a_pause(outbox: Outbox) -> None:
    await fill(outbox, 3)
    await send_back(outbox, await send_all(outbox, NOW), NOW)
    (pause,) = await outbox.unreported_pauses()
    mail = replace(letters(submission())[0], id="a" * 32, submission="", kind="alert")
    await outbox.enqueue(mail, NOW, (), pause)
    assert await outbox.unreported_pauses() == []
