"""What comes back, whichever way it came in: by a pipe, over HTTP, from a mailbox, or as a mail service's event."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from relay.errors import StoreError, TooManyAnswers
from relay.letters import TO_ORGANIZER
from relay.mail.bounces import NOT_OURS, Bounce, parse_bounce, read_event
from relay.mail.forwarding import attach
from relay.mail.providers import Event
from relay.mail.verp import Verp
from relay.notifier import OrganizerNotifier
from relay.outbox import Queue

FORWARDS_PER_DAY: Final = 5  # answers to one letter: a person writes one or two, and two machines no end of them
# Answers to one campaign's letters. People answer few of them; an autoresponder that says nowhere that it is one, all.
CAMPAIGN_FORWARDS_PER_DAY: Final = 30


class Returns:
    """Records what comes back, and passes on what people answer."""

    def __init__(self, outbox: Queue, verp: Verp, notifier: OrganizerNotifier, now: Callable[[], datetime]) -> None:
        self._outbox = outbox
        self._verp = verp
        self._notifier = notifier
        self._now = now

    async def take(self, raw: bytes, recipient: str = "") -> str:
        """A message to a bounce address. recipient: where it was delivered, if that is known; else its headers say.

        Returns a line for the log, without personal data. Raises StoreError: deliver it again later;
        TooManyAnswers: or set it aside.
        """
        bounce = parse_bounce(raw, self._verp, recipient)
        if bounce.letter is None:
            return NOT_OURS
        if bounce.kind == "person":
            return await self._forward(bounce.letter, raw)
        return await self.record(bounce)

    async def take_event(self, event: Event) -> str:
        """What a mail provider says of one letter. As `take`."""
        letter = self._verp.codes.read(event.code)
        if letter is None:
            return NOT_OURS
        if event.fate in ("failed", "delayed"):
            return await self.record(read_event(letter, event.fate, 0, event.status, event.words, event.recipient))
        kind = event.fate if event.fate in ("complaint", "automatic") else "unknown"
        return await self.record(Bounce(letter, kind, f"an event: {event.fate}"))

    async def record(self, bounce: Bounce) -> str:
        """What a report or an event says."""
        letter = bounce.letter
        recipient = await self._outbox.find_recipient(letter) if letter else None
        if letter is None or recipient is None:
            return f"letter {letter}: unknown here"
        finding = bounce.find(recipient.address)
        if finding is None:
            why = f"{bounce.what}, about somebody else" if bounce.kind == "failed" else bounce.what
            return f"letter {letter}: {why}, nothing changes"
        answer = f"bounced: {finding.answer}" if finding.answer else "bounced"
        verdict = finding.verdict
        status = await self._outbox.record_bounce(
            letter, self._now(), answer, gone=verdict.mailbox_gone, about_us=verdict.about_us
        )
        if status == "sending":  # the bounce arrived before the worker recorded that the letter was sent
            raise StoreError(f"letter {letter} is still being sent")
        await self._notifier.announce(self._outbox, self._now())
        says = "; its mailbox is gone" if verdict.mailbox_gone else "; it is about us" if verdict.about_us else ""
        return f"letter {letter}: {bounce.what}{says}, now {status or 'unknown here'}"

    async def _forward(self, letter: str, raw: bytes) -> str:
        recipient = await self._outbox.find_recipient(letter)
        if recipient is None:
            return f"letter {letter}: somebody's answer, unknown here"
        if recipient.kind in TO_ORGANIZER:  # or their own autoresponder would be answered by us for ever
            return f"letter {letter}: an organizer's answer to our own mail, nothing changes"
        mail = await self._notifier.write_forward(letter, recipient, attach(raw))
        now = self._now()
        if not await self._outbox.forward(mail, now, FORWARDS_PER_DAY, CAMPAIGN_FORWARDS_PER_DAY):
            notice = self._notifier.write_many_answers(recipient.campaign, now.date())
            await self._outbox.enqueue(notice, now, ())
            raise TooManyAnswers(f"letter {letter}: enough answers were forwarded today, this one waits")
        return f"letter {letter}: somebody's answer, forwarded to the organizer"
