"""To whom a campaign's letters go, from the roster and the manifest, and what may stand in the way."""

from dataclasses import dataclass
from typing import Final, Literal

from boundaries.model import Chamber, Pair
from boundaries.state import State
from relay.contract import COMMITTEE, Campaign, NamedRecipient
from relay.letters import Kind

CHAMBER_OF: Final[dict[str, Chamber]] = {"senator": "senate", "representative": "house"}


@dataclass(frozen=True, slots=True)
class Addressee:
    """One office to write to. greeting: what `[Legislator]` becomes. chamber, district: "" for who holds no seat."""

    kind: Kind
    chamber: Chamber | Literal[""]
    district: str
    title: str
    name: str
    email: str
    greeting: str

    @property
    def full_name(self) -> str:
        return f"{self.title} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A seat that nobody holds at present, so that no letter goes to it."""

    chamber: Chamber
    district: str


def address_letters(campaign: Campaign, state: State, pair: Pair) -> tuple[list[Addressee], list[Vacancy]]:
    """Whom a person in `pair` writes to, in the campaign's order, and the seats found vacant."""
    found: list[Addressee] = []
    vacant: list[Vacancy] = []
    for recipient in campaign.recipients:
        if isinstance(recipient, NamedRecipient):
            found.append(Addressee("named", "", "", "", recipient.name, recipient.email, recipient.greeting))
            continue
        chamber = CHAMBER_OF[recipient]
        district = pair.senate if chamber == "senate" else pair.house
        member = state.legislator(chamber, district)
        if member is None:
            vacant.append(Vacancy(chamber, district))
        else:
            title = state.titles[chamber]
            greeting = f"{title} {member.family_name}"
            found.append(Addressee("legislator", chamber, district, title, member.name, member.email, greeting))
    return found, vacant


def find_obstacle(campaign: Campaign, allowed_domains: frozenset[str] | None) -> str:
    """Why this relay cannot write a campaign's letters, with the remedy, for the operator; "" if it can.

    allowed_domains: those of recipients outside the roster; None allows all, for a relay that sends nothing.
    """
    if campaign.status == "draft" and not campaign.organiser:
        return "a draft's letters go to its organiser, and it names none: add `organiser` to the campaign's file"
    for recipient in campaign.recipients:
        if isinstance(recipient, NamedRecipient):
            domain = recipient.email.rpartition("@")[2].lower()
            if allowed_domains is not None and domain not in allowed_domains:
                return f"it writes to {domain}: if that is meant, the operator adds it to BEACONPOST_RECIPIENT_DOMAINS"
        elif recipient.startswith(COMMITTEE):
            return (
                f"no roster has the address of {recipient!r}: name the committee with its e-mail in the campaign's file"
            )
        elif recipient not in CHAMBER_OF:
            return f"recipient {recipient!r} is not known: is this relay older than the site?"
    return ""
