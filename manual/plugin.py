"""Reads the handbook's Markdown, which has no front matter, so that it is read as files as well."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pelican import signals  # type: ignore[import-untyped]
from pelican.readers import BaseReader, Readers  # type: ignore[import-untyped]

from theme.site.markdown import render_markdown

START: Final = "README"  # becomes index.html
_LINK: Final = re.compile(r"\]\((?!https?:|#|mailto:)([\w/.-]+?)(#[\w-]+)?\)")


class HandbookReader(BaseReader):  # type: ignore[misc]  # Pelican's readers are untyped
    enabled = True
    file_extensions = ("md",)

    def read(self, source_path: str) -> tuple[str, Mapping[str, Any]]:
        path = Path(source_path)
        text = path.read_text("utf-8")
        title = re.search(r"^# (.+)$", text, re.MULTILINE)
        name = "index" if path.stem == START else path.stem
        html = render_markdown(_LINK.sub(lambda link: f"]({_resolve(link[1])}{link[2] or ''})", text))
        return html, {
            "title": title[1] if title else path.stem, "slug": name, "url": f"{name}.html", "save_as": f"{name}.html",
        }  # fmt: skip


def _resolve(target: str) -> str:
    """A link between pages as the site has it. What lies outside docs/ is not on the site: its path is kept."""
    name = target.removesuffix(".md")
    return target if "/" in target or name == target else f"{'index' if name == START else name}.html"


def add_reader(readers: Readers) -> None:
    readers.reader_classes["md"] = HandbookReader


def register() -> None:
    """Connect to Pelican's signals. Pelican calls this."""
    signals.readers_init.connect(add_reader)
