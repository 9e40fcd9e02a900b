"""What an operator sees and does: every letter can be found, and none reveals its writer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from relay.letters import Letter
from relay.outbox import LetterFilter, Outbox
from tests.contract.outbox.conftest import fill, take
from tests.samples.letters import NOON, confirmation, letters, submission

pytestmark = pytest.mark.anyio
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NOW = NOON + timedelta(hours=1)


def alert(letter: str = "a" * 32) -> Letter:
    return Letter(
        letter, "", "safe-communities-act", "alert", "", "", "", "organizer@example.org", "Beaconpost",
        "letters@campaign.example", "Letters failed", "Two did.\n", "smtp",
    )  # fmt: skip


async def fail_all(outbox: Outbox) -> None:
    for claim in await take(outbox, NOW):
        await outbox.settle(claim, "failed", NOW, None, "550 no")


async def test_letters_are_found_by_status_campaign_domain_and_id_prefix(outbox: Outbox) -> None:
    await fill(outbox, 3)
    (claim, *_) = await take(outbox, NOW, 1)
    await outbox.settle(claim, "failed", NOW, None, "550 no")
    assert len(await outbox.list_letters(LetterFilter(), 100)) == 6
    assert len(await outbox.list_letters(LetterFilter(), 2)) == 2
    assert [line.id for line in await outbox.list_letters(LetterFilter(status="failed"), 9)] == [claim.letter.id]
    assert len(await outbox.list_letters(LetterFilter(domain="mahouse.example"), 9)) == 3
    assert await outbox.list_letters(LetterFilter(campaign="another"), 9) == []
    assert [line.answer for line in await outbox.list_letters(LetterFilter(letter=claim.letter.id[:10]), 9)] == [
        "550 no"
    ]


async def test_listings_name_no_writer(outbox: Outbox) -> None:
    post = submission(1)
    await outbox.accept(post, letters(post), confirmation(post), "always")
    for claim in await take(outbox, NOW):
        await outbox.settle(claim, "failed", NOW, None, f"550 5.1.1 <{post.email}> unknown")
    listed = repr(await outbox.list_letters(LetterFilter(), 9)) + repr(
        await outbox.list_attempts(confirmation(post).id)
    )
    for secret in (post.email, post.first_name, post.last_name, "I live on", "example.org"):
        assert secret not in listed


async def test_every_attempt_is_kept_with_its_reply(outbox: Outbox) -> None:
    await fill(outbox, 1)
    (claim,) = await take(outbox, NOW, 1)
    await outbox.settle(claim, "queued", NOW, NOW + MINUTE, "451 later")
    (again,) = [other for other in await take(outbox, NOW + MINUTE) if other.letter.id == claim.letter.id]
    assert again.attempts == 2
    attempts = await outbox.list_attempts(claim.letter.id)
    assert [(attempt.at, attempt.outcome, attempt.answer) for attempt in attempts] == [
        (NOW, "queued", "451 later"), (NOW + MINUTE, "", ""),
    ]  # fmt: skip


async def test_the_operator_can_retry_failed_letters(outbox: Outbox) -> None:
    await fill(outbox, 2)
    await fail_all(outbox)
    assert await outbox.retry(LetterFilter(domain="mahouse.example"), NOW + MINUTE) == 2
    claims = await take(outbox, NOW + MINUTE)
    assert {claim.attempts for claim in claims} == {1}
    assert len(claims) == 2
    assert await outbox.retry(LetterFilter(campaign="another"), NOW) == 0


async def test_the_operator_can_retry_deferred_letters_now(outbox: Outbox) -> None:
    await fill(outbox, 1)
    for claim in await take(outbox, NOW):
        await outbox.settle(claim, "queued", NOW, NOW + DAY, "no answer")
    assert await outbox.retry(LetterFilter(), NOW + MINUTE) == 0
    assert await outbox.retry(LetterFilter(status="queued", domain="mahouse.example"), NOW + MINUTE) == 1
    (claim,) = await take(outbox, NOW + MINUTE)
    assert (claim.letter.chamber, claim.attempts) == ("house", 2)  # the deferral counts as an attempt


async def test_an_erased_letter_cannot_be_retried(outbox: Outbox) -> None:
    await fill(outbox, 1)
    await fail_all(outbox)
    await outbox.forget(NOW + 8 * DAY, 7 * DAY)
    assert await outbox.retry(LetterFilter(), NOW + 8 * DAY) == 0


async def test_cancelled_letters_are_never_sent(outbox: Outbox) -> None:
    await fill(outbox, 2)
    (sending, *_) = await take(outbox, NOW, 1)
    assert await outbox.cancel(LetterFilter(campaign="safe-communities-act"), NOW) == 4
    await outbox.settle(sending, "queued", NOW, NOW + MINUTE, "451 later")
    assert await outbox.count_by_status() == {"cancelled": 4}
    assert await take(outbox, NOW + DAY) == []


async def test_an_alert_is_sent_once_and_marks_its_letters_as_reported(outbox: Outbox) -> None:
    await fill(outbox, 1)
    await fail_all(outbox)
    unreported = await outbox.unreported()
    assert len(unreported) == 2
    for _ in range(2):
        await outbox.enqueue(alert(), NOW, [line.id for line in unreported])
    assert await outbox.unreported() == []
    assert [claim.letter for claim in await take(outbox, NOW)] == [alert()]


async def test_a_failed_alert_is_not_reported_and_is_erased(outbox: Outbox) -> None:
    await outbox.enqueue(alert(), NOW, [])
    await fail_all(outbox)
    assert await outbox.unreported() == []
    await outbox.forget(NOW + 31 * DAY, 7 * DAY)
    assert await outbox.list_letters(LetterFilter(), 9) == []


async def test_nothing_is_erased_under_a_legal_hold(outbox: Outbox) -> None:
    await fill(outbox, 1)
    await fail_all(outbox)
    await outbox.set_legal_hold("subpoena of 3 March")
    assert await outbox.legal_hold() == "subpoena of 3 March"
    assert await outbox.forget(NOW + 40 * DAY, 7 * DAY) == 0
    await outbox.set_legal_hold("")
    assert await outbox.legal_hold() == ""
    assert await outbox.forget(NOW + 40 * DAY, 7 * DAY) == 1


async def test_the_oldest_due_letter_is_known(outbox: Outbox) -> None:
    assert await outbox.oldest_due() is None
    await fill(outbox, 2)
    assert await outbox.oldest_due() == NOON + timedelta(milliseconds=1)


async def test_a_deferred_letter_has_waited_since_its_first_attempt(outbox: Outbox) -> None:
    await fill(outbox, 1)
    for hour in range(3):
        at = NOW + timedelta(hours=hour)
        for claim in await take(outbox, at):
            assert await outbox.oldest_due() == NOW
            await outbox.settle(claim, "queued", at, at + timedelta(hours=1), "421 later")
    assert await outbox.oldest_due() == NOW


async def test_writers_are_counted_by_campaign(outbox: Outbox) -> None:
    assert await outbox.counts() == {}
    await fill(outbox, 3)
    assert await outbox.counts() == {"safe-communities-act": 3}
    await outbox.deny("confirm-2", NOW)
    assert await outbox.counts() == {"safe-communities-act": 2}


async def test_an_id_prefix_is_matched_literally(outbox: Outbox) -> None:
    post = submission(1)
    await outbox.accept(post, [replace(letters(post)[0], id="ab12cd34"), letters(post)[1]], None, "never")
    for prefix in ("AB12", "%", "a%", "_b12", "ab12cd345"):
        assert await outbox.list_letters(LetterFilter(letter=prefix), 9) == []
        assert await outbox.cancel(LetterFilter(letter=prefix), NOW) == 0
    assert [line.id for line in await outbox.list_letters(LetterFilter(letter="ab12"), 9)] == ["ab12cd34"]
    assert await outbox.cancel(LetterFilter(letter="ab12cd34"), NOW) == 1


async def test_pauses_and_suppressions_are_ordered_alike_in_any_database_locale(outbox: Outbox) -> None:
    for name in ("b.example", "ab.example", "B.example", "a-z.example"):
        await outbox.pause("domain", name, "", NOW)
        await outbox.suppress(f"office@{name}", NOW, "550 5.1.1 no such user")
    in_order = ["B.example", "a-z.example", "ab.example", "b.example"]
    assert [pause.name for pause in await outbox.pauses()] == in_order
    assert [suppression.address for suppression in await outbox.suppressions()] == [
        f"office@{name}" for name in in_order
    ]


async def test_unreported_letters_come_in_the_order_they_failed(outbox: Outbox) -> None:
    await fill(outbox, 3)
    claims = await take(outbox, NOW)
    for claim in reversed(claims):
        late = claim is claims[0]
        await outbox.settle(claim, "failed", NOW + MINUTE if late else NOW, None, "550 no")
    first, *others = [claim.letter.id for claim in claims]
    assert [line.id for line in await outbox.unreported()] == [*others, first]
