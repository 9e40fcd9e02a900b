"""What the outbox promises to people who post."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from relay.assembly import open_outbox
from relay.errors import StoreError
from relay.letters import Letter, Submission
from relay.letters.circumstances import Circumstances
from relay.outbox import Accepted, LetterFilter, Outbox, Receipt
from tests.samples.letters import NOON, confirmation, letters, submission
from tests.samples.settings import store_settings
from theme.manifest import Confirm

pytestmark = pytest.mark.anyio
CAMPAIGN = "safe-communities-act"
LEASE = timedelta(minutes=5)


async def post(outbox: Outbox, number: int = 1, *, mailbox: int | None = None, public: bool = False) -> Accepted:
    made = submission(number, mailbox=mailbox, public_name=public)
    return await outbox.accept(made, letters(made), confirmation(made), "suspicious")


async def kinds_to_send(outbox: Outbox) -> list[str]:
    return [claim.letter.kind for claim in await outbox.claim("smtp", NOON + timedelta(days=1), LEASE, 100)]


async def test_an_accepted_post_survives_closing_and_reopening(outbox: Outbox, store: str) -> None:
    await post(outbox)
    await outbox.close()
    second = await open_outbox(store_settings(store))
    assert await second.count_by_status() == {"queued": 2}
    await second.close()


async def test_a_receipt_shows_the_words_as_typed_and_its_recipients(outbox: Outbox) -> None:
    made = submission(1, subject="Mine", message="My words,\n[Your Address]")
    await outbox.accept(made, letters(made), None, "never")
    receipt = await outbox.receipt("receipt-1")
    assert receipt
    assert (receipt.first_name, receipt.subject, receipt.message) == ("Firstname1", "Mine", "My words,\n[Your Address]")
    assert [letter.to_name for letter in receipt.letters] == ["Sal N. DiDomenico", "Judith A. Garcia"]
    assert {letter.status for letter in receipt.letters} == {"queued"}
    assert receipt.accepted_at == NOON
    assert await outbox.receipt("receipt-2") is None


async def test_a_repeat_sends_nothing_and_its_receipt_looks_like_the_first_ones(outbox: Outbox) -> None:
    await post(outbox, public=True)
    again = replace(submission(1, public_name=True), id="f" * 32, receipt_token="other", confirm_token="another")
    assert await outbox.accept(again, letters(again), None, "suspicious") == Accepted(repeat=True, held=False)
    assert await outbox.count_by_status() == {"queued": 2}
    assert await outbox.count(CAMPAIGN) == 1
    first, repeat = await outbox.receipt("receipt-1"), await outbox.receipt("other")
    assert first
    assert repeat == first


async def test_a_repeats_link_cannot_erase_or_withdraw_the_first_writers_letters(outbox: Outbox) -> None:
    await post(outbox, public=True)
    await outbox.accept(again := copy_of(submission(1)), letters(again), None, "suspicious")
    await outbox.erase("receipt-again", NOON)
    await outbox.withdraw("receipt-again")
    assert await outbox.count_by_status() == {"queued": 2}
    assert len(await outbox.participants(CAMPAIGN, NOON + LEASE, 10)) == 1


async def test_a_double_click_is_one_post(outbox: Outbox) -> None:
    first = submission(1)
    second = replace(first, id="f" * 32, receipt_token="other", confirm_token="another")
    answers = await asyncio.gather(
        *(outbox.accept(made, letters(made), None, "suspicious") for made in (first, second))
    )
    assert sorted(answer.repeat for answer in answers) == [False, True]
    assert await outbox.count_by_status() == {"queued": 2}


def copy_of(first: Submission) -> Submission:
    """The identical letter, posted again."""
    return replace(first, id="f" * 32, receipt_token="receipt-again", confirm_token="confirm-again")


def letters_again(post: Submission) -> list[Letter]:
    return [replace(letter, id=letter.id[::-1]) for letter in letters(post)]


async def give_up(outbox: Outbox) -> None:
    for claim in await outbox.claim("smtp", NOON, LEASE, 9):
        await outbox.settle(claim, "failed", NOON, None, "550 no")


@pytest.mark.parametrize("fate", ["held", "expired", "denied", "denied though sent", "erased", "failed", "cancelled"])
async def test_what_does_not_go_makes_nobodys_letter_a_repeat(outbox: Outbox, fate: str) -> None:
    """A troll posts Maria's very words with the honeypot filled; hers must go all the same."""
    first = submission(1)
    confirm: Confirm = "never" if fate in ("denied though sent", "failed", "cancelled", "erased") else "always"
    await outbox.accept(first, letters(first), confirmation(first), confirm)
    match fate:
        case "expired":
            await outbox.forget(NOON + timedelta(days=4), timedelta(days=7))
        case "denied":
            await outbox.deny("confirm-1", NOON)
        case "denied though sent":
            for claim in await outbox.claim("smtp", NOON, LEASE, 9):
                await outbox.settle(claim, "sent", NOON, None, "250 OK")
            await outbox.deny("confirm-1", NOON)
        case "erased":
            await outbox.erase("receipt-1", NOON)
        case "failed":
            await give_up(outbox)
        case "cancelled":
            await outbox.cancel(LetterFilter(campaign=CAMPAIGN), NOON)
    again = copy_of(first)
    made = letters_again(again)
    assert not (await outbox.accept(again, made, None, "never")).repeat
    claimed = await outbox.claim("smtp", NOON + timedelta(days=5), LEASE, 9)
    assert {claim.letter.id for claim in claimed} >= {letter.id for letter in made}


