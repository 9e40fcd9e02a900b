"""The content folder: campaigns with their translations, pages, and all problems in them."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, Final

from boundaries.data import state_folders
from theme.hidden_part import name_draft
from theme.manifest import Campaign, Promises, Text
from theme.pages.languages import SOURCE
from theme.site import validators
from theme.site.campaign_file import ABOUT, OWN, STATE, CampaignFile, read_campaign_file
from theme.site.discovery import display_path, find_markdown, find_misnamed
from theme.site.frontmatter import Document, read_document
from theme.site.markdown import render_markdown
from theme.site.problems import ContentError, Problem, suggest_or_list
from theme.site.promises import list_unsaid, state_promises

CAMPAIGNS: Final = "campaigns"
PAGES: Final = "pages"
BUILT_IN: Final = Path(__file__).parents[1] / "builtin"  # pages that every site has, unless it has its own

_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_PAGE_KEYS: Final[Mapping[str, validators.Validator]] = {
    "title": validators.text(150),
    "summary": validators.text(300),
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


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that can be published."""

    campaigns: tuple[Campaign, ...]
    sources: Mapping[Path, tuple[Campaign, str]]  # each file's campaign and language
    pages: Mapping[Path, Page]
    warnings: tuple[Problem, ...]  # problems in closed campaigns, empty translations, claims on strangers

    @property
    def built_in(self) -> list[Path]:
        """The files of pages that come with Beaconpost."""
        return [path for path in self.pages if path.parent == BUILT_IN]


def read_content(
    folder: Path,
    language: str,
    today: date,
    promises: Promises = Promises(),  # noqa: B008
    states: Mapping[str, Path] | None = None,
    manifest_key: str = "",
) -> Content:
    """Read and check everything in `folder`. language: that of files without a language in their name. promises: are
    filled in where pages say how long people are kept. states: folders by code; default: those that ship.
    manifest_key: hides drafts (theme.hidden_part).

    Raises ContentError with every problem in every file. Problems in campaigns closed before `today` are warnings.
    """
    states = state_folders() if states is None else states
    problems: list[Problem] = []
    warnings: list[Problem] = []
    campaigns: list[Campaign] = []
    sources: dict[Path, tuple[Campaign, str]] = {}
    problems.extend(find_misnamed(folder / CAMPAIGNS))
    problems.extend(find_misnamed(folder / PAGES))
    files = [_read(path, language, states, problems) for path in find_markdown(folder / CAMPAIGNS)]
    by_slug = sorted(
        (file for file in files if file), key=lambda file: (file.slug, file.language != language, file.language)
    )
    for _, group in groupby(by_slug, key=lambda file: file.slug):
        versions = list(group)
        _compare(versions, language)
        faults, hints = _faults(versions)
        closes = versions[0].values.get("closes")
        (warnings if closes and closes < today else problems).extend(faults)
        warnings.extend(hints)
        if campaign := _assemble(versions, states, manifest_key):
            campaigns.append(campaign)
            sources |= {version.path: (campaign, version.language) for version in versions}
    pages = {path: _read_own_page(path, language, promises, problems) for path in find_markdown(folder / PAGES)}
    own = {page.slug for page in pages.values()}
    wanted = {language, *(tag for campaign in campaigns for tag in campaign.texts)}
    for path in find_markdown(BUILT_IN):
        slug, _, tag = path.stem.partition(".")
        if slug not in own and (tag or SOURCE) in wanted:
            pages[path] = _read_page(read_document(path, path.name), slug, tag or SOURCE, language, promises, problems)
    if problems:
        raise ContentError(problems, warnings)
    return Content(tuple(campaigns), sources, pages, tuple(sorted(warnings)))


def is_slug(name: str) -> bool:
    """Whether a name can be used in a URL."""
    return bool(_SLUG.fullmatch(name)) and len(name) <= 80


def page_url(slug: str, language: str, first: str, folder: str = "campaigns") -> str:
    """The path of a campaign's page in a language."""
    return f"/{folder}/{slug}/" if language == first else f"/{language}/{folder}/{slug}/"


def _read(path: Path, first: str, states: Mapping[str, Path], problems: list[Problem]) -> CampaignFile | None:
    slug, dot, language = path.stem.partition(".")
    if wrong := _misnamed(path, first):
        problems.append(Problem(display_path(path), 1, 1, wrong))
        return None
    return read_campaign_file(path, display_path(path), slug, language or first, states, translation=bool(dot))


