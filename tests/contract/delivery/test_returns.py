"""What comes back, whichever way it came in: the letter, its office, its domain, and what organizers hear."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Final

import pytest

from relay.assembly import open_outbox
from relay.campaigns import Campaigns
from relay.errors import TooManyAnswers
from relay.forget_after import ForgetAfter
from relay.letters import Letter
from relay.mail.bounces import NOT_OURS, read_event
from relay.mail.message import compose
from relay.notifier import OrganizerNotifier
from relay.outbox import Claim, LetterFilter, Outbox
from relay.returns import CAMPAIGN_FORWARDS_PER_DAY, FORWARDS_PER_DAY, Returns
from tests.samples.bounce_texts import OTHERS, SHAPES
from tests.samples.bounces import ADDRESSES, OFFICE, REPORTS, TO, dsn
from tests.samples.campaigns import campaign, publish
from tests.samples.letters import NOON, SENDER, confirmation, letters, submission
from tests.samples.settings import store_settings

pytestmark = pytest.mark.anyio
NOW: Final = NOON + timedelta(hours=1)
ORGANIZER: Final = "organizer@group.example"
SLUG: Final = "safe-communities-act"  # of the sample letters
HOUSE: Final = letters(submission())[1].to_email


@dataclass
class Desk:
    """The outbox of a relay with one campaign, and where its mail comes back."""

    outbox: Outbox
    returns: Returns
    now: datetime = NOW

    async def send(self, people: int) -> list[Letter]:
        """Send everybody's letter to the house; returns them."""
        for number in range(1, people + 1):
            post = submission(number)
            await self.outbox.accept(post, letters(post), None, "never")
        claims = await self.outbox.claim("smtp", NOW, timedelta(minutes=5), 100)
        for claim in claims:
            await self.outbox.settle(claim, "sent", NOW, None, "250 ok")
        return [claim.letter for claim in claims if claim.letter.to_email == HOUSE]

    async def take(self, raw: bytes, letter: Letter, *, named: bool = True) -> str:
        """Deliver a sample to a letter's return address, about its office. named: as a mail server that says where."""
        raw = raw.replace(TO.encode(), ADDRESSES.write(letter.id).encode()).replace(OFFICE.encode(), HOUSE.encode())
        return await self.returns.take(raw, ADDRESSES.write(letter.id) if named else "")

    async def status(self, letter: Letter) -> str:
        (line,) = await self.outbox.list_letters(LetterFilter(letter=letter.id), 2)
        return line.status

    async def standing(self) -> str:
        """What the relay thinks of the office."""
        if await self.outbox.pauses():
            return "its domain is paused"
        return "suppressed" if await self.outbox.suppressions() else "trusted"

    async def mail(self) -> list[Letter]:
        """What organizers are sent now."""
        return [claim.letter for claim in await self.claim() if claim.letter.submission == ""]

    async def claim(self) -> list[Claim]:
        return await self.outbox.claim("smtp", NOW, timedelta(minutes=5), 100)


@pytest.fixture
async def desk(store: str, tmp_path: Path) -> AsyncIterator[Desk]:
    publish(tmp_path, campaign(slug=SLUG, organiser=ORGANIZER, status="published"))
    campaigns = Campaigns(str(tmp_path / "campaigns.json"), lambda: 0.0, lambda _: "")
    outbox = await open_outbox(store_settings(store))
    notifier = OrganizerNotifier(campaigns, "operator@relay.example", "smtp", ForgetAfter(timedelta(days=7), campaigns))
    made = Desk(outbox, Returns(outbox, ADDRESSES, notifier, lambda: made.now))
    yield made
    await outbox.close()
    await campaigns.close()


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    ("raw", "status", "standing"),
    [
        (REPORTS["Exchange: no such mailbox"].raw, "bounced", "suppressed"),
        (REPORTS["Sendmail: full"].raw, "bounced", "trusted"),
        (REPORTS["given up"].raw, "bounced", "trusted"),
        (REPORTS["DMARC"].raw, "bounced", "trusted"),
        (REPORTS["Postfix, late"].raw, "sent", "trusted"),
        (SHAPES["qmail"].raw, "bounced", "suppressed"),
        (OTHERS["away, by its words"].raw, "sent", "trusted"),
        (OTHERS["a challenge"].raw, "sent", "trusted"),
        (OTHERS["a complaint"].raw, "sent", "trusted"),
        (OTHERS["a person"].raw, "sent", "trusted"),
    ],
)  # fmt: skip
async def test_a_letter_and_its_office_stand_as_the_message_says(
    desk: Desk, raw: bytes, status: str, standing: str, named: bool
) -> None:
    (letter,) = await desk.send(1)
    said = await desk.take(raw, letter, named=named)
    assert (await desk.status(letter), await desk.standing()) == (status, standing)
    assert HOUSE not in said


