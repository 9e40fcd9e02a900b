"""The Pelican side: campaign files become pages, `campaigns.json` and the host's headers file.

Pelican drops a file it cannot read and exits 0. So all content is read and checked before Pelican looks at it; what
is wrong is listed on stderr and ends the run with status 1, before anything in the output folder is touched. If this
module cannot be loaded or registered, the templates lack what only it provides, and the run fails too.
"""

import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from pelican import Pelican, signals  # type: ignore[import-untyped]
from pelican.contents import Article, Page  # type: ignore[import-untyped]
from pelican.generators import ArticlesGenerator, Generator, PagesGenerator  # type: ignore[import-untyped]
from pelican.readers import BaseReader, Readers  # type: ignore[import-untyped]
from pelican.writers import Writer  # type: ignore[import-untyped]

from theme.assets import read_assets
from theme.counts import read_counts
from theme.manifest import MANIFEST_NAME, MANIFEST_VERSION, Campaign, Manifest, Phase, Site, dump_manifest
from theme.pages.environment import configure_environment
from theme.pages.languages import unreviewed_sensitive
from theme.pages.views import Form
from theme.render import campaign_context, page_context
from theme.site.branding import read_branding
from theme.site.content import Content, read_content
from theme.site.discovery import display_path
from theme.site.headers import EMBED, check_embed_origins, render_headers
from theme.site.images import FAVICON, SHARE_IMAGE, draw_favicon, draw_share_image
from theme.site.phones import read_phone_directories
from theme.site.problems import ContentError
from theme.site.sitemap import sitemap

# Pelican's settings are the one thing that all its signals can reach, so what a run knows is kept there.
_BUILT: Final = "BEACONPOST_BUILT"
_CONTENT: Final = "BEACONPOST_CONTENT"
_COUNTS: Final = "BEACONPOST_COUNTS"
_LOOK: Final = "BEACONPOST_LOOK"
_MANIFEST: Final = "BEACONPOST_MANIFEST"
RELAY_URL: Final = "BEACONPOST_RELAY_URL"
UNREVIEWED: Final = "BEACONPOST_UNREVIEWED"  # set where a site is built for the public

_LISTED: Final[Sequence[Phase]] = ("open", "upcoming", "closed")


def register() -> None:
    """Connect to Pelican's signals; called by Pelican."""
    signals.get_generators.connect(read)
    signals.readers_init.connect(add_reader)
    signals.generator_init.connect(furnish_generator)
    signals.all_generators_finalized.connect(prepare)
    signals.article_generator_write_article.connect(describe_campaign)
    signals.page_generator_write_page.connect(describe_page)
    signals.finalized.connect(write_files)


def read(pelican: Pelican) -> Iterable[type[Generator]]:
    """Check the content, at the start of each run."""
    settings = pelican.settings
    built = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH") or time.time()), UTC)
    try:
        check_embed_origins(settings.get(EMBED, ()))
        settings[_COUNTS] = read_counts(Path(settings["PATH"]))
        settings[_LOOK] = read_branding(settings, Path(settings["PATH"]))
        content = read_content(Path(settings["PATH"]), settings["DEFAULT_LANG"], _today(built, settings))
    except (ContentError, ValueError) as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    if UNREVIEWED in settings and (faults := _unreviewed(content, settings[UNREVIEWED])):
        print(*faults, sep="\n", file=sys.stderr)
        sys.exit(1)
    for warning in content.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    settings[_BUILT], settings[_CONTENT] = built, content
    return (FrontPages,)


class ContentReader(BaseReader):  # type: ignore[misc]  # Pelican's readers are untyped
    """Gives Pelican what `read` has checked."""

    enabled = True
    file_extensions = ("md",)

    def read(self, source_path: str) -> tuple[str, Mapping[str, Any]]:
        content: Content = self.settings[_CONTENT]
        path = Path(source_path)
        if page := content.pages.get(path):
            url = page.url.lstrip("/")
            return page.html, {
                "title": page.title,
                "slug": page.slug,
                "lang": page.language,
                "summary": page.summary,
                "url": url,
                "save_as": f"{url}index.html",
            }
        if path not in content.sources:
            return "", {"status": "skip"}  # a campaign that is over and can no longer be read: it has its warning
        campaign, language = content.sources[path]
        text = campaign.text(language)
        url = text.url.lstrip("/")
        return text.body_html, {
            "title": text.title,
            "slug": campaign.slug,
            "lang": language,
            "date": datetime.combine(campaign.opens, datetime.min.time()) if campaign.opens else self.settings[_BUILT],
            "template": "campaign",
            "url": url,
            "save_as": f"{url}index.html",
        }


