"""The form's fields: what a constituent is asked, as the pages show it and the relay reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

InputType: TypeAlias = Literal["text", "email", "tel", "textarea"]


@dataclass(frozen=True, slots=True)
class Field:
    """One question a person answers. `label` is the English msgid, translated where it is shown.

    max_chars: Unicode code points, line ends counted as one. autocomplete: a WHATWG token; `street` is one line,
    so `address-line1`, not `street-address`.
    """

    name: str
    label: str
    max_chars: int
    autocomplete: str = "off"
    required: bool = False
    type: InputType = "text"
    inputmode: str = ""


FIELDS: Final = (
    Field("first_name", "First name", 60, "given-name", required=True),
    Field("last_name", "Last name", 60, "family-name", required=True),
    Field("email", "Email", 254, "email", required=True, type="email"),
    Field("street", "Street address", 120, "address-line1"),
    Field("city", "City or town", 60, "address-level2", required=True),
    Field("zip", "ZIP code", 10, "postal-code", required=True, inputmode="numeric"),
    Field("phone", "Phone", 30, "tel", type="tel"),
    Field("subject", "Subject", 150),
    Field("message", "Your message", 10_000, type="textarea"),
)

# How much of the address goes into the letter. Nothing beyond the town unless its writer says so.
DISCLOSURES: Final = ("town", "street", "full")
CHECKBOXES: Final = ("public_name", "join_list")  # off unless ticked
HIDDEN: Final = ("lang", "district_house", "district_senate", "district_proof")
HONEYPOT: Final = "website"  # people do not see it, robots fill it in

FIELD: Final[Mapping[str, Field]] = {field.name: field for field in FIELDS}
