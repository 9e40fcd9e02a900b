"""From the address fields of a form to one pair of districts, or to what must be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from boundaries.model import Address, Answer, Pair
from boundaries.state import State
from relay.contract import DISCLOSURES, Fault, FaultCode
from relay.letters.wording import disclose
from relay.web.choices import list_choices, question
from relay.web.keys import Keys
from theme.views import Choice

ADDRESS: Final = ("street", "city", "zip")
CHOSEN: Final = ("district_senate", "district_house", "district_proof")
PROOF_LASTS: Final = timedelta(minutes=30)

_PURPOSE: Final = "districts of a place"
_AT_CITY: Final = frozenset({"unknown_town", "several_towns", "other_state"})


@dataclass(frozen=True, slots=True)
class Found:
    """`pair` is None until it is certain; then `faults` says what to ask and `choices` what there is to choose.

    typed: what the address alone was found to mean. address: as understood; once there is a pair, its town is the one
    that letters name, "" for none. found_by: how, in words that an office may read; they hold nothing of the street.
    confirmed: whether the address lies in the pair, as far as anybody can tell; else no letter shows it.
    """

    typed: Answer
    pair: Pair | None
    address: Address
    found_by: str = ""
    faults: tuple[Fault, ...] = ()
    choices: tuple[Choice, ...] = ()
    confirmed: bool = True


def find(state: State, values: Mapping[str, str], proven: Pair | None) -> Found:
    """The districts of the address in a form. A pair chosen in it, or `proven` by a place on the map, counts only
    among that address's candidates."""
    typed = state.locate(*(values.get(name, "") for name in ADDRESS))
    if typed.status == "need_street":
        return _ask(state, typed)
    if values.get("district_senate") or values.get("district_house"):
        return _choose(state, typed, values)
    if typed.status == "matched":
        return _match(typed, values.get("city", ""))
    if proven is None:
        return _ask(state, typed)
    if typed.pairs and proven not in typed.pairs:
        return _refuse(state, typed, "elsewhere")
    return _find_around(state, typed, values.get("city", ""), proven)


def _match(typed: Answer, city: str) -> Found:
    return Found(typed, typed.pairs[0], name_town(typed, city), typed.rule.partition(";")[0])


def _find_around(state: State, typed: Answer, city: str, pair: Pair) -> Found:
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
    return Found(typed, pair, replace(typed.address, town=town), how, confirmed=fits)


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
    """The pair that a proof is of; None if there is none, or it is not ours, or over."""
    said = keys.open(_PURPOSE, proof, now) if proof else None
    code, _, names = (said or "").partition("\n")
    return Pair(*names.split("\n")) if said and code == state.code else None


def name_town(answer: Answer, city: str) -> Address:
    """The address with the town as typed, where it is not known to be another."""
    return replace(answer.address, town=answer.address.town or city)


def _choose(state: State, typed: Answer, values: Mapping[str, str]) -> Found:
    """Either district may be missing where the other alone decides."""
    senate, house = values.get("district_senate", ""), values.get("district_house", "")
    fitting = [pair for pair in typed.pairs if senate in ("", pair.senate) and house in ("", pair.house)]
    if not fitting:
        return _refuse(state, typed, "not_a_candidate")
    if len(fitting) > 1:
        return _ask(state, typed)
    if typed.status == "matched":
        return _match(typed, values.get("city", ""))
    how = "the writer's own choice among the districts around their address"
    return Found(typed, fitting[0], name_town(typed, values.get("city", "")), how)


def _refuse(state: State, typed: Answer, code: FaultCode) -> Found:
    """Whatever was chosen or proven is none of the address's candidates."""
    choices = list_choices(state, typed.pairs)
    return Found(typed, None, typed.address, faults=(Fault(question(typed.pairs), code),), choices=choices)


def _ask(state: State, typed: Answer) -> Found:
    assert typed.reason, "an address that is not matched says why"
    if typed.status == "need_street":
        return Found(typed, None, typed.address, faults=(Fault("street", typed.reason),))
    field = "city" if typed.reason in _AT_CITY else "street"
    if typed.reason == "gap":
        field = question(typed.pairs)
    choices = list_choices(state, typed.pairs)
    return Found(typed, None, typed.address, faults=(Fault(field, typed.reason),), choices=choices)


def show_address(address: Address) -> str:
    """An address as understood, in one line: "24 Beacon St, Boston, MA 02108"."""
    street = f"{address.number} {address.street}".strip()
    place = ", ".join(part for part in (street, address.town, address.state) if part)
    return f"{place} {address.zip}".strip()