async def test_three_letters_that_come_back_about_us_pause_the_domain_and_organizers_hear_once(desk: Desk) -> None:
    sent = await desk.send(4)
    for letter in sent[:3]:
        await desk.take(REPORTS["Exchange: a rule"].raw, letter)
    assert await desk.standing() == "its domain is paused"
    await desk.take(REPORTS["DMARC"].raw, sent[3])
    (mail,) = await desk.mail()
    assert (mail.to_email, "is blocking our letters" in mail.subject) == (ORGANIZER, True)


async def test_organizers_hear_once_that_letters_to_an_office_wait(desk: Desk) -> None:
    sent = await desk.send(2)
    for letter in sent:
        await desk.take(dsn("failed", "5.1.1"), letter)
    (mail,) = await desk.mail()
    assert mail.to_email == ORGANIZER
    assert HOUSE in mail.body
    assert "no such mailbox" in mail.body


async def test_what_a_bounced_letter_said_is_seen_and_it_can_be_sent_again(desk: Desk) -> None:
    (letter,) = await desk.send(1)
    await desk.take(REPORTS["Sendmail: full"].raw, letter)
    (line,) = await desk.outbox.list_letters(LetterFilter(status="bounced"), 10)
    assert line.answer == "bounced: 552 5.2.2: the mailbox is full"
    assert await desk.outbox.retry(LetterFilter(letter=letter.id), NOW) == 1
    assert [claim.letter for claim in await desk.claim()] == [letter]


async def test_a_services_event_stands_like_a_report(desk: Desk) -> None:
    (letter,) = await desk.send(1)
    await desk.returns.record(read_event(letter.id, "failed", 550, "5.1.1", "no such user", HOUSE))
    assert (await desk.status(letter), await desk.standing()) == ("bounced", "suppressed")


async def test_mail_to_no_letter_of_ours_is_dropped(desk: Desk) -> None:
    assert await desk.returns.take(dsn("failed", "5.1.1"), "bounces+forged@bounce.campaign.example") == NOT_OURS
    assert "unknown here" in await desk.returns.take(dsn("failed", "5.1.1"), TO)


def attached(mail: Letter) -> tuple[Message, Message]:
    """The mail as it is sent, and the message attached to it."""
    sent = message_from_bytes(compose(mail, SENDER, NOW))
    (answer,) = (part for part in sent.walk() if part.get_content_type() == "message/rfc822")
    message = answer.get_payload(0)
    assert isinstance(message, Message)
    return sent, message


async def test_a_persons_answer_is_forwarded_to_the_organizer_as_it_arrived(desk: Desk) -> None:
    (letter,) = await desk.send(1)
    said = await desk.take(OTHERS["a person"].raw, letter)
    assert said == f"letter {letter.id}: somebody's answer, forwarded to the organizer"
    (mail,) = await desk.mail()
    sent, answer = attached(mail)
    assert (mail.to_email, sent["Auto-Submitted"]) == (ORGANIZER, "auto-generated")
    assert HOUSE in mail.body
    assert "supports the bill" in str(answer.get_payload())
    assert str(answer["From"]).startswith("Ana Aide")
    assert ADDRESSES.write(letter.id) not in sent.as_string(), "the seal is nobody's business"


async def test_an_answer_is_forwarded_once_however_often_it_is_delivered(desk: Desk) -> None:
    (letter,) = await desk.send(1)
    for _ in range(FORWARDS_PER_DAY + 2):
        await desk.take(OTHERS["a person"].raw, letter)
    assert len(await desk.mail()) == 1


async def test_answers_without_end_wait_for_the_next_day(desk: Desk) -> None:
    (letter,) = await desk.send(1)
    for number in range(FORWARDS_PER_DAY):
        await desk.take(OTHERS["a person"].raw + str(number).encode(), letter)
    with pytest.raises(TooManyAnswers, match="this one waits"):
        await desk.take(OTHERS["a person"].raw + b"one more", letter)


