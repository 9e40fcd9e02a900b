"""A post that comes again because its answer was lost: another link to the first receipt, and nothing else."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from relay.assembly import open_outbox
from relay.letters import Submission
from relay.letters.circumstances import Circumstances
from relay.outbox import Accepted, Outbox
from tests.books import open_books
from tests.samples.letters import NOON, confirmation, letters, submission
from tests.samples.settings import store_settings
from theme.manifest import Confirm

pytestmark = pytest.mark.anyio

KEY: Final = b"a letter and the key that its page made"
HOME: Final = Circumstances(address="203.0.113.7/32", network="203.0.113.0/24")
NEXT_DOOR: Final = Circumstances(address="203.0.113.8/32", network="203.0.113.0/24")
SOMEWHERE: Final = Circumstances(address="unknown")  # behind a proxy that does not say for whom
SOON: Final = timedelta(minutes=14)
LATER: Final = timedelta(minutes=16)


def try_again(first: Submission, number: int = 2, after: timedelta = SOON, retry_key: bytes = KEY) -> Submission:
    """The same form, posted once more."""
    return replace(
        first,
        id=f"{number:032x}",
        receipt_token=f"receipt-{number}",
        confirm_token=f"confirm-{number}",
        accepted_at=first.accepted_at + after,
        retry_key=retry_key,
    )


async def send(
    outbox: Outbox, post: Submission, confirm: Confirm = "never", circumstances: Circumstances | None = None
) -> Accepted:
    return await outbox.accept(post, letters(post), confirmation(post), confirm, None, circumstances)


async def mails(outbox: Outbox) -> int:
    """Of any kind, to anybody, whatever became of them."""
    return sum((await outbox.count_by_status()).values())


async def leads_to_the_first(outbox: Outbox, token: str) -> bool:
    """Whether a link is as good as the first one: it can erase what the first one shows."""
    await outbox.erase(token, NOON + timedelta(days=1))
    receipt = await outbox.receipt("receipt-1")
    assert receipt
    return receipt.erased


@pytest.mark.parametrize("confirm", ["never", "always"])
async def test_a_retry_with_the_letters_key_leads_to_the_first_receipt_and_sends_nothing(
    outbox: Outbox, confirm: Confirm
) -> None:
    first = submission(1, retry_key=KEY)
    await send(outbox, first, confirm)
    before = await mails(outbox)
    again = await send(outbox, try_again(first, after=timedelta(hours=23)), confirm)
    assert again == Accepted(repeat=True, held=False)
    assert await mails(outbox) == before
    assert await outbox.receipt("receipt-1")
    assert await leads_to_the_first(outbox, "receipt-2")


async def test_a_retrys_link_opens_as_freshly_as_the_first_one_did(outbox: Outbox) -> None:
    first = submission(1, retry_key=KEY)
    await send(outbox, first)
    await send(outbox, try_again(first, after=SOON))
    old, new = await outbox.receipt("receipt-1"), await outbox.receipt("receipt-2")
    assert old
    assert new
    assert (old.linked_at, new.linked_at) == (NOON, NOON + SOON)
    assert replace(new, linked_at=old.linked_at) == old


async def test_a_day_later_the_key_no_longer_counts(outbox: Outbox) -> None:
    first = submission(1, retry_key=KEY)
    await send(outbox, first)
    late = try_again(first, after=timedelta(hours=24, minutes=1))
    assert (await send(outbox, late)).repeat  # as an identical letter, with a receipt of its own
    assert not await leads_to_the_first(outbox, "receipt-2")


async def test_another_key_is_another_post(outbox: Outbox) -> None:
    """As is the same key with another letter: the keyed hash is of both."""
    first = submission(1, retry_key=KEY)
    await send(outbox, first, circumstances=HOME)
    await send(outbox, try_again(first, retry_key=b"another"), circumstances=HOME)
    assert not await leads_to_the_first(outbox, "receipt-2")


@pytest.mark.parametrize(
    ("there", "after", "is_retry"),
    [(HOME, SOON, True), (HOME, LATER, False), (NEXT_DOOR, SOON, False), (SOMEWHERE, SOON, False)],
)
@pytest.mark.parametrize("first_key", [KEY, b""])
async def test_without_a_key_the_same_address_counts_for_a_quarter_of_an_hour(
    outbox: Outbox, there: Circumstances, after: timedelta, is_retry: bool, first_key: bytes
) -> None:
    first = submission(1, retry_key=first_key)
    await send(outbox, first, circumstances=SOMEWHERE if there is SOMEWHERE else HOME)
    before = await mails(outbox)
    assert (await send(outbox, try_again(first, after=after, retry_key=b""), circumstances=there)).repeat
    assert await mails(outbox) == before
    assert await leads_to_the_first(outbox, "receipt-2") is is_retry


async def test_a_held_letter_posted_again_from_the_same_address_is_asked_about_once(outbox: Outbox) -> None:
    first = submission(1)
    await send(outbox, first, "always", HOME)
    await send(outbox, try_again(first, retry_key=b""), "always", HOME)
    assert await mails(outbox) == 3
    assert await leads_to_the_first(outbox, "receipt-2")


@pytest.mark.parametrize("how", ["erased", "denied", "expired"])
async def test_what_is_gone_is_not_retried_but_posted_anew(outbox: Outbox, how: str) -> None:
    first = submission(1, retry_key=KEY)
    await send(outbox, first, "always")
    match how:
        case "erased":
            await outbox.erase("receipt-1", NOON)
        case "denied":
            await outbox.deny("confirm-1", NOON)
        case "expired":
            await outbox.forget(NOON + timedelta(days=3), timedelta(days=7))
    again = try_again(first)
    assert await outbox.accept(again, letters(again), None, "never") == Accepted(repeat=False, held=False)


async def test_many_tries_at_once_are_one_letter(outbox: Outbox, store: str) -> None:
    """Also on two relays that share a database."""
    first = submission(1, retry_key=KEY)
    other = await open_outbox(store_settings(store))
    tries = [try_again(first, number, timedelta(0)) for number in range(2, 22)]
    answers = await asyncio.gather(
        *(send(where, post) for post, where in zip([first, *tries], [outbox, other] * 11, strict=False))
    )
    await other.close()
    assert sorted(answer.repeat for answer in answers) == [False] + [True] * 20
    assert await outbox.count_by_status() == {"queued": 2}
    async with open_books(store) as books:
        assert await books.read("SELECT count(*) FROM submissions") == [(1,)]
        assert await books.read("SELECT count(DISTINCT hash) FROM receipts") == [(21,)]


async def test_what_recognizes_a_retry_is_forgotten_in_a_day(outbox: Outbox, store: str) -> None:
    await send(outbox, submission(1, retry_key=KEY), circumstances=HOME)
    async with open_books(store) as books:
        assert await books.read("SELECT count(*) FROM retries") == [(2,)]
        await outbox.forget(NOON + timedelta(minutes=15), timedelta(days=7))
        assert await books.read("SELECT count(*) FROM retries") == [(1,)]
        await outbox.forget(NOON + timedelta(hours=24), timedelta(days=7))
        assert await books.read("SELECT count(*) FROM retries") == [(0,)]


async def test_what_recognizes_a_retry_goes_with_a_campaign_that_is_over(outbox: Outbox, store: str) -> None:
    await send(outbox, submission(1, retry_key=KEY))
    await outbox.forget_campaign("safe-communities-act")
    async with open_books(store) as books:
        assert await books.read("SELECT count(*) FROM retries") == [(0,)]


async def test_tries_count_like_posts_for_the_limit_of_an_address(outbox: Outbox) -> None:
    first = submission(1, retry_key=KEY)
    answers = [await send(outbox, first, circumstances=HOME)]
    for number in range(2, 123):
        answers.append(await send(outbox, try_again(first, number), circumstances=HOME))
    assert [answer.retry_after > 0 for answer in answers] == [False] * 120 + [True] * 2
