"""A page of words, such as the privacy page: the site's own, or one that comes with Beaconpost."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from theme.manifest import Promises
from theme.pages.languages import SOURCE
from theme.site import validators
from theme.site.argument import check_argument
from theme.site.campaign_file import ABOUT
from theme.site.discovery import display_path
from theme.site.file_names import find_taken, find_wrong_name
from theme.site.frontmatter import Document, read_document
from theme.site.links import Places, check_targets
from theme.site.markdown import render_markdown
from theme.site.one_liners import check_texts
from theme.site.problems import Problem, suggest_or_list
from theme.site.promises import list_unsaid, state_promises

BUILT_IN: Final = Path(__file__).parents[1] / "builtin"  # pages that every site has, unless it has its own

OF_CAMPAIGNS: Final = {"recipients", "action", "subject", "campaign"}  # keys that no page has
PAGE_KEYS: Final[Mapping[str, validators.Validator]] = {
    "title": validators.Text(150),
    "summary": validators.Text(300),
    ABOUT: validators.review,
}


@dataclass(frozen=True, slots=True)
class Page:
    """A static page, such as the privacy page, in one language."""

    slug: str
    language: str
    url: str  # from the root of the site
    title: str
    summary: str
    html: str
    unreviewed: bool = False  # a translation that no native speaker has checked


def read_own_page(
    path: Path, first: str, promises: Promises, places: Places, problems: list[Problem], warnings: list[Problem]
) -> Page:
    document = read_document(path, display_path(path), tuple(PAGE_KEYS))
    if len(OF_CAMPAIGNS & document.keys.keys()) > 1:
        problems.append(Problem(document.file, 1, 1, "this is a campaign: move it to content/campaigns/"))
        return Page(path.stem, first, page_address(path.stem, first, first), "", "", "")
    if wrong := find_wrong_name(path, first):
        document.add_problem(wrong)
    slug, _, tag = path.stem.partition(".")
    if taken := find_taken(slug, places.languages):
        document.add_problem(taken)
    if not tag and ABOUT in document.keys:
        document.add_problem(
            f'"{ABOUT}" belongs in a translation, not in the first language\'s file', document.keys[ABOUT]
        )
    if tag and not path.with_name(f"{slug}.md").is_file():
        document.add_problem(f"a translation without an original: {slug}.md is missing")
    check_texts(document, list(PAGE_KEYS))
    body = state_promises("\n".join(document.body), promises, tag or first).split("\n")
    check_targets(document, check_argument(document, body), page_address(slug, tag or first, first), places)
    warnings.extend(document.warnings)
    return _read_page(document, slug, tag or first, first, promises, problems)


def read_built_in_page(path: Path, first: str, promises: Promises, problems: list[Problem]) -> Page:
    """path: in BUILT_IN."""
    slug, _, tag = path.stem.partition(".")
    return _read_page(read_document(path, path.name), slug, tag or SOURCE, first, promises, problems)


def _read_page(
    document: Document, slug: str, language: str, first: str, promises: Promises, problems: list[Problem]
) -> Page:
    good: dict[str, Any] = {}
    for key, node in document.entries.items():
        if key in PAGE_KEYS:
            good[key] = PAGE_KEYS[key](node, document.for_key(key))
        else:
            document.add_problem(f'unknown key "{key}".{suggest_or_list(key, list(PAGE_KEYS))}', document.keys[key])
    if document.legible and "title" not in document.entries:
        document.add_problem('the required key "title" is missing')
    text = "\n".join(document.body)
    for slot in list_unsaid(slug, text):
        document.add_problem(f"the page does not say how long people are kept: write {slot} where the period belongs")
    problems.extend(document.problems)
    url = page_address(slug, language, first)
    html = render_markdown(state_promises(text, promises, language))
    unreviewed = good.get(ABOUT) == "unreviewed"
    return Page(slug, language, url, good.get("title") or "", good.get("summary") or "", html, unreviewed)


def page_address(slug: str, language: str, first: str) -> str:
    """The path of a page that is no campaign's."""
    return f"/{slug}/" if language == first else f"/{language}/{slug}/"
