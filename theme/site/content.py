"""The content folder: campaigns with their translations, pages, and all problems in them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, Final

from boundaries.data import state_folders
from boundaries.state import State
from theme.hidden_part import name_draft
from theme.manifest import Campaign, Holder, Promises, Text
from theme.pages.languages import SOURCE, has_catalog
from theme.recipients import CommitteeChairs, Leader, parse_recipient
from theme.site import validators
from theme.site.argument import check_argument
from theme.site.campaign_file import ABOUT, OWN, STATE, CampaignFile, read_campaign_file
from theme.site.discovery import display_path, find_markdown, find_misnamed, find_unread
from theme.site.frontmatter import Document, read_document
from theme.site.language_tags import find_untranslated_tag, find_wrong_tag, name_language
from theme.site.leftovers import check_leftovers
from theme.site.links import Places, collect_places
from theme.site.markdown import render_markdown
from theme.site.one_liners import check_texts
from theme.site.problems import ContentError, Problem, suggest_or_list
from theme.site.promises import PRIVACY, list_unsaid, state_promises
from theme.site.states import States
from theme.site.translations import check_translation

NOTHING: Final = "none"  # for `safety`
CAMPAIGNS: Final = "campaigns"
PAGES: Final = "pages"
BUILT_IN: Final = Path(__file__).parents[1] / "builtin"  # pages that every site has, unless it has its own

_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
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
    known = States(state_folders() if states is None else states)
    problems: list[Problem] = []
    warnings: list[Problem] = []
    campaigns: list[Campaign] = []
    sources: dict[Path, tuple[Campaign, str]] = {}
    problems.extend(find_misnamed(folder / CAMPAIGNS))
    problems.extend(find_misnamed(folder / PAGES))
    for problem, fatal in find_unread(folder):
        (problems if fatal else warnings).append(problem)
    read = [_read(path, language, known, today, problems) for path in find_markdown(folder / CAMPAIGNS)]
    files = [file for file in read if file]
    by_slug = sorted(files, key=lambda file: (file.slug, file.language != language, file.language))
    places = _collect_places(folder, files, language)
    for _, group in groupby(by_slug, key=lambda file: file.slug):
        versions = list(group)
        _compare(versions, language)
        for version in versions:
            url = page_url(version.slug, version.language, language)
            check_argument(version.document, version.lines, url, places)
            check_leftovers(version.document, draft=versions[0].values.get("status") == "draft")
        faults, hints = _faults(versions)
        closes = versions[0].values.get("closes")
        (warnings if closes and closes < today else problems).extend(faults)
        warnings.extend(hints)
        if campaign := _assemble(versions, known, manifest_key):
            campaigns.append(campaign)
            sources |= {version.path: (campaign, version.language) for version in versions}
    pages = {
        path: _read_own_page(path, language, promises, places, problems, warnings)
        for path in find_markdown(folder / PAGES)
    }
    own = {page.slug for page in pages.values()}
    wanted = {language, *(tag for campaign in campaigns for tag in campaign.texts)}
    for path in find_markdown(BUILT_IN):
        slug, _, tag = path.stem.partition(".")
        if slug not in own and (tag or SOURCE) in wanted:
            pages[path] = _read_page(read_document(path, path.name), slug, tag or SOURCE, language, promises, problems)
    published = [file for file in files if any(file.slug == campaign.slug for campaign in campaigns)]
    warnings += _find_languages(published, pages.values(), folder, language)
    if problems:
        raise ContentError(problems, warnings)
    return Content(tuple(campaigns), sources, pages, tuple(sorted(warnings)))


def is_slug(name: str) -> bool:
    """Whether a name can be used in a URL."""
    return bool(_SLUG.fullmatch(name)) and len(name) <= 80


def page_url(slug: str, language: str, first: str, folder: str = "campaigns") -> str:
    """The path of a campaign's page in a language."""
    return f"/{folder}/{slug}/" if language == first else f"/{language}/{folder}/{slug}/"


def _collect_places(folder: Path, files: Sequence[CampaignFile], first: str) -> Places:
    """What links may lead to."""
    written = [(file.path, page_url(file.slug, file.language, first)) for file in files]
    own = find_markdown(folder / PAGES)
    slugs, languages = {path.stem.partition(".")[0] for path in own}, {first, *(file.language for file in files)}
    for path in own:
        slug, _, tag = path.stem.partition(".")
        written.append((path, _address(slug, tag or first, first)))
    for path in find_markdown(BUILT_IN):
        slug, _, tag = path.stem.partition(".")
        if slug not in slugs and (tag or SOURCE) in languages:
            written.append((path, _address(slug, tag or SOURCE, first)))
    return collect_places(folder, written)


