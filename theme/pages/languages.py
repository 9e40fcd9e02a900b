"""The interface's languages: their catalogs under theme/locale/, how each writes dates and numbers, and which way.

The `.po` files are the only copy: a catalog is compiled in memory when its language is first asked for (a few
milliseconds, once a process), so that no binary is committed and none can be out of date.
"""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final, Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_datetime_format
from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LOCALE: Final = Path(__file__).parents[1] / "locale"
DOMAIN: Final = "beaconpost"
SOURCE: Final = "en"  # what the messages in the code are written in

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
# What a browser may say for a language of ours: Chinese is known by its place more often than by its script.
_ALSO: Final = {"zh": "zh-hans", "zh-cn": "zh-hans", "zh-sg": "zh-hans"}
_RIGHT_TO_LEFT: Final = frozenset({"ar", "dv", "fa", "he", "ps", "ur", "yi"})
# The CLDR knows Haitian Creole by its French months only.
# fmt: off
_HAITIAN_MONTHS: Final = (
    "janvye", "fevriye", "mas", "avril", "me", "jen", "jiyè", "out", "septanm", "oktòb", "novanm", "desanm",
)
# fmt: on

# Messages in these contexts are what somebody decides by whether it is safe to write, or agrees to.
SENSITIVE: Final = ("safety", "consent")
REVIEWED: Final = "reviewed by"  # a translator's comment that starts so, with who and when


@dataclass(frozen=True, slots=True)
class Language:
    """How pages are written in one language. unreviewed: of its messages, those that no native speaker has checked,
    as (context, English); all that count."""

    tag: str
    words: NullTranslations
    locale: Locale
    unreviewed: tuple[tuple[str, str], ...] = ()

    def gettext(self, message: str) -> str:
        return self.words.gettext(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.words.ngettext(singular, plural, n)

    def pgettext(self, context: str, message: str) -> str:
        return self.words.pgettext(context, message)

    def day(self, value: date) -> str:
        """A date in full: "June 30, 2027"."""
        if self.locale.language == "ht":
            return f"{value.day} {_HAITIAN_MONTHS[value.month - 1]} {value.year}"
        return format_date(value, "long", self.locale)

    def moment(self, value: datetime) -> str:
        """A date and the time of day, as the clock showed it where `value` has its time zone."""
        pattern = str(get_datetime_format("long", locale=self.locale))
        time = format_time(value, "short", locale=self.locale)
        return pattern.replace("'", "").replace("{1}", self.day(value)).replace("{0}", time)

    def number(self, value: int) -> str:
        return format_decimal(value, locale=self.locale)


@cache
def language_of(tag: str) -> Language:
    """A language by a lower-case tag such as `es` or `zh-hans`; its words are English where there is no catalog."""
    for name in _names(tag):
        if (path := LOCALE / f"{name}.po").is_file():
            catalog = read_catalog(path)
            unreviewed = tuple((one.context or "", _source(one)) for one in catalog if one.id and not is_reviewed(one))
            return Language(tag, _compile(catalog), _locale(tag), unreviewed)
    return Language(tag, NullTranslations(), _locale(tag))


def read_catalog(path: Path) -> Catalog:
    """A `.po` file as Babel reads it."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem, domain=DOMAIN)


def is_reviewed(message: Message) -> bool:
    """Whether a native speaker has put their name to a translation. Without a word about it, nobody has."""
    return any(comment.startswith(REVIEWED) for comment in message.user_comments)


def unreviewed_sensitive(tag: str) -> tuple[str, ...]:
    """The English of what a language says about safety and consent in words that no native speaker has checked."""
    return tuple(message for about in SENSITIVE for context, message in language_of(tag).unreviewed if context == about)


def direction(tag: str) -> Literal["ltr", "rtl"]:
    """The value of `dir` for a page in this language."""
    return "rtl" if tag.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def choose_language(accepted: str, spoken: Iterable[str]) -> str | None:
    """The best of the languages `spoken` for an Accept-Language header (RFC 9110 section 12.5.4); None if none is."""
    known = frozenset(spoken)
    for tag in _wishes(accepted):
        primary = tag.partition("-")[0]
        for offer in (tag, _ALSO.get(tag, ""), primary, _ALSO.get(primary, "")):
            if offer in known:
                return offer
    return None


def _wishes(accepted: str) -> list[str]:
    """The tags of the header, the most wanted first; what is not wanted or cannot be read is left out."""
    wishes: list[tuple[float, str]] = []
    for offer in accepted.lower().split(","):
        tag, _, weight = offer.replace(" ", "").partition(";q=")
        try:
            wishes.append((float(weight or 1), tag))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(wishes, key=lambda wish: -wish[0]) if weight > 0]


def _names(tag: str) -> list[str]:
    """The catalogs to look for: `zh-hans` → zh_Hans, zh."""
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
    """The catalogs there are: tag → file."""
    return {path.stem.lower().replace("_", "-"): path for path in sorted(LOCALE.glob("*.po"))}