async def test_of_two_identical_held_letters_one_goes_though_both_are_confirmed(outbox: Outbox) -> None:
    first = submission(1)
    again = copy_of(first)
    assert not (await outbox.accept(first, letters(first), confirmation(first), "always")).repeat
    other = replace(confirmation(again), id="e" * 32)
    assert not (await outbox.accept(again, letters_again(again), other, "always")).repeat
    assert {letter.status for letter in (await confirmed(outbox, "confirm-again")).letters} == {"queued"}
    assert {letter.status for letter in (await confirmed(outbox, "confirm-1")).letters} == {"queued"}
    assert (await outbox.count_by_status()) == {"queued": 2, "cancelled": 4}  # two of them are the mails that ask
    assert await outbox.count(CAMPAIGN) == 1


async def test_erasing_a_letter_that_somebody_else_wrote_too_leaves_theirs(outbox: Outbox) -> None:
    """A troll posts Maria's very words, waits until she has posted them, and erases."""
    await post(outbox, public=True)
    maria = replace(copy_of(submission(1)), public_name=True)
    assert (await outbox.accept(maria, letters_again(maria), None, "suspicious")).repeat
    await outbox.erase("receipt-1", NOON)
    assert await outbox.count_by_status() == {"queued": 2}
    assert len(await outbox.participants(CAMPAIGN, NOON + LEASE, 10)) == 1
    again = replace(copy_of(submission(1)), id="e" * 32, receipt_token="third", confirm_token="third")
    assert (await outbox.accept(again, letters_again(again), None, "suspicious")).repeat
    await outbox.erase("receipt-again", NOON)
    await outbox.erase("third", NOON)
    assert await outbox.count_by_status() == {"cancelled": 2}
    assert await outbox.participants(CAMPAIGN, NOON + LEASE, 10) == []


async def test_held_letters_can_be_confirmed_after_their_campaign_was_forgotten(outbox: Outbox) -> None:
    for number in (1, 2):
        made = submission(number)
        await outbox.accept(made, letters(made), confirmation(made), "always")
    await outbox.forget_campaign(CAMPAIGN)
    for number in (1, 2):
        assert {letter.status for letter in (await confirmed(outbox, f"confirm-{number}")).letters} == {"queued"}


async def test_a_mailbox_gets_two_mails_a_day_that_ask_for_its_yes(outbox: Outbox) -> None:
    for number in range(1, 7):
        made = submission(number, mailbox=1)
        await outbox.accept(made, letters(made), confirmation(made), "always", None, Circumstances())
    for day in (NOON, NOON + timedelta(days=1), NOON + timedelta(days=2)):
        mails = await outbox.claim("smtp", day, LEASE, 100)
        assert len(mails) == 2
        for mail in mails:
            await outbox.settle(mail, "sent", day, None, "250 OK")


async def test_a_failed_letter_that_its_writer_wrote_again_is_not_retried(outbox: Outbox) -> None:
    await post(outbox)
    await give_up(outbox)
    again = copy_of(submission(1))
    await outbox.accept(again, letters_again(again), None, "never")
    assert await outbox.retry(LetterFilter(status="failed"), NOON) == 0
    assert await outbox.count_by_status() == {"failed": 2, "queued": 2}


