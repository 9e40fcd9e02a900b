"""What can be wrong with what was typed: the relay finds it, the pages say it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

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
    """One thing to correct. The pages turn `code` into a sentence in the visitor's language. state: the name of the
    campaign's, where an address is in another."""

    field: str
    code: FaultCode
    limit: int = 0
    state: str = ""
