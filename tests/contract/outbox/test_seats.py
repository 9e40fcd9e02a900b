"""A letter to a seat that may have changed hands is held without an address, and goes to the seat's new holder."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from relay.errors import StaleClaim
from relay.letters import Letter, Submission
from relay.outbox import CampaignSeat, Holder, LetterFilter, Outbox, PendingRecipient
from tests.contract.outbox.conftest import take
from tests.samples.letters import NOON, confirmation, letters, submission

pytestmark = pytest.mark.anyio
NOW = NOON + timedelta(hours=1)
SENATE = CampaignSeat("safe-communities-act", "senate", "Third Suffolk")
HOUSE = CampaignSeat("safe-communities-act", "house", "2nd Suffolk")
TERM_ENDS = NOON + timedelta(hours=2)
KIM = Holder("Senator Ana Kim", "ana.kim@masenate.example", "Senator Kim", TERM_ENDS + timedelta(days=700))


def unaddressed(post: Submission) -> list[Letter]:
    return [
        replace(letter, to_name="", to_email="", body="Dear [Legislator],\n\nPlease, [Legislator].\n")
        for letter in letters(post)
    ]


async def test_it_is_visibly_held_and_goes_to_the_new_member(outbox: Outbox) -> None:
    post = submission(1)
    await outbox.accept(post, unaddressed(post), None, "never")
    assert await take(outbox, NOW) == []
    assert sorted(await outbox.seats_awaiting_roster(), key=lambda seat: seat.chamber) == [HOUSE, SENATE]
    assert {line.held_for for line in await outbox.list_letters(LetterFilter(), 9)} == {"roster"}
    receipt = await outbox.receipt("receipt-1")
    assert receipt is not None
    assert [letter.held_for for letter in receipt.letters] == ["roster", "roster"]
    assert await outbox.assign(SENATE, [Holder("Senator Ana Kim", "ana.kim@masenate.example", "Senator Kim")], NOW) == 1
    (claim,) = await take(outbox, NOW)
    assert (claim.letter.to_name, claim.letter.to_email) == ("Senator Ana Kim", "ana.kim@masenate.example")
    assert claim.letter.body == "Dear Senator Kim,\n\nPlease, Senator Kim.\n"
    assert await outbox.seats_awaiting_roster() == [HOUSE]


async def test_letters_to_a_vacant_seat_fail_visibly(outbox: Outbox) -> None:
    post = submission(1)
    await outbox.accept(post, unaddressed(post), None, "never")
    assert await outbox.assign(HOUSE, [], NOW) == 1
    (line,) = await outbox.list_letters(LetterFilter(status="failed"), 9)
    assert line.answer.startswith("the seat is vacant")


async def test_an_unconfirmed_letter_waits_for_confirmation_first(outbox: Outbox) -> None:
    post = submission(1)
    await outbox.accept(post, unaddressed(post), confirmation(post), "always")
    assert await outbox.seats_awaiting_roster() == []
    assert await outbox.assign(HOUSE, [Holder("Ana Kim", "ana.kim@mahouse.example", "Representative Kim")], NOW) == 0
    await outbox.confirm("confirm-1", NOW)
    assert len(await outbox.seats_awaiting_roster()) == 2
    assert await take(outbox, NOW) == []  # not even the mail that asked


async def test_each_member_of_a_district_gets_one_letter_from_each_person(outbox: Outbox) -> None:
    kim = Holder("Ana Kim", "ana.kim@mahouse.example", "Representative Kim")
    bell = Holder("Bo Bell", "bo.bell@mahouse.example", "Representative Bell")
    for number in (1, 2):
        post = submission(number)
        _, house = unaddressed(post)
        held = [replace(house, id=f"{house.id[:-1]}{place}") for place in (1, 2, 3)]
        await outbox.accept(post, held, None, "never")
    assert await outbox.assign(HOUSE, [kim, bell], NOW) == 6
    taken = [(claim.letter.submission, claim.letter.to_email, claim.letter.body) for claim in await take(outbox, NOW)]
    assert sorted(taken) == sorted(
        (submission(number).id, holder.email, f"Dear {holder.greeting},\n\nPlease, {holder.greeting}.\n")
        for number in (1, 2) for holder in (kim, bell)
    )  # fmt: skip
    assert len(await outbox.list_letters(LetterFilter(status="failed"), 9)) == 2
    assert await outbox.seats_awaiting_roster() == []


async def test_a_chair_who_already_got_a_persons_letter_gets_no_second_one(outbox: Outbox) -> None:
    post = submission(1)
    senate, house = letters(post)
    chair = replace(house, kind="committee", chamber="", district="committee:Judiciary senate", to_email="", to_name="")
    await outbox.accept(post, [senate, chair], None, "never")
    holder = Holder("Chair", senate.to_email.title(), "Senator Kim")
    waiting = CampaignSeat("safe-communities-act", "", "committee:Judiciary senate")
    assert await outbox.assign(waiting, [holder], NOW) == 1
    assert [claim.letter.id for claim in await take(outbox, NOW)] == [senate.id]
    assert [line.id for line in await outbox.list_letters(LetterFilter(status="cancelled"), 9)] == [chair.id]


async def queue(outbox: Outbox, number: int = 1, **changed: Any) -> list[Letter]:  # noqa: ANN401
    """Queue one person's letters to members who are in office until TERM_ENDS."""
    post = submission(number)
    body = "Dear [Legislator],\n\nSenator Old once said so.\n"
    known: dict[str, Any] = {"body": body, "greeting": "Senator Old", "known_until": TERM_ENDS}
    written = [replace(letter, **known | changed) for letter in letters(post)]
    await outbox.accept(post, written, None, "never")
    return written


