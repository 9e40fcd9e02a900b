"""The manifest, `campaigns.json`: what a site writes down about itself and its campaigns, and the relay reads.

Both go by these lines. MANIFEST_VERSION changes with whatever an older relay could not read.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Final, Literal, TypeAlias

import msgspec

MANIFEST_VERSION: Final = 1
MANIFEST_NAME: Final = "campaigns.json"

Status: TypeAlias = Literal["draft", "published", "withdrawn"]
Confirm: TypeAlias = Literal["always", "suspicious", "never"]
Participants: TypeAlias = Literal["names", "none"]
Phase: TypeAlias = Literal["draft", "upcoming", "open", "closed", "withdrawn"]

NonEmpty: TypeAlias = Annotated[str, msgspec.Meta(min_length=1)]
Slug: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
EMAIL_PATTERN: Final = r"^[^@\s<>,;:\"\\]+@[^@\s<>,;:\"\\]+\.[^@\s<>,;:\"\\.]+\Z"
Colour: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^#[0-9a-f]{6}\Z")]
LINK_PATTERN: Final = r"^(?:(?:https?://|mailto:|tel:|/)[^\s\"'<>]*)?\Z"
Email: TypeAlias = Annotated[str, msgspec.Meta(pattern=EMAIL_PATTERN)]


class NamedRecipient(msgspec.Struct, frozen=True):
    """A recipient outside the roster. The relay writes to it only if the operator allowed its domain."""

    name: NonEmpty
    email: Email
    greeting: NonEmpty


# "senator", "representative", "committee:<name>", "leader:<role>", or somebody named.
Recipient: TypeAlias = NonEmpty | NamedRecipient
ROLES: Final = ("senator", "representative")
COMMITTEE: Final = "committee:"
LEADER: Final = "leader:"

# What a letter may leave open, in square brackets.
PLACEHOLDERS: Final = ("First Name", "Last Name", "Your Address", "Legislator", "District", "Town", "Email")


class Text(msgspec.Struct, frozen=True):
    """A campaign in one language. `message` is plain text: the letter, or in a translation its explanation."""

    title: NonEmpty
    summary: str
    subject: NonEmpty
    message: NonEmpty
    body_html: str
    url: NonEmpty
    campaign: str = ""  # this and the rest: "" stands for the campaign's own
    action: str = ""
    outcome: str = ""
    unreviewed: bool = False  # a translation that no native speaker has checked


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign as the relay knows it. The first language in `texts` is the letter's."""

    slug: Slug
    state: Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2}$")]
    status: Status = "published"
    campaign: NonEmpty
    action: NonEmpty
    recipients: Annotated[tuple[Recipient, ...], msgspec.Meta(min_length=1)]
    bills: tuple[NonEmpty, ...] = ()
    goal: Annotated[int, msgspec.Meta(ge=1)] | None = None
    opens: date | None = None
    closes: date | None = None
    organiser: Email | None = None
    confirm: Confirm = "suspicious"
    participants: Participants = "names"
    outcome: str | None = None
    texts: Annotated[dict[str, Text], msgspec.Meta(min_length=1)]

    @property
    def language(self) -> str:
        """The language that the letter is written in."""
        return next(iter(self.texts))

    def text(self, language: str) -> Text:
        """The page's words in `language`, or in the letter's where there is no translation; none are left out."""
        text = self.texts.get(language) or self.texts[self.language]
        return msgspec.structs.replace(
            text,
            campaign=text.campaign or self.campaign,
            action=text.action or self.action,
            outcome=text.outcome or self.outcome or "",
        )

    def phase(self, today: date) -> Phase:
        """Where the campaign stands on `today`, in the site's own time zone; `closes` is its last day."""
        if self.status != "published":
            return self.status
        if self.opens and today < self.opens:
            return "upcoming"
        return "closed" if self.closes and today > self.closes else "open"


class Logo(msgspec.Struct, frozen=True):
    """The organisation's picture: where it is on the site, and the size that it is shown in, in CSS pixels."""

    path: Annotated[str, msgspec.Meta(pattern=r"^/images/[^\s\"'<>]+$")]
    width: Annotated[int, msgspec.Meta(ge=1)]
    height: Annotated[int, msgspec.Meta(ge=1)]


class FooterLine(msgspec.Struct, frozen=True):
    """A line below every page. link: where it leads; "" is nowhere."""

    text: NonEmpty
    link: Annotated[str, msgspec.Meta(pattern=LINK_PATTERN)] = ""


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What an organisation changes. brand, stamp: a colour for light ground and one for dark; None: the theme's own."""

    brand: tuple[Colour, Colour] | None = None
    stamp: tuple[Colour, Colour] | None = None
    logo: Logo | None = None
    footer: tuple[FooterLine, ...] = ()


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """The static site as the relay's own pages name and link it. `url` has no trailing slash.

    languages: the site's own comes first; each has an index page. privacies: those that have a privacy page.
    """

    name: NonEmpty
    url: str
    languages: Annotated[tuple[NonEmpty, ...], msgspec.Meta(min_length=1)]
    timezone: NonEmpty = "UTC"
    privacies: tuple[NonEmpty, ...] = ()
    look: Look = Look()

    def home(self, language: str) -> str:
        """Where the index page in a language stands, from the root of the site."""
        return self._folder(language, self.languages)

    def privacy(self, language: str) -> str:
        """Where the privacy page stands, in the site's own language if there is none in `language`."""
        return f"{self._folder(language, self.privacies)}privacy/"

    def phones(self, language: str) -> str:
        """Where the offices' telephone numbers stand, from the root of the site."""
        return f"{self.home(language)}phones/"

    def _folder(self, language: str, written: tuple[str, ...]) -> str:
        return f"/{language}/" if language in written and language != self.languages[0] else "/"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The only data that site and relay share."""

    version: int
    built: datetime
    site: Site
    campaigns: tuple[Campaign, ...]

    def by_slug(self) -> Mapping[str, Campaign]:
        return {campaign.slug: campaign for campaign in self.campaigns}


def parse_manifest(raw: bytes) -> Manifest:
    """Read `campaigns.json`. Raises ValueError saying what is wrong and where in the file."""
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
    """Write what `parse_manifest` reads, indented so that a person can read it too."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


class _Version(msgspec.Struct):
    version: int
