"""From the address fields of a form to one pair of districts, or to what must be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from boundaries.model import Address, Answer, Chamber, Pair
from boundaries.state import State
from relay.contract import DISCLOSURES, Fault
from relay.letters.wording import disclose
from relay.web.keys import Keys
from theme.maps import Map, draw_map
from theme.seats import seats
from theme.views import Choice

ADDRESS: Final = ("street", "city", "zip")
CHOSEN: Final = ("district_senate", "district_house", "district_proof")
PROOF_LASTS: Final = timedelta(minutes=30)

_PURPOSE: Final = "districts of a place"
_AT_CITY: Final = frozenset({"unknown_town", "several_towns", "other_state"})


@dataclass(frozen=True, slots=True)
class Found:
    """`pair` is None until it is certain; then `faults` says what to ask and `choices` what there is to choose.

    address: as understood; once there is a pair, its town is the one that letters name, "" for none. found_by: how, in
    words that an office may read; they hold nothing of the street. confirmed: whether the address lies in the pair, as
    far as anybody can tell; else no letter shows it.
    """

    pair: Pair | None
    address: Address
    found_by: str = ""
    faults: tuple[Fault, ...] = ()
    choices: tuple[Choice, ...] = ()
    confirmed: bool = True


def find(state: State, values: Mapping[str, str], keys: Keys, now: datetime) -> Found:
    """The districts of the address in a form. A pair chosen in it, or proven by a place on the map, counts only
    among that address's candidates."""
    answer = state.locate(*(values.get(name, "") for name in ADDRESS))
    if answer.status == "need_street":
        return _ask(state, answer)
    senate, house = values.get("district_senate", ""), values.get("district_house", "")
    if senate or house:
        return _choose(state, answer, senate, house, values.get("city", ""))
    if answer.status == "matched":
        return Found(answer.pairs[0], name_town(answer, values.get("city", "")), answer.rule.partition(";")[0])
    proven = open_proof(state, values.get("district_proof", ""), keys, now)
    if proven is None:
        return _ask(state, answer)
    if answer.pairs and proven not in answer.pairs:
        return _refuse(state, answer)
    return find_around(state, answer, values.get("city", ""), proven)


def find_around(state: State, typed: Answer, city: str, pair: Pair) -> Found:
    """The districts of the device's place, and what an address typed beside it is worth there.

    The town as typed is named if it lies in these districts, at least in part; else theirs, if they have only one. An
    address that is not among them is shown to nobody: it would contradict how the district was found.
    """
    fits = pair in typed.pairs
    town = typed.address.town if fits else ""
    if not town:
        alone = state.locate("", city, "")  # the ZIP may be what lies elsewhere
        town = (alone.address.town or city) if pair in alone.pairs else ""
        fits = fits and bool(town)
    if not town:
        theirs = [one for one in state.towns if pair in state.town_pairs(one)]
        town = theirs[0] if len(theirs) == 1 else ""
    how = "the place where the writer's device was" + ("" if fits else "; no address was matched to it")
    return Found(pair, replace(typed.address, town=town), how, confirmed=fits)


def write_addresses(state: State, found: Found, values: Mapping[str, str]) -> Mapping[str, str]:
    """The address line of a letter by each of DISCLOSURES: the state's name where no town is known."""
    if not found.address.town:
        return dict.fromkeys(DISCLOSURES, state.name)
    street, zip_code = (values.get("street", ""), values.get("zip", "")) if found.confirmed else ("", "")
    name = found.address.street if found.confirmed else ""
    return {how: disclose(how, street, name, found.address.town, state.code.upper(), zip_code) for how in DISCLOSURES}


def sign_proof(state: State, pair: Pair, keys: Keys, now: datetime) -> str:
    """What a script posts as `district_proof` instead of a choice, for half an hour."""
    return keys.sign(_PURPOSE, f"{state.code}\n{pair.senate}\n{pair.house}", now + PROOF_LASTS)


def open_proof(state: State, proof: str, keys: Keys, now: datetime) -> Pair | None:
    said = keys.open(_PURPOSE, proof, now) if proof else None
    code, _, names = (said or "").partition("\n")
    return Pair(*names.split("\n")) if said and code == state.code else None


def name_town(answer: Answer, city: str) -> Address:
    """The address with the town as typed, where it is not known to be another."""
    return replace(answer.address, town=answer.address.town or city)


def _choose(state: State, answer: Answer, senate: str, house: str, city: str) -> Found:
    """`senate` or `house` may be empty where the other alone decides."""
    fitting = [pair for pair in answer.pairs if senate in ("", pair.senate) and house in ("", pair.house)]
    if not fitting:
        return _refuse(state, answer)
    if len(fitting) > 1:
        return _ask(state, answer)
    if answer.status == "matched":
        return Found(fitting[0], name_town(answer, city), answer.rule.partition(";")[0])
    return Found(
        fitting[0], name_town(answer, city), "the writer's own choice among the districts around their address"
    )


def _refuse(state: State, answer: Answer) -> Found:
    choices = list_choices(state, answer.pairs)
    return Found(None, answer.address, faults=(Fault(_question(answer.pairs), "not_a_candidate"),), choices=choices)


def _ask(state: State, answer: Answer) -> Found:
    assert answer.reason, "an address that is not matched says why"
    if answer.status == "need_street":
        return Found(None, answer.address, faults=(Fault("street", answer.reason),))
    field = "city" if answer.reason in _AT_CITY else "street"
    if answer.reason == "gap":
        field = _question(answer.pairs)
    choices = list_choices(state, answer.pairs)
    return Found(None, answer.address, faults=(Fault(field, answer.reason),), choices=choices)


def _question(pairs: tuple[Pair, ...]) -> str:
    """The field that asks: by the representative if that alone decides, as it nearly always does."""
    houses = {pair.house for pair in pairs if pair.house}
    return "district_house" if len(houses) == len(pairs) else "district_senate"


def list_choices(state: State, pairs: tuple[Pair, ...]) -> tuple[Choice, ...]:
    """The pairs with who holds them."""
    return tuple(Choice(seats(state, "senate", pair.senate), seats(state, "house", pair.house)) for pair in pairs)


def pair_of(choice: Choice) -> Pair:
    """The districts that a choice is of."""
    return Pair(choice.senate[0].district, choice.house[0].district if choice.house else "")


def draw_choices(state: State, choices: tuple[Choice, ...], town: str) -> Map | None:
    """The map of what there is to choose in a town ("" if it is not known): of the chamber that the page asks about."""
    if not choices:
        return None
    pairs = tuple(pair_of(choice) for choice in choices)
    if _question(pairs) == "district_house":
        return draw_map(state, "house", tuple(pair.house for pair in pairs), town)
    return draw_map(state, "senate", tuple(dict.fromkeys(pair.senate for pair in pairs)), town)


def draw_district(state: State, chamber: Chamber, district: str) -> Map | None:
    """One district by itself; None where the state has it no more."""
    try:
        state.district(chamber, district)
    except KeyError:
        return None
    return draw_map(state, chamber, (district,))


def show_address(address: Address) -> str:
    """An address as understood, in one line: "24 Beacon St, Boston, MA 02108"."""
    street = f"{address.number} {address.street}".strip()
    place = ", ".join(part for part in (street, address.town, address.state) if part)
    return f"{place} {address.zip}".strip()
