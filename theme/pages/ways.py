"""The ways on for whoever's address does not decide, or decides for nobody who can be written to. Every page and every
JSON answer has them from here, so that none is without."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from theme.faults import Fault, FaultCode
from theme.manifest import Site
from theme.pages.languages import language_of

# place: the words that offer the device's own place: ask, note, failed. phones: text and href of the offices' numbers.
# None for what would not help.
Ways: TypeAlias = Mapping[str, Mapping[str, str] | None]

_ASTRAY: Final[frozenset[FaultCode]] = frozenset(
    (
        *("no_street", "po_box", "no_number", "gap", "several_streets", "unknown_street"),
        *("unknown_town", "several_towns", "other_state", "not_a_candidate", "elsewhere", "no_place"),
    )
)
_UNWRITTEN: Final[frozenset[FaultCode]] = frozenset(("vacant", "no_email"))


def name_ways(faults: Sequence[Fault], site: Site, tag: str, *, always: bool = False) -> Ways:
    """What else leads on from these faults, in the language `tag`. always: the numbers, whatever the faults. A place is
    asked of nobody whose address may still decide: the privacy page promises that."""
    astray = any(one.code in _ASTRAY or one.field.startswith("district_") for one in faults)
    unwritten = any(one.code in _UNWRITTEN for one in faults)
    return {
        "place": _name_place(tag) if astray else None,
        "phones": _name_phones(site, tag) if astray or unwritten or always else None,
    }


def _name_place(tag: str) -> Mapping[str, str]:
    _, pgettext = language_of(tag).gettext, language_of(tag).pgettext
    return {
        "ask": _("Use my location"),
        "note": pgettext(
            "safety",
            "Your device may ask its maker where it is. We use the place once, for your district, and keep it nowhere.",
        ),
        "failed": _("Your device gave no place in this state. Enter your address instead."),
    }


def _name_phones(site: Site, tag: str) -> Mapping[str, str]:
    _ = language_of(tag).gettext
    return {"text": _("Or call the offices: phone numbers by town"), "href": f"{site.url}{site.phones(tag)}"}