async def test_a_letter_greets_the_holder_of_the_seat_only_until_the_term_ends(outbox: Outbox) -> None:
    await queue(outbox, 1)
    senate, _ = await take(outbox, TERM_ENDS - timedelta(microseconds=1))
    assert senate.letter.body == "Dear Senator Old,\n\nSenator Old once said so.\n"
    await outbox.settle(senate, "queued", TERM_ENDS, TERM_ENDS, "451 later")
    await queue(outbox, 2)
    assert await take(outbox, TERM_ENDS, limit=1) == []
    assert sorted(await outbox.seats_awaiting_roster(), key=lambda seat: seat.chamber) == [HOUSE, SENATE]
    assert await outbox.count_held() == {"roster": 3}
    receipt = await outbox.receipt("receipt-1")
    assert receipt is not None
    assert [letter.held_for for letter in receipt.letters] == ["roster", ""]  # the other is being sent
    assert await outbox.assign(SENATE, [KIM], TERM_ENDS) == 2
    for claim in await take(outbox, TERM_ENDS):
        assert claim.letter.to_email == KIM.email
        assert claim.letter.body == "Dear Senator Kim,\n\nSenator Old once said so.\n"
        assert claim.attempts == 1


async def test_a_dead_workers_letters_are_held_too(outbox: Outbox) -> None:
    await queue(outbox)
    claims = await take(outbox, TERM_ENDS - timedelta(minutes=1))
    assert len(claims) == 2
    assert await take(outbox, TERM_ENDS + timedelta(minutes=5)) == []
    assert await outbox.count_held() == {"roster": 2}
    with pytest.raises(StaleClaim):
        await outbox.settle(claims[0], "sent", TERM_ENDS, None, "250 ok")


async def test_pending_recipients_are_listed_and_can_be_held(outbox: Outbox) -> None:
    senate, house = await queue(outbox)
    await queue(outbox, 2, known_until=None)
    await outbox.suppress(house.to_email, NOW, "550 5.1.1 no such user")
    assert sorted(await outbox.pending_recipients(NOW), key=lambda recipient: recipient.seat.chamber) == [
        PendingRecipient(HOUSE, house.to_email, outdated=False),
        PendingRecipient(SENATE, senate.to_email, outdated=False),
    ]
    assert {recipient.outdated for recipient in await outbox.pending_recipients(TERM_ENDS)} == {True, False}
    assert await outbox.hold_for_roster(PendingRecipient(HOUSE, house.to_email, outdated=False), NOW) == 2
    assert await outbox.count_held() == {"roster": 2}
    assert {recipient.seat for recipient in await outbox.pending_recipients(NOW)} == {SENATE}


