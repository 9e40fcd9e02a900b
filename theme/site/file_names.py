"""What the name of a content file says: its part of the URL, and its language."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Final

from theme.pages.languages import ENDONYMS, has_catalog
from theme.site.language_tags import find_wrong_tag, name_language

CAMPAIGNS: Final = "campaigns"  # the folders of the content
PAGES: Final = "pages"

_FOLDER: Final = "a folder that the site makes itself"
_TAKEN: Final = {
    "phones": "the directory of telephone numbers",
    "for-offices": "the page for the offices that get letters",
    "admin": "where campaigns are edited in the browser",
    **dict.fromkeys(("campaigns", "drafts", "embed", "images", "theme"), _FOLDER),
}
_ENDINGS: Final = ("md", "txt", "markdown", "mkd", "mdown", "html", "htm", "docx", "doc", "odt", "rtf", "pages")
_TAGGED: Final = re.compile(r"(.+)[-_ ]([A-Za-z]{2}(?:[-_][A-Za-z]{4})?)")
SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def is_slug(name: str) -> bool:
    """Whether a name can be used in a URL."""
    return bool(SLUG.fullmatch(name)) and len(name) <= 80


def find_taken(slug: str, languages: Collection[str]) -> str:
    """Why a page of one's own cannot have this name; "" if it can. languages: that the site has home pages in."""
    if slug in languages or slug in ENDONYMS:
        return f"/{slug}/ is the home page in {name_language(slug)}: give this file another name"
    if slug in _TAKEN:
        return f"/{slug}/ is {_TAKEN[slug]}: give this file another name, like our-{slug}.md"
    return ""


def find_wrong_name(path: Path, first: str) -> str:
    """What is wrong with a file's name, which makes up its URL and language; "" if nothing is."""
    slug, dot, language = path.stem.partition(".")
    if dot and is_slug(slug) and all(part in _ENDINGS for part in language.lower().split(".")):
        return f"name the file {slug}.md: the ending counts once"
    is_tag = slug in ENDONYMS or not find_wrong_tag(slug, slug)
    if dot and is_tag and is_slug(language) and find_wrong_tag(language, slug):
        name = f"{language}.md" if slug == first else f"{language}.{slug}.md"
        return f"the language comes last: name the file {name}"
    if not is_slug(slug):
        base, tag = _split_tag(slug)
        if tag and is_slug(base.lower()):
            return f"if this is a translation, name it {base.lower()}.{tag}.md"
        return f'"{slug}" cannot be used in a URL: use lowercase letters, digits and hyphens, like fair-rent.md'
    if dot and language != first and (wrong := find_wrong_tag(language, slug, first)):
        return wrong
    if language == first:
        return f'"{first}" is the first language: name the file {slug}.md'
    return ""


def find_misplaced_tag(slug: str, slugs: Collection[str]) -> str:
    """The name that a translation should have if its language is behind a hyphen: `rent-es.md`; "" if it is none.
    slugs: of the other files."""
    base, tag = _split_tag(slug)
    return f"{base}.{tag}.md" if tag and base in slugs else ""


def _split_tag(slug: str) -> tuple[str, str]:
    """A name, and the language at its end that the site has words in; "" if there is none."""
    found = _TAGGED.fullmatch(slug)
    tag = found[2].lower().replace("_", "-") if found else ""
    return (found[1], tag) if found and has_catalog(tag) else (slug, "")
