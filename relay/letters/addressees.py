"""To whom a campaign's letters go, from the roster and the manifest, and what prevents it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, assert_never

from boundaries.email_addresses import find_domain
from boundaries.model import Chamber, Legislator, Pair
from boundaries.state import State
from relay.letters import GREETING_SLOT, Kind
from theme.manifest import Campaign
from theme.recipients import (
    CommitteeChairs,
    Leader,
    NamedRecipient,
    OwnLegislators,
    Recipient,
    UnknownRecipient,
    parse_recipient,
)
from theme.stances import LetterName

RosterOffice: TypeAlias = CommitteeChairs | Leader


@dataclass(frozen=True, slots=True)
class Addressee:
    """One office to write to."""

    kind: Kind
    chamber: Chamber | Literal[""]  # this and `district`: "" unless it is the writer's own legislator
    district: str
    title: str
    name: str
    email: str
    greeting: str  # what `[Legislator]` becomes
    office: str = ""  # a chair's or leader's, as `address_office` finds whoever holds it
    place: int = 0  # which of a district's seats, while it is unknown who holds them
    holds: tuple[Chamber, str] | None = None  # the seat of this member; None for nobody in the roster
    letter: LetterName = "ask"  # which of the campaign's they get

    @property
    def full_name(self) -> str:
        return f"{self.title} {self.name}".strip()

    @property
    def identity(self) -> str:
        """What distinguishes this office from the others that a person writes to."""
        return self.email or self.office or f"{self.chamber} {self.district} {self.place or ''}".strip()


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A seat that gets no letter."""

    chamber: Chamber
    district: str
    name: str = ""  # of its holder, who has no e-mail address; "" if it is vacant


def address_letters(
    campaign: Campaign, state: State, pair: Pair, outdated: Callable[[Chamber, str], bool] = lambda *_: False
) -> list[Addressee]:
    """Whom a person in `pair` writes to: their own legislators, then the others, each in the campaign's order.

    outdated: whether a seat may have changed hands since the roster was made. Its letter, or one to the chair or leader
    who held it, has no address yet, and `[Legislator]` stays in it until the holder is known.
    While it is unknown who holds a seat, its letter is the ask.
    Nobody gets two letters: a committee's chair who is the writer's own senator is written to as that.
    """
    addressees: dict[str, Addressee] = {}
    own_first = sorted(campaign.parsed_recipients, key=lambda recipient: not isinstance(recipient, OwnLegislators))
    for recipient in own_first:
        match recipient:
            case OwnLegislators(chamber):
                for district in state.districts_at(chamber, pair.of(chamber)):
                    if outdated(chamber, district):
                        addressees |= _await_seats(state, chamber, district)
                    else:
                        for to in address_seat(state, chamber, district):
                            addressees.setdefault(to.email.lower(), to)
            case CommitteeChairs() | Leader():
                for holder in _holders(state, recipient):
                    if not holder.email:
                        continue
                    is_own = holder.district in state.districts_at(holder.chamber, pair.of(holder.chamber))
                    to = _write_to_own(holder, state) if is_own else _write_to_office(holder, recipient, state)
                    if not outdated(holder.chamber, holder.district):
                        addressees.setdefault(to.email.lower(), to)
                    elif not (is_own and _seat_key(holder.chamber, holder.district, 0) in addressees):
                        unknown = _await_office(holder, recipient)
                        addressees[unknown.office] = unknown
            case NamedRecipient():
                to = Addressee("named", "", "", "", recipient.name, recipient.email, recipient.greeting)
                addressees.setdefault(to.email.lower(), to)
            case UnknownRecipient():  # such a campaign is not served: `find_obstacle`
                pass
            case _:
                assert_never(recipient)
    return [replace(to, letter=campaign.choose_letter(to.holds, to.name)) for to in addressees.values()]


def address_seat(state: State, chamber: Chamber, district: str) -> list[Addressee]:
    """Who represents a district now and can be written to; nobody while it is vacant."""
    return [_write_to_own(member, state) for member in state.legislators(chamber, district) if member.email]


def address_office(state: State, office: str, outdated: Callable[[Chamber, str], bool]) -> list[Addressee]:
    """Who chairs or leads now; nobody while that is unknown. office: as in Addressee."""
    recipient, chamber = _parse_office(office)
    try:
        holders = _holders(state, recipient)
    except KeyError:
        return []
    return [
        _write_to_office(holder, recipient, state)
        for holder in holders
        if holder.email and holder.chamber == chamber and not outdated(holder.chamber, holder.district)
    ]


def title_office(office: str) -> str:
    """The title of an office while it is unknown who holds it: "Chair of Judiciary", "Speaker"."""
    recipient, _ = _parse_office(office)
    return f"Chair of {recipient.committee}" if isinstance(recipient, CommitteeChairs) else recipient.role.title()