async def confirmed(outbox: Outbox, token: str) -> Receipt:
    receipt = await outbox.confirm(token, NOON)
    assert receipt
    return receipt


async def test_the_same_mailbox_under_another_name_waits_for_confirmation(outbox: Outbox) -> None:
    assert await post(outbox, 1) == Accepted(repeat=False, held=False)
    assert await post(outbox, 2, mailbox=1, public=True) == Accepted(repeat=False, held=True)
    assert await outbox.count_by_status() == {"queued": 3, "held": 2}
    assert sorted(await kinds_to_send(outbox)) == ["confirmation", "legislator", "legislator"]
    assert await outbox.count(CAMPAIGN) == 1
    assert await outbox.participants(CAMPAIGN, NOON + LEASE, 10) == []


@pytest.mark.parametrize(("confirm", "held"), [("always", True), ("suspicious", False), ("never", False)])
async def test_the_campaign_decides_whether_a_first_post_is_held(outbox: Outbox, confirm: str, held: bool) -> None:
    made = submission(1)
    assert (await outbox.accept(made, letters(made), confirmation(made), confirm)).held is held  # type: ignore[arg-type]


async def test_a_campaign_that_never_confirms_sends_a_shared_mailboxs_letters_at_once(outbox: Outbox) -> None:
    await post(outbox, 1)
    made = submission(2, mailbox=1)
    assert not (await outbox.accept(made, letters(made), confirmation(made), "never")).held


async def test_confirming_queues_counts_and_shows_the_name_once(outbox: Outbox) -> None:
    await post(outbox, 1)
    await post(outbox, 2, mailbox=1, public=True)
    for _ in range(2):
        receipt = await outbox.confirm("confirm-2", NOON + timedelta(hours=71))
        assert receipt
        assert {letter.status for letter in receipt.letters} == {"queued"}
    assert await outbox.count(CAMPAIGN) == 2
    shown = await outbox.participants(CAMPAIGN, NOON + LEASE, 10)
    assert [(participant.name, participant.town, participant.at) for participant in shown] == [
        ("Firstname2", "Chelsea", NOON)
    ]


async def test_a_confirmation_link_expires_after_72_hours_and_an_unknown_one_does_nothing(outbox: Outbox) -> None:
    await post(outbox, 1)
    await post(outbox, 2, mailbox=1)
    for claim in await outbox.claim("smtp", NOON, LEASE, 100):
        await outbox.settle(claim, "sent", NOON, None, "250 ok")
    late = await outbox.confirm("confirm-2", NOON + timedelta(hours=72))
    assert late
    assert late.status == "held"
    assert await outbox.confirm("receipt-2", NOON) is None
    assert (await outbox.count_by_status())["held"] == 2


async def test_denying_cancels_unsent_letters_and_cannot_be_confirmed_afterward(outbox: Outbox) -> None:
    await post(outbox, 1, public=True)
    receipt = await outbox.deny("confirm-1", NOON)
    assert receipt
    assert {letter.status for letter in receipt.letters} == {"cancelled"}
    for again in (await outbox.confirm("confirm-1", NOON), await outbox.deny("confirm-1", NOON)):
        assert again
        assert (again.status, again.erased) == ("denied", True)
    assert (await outbox.count_by_status()) == {"cancelled": 2}
    assert await outbox.count(CAMPAIGN) == 0
    assert await outbox.participants(CAMPAIGN, NOON + LEASE, 10) == []


async def test_a_public_name_can_be_withdrawn(outbox: Outbox) -> None:
    await post(outbox, public=True)
    await outbox.withdraw("receipt-1")
    assert await outbox.participants(CAMPAIGN, NOON + LEASE, 10) == []
    receipt = await outbox.receipt("receipt-1")
    assert receipt
    assert not receipt.public_name


async def test_an_organizer_removes_a_public_name_and_nothing_else(outbox: Outbox) -> None:
    for number in (1, 2):
        await post(outbox, number, public=True)
    first = submission(1).id
    assert not await outbox.remove_name("another-campaign", first)
    assert await outbox.remove_name(CAMPAIGN, first)
    assert not await outbox.remove_name(CAMPAIGN, first)
    shown = await outbox.participants(CAMPAIGN, NOON + timedelta(days=1), 10)
    assert [person.name for person in shown] == ["Firstname2"]
    receipt = await outbox.receipt("receipt-1")
    assert receipt
    assert (receipt.first_name, receipt.public_name) == ("Firstname1", False)
    assert await outbox.count(CAMPAIGN) == 2
    assert await kinds_to_send(outbox) == ["legislator"] * 4


