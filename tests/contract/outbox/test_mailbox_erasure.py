"""Everything of a mailbox is erased without its receipts, and only its owner is told that there was anything."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from relay.letters import Letter
from relay.letters.circumstances import Circumstances
from relay.outbox import Erasure, Outbox
from tests.books import open_books
from tests.contract.outbox.conftest import take
from tests.samples.letters import NOON, confirmation, letters, submission

pytestmark = pytest.mark.anyio
MAILBOX = submission(1).mailbox_key
DAY = timedelta(days=1)
KEEP = timedelta(days=7)


async def post(outbox: Outbox, number: int, mailbox: int = 1, campaign: str = "safe-communities-act") -> None:
    made = submission(number, mailbox=mailbox, campaign=campaign, public_name=True)
    written = [replace(letter, campaign=campaign) for letter in letters(made)]
    await outbox.accept(made, written, confirmation(made), "never")


def mail(submission_id: str, campaign: str, _: datetime) -> Letter:
    """The mail with the link, for the submission that it will be erased with."""
    asked = submission(1, id=submission_id, campaign=campaign)
    return replace(confirmation(asked), id=f"{hash(submission_id) % 10**30:032x}", kind="erasure")


async def test_everything_of_a_mailbox_goes_in_every_campaign_and_nothing_of_others(outbox: Outbox) -> None:
    await post(outbox, 1)
    for claim in await take(outbox, NOON):
        await outbox.settle(claim, "sent", NOON, None, "250 ok")
    await post(outbox, 2, campaign="open-libraries")
    await post(outbox, 3, mailbox=3)
    assert await outbox.erase_mailbox(MAILBOX, NOON) == [
        Erasure("open-libraries", cancelled=2, gone=0),
        Erasure("safe-communities-act", cancelled=0, gone=2),
    ]
    receipts = [await outbox.receipt(f"receipt-{number}") for number in (1, 2, 3)]
    assert [receipt.erased for receipt in receipts if receipt] == [True, True, False]
    assert [person.name for person in await outbox.participants("safe-communities-act", NOON + DAY, 9)] == [
        "Firstname3"
    ]
    assert await outbox.participants("open-libraries", NOON + DAY, 9) == []
    assert await outbox.erase_mailbox(MAILBOX, NOON) == []


async def test_a_public_name_goes_that_outlived_its_letter(outbox: Outbox) -> None:
    await post(outbox, 1)
    for claim in await take(outbox, NOON):
        await outbox.settle(claim, "sent", NOON, None, "250 ok")
    assert await outbox.forget(NOON + KEEP, KEEP) == 1
    assert await outbox.participants("safe-communities-act", NOON + DAY, 9)
    assert await outbox.offer_erasure(MAILBOX, mail, NOON + KEEP)
    await outbox.erase_mailbox(MAILBOX, NOON + KEEP)
    assert await outbox.participants("safe-communities-act", NOON + DAY, 9) == []
    assert await outbox.offer_erasure(MAILBOX, mail, NOON + KEEP + 2 * DAY) is False


async def test_a_mailbox_of_which_nothing_is_kept_gets_no_mail(outbox: Outbox) -> None:
    await post(outbox, 1)
    assert await outbox.offer_erasure(submission(2).mailbox_key, mail, NOON) is False
    assert await outbox.offer_erasure(b"", mail, NOON) is False


async def test_looking_writes_to_the_disk_whoever_wrote(outbox: Outbox, store: str) -> None:
    """So that the time it takes says nothing."""
    noise = "SELECT value FROM metadata WHERE name = 'noise'"
    async with open_books(store) as books:
        before = await books.read(noise)
        assert await outbox.offer_erasure(MAILBOX, mail, NOON) is False
        assert await books.read(noise) != before


async def test_a_mailbox_gets_one_link_a_day_whoever_asks(outbox: Outbox) -> None:
    await post(outbox, 1)
    assert await outbox.offer_erasure(MAILBOX, mail, NOON)
    assert await outbox.offer_erasure(MAILBOX, mail, NOON + 3 * DAY) is False  # it has not gone yet
    for claim in await take(outbox, NOON):
        await outbox.settle(claim, "sent", NOON, None, "250 ok")
    assert await outbox.offer_erasure(MAILBOX, mail, NOON + timedelta(hours=23)) is False
    await post(outbox, 2)
    assert await outbox.offer_erasure(MAILBOX, mail, NOON + timedelta(hours=25))


async def test_who_wants_no_mail_gets_none(outbox: Outbox) -> None:
    await post(outbox, 1)
    assert await outbox.opt_out("confirm-1", out=True)
    assert await outbox.offer_erasure(MAILBOX, mail, NOON) is False


async def test_the_link_waits_its_turn_like_other_mail(outbox: Outbox) -> None:
    for number in (1, 2):
        made = submission(number, mailbox=1)
        await outbox.accept(made, letters(made), confirmation(made), "always", None, Circumstances())
    assert await outbox.offer_erasure(MAILBOX, mail, NOON)
    assert [claim.letter.kind for claim in await take(outbox, NOON)] == ["confirmation"] * 2
    assert [claim.letter.kind for claim in await take(outbox, NOON + DAY)][-1] == "erasure"


async def test_asking_for_the_link_keeps_nothing_longer(outbox: Outbox) -> None:
    await post(outbox, 1)
    for claim in await take(outbox, NOON):
        await outbox.settle(claim, "sent", NOON, None, "250 ok")
    assert await outbox.offer_erasure(MAILBOX, mail, NOON + 6 * DAY)
    (link,) = await take(outbox, NOON + 6 * DAY)
    await outbox.settle(link, "sent", NOON + 6 * DAY, None, "250 ok")
    assert await outbox.forget(NOON + KEEP, KEEP) == 1
