"""Tells organizers about their campaigns' letters; `relay.letters.organizer_mail` has the words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, Literal

from relay.campaigns import Campaigns
from relay.forget_after import ForgetAfter
from relay.letters import TO_WRITER, Letter
from relay.letters.events import EventType, write_event
from relay.letters.organizer_mail import (
    Answer,
    Failure,
    write_burst,
    write_denials,
    write_failures,
    write_forward,
    write_left,
    write_many_answers,
    write_pause,
    write_suppression,
)
from relay.letters.wording import Frame
from relay.outbox import Burst, LetterLine, Member, Pause, Queue, Recipient, Suppression
from theme.manifest import Campaign, Site

UNNAMED: Final = Site(name="Beaconpost", url="", languages=("en",))  # as long as no manifest could be read


class OrganizerNotifier:
    """Writes to the organizers of the manifest in force, and to their program.

    contact: whoever runs the relay. forget_after: how long a failed letter is kept. webhook: the host of the program
    that is told of events; "" if there is none.
    """

    def __init__(
        self, campaigns: Campaigns, contact: str, transport: str, forget_after: ForgetAfter, webhook: str = ""
    ) -> None:
        self._webhook = webhook
        self._campaigns = campaigns
        self._contact = contact
        self._transport = transport
        self._forget_after = forget_after

    async def announce(self, outbox: Queue, now: datetime) -> None:
        """Queue what organizers have not been told of pauses, of addresses that are suppressed, and of their lists."""
        pauses, suppressions = await outbox.unreported_pauses(), await outbox.unreported_suppressions()
        members = await outbox.unreported_members()
        if not pauses and not suppressions and not members:
            return
        await self._campaigns.refresh()
        for pause in pauses:
            for mail in self._about_pause(pause):
                await outbox.enqueue(mail, now, (), pause)
        for suppression in suppressions:
            for mail in self._about_suppression(suppression):
                await outbox.enqueue(mail, now, (), suppression)
        for member in members:
            for mail in self._about_member(member, now):
                await outbox.enqueue(mail, now, (), member)

    async def write_forward(self, letter: str, recipient: Recipient, answer: Answer) -> Letter:
        """Somebody's answer to a letter, for the organizer of its campaign; without one, for whoever runs the relay."""
        await self._campaigns.refresh()
        campaign = self._find(recipient.campaign)
        office = "" if recipient.kind in TO_WRITER else recipient.address
        return write_forward(recipient.campaign, campaign, letter, office, answer, self._frame())

    def write_many_answers(self, slug: str, day: date) -> Letter:
        """More answers came on this day than are forwarded. To whom `write_forward` writes."""
        return write_many_answers(slug, self._find(slug), day.isoformat(), self._frame())

    def _find(self, slug: str) -> Campaign | None:
        return next((known for known in self._campaigns.all() if known.slug == slug), None)

    def _about_pause(self, pause: Pause) -> list[Letter]:
        """If mail servers block us, one mail to each organizer with a published campaign."""
        mails: dict[str, Letter] = {}
        if self._webhook:
            data = {pause.scope: pause.name, "cause": pause.cause, "reason": pause.reason}
            occasion = f"{pause.name} {pause.since.isoformat()}"
            event: EventType = "campaign.paused" if pause.scope == "campaign" else "domain.paused"
            mails[""] = write_event(event, occasion, pause.since, data, self._webhook)
        if pause.cause != "policy":
            return list(mails.values())
        for campaign in self._campaigns.all():
            if campaign.status == "published":
                since = pause.since.isoformat()
                mail = write_pause(campaign, pause.name, pause.reason, since, self._frame())
                mails.setdefault(mail.to_email, mail)
        return list(mails.values())

    def _about_suppression(self, suppression: Suppression) -> list[Letter]:
        """One mail to each organizer with a published campaign."""
        mails: dict[str, Letter] = {}
        if self._webhook:
            data = {"address": suppression.address, "reason": suppression.answer}
            occasion = f"{suppression.address} {suppression.since.isoformat()}"
            mails[""] = write_event("address.suppressed", occasion, suppression.since, data, self._webhook)
        since = suppression.since.isoformat()
        for campaign in self._campaigns.all():
            if campaign.status == "published":
                mail = write_suppression(campaign, suppression.address, suppression.answer, since, self._frame())
                mails.setdefault(mail.to_email, mail)
        return list(mails.values())

    def _about_member(self, member: Member, now: datetime) -> list[Letter]:
        """Who joined is for the program alone: without one, they are exported by hand."""
        campaign = self._find(member.campaign)
        if self._webhook:
            about: dict[str, str] = {"id": member.id, "campaign": member.campaign}
            if member.status == "left":
                return [self._write_member("member.left", member, now, about)]
            about |= {
                "email": member.email,
                "first_name": member.first_name,
                "last_name": member.last_name,
                "town": member.town,
                "state": campaign.state.upper() if campaign else "",
                "language": member.language,
                "words": member.words,
                "consented_at": member.since.isoformat(timespec="seconds"),
            }
            return [self._write_member("member.joined", member, member.since, about)]
        if member.status == "left":
            return [write_left(member.campaign, campaign, member.id, self._frame())]
        return []

    def _write_member(
        self, event: Literal["member.joined", "member.left"], member: Member, at: datetime, about: Mapping[str, str]
    ) -> Letter:
        return write_event(event, member.id, at, about, self._webhook, campaign=member.campaign, about=member.id)

    def write_burst_event(self, campaign: Campaign, burst: Burst, now: datetime) -> list[Letter]:
        """Nothing without a program to tell. Once a day."""
        if not self._webhook:
            return []
        data = {"campaign": campaign.slug, "asked": burst.suspected, "paced": burst.paced}
        day = now.date().isoformat()
        return [write_event("letters.burst", day, now, data, self._webhook, campaign=campaign.slug)]

    def write_burst(self, campaign: Campaign, burst: Burst, link: str, day: date) -> Letter:
        """link: where the organizer stops the campaign or goes on."""
        return write_burst(campaign, burst.suspected, burst.paced, link, day.isoformat(), self._frame())

    async def report(self, lines: Sequence[LetterLine]) -> list[tuple[Letter, list[str]]]:
        """For each campaign one mail about letters that failed and one about those denied, with the ids it reports."""
        await self._campaigns.refresh()
        by_slug = {campaign.slug: campaign for campaign in self._campaigns.all()}
        groups: dict[tuple[str, bool], list[LetterLine]] = {}
        for line in lines:
            groups.setdefault((line.campaign, line.status == "sent"), []).append(line)
        mails = []
        for (slug, was_sent), group in groups.items():
            if slug in by_slug:
                mail = (self._denials if was_sent else self._failures)(by_slug[slug], group)
                mails.append((mail, [line.id for line in group]))
        return mails

    def _failures(self, campaign: Campaign, lines: Sequence[LetterLine]) -> Letter:
        failures = [Failure(line.id, line.to_email or _name(line), line.answer) for line in lines]
        return write_failures(campaign, failures, self._forget_after.current.days, self._frame())

    def _denials(self, campaign: Campaign, lines: Sequence[LetterLine]) -> Letter:
        offices = {line.id: _name(line) for line in lines}
        return write_denials(campaign, offices, self._frame())

    def _frame(self) -> Frame:
        site = self._campaigns.manifest.site if self._campaigns.is_read else UNNAMED
        return Frame(site, self._contact, self._transport)


def _name(line: LetterLine) -> str:
    """For an office without an address, or mail to a writer."""
    return f"{line.chamber} {line.district}".strip() or (f"a {line.kind}" if line.kind in TO_WRITER else line.kind)
