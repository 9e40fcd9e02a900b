"""The outbox's promises, by who relies on them. Every store keeps all of them: `Outbox`.

They own no clock: every time is passed in, aware, UTC. Methods raise StoreError when the database cannot be read or
written; then nothing was changed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from relay.letters import Letter, Submission
from relay.letters.circumstances import Circumstances
from relay.outbox.listings import (
    Attempt,
    Burst,
    CampaignSeat,
    DeskFigures,
    DomainFigures,
    Figures,
    HeldFor,
    Holder,
    LetterFilter,
    LetterLine,
    Member,
    MemberStatus,
    PendingRecipient,
    Suppression,
    WaitingGroup,
)
from relay.outbox.mailbox_erasure import Erasure, WriteMail
from relay.outbox.records import Accepted, Claim, Confirmation, Participant, Receipt, Recipient
from relay.outbox.snapshot import Chunks, Restored
from relay.outbox.status import LetterStatus
from relay.outbox.throttle import UNTHROTTLED, Cause, Pause, Scope, Throttle
from theme.manifest import Confirm


class Intake(Protocol):
    """What constituents do, by form and by link: post, confirm, deny, withdraw, erase.

    accept, confirm, deny, withdraw and erase raise StoreBusy when too many posts are waiting; then nothing was done.
    """

    def hash(self, purpose: str, *parts: str) -> bytes:
        """A keyed hash, by which this store alone recognizes what it saw before. Ignores case and spacing."""

    async def accept(
        self,
        submission: Submission,
        letters: Sequence[Letter],
        confirmation: Letter | None,
        confirm: Confirm,
        receipt: Letter | None = None,
        circumstances: Circumstances | None = None,
    ) -> Accepted:
        """Store all or nothing; on disk when it returns.

        `confirm` decides whether the letters are held for confirmation: "always"; "suspicious", if this mailbox wrote
        to this campaign before or the circumstances point to one hand with many names; "never". If they are,
        `confirmation` is queued with them; if not, `receipt` is, once per mailbox. Ceilings delay mail to one mailbox,
        and letters to one office that nobody confirmed (`relay.outbox.slots`).

        A retry, which is the same post again because its answer was lost, stores another link to the first receipt
        and nothing else. It is recognized for a day by `Submission.retry_key`, or without one for a quarter of an hour
        by its address and `Submission.post_key`.

        circumstances: None for a letter that reaches no office, as a draft's, or comes from this machine: no ceilings.
        """

    async def receipt(self, token: str) -> Receipt | None: ...

    async def find_confirmation(self, token: str, now: datetime, submission: str = "") -> Confirmation | None:
        """What a mailed link leads to, and what else waits for its mailbox's yes; None if the link is unknown.

        submission: another one of the same mailbox, instead of the one that the link was mailed for.
        """

    async def confirm(self, token: str, now: datetime, submission: str = "") -> Receipt | None:
        """Queue the letters held for this confirmation, unless it is too late, and send at once those that wait their
        turn. submission: as in `find_confirmation`. None if the link is unknown."""

    async def deny(self, token: str, now: datetime, submission: str = "") -> Receipt | None:
        """ "I didn't send this": cancel what has not gone, mark the rest, and erase what was typed."""

    async def opt_out(self, token: str, *, out: bool) -> bool:
        """Never write to this link's mailbox again, or, if not `out`, do again. Returns whether the mailbox is still
        recognized."""

    async def join(self, token: str, now: datetime, submission: str = "") -> None:
        """They want to be on the list that they ticked the box of, unless it is too late. As in `confirm`."""

    async def leave(self, token: str, submission: str = "") -> None:
        """They do not want to be on it, or no longer."""

    async def opt_out_mailbox(self, folded_key: bytes, *, out: bool) -> None:
        """The same for a mailbox by its key without variants."""

    async def withdraw(self, token: str) -> None:
        """Take the public name back."""

    async def erase(self, token: str, now: datetime) -> None:
        """Cancel what has not gone and erase the person; the letters' outcomes stay countable."""

    async def offer_erasure(self, mailbox_key: bytes, write_mail: WriteMail, now: datetime) -> bool:
        """Queue the mail with a link that erases, if anything is kept of this mailbox, it takes mail from us, and it
        got none such within a day. Whether one was queued."""

    async def erase_mailbox(self, mailbox_key: bytes, now: datetime) -> list[Erasure]:
        """As `erase`, for everything of one mailbox, in every campaign."""


