"""The files of a site that are not pages: the manifest, static files, images, sitemap and host headers."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
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

RELAY_URL: Final = "BEACONPOST_RELAY_URL"


def write_files(output: Path, settings: Mapping[str, Any], run: Run) -> None:
    """Write them into `output`, next to the pages that Pelican has written. settings: Pelican's."""
    manifest = run.manifest
    for name, asset in read_assets(manifest.site.look).items():
        (output / settings["THEME_STATIC_DIR"] / name).write_bytes(asset)
    _write_share_images(output, manifest)
    (output / FAVICON).write_bytes(draw_favicon(manifest.site))
    (output / MANIFEST_NAME).write_bytes(dump_manifest(hide(manifest, settings.get(MANIFEST_KEY, ""))))
    if manifest.site.url:  # sitemap and feed need absolute URLs
        sitemap = render_sitemap(manifest, run.content.pages.values(), run.now)
        (output / "sitemap.xml").write_text(sitemap, encoding="utf-8")
        for tag in manifest.site.languages:
            feed = output / manifest.site.home(tag).lstrip("/") / FEED
            feed.write_text(render_feed(manifest, tag, run.now), encoding="utf-8")
        (output / "robots.txt").write_text(f"Sitemap: {manifest.site.url}/sitemap.xml\n", encoding="utf-8")
    (output / "_redirects").write_text(render_redirects(manifest.site.languages), encoding="utf-8")
    admin = publish_admin(Path(settings["PATH"]), output)
    folders = sorted({path.name for path in output.iterdir() if path.is_dir()} - {FOLDER, "embed", "theme"})
    headers = render_headers(manifest.site.url, settings[RELAY_URL], folders, settings.get(EMBED, ()), admin)
    (output / "_headers").write_text(headers, encoding="utf-8")
    (output / ".nojekyll").touch()  # without it GitHub Pages skips every file that starts with an underscore


def _write_share_images(output: Path, manifest: Manifest) -> None:
    """One for each page of a campaign. Pillow compresses outside the interpreter's lock, so threads use all cores."""

    def write(campaign: Campaign, language: str) -> None:
        text, letter = campaign.text(language), campaign.text(campaign.language)
        shown = text if can_draw(text.title + text.campaign) else letter
        image = remember(partial(draw_share_image, shown.title, shown.campaign, manifest.site), MADE_WITH)
        (output / text.url.lstrip("/") / SHARE_IMAGE).write_bytes(image)

    pages = [(campaign, language) for campaign in manifest.campaigns for language in campaign.texts]
    with ThreadPoolExecutor() as threads:
        for done in [threads.submit(write, *page) for page in pages]:
            done.result()
