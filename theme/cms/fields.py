"""A field of the form for each key of a campaign's or a page's file, made from the validator that checks the key.

A validator that is new here raises KeyError: give it a field below. Source for the fields' options: the editor's
types/public.d.ts and https://sveltiacms.app/en/docs/fields.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from theme.site import validators
from theme.site.validators import HIGHEST, JOIN, NAMED, Choice, Text, Texts, Validator

Field: TypeAlias = dict[str, Any]  # one of the editor's, as it stands in its configuration

LABELS: Final[Mapping[str, str]] = {  # others are the key, as it reads
    "action": "What people do",
    "bills": "Bills",
    "campaign": "Name of the campaign",
    "closes": "Last day",
    "confirm": "Confirming by e-mail",
    "deliver_by": "Testimony ends",
    "goal": "Goal",
    "hearing": "When and where the hearing is",
    "join": "Box to join your list",
    "opens": "First day",
    "organiser": "Organizer's e-mail address",
    "participants": "First names on the page",
    "safety": "What writers should leave out",
    "subject": "Subject of every letter",
    "thanks_subject": "Subject of the letter of thanks",
    "translation": "Reviewed by a native speaker",
}
HINTS: Final[Mapping[str, str]] = {  # where the reference speaks of how a key is written, which the form does itself
    "bills": "their numbers, like H.3573",
    "committee": "that takes the testimony, as the notice says it",
    "join": "a box, unticked, with exactly these words, by which writers join your list. A translation has its own "
    "words, or no box",
    "organiser": "the first gets drafts, alerts and reports, all may open the campaign's desk",
    "recipients": "who is written to. Recipients that are not in this list are written in the file by hand, and stay "
    "in it",
    "state": "needed if there are several",
    "status": "a draft's letters go only to the organizer, marked [TEST]. A campaign that says nothing here yet is "
    "published",
    "subject": "may have placeholders, like [Town]",
    "translation": "only in a translation, never in the first language: “unreviewed” adds a note to the page",
}
PARTS: Final[Mapping[str, tuple[str, str]]] = {  # of keys with several values: label and hint
    "name": ("Name", ""),
    "email": ("E-mail address", ""),
    "greeting": ("Greeting", "Like Chairs and Members"),
    "text": ("Words of the box", "Like Send me news of this campaign"),
    "privacy": ("Page about privacy", "What you do with the list: an address that begins with https://"),
}
_EMAIL: Final = [r"^[^\s@]+@[^\s@]+\.[^\s@]+$", "This must be an e-mail address, like you@example.org"]
_SESSION: Final = [r"^\d{1,4}", "This must be a session's number or year, like 194 or 2025"]
_HTTPS: Final = [r"^https://\S+$", "This must begin with https://"]


def make_field(key: str, validator: Validator, meaning: str, *, required: bool | list[str], translated: bool) -> Field:
    """One field. meaning: of the key, for the reference. required: or the languages that it is required in."""
    return {
        "name": key,
        "label": LABELS.get(key, key.replace("_", " ").capitalize()),
        "hint": _capitalize(HINTS.get(key, meaning.replace("`", ""))),
        "required": required,
        **({"i18n": True} if translated else {}),
        **_FIELDS[validator if validator in _FIELDS else type(validator)](validator),
    }


def _capitalize(text: str) -> str:
    return text[:1].upper() + text[1:]


def make_choice(options: Mapping[str, str], *, multiple: bool = False) -> Field:
    """options: labels by value."""
    pairs = [{"label": label, "value": value} for value, label in options.items()]
    return {"widget": "select", "options": pairs} | ({"multiple": True} if multiple else {})


def _line(limit: int, **options: object) -> Field:
    return {"widget": "string", "maxlength": limit, "use_emoji_autocomplete": False, **options}


def _part(key: str, **options: object) -> Field:
    label, hint = PARTS[key]
    return {"name": key, "label": label, **({"hint": hint} if hint else {}), **options}


def _committee() -> Field:
    options = {"name": _line(120), "email": _line(254, pattern=_EMAIL), "greeting": _line(120, required=False)}
    return {"widget": "object", "fields": [_part(key, **options[key]) for key in NAMED]}


def _join() -> Field:
    options = {"text": _line(200, i18n=True), "privacy": _line(300, pattern=_HTTPS)}
    return {"widget": "object", "fields": [_part(key, **options[key]) for key in JOIN]}


_Maker: TypeAlias = Callable[[Any], Field]
_FIELDS: Final[Mapping[object, _Maker]] = {
    Text: lambda text: _line(text.limit),
    Texts: lambda texts: {"widget": "list", "pattern": [rf"^.{{0,{texts.limit}}}$", "This is too long"]},
    Choice: lambda choice: make_choice({option: option for option in choice.options}),
    validators.day: lambda _: {"widget": "datetime", "type": "date", "format": "YYYY-MM-DD"},
    validators.moment: lambda _: {"widget": "datetime", "format": "YYYY-MM-DD HH:mm"},
    validators.number: lambda _: {"widget": "number", "min": 1, "max": HIGHEST},
    validators.session: lambda _: _line(40, pattern=_SESSION),
    validators.emails: lambda _: {"widget": "list", "pattern": _EMAIL},
    validators.recipients: lambda _: {"widget": "select", "multiple": True},  # its options depend on the states
    validators.committee: lambda _: _committee(),
    validators.join: lambda _: _join(),
}
