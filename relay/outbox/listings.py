"""What an operator sees of the outbox: letters without their words, and never who wrote them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from relay.letters import Kind
from relay.outbox.status import LetterStatus

HeldFor: TypeAlias = Literal["", "confirmation", "address", "roster"]
# left: exported, and the organization has not been told yet that they left.
MemberStatus: TypeAlias = Literal["asked", "joined", "exported", "left"]


@dataclass(frozen=True, slots=True)
class LetterFilter:
    """Which letters are meant; "" matches any."""

    letter: str = ""  # an id, or the beginning of one
    status: LetterStatus | Literal[""] = ""
    campaign: str = ""
    domain: str = ""


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter, as a line of a list."""

    id: str
    campaign: str
    kind: Kind
    chamber: str
    district: str
    to_email: str  # the office's; "" for mail to a constituent
    domain: str
    status: LetterStatus
    held_for: HeldFor
    due: datetime | None
    attempts: int
    changed_at: datetime
    answer: str  # the mail server's last words
    denied: bool  # the owner of the writer's mailbox says they did not write it


@dataclass(frozen=True, slots=True)
class CampaignSeat:
    """A seat that a campaign writes to, whoever holds it."""

    campaign: str
    chamber: str
    district: str


@dataclass(frozen=True, slots=True)
class PendingRecipient:
    """An address that unsent letters are to go to."""

    seat: CampaignSeat
    address: str
    outdated: bool  # it is no longer certain that the address is right


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a seat now."""

    name: str
    email: str
    greeting: str  # what `[Legislator]` becomes
    known_until: datetime | None = None  # as in Letter


@dataclass(frozen=True, slots=True)
class Burst:
    """Letter writers of one campaign lately."""

    suspected: int  # of being one hand; they are asked to confirm
    paced: int  # whose letters wait their turn
    kinds: Mapping[str, int] = field(default_factory=dict)  # suspected by kind of evidence; some by several


@dataclass(frozen=True, slots=True)
class Figures:
    """How a campaign is going, in counts that outlive the people they count."""

    days: Mapping[str, int]  # letter writers by ISO day
    districts: Mapping[tuple[str, str], int]  # by (chamber, district)
    languages: Mapping[str, int]  # by tag, of those not erased yet
    fates: Mapping[str, int]  # letters to offices by status, or by "waits for …" unless for the writer
    reasons: int = 0  # writers whose letter begins with a reason of their own


@dataclass(frozen=True, slots=True)
class DomainFigures:
    """One mail domain of offices, lately."""

    domain: str
    outcomes: Mapping[str, int]  # attempts by outcome, as in Attempt
    queued: int  # letters on their way now
    oldest_due: datetime | None  # when the first of them is due; None without any


@dataclass(frozen=True, slots=True)
class OfficeFigures:
    """What became of one office's letters."""

    kind: Kind
    chamber: str
    district: str  # as in Letter
    fates: Mapping[str, int]  # by status, or paced, deferred, "waits for …"


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One day (UTC) of a campaign."""

    day: date
    wrote: int
    own_words: int  # of those who wrote
    confirmed: int  # of those who wrote, whenever they did
    delivered: int  # letters that mail servers accepted that day
    bounced: int  # letters that came back that day


@dataclass(frozen=True, slots=True)
class DeskFigures:
    """A campaign's letters, as its organizers see them."""

    offices: tuple[OfficeFigures, ...]
    days: tuple[DayFigures, ...]  # the newest first
    towns: Mapping[tuple[str, str], Mapping[str, int]]  # writers by (chamber, district), then town ("" if unknown)
    own_by_district: Mapping[tuple[str, str], int]  # writers with words of their own


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter that waits because it may be one hand's. It names nobody."""

    town: str
    hour: datetime
    subject: str  # this and the next, redacted
    message: str
    first_name: str


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """Letters that wait for one reason."""

    name: str  # kinds of evidence, separated by spaces; "paced" for those that wait their turn
    people: int
    newest: datetime
    letters: tuple[Waiting, ...]  # the newest of them


@dataclass(frozen=True, slots=True)
class Attempt:
    """One time a letter was given to the mail server."""

    at: datetime
    outcome: str  # sent, failed, queued (put off), policy (blocked); "": under way, or its worker died
    answer: str


@dataclass(frozen=True, slots=True)
class Suppression:
    """An office's address that does not exist, says a mail server."""

    address: str
    since: datetime
    answer: str
    waiting: int  # letters held for it
    until: datetime  # when one of them tries, or the one that was accepted has not come back
    failed_trials: int
    trial: str  # the id of the letter that tries, or ""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on a campaign's list. All but the first four are "" once the organization has them."""

    id: str  # of the submission with which they ticked the box: random
    campaign: str
    status: MemberStatus
    since: datetime  # when they said yes; while asked, when they ticked the box
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    town: str = ""
    language: str = ""
    words: str = ""  # of the box
