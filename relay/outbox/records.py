"""What the outbox returns to the web side and the worker. `listings` holds what operators see."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from relay.letters import Kind, Letter, Thanks
from relay.outbox.listings import HeldFor, Member
from relay.outbox.status import LetterStatus
from theme.manifest import CEILING_DAYS, UNCONFIRMED_DAYS

# accepted: without confirmation. held: not confirmed yet. denied: by the mailbox's owner. expired: held too long.
SubmissionStatus: TypeAlias = Literal["accepted", "held", "confirmed", "denied", "expired"]
CONFIRM_WITHIN: Final = timedelta(days=UNCONFIRMED_DAYS)  # of the mail that asks (relay.outbox.asking)
CEILING: Final = timedelta(days=CEILING_DAYS)  # nothing is kept any longer, whatever happened
OFFICES: Final = ("legislator", "committee", "leader")  # kinds of letters whose addresses come from the roster


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer to a post."""

    repeat: bool  # it, or the identical letter, was stored before: nothing is sent twice
    held: bool  # for confirmation
    paced: bool = False  # some of its letters wait their turn
    suspected: bool = False  # of being one hand's
    retry_after: float = 0.0  # seconds; if set, nothing was stored: this address posts too much


@dataclass(frozen=True, slots=True)
class Claim:
    """One letter to send now."""

    letter: Letter
    token: str  # settling is refused once a newer claim exists
    attempts: int  # including this one, so at least 1
    domain: str  # that is throttled and paused: the address's, or a pseudonym of it


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a letter went."""

    campaign: str
    kind: Kind
    address: str  # the office's; "" for mail to a writer, and once it is erased


@dataclass(frozen=True, slots=True)
class ReceiptLetter:
    """What became of one letter."""

    kind: str
    chamber: str
    district: str
    to_name: str
    status: LetterStatus
    changed_at: datetime
    due: datetime | None  # the next attempt, while it is queued
    held_for: HeldFor = ""

    def waits_since(self, accepted_at: datetime) -> bool:
        """Whether it was never tried, and is not due yet."""
        return self.due is not None and self.changed_at == accepted_at and self.due > accepted_at


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt link shows."""

    campaign: str
    language: str
    redacted: bool  # of a repeat accepted by an older release: carries no names and no text
    erased: bool
    senate: str
    house: str
    status: SubmissionStatus
    public_name: bool
    first_name: str  # this and the next five: "" once erased
    last_name: str
    town: str
    email: str
    subject: str  # as typed, with placeholders
    message: str
    accepted_at: datetime
    linked_at: datetime  # when this link was given out: later than that for a retry's
    letters: tuple[ReceiptLetter, ...]
    thanks: Thanks | None = None  # None once erased, too

    @property
    def is_paced(self) -> bool:
        """Whether letters wait their turn, because more unconfirmed ones arrived than an office is sent in an hour."""
        return self.status == "accepted" and any(letter.waits_since(self.accepted_at) for letter in self.letters)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a mailed link leads to."""

    submission: str  # id
    receipt: Receipt
    waiting: tuple[tuple[str, Receipt], ...]  # what else waits for this mailbox's yes, by id, the newest first
    opted_out: bool  # the mailbox is never written to
    member: Member | None = None  # of the campaign's list, or asked whether to be one


@dataclass(frozen=True, slots=True)
class Participant:
    """First name and town of somebody who ticked the box."""

    submission: str  # its id, which is random
    name: str
    town: str
    at: datetime
