"""The durable queue of letters: its promises, and the states a letter passes through.

held ──▶ queued ──▶ sending ──▶ sent ──▶ bounced
  │        ▲  │        │ └────▶ failed
  │        │  │        └──▶ queued (try later, or the lease ran out)
  └────────┼──┴──▶ cancelled | expired
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol, TypeAlias

from relay.contract import Confirm
from relay.letters import Letter, Submission

State: TypeAlias = Literal["held", "queued", "sending", "sent", "failed", "cancelled", "expired", "bounced"]

TRANSITIONS: Final[Mapping[State, frozenset[State]]] = {
    "held": frozenset({"queued", "cancelled", "expired"}),
    "queued": frozenset({"sending", "cancelled", "expired"}),
    "sending": frozenset({"sent", "failed", "queued"}),
    "sent": frozenset({"bounced"}),
    "failed": frozenset({"queued", "cancelled"}),
    "cancelled": frozenset(),
    "expired": frozenset(),
    "bounced": frozenset(),
}
SETTLED: Final[frozenset[State]] = frozenset({"sent", "failed", "cancelled", "expired", "bounced"})


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
    """What became of one letter. due: the next try, while it is queued; answer: the mail server's last words."""

    kind: str
    chamber: str
    district: str
    to_name: str
    state: State
    changed_at: datetime
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt link shows. A repeat's receipt (`redacted`) carries no names and no text."""

    campaign: str
    language: str
    redacted: bool
    erased: bool
    senate: str
    house: str
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


class Outbox(Protocol):
    """Durable queue of letters. Owns no clock: every time is passed in, aware, UTC.

    Methods raise StoreBusy when too many posts wait, StoreError when the database cannot be written; then nothing
    was accepted.
    """

    async def accept(
        self,
        submission: Submission,
        letters: Sequence[Letter],
        confirmation: Letter | None,
        confirm: Confirm,
    ) -> Accepted:
        """Store all or nothing, on disk when it returns.

        `confirm` decides whether the letters wait: "always"; "suspicious", when this mailbox wrote to this
        campaign before under another name or street; "never". If they wait, `confirmation` is queued with them.
        """

    async def claim(self, transport: str, now: datetime, lease: timedelta, limit: int) -> list[Claim]:
        """Letters due by `now`, oldest first, marked `sending` and committed before they are returned."""

    async def settle(self, claim: Claim, state: State, now: datetime, due: datetime | None, answer: str) -> None:
        """Record what became of a claim. Raises StaleClaim if a newer claim holds the letter."""

    async def next_due(self, transport: str) -> datetime | None:
        """When the next letter is due or the next lease ends; None when nothing waits."""

    async def receipt(self, token: str) -> Receipt | None: ...

    async def find_confirmation(self, token: str) -> Receipt | None:
        """Whose confirmation link this is; None if it is unknown or over."""

    async def confirm(self, token: str, now: datetime) -> Receipt | None:
        """Queue the held letters of this confirmation link; None if the link is unknown or over."""

    async def deny(self, token: str, now: datetime) -> Receipt | None:
        """ "I didn't send this": cancel what has not gone."""

    async def withdraw(self, token: str) -> None:
        """Take the public name back."""

    async def erase(self, token: str, now: datetime) -> None:
        """Cancel what has not gone and forget the person; the letters' fates stay countable."""

    async def count(self, campaign: str) -> int:
        """Submissions accepted and, where asked, confirmed."""

    async def participants(self, campaign: str, before: datetime, limit: int) -> list[Participant]:
        """The newest first, of those who came `before`."""

    async def states(self) -> Mapping[State, int]:
        """How many letters are in each state."""

    async def forget(self, now: datetime, keep: timedelta) -> int:
        """Expire what waited too long, erase what settled longer than `keep` ago; how many were erased."""

    async def end_campaign(self, campaign: str) -> int:
        """It is over: forget its public names and the keyed hashes that recognise a repeat; of how many people."""

    async def close(self) -> None: ...
