"""No mailbox and no office can be flooded: what is too much waits its turn, and nothing is dropped."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from relay.letters import Letter
from relay.letters.circumstances import Circumstances, Event
from relay.outbox import Accepted, Burst, Outbox
from relay.outbox.slots import KEPT
from relay.settings import Rate
from tests.books import open_books
from tests.contract.outbox.conftest import take
from tests.samples.letters import NOON, confirmation, letters, submission

pytestmark = pytest.mark.anyio
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PACED = Circumstances(pace=Rate(3, HOUR))
OFFHAND = Circumstances()


async def post(
    outbox: Outbox,
    number: int,
    *,
    mailbox: int | None = None,
    at: datetime = NOON,
    confirm: str = "never",
    circumstances: Circumstances | None = PACED,
    **changed: object,
) -> Accepted:
    made = submission(number, mailbox=mailbox, at=at, **changed)
    receipt = replace(confirmation(made), id=f"{number:028x}beef", kind="receipt")
    return await outbox.accept(
        made, letters(made), confirmation(made), confirm, receipt, circumstances  # type: ignore[arg-type]
    )  # fmt: skip


async def sent(outbox: Outbox, at: datetime, kinds: tuple[str, ...] = ("legislator",)) -> list[Letter]:
    """What goes at this moment; all of it is delivered."""
    claims = await take(outbox, at)
    for claim in claims:
        await outbox.settle(claim, "sent", at, None, "250 ok")
    return [claim.letter for claim in claims if claim.letter.kind in kinds]


async def test_unconfirmed_letters_to_one_office_wait_their_turn_and_none_is_lost(outbox: Outbox) -> None:
    accepted = [await post(outbox, number) for number in range(1, 9)]
    assert [answer.paced for answer in accepted] == [False] * 3 + [True] * 5
    assert [len(await sent(outbox, NOON + hours * HOUR)) for hours in range(4)] == [6, 6, 4, 0]


async def test_no_hour_holds_more_than_the_ceiling(outbox: Outbox) -> None:
    for number in range(1, 13):
        await post(outbox, number, at=NOON + number * timedelta(minutes=7))
    hours = [len(await sent(outbox, NOON + minutes * timedelta(minutes=1))) for minutes in range(0, 360, 5)]
    assert sum(hours) == 24
    assert max(sum(hours[start : start + 12]) for start in range(len(hours))) <= 6


async def test_a_flood_leaves_no_more_behind_than_is_needed_to_pace_it(outbox: Outbox, store: str) -> None:
    for number in range(1, 41):
        await post(outbox, number)
    async with open_books(store) as books:
        per_bucket = await books.read("SELECT bucket, count(*) FROM slots WHERE submission <> '' GROUP BY bucket")
    assert max(count for _, count in per_bucket) < 3 * (KEPT + 1)
    assert [len(await sent(outbox, NOON + hours * HOUR)) for hours in range(14)] == [6] * 13 + [2]


async def test_another_campaign_and_another_office_are_counted_for_themselves(outbox: Outbox) -> None:
    for number in range(1, 4):
        await post(outbox, number)
    assert not (await post(outbox, 4, campaign="other")).paced
    assert (await post(outbox, 5)).paced


async def test_who_confirms_is_sent_at_once_and_gives_up_the_turn(outbox: Outbox) -> None:
    for number in range(1, 6):
        await post(outbox, number)
    assert len(await sent(outbox, NOON)) == 6
    waiting = await outbox.find_confirmation("confirm-5", NOON)
    assert waiting
    assert waiting.receipt.is_paced
    confirmed = await outbox.confirm("confirm-5", NOON)
    assert confirmed
    assert (confirmed.status, confirmed.is_paced) == ("confirmed", False)
    assert [letter.from_name.partition(" ")[0] for letter in await sent(outbox, NOON)] == ["Firstname5"] * 2
    assert len(await sent(outbox, NOON + HOUR)) == 2


async def test_a_mailbox_that_confirmed_is_not_paced(outbox: Outbox) -> None:
    await post(outbox, 1, confirm="always")
    await outbox.confirm("confirm-1", NOON)
    for number in range(2, 6):
        await post(outbox, number)
    assert not (await post(outbox, 6, mailbox=1)).paced


async def test_a_mailbox_gets_two_mails_a_day_over_all_campaigns_and_spellings_and_ten_once_it_confirmed(
    outbox: Outbox,
) -> None:
    mails = ("confirmation", "receipt")

    async def week() -> list[int]:
        return [len(await sent(outbox, NOON + day * DAY, mails)) for day in range(3)]

    for number in range(1, 6):
        await post(
            outbox,
            number,
            mailbox=number,
            folded_key=b"f" * 32,
            campaign=f"campaign-{number}",
            circumstances=OFFHAND,
        )
    assert await week() == [2, 2, 1]
    await outbox.confirm("confirm-1", NOON + 7 * DAY)
    for number in range(11, 23):
        await post(
            outbox, number, mailbox=number, folded_key=b"f" * 32, campaign=f"campaign-{number}", circumstances=OFFHAND,
            at=NOON + 7 * DAY,
        )  # fmt: skip
    assert len(await sent(outbox, NOON + 7 * DAY, mails)) <= 10


def from_network(number: int) -> Circumstances:
    return Circumstances(address=f"198.51.{number}.7/32", network=f"198.51.{number}.0/24")


async def test_who_floods_one_mailbox_delays_no_other(outbox: Outbox) -> None:
    for number in range(1, 41):
        await post(outbox, number, mailbox=1, confirm="always", circumstances=from_network(number))
    await sent(outbox, NOON)
    await post(outbox, 99, confirm="always", circumstances=from_network(99))
    assert len(await sent(outbox, NOON, ("confirmation",))) == 1


async def test_who_floods_the_mail_that_asks_delays_their_own(outbox: Outbox) -> None:
    """Forty hands, each in a network of its own, post until everybody's turns are taken for hours."""
    hands, posts = 40, 30
    for minute in range(posts):
        flood = (
            post(
                outbox, 1 + minute * hands + hand, at=NOON + minute * timedelta(minutes=1), confirm="always",
                circumstances=from_network(hand), email=f"{minute}.{hand}@gmail.com",
            )
            for hand in range(hands)
        )  # fmt: skip
        await asyncio.gather(*flood)
    now = NOON + HOUR
    await post(outbox, 9_001, at=now, confirm="always", circumstances=from_network(99), email="ana@gmail.com")
    claims = await take(outbox, now + timedelta(minutes=5))
    assert "Firstname9001" in {claim.letter.to_name.partition(" ")[0] for claim in claims}
    assert len(claims) <= 65 * 10  # and in all no more than ten a minute


