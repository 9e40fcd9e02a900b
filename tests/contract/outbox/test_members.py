"""People on a campaign's list: asked, joined, exported, gone. Both stores."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from relay.letters import Submission
from relay.outbox import Outbox
from tests.books import open_books
from tests.contract.outbox.conftest import LEASE
from tests.samples.letters import NOON, confirmation, letters, submission

pytestmark = pytest.mark.anyio
WORDS = "Send me news"
CAMPAIGN = "safe-communities-act"
DAY = timedelta(days=1)


async def tick(outbox: Outbox, number: int, at: datetime = NOON, **changed: Any) -> Submission:  # noqa: ANN401
    """Post a letter with the box ticked."""
    post = submission(number, at=at, **{"join_words": WORDS} | changed)
    await outbox.accept(post, letters(post), confirmation(post), "suspicious", confirmation(post))
    return post


async def test_nobody_joins_without_a_yes(outbox: Outbox) -> None:
    await tick(outbox, 1)
    assert await outbox.list_members(CAMPAIGN) == []
    assert await outbox.count_members(CAMPAIGN) == {"asked": 1}
    found = await outbox.find_confirmation("confirm-1", NOON)
    assert found
    assert found.member
    assert (found.member.status, found.member.words) == ("asked", WORDS)
    await outbox.join("confirm-1", NOON + timedelta(hours=1))
    (member,) = await outbox.list_members(CAMPAIGN)
    assert (member.email, member.first_name, member.town, member.language, member.words, member.since) == (
        "person1@example.org", "Firstname1", "Chelsea", "en", WORDS, NOON + timedelta(hours=1),
    )  # fmt: skip


async def test_who_ticked_nothing_is_never_asked(outbox: Outbox) -> None:
    await tick(outbox, 1, join_words="")
    await outbox.join("confirm-1", NOON)
    assert await outbox.count_members(CAMPAIGN) == {}


async def test_who_does_not_answer_is_forgotten_with_the_question(outbox: Outbox, store: str) -> None:
    await tick(outbox, 1)
    for claim in await outbox.claim("smtp", NOON, LEASE, 100):
        await outbox.settle(claim, "sent", NOON, None, "250 ok")  # the mail that asks, too
    await outbox.join("confirm-1", NOON + 3 * DAY)  # too late
    assert await outbox.list_members(CAMPAIGN) == []
    await outbox.forget(NOON + 3 * DAY, 7 * DAY)
    async with open_books(store) as books:
        assert await books.read("SELECT * FROM members") == []


async def test_whoever_wrote_before_is_asked_too(outbox: Outbox) -> None:
    """A second letter brings no mail, unless there is something to ask."""
    await tick(outbox, 1, join_words="")
    for number, words in ((2, WORDS), (3, "")):
        post = submission(number, mailbox=1, join_words=words)
        await outbox.accept(post, letters(post), None, "never", confirmation(post))
    mails = [claim.letter for claim in await outbox.claim("smtp", NOON + DAY, LEASE, 100)]
    assert [mail.submission for mail in mails if mail.kind == "confirmation"] == [submission(n).id for n in (1, 2)]
    found = await outbox.find_confirmation("confirm-2", NOON)
    assert found
    assert found.member


async def test_a_member_stays_after_the_letter_is_forgotten_until_exported(outbox: Outbox, store: str) -> None:
    await tick(outbox, 1)
    await outbox.join("confirm-1", NOON)
    await outbox.forget(NOON + 40 * DAY, 7 * DAY)
    (member,) = await outbox.list_members(CAMPAIGN)
    assert member.email == "person1@example.org"
    assert await outbox.mark_exported([member.id]) == 1
    assert await outbox.list_members(CAMPAIGN) == []
    async with open_books(store) as books:
        assert await books.read("SELECT status, length(sealed) FROM members") == [("exported", 0)]


async def test_a_member_who_leaves_before_the_export_leaves_nothing(outbox: Outbox, store: str) -> None:
    await tick(outbox, 1)
    await outbox.join("confirm-1", NOON)
    await outbox.leave("confirm-1")
    async with open_books(store) as books:
        assert await books.read("SELECT * FROM members") == []
    assert await outbox.unreported_members() == []


@pytest.mark.parametrize("how", ["leave", "deny", "erase", "erase_mailbox"])
async def test_of_a_member_who_leaves_after_the_export_only_the_id_is_left_to_tell(outbox: Outbox, how: str) -> None:
    post = await tick(outbox, 1)
    await outbox.join("confirm-1", NOON)
    await outbox.mark_exported([post.id])
    match how:
        case "leave":
            await outbox.leave("confirm-1")
        case "deny":
            await outbox.deny("confirm-1", NOON)
        case "erase":
            await outbox.erase("receipt-1", NOON)
        case _:
            await outbox.erase_mailbox(post.mailbox_key, NOON)
    (left,) = await outbox.unreported_members()
    assert (left.id, left.status, left.email, left.words) == (post.id, "left", "", "")
    found = await outbox.find_confirmation("confirm-1", NOON)
    assert found
    assert found.member is None


async def test_a_mailbox_is_on_a_list_once_whatever_it_ticks(outbox: Outbox) -> None:
    await tick(outbox, 1)
    await tick(outbox, 2, mailbox=1)
    await outbox.join("confirm-1", NOON)
    assert await outbox.count_members(CAMPAIGN) == {"joined": 1}
    await outbox.confirm("confirm-2", NOON)
    found = await outbox.find_confirmation("confirm-2", NOON)
    assert found
    assert found.member
    assert found.member.status == "joined"
    await tick(outbox, 3, mailbox=1)
    assert await outbox.count_members(CAMPAIGN) == {"joined": 1}
    await outbox.leave("confirm-3")  # by whichever of its letters
    assert await outbox.count_members(CAMPAIGN) == {}


async def test_a_rehearsal_joins_nothing(outbox: Outbox) -> None:
    post = submission(1, join_words=WORDS)
    tests = [replace(letter, kind="test") for letter in letters(post)]
    await outbox.accept(post, tests, None, "never")
    assert await outbox.count_members(CAMPAIGN) == {}
