"""To whom a campaign's letters go, from the roster and the manifest, and what may stand in the way."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from boundaries.model import Chamber, Legislator, Pair
from boundaries.state import State
from relay.letters import GREETED, Kind
from theme.manifest import COMMITTEE, LEADER, ROLES, Campaign, NamedRecipient, Recipient

CHAMBER_OF: Final[dict[str, Chamber]] = {"senator": "senate", "representative": "house"}


@dataclass(frozen=True, slots=True)
class Addressee:
    """One office to write to. greeting: what `[Legislator]` becomes. chamber, district: "" for who holds no seat.
    office: a chair's or leader's, as `address_office` finds whoever holds it. place: which of a district's seats it is
    of, while it is not known who holds them. holds: the seat whose holder this is; None for nobody in the roster."""

    kind: Kind
    chamber: Chamber | Literal[""]
    district: str
    title: str
    name: str
    email: str
    greeting: str
    office: str = ""
    place: int = 0
    holds: tuple[Chamber, str] | None = None

    @property
    def full_name(self) -> str:
        return f"{self.title} {self.name}".strip()

    @property
    def identity(self) -> str:
        """What tells this office from the others that a person writes to."""
        return self.email or self.office or f"{self.chamber} {self.district} {self.place or ''}".strip()


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A seat to which no letter goes. name: of its holder, who has no e-mail address; "" while it is vacant."""

    chamber: Chamber
    district: str
    name: str = ""


def address_letters(
    campaign: Campaign, state: State, pair: Pair, outdated: Callable[[Chamber, str], bool] = lambda *_: False
) -> list[Addressee]:
    """Whom a person in `pair` writes to: their own legislators, then the others, each in the campaign's order.

    outdated: whether a seat may have changed hands since the roster was made. Its letter, or one to the chair or leader
    who held it, is written to nobody yet: no address, and `[Legislator]` stays in it until somebody is known.
    Nobody gets two letters: a committee's chair who is the writer's own senator is written to as that.
    """
    found: dict[str, Addressee] = {}
    for recipient in sorted(campaign.recipients, key=lambda one: one not in ROLES):
        if isinstance(recipient, NamedRecipient):
            to = Addressee("named", "", "", "", recipient.name, recipient.email, recipient.greeting)
            found.setdefault(to.email.lower(), to)
        elif recipient.startswith((COMMITTEE, LEADER)):
            for holder in _holders(state, recipient):
                if not holder.email:
                    continue
                to = _write_to_holder(holder, recipient, state, pair)
                if not outdated(holder.chamber, holder.district):
                    found.setdefault(to.email.lower(), to)
                elif to.kind != "legislator" or f"{(to.chamber, to.district)} 0" not in found:
                    unknown = _await(holder, recipient)
                    found[unknown.office] = unknown
        else:
            seat = _seat(recipient, pair)
            if outdated(*seat):
                for place in range(len(state.legislators(*seat)) + state.vacancies(*seat)):
                    found[f"{seat} {place}"] = _await_seat(state, *seat, place)
            else:
                for to in address_seat(state, *seat):
                    found.setdefault(to.email.lower(), to)
    return list(found.values())


def address_seat(state: State, chamber: Chamber, district: str) -> list[Addressee]:
    """Who represents a district by now and can be written to; nobody while it is vacant."""
    return [_write_to(member, state, "legislator") for member in state.legislators(chamber, district) if member.email]


def address_office(state: State, office: str, outdated: Callable[[Chamber, str], bool]) -> list[Addressee]:
    """Who chairs or leads by now, as `Addressee.office` names it; nobody while nobody is known to."""
    recipient, chamber = _split_office(office)
    try:
        holders = _holders(state, recipient)
    except KeyError:
        return []
    known = [one for one in holders if one.email and one.chamber == chamber and not outdated(one.chamber, one.district)]
    return [_write_as(one, recipient, state) for one in known]


def title_office(office: str) -> str:
    """What an office is called while it is not known who holds it: "Chair of Judiciary", "Speaker"."""
    recipient, _ = _split_office(office)
    return f"Chair of {_committee(recipient)}" if recipient.startswith(COMMITTEE) else _role(recipient).title()


