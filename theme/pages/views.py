"""View models: what templates receive in addition to the campaign."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from boundaries.offices import Choice, Office
from theme.faults import Fault
from theme.pages.charts import Chart
from theme.pages.maps import Map
from theme.stances import LetterName

# The page behind the links in mail to a writer. ask: nothing is sent until they confirm. accepted: it is sent unless
# they say it is not theirs. paced: the same, but later; at once if they confirm. over: too late for either.
# late: testimony that was not confirmed before its deadline.
Stage: TypeAlias = Literal["ask", "accepted", "paced", "confirmed", "denied", "over", "late"]

# A row of a report: name ("" for all others) and count (None if too few to publish).
ReportLine: TypeAlias = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class PreviewView:
    """A letter as it will arrive."""

    to: str  # this and the next two: as in the message's headers, decoded
    sender: str
    reply_to: str
    subject: str
    body: str
    letter: LetterName = "ask"


@dataclass(frozen=True, slots=True)
class Form:
    """The form, empty or as posted."""

    values: Mapping[str, str] = field(default_factory=dict)  # field name → text as typed; a checked box is "1"
    faults: tuple[Fault, ...] = ()
    choices: tuple[Choice, ...] = ()
    maps: tuple[Map, ...] = ()  # of the choices, one per chamber that is asked about
    refusal: Literal[0, 403, 409, 429, 503] = 0  # HTTP status if a valid letter was refused, else 0
    preview: tuple[PreviewView, ...] = ()  # the letters that the form makes, if that was asked for


@dataclass(frozen=True, slots=True)
class LetterView:
    """One letter on the receipt."""

    seat: Office
    status: str  # see theme.pages.sentences.describe_status
    changed_at: datetime
    due: datetime | None = None
    map: Map | None = None  # of the recipient's district


@dataclass(frozen=True, slots=True)
class ChamberView:
    """A chamber's districts in a report."""

    chamber: str  # "senate" | "house"
    districts: tuple[ReportLine, ...]  # the busiest first
    map: Map | None  # with the first of them numbered
    shades: Mapping[str, int]  # district → 1 to 3; 3 for the busiest


@dataclass(frozen=True, slots=True)
class NameView:
    """A public name that organizers may remove."""

    id: str  # what its button posts
    name: str
    town: str  # or ""
    day: date


@dataclass(frozen=True, slots=True)
class BurstView:
    """Many letters at once. Lines with a count of 0 are left out."""

    people: tuple[ReportLine, ...]  # "suspected", "paced"
    evidence: tuple[ReportLine, ...]  # why they are suspected, by kind; some by several


@dataclass(frozen=True, slots=True)
class StopView:
    """Why nothing of the campaign is sent."""

    by_organizers: bool  # who may go on; else only whoever runs the relay
    reason: str  # in that person's words, or ""
    since: date


@dataclass(frozen=True, slots=True)
class ReportView:
    """A campaign's figures, and the names it shows."""

    people: int
    least: int  # smaller counts are not published
    days: tuple[tuple[date, int], ...]  # the newest first
    chambers: tuple[ChamberView, ...]
    languages: tuple[ReportLine, ...]  # by tag
    statuses: tuple[ReportLine, ...]  # letters by status, as in LetterView
    reasons: int | None  # writers who said why it matters to them; None if too few to publish
    until: date  # the last day the link works
    names: tuple[NameView, ...]  # the newest first
    removed: bool  # whether one was just removed
    burst: BurstView | None = None
    stop: StopView | None = None
    resumed: bool = False  # whether the letters just were


@dataclass(frozen=True, slots=True)
class TextView:
    """A letter's words."""

    to: str  # whom, where others read something else; else ""
    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class WordsView:
    """Who wrote, and what, with placeholders: `[Your Address]` is never filled in on a page."""

    name: str
    mailbox: str
    texts: tuple[TextView, ...]  # one, or the ask and the thanks

    @property
    def subject(self) -> str:
        return self.texts[0].subject


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """The thank-you page."""

    redacted: bool  # of a repeat, by an older release
    erased: bool
    denied: bool  # by the owner of the e-mail address
    shows_statuses: bool
    captured: bool  # accepted by a relay that sends nothing
    public_name: bool
    words: WordsView | None  # None once erased
    letters: tuple[LetterView, ...]
    unwritten: tuple[Office, ...]  # offices that got no letter: vacant, or without an e-mail address
    has_pdf: bool = False  # of a testimony


