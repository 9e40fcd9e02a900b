"""The content folder: campaigns with their translations, pages, and all problems in them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path
from typing import Final

from boundaries.data import state_folders
from theme.manifest import Campaign, Promises
from theme.pages.languages import SOURCE
from theme.site.campaign_assembly import assemble, page_url
from theme.site.campaign_file import REQUIRED, STATE, TRANSLATED, CampaignFile
from theme.site.discovery import display_path, find_markdown, find_misnamed, find_unread
from theme.site.file_cache import recall_campaign_file
from theme.site.file_names import CAMPAIGNS, PAGES, find_misplaced_tag, find_wrong_name
from theme.site.hearing import last_day
from theme.site.language_tags import find_untranslated_tag, name_language
from theme.site.leftovers import check_leftovers
from theme.site.links import IMAGES, Places, check_targets, collect_places, list_pictures
from theme.site.page_file import BUILT_IN, Page, page_address, read_built_in_page, read_own_page
from theme.site.problems import ContentError, Problem
from theme.site.promises import PRIVACY
from theme.site.stance_file import SUFFIX, find_mismatch, find_strays, read_stances
from theme.site.states import States
from theme.site.translations import check_translation
from theme.stances import Stance

REQUIRED_OF_ALL: Final = frozenset(REQUIRED) - set(TRANSLATED)  # no translation has them


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that can be published."""

    campaigns: tuple[Campaign, ...]
    sources: Mapping[Path, tuple[Campaign, str]]  # each file's campaign and language
    pages: Mapping[Path, Page]
    warnings: tuple[Problem, ...]  # problems in closed campaigns, empty translations, claims on strangers
    static: tuple[str, ...] = ()  # files that are published as they are, below the folder

    @property
    def built_in(self) -> list[Path]:
        """The files of pages that come with Beaconpost."""
        return [path for path in self.pages if path.parent == BUILT_IN]


def read_content(
    folder: Path,
    language: str,
    today: date,
    promises: Promises = Promises(),  # noqa: B008
    states: States | None = None,
    manifest_key: str = "",
    site_url: str = "",
) -> Content:
    """Read and check everything in `folder`. language: that of files without a language in their name. promises: are
    filled in where pages say how long people are kept. states: default: those that ship.
    manifest_key: hides drafts (theme.hidden_part). site_url: public, without a trailing slash; "" if it is not known.

    Raises ContentError with every problem in every file. Problems in campaigns closed before `today` are warnings.
    """
    known = states or States(state_folders())
    problems: list[Problem] = []
    warnings: list[Problem] = []
    campaigns: list[Campaign] = []
    sources: dict[Path, tuple[Campaign, str]] = {}
    problems.extend(find_misnamed(folder / CAMPAIGNS))
    problems.extend(find_misnamed(folder / PAGES))
    read = [_read(path, language, known, today, problems) for path in find_markdown(folder / CAMPAIGNS)]
    files = [file for file in read if file]
    slugs = {file.slug for file in files}
    for file in files:
        name = find_misplaced_tag(file.slug, slugs)
        if name and not REQUIRED_OF_ALL & file.document.keys.keys():
            file.document.problems[:] = [Problem(file.document.file, 1, 1, f"this is a translation: name it {name}")]
    by_slug = sorted(files, key=lambda file: (file.slug, file.language != language, file.language))
    problems.extend(find_strays(folder / CAMPAIGNS, [file.slug for file in files]))
    places = _collect_places(folder, files, language, site_url)
    for _, group in groupby(by_slug, key=lambda file: file.slug):
        versions = list(group)
        _compare(versions, language)
        for version in versions:
            url = page_url(version.slug, version.language, language)
            check_targets(version.document, version.targets, url, places)
            check_leftovers(version.document, draft=versions[0].values.get("status") == "draft")
        faults, hints = _faults(versions)
        closes = last_day(versions[0].values)
        (warnings if closes and closes < today else problems).extend(faults)
        warnings.extend(hints)
        stances, wrong = _read_stances(versions[0], known, today)
        (warnings if closes and closes < today else problems).extend(wrong)
        warnings.extend(find_mismatch(versions[0], stances))
        if campaign := assemble(versions, known, manifest_key, stances):
            campaigns.append(campaign)
            sources |= {version.path: (campaign, version.language) for version in versions}
    pages = {
        path: read_own_page(path, language, promises, places, problems, warnings)
        for path in find_markdown(folder / PAGES)
    }
    own = {page.slug for page in pages.values()}
    wanted = {language, *(tag for campaign in campaigns for tag in campaign.texts)}
    for path in find_markdown(BUILT_IN):
        slug, _, tag = path.stem.partition(".")
        if slug not in own and (tag or SOURCE) in wanted:
            pages[path] = read_built_in_page(path, language, promises, problems)
    for problem, fatal in find_unread(folder, places.linked):
        (problems if fatal else warnings).append(problem)
    slugs = {campaign.slug for campaign in campaigns}
    published = [file for file in files if file.slug in slugs]
    warnings += _find_copies(files, language)
    warnings += _find_languages(published, pages.values(), folder, language)
    if problems:
        raise ContentError(problems, warnings)
    return Content(tuple(campaigns), sources, pages, tuple(sorted(warnings)), _list_static(folder, places))


