"""What organizers see of their campaign's letters, and release or cancel together. Both stores."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from relay.letters.circumstances import Circumstances
from relay.letters.redaction import redact
from relay.outbox import Outbox
from relay.settings import Rate
from tests.contract.outbox.conftest import fill, take
from tests.samples.letters import NOON, confirmation, letters, submission

pytestmark = pytest.mark.anyio
CAMPAIGN = "safe-communities-act"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MESSAGE = (
    "Dear [Legislator],\n\nMy clinic is closed. Call 617 555 0123.\n\nAna Lastname\n24 Beacon St, Boston\n"
    "ana@mail.example"
)


async def attack(outbox: Outbox, first: int, count: int, last_name: str = "Silva") -> None:
    """Invented people, with mail domains that take no mail: each is asked."""
    for number in range(first, first + count):
        post = submission(number, at=NOON + timedelta(seconds=number), message=MESSAGE, last_name=last_name)
        nowhere = Circumstances(address=f"192.0.2.{number}", takes_mail=False)
        await outbox.accept(post, letters(post), confirmation(post), "suspicious", confirmation(post), nowhere)


async def crowd(outbox: Outbox, first: int, count: int) -> None:
    """More unconfirmed letters than an office is sent in an hour."""
    for number in range(first, first + count):
        post = submission(number, at=NOON + timedelta(seconds=number))
        hour = Circumstances(address=f"198.51.100.{number}", pace=Rate(2, HOUR))
        await outbox.accept(post, letters(post), confirmation(post), "suspicious", confirmation(post), hour)


async def test_letters_are_counted_by_office_and_day(outbox: Outbox) -> None:
    await fill(outbox, 2)
    own = submission(3, at=NOON + DAY, own_words=True, town="Revere")
    await outbox.accept(own, letters(own), None, "never")
    sent, failed, deferred, *_ = await take(outbox, NOON + HOUR)
    await outbox.settle(sent, "sent", NOON + DAY, None, "250 ok")
    await outbox.settle(failed, "failed", NOON + HOUR, None, "550 no")
    await outbox.settle(deferred, "queued", NOON + HOUR, NOON + 2 * HOUR, "450 later")
    figures = await outbox.desk_figures(CAMPAIGN, NOON + DAY)
    fates = {(office.chamber, office.district): office.fates for office in figures.offices}
    assert sum((sum(by.values()) for by in fates.values()), 0) == 6
    assert {fate for by in fates.values() for fate in by} == {"sent", "failed", "deferred", "queued"}
    tomorrow, today = figures.days
    assert (tomorrow.day, tomorrow.wrote, tomorrow.own_words, tomorrow.delivered) == (
        date(*(NOON + DAY).timetuple()[:3]),
        1,
        1,
        1,
    )
    assert (today.wrote, today.own_words, today.delivered) == (2, 0, 0)
    assert figures.towns["house", "2nd Suffolk"] == {"Chelsea": 2, "Revere": 1}
    assert figures.own_by_district["senate", "Third Suffolk"] == 1


async def test_the_figures_outlive_the_letters(outbox: Outbox) -> None:
    await fill(outbox, 3)
    for claim in await take(outbox, NOON + HOUR):
        await outbox.settle(claim, "sent", NOON + HOUR, None, "250 ok")
    before = await outbox.desk_figures(CAMPAIGN, NOON + DAY)
    assert await outbox.forget(NOON + 9 * DAY, 7 * DAY) == 3
    assert await outbox.desk_figures(CAMPAIGN, NOON + 9 * DAY) == before


async def test_what_waits_is_shown_by_reason_and_names_nobody(outbox: Outbox) -> None:
    await attack(outbox, 1, 3, last_name="Lastname")
    await crowd(outbox, 11, 4)
    held, paced = await outbox.list_waiting(CAMPAIGN, NOON + HOUR / 2, 2)
    assert (held.name, held.people, len(held.letters)) == ("no mail", 3, 2)
    assert (paced.name, paced.people) == ("paced", 2)
    shown = held.letters[0]
    assert (shown.town, shown.hour) == ("Chelsea", NOON.replace(minute=0, second=0))
    assert "My clinic is closed." in shown.message
    for secret in ("Lastname", "617", "Beacon", "ana@mail"):
        assert secret not in shown.message


async def test_a_group_is_released_as_one(outbox: Outbox) -> None:
    await attack(outbox, 1, 3)
    (group,) = await outbox.list_waiting(CAMPAIGN, NOON + HOUR, 10)
    await attack(outbox, 4, 1)  # came after the organizer looked
    assert await outbox.release(CAMPAIGN, group.name, group.newest, NOON + HOUR) == 3
    claims = [claim for claim in await take(outbox, NOON + HOUR) if claim.letter.kind == "legislator"]
    assert len(claims) == 6
    assert await outbox.count(CAMPAIGN) == 3
    (left,) = await outbox.list_waiting(CAMPAIGN, NOON + HOUR, 10)
    assert left.people == 1
    receipt = await outbox.receipt("receipt-1")
    assert receipt
    assert receipt.status == "accepted"  # nobody said yes by mail


async def test_a_group_is_cancelled_as_one(outbox: Outbox) -> None:
    await attack(outbox, 1, 3)
    (group,) = await outbox.list_waiting(CAMPAIGN, NOON + HOUR, 10)
    assert await outbox.cancel_waiting(CAMPAIGN, group.name, group.newest, NOON + HOUR) == 3
    assert await outbox.list_waiting(CAMPAIGN, NOON + HOUR, 10) == []
    assert await outbox.count(CAMPAIGN) == 0
    receipt = await outbox.receipt("receipt-1")
    assert receipt
    assert {letter.status for letter in receipt.letters} == {"cancelled"}
    assert (await outbox.confirm("confirm-1", NOON + HOUR)) is not None  # too late
    assert [claim for claim in await take(outbox, NOON + HOUR) if claim.letter.kind == "legislator"] == []


async def test_a_denied_letter_is_never_released(outbox: Outbox) -> None:
    await attack(outbox, 1, 2)
    (group,) = await outbox.list_waiting(CAMPAIGN, NOON + HOUR, 10)
    await outbox.deny("confirm-1", NOON + HOUR)
    assert await outbox.release(CAMPAIGN, group.name, group.newest, NOON + HOUR) == 1
    assert await outbox.release(CAMPAIGN, group.name, group.newest, NOON + HOUR) == 0


async def test_what_waits_its_turn_is_released_or_cancelled_too(outbox: Outbox) -> None:
    await crowd(outbox, 1, 6)
    (group,) = await outbox.list_waiting(CAMPAIGN, NOON + timedelta(minutes=1), 10)
    assert (group.name, group.people) == ("paced", 4)
    assert (
        await outbox.release(CAMPAIGN, "paced", group.newest - timedelta(seconds=2), NOON + timedelta(minutes=1)) == 2
    )
    assert await outbox.cancel_waiting(CAMPAIGN, "paced", group.newest, NOON + timedelta(minutes=1)) == 2
    assert await outbox.count(CAMPAIGN) == 4
    claims = await take(outbox, NOON + timedelta(minutes=1))
    assert len([claim for claim in claims if claim.letter.kind == "legislator"]) == 8


async def test_letters_that_wait_for_a_yes_that_everybody_is_asked_for_are_not_offered(outbox: Outbox) -> None:
    post = submission(1)
    await outbox.accept(post, letters(post), confirmation(post), "always")
    assert await outbox.list_waiting(CAMPAIGN, NOON + HOUR, 10) == []
    assert await outbox.release(CAMPAIGN, "", NOON + HOUR, NOON + HOUR) == 0


async def test_a_rehearsal_is_not_at_the_desk(outbox: Outbox) -> None:
    post = submission(1)
    await outbox.accept(post, [replace(letter, kind="test") for letter in letters(post)], None, "never")
    assert await outbox.desk_figures(CAMPAIGN, NOON) == (await outbox.desk_figures("nope", NOON))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("I am O'Brien.", "I am […]."),
        ("SILVA wrote", "[…] wrote"),
        ("In 2026 I paid 1,200 dollars.", "In 2026 I paid 1,200 dollars."),
        ("H.3573 and S.1401", "H.3573 and S.1401"),
        ("I live at 24-26 Beacon Street, Apt 3", "I live at […]"),
        ("+1 (617) 555-0123 is mine", "[…] is mine"),
    ],
)
def test_what_would_find_the_writer_is_left_out(text: str, shown: str) -> None:
    assert redact(text, "O'Brien" if "O'" in text else "Silva", "ana@mail.example", "") == shown
