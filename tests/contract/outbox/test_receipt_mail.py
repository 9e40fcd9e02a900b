"""The mail with the link to the receipt, and what happens if its reader did not write the letters."""

from dataclasses import replace
from datetime import timedelta

import pytest

from relay.letters import Letter, Submission
from relay.outbox import LetterFilter, Outbox
from tests.books import open_books
from tests.contract.outbox.conftest import take
from tests.samples.letters import NOON, confirmation, letters, submission

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


def receipt(post: Submission) -> Letter:
    return replace(confirmation(post), id=f"{post.id[:-4]}beef", kind="receipt")


async def write(outbox: Outbox, post: Submission, confirm: str = "suspicious") -> None:
    await outbox.accept(post, letters(post), confirmation(post), confirm, receipt(post))  # type: ignore[arg-type]


async def lengths(store: str) -> dict[str, int]:
    """Of the sealed text of each letter, in bytes."""
    async with open_books(store) as books:
        return dict(await books.read("SELECT id, length(sealed) FROM letters"))


async def kinds(outbox: Outbox) -> list[str]:
    return sorted(claim.letter.kind for claim in await take(outbox, NOON))


async def test_it_is_sent_with_letters_that_are_not_held(outbox: Outbox) -> None:
    await write(outbox, submission(1))
    assert await kinds(outbox) == ["legislator", "legislator", "receipt"]


async def test_it_is_not_sent_while_a_confirmation_is_pending(outbox: Outbox) -> None:
    await write(outbox, submission(1), "always")
    assert await kinds(outbox) == ["confirmation"]


async def test_a_mailbox_gets_only_one(outbox: Outbox) -> None:
    for number in (1, 2, 3):
        await write(outbox, submission(number, mailbox=1), "never")
    again = replace(submission(1), id="f" * 32, receipt_token="receipt-again", confirm_token="confirm-again")
    await write(outbox, again, "never")
    assert (await kinds(outbox)).count("receipt") == 1


async def test_neither_the_receipt_view_nor_a_listing_reveals_it(outbox: Outbox) -> None:
    post = submission(1)
    await write(outbox, post)
    shown = await outbox.receipt("receipt-1")
    assert shown
    assert [letter.kind for letter in shown.letters] == ["legislator", "legislator"]
    for claim in await take(outbox, NOON):
        await outbox.settle(claim, "failed", NOON, None, f"550 5.1.1 <{claim.letter.to_email}> unknown")
    listed = repr(await outbox.list_letters(LetterFilter(), 9)) + repr(await outbox.list_attempts(receipt(post).id))
    assert "example.org" not in listed
    assert {line.kind for line in await outbox.unreported()} == {"legislator"}  # a lost receipt is not a lost letter


async def test_it_is_erased_with_the_letters(outbox: Outbox) -> None:
    await write(outbox, submission(1))
    for claim in await take(outbox, NOON):
        await outbox.settle(claim, "sent", NOON, None, "250 ok")
    assert await outbox.forget(NOON + 7 * DAY, 7 * DAY) == 1
    (line,) = [line for line in await outbox.list_letters(LetterFilter(), 9) if line.kind == "receipt"]
    assert (line.to_email, line.domain, line.answer) == ("", "", "")


async def test_denying_cancels_unsent_letters_erases_and_reports_sent_ones(outbox: Outbox) -> None:
    await write(outbox, submission(1, public_name=True))
    first, second, mail = await take(outbox, NOON)
    await outbox.settle(first, "sent", NOON, None, "250 ok")
    await outbox.settle(mail, "sent", NOON, None, "250 ok")
    await outbox.settle(second, "queued", NOON, NOON + DAY, "451 later")
    denied = await outbox.deny("confirm-1", NOON)
    assert denied
    assert (denied.status, denied.erased, denied.message, denied.public_name) == ("denied", True, "", False)
    assert [letter.status for letter in denied.letters] == ["sent", "cancelled"]
    assert [line.id for line in await outbox.unreported()] == [first.letter.id]
    assert all(line.denied for line in await outbox.list_letters(LetterFilter(), 9))
    assert await outbox.count("safe-communities-act") == 0


async def test_a_letter_being_sent_when_denied_is_reported_if_it_arrived(outbox: Outbox) -> None:
    await write(outbox, submission(1))
    first, second, _ = await take(outbox, NOON)
    await outbox.deny("confirm-1", NOON)
    assert await outbox.unreported() == []
    await outbox.settle(first, "sent", NOON, None, "250 ok")
    await outbox.settle(second, "queued", NOON, NOON + DAY, "451 later")
    assert [line.id for line in await outbox.unreported()] == [first.letter.id]
    await outbox.enqueue(replace(first.letter, id="a" * 32, submission="", kind="alert"), NOON, [first.letter.id])
    assert await outbox.unreported() == []


async def test_a_denial_is_final(outbox: Outbox) -> None:
    await write(outbox, submission(1), "always")
    await outbox.deny("confirm-1", NOON)
    found = await outbox.find_confirmation("confirm-1", NOON)
    assert found
    for again in (await outbox.confirm("confirm-1", NOON), found.receipt, await outbox.deny("confirm-1", NOON)):
        assert again
        assert again.status == "denied"
    assert set(await outbox.count_by_status()) == {"cancelled"}


async def test_erasing_is_not_denying(outbox: Outbox) -> None:
    await write(outbox, submission(1), "always")
    await outbox.erase("receipt-1", NOON)
    receipt_view = await outbox.confirm("confirm-1", NOON)
    assert receipt_view
    assert receipt_view.status == "expired"
    assert await outbox.unreported() == []


async def test_the_receipt_mails_text_is_gone_from_the_store_once_it_was_sent(outbox: Outbox, store: str) -> None:
    await write(outbox, submission(1))
    first, second, mail = await take(outbox, NOON)
    for letter in (first, second):
        await outbox.settle(letter, "sent", NOON, None, "250 ok")
    await outbox.settle(mail, "queued", NOON, NOON + DAY, "451 later")
    assert (await lengths(store))[mail.letter.id] > 0
    (again,) = await take(outbox, NOON + DAY)
    await outbox.settle(again, "sent", NOON + DAY, None, "250 ok")
    kept = await lengths(store)
    assert kept[mail.letter.id] == 0
    assert kept[first.letter.id] > 0
