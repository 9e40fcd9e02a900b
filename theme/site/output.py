"""The files of a site that are not pages: the manifest, static files, images, sitemap and host headers."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from theme.assets import read_assets
from theme.hidden_part import hide
from theme.manifest import MANIFEST_NAME, Campaign, Manifest, dump_manifest
from theme.site.admin import FOLDER, publish_admin
from theme.site.cache import remember
from theme.site.feed import FEED, render_feed
from theme.site.headers import EMBED, render_headers, render_redirects
from theme.site.images import FAVICON, MADE_WITH, SHARE_IMAGE, can_draw, draw_favicon, draw_share_image
from theme.site.run import MANIFEST_KEY, Run
from theme.site.sitemap import render_sitemap
from theme.site.staging import Staging

RELAY_URL: Final = "BEACONPOST_RELAY_URL"


def write_files(settings: Mapping[str, Any], run: Run) -> None:
    """Write them next to the pages that Pelican has written. settings: Pelican's."""
    manifest, staging = run.manifest, run.staging
    for name, asset in read_assets(manifest.site.look).items():
        staging.write(f"{settings['THEME_STATIC_DIR']}/{name}", asset)
    _write_share_images(staging, manifest)
    staging.write(FAVICON, draw_favicon(manifest.site))
    staging.write(MANIFEST_NAME, dump_manifest(hide(manifest, settings.get(MANIFEST_KEY, ""))))
    if manifest.site.url:  # sitemap and feed need absolute URLs
        staging.write("sitemap.xml", render_sitemap(manifest, run.content.pages.values(), run.now).encode())
        for tag in manifest.site.languages:
            feed = render_feed(manifest, tag, run.now)
            staging.write(f"{manifest.site.home(tag)}{FEED}".lstrip("/"), feed.encode())
        staging.write("robots.txt", f"Sitemap: {manifest.site.url}/sitemap.xml\n".encode())
    staging.write("_redirects", render_redirects(manifest.site.languages).encode())
    admin = publish_admin(run.admin, staging)
    folders = sorted({*staging.folders} - {FOLDER, "embed", "theme"})
    headers = render_headers(manifest.site.url, settings[RELAY_URL], folders, settings.get(EMBED, ()), admin)
    staging.write("_headers", headers.encode())
    staging.write(".nojekyll", b"")  # without it GitHub Pages skips every file that starts with an underscore
    retained = settings.get("OUTPUT_RETENTION")
    staging.close(
        str(settings["TIMEZONE"]),
        str(settings.get("BEACONPOST_BOUNDARIES") or ""),
        [str(name) for name in retained] if isinstance(retained, (list, tuple)) else [],
    )


def _write_share_images(staging: Staging, manifest: Manifest) -> None:
    """One for each page of a campaign. Pillow compresses outside the interpreter's lock, so threads use all cores."""

    def draw(campaign: Campaign, language: str) -> bytes:
        text, letter = campaign.text(language), campaign.text(campaign.language)
        shown = text if can_draw(text.title + text.campaign) else letter
        return remember(partial(draw_share_image, shown.title, shown.campaign, manifest.site), MADE_WITH)

    pages = [(campaign, language) for campaign in manifest.campaigns for language in campaign.texts]
    with ThreadPoolExecutor() as threads:
        for (campaign, language), image in zip(pages, threads.map(lambda page: draw(*page), pages), strict=True):
            staging.write(f"{campaign.text(language).url}{SHARE_IMAGE}".lstrip("/"), image)
