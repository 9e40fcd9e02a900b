"""From the address fields of a form to one pair of districts, or to what must be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from boundaries.model import Address, Answer, Pair
from boundaries.state import State
from relay.keys import Keys
from relay.letters.wording import disclose
from relay.web.choices import list_choices, question
from relay.web.letter_town import name_town
from theme.faults import Fault, FaultCode
from theme.fields import DISCLOSURES
from theme.pages.views import Choice

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
    needs_street = typed.status == "need_street"  # a choice would say more than its writer gave
    if not needs_street and (values.get("district_senate") or values.get("district_house")):
        return _choose(state, typed, values)
    if typed.status == "matched":
        return _settle(state, typed, values, typed.pairs[0], _say_rule(typed))
    if proven is None:
        return _ask(state, typed)
    if typed.pairs and proven not in typed.pairs:
        return _refuse(state, typed, typed.pairs, "elsewhere")
    found = _settle(state, typed, values, proven, "the place where the writer's device was")
    return found if found.confirmed else replace(found, found_by=f"{found.found_by}; no address was matched to it")


def _settle(state: State, typed: Answer, values: Mapping[str, str], pair: Pair, found_by: str) -> Found:
    """Certain. An address that is not among the pair's is shown to nobody: it would contradict how that was found."""
    town = name_town(state, typed, values, pair)
    fits = pair in typed.pairs and bool(town)
    return Found(typed, pair, replace(typed.address, town=town), found_by, confirmed=fits)


def _say_rule(typed: Answer) -> str:
    return typed.rule.partition(";")[0]


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


def _choose(state: State, typed: Answer, values: Mapping[str, str]) -> Found:
    """Either district may be missing where the other alone decides; where it does not, what is left is asked."""
    senate, house = values.get("district_senate", ""), values.get("district_house", "")
    pairs = _candidates(state, typed).pairs
    fitting = tuple(pair for pair in pairs if senate in ("", pair.senate) and house in ("", pair.house))
    if not fitting:
        return _refuse(state, typed, pairs, "not_a_candidate")
    if len(fitting) > 1:
        return _refuse(state, typed, fitting, "required")
    own = "the writer's own choice among the districts around their address"
    return _settle(state, typed, values, fitting[0], _say_rule(typed) if typed.status == "matched" else own)


def _candidates(state: State, typed: Answer) -> Answer:
    """What there is to choose from: where a city of another state stands beside a ZIP of this one, the ZIP's towns."""
    by_zip = typed.address.zip and not typed.pairs
    return state.locate("", "", typed.address.zip) if by_zip else typed


def _refuse(state: State, typed: Answer, pairs: tuple[Pair, ...], code: FaultCode) -> Found:
    """Whatever was chosen or proven does not decide among the pairs."""
    if typed.status == "need_street":
        return Found(typed, None, typed.address, faults=(Fault("street", code),))
    fault, town = Fault(question(pairs), code), _candidates(state, typed).address.town
    return Found(typed, None, replace(typed.address, town=town), faults=(fault,), choices=list_choices(state, pairs))


def _ask(state: State, typed: Answer) -> Found:
    assert typed.reason, "an address that is not matched says why"
    if typed.status == "need_street":
        return Found(typed, None, typed.address, faults=(Fault("street", typed.reason),))
    among = _candidates(state, typed)
    field = "city" if typed.reason in _AT_CITY else "street"
    if typed.reason == "gap":
        field = question(typed.pairs)
    fault = Fault(field, typed.reason, state=state.name)
    address, choices = replace(typed.address, town=among.address.town), list_choices(state, among.pairs)
    return Found(typed, None, address, faults=(fault,), choices=choices)


def show_address(address: Address) -> str:
    """An address as understood, in one line: "24 Beacon St, Boston, MA 02108"."""
    street = f"{address.number} {address.street}".strip()
    place = ", ".join(part for part in (street, address.town, address.state) if part)
    return f"{place} {address.zip}".strip()
