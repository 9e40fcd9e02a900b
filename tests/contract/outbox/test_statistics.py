"""A campaign's statistics, most of which outlive the people they count."""

from dataclasses import replace
from datetime import timedelta

import pytest

from relay.outbox import Outbox
from relay.outbox.listings import Figures
from tests.contract.outbox.conftest import fill, take
from tests.samples.letters import NOON, confirmation, letters, submission

pytestmark = pytest.mark.anyio
CAMPAIGN = "safe-communities-act"
TODAY = NOON.date().isoformat()


async def test_everybody_is_counted_once_and_every_letter_by_its_status(outbox: Outbox) -> None:
    await fill(outbox, 3)
    first, *_ = await take(outbox, NOON + timedelta(hours=1), 1)
    await outbox.settle(first, "sent", NOON, None, "250 ok")
    figures = await outbox.figures(CAMPAIGN)
    assert figures.days == {TODAY: 3}
    assert figures.languages == {"en": 3}
    assert figures.districts == {("senate", "Third Suffolk"): 3, ("house", "2nd Suffolk"): 3}
    assert figures.fates == {"sent": 1, "queued": 5}
    assert await outbox.figures("another") == Figures({}, {}, {}, {})


async def test_unconfirmed_people_are_not_counted_and_their_letters_count_as_held(outbox: Outbox) -> None:
    post = submission(1)
    await outbox.accept(post, letters(post), confirmation(post), "always")
    figures = await outbox.figures(CAMPAIGN)
    assert (figures.days, figures.languages, figures.fates) == ({}, {}, {"held": 2})


async def test_what_was_written_while_the_campaign_was_a_draft_does_not_count(outbox: Outbox) -> None:
    post = submission(9, public_name=True, gave_reason=True)
    await outbox.accept(post, [replace(letter, kind="test") for letter in letters(post)], None, "never")
    assert await outbox.count(CAMPAIGN) == 0
    assert await outbox.figures(CAMPAIGN) == Figures({}, {}, {}, {})
    assert await outbox.participants(CAMPAIGN, NOON + timedelta(hours=1), 9) == []
    await fill(outbox, 3)
    assert (await outbox.figures(CAMPAIGN)).days == {TODAY: 3}


async def test_everything_but_languages_survives_erasure(outbox: Outbox) -> None:
    await fill(outbox, 3)
    for claim in await take(outbox, NOON + timedelta(hours=1)):
        await outbox.settle(claim, "sent", NOON + timedelta(hours=1), None, "250 ok")
    before = await outbox.figures(CAMPAIGN)
    assert await outbox.forget(NOON + timedelta(days=31), timedelta(days=7)) == 3
    after = await outbox.figures(CAMPAIGN)
    assert (after.days, after.districts, after.fates) == (before.days, before.districts, before.fates)
    assert after.languages == {}  # with a district and a date it might identify a person
