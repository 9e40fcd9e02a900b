"""Form errors. The relay finds them, the pages explain them."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

FaultCode: TypeAlias = Literal[
    "required",
    "too_long",
    "invalid",  # not an e-mail address, not a ZIP, not one of the choices
    "unprintable",  # what cannot be read in any encoding that we know
    "foreign_letters",  # an e-mail address with letters before the @ that many mail systems cannot write
    "brackets",  # words in brackets that nobody fills in; the writer may send them all the same
    # the district is unknown: the rest of boundaries.model.Reason
    "no_street",
    "po_box",
    "no_number",
    "gap",
    "several_streets",
    "unknown_street",
    "unknown_town",
    "several_towns",
    "other_state",
    "not_a_candidate",  # the chosen pair is not one of the address's candidates
    "elsewhere",  # nor is the pair at the device's location
    "no_place",  # the device is not in the state
    "vacant",  # the seats this campaign writes to are vacant
    "no_email",  # the members who hold them have no e-mail address
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One form error. Pages turn `code` into a sentence in the visitor's language."""

    field: str
    code: FaultCode
    limit: int = 0  # for `too_long`: the most characters
    letters: str = ""  # for `foreign_letters`: which
    state: str = ""  # for `other_state`: the name of the campaign's state
