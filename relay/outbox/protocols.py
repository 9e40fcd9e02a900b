"""The outbox's promises, by who relies on them. Every store keeps all of them: `Outbox`.

They own no clock: every time is passed in, aware, UTC. Methods raise StoreError when the database cannot be read or
written; then nothing was changed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from relay.letters import Letter, Submission
from relay.outbox.listings import Attempt, Figures, Holder, LetterLine, Query, Seat, Suspect, Waits, Written
from relay.outbox.records import Accepted, Claim, Participant, Receipt
from relay.outbox.status import State
from relay.outbox.throttle import FREELY, Pace, Pause, Scope
from theme.manifest import Confirm


class Intake(Protocol):
    """What people do, by form and by link: post, confirm, deny, take back.

    accept, confirm, deny, withdraw and erase raise StoreBusy when too many posts wait; then nothing was done.
    """

    async def accept(
        self,
        submission: Submission,
        letters: Sequence[Letter],
        confirmation: Letter | None,
        confirm: Confirm,
        receipt: Letter | None = None,
    ) -> Accepted:
        """Store all or nothing, on disk when it returns.

        `confirm` decides whether the letters wait: "always"; "suspicious", when this mailbox wrote to this
        campaign before under another name or street; "never". If they wait, `confirmation` is queued with them; if
        not, `receipt`, once to a mailbox: whoever types a stranger's address cannot flood it.
        """

    async def receipt(self, token: str) -> Receipt | None: ...

    async def find_confirmation(self, token: str) -> Receipt | None:
        """Whose confirmation link this is; None if it is unknown."""

    async def confirm(self, token: str, now: datetime) -> Receipt | None:
        """Queue the held letters of this confirmation link, if it is not too late; None if it is unknown."""

    async def deny(self, token: str, now: datetime) -> Receipt | None:
        """ "I didn't send this": cancel what has not gone, mark the rest, and forget what was typed."""

    async def withdraw(self, token: str) -> None:
        """Take the public name back."""

    async def erase(self, token: str, now: datetime) -> None:
        """Cancel what has not gone and forget the person; the letters' fates stay countable."""


class Queue(Protocol):
    """What the worker does: takes letters to send, says what became of them, and forgets what is over."""

    async def claim(
        self, transport: str, now: datetime, lease: timedelta, limit: int, pace: Pace = FREELY
    ) -> list[Claim]:
        """Letters due by `now`, oldest first, marked `sending` and committed before they are returned.

        No more than the pace allows to all workers together; none that is paused. Those to a suspect address become
        `held` instead, and so do those to an office that may have changed hands (Letter.known_until). Of a domain whose
        pause has run out one letter comes, to try.
        """

    async def next_due(self, transport: str) -> datetime | None:
        """When the next letter is due or the next lease ends; None when nothing waits."""

    async def settle(self, claim: Claim, state: State, now: datetime, due: datetime | None, answer: str) -> None:
        """Record what became of a claim. Raises StaleClaim if a newer claim holds the letter. `sent` ends a pause that
        a policy refusal began."""

    async def refuse(self, claim: Claim, now: datetime, answer: str) -> Pause | None:
        """Record that a server refused it for policy: queue it again, as a chance not used; fail it only if others
        went through meanwhile. Refused IN_A_ROW, its domain is paused, and the pause returned once."""

    async def distrust(self, address: str, now: datetime, answer: str) -> int:
        """An office's address does not exist: hold what is queued for it; how many letters."""

    async def bounce(self, letter: str, now: datetime, answer: str, *, gone: bool) -> State | None:
        """A sent letter came back for good: `bounced`, and if the mailbox is gone, its office is not trusted any more.
        Its state now, whatever it was; None if it is unknown."""

    async def enqueue(self, alert: Letter, now: datetime, tells: Sequence[str]) -> None:
        """Queue a mail to an organiser, who is then told of the failed letters `tells`, by id. Once for its id."""

    async def untold(self) -> list[LetterLine]:
        """Letters that failed or came back, or went and are denied, of which no organiser has been told."""

    async def forget(self, now: datetime, keep: timedelta) -> int:
        """Expire what waited too long, erase what settled longer than `keep` ago; how many were erased."""


class Seats(Protocol):
    """Who sits in an office by now, for letters whose addressee may have left it."""

    async def seats_waiting(self) -> list[Seat]:
        """Seats whose letters are held until it is known who sits there: they were accepted without an address, or the
        one they had is no longer sure."""

    async def seats_written(self, now: datetime) -> list[Written]:
        """Where letters to offices go that have not gone yet, those held for their writer or their address too."""

    async def await_roster(self, written: Written, now: datetime) -> int:
        """Hold these letters until it is known who sits there, those that wait for their writer's yes after it; how
        many."""

    async def address(self, seat: Seat, holders: Sequence[Holder], now: datetime) -> int:
        """It is known who sits there now and can be written to: give the letters their address and greeting, and queue
        them; how many. Each holder gets one of everybody's letters, at best the one that was theirs, and none where
        they have one already: what is then too many is cancelled. Those left over go nowhere and fail.
        """


class Administration(Protocol):
    """What operators see and do."""

    async def find(self, query: Query, limit: int) -> list[LetterLine]:
        """Letters, the ones that changed last first."""

    async def history(self, letter: str) -> list[Attempt]:
        """Every attempt at one letter, in order."""

    async def retry(self, query: Query, now: datetime) -> int:
        """Queue failed letters again, and those held for their address, which is then trusted; if the query says
        queued, those now that were to be tried again later. Those that had nobody to go to wait for the roster. How
        many."""

    async def cancel(self, query: Query, now: datetime) -> int:
        """Cancel what has not gone; what is on its way is not tried again. How many."""

    async def pause(self, scope: Scope, name: str, reason: str, now: datetime) -> None:
        """Send nothing for it until `resume`."""

    async def resume(self, scope: Scope, name: str) -> bool:
        """Whether there was a pause to end."""

    async def pauses(self) -> list[Pause]: ...

    async def suspects(self) -> list[Suspect]: ...

    async def trust(self, address: str, now: datetime) -> int:
        """The address is right after all: queue what was held for it; how many letters."""

    async def suspend_erasing(self, reason: str) -> None:
        """Erase nothing any more, as a law may demand; "" to go on as before."""

    async def erasing_suspended(self) -> str:
        """Why nothing is erased, or ""."""

    async def end_campaign(self, campaign: str) -> int:
        """It is over: forget its public names and the keyed hashes that recognise a repeat; of how many people."""


class Statistics(Protocol):
    """Sums that name nobody, and the first names of those who wanted theirs shown."""

    async def count(self, campaign: str) -> int:
        """Submissions accepted and, where asked, confirmed."""

    async def counts(self) -> Mapping[str, int]:
        """As `count`, of every campaign that anybody wrote to."""

    async def participants(self, campaign: str, before: datetime, limit: int) -> list[Participant]:
        """The newest first, of those who came `before`."""

    async def figures(self, campaign: str) -> Figures:
        """How a campaign is going."""

    async def states(self) -> Mapping[State, int]:
        """How many letters are in each state."""

    async def waiting(self) -> Mapping[Waits, int]:
        """How many letters are held, by what they wait for."""

    async def waiting_since(self) -> datetime | None:
        """When the letter that has waited longest should have gone: it was due then, or tried for the first time."""


class Outbox(Intake, Queue, Seats, Administration, Statistics, Protocol):
    """Durable queue of letters."""

    async def close(self) -> None: ...
