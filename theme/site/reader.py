"""The Markdown reader for Pelican. It returns content that has been checked already and reads no file itself."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pelican.readers import BaseReader  # type: ignore[import-untyped]

from theme.site.run import current_run


class ContentReader(BaseReader):  # type: ignore[misc]  # Pelican's readers are untyped
    """Gives Pelican the pages and campaigns that `start_run` has read."""

    enabled = True
    file_extensions = ("md",)

    def read(self, source_path: str) -> tuple[str, Mapping[str, Any]]:
        run, path = current_run(self.settings), Path(source_path)
        if page := run.content.pages.get(path):
            url = page.url.lstrip("/")
            return page.html, {
                "title": page.title,
                "slug": page.slug,
                "lang": page.language,
                "summary": page.summary,
                "url": url,
                "save_as": f"{url}index.html",
            }
        if path not in run.content.sources:
            return "", {"status": "skip"}  # a closed campaign that no longer parses; its problems were printed
        campaign, language = run.content.sources[path]
        text = campaign.text(language)
        url = text.url.lstrip("/")
        return text.body_html, {
            "title": text.title,
            "slug": campaign.slug,
            "lang": language,
            "date": datetime.combine(campaign.opens, datetime.min.time()) if campaign.opens else run.built,
            "template": "campaign",
            "url": url,
            "save_as": f"{url}index.html",
        }