async def test_one_link_lists_whatever_waits_for_the_mailbox_and_answers_for_it(outbox: Outbox) -> None:
    for number in range(1, 4):
        await post(outbox, number, mailbox=1, campaign=f"campaign-{number}", confirm="always")
    await post(outbox, 4, confirm="always")
    found = await outbox.find_confirmation("confirm-1", NOON)
    assert found
    assert [receipt.campaign for _, receipt in found.waiting] == ["campaign-3", "campaign-2"]
    (third, _), (second, _) = found.waiting
    await outbox.confirm("confirm-1", NOON, third)
    await outbox.deny("confirm-1", NOON, second)
    assert {letter.campaign for letter in await sent(outbox, NOON)} == {"campaign-3"}
    found = await outbox.find_confirmation("confirm-1", NOON)
    assert found
    assert (found.receipt.status, found.waiting) == ("held", ())


async def test_a_link_answers_for_no_other_mailbox(outbox: Outbox) -> None:
    await post(outbox, 1, confirm="always")
    await post(outbox, 2, confirm="always")
    other = submission(2).id
    assert await outbox.find_confirmation("confirm-1", NOON, other) is None
    assert await outbox.confirm("confirm-1", NOON, other) is None
    assert await outbox.deny("confirm-1", NOON, other) is None
    assert await sent(outbox, NOON) == []