def _list_static(folder: Path, places: Places) -> tuple[str, ...]:
    """Files that are published as they are: pictures, and what pages link to. Nobody means to publish a text or a
    spreadsheet that happens to lie among the pictures."""
    linked = {below for below in places.linked if (folder / below).is_file()}
    return tuple(sorted({f"{IMAGES}/{name}" for name in list_pictures(folder)} | linked))


def _collect_places(folder: Path, files: Sequence[CampaignFile], first: str, site_url: str) -> Places:
    """What links may lead to."""
    written: list[tuple[Path, str, Sequence[str] | None]] = [
        (file.path, page_url(file.slug, file.language, first), file.lines) for file in files
    ]
    own = find_markdown(folder / PAGES)
    slugs, languages = {path.stem.partition(".")[0] for path in own}, {first, *(file.language for file in files)}
    for path in own:
        slug, _, tag = path.stem.partition(".")
        written.append((path, page_address(slug, tag or first, first), None))
    for path in find_markdown(BUILT_IN):
        slug, _, tag = path.stem.partition(".")
        if slug not in slugs and (tag or SOURCE) in languages:
            written.append((path, page_address(slug, tag or SOURCE, first), None))
    status = {file.slug: file.values.get("status") for file in files if file.language == first}
    drafts = [url for file, (_, url, _) in zip(files, written, strict=False) if status.get(file.slug) == "draft"]
    return collect_places(folder, written, drafts, site_url)


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
        if name := find_misplaced_tag(file.slug, slugs):
            yield Problem(file.document.file, 1, 1, f"if this is a translation, name it {name}")


def _find_copies(files: Sequence[CampaignFile], first: str) -> Iterator[Problem]:
    """Campaigns with another's title and letter, and its name with something added, as copies get: rent-2.md."""
    seen: dict[tuple[str, str], CampaignFile] = {}
    for file in sorted(files, key=lambda file: (len(file.slug), file.slug)):
        words = (str(file.values.get("title", "")), " ".join(file.message.split()))
        if file.language != first or not all(words):
            continue
        original = seen.setdefault(words, file)
        if original is not file and file.slug.startswith(original.slug):
            wrong = f"title and letter are those of {original.document.file}: change them, or delete this copy"
            yield Problem(file.document.file, 1, 1, wrong)


def _read(path: Path, first: str, states: States, today: date, problems: list[Problem]) -> CampaignFile | None:
    slug, dot, language = path.stem.partition(".")
    if wrong := find_wrong_name(path, first):
        problems.append(Problem(display_path(path), 1, 1, wrong))
        return None
    return recall_campaign_file(path, display_path(path), slug, language or first, states, today, translation=bool(dot))


def _read_stances(main: CampaignFile, states: States, today: date) -> tuple[tuple[Stance, ...], list[Problem]]:
    """Where legislators stand on a campaign, from the file beside it; none without one."""
    path = main.path.with_name(f"{main.slug}{SUFFIX}")
    code = main.values.get(STATE, states.only)
    return read_stances(path, states.open(code), today) if code and path.is_file() else ((), [])


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
