"""What the two halves agree on: the manifest's shape and the form's fields. Imports nothing of ours.

The theme writes `campaigns.json` and renders the form from here; the relay reads both by the same lines.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final, Literal, TypeAlias

import msgspec

MANIFEST_VERSION: Final = 1
LEAST: Final = 5  # fewer than these are neither counted nor named in public: one could be told from another
MANIFEST_NAME: Final = "campaigns.json"
COUNTS_VERSION: Final = 1
COUNTS_NAME: Final = "counts.json"

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


class Counts(msgspec.Struct, frozen=True):
    """`counts.json`: writers by campaign, of those with LEAST or more, as the relay last exported them for the site."""

    version: int
    exported: datetime
    counts: dict[str, int]


def dump_counts(counts: Mapping[str, int], exported: datetime) -> bytes:
    """The file for these counts, in the order of the names; the few are left out."""
    shown = {slug: count for slug, count in sorted(counts.items()) if count >= LEAST}
    return msgspec.json.format(msgspec.json.encode(Counts(COUNTS_VERSION, exported, shown)), indent=1) + b"\n"


def dump_manifest(manifest: Manifest) -> bytes:
    """Write what `parse_manifest` reads, indented so that a person can read it too."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


class _Version(msgspec.Struct):
    version: int


# --- the letter's placeholders, as an organiser types them ---

PLACEHOLDERS: Final = ("First Name", "Last Name", "Your Address", "Legislator", "District", "Town", "Email")


# --- the form ---

InputType: TypeAlias = Literal["text", "email", "tel", "textarea"]


@dataclass(frozen=True, slots=True)
class Field:
    """One question a person answers. `label` is the English msgid, translated where it is shown.

    max_chars: Unicode code points, line ends counted as one. autocomplete: a WHATWG token; `street` is one line,
    so `address-line1`, not `street-address`.
    """

    name: str
    label: str
    max_chars: int
    autocomplete: str = "off"
    required: bool = False
    type: InputType = "text"
    inputmode: str = ""


FIELDS: Final = (
    Field("first_name", "First name", 60, "given-name", required=True),
    Field("last_name", "Last name", 60, "family-name", required=True),
    Field("email", "Email", 254, "email", required=True, type="email"),
    Field("street", "Street address", 120, "address-line1"),
    Field("city", "City or town", 60, "address-level2", required=True),
    Field("zip", "ZIP code", 10, "postal-code", required=True, inputmode="numeric"),
    Field("phone", "Phone", 30, "tel", type="tel"),
    Field("subject", "Subject", 150),
    Field("message", "Your message", 10_000, type="textarea"),
)

# How much of the address goes into the letter. Nothing beyond the town unless its writer says so.
DISCLOSURES: Final = ("town", "street", "full")
CHECKBOXES: Final = ("public_name", "join_list")  # off unless ticked
HIDDEN: Final = ("lang", "district_house", "district_senate", "district_proof")
HONEYPOT: Final = "website"  # people do not see it, robots fill it in

FIELD: Final[Mapping[str, Field]] = {field.name: field for field in FIELDS}


# --- what can be wrong with what was typed ---

FaultCode: TypeAlias = Literal[
    "required",
    "too_long",
    "invalid",  # not an e-mail address, not a ZIP, not one of the choices
    "unprintable",  # control characters, which no letter needs
    # the district could not be told; the rest of boundaries.model.Reason
    "no_street",
    "po_box",
    "no_number",
    "gap",
    "several_streets",
    "unknown_street",
    "unknown_town",
    "several_towns",
    "other_state",
    "not_a_candidate",  # the pair chosen is not among those of the address
    "elsewhere",  # nor is that of the place where the device is
    "no_place",  # the device is nowhere in the state
    "vacant",  # nobody holds the seats this campaign writes to
    "no_email",  # their holders have no e-mail address
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to correct. The theme turns `code` into a sentence in the visitor's language. state: the name of the
    campaign's, where an address is in another."""

    field: str
    code: FaultCode
    limit: int = 0
    state: str = ""