def find_unwritten(campaign: Campaign, state: State, pair: Pair) -> list[Unwritten]:
    """The seats that a campaign means and cannot write to."""
    unwritten: list[Unwritten] = []
    for recipient in campaign.parsed_recipients:
        if isinstance(recipient, OwnLegislators):
            for district in state.districts_at(recipient.chamber, pair.of(recipient.chamber)):
                seat = recipient.chamber, district
                unwritten += [Unwritten(*seat, member.name) for member in state.legislators(*seat) if not member.email]
                unwritten += [Unwritten(*seat)] * state.vacancies(*seat)
    return unwritten


def find_obstacle(campaign: Campaign, state: State, allowed_domains: frozenset[str] | None) -> str:
    """Why this relay cannot write a campaign's letters, and the remedy, for the operator; "" if it can.

    allowed_domains: of recipients outside the roster; None allows all, for a relay that sends nothing.
    """
    if campaign.status == "draft" and not campaign.organiser:
        return "a draft's letters go to its organizer, and it names none: add `organiser` to the campaign's file"
    obstacles = (
        _find_obstacle(entry, recipient, state, allowed_domains)
        for entry, recipient in zip(campaign.recipients, campaign.parsed_recipients, strict=True)
    )
    return next(filter(None, obstacles), "")


def _find_obstacle(
    entry: str | NamedRecipient, recipient: Recipient, state: State, allowed_domains: frozenset[str] | None
) -> str:
    try:
        match recipient:
            case NamedRecipient():
                domain = find_domain(recipient.email)
                if allowed_domains is not None and domain not in allowed_domains:
                    return f"it writes to {domain}: to allow that, add the domain to BEACONPOST_RECIPIENT_DOMAINS"
            case CommitteeChairs(committee, chamber):
                if not any(chair.email for chair in state.chairs(committee, chamber)):
                    which = f"{chamber} chair" if chamber else "chair"
                    return (
                        f"the roster has no {which} of {committee!r} with an e-mail address: name somebody with one"
                        " instead"
                    )
            case Leader(role):
                if not state.leader(role).email:
                    return f"the {role} has no e-mail address in the roster: name somebody with one instead"
            case OwnLegislators(chamber):
                if chamber not in state.chambers:
                    return f"{state.name} has one chamber: remove {entry!r} from the recipients, `senator` is enough"
            case UnknownRecipient(text):
                return f"unknown recipient {text!r}: is this relay older than the site?"
            case _:
                assert_never(recipient)
    except KeyError as error:
        return str(error.args[0])
    return ""


def _holders(state: State, recipient: RosterOffice) -> tuple[Legislator, ...]:
    """The chairs, or the leader. Raises KeyError if the roster does not know the office."""
    if isinstance(recipient, CommitteeChairs):
        return state.chairs(recipient.committee, recipient.chamber)
    return (state.leader(recipient.role),)


def _seat_key(chamber: Chamber, district: str, place: int) -> str:
    return f"{chamber} {district} {place}"


def _name_office(recipient: RosterOffice, member: Legislator) -> str:
    """A joint committee has a chair of each chamber, who is the same whether a campaign writes to one or both."""
    if isinstance(recipient, CommitteeChairs):
        recipient = CommitteeChairs(recipient.committee)
    return f"{recipient} {member.chamber}"


def _parse_office(office: str) -> tuple[RosterOffice, str]:
    text, _, chamber = office.rpartition(" ")
    recipient = parse_recipient(text)
    # Offices come from `_name_office`; a leader's title stands for anything else, and has no holder.
    return (recipient if isinstance(recipient, CommitteeChairs | Leader) else Leader(text)), chamber


def _await_seats(state: State, chamber: Chamber, district: str) -> dict[str, Addressee]:
    """A district's seats, by key, while it is unknown who holds them."""
    title, number = (
        state.titles[chamber],
        len(state.legislators(chamber, district)) + state.vacancies(chamber, district),
    )
    return {
        _seat_key(chamber, district, place): Addressee(
            "legislator", chamber, district, title, "", "", GREETING_SLOT, place=place
        )
        for place in range(number)
    }


def _await_office(member: Legislator, recipient: RosterOffice) -> Addressee:
    """The office that `member` held, and perhaps no longer does."""
    kind: Kind = "committee" if isinstance(recipient, CommitteeChairs) else "leader"
    office = _name_office(recipient, member)
    return Addressee(kind, "", "", title_office(office), "", "", GREETING_SLOT, office)


def _write_to_own(member: Legislator, state: State) -> Addressee:
    title, seat = state.titles[member.chamber], (member.chamber, member.district)
    greeting = f"{title} {member.surname}".strip()
    return Addressee("legislator", *seat, title, member.name, member.email, greeting, holds=seat)


def _write_to_office(member: Legislator, recipient: RosterOffice, state: State) -> Addressee:
    """As a chair or leader, not as the holder of a district that is not the writer's."""
    kind: Kind
    if isinstance(recipient, CommitteeChairs):
        kind, title = "committee", state.titles[member.chamber]
    else:
        kind, title = "leader", recipient.role.title()
    greeting, office = f"{title} {member.surname}".strip(), _name_office(recipient, member)
    seat = member.chamber, member.district
    return Addressee(kind, "", "", title, member.name, member.email, greeting, office, holds=seat)
