"""From the address fields of a form to one pair of districts, or to what has to be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from boundaries.model import Address, Answer, Pair
from boundaries.offices import Choice, list_choices
from boundaries.state import State
from relay import forms
from relay.keys.signing import Keys
from relay.letters.wording import disclose
from relay.web.choices import field_to_ask
from relay.web.letter_town import name_town
from theme.faults import Fault, FaultCode
from theme.fields import DISCLOSURES

ADDRESS: Final = ("street", "city", "zip")
CHOSEN: Final = ("district_senate", "district_house", "district_proof")
PROOF_LASTS: Final = timedelta(minutes=30)

_PURPOSE: Final = "districts of a place"
_CITY_REASONS: Final = frozenset({"unknown_town", "several_towns", "other_state"})


@dataclass(frozen=True, slots=True)
class Match:
    """What an address was matched to."""

    typed: Answer  # the answer for the address alone
    pair: Pair | None  # None until it is certain; then `faults` say what to ask and `choices` what to choose from
    address: Address  # as understood; once there is a pair, its town is the one that letters name, "" for none
    found_by: str = ""  # how, in words for an office; they reveal nothing of the street
    faults: tuple[Fault, ...] = ()
    choices: tuple[Choice, ...] = ()
    confirmed: bool = True  # the address lies in the pair, as far as anybody can tell; else no letter shows it


def check_address(values: Mapping[str, str], *, is_located: bool) -> tuple[Fault, ...]:
    """What is wrong with the address before any lookup. Beside a location no part of it is required; a letter that
    shows the street needs one."""
    faults = tuple(fault for fault in forms.check(values) if fault.field in ADDRESS)
    if is_located:
        return tuple(fault for fault in faults if fault.code != "required")
    shows_street = values.get("disclose", DISCLOSURES[0]) != DISCLOSURES[0]
    is_missing = shows_street and not values.get("street")
    return ((Fault("street", "required"),) if is_missing else ()) + faults


def match_districts(state: State, values: Mapping[str, str], proven: Pair | None) -> Match:
    """The districts of the address in a form. A pair chosen in it, or `proven` by a location, counts only if it is
    among that address's candidates."""
    typed = state.locate(*(values.get(name, "") for name in ADDRESS))
    needs_street = typed.status == "need_street"  # a choice would reveal more than its writer gave
    if not needs_street and (values.get("district_senate") or values.get("district_house")):
        return _match_choice(state, typed, values)
    if typed.status == "matched":
        return _certain(state, typed, values, typed.pairs[0], _describe_rule(typed))
    if proven is None:
        return _ask(state, typed)
    if typed.pairs and proven not in typed.pairs:
        return _undecided(state, typed, typed.pairs, "elsewhere")
    match = _certain(state, typed, values, proven, "the place where the writer's device was")
    return match if match.confirmed else replace(match, found_by=f"{match.found_by}; no address was matched to it")


def drop_street(state: State, match: Match, values: Mapping[str, str]) -> Match:
    """Without the street, if town and ZIP decide by themselves and the letter does not show it: then nothing of it is
    kept anywhere."""
    by_town = state.locate("", values.get("city", ""), values.get("zip", ""))
    if by_town.status != "matched" or values.get("disclose", DISCLOSURES[0]) != DISCLOSURES[0]:
        return match
    return replace(match, address=replace(match.address, number="", street=""))


def write_addresses(state: State, match: Match, values: Mapping[str, str]) -> Mapping[str, str]:
    """The address line of a letter for each of DISCLOSURES; the state's name if no town is known."""
    if not match.address.town:
        return dict.fromkeys(DISCLOSURES, state.name)
    street, zip_code = (values.get("street", ""), values.get("zip", "")) if match.confirmed else ("", "")
    name = match.address.street if match.confirmed else ""
    return {how: disclose(how, street, name, match.address.town, state.code.upper(), zip_code) for how in DISCLOSURES}


def sign_proof(state: State, pair: Pair, keys: Keys, now: datetime) -> str:
    """What a script posts as `district_proof` instead of a choice, for half an hour."""
    return keys.sign(_PURPOSE, f"{state.code}\n{pair.senate}\n{pair.house}", now + PROOF_LASTS)


def open_proof(state: State, proof: str, keys: Keys, now: datetime) -> Pair | None:
    """The pair that a proof is for; None if there is none, or it is not ours, or expired."""
    signed = keys.open(_PURPOSE, proof, now) if proof else None
    code, _, names = (signed or "").partition("\n")
    return Pair(*names.split("\n")) if signed and code == state.code else None


def show_address(address: Address) -> str:
    """An address as understood, on one line: "24 Beacon St, Boston, MA 02108"."""
    street = f"{address.number} {address.street}".strip()
    place = ", ".join(part for part in (street, address.town, address.state) if part)
    return f"{place} {address.zip}".strip()


def _certain(state: State, typed: Answer, values: Mapping[str, str], pair: Pair, found_by: str) -> Match:
    """An address that is not among the pair's is shown to nobody: it would contradict how the pair was found."""
    town = name_town(state, typed, values, pair)
    confirmed = pair in typed.pairs and bool(town)
    return Match(typed, pair, replace(typed.address, town=town), found_by, confirmed=confirmed)


def _describe_rule(typed: Answer) -> str:
    return typed.rule.partition(";")[0]


def _match_choice(state: State, typed: Answer, values: Mapping[str, str]) -> Match:
    """One district is enough if it decides; if not, the rest is asked."""
    senate, house = values.get("district_senate", ""), values.get("district_house", "")
    pairs = _candidates(state, typed).pairs
    chosen = tuple(pair for pair in pairs if senate in ("", pair.senate) and house in ("", pair.house))
    if not chosen:
        return _undecided(state, typed, pairs, "not_a_candidate")
    if len(chosen) > 1:
        return _undecided(state, typed, chosen, "required")
    by_choice = "the writer's own choice among the districts around their address"
    found_by = _describe_rule(typed) if typed.status == "matched" else by_choice
    return _certain(state, typed, values, chosen[0], found_by)


def _candidates(state: State, typed: Answer) -> Answer:
    """What there is to choose from: where a city in another state stands beside a ZIP of this one, the ZIP's towns."""
    by_zip = typed.address.zip and not typed.pairs
    return state.locate("", "", typed.address.zip) if by_zip else typed


def _undecided(state: State, typed: Answer, pairs: tuple[Pair, ...], code: FaultCode) -> Match:
    """What was chosen or proven does not decide among the pairs."""
    if typed.status == "need_street":
        return Match(typed, None, typed.address, faults=(Fault("street", code),))
    fault, town = Fault(field_to_ask(pairs), code), _candidates(state, typed).address.town
    return Match(typed, None, replace(typed.address, town=town), faults=(fault,), choices=list_choices(state, pairs))


def _ask(state: State, typed: Answer) -> Match:
    assert typed.reason, "an address that is not matched says why"
    if typed.status == "need_street":
        return Match(typed, None, typed.address, faults=(Fault("street", typed.reason),))
    candidates = _candidates(state, typed)
    field = "city" if typed.reason in _CITY_REASONS else "street"
    if typed.reason == "gap":
        field = field_to_ask(typed.pairs)
    fault = Fault(field, typed.reason, state=state.name)
    address, choices = replace(typed.address, town=candidates.address.town), list_choices(state, candidates.pairs)
    return Match(typed, None, address, faults=(fault,), choices=choices)
