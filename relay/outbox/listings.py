"""What an operator sees of the outbox: letters without their words, and never who wrote them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from relay.letters import Kind
from relay.outbox.status import State

Waits: TypeAlias = Literal["", "confirmation", "address", "roster"]


@dataclass(frozen=True, slots=True)
class Query:
    """Which letters are meant; "" for any. letter: an id, or how it begins."""

    letter: str = ""
    state: State | Literal[""] = ""
    campaign: str = ""
    domain: str = ""


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter. to_email: the office's; "" for mail to a constituent. waits: what a held letter waits for, a
    confirmation, somebody to look at the office's address, or a newer roster. answer: the mail server's last words."""

    id: str
    campaign: str
    kind: Kind
    chamber: str
    district: str
    to_email: str
    domain: str
    state: State
    waits: Waits
    due: datetime | None
    attempts: int
    changed_at: datetime
    answer: str
    denied: bool  # the owner of the writer's mailbox says: not mine


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a campaign's letters go, whoever holds it."""

    campaign: str
    chamber: str
    district: str


@dataclass(frozen=True, slots=True)
class Written:
    """Where letters that have not gone yet are to go. over: it is no longer known whether the address is right."""

    seat: Seat
    address: str
    over: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """Who sits somewhere by now. greeting: what `[Legislator]` becomes. known_until: as in Letter."""

    name: str
    email: str
    greeting: str
    known_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """How a campaign is going, in sums that outlive the people in them.

    days: letter writers by ISO day. districts: by (chamber, district). languages: by tag, of those who are not erased
    yet. fates: letters to offices by state, or by "waits for …" where that is not the writer.
    """

    days: Mapping[str, int]
    districts: Mapping[tuple[str, str], int]
    languages: Mapping[str, int]
    fates: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One time a letter was given to the mail server. outcome: sent, failed, queued (try later), policy (refused for
    who we are or what it says), or "" if it is under way or its worker died."""

    at: datetime
    outcome: str
    answer: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """An office's address that a mail server said does not exist. waiting: letters held for it."""

    address: str
    since: datetime
    answer: str
    waiting: int
