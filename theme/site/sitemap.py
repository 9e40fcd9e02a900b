"""`sitemap.xml`: every page with its versions in other languages, where search engines look as readily as in the pages.

Source: https://www.sitemaps.org/protocol.html; xhtml:link as search engines read it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from xml.sax.saxutils import quoteattr

from theme.manifest import Manifest, Site
from theme.site.content import Page


def sitemap(manifest: Manifest, pages: Iterable[Page], today: date) -> str:
    """The whole file. Drafts and withdrawn campaigns are not in it."""
    site = manifest.site
    groups = [{tag: url(tag) for tag in site.languages} for url in (site.home, site.phones)]
    groups += [
        {tag: text.url for tag, text in one.texts.items()}
        for one in manifest.campaigns
        if one.phase(today) not in ("draft", "withdrawn")
    ]
    slugs: dict[str, dict[str, str]] = {}
    for page in pages:
        slugs.setdefault(page.slug, {})[page.language] = page.url
    groups += [_first(versions, site) for _, versions in sorted(slugs.items())]
    entries = "".join(_entry(site, url, versions) for versions in groups for url in versions.values())
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
        f"{entries}</urlset>\n"
    )


def _first(versions: Mapping[str, str], site: Site) -> dict[str, str]:
    """The site's own language before the others, because that is what x-default shows."""
    return dict(sorted(versions.items(), key=lambda one: (one[0] != site.languages[0], one[0])))


def _entry(site: Site, url: str, versions: Mapping[str, str]) -> str:
    links = [*versions.items(), ("x-default", next(iter(versions.values())))] if len(versions) > 1 else []
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{tag}" href={quoteattr(site.url + other)}/>\n' for tag, other in links
    )
    return f"<url><loc>{site.url}{url}</loc>\n{alternates}</url>\n"
