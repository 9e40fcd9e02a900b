"""The manifest, `campaigns.json`: written by the site, read by the relay; the only data that they share.

MANIFEST_VERSION changes with anything that an older relay could not read.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from boundaries.email_addresses import parse_email
from boundaries.model import CHAMBERS, Chamber
from theme.recipients import HEARING, OwnLegislators, Recipient, RecipientEntry, parse_recipient
from theme.stances import LetterName, Stance
from theme.testimony import Testimony

MANIFEST_VERSION: Final = 1
MANIFEST_NAME: Final = "campaigns.json"
# What relay and privacy page agree on, whatever the settings.
UNCONFIRMED_DAYS: Final = 3  # until a letter that nobody confirmed is dropped
CEILING_DAYS: Final = 30  # until everything is erased, whatever happened

Status: TypeAlias = Literal["draft", "published", "withdrawn"]
Confirm: TypeAlias = Literal["always", "suspicious", "never"]
Participants: TypeAlias = Literal["names", "none"]
Phase: TypeAlias = Literal["draft", "upcoming", "open", "closed", "withdrawn"]

NonEmpty: TypeAlias = Annotated[str, msgspec.Meta(min_length=1)]
Slug: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Color: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^#[0-9a-f]{6}\Z")]
OneLine: TypeAlias = Annotated[
    str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f\u2028\u2029]+\Z")
]
HttpsUrl: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^https://[^\s\"'<>]+\Z")]
LINK_PATTERN: Final = r"^(?:(?:https?://|mailto:|tel:|/)[^\s\"'<>]*)?\Z"


class Text(msgspec.Struct, frozen=True):
    """A campaign in one language."""

    title: NonEmpty
    summary: str
    subject: NonEmpty
    message: NonEmpty  # plain text: the letter, or in a translation its explanation
    body_html: str
    url: NonEmpty
    campaign: str = ""  # "" for this and the next two: the campaign's own
    action: str = ""
    outcome: str = ""
    unreviewed: bool = False  # a translation that no native speaker has checked
    safety: str | None = None  # what its writers should leave out; "": nothing is said; None: as on every page
    join: str = ""  # what the box says by which its writers join the organization's list; "": no box
    thanks_subject: str = ""  # this and the next: like subject and message, to those who support it; "": no such letter
    thanks: str = ""
    hearing: str = ""  # of a testimony: date, time and room, in words


class Holder(msgspec.Struct, frozen=True):
    """Who chairs a committee or leads a chamber."""

    title: NonEmpty  # "Senator", "Speaker"
    name: NonEmpty


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign as the relay knows it. The first language in `texts` is the letter's."""

    slug: Slug
    state: Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2}$")]
    status: Status = "published"
    campaign: NonEmpty
    action: NonEmpty
    recipients: Annotated[tuple[RecipientEntry, ...], msgspec.Meta(min_length=1)]
    bills: tuple[NonEmpty, ...] = ()
    goal: Annotated[int, msgspec.Meta(ge=1)] | None = None
    opens: date | None = None
    closes: date | None = None
    organiser: str | None = None  # gets the drafts' letters, and what goes wrong
    co_organisers: tuple[str, ...] = ()  # who else may open the desk
    join_privacy: HttpsUrl | None = None  # what the organization does with its list; with `Text.join`
    confirm: Confirm = "suspicious"
    participants: Participants = "names"
    outcome: str | None = None
    # Of the committees and leaders in `recipients`, by their entry there, for the page. The relay writes to whom its
    # own roster names.
    holders: dict[str, tuple[Holder, ...]] = {}
    # Its recipient is "hearing". No earlier release's relay knows that: it serves all campaigns but this one, which it
    # would take after the deadline.
    testimony: Testimony | None = None
    stances: tuple[Stance, ...] = ()  # an earlier release's relay sends everybody the ask
    texts: Annotated[dict[str, Text], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        if self.organiser is not None:
            msgspec.structs.force_setattr(self, "organiser", parse_email(self.organiser))
        msgspec.structs.force_setattr(self, "co_organisers", tuple(map(parse_email, self.co_organisers)))

    @property
    def organisers(self) -> tuple[str, ...]:
        """Who may open the campaign's desk."""
        return (self.organiser, *self.co_organisers) if self.organiser else ()

    @property
    def parsed_recipients(self) -> tuple[Recipient, ...]:
        testimony = self.testimony
        return tuple(
            testimony.committee if testimony and entry == HEARING else parse_recipient(entry)
            for entry in self.recipients
        )

    @property
    def own_chambers(self) -> tuple[Chamber, ...]:
        """The chambers in which the writer's own legislators are written to; senate first."""
        own = {recipient.chamber for recipient in self.parsed_recipients if isinstance(recipient, OwnLegislators)}
        return tuple(chamber for chamber in CHAMBERS if chamber in own)

    @property
    def has_thanks(self) -> bool:
        """Whether some get a letter of thanks instead of the ask."""
        return bool(self.texts[self.language].thanks) and any(stance.letter == "thanks" for stance in self.stances)

    def choose_letter(self, seat: tuple[Chamber, str] | None, name: str) -> LetterName:
        """Which letter a member gets. seat: theirs, as chamber and district; None for nobody in the roster."""
        if not self.has_thanks:
            return "ask"
        held = (stance for stance in self.stances if (stance.chamber, stance.district) == seat and stance.name == name)
        return next((stance.letter for stance in held), "ask")

    @property
    def language(self) -> str:
        """The language of the letter."""
        return next(iter(self.texts))

    def text(self, language: str) -> Text:
        """The page's text in `language`, or in the letter's if there is no translation, with nothing left out."""
        text = self.texts.get(language) or self.texts[self.language]
        return msgspec.structs.replace(
            text,
            campaign=text.campaign or self.campaign,
            action=text.action or self.action,
            outcome=text.outcome or self.outcome or "",
            thanks_subject=text.thanks_subject or self.texts[self.language].thanks_subject,
            hearing=text.hearing or self.texts[self.language].hearing,
            thanks=text.thanks or self.texts[self.language].thanks,
        )

    def phase(self, now: datetime) -> Phase:
        """now: in the site's time zone. `closes` is the last day; testimony ends at a moment."""
        today = now.date()
        if self.status != "published":
            return self.status
        if self.opens and today < self.opens:
            return "upcoming"
        if self.testimony and self.testimony.is_over(now):
            return "closed"
        return "closed" if self.closes and today > self.closes else "open"


class Logo(msgspec.Struct, frozen=True):
    """The organization's logo: where it is on the site, and the size it is shown at, in CSS pixels."""

    path: Annotated[str, msgspec.Meta(pattern=r"^/images/[^\s\"'<>]+$")]
    width: Annotated[int, msgspec.Meta(ge=1)]
    height: Annotated[int, msgspec.Meta(ge=1)]


class FooterLine(msgspec.Struct, frozen=True):
    """A line below every page."""

    text: NonEmpty
    link: Annotated[str, msgspec.Meta(pattern=LINK_PATTERN)] = ""  # "": none


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """An organization's branding. None: the theme's own."""

    brand: tuple[Color, Color] | None = None  # on light and on dark ground
    stamp: tuple[Color, Color] | None = None
    logo: Logo | None = None
    footer: tuple[FooterLine, ...] = ()


class Promises(msgspec.Struct, frozen=True, kw_only=True):
    """What the privacy page says about how long people are kept, in days. The relay keeps nobody longer."""

    erased_after: Annotated[int, msgspec.Meta(ge=1, le=CEILING_DAYS)] = 7  # the last letter has arrived or failed
    unconfirmed_after: Annotated[int, msgspec.Meta(ge=1)] = UNCONFIRMED_DAYS
    ceiling: Annotated[int, msgspec.Meta(ge=1)] = CEILING_DAYS


class Organization(msgspec.Struct, frozen=True, kw_only=True):
    """Who is behind the site."""

    name: OneLine
    line: OneLine  # what it is
    contact: OneLine  # an e-mail address or an https URL

    @property
    def href(self) -> str:
        return self.contact if ":" in self.contact else f"mailto:{self.contact}"


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """The static site, as the relay's own pages name and link it."""

    name: NonEmpty
    url: str  # without a trailing slash
    languages: Annotated[tuple[NonEmpty, ...], msgspec.Meta(min_length=1)]  # with an index page; the default first
    timezone: NonEmpty = "UTC"
    privacies: tuple[NonEmpty, ...] = ()  # languages with a privacy page
    look: Look = Look()
    promises: Promises | None = None  # None: built by an earlier release
    organization: Organization | None = None
    finders: dict[str, HttpsUrl] = {}  # state code → the legislature's page that finds a district

    def home(self, language: str) -> str:
        """The path of the index page in a language."""
        return self._folder(language, self.languages)

    def privacy(self, language: str) -> str:
        """The path of the privacy page, in the default language if there is none in `language`."""
        return f"{self._folder(language, self.privacies)}privacy/"

    def phones(self, language: str) -> str:
        """The path of the page with the offices' phone numbers."""
        return f"{self.home(language)}phones/"

    @property
    def offices(self) -> str:
        """The path of the page for the offices that get letters."""
        return "/for-offices/"

    def _folder(self, language: str, written: tuple[str, ...]) -> str:
        return f"/{language}/" if language in written and language != self.languages[0] else "/"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    version: int
    built: datetime
    site: Site
    campaigns: tuple[Campaign, ...]
    sealed: str = ""  # what only the relay reads: theme.hidden_part

    def by_slug(self) -> Mapping[str, Campaign]:
        return {campaign.slug: campaign for campaign in self.campaigns}


def parse_manifest(raw: bytes) -> Manifest:
    """Parse `campaigns.json`. Raises ValueError, saying what is wrong and where in the file."""
    try:
        version = msgspec.json.decode(raw, type=_Version).version
        if version != MANIFEST_VERSION:
            raise ValueError(
                f"the manifest has format version {version}, this relay reads version {MANIFEST_VERSION}: "
                "build the site and run the relay from the same release"
            )
        return msgspec.json.decode(raw, type=Manifest)
    except msgspec.MsgspecError as error:
        raise ValueError(f"not a campaign manifest: {error}") from error


def dump_manifest(manifest: Manifest) -> bytes:
    """What `parse_manifest` reads, indented so that people can read it."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


class _Version(msgspec.Struct):
    version: int
