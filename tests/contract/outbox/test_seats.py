"""A letter to a seat that may have changed hands waits without an address, and goes to whoever sits there."""

from dataclasses import replace
from datetime import timedelta

import pytest

from relay.letters import Letter, Submission
from relay.outbox import Holder, Outbox, Query, Seat
from tests.contract.outbox.conftest import take
from tests.unit.delivery.letters import NOON, confirmation, letters, submission

pytestmark = pytest.mark.anyio
NOW = NOON + timedelta(hours=1)
SENATE = Seat("safe-communities-act", "senate", "Third Suffolk")
HOUSE = Seat("safe-communities-act", "house", "2nd Suffolk")


def unaddressed(post: Submission) -> list[Letter]:
    return [
        replace(one, to_name="", to_email="", body="Dear [Legislator],\n\nPlease, [Legislator].\n")
        for one in letters(post)
    ]


async def test_it_waits_visibly_and_goes_to_the_new_member_when_there_is_one(outbox: Outbox) -> None:
    post = submission(1)
    await outbox.accept(post, unaddressed(post), None, "never")
    assert await take(outbox, NOW) == []
    assert sorted(await outbox.seats_waiting(), key=lambda seat: seat.chamber) == [HOUSE, SENATE]
    assert {line.waits for line in await outbox.find(Query(), 9)} == {"roster"}
    receipt = await outbox.receipt("receipt-1")
    assert receipt is not None
    assert [letter.waits for letter in receipt.letters] == ["roster", "roster"]
    assert (
        await outbox.address(SENATE, [Holder("Senator Ana Kim", "ana.kim@masenate.example", "Senator Kim")], NOW) == 1
    )
    (claim,) = await take(outbox, NOW)
    assert (claim.letter.to_name, claim.letter.to_email) == ("Senator Ana Kim", "ana.kim@masenate.example")
    assert claim.letter.body == "Dear Senator Kim,\n\nPlease, Senator Kim.\n"
    assert await outbox.seats_waiting() == [HOUSE]


async def test_a_seat_that_turns_out_vacant_fails_its_letters_where_people_see_it(outbox: Outbox) -> None:
    post = submission(1)
    await outbox.accept(post, unaddressed(post), None, "never")
    assert await outbox.address(HOUSE, [], NOW) == 1
    (line,) = await outbox.find(Query(state="failed"), 9)
    assert line.answer.startswith("the seat is vacant")


async def test_one_that_is_not_confirmed_waits_for_that_first(outbox: Outbox) -> None:
    post = submission(1)
    await outbox.accept(post, unaddressed(post), confirmation(post), "always")
    assert await outbox.seats_waiting() == []
    assert await outbox.address(HOUSE, [Holder("Ana Kim", "ana.kim@mahouse.example", "Representative Kim")], NOW) == 0
    await outbox.confirm("confirm-1", NOW)
    assert len(await outbox.seats_waiting()) == 2
    assert [claim.letter.kind for claim in await take(outbox, NOW)] == ["confirmation"]


async def test_where_several_hold_a_district_everybody_gets_one_of_each_persons_letters(outbox: Outbox) -> None:
    kim = Holder("Ana Kim", "ana.kim@mahouse.example", "Representative Kim")
    bell = Holder("Bo Bell", "bo.bell@mahouse.example", "Representative Bell")
    for number in (1, 2):
        post = submission(number)
        _, house = unaddressed(post)
        held = [replace(house, id=f"{house.id[:-1]}{place}") for place in (1, 2, 3)]
        await outbox.accept(post, held, None, "never")
    assert await outbox.address(HOUSE, [kim, bell], NOW) == 6
    taken = [(claim.letter.submission, claim.letter.to_email, claim.letter.body) for claim in await take(outbox, NOW)]
    assert sorted(taken) == sorted(
        (submission(number).id, one.email, f"Dear {one.greeting},\n\nPlease, {one.greeting}.\n")
        for number in (1, 2) for one in (kim, bell)
    )  # fmt: skip
    assert len(await outbox.find(Query(state="failed"), 9)) == 2
    assert await outbox.seats_waiting() == []


async def test_whoever_has_a_letter_from_a_person_gets_no_second_one_as_a_chair(outbox: Outbox) -> None:
    post = submission(1)
    senate, house = letters(post)
    chair = replace(house, kind="committee", chamber="", district="committee:Judiciary senate", to_email="", to_name="")
    await outbox.accept(post, [senate, chair], None, "never")
    holder = Holder("Chair", senate.to_email.title(), "Senator Kim")
    waiting = Seat("safe-communities-act", "", "committee:Judiciary senate")
    assert await outbox.address(waiting, [holder], NOW) == 1
    assert [claim.letter.id for claim in await take(outbox, NOW)] == [senate.id]
    assert [line.id for line in await outbox.find(Query(state="cancelled"), 9)] == [chair.id]
