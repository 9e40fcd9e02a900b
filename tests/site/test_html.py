"""Every page of site and relay is valid HTML and loads nothing from third parties."""

import gzip
import re
from pathlib import Path

import pytest

from tests.samples.pages import pages
from tests.site.html import check
from theme.assets import read_assets
from theme.manifest import parse_manifest
from theme.pages.languages import direction, known_languages
from theme.pages.views import Form
from theme.render import Renderer

SITE, RELAY = "https://campaign.example", "https://relay.example"
PAGES = (
    "index.html",
    "404.html",
    "privacy/index.html",
    "campaigns/safe-communities-act/index.html",
    "campaigns/sunday-libraries/index.html",
    "embed/safe-communities-act/index.html",
    "embed/ar/sunday-libraries/index.html",
)

# A defect → how it is planted in a valid page, and what the checker reports.
DEFECTS = {
    "a duplicate id": ("</main>", '<p id="main"></p></main>', "id main occurs 2 times"),
    "a label for nothing": ("</main>", '<label for="nobody">Who</label></main>', "<label>: for=nobody does not exist"),
    "a description of nothing": (
        "</main>",
        '<p aria-describedby="gone"></p></main>',
        "<p>: aria-describedby=gone does not exist",
    ),
    "a link into nowhere": ("</main>", '<a href="#gone">Go</a></main>', "<a>: link to #gone does not exist"),
    "a link without words": ("</main>", '<a href="/"></a></main>', "<a>: a link without target or text"),
    "an unlabelled input": ("</main>", '<input name="age"></main>', "<input name=age> has no label"),
    "a wrong autocomplete": (
        "</main>",
        '<label>S<input autocomplete="street-address"></label></main>',
        "<input>: autocomplete=street-address",
    ),
    "a wrong language": ("<html ", '<html lang="English" data-was-', "<html>: lang=English"),
    "an inline handler": ("<main ", '<main onclick="go()" ', "<main>: inline onclick"),
    "an inline style": ("<main ", '<main style="color:red" ', "<main>: inline style"),
    "an inline script": ("</main>", "<script>go()</script></main>", "<script>: inline code"),
    "a foreign picture": (
        "</main>",
        '<img alt="" src="https://cdn.example/x.png"></main>',
        "<img>: loads from cdn.example",
    ),
    "a foreign style sheet": (
        "</head>",
        '<link rel="stylesheet" href="//cdn.example/x.css"></head>',
        "<link>: loads from cdn.example",
    ),
    "a picture without words": ("</main>", '<img src="/x.png"></main>', "<img>: no alt"),
    "a focus order": ("</main>", '<p tabindex="3"></p></main>', "<p>: tabindex=3"),
    "a second headline": ("</main>", "<h1>Two</h1></main>", "not exactly one h1"),
    "an unclosed element": ("</main>", "<div></main>", "line "),
    "a stray attribute": ("<main ", '<main id="x" id="y" ', "line "),
    "no title": ("<title>", "<title></title><meta data-was='", "line "),
}


@pytest.mark.parametrize("path", PAGES)
def test_the_sites_pages_are_valid(path: str, site: Path) -> None:
    assert check((site / path).read_text(), SITE) == []


@pytest.mark.parametrize("name", pages("en"))
def test_the_relays_pages_are_valid(name: str) -> None:
    assert check(pages("en")[name], RELAY) == []


@pytest.mark.parametrize("tag", known_languages())
def test_every_page_is_valid_in_every_language(tag: str, site: Path) -> None:
    for path in ("", "phones/", "privacy/", "campaigns/safe-communities-act/", "campaigns/sunday-libraries/"):
        assert check((site / tag / path / "index.html").read_text(), SITE) == [], path
    for name, page in pages(tag).items():
        assert check(page, RELAY) == [], name
        assert f'<html lang="{tag}" dir="{direction(tag)}">' in page


@pytest.mark.parametrize("name", DEFECTS)
def test_the_checker_finds_a_planted_defect(name: str, site: Path) -> None:
    old, new, expected = DEFECTS[name]
    page = (site / "privacy/index.html").read_text()
    assert old in page
    assert any(fault.startswith(expected) for fault in check(page.replace(old, new, 1), SITE))


@pytest.mark.parametrize("path", PAGES)
def test_internal_links_resolve(path: str, site: Path) -> None:
    for link in re.findall(r'(?:href|src)="([^"]*)"', (site / path).read_text()):
        if link.startswith(SITE):
            target = site / link.removeprefix(SITE).partition("?")[0].lstrip("/")
            assert (target / "index.html" if target.is_dir() else target).is_file(), link


def test_the_relay_renders_the_same_campaign_page_as_the_site(site: Path) -> None:
    """Only the origin of style and script differs: the relay's page must work while the site is down."""
    manifest = parse_manifest((site / "campaigns.json").read_bytes())
    for campaign in manifest.campaigns:
        for tag, text in campaign.texts.items():
            ours = Renderer(manifest.site, RELAY).campaign(campaign, tag, "open", Form())
            page = (site / f"{text.url.lstrip('/')}index.html").read_text()
            assert ours == page.replace(f"{SITE}/theme/", f"{RELAY}/theme/")


@pytest.mark.parametrize("tag", ["en", *known_languages()])
def test_the_campaign_page_weighs_at_most_9000_bytes(tag: str, site: Path) -> None:
    for campaign in ("safe-communities-act", "sunday-libraries"):
        page = site / tag.replace("en", "") / "campaigns" / campaign / "index.html"
        loaded = [name for name in read_assets() if f"/theme/{name}?" in page.read_text()]
        assert loaded == ["icon.svg", "letter.js", "site.css"]
        paths = (page, *(site / "theme" / name for name in loaded[1:]))
        sizes = {path: len(gzip.compress(path.read_bytes(), 9)) for path in paths}
        assert sum(sizes.values()) <= 9_000, sizes


def test_writing_and_sending_loads_at_most_6000_bytes_more() -> None:
    """With the first touch of the form. `faults.js` and `place.js` come only if something is wrong."""
    assets = read_assets()
    later = ("pages.css", "form.js", "address.js", "blanks.js", "preview.js", "sending.js")
    sizes = {name: len(gzip.compress(assets[name], 9)) for name in later}
    assert sum(sizes.values()) <= 6_000, sizes


def test_site_and_relay_serve_the_same_static_files(site: Path) -> None:
    for name, content in read_assets().items():
        assert (site / "theme" / name).read_bytes() == content, name