class Queue(Protocol):
    """What the worker does: claim letters, record what became of them, erase what is due for erasure."""

    async def claim(
        self, transport: str, now: datetime, lease: timedelta, limit: int, throttle: Throttle = UNTHROTTLED
    ) -> list[Claim]:
        """Letters due by `now`, oldest first, marked `sending` and committed before they are returned.

        No more than the throttle allows to all workers together, and none that is paused. Letters to a suppressed
        address become `held` instead, and so do those to an office that may have changed hands (Letter.known_until).
        A domain whose pause has run out gets a single letter as a probe, and so does a suppressed address.
        """

    async def next_due(self, transport: str) -> datetime | None:
        """When the next letter is due or the next lease ends; None if nothing is queued."""

    async def settle(
        self,
        claim: Claim,
        status: LetterStatus,
        now: datetime,
        due: datetime | None,
        answer: str,
        *,
        gone: bool = False,
    ) -> None:
        """Record the outcome of a claim. `sent` ends a pause that a policy block began; one that reports began ends
        when that letter has not come back for a while. gone: so is the mailbox; its address is suppressed, if it is an
        office's. A letter that was its trial is held again, and the next trial is later.

        Raises StaleClaim if a newer claim holds the letter.
        """

    async def record_policy_block(self, claim: Claim, now: datetime, answer: str) -> Pause | None:
        """Record that a server refused the letter for policy: requeue it without using up an attempt; fail it only if
        others went through meanwhile. After BLOCKS_BEFORE_PAUSE its domain is paused; the pause is returned once."""

    async def suppress(self, address: str, now: datetime, answer: str) -> int:
        """An office's mailbox is gone, somebody says: hold what is queued for it, until a trial passes. Returns the
        number of letters."""

    async def find_recipient(self, letter: str) -> Recipient | None:
        """Where a letter went; None if it is unknown."""

    async def record_bounce(
        self, letter: str, now: datetime, answer: str, *, gone: bool, about_us: bool = False
    ) -> LetterStatus | None:
        """A sent letter did not arrive: `bounced`. gone: its address is suppressed. about_us: it counts like a policy
        block, and several pause the domain. Returns the letter's status afterwards, whatever it is; None if the letter
        is unknown."""

    async def enqueue(
        self, alert: Letter, now: datetime, reports: Sequence[str], about: Pause | Suppression | Member | None = None
    ) -> None:
        """Queue a mail to an organizer, once per mail id. reports: the ids of the letters it is about."""

    async def unreported_pauses(self) -> list[Pause]:
        """Those that no organizer was told about, whoever or whatever paused."""

    async def unreported_suppressions(self) -> list[Suppression]: ...

    async def unreported_members(self) -> list[Member]:
        """Those who joined a list or left it, and the organization has not been told."""

    async def unreported(self) -> list[LetterLine]:
        """Letters that failed or bounced, or were sent and then denied, and that no organizer was told about."""

    async def forward(self, mail: Letter, now: datetime, per_letter: int, per_campaign: int) -> bool:
        """Queue somebody's answer to a letter for its organizer, once per mail id. False if so many answers to that
        letter, or to the campaign's letters, were forwarded within a day: then nothing was done."""

    async def forget(self, now: datetime, keep: timedelta) -> int:
        """Expire what was held too long, erase what settled longer than `keep` ago. Returns the number erased."""


class Seats(Protocol):
    """Letters whose addressee may have left office."""

    async def seats_awaiting_roster(self) -> list[CampaignSeat]:
        """Seats whose letters are held for a newer roster: they were accepted without an address, or their address is
        no longer certain."""

    async def pending_recipients(self, now: datetime) -> list[PendingRecipient]:
        """Where letters to offices are to go that have not gone yet, including those held for another reason."""

    async def hold_for_roster(self, pending: PendingRecipient, now: datetime) -> int:
        """Hold these letters until it is known who holds the seat; those held for confirmation are held for both.
        Returns the number of letters."""

    async def assign(self, seat: CampaignSeat, holders: Sequence[Holder], now: datetime) -> int:
        """It is known who holds the seat and can be written to: give its letters an address and a greeting, and queue
        them. Returns the number of letters.

        Each holder gets one letter from each writer, preferably the one that was theirs, and none if they have one
        already; surplus letters are cancelled. Letters for which there is no holder fail.
        """


