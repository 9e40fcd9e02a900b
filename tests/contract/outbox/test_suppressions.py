"""An address that does not exist: its letters are held, whether the server or a bounce says so."""

from datetime import timedelta

import pytest

from relay.outbox import LetterFilter, Outbox
from tests.contract.outbox.conftest import HOUSE, SENATE, domains, fill, take, take_house
from tests.samples.letters import NOON, confirmation, letters, submission

pytestmark = pytest.mark.anyio
MINUTE = timedelta(minutes=1)
NOW = NOON + timedelta(hours=1)


async def test_a_suppressed_address_holds_queued_and_new_letters(outbox: Outbox) -> None:
    await fill(outbox, 3)
    office = letters(submission(1))[1].to_email
    (first, *_) = await take_house(outbox, NOW, 2)
    await outbox.settle(first, "failed", NOW, None, "550 5.1.1 no such user")
    assert await outbox.suppress(office, NOW, "550 5.1.1 no such user") == 2
    await fill(outbox, 1, first=7)
    assert domains(await take(outbox, NOW)) == {SENATE: 3}
    (suppression,) = await outbox.suppressions()
    assert (suppression.address, suppression.waiting) == (office, 3)
    assert {line.held_for for line in await outbox.list_letters(LetterFilter(status="held"), 10)} == {"address"}
    assert await outbox.unsuppress(office, NOW) == 3
    assert await outbox.suppressions() == []
    assert domains(await take(outbox, NOW + MINUTE)) == {HOUSE: 3}


async def test_a_hard_bounce_marks_the_letter_and_suppresses_the_address(outbox: Outbox) -> None:
    await fill(outbox, 2)
    first, second = await take_house(outbox, NOW)
    await outbox.settle(first, "sent", NOW, None, "250 ok")
    await outbox.settle(second, "queued", NOW, NOW + MINUTE, "451 later")
    assert await outbox.record_bounce(first.letter.id, NOW + MINUTE, "5.1.1 gone", gone=True) == "bounced"
    assert [line.id for line in await outbox.unreported()] == [first.letter.id]
    assert await take(outbox, NOW + 2 * MINUTE) == []
    assert [suppression.waiting for suppression in await outbox.suppressions()] == [1]
    assert await outbox.record_bounce(first.letter.id, NOW + MINUTE, "again", gone=True) == "bounced"
    assert await outbox.record_bounce(second.letter.id, NOW, "", gone=True) == "held"
    assert await outbox.record_bounce("0" * 32, NOW, "unknown", gone=True) is None


async def test_a_policy_bounce_does_not_suppress_the_address(outbox: Outbox) -> None:
    await fill(outbox, 1)
    (claim,) = await take_house(outbox, NOW)
    await outbox.settle(claim, "sent", NOW, None, "250 ok")
    assert await outbox.record_bounce(claim.letter.id, NOW, "5.7.1 spam", gone=False) == "bounced"
    assert await outbox.suppressions() == []


async def test_a_bounced_confirmation_suppresses_nothing(outbox: Outbox) -> None:
    post = submission(1)
    await outbox.accept(post, letters(post), confirmation(post), "always")
    (claim,) = await take(outbox, NOW)
    await outbox.settle(claim, "sent", NOW, None, "250 ok")
    assert await outbox.record_bounce(claim.letter.id, NOW, "5.1.1 gone", gone=True) == "bounced"
    assert await outbox.suppressions() == []
