"""The interface's languages: gettext catalogues under locale/, and which way each is written."""

from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Final, Literal

LOCALE: Final = Path(__file__).parent / "locale"
DOMAIN: Final = "beaconpost"

# Each language by its own name, as its readers look for it.
ENDONYMS: Final = {
    "en": "English",
    "es": "Español",
    "pt": "Português",
    "ht": "Kreyòl ayisyen",
    "zh-hans": "简体中文",
    "vi": "Tiếng Việt",
    "ar": "العربية",
}
_RIGHT_TO_LEFT: Final = frozenset({"ar", "dv", "fa", "he", "ps", "ur", "yi"})


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations of a lower-case tag such as `es` or `zh-hans`; English where there are none."""
    primary, _, script = language.partition("-")
    names = [f"{primary}_{script.title()}", primary] if script else [primary]
    return translation(DOMAIN, LOCALE, names, fallback=True)


def direction(language: str) -> Literal["ltr", "rtl"]:
    """The value of `dir` for a page in this language."""
    return "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"
