"""The Pelican plugin: turns campaign files into pages, `campaigns.json` and the files beside them.

Pelican drops a file it cannot read and exits 0. So this plugin reads and checks all content before Pelican does. It
prints every problem to stderr and exits with status 1 before anything in the output folder changes. If this module
fails to load or register, the templates lack variables that only it provides, so the build fails as well.

    register()
      get_generators      load_content            check the content, start a theme.site.run.Run
      readers_init        add_reader              Markdown comes from the checked content
      generator_init      configure_generator     gettext, filters and globals for the templates
      get_writer          choose_writer           what is served already is not written again
      *_finalized         build_manifest          the manifest, and the context every page shares
      *_write_article     add_campaign_context    what campaign.html needs
      *_write_page        add_page_context        what page.html needs
      finalized           write_output            manifest, images, sitemap, headers
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
from pelican import Pelican, signals  # type: ignore[import-untyped]
from pelican.contents import Article, Page  # type: ignore[import-untyped]
from pelican.generators import ArticlesGenerator, Generator, PagesGenerator  # type: ignore[import-untyped]
from pelican.readers import Readers  # type: ignore[import-untyped]
from pelican.writers import Writer  # type: ignore[import-untyped]

from theme.manifest import MANIFEST_VERSION, Campaign, Manifest, Phase, Site
from theme.pages.environment import configure_environment
from theme.pages.views import Form
from theme.render import campaign_context, page_context
from theme.site.finders import read_finders
from theme.site.generator import SiteGenerator
from theme.site.links import IMAGES
from theme.site.output import RELAY_URL, write_files
from theme.site.page_cache import remember_pages, remember_templates
from theme.site.problems import ContentError
from theme.site.reader import ContentReader
from theme.site.run import current_run, find_own_states, find_unreviewed, start_run
from theme.site.writer import StagingWriter

UNREVIEWED: Final = "BEACONPOST_UNREVIEWED"  # set only in publishconf.py

_LISTED: Final[Sequence[Phase]] = ("open", "upcoming", "closed")


def register() -> None:
    """Connect to Pelican's signals. Pelican calls this."""
    signals.get_generators.connect(load_content)
    signals.readers_init.connect(add_reader)
    signals.generator_init.connect(configure_generator)
    signals.get_writer.connect(choose_writer)
    signals.all_generators_finalized.connect(build_manifest)
    signals.article_generator_write_article.connect(add_campaign_context)
    signals.page_generator_write_page.connect(add_page_context)
    signals.finalized.connect(write_output)


def load_content(pelican: Pelican) -> Iterable[type[Generator]]:
    """Check all content at the start of a run. Exits with status 1 if anything is wrong."""
    settings = pelican.settings
    try:
        run = start_run(settings)
    except (ContentError, ValueError) as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    if UNREVIEWED in settings and (unreviewed := find_unreviewed(run.content, settings[UNREVIEWED], UNREVIEWED)):
        print(*unreviewed, sep="\n", file=sys.stderr)
        sys.exit(1)
    for warning in run.content.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    settings["PAGE_PATHS"] = [*settings["PAGE_PATHS"], *map(str, run.content.built_in)]
    others = [path for path in settings["STATIC_PATHS"] if path != IMAGES]
    settings["STATIC_PATHS"] = [*others, *run.content.static]
    return (SiteGenerator,)


def add_reader(readers: Readers) -> None:
    readers.reader_classes["md"] = ContentReader


def configure_generator(generator: Generator) -> None:
    configure_environment(generator.env)
    generator.env.auto_reload = False  # no template changes during a build, so none is looked at for every page
    remember_templates(generator.env)
    remember_pages(generator)


def choose_writer(pelican: Pelican) -> type[Writer]:  # noqa: ARG001  (the signal's)
    return StagingWriter


def build_manifest(generators: Sequence[Generator]) -> None:
    """Build the manifest and the shared template context, once Pelican has resolved the links in every page."""
    settings, context = generators[0].settings, generators[0].context
    run = current_run(settings)
    articles = next(generator for generator in generators if isinstance(generator, ArticlesGenerator))
    html: dict[str, dict[str, str]] = {}
    for article in (*articles.articles, *articles.translations):
        campaign, language = run.content.sources[Path(article.source_path)]
        html.setdefault(campaign.slug, {})[language] = article.content
    campaigns = tuple(_with_html(campaign, html[campaign.slug]) for campaign in run.content.campaigns)
    translations = sorted({tag for campaign in campaigns for tag in campaign.texts})
    site = Site(
        name=settings["SITENAME"],
        url=settings["SITEURL"],
        languages=tuple(dict.fromkeys([settings["DEFAULT_LANG"], *translations])),
        timezone=settings["TIMEZONE"],
        privacies=tuple(sorted(page.language for page in run.content.pages.values() if page.slug == "privacy")),
        look=run.look,
        promises=run.promises,
        organization=run.organization,
        finders=read_finders({campaign.state for campaign in campaigns}, find_own_states(settings)),
    )
    run.manifest = Manifest(version=MANIFEST_VERSION, built=run.built, site=site, campaigns=campaigns)
    run.by_slug = run.manifest.by_slug()
    context.update(page_context(site, settings[RELAY_URL], assets_url=settings["SITEURL"]))
    context["shelf"] = {
        phase: [campaign for campaign in campaigns if campaign.phase(run.now) == phase] for phase in _LISTED
    }


def add_campaign_context(generator: ArticlesGenerator, content: Article) -> None:
    """Give `campaign.html` the same context as the relay does, with an empty form."""
    run = current_run(generator.settings)
    campaign = run.by_slug[content.slug]
    count = run.counts.get(campaign.slug, 0)
    generator.context.update(campaign_context(campaign, content.lang, campaign.phase(run.now), Form(), count))


def add_page_context(generator: PagesGenerator, content: Page) -> None:
    """Give `page.html` its language and the other versions of the page."""
    first = generator.settings["DEFAULT_LANG"]
    pages = [page for page in current_run(generator.settings).content.pages.values() if page.slug == content.slug]
    pages.sort(key=lambda page: (page.language != first, page.language))
    versions = {page.language: page.url for page in pages}
    unreviewed = next(page.unreviewed for page in pages if page.language == content.lang)
    generator.context.update(lang=content.lang, versions=versions, unreviewed=unreviewed)


def write_output(pelican: Pelican) -> None:
    """Write the files that are not pages."""
    write_files(pelican.settings, current_run(pelican.settings))


def _with_html(campaign: Campaign, html: Mapping[str, str]) -> Campaign:
    """The campaign with its body in each language as Pelican rendered it, with `{static}` links resolved."""
    texts = {
        language: msgspec.structs.replace(text, body_html=html[language]) for language, text in campaign.texts.items()
    }
    return msgspec.structs.replace(campaign, texts=texts)