class Administration(Protocol):
    """What operators see and do."""

    async def probe(self) -> None:
        """Raises StoreError if no post could be stored now: the database cannot be read, or its disk has too little
        room (StoreFull; only of a file on this machine's disk is that known)."""

    async def list_letters(self, chosen: LetterFilter, limit: int) -> list[LetterLine]:
        """The most recently changed first."""

    async def list_attempts(self, letter: str) -> list[Attempt]:
        """Every attempt at one letter, in order."""

    async def retry(self, chosen: LetterFilter, now: datetime) -> int:
        """Requeue letters that failed, bounced, or are held for their address, which is no longer suppressed; if the
        filter says queued, make those due now that were put off. Letters without an address are held for the roster.
        Returns the number of letters."""

    async def cancel(self, chosen: LetterFilter, now: datetime) -> int:
        """Cancel what has not gone; what is being sent is not retried. Returns the number of letters."""

    async def pause(self, scope: Scope, name: str, reason: str, now: datetime, cause: Cause = "operator") -> None:
        """Send nothing for it until `resume`, except mail to organizers. Only an operator's replaces another pause."""

    async def resume(self, scope: Scope, name: str, cause: Cause | None = None) -> bool:
        """Whether there was a pause to end. cause: end no other."""

    async def pauses(self) -> list[Pause]: ...

    async def suppressions(self) -> list[Suppression]: ...

    async def unsuppress(self, address: str, now: datetime) -> int:
        """The address is right after all: queue what was held for it. Returns the number of letters."""

    async def set_legal_hold(self, reason: str) -> None:
        """Erase nothing, as the law may require; "" ends the hold."""

    async def legal_hold(self) -> str:
        """Why nothing is erased, or ""."""

    async def count_by_key(self) -> Mapping[str, int]:
        """The number of sealed rows by the fingerprint of their key."""

    async def reseal(self) -> int:
        """Seal every row with the newest key. Returns the number of rows that were sealed with another."""

    async def remove_name(self, campaign: str, submission: str) -> bool:
        """Erase one of a campaign's public names, as its organizers wish; the letter is left as it is. Whether there
        was one."""

    async def forget_campaign(self, campaign: str) -> int:
        """The campaign is over: erase its public names and the keyed hashes that recognize a repeat. Returns the
        number of people."""


class Lists(Protocol):
    """People who want to hear from a campaign."""

    async def list_members(self, campaign: str) -> list[Member]:
        """Those who said yes and that the organization does not have yet, the first ones first."""

    async def mark_exported(self, members: Sequence[str]) -> int:
        """The organization has them: erase who they are; only that there is somebody, who may still leave, is kept.
        Returns the number of people."""

    async def count_members(self, campaign: str) -> Mapping[MemberStatus, int]: ...


class Desk(Protocol):
    """What a campaign's organizers see and do. It names nobody who wrote but by first name."""

    async def desk_figures(self, campaign: str, now: datetime) -> DeskFigures:
        """What became of its letters, by office and by day."""

    async def list_waiting(self, campaign: str, now: datetime, limit: int) -> list[WaitingGroup]:
        """Letters held because they look like one hand's, by kinds of evidence, and those that wait their turn; up to
        `limit` of each."""

    async def release(self, campaign: str, group: str, until: datetime, now: datetime) -> int:
        """Send what waits in a group and was accepted by `until`, without its writers' yes. Returns the number of
        people."""

    async def cancel_waiting(self, campaign: str, group: str, until: datetime, now: datetime) -> int:
        """Cancel it instead, and count these people no more."""


class Backups(Protocol):
    """Everything at one moment, except what may not outlive its day: marks, their keys, slots, and what recognizes a
    retry."""

    async def back_up(self, write: Callable[[bytes], None], now: datetime) -> Mapping[str, int]:
        """Hand one snapshot to `write`, in chunks, while others go on writing. Returns the number of rows by table."""

    async def restore(
        self, chunks: Chunks, now: datetime, keep: timedelta, report: Callable[[str], None], *, hold: bool
    ) -> Restored:
        """Fill this database, which must be empty, with what `back_up` wrote, and erase what is due as `Queue.forget`
        does: all or nothing.

        report: told each table that is begun. hold: pause every campaign that has letters to send. Raises StoreError
        if there are rows, BackupError if the backup is too old or of a newer release, KeyMissing.
        """


class Statistics(Protocol):
    """Counts that name nobody, and the first names of those who want theirs shown."""

    async def count(self, campaign: str) -> int:
        """Submissions that were accepted and, where required, confirmed."""

    async def counts(self) -> Mapping[str, int]:
        """As `count`, for every campaign that anybody wrote to."""

    async def participants(self, campaign: str, before: datetime, limit: int) -> list[Participant]:
        """Those accepted before `before`, the newest first."""

    async def figures(self, campaign: str) -> Figures:
        """How a campaign is going."""

    async def count_burst(self, campaign: str, since: datetime, now: datetime) -> Burst:
        """Who was suspected since then and why, and who waits their turn now."""

    async def count_domains(self, since: datetime) -> list[DomainFigures]:
        """Of the mail domains of offices: attempts since then, and what is on its way now."""

    async def count_by_status(self) -> Mapping[LetterStatus, int]:
        """The number of letters in each status."""

    async def count_held(self) -> Mapping[HeldFor, int]:
        """The number of held letters, by what they are held for."""

    async def oldest_due(self) -> datetime | None:
        """When the letter that has waited longest was due, or was first tried."""


class Outbox(Intake, Queue, Seats, Administration, Lists, Desk, Backups, Statistics, Protocol):
    """A durable queue of letters."""

    async def close(self) -> None: ...
