"""What the outbox hands out to those who post and those who send. `oversight` holds what operators see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from relay.letters import Letter
from relay.outbox.listings import Waits
from relay.outbox.status import State

# accepted: without being asked. held: not confirmed yet. denied: by the owner of the mailbox. expired: held too long.
Standing: TypeAlias = Literal["accepted", "held", "confirmed", "denied", "expired"]
OFFICES: Final = ("legislator", "committee", "leader")  # kinds of letters whose addresses the roster gives


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer to a post. repeat: it was here already, nothing is sent twice. held: awaits confirmation."""

    repeat: bool
    held: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """One letter to send now. Settling with a `token` that a newer claim has replaced is refused."""

    letter: Letter
    token: str
    attempts: int  # this one included, so at least 1


@dataclass(frozen=True, slots=True)
class ReceiptLetter:
    """What became of one letter. due: the next try, while it is queued. waits: what a held one waits for."""

    kind: str
    chamber: str
    district: str
    to_name: str
    state: State
    changed_at: datetime
    due: datetime | None
    waits: Waits = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt link shows. A repeat's receipt (`redacted`) carries no names and no text."""

    campaign: str
    language: str
    redacted: bool
    erased: bool
    senate: str
    house: str
    standing: Standing
    public_name: bool
    subject: str
    message: str
    accepted_at: datetime
    letters: tuple[ReceiptLetter, ...]


@dataclass(frozen=True, slots=True)
class Participant:
    """First name and town of somebody who ticked the box."""

    name: str
    town: str
    at: datetime
