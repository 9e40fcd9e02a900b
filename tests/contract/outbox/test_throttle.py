"""Rates, caps, sending hours and pauses apply to all workers together, and waiting loses nothing."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from relay.outbox import Outbox, Throttle
from relay.outbox.throttle import SendingHours
from relay.settings import Rate
from tests.contract.outbox.conftest import HOUSE, SENATE, domains, fill, take
from tests.samples.letters import NOON, confirmation, letters, submission

pytestmark = pytest.mark.anyio
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOW = NOON + HOUR


async def test_all_claims_together_keep_to_a_domains_rate(outbox: Outbox) -> None:
    await fill(outbox, 20)
    throttle = Throttle({HOUSE: Rate(5, MINUTE)})
    assert domains(await take(outbox, NOW, 4, throttle)) == {SENATE: 2, HOUSE: 2}
    assert domains(await take(outbox, NOW, throttle=throttle)) == {SENATE: 18, HOUSE: 3}
    assert await take(outbox, NOW + MINUTE / 2, throttle=throttle) == []
    assert domains(await take(outbox, NOW + MINUTE, throttle=throttle)) == {HOUSE: 5}


async def test_the_wildcard_rate_counts_each_domain_separately(outbox: Outbox) -> None:
    await fill(outbox, 10)
    assert domains(await take(outbox, NOW, throttle=Throttle({"*": Rate(3, MINUTE)}))) == {SENATE: 3, HOUSE: 3}


async def test_no_more_than_the_daily_cap_is_sent_in_any_24_hours(outbox: Outbox) -> None:
    await fill(outbox, 10)
    throttle = Throttle(daily_cap=7)
    assert len(await take(outbox, NOW, throttle=throttle)) == 7
    assert await take(outbox, NOW + DAY - MINUTE, throttle=throttle) == []
    assert len(await take(outbox, NOW + DAY, throttle=throttle)) == 7


async def test_a_new_sender_doubles_each_day_up_to_the_cap(outbox: Outbox) -> None:
    await fill(outbox, 30)
    throttle = Throttle(daily_cap=9, ramp_up=3)
    counts = []
    for day in range(4):
        claims = await take(outbox, NOW + day * DAY, throttle=throttle)
        counts.append(len(claims))
        for claim in claims:
            await outbox.settle(claim, "sent", NOW + day * DAY, None, "250 ok")
    assert counts == [3, 6, 9, 9]


async def test_offices_are_written_to_in_sending_hours_and_confirmations_at_once(outbox: Outbox) -> None:
    post = submission(1)
    await outbox.accept(post, letters(post), confirmation(post), "always")
    await fill(outbox, 1, first=2)
    throttle = Throttle(
        hours=SendingHours(time(8), time(18), ZoneInfo("America/New_York"))
    )  # noon UTC is 7 in the morning there
    (claim,) = await take(outbox, NOON + MINUTE, throttle=throttle)
    assert claim.letter.kind == "confirmation"
    await outbox.settle(claim, "sent", NOON + MINUTE, None, "250 ok")
    assert len(await take(outbox, NOON + HOUR, throttle=throttle)) == 2


def test_sending_hours_may_cross_midnight() -> None:
    night = SendingHours(time(22), time(6), ZoneInfo("UTC"))
    assert [hour for hour in range(24) if night.contain(NOON.replace(hour=hour))] == [0, 1, 2, 3, 4, 5, 22, 23]


async def test_a_paused_domain_waits_and_others_are_sent(outbox: Outbox) -> None:
    await fill(outbox, 2)
    await outbox.pause("domain", HOUSE, "they asked us to", NOW)
    assert domains(await take(outbox, NOW)) == {SENATE: 2}
    (pause,) = await outbox.pauses()
    assert (pause.scope, pause.name, pause.cause, pause.reason, pause.until) == (
        "domain", HOUSE, "operator", "they asked us to", None,
    )  # fmt: skip
    assert await outbox.resume("domain", HOUSE)
    assert not await outbox.resume("domain", HOUSE)
    assert domains(await take(outbox, NOW + MINUTE)) == {HOUSE: 2}


async def test_a_paused_campaign_waits(outbox: Outbox) -> None:
    await fill(outbox, 2)
    await outbox.pause("campaign", "safe-communities-act", "", NOW)
    assert await take(outbox, NOW) == []
    await outbox.resume("campaign", "safe-communities-act")
    assert len(await take(outbox, NOW)) == 4


async def test_an_organizer_ends_only_what_an_organizer_began(outbox: Outbox) -> None:
    async def began() -> list[tuple[str, str]]:
        return [(pause.cause, pause.reason) for pause in await outbox.pauses()]

    await outbox.pause("campaign", "sca", "an attack?", NOON, "organizer")
    assert await began() == [("organizer", "an attack?")]
    assert await outbox.resume("campaign", "sca", "organizer")
    await outbox.pause("campaign", "sca", "the provider asked", NOON)
    await outbox.pause("campaign", "sca", "an attack?", NOON, "organizer")
    assert await began() == [("operator", "the provider asked")]
    assert not await outbox.resume("campaign", "sca", "organizer")
    assert await outbox.resume("campaign", "sca")
    await outbox.pause("campaign", "sca", "an attack?", NOON, "organizer")
    await outbox.pause("campaign", "sca", "the provider asked", NOON)
    assert await began() == [("operator", "the provider asked")]


async def test_a_clock_set_back_does_not_stop_letters(outbox: Outbox) -> None:
    await fill(outbox, 4)
    throttle = Throttle({"*": Rate(1, HOUR)}, daily_cap=4)
    assert len(await take(outbox, NOW + 9 * DAY, throttle=throttle)) == 2
    assert len(await take(outbox, NOW, throttle=throttle)) == 2
