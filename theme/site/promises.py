"""What the privacy page says about time is filled in from the settings, and handed to the relay, which keeps to it."""

from collections.abc import Mapping
from typing import Any, Final

from theme.manifest import CEILING_DAYS, Promises
from theme.pages.languages import Language, language_of

ERASED_AFTER: Final = "BEACONPOST_ERASED_AFTER"
PRIVACY: Final = "privacy"  # the page that must say all of it
# Written in pages, in every language, where the periods belong.
SLOTS: Final[Mapping[str, str]] = {
    "[Erased after]": "erased_after",
    "[Unconfirmed after]": "unconfirmed_after",
    "[Ceiling]": "ceiling",
}


def read_promises(settings: Mapping[str, Any]) -> Promises:
    """Raises ValueError."""
    days = settings.get(ERASED_AFTER, Promises().erased_after)
    if not (isinstance(days, int) and 1 <= days <= CEILING_DAYS):
        raise ValueError(f"{ERASED_AFTER}: give a number of days from 1 to {CEILING_DAYS}, like 7")
    return Promises(erased_after=days)


def state_promises(text: str, promises: Promises, tag: str) -> str:
    """A page's text with the periods filled in, in its language."""
    for slot, name in SLOTS.items():
        text = text.replace(slot, show_days(getattr(promises, name), language_of(tag)))
    return text


def list_unsaid(slug: str, text: str) -> list[str]:
    """What the privacy page leaves out."""
    return [slot for slot in SLOTS if slot not in text] if slug == PRIVACY else []


def show_days(days: int, language: Language) -> str:
    # Translators: how long something is kept; stands after "erased" and before "after"
    text = language.ngettext("%(days)s day", "%(days)s days", days)
    return text % {"days": language.number(days)}