async def test_a_mailbox_that_opted_out_is_never_written_to_and_nothing_goes_in_its_name(outbox: Outbox) -> None:
    await post(outbox, 1)
    assert len(await sent(outbox, NOON, ("legislator", "receipt"))) == 3
    assert await outbox.opt_out("confirm-1", out=True)
    answer = await post(outbox, 2, mailbox=1, campaign="other")
    assert answer.held
    assert await sent(outbox, NOON + DAY, ("legislator", "receipt", "confirmation")) == []
    assert await outbox.opt_out("confirm-1", out=False)
    await post(outbox, 3, mailbox=1, campaign="third")
    assert len(await sent(outbox, NOON + DAY, ("legislator", "receipt"))) == 3


async def test_a_burst_is_counted_by_what_happens_with_people_and_by_kind_of_evidence(outbox: Outbox) -> None:
    for number in range(1, 9):
        await post(outbox, number)
    for number in range(11, 41):
        await post(outbox, number, confirm="suspicious", circumstances=replace(PACED, address="203.0.113.7/32"))
    no_mail = replace(PACED, address="203.0.113.7/32", takes_mail=False)
    await post(outbox, 41, confirm="suspicious", circumstances=no_mail)
    burst = await outbox.count_burst("safe-communities-act", NOON - HOUR, NOON)
    assert burst.suspected == 21
    assert {kind: people for kind, people in burst.kinds.items() if people} == {"place": 21, "no mail": 1}
    assert burst.paced == 15
    assert not (await outbox.count_burst("safe-communities-act", NOON, NOON)).suspected
    assert await outbox.count_burst("other", NOON - HOUR, NOON) == Burst(0, 0, dict.fromkeys(burst.kinds, 0))


AT_THE_EVENT = replace(PACED, address="203.0.113.7/32", event=Event("hall", 30))


async def arrive(outbox: Outbox, people: range, at: datetime, circumstances: Circumstances = AT_THE_EVENT) -> list[str]:
    """What happened with the letter of each: it is sent, asked about, or waits its turn."""
    answers = [
        await post(outbox, number, at=at, confirm="suspicious", circumstances=circumstances) for number in people
    ]
    return ["asked" if answer.held else "paced" if answer.paced else "sent" for answer in answers]


async def test_an_events_code_is_good_for_so_many_letters_from_one_place_and_no_more(outbox: Outbox) -> None:
    assert await arrive(outbox, range(1, 31), NOON) == ["sent"] * 30
    assert await arrive(outbox, range(31, 41), NOON) == ["asked"] * 10
    other = replace(AT_THE_EVENT, event=Event("another hall", 1))
    assert await arrive(outbox, range(41, 43), NOON, other) == ["sent", "asked"]


async def test_a_used_up_code_stays_used_up_until_it_expires_even_past_midnight(outbox: Outbox) -> None:
    evening = NOON.replace(hour=22)  # UTC, which is an evening's midnight in Massachusetts
    assert await arrive(outbox, range(1, 31), evening) == ["sent"] * 30
    for hours in (1, 3, 20):
        assert await arrive(outbox, range(100 * hours, 100 * hours + 25), evening + hours * HOUR) != ["sent"] * 25


async def test_the_same_letter_again_uses_up_nothing_of_a_code(outbox: Outbox) -> None:
    two = replace(AT_THE_EVENT, event=Event("small hall", 2))
    assert await arrive(outbox, range(1, 2), NOON, two) == ["sent"]
    again = submission(1)
    for token in ("second", "third"):
        made = replace(again, id=token.rjust(32, "0"), receipt_token=token, confirm_token=token)
        answer = await outbox.accept(made, letters(made), confirmation(made), "suspicious", None, two)
        assert answer.repeat
    for number in range(10, 35):
        await post(outbox, number, confirm="never", circumstances=replace(two, event=None))
    assert await arrive(outbox, range(50, 52), NOON, two) == ["sent", "asked"]
