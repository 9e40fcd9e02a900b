"""What to offer when an address does not identify a district, or identifies offices that take no e-mail.

All pages and JSON responses get the options from here, so none of them is a dead end.
"""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from theme.faults import Fault, FaultCode
from theme.manifest import Site
from theme.pages.languages import language_of

# place: texts that offer the device's location (ask, note, looking, failed). phones: text and href of the phone
# directory. None if the option would not help.
Fallbacks: TypeAlias = Mapping[str, Mapping[str, str] | None]

_UNRESOLVED: Final[frozenset[FaultCode]] = frozenset(
    (
        *("no_street", "po_box", "no_number", "gap", "several_streets", "unknown_street"),
        *("unknown_town", "several_towns", "other_state", "not_a_candidate", "elsewhere", "no_place"),
    )
)
_UNREACHABLE: Final[frozenset[FaultCode]] = frozenset(("vacant", "no_email"))


def find_fallbacks(faults: Sequence[Fault], site: Site, tag: str, *, always: bool = False) -> Fallbacks:
    """The options for these faults, in the language `tag`. always: offer the phone directory whatever the faults.

    The location is offered only when the address cannot decide, as the privacy page promises.
    """
    unresolved = any(fault.code in _UNRESOLVED or fault.field.startswith("district_") for fault in faults)
    unreachable = any(fault.code in _UNREACHABLE for fault in faults)
    return {
        "place": _offer_location(tag) if unresolved else None,
        "phones": _link_phones(site, tag) if unresolved or unreachable or always else None,
    }


def _offer_location(tag: str) -> Mapping[str, str]:
    _, pgettext = language_of(tag).gettext, language_of(tag).pgettext
    return {
        "ask": _("Use my location"),
        "note": pgettext(
            "safety",
            "To find the place, your phone may ask Apple, Google or another company. We use it once, for your "
            "district, and keep it nowhere.",
        ),
        "looking": _("Looking for your place…"),
        "failed": _("Your device gave no place in this state. Enter your address instead."),
    }


def _link_phones(site: Site, tag: str) -> Mapping[str, str]:
    _ = language_of(tag).gettext
    return {"text": _("Or call the offices: phone numbers by town"), "href": f"{site.url}{site.phones(tag)}"}