@dataclass(frozen=True, slots=True)
class DoorView:
    """Before the desk. ask: for the e-mail address. asked: a link may be on its way. button: the mailed link's page.
    over: the link is too old."""

    stage: Literal["ask", "asked", "button", "over"]
    action_url: str
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One of an organizer's campaigns."""

    slug: str
    name: str
    people: int
    stopped: bool


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """What became of one office's letters. None: too few to say."""

    name: str
    url: str  # of its own page; "" without one
    total: int | None
    fates: Mapping[str, int]  # sent, deferred, failed, bounced, held, paced, …; empty if there are too few


@dataclass(frozen=True, slots=True)
class WaitingLetterView:
    """A letter that may be one hand's. It names nobody but by first name."""

    first_name: str
    town: str
    hour: datetime
    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class WaitingGroupView:
    """Letters that wait for the same reason."""

    name: str
    reasons: tuple[str, ...]  # kinds of evidence, or "paced"
    people: int
    until: str  # what its buttons post: nothing that comes later is meant
    letters: tuple[WaitingLetterView, ...]


@dataclass(frozen=True, slots=True)
class DeskView:
    """A campaign's desk, besides its report."""

    at: datetime  # of the counts
    charts: Mapping[str, Chart]  # by day: wrote, own words, confirmed, sent, bounced; those that are not empty
    own_words: int | None  # this and the next: None if too few
    confirmed: int | None
    delivered: int
    bounced: int
    offices: tuple[OfficeLine, ...]
    days: tuple[tuple[date, int, int, int, int, int], ...]  # day, wrote, own words, confirmed, delivered, bounced
    waiting: tuple[WaitingGroupView, ...]
    members: Mapping[str, int]  # people on the list, by status
    has_list: bool
    done: str = ""  # what was just done: released, cancelled, tested, stopped, resumed
    count: int = 0  # of what was done


@dataclass(frozen=True, slots=True)
class OfficeReportView:
    """A page for one legislator's staff."""

    name: str  # with title
    chamber: str
    district: str
    people: int | None  # this and the next: None if too few
    own_words: int | None
    towns: tuple[ReportLine, ...]
    map: Map | None
    least: int
    day: date


@dataclass(frozen=True, slots=True)
class ErasedView:
    """What was erased of one campaign."""

    campaign: str  # its name
    cancelled: int  # letters
    gone: int  # letters that cannot be called back


@dataclass(frozen=True, slots=True)
class ErasureView:
    """Erasing a mailbox. ask: for the address. asked: a mail may be on its way. button: the mailed link's page. over:
    the link is too old."""

    stage: Literal["ask", "asked", "button", "done", "over"]
    action_url: str
    contact: str
    form: Form = field(default_factory=Form)
    erased: tuple[ErasedView, ...] = ()
    opted_out: bool = False  # just now


@dataclass(frozen=True, slots=True)
class WaitingView:
    """Another letter that waits for the same mailbox's yes."""

    submission: str  # id
    campaign: str
    words: WordsView
    offices: tuple[Office, ...]


@dataclass(frozen=True, slots=True)
class ListView:
    """The list whose box was ticked."""

    joined: bool  # else they are asked
    words: str  # of the box


@dataclass(frozen=True, slots=True)
class ConfirmationView:
    """The page behind the mailed link."""

    stage: Stage
    captured: bool
    words: WordsView | None
    letters: tuple[LetterView, ...]
    unwritten: tuple[Office, ...]
    submission: str = ""  # id
    waiting: tuple[WaitingView, ...] = ()
    opted_out: bool = False  # the mailbox is never written to
    list: ListView | None = None
