"""Language tags in file names: whether there is such a language, and which one somebody means by `sp`."""

import re
from functools import cache
from typing import Final

from babel import Locale
from babel.core import get_global

from theme.pages.languages import ENDONYMS, has_catalog

_TAG: Final = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?")


def find_wrong_tag(tag: str, slug: str, first: str = "") -> str:
    """What is wrong with a language tag that is not one; "" if nothing is. first: the site's own, without a tag."""
    if _is_language(tag):
        return ""
    meant = guess_tag(tag)
    if meant and meant == first:
        return f'"{tag}" is not a language tag, and {name_language(meant)} needs none: name the file {slug}.md'
    example = (
        f"name the file {slug}.{meant}.md" if meant else f"name a translation like {slug}.es.md or {slug}.zh-hans.md"
    )
    return f'"{tag}" is not a language tag: {example}' + (f" for {name_language(meant)}" if meant else "")


def find_untranslated_tag(tag: str, slug: str) -> str:
    """What is odd about a language that Beaconpost's own words are not translated into; "" if they are."""
    if has_catalog(tag):
        return ""
    meant = guess_tag(tag)
    hint = f" Did you mean {slug}.{meant}.md, for {name_language(meant)}?" if meant and meant != tag else ""
    return f'"{tag}" is {name_language(tag)}: the form, and all else that is not yours, will be in English.{hint}'


def guess_tag(tag: str) -> str:
    """The language that somebody means by a country's code or the beginning of a language's name; "" if unknown."""
    word = tag.casefold().split("-")[0].split("_")[0]
    if len(word) < 2:
        return ""
    for ours in ENDONYMS:
        primary = ours.split("-")[0]
        names = (_english().get(primary, ""), ENDONYMS[ours])
        if _three_letters().get(word) == primary or any(name.casefold().startswith(word) for name in names):
            return ours
    likely = get_global("likely_subtags").get(f"und_{word.upper()}", "")
    for ours in ENDONYMS:
        if likely and likely.casefold().split("_")[0] == ours.split("-")[0]:
            return ours
    return str(likely).split("_")[0].casefold()


def name_language(tag: str) -> str:
    """In English, as the CLDR calls it."""
    return _english().get(tag.split("-")[0], tag)


def _is_language(tag: str) -> bool:
    """Whether the CLDR knows the language, and the tag is written as the standard wants it: `es`, not `spa`."""
    parts = _TAG.fullmatch(tag)
    return parts is not None and parts[1] in _english() and parts[1] not in _three_letters()


@cache
def _english() -> dict[str, str]:
    return {tag.casefold(): str(name) for tag, name in Locale("en").languages.items()}


@cache
def _three_letters() -> dict[str, str]:
    """Codes that stand for a shorter one: `spa` is `es`."""
    aliases = get_global("language_aliases")
    return {tag: str(short) for tag, short in aliases.items() if len(tag) == 3 and len(str(short)) == 2}