class FrontPages(Generator):  # type: ignore[misc]  # Pelican's generators are untyped
    """The index of campaigns and the offices' telephone numbers in every language; letters explained; frames."""

    def generate_output(self, writer: Writer) -> None:
        site: Site = self.settings[_MANIFEST].site
        homes = {tag: site.home(tag) for tag in site.languages}
        for tag, home in homes.items():
            name = f"{home.lstrip('/')}index.html"
            writer.write_file(
                name, self.get_template("index"), self.context, lang=tag, versions=homes, unreviewed=False
            )
        own = self.settings.get("BEACONPOST_BOUNDARIES")
        codes = {one.state for one in self.settings[_MANIFEST].campaigns}
        directories = read_phone_directories(codes, Path(own) if own else None)
        phones = {tag: site.phones(tag) for tag in site.languages}
        for tag, url in phones.items():
            writer.write_file(
                f"{url.lstrip('/')}index.html",
                self.get_template("phones"),
                self.context,
                lang=tag,
                versions=phones,
                unreviewed=False,
                directories=directories,
            )
        for campaign in self.settings[_MANIFEST].campaigns:
            self._explain_letter(writer, campaign)
            self._embed(writer, campaign)

    def _explain_letter(self, writer: Writer, campaign: Campaign) -> None:
        """The letter beside its translation: a page of its own, so that the campaign page stays light."""
        tags = [tag for tag in campaign.texts if tag != campaign.language]
        for tag in tags:
            text = campaign.text(tag)
            writer.write_file(
                f"{text.url.lstrip('/')}letter/index.html",
                self.get_template("letter"),
                self.context,
                lang=tag,
                versions={one: f"{campaign.text(one).url}letter/" for one in tags},
                unreviewed=text.unreviewed,
                campaign=campaign,
                text=text,
                letter=campaign.text(campaign.language),
            )

    def _embed(self, writer: Writer, campaign: Campaign) -> None:
        """The form alone, for other sites' frames: all below /embed/, so that one rule of the host's fits them."""
        own = self.settings[_MANIFEST].site.languages[0]
        versions = {tag: f"/embed/{'' if tag == own else f'{tag}/'}{campaign.slug}/" for tag in campaign.texts}
        phase = campaign.phase(_today(self.settings[_BUILT], self.settings))
        for tag, url in versions.items():
            count = self.settings[_COUNTS].get(campaign.slug, 0)
            context = campaign_context(campaign, tag, phase, Form(), count) | {"versions": versions, "embedded": True}
            name = f"{url.lstrip('/')}index.html"
            writer.write_file(name, self.get_template("embed"), self.context, **context)


def add_reader(readers: Readers) -> None:
    readers.reader_classes["md"] = ContentReader


def furnish_generator(generator: Generator) -> None:
    configure_environment(generator.env)


def prepare(generators: Sequence[Generator]) -> None:
    """Once every page is read and its links are known: the manifest, and what all pages are given."""
    settings, context = generators[0].settings, generators[0].context
    articles = next(one for one in generators if isinstance(one, ArticlesGenerator))
    html = {Path(one.source_path): one.content for one in (*articles.articles, *articles.translations)}
    content: Content = settings[_CONTENT]
    campaigns = tuple(_with_html(campaign, content, html) for campaign in content.campaigns)
    languages = dict.fromkeys([settings["DEFAULT_LANG"], *sorted({one for c in campaigns for one in c.texts})])
    site = Site(
        name=settings["SITENAME"],
        url=settings["SITEURL"],
        languages=tuple(languages),
        timezone=settings["TIMEZONE"],
        privacies=tuple(sorted(page.language for page in content.pages.values() if page.slug == "privacy")),
        look=settings[_LOOK],
    )
    built = settings[_BUILT]
    settings[_MANIFEST] = Manifest(version=MANIFEST_VERSION, built=built, site=site, campaigns=campaigns)
    today = _today(built, settings)
    context.update(page_context(site, settings[RELAY_URL], assets_url=settings["SITEURL"]))
    context["shelf"] = {phase: [one for one in campaigns if one.phase(today) == phase] for phase in _LISTED}


