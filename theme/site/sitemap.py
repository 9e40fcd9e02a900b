"""`sitemap.xml`: every page with its other languages. Search engines read these links here as well as in the pages.

Source: https://www.sitemaps.org/protocol.html; `xhtml:link` as search engines document it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from theme.manifest import Manifest
from theme.pages.environment import create_environment
from theme.site.page_file import Page


def render_sitemap(manifest: Manifest, pages: Iterable[Page], now: datetime) -> str:
    """The whole file, without drafts and withdrawn campaigns."""
    site = manifest.site
    groups: list[Mapping[str, str]] = [{tag: url(tag) for tag in site.languages} for url in (site.home, site.phones)]
    groups += [
        {tag: text.url for tag, text in campaign.texts.items()}
        for campaign in manifest.campaigns
        if campaign.phase(now) not in ("draft", "withdrawn")
    ]
    groups.append({site.languages[0]: site.offices})
    slugs: dict[str, dict[str, str]] = {}
    # The site's own language comes first: it becomes x-default.
    for page in sorted(pages, key=lambda page: (page.slug, page.language != site.languages[0], page.language)):
        slugs.setdefault(page.slug, {})[page.language] = page.url
    groups += slugs.values()
    return create_environment().get_template("sitemap.xml").render(site=site, groups=groups) + "\n"
