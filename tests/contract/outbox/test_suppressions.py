"""A mailbox that is gone: its letters are held, whether the server or a bounce says so, until one gets through."""

from datetime import datetime, timedelta

import pytest

from relay.outbox import Claim, LetterFilter, Outbox
from relay.outbox.retry_schedule import BOUNCES_WITHIN, next_trial
from tests.contract.outbox.conftest import HOUSE, SENATE, domains, fill, take, take_house
from tests.samples.letters import NOON, confirmation, letters, submission

pytestmark = pytest.mark.anyio
MINUTE = timedelta(minutes=1)
NOW = NOON + timedelta(hours=1)
GONE = "550 5.1.1 no such user"
OFFICE = letters(submission(1))[1].to_email


async def refuse(outbox: Outbox, claim: Claim, now: datetime) -> None:
    """As the worker does when the server says that the mailbox is gone."""
    await outbox.settle(claim, "failed", now, None, GONE, gone=True)


async def suppressed(outbox: Outbox, people: int = 3) -> str:
    """The address of an office whose first letter was refused at NOW; the others are held. Returns the refused one."""
    await fill(outbox, people)
    first, *others = await take_house(outbox, NOW)
    for claim in others:
        await outbox.settle(claim, "queued", NOW, NOW, "451 later")
    await refuse(outbox, first, NOW)
    return first.letter.id


async def held(outbox: Outbox) -> int:
    return len(await outbox.list_letters(LetterFilter(status="held"), 100))


async def test_a_suppressed_address_holds_queued_and_new_letters(outbox: Outbox) -> None:
    await fill(outbox, 3)
    (first, *_) = await take_house(outbox, NOW, 2)
    await outbox.settle(first, "failed", NOW, None, GONE)
    assert await outbox.suppress(OFFICE, NOW, GONE) == 2
    await fill(outbox, 1, first=7)
    assert domains(await take(outbox, NOW)) == {SENATE: 3}
    (suppression,) = await outbox.suppressions()
    assert (suppression.address, suppression.waiting) == (OFFICE, 3)
    assert {line.held_for for line in await outbox.list_letters(LetterFilter(status="held"), 10)} == {"address"}
    assert await outbox.unsuppress(OFFICE, NOW) == 3
    assert await outbox.suppressions() == []
    assert domains(await take(outbox, NOW + MINUTE)) == {HOUSE: 3}


async def test_a_bounce_that_says_gone_marks_the_letter_and_suppresses_the_address(outbox: Outbox) -> None:
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


async def test_one_letter_tries_and_once_it_has_not_come_back_the_rest_follow(outbox: Outbox) -> None:
    await suppressed(outbox)
    due = next_trial(0, NOW)
    assert await take(outbox, due - MINUTE) == []
    (trial,) = await take(outbox, due)
    assert await take(outbox, due) == []
    await outbox.settle(trial, "sent", due, None, "250 ok")
    assert await take(outbox, due + BOUNCES_WITHIN - MINUTE) == []
    assert domains(await take(outbox, due + BOUNCES_WITHIN)) == {HOUSE: 1}
    assert await outbox.suppressions() == []


async def test_a_trial_that_is_refused_is_held_again_and_the_next_is_later(outbox: Outbox) -> None:
    await suppressed(outbox)
    due = next_trial(0, NOW)
    for failed_trials in (1, 2):
        (trial,) = await take(outbox, due)
        await refuse(outbox, trial, due)
        (suppression,) = await outbox.suppressions()
        assert (suppression.failed_trials, suppression.waiting) == (failed_trials, 2)
        assert suppression.until == next_trial(failed_trials, due)
        due = suppression.until
    assert [line.status for line in await outbox.unreported()] == ["failed"], "only the letter that was refused first"


async def test_a_trial_that_comes_back_is_held_again_and_frees_nothing(outbox: Outbox) -> None:
    await suppressed(outbox)
    due = next_trial(0, NOW)
    (trial,) = await take(outbox, due)
    await outbox.settle(trial, "sent", due, None, "250 ok")
    assert await outbox.record_bounce(trial.letter.id, due + MINUTE, GONE, gone=True) == "held"
    assert await take(outbox, due + BOUNCES_WITHIN) == []
    assert [(known.failed_trials, known.waiting) for known in await outbox.suppressions()] == [(1, 2)]


async def test_a_trial_that_fails_for_another_reason_proves_nothing(outbox: Outbox) -> None:
    await suppressed(outbox)
    due = next_trial(0, NOW)
    (trial,) = await take(outbox, due)
    await outbox.settle(trial, "failed", due, None, "552 5.3.4 too large")
    assert await take(outbox, due + MINUTE) == []
    (suppression,) = await outbox.suppressions()
    assert (suppression.trial, suppression.failed_trials) == ("", 0)
    (again,) = await take(outbox, suppression.until)
    assert again.letter.id != trial.letter.id


async def test_a_letter_that_was_on_its_way_is_no_trial(outbox: Outbox) -> None:
    await fill(outbox, 3)
    claims = await take_house(outbox, NOW)
    for claim in claims:
        await refuse(outbox, claim, NOW)
    (suppression,) = await outbox.suppressions()
    assert (suppression.failed_trials, suppression.until) == (0, next_trial(0, NOW))


async def test_an_address_without_letters_is_tried_by_the_next_one(outbox: Outbox) -> None:
    await suppressed(outbox, people=1)
    late = NOW + timedelta(days=3)
    assert await take(outbox, late) == []
    await fill(outbox, 2, first=5)
    assert await take_house(outbox, late) == [], "the letters are held, whoever comes first"
    assert domains(await take(outbox, late)) == {HOUSE: 1}
    assert await held(outbox) == 1


async def test_a_bounced_letter_is_sent_again_if_an_operator_says_so(outbox: Outbox) -> None:
    await fill(outbox, 1)
    (claim,) = await take_house(outbox, NOW)
    await outbox.settle(claim, "sent", NOW, None, "250 ok")
    await outbox.record_bounce(claim.letter.id, NOW, GONE, gone=True)
    assert await outbox.retry(LetterFilter(letter=claim.letter.id), NOW + MINUTE) == 1
    assert await outbox.suppressions() == [], "whoever says so trusts the address"
    (again,) = await take(outbox, NOW + MINUTE)
    assert again.letter == claim.letter


async def test_a_bounce_that_says_anything_else_does_not_suppress_the_address(outbox: Outbox) -> None:
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


async def test_where_a_letter_went_is_known_as_long_as_the_letter_is(outbox: Outbox) -> None:
    post = submission(1)
    await outbox.accept(post, letters(post), confirmation(post), "always")
    office, mail = await outbox.find_recipient(letters(post)[1].id), await outbox.find_recipient(confirmation(post).id)
    assert office
    assert mail
    assert (office.kind, office.address, mail.kind, mail.address) == ("legislator", OFFICE, "confirmation", "")
    await outbox.erase(post.receipt_token, NOW)
    erased = await outbox.find_recipient(letters(post)[1].id)
    assert erased
    assert erased.address == ""
    assert await outbox.find_recipient("0" * 32) is None