def describe_campaign(generator: ArticlesGenerator, content: Article) -> None:
    """What `campaign.html` is given: just what the relay gives it, for a form that nobody has filled in yet."""
    manifest: Manifest = generator.settings[_MANIFEST]
    campaign = manifest.by_slug()[content.slug]
    phase = campaign.phase(_today(manifest.built, generator.settings))
    count = generator.settings[_COUNTS].get(campaign.slug, 0)
    generator.context.update(campaign_context(campaign, content.lang, phase, Form(), count))


def describe_page(generator: PagesGenerator, content: Page) -> None:
    """What `page.html` is given beside the page itself."""
    pages = [one for one in generator.settings[_CONTENT].pages.values() if one.slug == content.slug]
    pages.sort(key=lambda one: (one.language != generator.settings["DEFAULT_LANG"], one.language))
    here = next(one for one in pages if one.language == content.lang)
    versions = {one.language: one.url for one in pages}
    generator.context.update(lang=content.lang, versions=versions, unreviewed=here.unreviewed)


def write_files(pelican: Pelican) -> None:
    """The files beside the pages."""
    output = Path(pelican.settings["OUTPUT_PATH"])
    manifest: Manifest = pelican.settings[_MANIFEST]
    for name, asset in read_assets(manifest.site.look).items():
        (output / pelican.settings["THEME_STATIC_DIR"] / name).write_bytes(asset)
    for campaign in manifest.campaigns:
        text = campaign.text(campaign.language)
        picture = draw_share_image(text.title, text.campaign, manifest.site)
        (output / text.url.lstrip("/") / SHARE_IMAGE).write_bytes(picture)
    (output / FAVICON).write_bytes(draw_favicon(manifest.site))
    (output / MANIFEST_NAME).write_bytes(dump_manifest(manifest))
    if manifest.site.url:  # a map of the site names addresses in full
        today, pages = _today(manifest.built, pelican.settings), pelican.settings[_CONTENT].pages.values()
        (output / "sitemap.xml").write_text(sitemap(manifest, pages, today), encoding="utf-8")
        (output / "robots.txt").write_text(f"Sitemap: {manifest.site.url}/sitemap.xml\n", encoding="utf-8")
    folders = sorted({path.name for path in output.iterdir() if path.is_dir()} - {"embed", "theme"})
    embedders = pelican.settings.get(EMBED, ())
    headers = render_headers(manifest.site.url, pelican.settings[RELAY_URL], folders, embedders)
    (output / "_headers").write_text(headers, encoding="utf-8")
    (output / ".nojekyll").touch()  # or GitHub Pages leaves out every file that starts with an underscore


def _with_html(campaign: Campaign, content: Content, html: Mapping[Path, str]) -> Campaign:
    """The campaign with its argument as Pelican links it, `{static}` and the like resolved."""
    texts = dict(campaign.texts)
    for path, (one, language) in content.sources.items():
        if one is campaign:
            texts[language] = msgspec.structs.replace(texts[language], body_html=html[path])
    return msgspec.structs.replace(campaign, texts=texts)


def _unreviewed(content: Content, accepted: Sequence[str]) -> list[str]:
    """For each language of the site, what keeps it from the public; accepted: those the operator lets through."""
    spoken = {page.language for page in content.pages.values()}.union(*(one.texts for one in content.campaigns))
    faults = []
    for tag in sorted(spoken - set(accepted)):
        if sensitive := unreviewed_sensitive(tag):
            faults.append(
                f"{tag}: no native speaker has checked {len(sensitive)} sentences about safety and consent, such as "
                f"“{sensitive[0]}”. Have them checked and marked in theme/locale/, or leave the language out, or add "
                f'"{tag}" to {UNREVIEWED} in publishconf.py'
            )
    return faults + [
        f"{display_path(path)}: no native speaker has checked this page. Have it checked and say "
        f"`translation: reviewed`, or "
        f'add "{page.language}" to {UNREVIEWED} in publishconf.py'
        for path, page in sorted(content.pages.items())
        if page.unreviewed and page.language not in accepted
    ]


def _today(built: datetime, settings: Mapping[str, str]) -> date:
    return built.astimezone(ZoneInfo(settings["TIMEZONE"])).date()
