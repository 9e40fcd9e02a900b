"""What the templates are given, beside the campaign: the form as it stands, and what became of the letters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from theme.faults import Fault
from theme.pages.maps import Map

# The page behind the links in our mail to a writer. ask: nothing goes out before they say so. accepted: it goes out
# unless they say that it is not theirs. over: too late for either.
Stage: TypeAlias = Literal["ask", "accepted", "confirmed", "denied", "over"]


# One line of a report: what, "" for all others, and how many; None for fewer than may be told.
ReportLine: TypeAlias = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class OfficeView:
    """One office as a page names it. name is empty where the seat is vacant. phone may be empty. mail: whether letters
    can go there."""

    chamber: str  # "senate" | "house"
    title: str  # "Senator"
    name: str
    district: str
    phone: str = ""
    party: str = ""
    mail: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """One pair of districts to choose from: the seats of each."""

    senate: tuple[OfficeView, ...]
    house: tuple[OfficeView, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The form as posted, or fresh. values: field name → text as typed; a ticked box is "1"."""

    values: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    choices: tuple[Choice, ...] = ()
    map: Map | None = None  # of the choices
    # why the letter could not be taken now, beside faults in it: the HTTP status, or 0
    refusal: Literal[0, 403, 409, 413, 429, 503] = 0


@dataclass(frozen=True, slots=True)
class LetterView:
    """One letter on the receipt. state: as relay.outbox.State."""

    seat: OfficeView
    status: str
    changed_at: datetime
    due: datetime | None = None
    map: Map | None = None  # of the district it went to


@dataclass(frozen=True, slots=True)
class ChamberView:
    """A chamber's districts, the busiest first, and a map with the first of them numbered. shades: district → 1 to 3,
    the most for the busiest."""

    chamber: str  # "senate" | "house"
    districts: tuple[ReportLine, ...]
    map: Map | None
    shades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ReportView:
    """How a campaign is going. least: of fewer people no number is told. days: the newest first. languages: by tag.
    statuses: of letters, by state as in LetterView. until: the day to which the link works."""

    people: int
    least: int
    days: tuple[tuple[date, int], ...]
    chambers: tuple[ChamberView, ...]
    languages: tuple[ReportLine, ...]
    statuses: tuple[ReportLine, ...]
    until: date


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """The thank-you page and, later, what became of each letter."""

    redacted: bool
    erased: bool
    denied: bool  # by the owner of the mailbox that was given
    held: bool
    captured: bool  # accepted by a relay that sends nothing
    public_name: bool
    subject: str
    message: str
    letters: tuple[LetterView, ...]
    unwritten: tuple[OfficeView, ...]  # where no letter went: vacant, or without an e-mail address
