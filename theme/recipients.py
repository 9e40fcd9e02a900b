"""Whom a campaign writes to, as its file and the manifest spell it, and as code works with it."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from boundaries.email_addresses import parse_email
from boundaries.model import Chamber, find_chamber

NonEmpty: TypeAlias = Annotated[str, msgspec.Meta(min_length=1)]

CHAMBER_OF: Final[dict[str, Chamber]] = {"senator": "senate", "representative": "house"}
HEARING: Final = "hearing"  # the committee that a campaign's testimony goes to
COMMITTEE: Final = "committee:"
LEADER: Final = "leader:"


class NamedRecipient(msgspec.Struct, frozen=True):
    """Somebody outside the roster. The relay writes to them only if the operator allowed their domain."""

    name: NonEmpty
    email: str  # its domain in ASCII
    greeting: NonEmpty

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "email", parse_email(self.email))


@dataclass(frozen=True, slots=True)
class OwnLegislators:
    """The writer's own, in one chamber."""

    chamber: Chamber


@dataclass(frozen=True, slots=True)
class CommitteeChairs:
    """A joint committee has a chair from each chamber."""

    committee: str
    chamber: Chamber | Literal[""] = ""  # only the chair from there

    @property
    def name(self) -> str:
        return self.committee

    def __str__(self) -> str:
        return f"{COMMITTEE}{self.committee}" + (f"/{self.chamber}" if self.chamber else "")


@dataclass(frozen=True, slots=True)
class Leader:
    """Whoever presides over a chamber or leads a party in it."""

    role: str

    @property
    def name(self) -> str:
        return self.role

    def __str__(self) -> str:
        return f"{LEADER}{self.role}"


@dataclass(frozen=True, slots=True)
class UnknownRecipient:
    """Written by a newer release."""

    text: str

    @property
    def name(self) -> str:
        return self.text


Recipient: TypeAlias = OwnLegislators | CommitteeChairs | Leader | NamedRecipient | UnknownRecipient
# "senator", "representative", "committee:<name>", "committee:<name>/senate", "leader:<role>", "hearing", or somebody
# named.
RecipientEntry: TypeAlias = NonEmpty | NamedRecipient


def parse_recipient(entry: str | NamedRecipient) -> Recipient:
    """Never fails: what is not known here is an UnknownRecipient."""
    if isinstance(entry, NamedRecipient):
        return entry
    if entry in CHAMBER_OF:
        return OwnLegislators(CHAMBER_OF[entry])
    if entry.startswith(COMMITTEE):
        return _parse_committee(entry.removeprefix(COMMITTEE))
    if entry.startswith(LEADER):
        return Leader(entry.removeprefix(LEADER).strip())
    return UnknownRecipient(entry)


def _parse_committee(text: str) -> CommitteeChairs:
    committee, _, wanted = text.rpartition("/")
    chamber = find_chamber(wanted.strip().casefold())
    return CommitteeChairs(committee.strip(), chamber) if chamber else CommitteeChairs(text.strip())
