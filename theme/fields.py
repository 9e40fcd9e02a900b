"""The form's fields, as the pages show them and the relay parses them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

InputType: TypeAlias = Literal["text", "email", "tel", "textarea"]


@dataclass(frozen=True, slots=True)
class Field:
    """One form field."""

    name: str
    label: str  # the English msgid, translated where it is shown
    max_chars: int  # Unicode code points; a line break counts as one
    # A WHATWG token; `street` is one line, so `address-line1`, not `street-address`. "": none. Never "off", which would
    # make browsers forget on Back what was typed.
    autocomplete: str = ""
    required: bool = False
    type: InputType = "text"
    inputmode: str = ""


FIELDS: Final = (
    # One of the two is enough: many people have a single name.
    Field("first_name", "First name", 60, "given-name"),
    Field("last_name", "Last name", 60, "family-name"),
    Field("email", "Email", 254, "email", required=True, type="email"),
    Field("street", "Street address", 120, "address-line1"),
    Field("city", "City or town", 60, "address-level2", required=True),
    Field("zip", "ZIP code", 10, "postal-code", required=True, inputmode="numeric"),
    Field("phone", "Phone", 30, "tel", type="tel"),
    Field("reason", "Why does this matter to you?", 1_000, type="textarea"),  # becomes the letter's first paragraph
    Field("subject", "Subject", 150),
    Field("message", "Your message", 10_000, type="textarea"),
    # To those of the writer's legislators who support what the message asks.
    Field("thanks_subject", "Subject of your thank-you letter", 150),
    Field("thanks_message", "Your thank-you letter", 5_000, type="textarea"),
)

# How much of the address the letter shows: only the town unless its writer chooses more.
DISCLOSURES: Final = ("town", "street", "full")
CHECKBOXES: Final = ("public_name", "join_list")  # off by default
# event: an organizer's code. brackets: "1" once the writer was asked about words left in brackets.
# idempotency_key: drawn by the page's script, the same for every try to send one letter.
HIDDEN: Final = (
    "lang", "district_house", "district_senate", "district_proof", "event", "brackets", "idempotency_key"
)  # fmt: skip
HONEYPOT: Final = "website"  # invisible to people; bots fill it in

FIELD: Final[Mapping[str, Field]] = {field.name: field for field in FIELDS}