async def test_participants_come_newest_first_in_pages(outbox: Outbox) -> None:
    for number in range(1, 6):
        made = submission(number, at=NOON + timedelta(minutes=number), public_name=True)
        await outbox.accept(made, letters(made), None, "suspicious")
    newest = await outbox.participants(CAMPAIGN, NOON + timedelta(hours=1), 2)
    assert [participant.name for participant in newest] == ["Firstname5", "Firstname4"]
    assert [participant.name for participant in await outbox.participants(CAMPAIGN, newest[-1].at, 1)] == ["Firstname3"]


async def test_erasing_cancels_unsent_letters_but_not_one_being_sent(outbox: Outbox) -> None:
    await post(outbox, public=True)
    (sending,) = await outbox.claim("smtp", NOON, LEASE, 1)
    await outbox.erase("receipt-1", NOON)
    assert await outbox.count_by_status() == {"sending": 1, "cancelled": 1}
    await outbox.settle(sending, "sent", NOON, None, "250 ok person1@example.org")
    assert await outbox.count_by_status() == {"sent": 1, "cancelled": 1}
    receipt = await outbox.receipt("receipt-1")
    assert receipt
    assert receipt.erased
    assert not any([receipt.subject, receipt.message, receipt.public_name])
    assert await outbox.count(CAMPAIGN) == 1


async def test_a_letter_erased_while_being_sent_is_never_retried(outbox: Outbox) -> None:
    await post(outbox)
    deferred, lost = await outbox.claim("smtp", NOON, LEASE, 2)
    await outbox.erase("receipt-1", NOON)
    await outbox.settle(deferred, "queued", NOON, NOON + LEASE, "451 later")
    assert await outbox.count_by_status() == {"sending": 1, "cancelled": 1}
    assert await outbox.claim("smtp", NOON + timedelta(days=1), LEASE, 10) == []
    assert await outbox.count_by_status() == {"cancelled": 2}
    assert lost.attempts == 1


async def test_200_concurrent_posts_are_all_kept_and_a_bad_one_spoils_none(outbox: Outbox) -> None:
    posts = [submission(number) for number in range(1, 201)]
    posts[100] = replace(posts[100], id=posts[99].id)  # an id that is already used
    answers = await asyncio.gather(
        *(outbox.accept(made, letters(made), None, "suspicious") for made in posts), return_exceptions=True
    )
    assert [index for index, answer in enumerate(answers) if isinstance(answer, BaseException)] == [100]
    assert await outbox.count_by_status() == {"queued": 398}
    assert await outbox.count(CAMPAIGN) == 199


async def test_a_post_that_cannot_be_stored_spoils_no_other_and_its_error_names_nobody(outbox: Outbox) -> None:
    twice, surrogate = submission(2), submission(3)
    answers = await asyncio.gather(
        post(outbox, 1),
        outbox.accept(twice, [*letters(twice), letters(twice)[0]], None, "never"),
        outbox.accept(replace(surrogate, town="Chelsea \ud800"), letters(surrogate), None, "never"),
        post(outbox, 4),
        return_exceptions=True,
    )
    assert [isinstance(answer, StoreError) for answer in answers] == [False, True, True, False]
    assert not any(word in str(answer) for answer in answers for word in ("Firstname", "person", "Chelsea", "617"))
    assert await outbox.count_by_status() == {"queued": 4}


async def test_a_closing_outbox_keeps_submitted_posts_and_refuses_new_ones(outbox: Outbox, store: str) -> None:
    posts = [asyncio.create_task(post(outbox, number)) for number in range(1, 21)]
    await asyncio.sleep(0)
    await outbox.close()
    await asyncio.gather(*posts)
    with pytest.raises(StoreError, match="closed"):
        await post(outbox, 100)
    with pytest.raises(StoreError):
        await outbox.count_by_status()
    again = await open_outbox(store_settings(store))
    assert await again.count_by_status() == {"queued": 40}
    await again.close()
