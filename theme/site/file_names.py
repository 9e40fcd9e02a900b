"""What the name of a content file says: its part of the URL, and its language."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Final

from theme.pages.languages import ENDONYMS
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
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def is_slug(name: str) -> bool:
    """Whether a name can be used in a URL."""
    return bool(_SLUG.fullmatch(name)) and len(name) <= 80


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
    if not is_slug(slug):
        return f'"{slug}" cannot be used in a URL: use lowercase letters, digits and hyphens, like fair-rent.md'
    if dot and language != first and (wrong := find_wrong_tag(language, slug)):
        return wrong
    if language == first:
        return f'"{first}" is the first language: name the file {slug}.md'
    return ""