def _find_languages(
    files: Sequence[CampaignFile], pages: Iterable[Page], folder: Path, first: str
) -> Iterator[Problem]:
    """Languages that a campaign has, and the site has not."""
    private = {page.language for page in pages if page.slug == PRIVACY}
    for file in files:
        if wrong := find_untranslated_tag(file.language, file.slug):
            yield Problem(file.document.file, 1, 1, wrong)
        if file.language not in private:
            tag = "" if file.language == first else f".{file.language}"
            private.add(file.language)  # said once
            wrong = (
                f"no privacy page in {name_language(file.language)}: write {folder.name}/{PAGES}/{PRIVACY}{tag}.md; "
                f"theme/builtin/{PRIVACY}.md is the English one"
            )
            yield Problem(file.document.file, 1, 1, wrong)
    slugs = {file.slug for file in files}
    for file in files:
        slug, _, tag = file.slug.rpartition("-")
        if slug in slugs and has_catalog(tag):
            yield Problem(file.document.file, 1, 1, f"if this is a translation, name it {slug}.{tag}.md")


def _read(path: Path, first: str, states: States, today: date, problems: list[Problem]) -> CampaignFile | None:
    slug, dot, language = path.stem.partition(".")
    if wrong := _misnamed(path, first):
        problems.append(Problem(display_path(path), 1, 1, wrong))
        return None
    return read_campaign_file(path, display_path(path), slug, language or first, states, today, translation=bool(dot))


def _misnamed(path: Path, first: str) -> str:
    """What is wrong with a file's name, which makes up its URL and language; "" if nothing is."""
    slug, dot, language = path.stem.partition(".")
    if not is_slug(slug):
        return f'"{slug}" cannot be used in a URL: use lowercase letters, digits and hyphens, like fair-rent.md'
    if dot and language != first and (wrong := find_wrong_tag(language, slug)):
        return wrong
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
    for version in versions[1:]:
        check_translation(versions[0], version)


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
        hints.extend(document.warnings)
    return faults, hints


def _assemble(versions: list[CampaignFile], states: States, manifest_key: str) -> Campaign | None:
    """The campaign made of a first file and its translations; None if a required part is missing."""
    main = versions[0]
    given = dict(main.values)
    if states.only and STATE not in main.document.entries:
        given[STATE] = states.only
    title, subject, summary = given.pop("title", ""), given.pop("subject", ""), given.pop("summary", "")
    given.pop("session", None)
    safety = given.pop("safety", None)
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
            body_html=render_markdown(version.argument if version.argument.strip() else main.argument),
            url=page_url(main.slug, version.language, main.language, folder),
            unreviewed=version.values.get(ABOUT) == "unreviewed",
            safety=_say(version.values.get("safety", safety)),
            **_own(version, main),
        )
        for version in versions
    }
    return Campaign(slug=main.slug, texts=texts, holders=_find_holders(given, states.open(given[STATE])), **given)


def _find_holders(given: Mapping[str, Any], state: State) -> dict[str, tuple[Holder, ...]]:
    """Who chairs and leads today, by the recipient's entry; without offices that nobody holds."""
    holders: dict[str, tuple[Holder, ...]] = {}
    for recipient in map(parse_recipient, given["recipients"]):
        try:
            if isinstance(recipient, CommitteeChairs):
                chairs = state.chairs(recipient.committee, recipient.chamber)
                holders[str(recipient)] = tuple(Holder(state.titles[chair.chamber], chair.name) for chair in chairs)
            elif isinstance(recipient, Leader):
                holders[str(recipient)] = (Holder(recipient.role.title(), state.leader(recipient.role).name),)
        except KeyError:  # a closed campaign's: its fault is a warning
            continue
    return {entry: held for entry, held in holders.items() if held}


def _say(safety: str | None) -> str | None:
    return "" if safety == NOTHING else safety


def _own(version: CampaignFile, main: CampaignFile) -> Mapping[str, str]:
    """A translation's own campaign, action and outcome."""
    return {} if version is main else {key: version.values[key] for key in OWN if key in version.values}


def _read_own_page(
    path: Path, first: str, promises: Promises, places: Places, problems: list[Problem], warnings: list[Problem]
) -> Page:
    document = read_document(path, display_path(path), tuple(_PAGE_KEYS))
    if wrong := _misnamed(path, first):
        document.add_problem(wrong)
    slug, _, tag = path.stem.partition(".")
    if not tag and ABOUT in document.keys:
        document.add_problem(
            f'"{ABOUT}" belongs in a translation, not in the first language\'s file', document.keys[ABOUT]
        )
    if tag and not path.with_name(f"{slug}.md").is_file():
        document.add_problem(f"a translation without an original: {slug}.md is missing")
    check_texts(document, list(_PAGE_KEYS))
    body = state_promises("\n".join(document.body), promises, tag or first).split("\n")
    check_argument(document, body, _address(slug, tag or first, first), places)
    warnings.extend(document.warnings)
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
    url = _address(slug, language, first)
    html = render_markdown(state_promises(text, promises, language))
    unreviewed = good.get(ABOUT) == "unreviewed"
    return Page(slug, language, url, good.get("title") or "", good.get("summary") or "", html, unreviewed)


def _address(slug: str, language: str, first: str) -> str:
    """The path of a page that is no campaign's."""
    return f"/{slug}/" if language == first else f"/{language}/{slug}/"