def find_unwritten(campaign: Campaign, state: State, pair: Pair) -> list[Unwritten]:
    """The seats that a campaign means and cannot write to."""
    seats = [_seat(recipient, pair) for recipient in campaign.recipients if recipient in ROLES]
    found: list[Unwritten] = []
    for seat in seats:
        found += [Unwritten(*seat, member.name) for member in state.legislators(*seat) if not member.email]
        found += [Unwritten(*seat)] * state.vacancies(*seat)
    return found


def find_obstacle(campaign: Campaign, state: State, allowed_domains: frozenset[str] | None) -> str:
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
            try:
                if not any(chair.email for chair in state.chairs(_committee(recipient))):
                    return (
                        f"the roster knows no chair of {_committee(recipient)!r} who has an e-mail address: name"
                        " somebody with one instead"
                    )
            except KeyError as error:
                return str(error.args[0])
        elif recipient.startswith(LEADER):
            try:
                if not state.leader(_role(recipient)).email:
                    return f"the {_role(recipient)} has no e-mail address in the roster: name somebody with one instead"
            except KeyError as error:
                return str(error.args[0])
        elif recipient not in CHAMBER_OF:
            return f"recipient {recipient!r} is not known: is this relay older than the site?"
        elif CHAMBER_OF[recipient] not in state.chambers:
            return f"{state.name} has one chamber: take {recipient!r} out of the recipients, `senator` is enough"
    return ""


def _seat(role: Recipient, pair: Pair) -> tuple[Chamber, str]:
    chamber = CHAMBER_OF[str(role)]
    return chamber, pair.senate if chamber == "senate" else pair.house


def _committee(recipient: str) -> str:
    return recipient.removeprefix(COMMITTEE).strip()


def _role(recipient: str) -> str:
    return recipient.removeprefix(LEADER).strip()


def _holders(state: State, recipient: str) -> tuple[Legislator, ...]:
    """The chairs, or the leader, that a recipient names. KeyError if the roster knows no such office."""
    if recipient.startswith(COMMITTEE):
        return state.chairs(_committee(recipient))
    return (state.leader(_role(recipient)),)


def _write_to_holder(member: Legislator, recipient: str, state: State, pair: Pair) -> Addressee:
    """Whoever happens to be the writer's own is written to as that."""
    own = member.district == (pair.senate if member.chamber == "senate" else pair.house)
    return _write_to(member, state, "legislator") if own else _write_as(member, recipient, state)


def _write_as(member: Legislator, recipient: str, state: State) -> Addressee:
    office = _name_office(recipient, member)
    if recipient.startswith(COMMITTEE):
        return _write_to(member, state, "committee", office=office)
    return _write_to(member, state, "leader", _role(recipient), office)


def _name_office(recipient: str, member: Legislator) -> str:
    """A joint committee has a chair of each chamber."""
    return f"{recipient} {member.chamber}"


def _split_office(office: str) -> tuple[str, str]:
    recipient, _, chamber = office.rpartition(" ")
    return recipient, chamber


def _await_seat(state: State, chamber: Chamber, district: str, place: int) -> Addressee:
    """A seat of which it is not known who holds it."""
    return Addressee("legislator", chamber, district, state.titles[chamber], "", "", GREETED, place=place)


def _await(member: Legislator, recipient: str) -> Addressee:
    """The office that `member` held, of whom it is not known whether they still do."""
    kind: Kind = "committee" if recipient.startswith(COMMITTEE) else "leader"
    office = _name_office(recipient, member)
    return Addressee(kind, "", "", title_office(office), "", "", GREETED, office)


def _write_to(member: Legislator, state: State, kind: Kind, role: str = "", office: str = "") -> Addressee:
    """A chair or leader is written to as that, not as the holder of a district that is not the writer's."""
    title = role.title() or state.titles[member.chamber]
    holds = member.chamber, member.district
    seat: tuple[Chamber | Literal[""], str] = holds if kind == "legislator" else ("", "")
    greeting = f"{title} {member.family_name}"
    return Addressee(kind, *seat, title, member.name, member.email, greeting, office, holds=holds)
