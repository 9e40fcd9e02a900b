"""The interface languages: catalogs in theme/locale/, date and number formats, and writing direction.

The `.po` files are the only copy. A catalog is compiled in memory when its language is first used (a few milliseconds
per process), so no binary is committed and none can be out of date.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_datetime_format
from babel.lists import format_list
from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LOCALE: Final = Path(__file__).parents[1] / "locale"
DOMAIN: Final = "beaconpost"
SOURCE: Final = "en"  # the language of msgids

# Each language's name for itself.
ENDONYMS: Final = {
    "en": "English",
    "es": "Español",
    "pt": "Português",
    "ht": "Kreyòl ayisyen",
    "zh-hans": "简体中文",
    "vi": "Tiếng Việt",
    "ar": "العربية",
}
# What browsers send for our languages: Chinese usually comes with a region, not a script.
_ALIASES: Final = {"zh": "zh-hans", "zh-cn": "zh-hans", "zh-sg": "zh-hans"}
_RIGHT_TO_LEFT: Final = frozenset({"ar", "dv", "fa", "he", "ps", "ur", "yi"})
# The CLDR has French month names, and a French "and", for Haitian Creole.
# fmt: off
_HAITIAN_MONTHS: Final = (
    "janvye", "fevriye", "mas", "avril", "me", "jen", "jiyè", "out", "septanm", "oktòb", "novanm", "desanm",
)
# fmt: on

# gettext contexts of messages by which people decide whether writing is safe, or what they agree to.
SENSITIVE: Final = ("safety", "consent")
REVIEWED: Final = "reviewed by"  # start of a translator comment, followed by who and when


@dataclass(frozen=True, slots=True)
class Language:
    """One interface language."""

    tag: str
    translations: NullTranslations
    locale: Locale
    unreviewed: tuple[tuple[str, str], ...] = ()  # (context, msgid) of messages no native speaker has checked

    def gettext(self, message: str) -> str:
        return self.translations.gettext(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.translations.ngettext(singular, plural, n)

    def pgettext(self, context: str, message: str) -> str:
        return self.translations.pgettext(context, message)

    def day(self, value: date) -> str:
        """A long date, like "June 30, 2027"."""
        if self.locale.language == "ht":
            return f"{value.day} {_HAITIAN_MONTHS[value.month - 1]} {value.year}"
        return format_date(value, "long", self.locale)

    def moment(self, value: datetime) -> str:
        """A date and time of day, in the time zone of `value`."""
        pattern = str(get_datetime_format("long", locale=self.locale))
        time = format_time(value, "short", locale=self.locale)
        return pattern.replace("'", "").replace("{1}", self.day(value)).replace("{0}", time)

    def deadline(self, value: datetime, zone: ZoneInfo) -> str:
        """A moment with its time zone's name. value: in that zone, and naive."""
        return f"{self.moment(value)} ({value.replace(tzinfo=zone).tzname()})"

    def listed(self, names: Sequence[str]) -> str:
        """ "Ana, Ben, and Carla"; "" of none."""
        if self.locale.language == "ht":
            return " ak ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
        return format_list(names, locale=self.locale) if names else ""

    def number(self, value: int) -> str:
        return format_decimal(value, locale=self.locale)


@cache
def language_of(tag: str) -> Language:
    """The language for a lower-case tag such as `es` or `zh-hans`; English messages if it has no catalog."""
    for name in _names(tag):
        if (path := LOCALE / f"{name}.po").is_file():
            catalog = read_catalog(path)
            unreviewed = tuple(
                (message.context or "", _source(message))
                for message in catalog
                if message.id and not is_reviewed(message)
            )
            return Language(tag, _compile(catalog), _locale(tag), unreviewed)
    return Language(tag, NullTranslations(), _locale(tag))


def has_catalog(tag: str) -> bool:
    """Whether Beaconpost's own words are translated into a language."""
    return tag.partition("-")[0] == SOURCE or any((LOCALE / f"{name}.po").is_file() for name in _names(tag))


def read_catalog(path: Path) -> Catalog:
    """Read a `.po` file with Babel."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem, domain=DOMAIN)


def is_reviewed(message: Message) -> bool:
    """Whether a native speaker has signed off a translation. Without a comment, nobody has."""
    return any(comment.startswith(REVIEWED) for comment in message.user_comments)


def unreviewed_sensitive(tag: str) -> tuple[str, ...]:
    """The msgids about safety and consent whose translation no native speaker has checked."""
    return tuple(
        message for sensitive in SENSITIVE for context, message in language_of(tag).unreviewed if context == sensitive
    )


def direction(tag: str) -> Literal["ltr", "rtl"]:
    """The `dir` attribute for a page in this language."""
    return "rtl" if tag.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def choose_language(accepted: str, offered: Iterable[str]) -> str | None:
    """The best of the languages `offered` for an Accept-Language header (RFC 9110 section 12.5.4), or None."""
    known = frozenset(offered)
    for tag in _parse_accept_language(accepted):
        primary = tag.partition("-")[0]
        for candidate in (tag, _ALIASES.get(tag, ""), primary, _ALIASES.get(primary, "")):
            if candidate in known:
                return candidate
    return None


def _parse_accept_language(accepted: str) -> list[str]:
    """The header's tags, most preferred first, without rejected and malformed ones."""
    tags: list[tuple[float, str]] = []
    for item in accepted.lower().split(","):
        tag, _, weight = item.replace(" ", "").partition(";q=")
        try:
            tags.append((float(weight or 1), tag))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(tags, key=lambda weighted: -weighted[0]) if weight > 0]


def _names(tag: str) -> list[str]:
    """The catalog names to try: `zh-hans` → zh_Hans, zh."""
    primary, _, script = tag.partition("-")
    return [f"{primary}_{script.title()}", primary] if script else [primary]


def _locale(tag: str) -> Locale:
    for name in _names(tag):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale(SOURCE)


def _compile(catalog: Catalog) -> GNUTranslations:
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _source(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def known_languages() -> Mapping[str, Path]:
    """All catalogs: tag → file."""
    return {path.stem.lower().replace("_", "-"): path for path in sorted(LOCALE.glob("*.po"))}