async def test_an_office_whose_machine_answers_every_letter_fills_no_organizers_mailbox(desk: Desk) -> None:
    sent = await desk.send(CAMPAIGN_FORWARDS_PER_DAY + 2)
    for letter in sent[:CAMPAIGN_FORWARDS_PER_DAY]:
        await desk.take(OTHERS["a person"].raw + letter.id.encode(), letter)
    assert len(await desk.mail()) == CAMPAIGN_FORWARDS_PER_DAY
    for letter in sent[CAMPAIGN_FORWARDS_PER_DAY:]:
        with pytest.raises(TooManyAnswers):
            await desk.take(OTHERS["a person"].raw + letter.id.encode(), letter)
    (notice,) = await desk.mail()  # told once
    assert (notice.to_email, "Nothing is lost" in notice.body) == (ORGANIZER, True)
    desk.now += timedelta(days=1)
    assert "forwarded to the organizer" in await desk.take(OTHERS["a person"].raw, sent[-1])


async def test_an_organizers_own_answer_to_a_forward_goes_round_no_further(desk: Desk) -> None:
    (letter,) = await desk.send(1)
    await desk.take(OTHERS["a person"].raw, letter)
    (mail,) = await desk.mail()
    assert "nothing changes" in await desk.take(OTHERS["a person"].raw, mail)
    assert await desk.mail() == []


async def test_a_large_answer_is_forwarded_without_what_is_attached_to_it(desk: Desk) -> None:
    (letter,) = await desk.send(1)
    await desk.take(OTHERS["a person"].raw + b"\r\n> " + b"x" * 400_000, letter)
    (mail,) = await desk.mail()
    sent, answer = attached(mail)
    assert len(sent.as_bytes()) < 100_000
    assert "It was large" in mail.body
    text = answer.get_payload(decode=True)
    assert isinstance(text, bytes)
    assert b"supports the bill" in text


async def test_an_answer_in_any_bytes_becomes_a_mail_that_every_server_takes(desk: Desk) -> None:
    (letter,) = await desk.send(1)
    raw = f"From: Åsa <aide@house.example>\r\nTo: {TO}\r\nSubject: Ja\xff\r\n\r\n".encode("latin-1")
    await desk.take(raw + b"Sch\xf6n \x00 " + b"x" * 2_000, letter)
    (mail,) = await desk.mail()
    message = compose(mail, SENDER, NOW)
    assert message.isascii()
    assert max(map(len, message.split(b"\r\n"))) <= 998


async def test_the_text_of_a_forward_is_dropped_once_it_is_sent(desk: Desk) -> None:
    (letter,) = await desk.send(1)
    await desk.take(OTHERS["a person"].raw, letter)
    (claim,) = await desk.claim()
    await desk.outbox.settle(claim, "sent", NOW, None, "250 ok")
    assert sum((await desk.outbox.count_by_key()).values()) == 4, (
        "the submission, its two letters, and its town in the counts"
    )


async def test_without_a_manifest_whoever_runs_the_relay_gets_the_answer(store: str, tmp_path: Path) -> None:
    campaigns = Campaigns(str(tmp_path / "none.json"), lambda: 0.0, lambda _: "")
    outbox = await open_outbox(store_settings(store))
    notifier = OrganizerNotifier(campaigns, "operator@relay.example", "smtp", ForgetAfter(timedelta(days=7), campaigns))
    desk = Desk(outbox, Returns(outbox, ADDRESSES, notifier, lambda: NOW))
    (letter,) = await desk.send(1)
    await desk.take(OTHERS["a person"].raw, letter)
    assert [mail.to_email for mail in await desk.mail()] == ["operator@relay.example"]
    await outbox.close()


async def test_a_confirmation_that_comes_back_is_bounced_whomever_the_report_names(desk: Desk) -> None:
    """Its writer's address is not kept once it is sent."""
    post = submission(1)
    await desk.outbox.accept(post, letters(post), confirmation(post), "always")
    (claim,) = await desk.claim()
    await desk.outbox.settle(claim, "sent", NOW, None, "250 ok")
    await desk.returns.take(dsn("failed", "5.1.1"), ADDRESSES.write(claim.letter.id))
    assert (await desk.status(claim.letter), await desk.standing()) == ("bounced", "trusted")
