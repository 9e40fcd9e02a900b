"""What is erased, when, and what stays."""

from dataclasses import replace
from datetime import timedelta

import pytest

from relay.outbox import Outbox
from relay.outbox.retention import CHUNK
from tests.samples.letters import NOON, confirmation, letters, submission

pytestmark = pytest.mark.anyio
CAMPAIGN = "safe-communities-act"
KEEP = timedelta(days=7)
DAY = timedelta(days=1)
LEASE = timedelta(minutes=5)


async def post(outbox: Outbox, number: int, mailbox: int | None = None, *, public: bool = False) -> None:
    made = submission(number, mailbox=mailbox, public_name=public)
    await outbox.accept(made, letters(made), confirmation(made), "suspicious")


async def send_all(outbox: Outbox) -> None:
    for claim in await outbox.claim("smtp", NOON, LEASE, 10_000):
        await outbox.settle(claim, "sent", NOON, None, f"250 ok for {claim.letter.to_email}")


async def test_an_erased_person_appears_nowhere_and_is_still_counted(outbox: Outbox) -> None:
    for number in range(1, 6):
        await post(outbox, number)
    await send_all(outbox)
    assert await outbox.forget(NOON + KEEP, KEEP) == 5
    assert await outbox.count_by_status() == {"sent": 10}
    assert await outbox.count(CAMPAIGN) == 5
    receipt = await outbox.receipt("receipt-1")
    assert receipt
    assert receipt.erased
    assert not any([receipt.subject, receipt.message])
    assert [(letter.status, letter.to_name) for letter in receipt.letters] == [("sent", "")] * 2


async def test_nothing_is_erased_early(outbox: Outbox) -> None:
    await post(outbox, 1)
    assert await outbox.forget(NOON + 8 * DAY, KEEP) == 0  # still queued
    await send_all(outbox)
    assert await outbox.forget(NOON + KEEP - timedelta(seconds=1), KEEP) == 0
    assert await outbox.forget(NOON + KEEP, KEEP) == 1
    assert await outbox.forget(NOON + KEEP, KEEP) == 0


async def test_an_unconfirmed_letter_expires_after_72_hours_and_is_erased(outbox: Outbox) -> None:
    await post(outbox, 1)
    await post(outbox, 2, mailbox=1, public=True)
    await send_all(outbox)
    await outbox.forget(NOON + timedelta(hours=71), KEEP)
    assert (await outbox.count_by_status())["held"] == 2
    assert await outbox.forget(NOON + timedelta(hours=72), KEEP) == 1
    assert await outbox.count_by_status() == {"sent": 3, "expired": 2}
    await outbox.confirm("confirm-2", NOON + timedelta(hours=72))
    assert await outbox.count_by_status() == {"sent": 3, "expired": 2}
    assert await outbox.count(CAMPAIGN) == 1
    assert await outbox.participants(CAMPAIGN, NOON + 9 * DAY, 10) == []


async def test_the_72_hours_begin_when_the_mail_that_asks_has_gone(outbox: Outbox) -> None:
    """It may have to wait: for its turn, for a mail server, for a campaign that its organizers stopped."""
    made, later = submission(1), NOON + 10 * DAY
    await outbox.accept(made, letters(made), confirmation(made), "always")
    assert await outbox.forget(later, KEEP) == 0
    (asking,) = await outbox.claim("smtp", later, LEASE, 10)
    await outbox.settle(asking, "sent", later, None, "250 ok")
    assert await outbox.forget(later + timedelta(hours=71), KEEP) == 0
    assert await outbox.find_confirmation("confirm-1", later + timedelta(hours=71))
    await outbox.confirm("confirm-1", later + timedelta(hours=71))
    assert await outbox.count_by_status() == {"sent": 1, "queued": 2}


async def test_a_letter_that_nobody_could_be_asked_about_is_gone_after_30_days(outbox: Outbox) -> None:
    made = submission(1)
    await outbox.accept(made, letters(made), confirmation(made), "always")
    assert await outbox.forget(NOON + 30 * DAY - timedelta(seconds=1), KEEP) == 0
    assert await outbox.forget(NOON + 30 * DAY, KEEP) == 1
    await outbox.confirm("confirm-1", NOON + 30 * DAY)
    assert await outbox.count_by_status() == {"expired": 3}


async def test_nothing_outlives_30_days_whatever_its_status(outbox: Outbox) -> None:
    for number in (1, 2, 3):
        await post(outbox, number)
    sent, failed, dying = await outbox.claim("smtp", NOON, LEASE, 3)
    await outbox.settle(sent, "sent", NOON + 29 * DAY, None, "250")
    await outbox.settle(failed, "failed", NOON + 29 * DAY, None, "550")
    assert dying.attempts == 1
    assert await outbox.forget(NOON + 30 * DAY, KEEP) == 3
    assert await outbox.count_by_status() == {"sent": 1, "failed": 1, "sending": 1, "expired": 3}
    assert await outbox.claim("smtp", NOON + 31 * DAY, LEASE, 10) == []
    assert await outbox.count_by_status() == {"sent": 1, "failed": 1, "cancelled": 1, "expired": 3}


async def test_a_repeat_is_recognized_after_its_writer_is_erased(outbox: Outbox) -> None:
    await post(outbox, 1)
    await send_all(outbox)
    await outbox.forget(NOON + KEEP, KEEP)
    again = replace(submission(1), id="f" * 32, receipt_token="other", confirm_token="another")
    assert (await outbox.accept(again, letters(again), None, "suspicious")).repeat
    assert await outbox.count_by_status() == {"sent": 2}


async def test_a_public_name_is_kept_until_it_is_withdrawn(outbox: Outbox) -> None:
    await post(outbox, 1, public=True)
    await send_all(outbox)
    await outbox.forget(NOON + KEEP, KEEP)
    assert [participant.name for participant in await outbox.participants(CAMPAIGN, NOON + DAY, 10)] == ["Firstname1"]
    await outbox.withdraw("receipt-1")
    assert await outbox.participants(CAMPAIGN, NOON + DAY, 10) == []


async def test_more_than_one_chunk_is_erased_in_one_call(outbox: Outbox) -> None:
    for number in range(1, CHUNK + 11):
        made = submission(number)
        await outbox.accept(made, letters(made), None, "suspicious")
    await send_all(outbox)
    assert await outbox.forget(NOON + KEEP, KEEP) == CHUNK + 10


async def test_a_finished_campaign_keeps_no_names_and_recognizes_nobody(outbox: Outbox) -> None:
    await post(outbox, 1, public=True)
    await send_all(outbox)
    assert await outbox.participants(CAMPAIGN, NOON + DAY, 9)
    assert await outbox.forget_campaign(CAMPAIGN) == 1
    assert await outbox.participants(CAMPAIGN, NOON + DAY, 9) == []
    assert await outbox.count(CAMPAIGN) == 1
    again = replace(submission(1), id=f"{9:032x}", receipt_token="again", confirm_token="again")
    assert not (await outbox.accept(again, [], None, "suspicious")).repeat
    assert await outbox.forget_campaign(CAMPAIGN) == 1
    assert await outbox.forget_campaign(CAMPAIGN) == 0
    assert await outbox.forget_campaign("another") == 0