def _misnamed(path: Path, first: str) -> str:
    """What is wrong with a file's name, which makes up its URL and language; "" if nothing is."""
    slug, dot, language = path.stem.partition(".")
    if not is_slug(slug):
        return f'"{slug}" cannot be used in a URL: use lowercase letters, digits and hyphens, like fair-rent.md'
    if dot and not _LANGUAGE.fullmatch(language):
        return f'"{language}" is not a language tag: name a translation like {slug}.es.md or {slug}.zh-hans.md'
    if language == first:
        return f'"{first}" is the first language: name the file {slug}.md'
    return ""


def _compare(versions: list[CampaignFile], first: str) -> None:
    """Report files of one campaign that conflict."""
    for version, following in pairwise(versions):
        if version.language == following.language:
            following.document.add_problem(f"{version.document.file} is the same campaign: keep one of the two")
    if versions[0].language != first:
        for version in versions:
            version.document.add_problem(f"a translation without an original: {version.slug}.md is missing")


def _faults(versions: Iterable[CampaignFile]) -> tuple[list[Problem], list[Problem]]:
    """Problems in one campaign's files, and hints. An empty translation is just a hint: it inherits everything."""
    faults, hints = [], []
    for version in versions:
        document = version.document
        if document.empty and version.language != next(iter(versions)).language:
            hints.append(Problem(document.file, 1, 1, "empty translation: the page shows the first language"))
        elif document.empty:
            faults.append(Problem(document.file, 1, 1, "empty file: create one with `beaconpost new`"))
        faults.extend(document.problems)
        hints.extend(version.hints)
    return faults, hints


def _assemble(versions: list[CampaignFile], states: Collection[str], manifest_key: str) -> Campaign | None:
    """The campaign made of a first file and its translations; None if a required part is missing."""
    main = versions[0]
    given = dict(main.values)
    if STATE not in given and STATE not in main.document.entries and len(states) == 1:
        (given[STATE],) = states
    title, subject, summary = given.pop("title", ""), given.pop("subject", ""), given.pop("summary", "")
    needed = {"state", "campaign", "action", "recipients"} <= given.keys()
    if not (needed and title and subject and main.message):
        return None
    is_hidden = given.get("status") == "draft" and manifest_key
    folder = f"drafts/{name_draft(main.slug, manifest_key)}" if is_hidden else "campaigns"
    texts = {
        version.language: Text(
            title=version.values.get("title", title),
            summary=version.values.get("summary", summary),
            subject=version.values.get("subject", subject),
            message=version.message or main.message,
            body_html=render_markdown(version.argument.strip() or main.argument),
            url=page_url(main.slug, version.language, main.language, folder),
            unreviewed=version.values.get(ABOUT) == "unreviewed",
            **_own(version, main),
        )
        for version in versions
    }
    return Campaign(slug=main.slug, texts=texts, **given)


def _own(version: CampaignFile, main: CampaignFile) -> Mapping[str, str]:
    """A translation's own campaign, action and outcome."""
    return {} if version is main else {key: version.values[key] for key in OWN if key in version.values}


def _read_own_page(path: Path, first: str, promises: Promises, problems: list[Problem]) -> Page:
    document = read_document(path, display_path(path))
    if wrong := _misnamed(path, first):
        document.add_problem(wrong)
    slug, _, tag = path.stem.partition(".")
    if not tag and ABOUT in document.keys:
        document.add_problem(
            f'"{ABOUT}" belongs in a translation, not in the first language\'s file', document.keys[ABOUT]
        )
    if tag and not path.with_name(f"{slug}.md").is_file():
        document.add_problem(f"a translation without an original: {slug}.md is missing")
    return _read_page(document, slug, tag or first, first, promises, problems)


def _read_page(
    document: Document, slug: str, language: str, first: str, promises: Promises, problems: list[Problem]
) -> Page:
    good: dict[str, Any] = {}
    for key, node in document.entries.items():
        if key in _PAGE_KEYS:
            good[key] = _PAGE_KEYS[key](node, document.for_key(key))
        else:
            document.add_problem(f'unknown key "{key}".{suggest_or_list(key, list(_PAGE_KEYS))}', document.keys[key])
    if document.legible and "title" not in document.entries:
        document.add_problem('the required key "title" is missing')
    text = "\n".join(document.body)
    for slot in list_unsaid(slug, text):
        document.add_problem(f"the page does not say how long people are kept: write {slot} where the period belongs")
    problems.extend(document.problems)
    url = f"/{slug}/" if language == first else f"/{language}/{slug}/"
    html = render_markdown(state_promises(text, promises, language))
    unreviewed = good.get(ABOUT) == "unreviewed"
    return Page(slug, language, url, good.get("title") or "", good.get("summary") or "", html, unreviewed)