async def test_a_returning_member_keeps_their_letter_and_a_newcomer_gets_the_other(outbox: Outbox) -> None:
    post = submission(1)
    senate, _ = letters(post)
    known: dict[str, Any] = {"body": "Dear [Legislator]", "greeting": "Senator Old", "known_until": TERM_ENDS}
    first = replace(senate, **known)
    second = replace(first, id=f"{first.id[:-1]}x", to_email="stays@masenate.example", greeting="Senator Stays")
    third = replace(first, id=f"{first.id[:-1]}y", to_email="sent@masenate.example", known_until=None)
    await outbox.accept(post, [first, second, third], None, "never")
    (sent,) = [claim for claim in await take(outbox, TERM_ENDS) if claim.letter.to_email == third.to_email]
    await outbox.settle(sent, "sent", TERM_ENDS, None, "250 ok")
    stays = Holder("Senator Stays", "Stays@masenate.example", "Senator Stays")
    has_one = Holder("Senator Sent", third.to_email, "Senator Sent")
    assert await outbox.assign(SENATE, [has_one, KIM, stays], TERM_ENDS) == 2
    assert {claim.letter.id: claim.letter.to_email for claim in await take(outbox, TERM_ENDS)} == {
        first.id: KIM.email, second.id: stays.email,
    }  # fmt: skip


async def test_a_letter_that_an_earlier_release_greeted_by_name_goes_to_nobody_else(outbox: Outbox) -> None:
    senate, house = await queue(outbox, greeting="", body="Dear Senator Old")
    await take(outbox, TERM_ENDS)
    same = Holder("Senator Old", house.to_email, "Senator Old")
    assert await outbox.assign(SENATE, [KIM], TERM_ENDS) == 1
    assert await outbox.assign(HOUSE, [same], TERM_ENDS) == 1
    (line,) = await outbox.list_letters(LetterFilter(status="failed"), 9)
    assert (line.id, line.answer) == (senate.id, "it thanks or greets somebody by name who has left office")
    assert [claim.letter.to_email for claim in await take(outbox, TERM_ENDS)] == [house.to_email]


async def test_a_retried_letter_to_a_vacant_seat_waits_for_the_roster(outbox: Outbox) -> None:
    await queue(outbox)
    await take(outbox, TERM_ENDS)
    await outbox.assign(HOUSE, [], TERM_ENDS)
    assert await outbox.retry(LetterFilter(status="failed"), TERM_ENDS) == 1
    assert HOUSE in await outbox.seats_awaiting_roster()
    assert await outbox.assign(HOUSE, [KIM], TERM_ENDS) == 1
    assert [claim.letter.to_email for claim in await take(outbox, TERM_ENDS)] == [KIM.email]


async def test_a_letter_held_for_the_roster_for_a_month_fails_and_is_reported(outbox: Outbox) -> None:
    await queue(outbox)
    await take(outbox, TERM_ENDS)
    await outbox.forget(NOON + timedelta(days=30), timedelta(days=7))
    assert await outbox.count_by_status() == {"failed": 2}
    assert {(line.chamber, line.district) for line in await outbox.unreported()} == {
        ("senate", "Third Suffolk"), ("house", "2nd Suffolk"),
    }  # fmt: skip


async def test_a_letter_confirmed_after_its_addressee_left_waits_for_the_successor(outbox: Outbox) -> None:
    post = submission(1)
    written = [replace(letter, body="Dear [Legislator]", greeting="Senator Old") for letter in letters(post)]
    await outbox.accept(post, written, confirmation(post), "always")
    for recipient in await outbox.pending_recipients(NOW):
        assert await outbox.hold_for_roster(recipient, NOW) == 1
    assert await outbox.pending_recipients(NOW) == []
    assert await outbox.count_held() == {"confirmation": 2}
    await outbox.confirm("confirm-1", NOW)
    assert await outbox.count_held() == {"roster": 2}
    await outbox.assign(SENATE, [KIM], NOW)
    (to_office,) = [claim.letter for claim in await take(outbox, NOW) if claim.letter.kind == "legislator"]
    assert (to_office.to_email, to_office.body) == (KIM.email, "Dear Senator Kim")


async def test_only_held_letters_keep_a_seat_waiting(outbox: Outbox) -> None:
    post = submission(1)
    await outbox.accept(post, unaddressed(post), None, "never")
    assert len(await outbox.seats_awaiting_roster()) == 2
    await outbox.cancel(LetterFilter(letter=letters(post)[0].id), NOW)
    assert await outbox.seats_awaiting_roster() == [HOUSE]
    await outbox.forget(NOW + timedelta(days=31), timedelta(days=7))
    assert await outbox.seats_awaiting_roster() == []
