"""Markdown for campaigns and pages: Python-Markdown renders it; markdown-it-py finds things in it, with their lines."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from hashlib import sha256
from typing import Final
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from theme.site.cache import FOLDER, digest_code, remember_by

# As in CommonMark: in the middle of a paragraph only a 1 begins a numbered list, or "1986. Then" would.
_LIST_BELOW: Final = re.compile(r"\n(?= {0,3}(?:[*+-]|1[.)])[ \t]+\S)")
_LIST: Final = re.compile(r" {0,3}(?:[*+-]|\d{1,9}[.)])[ \t]")


@lru_cache(16)  # a campaign's languages: each is checked, and then shown
def render_markdown(text: str) -> str:
    """HTML of a Markdown text. Raw HTML is allowed as far as `theme.site.raw_html` does not refuse it."""
    if not FOLDER.is_dir():  # nothing has been built here
        return _render(text)
    digest = sha256(f"{digest_code()} markdown\n{text}".encode(errors="surrogatepass")).hexdigest()
    return remember_by(digest, lambda: _render(text).encode(errors="surrogatepass")).decode(errors="surrogatepass")


def _render(text: str) -> str:
    extensions: list[str | Extension] = ["extra", "sane_lists", "smarty", "toc", _ListsBelowParagraphs()]
    configs = {"toc": {"slugify": slugify}}
    return Markdown(extensions=extensions, extension_configs=configs, output_format="html").convert(text)


@lru_cache(16)
def parse_markdown(text: str) -> Sequence[Token]:
    """Blocks with their lines (from 0), and what is in them."""
    return _parser().parse(text)


def slugify(heading: str, separator: str) -> str:
    """What a link to a heading says after the #; in any script."""
    words = re.sub(r"[^\w\s-]", "", unicodedata.normalize("NFC", heading)).strip().lower()
    return re.sub(r"[\s-]+", separator, words)


class _ListsBelowParagraphs(Extension):
    """A list may follow a paragraph without an empty line between them, as in CommonMark and in most people's files."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  (Python-Markdown's)
        md.parser.blockprocessors.register(_SplitAtList(md.parser), "lists_below_paragraphs", 15)  # before paragraphs


class _SplitAtList(BlockProcessor):
    def test(self, parent: Element, block: str) -> bool:  # noqa: ARG002
        return not _LIST.match(block) and _LIST_BELOW.search(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:  # noqa: ARG002  (Python-Markdown's)
        paragraph, below = _LIST_BELOW.split(blocks.pop(0), maxsplit=1)
        blocks[:0] = [paragraph, below]


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True})
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(deflist_plugin)
    parser.use(anchors_plugin, max_level=6, slug_func=lambda heading: slugify(heading, "-"))
    parser.normalizeLink = _normalize_link  # type: ignore[method-assign]
    # What it would leave as text, like javascript:, is refused with a reason.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    return parser


def _normalize_link(url: str) -> str:
    """With the braces of Pelican's {static} and {filename}."""
    return normalizeLink(url).replace("%7B", "{").replace("%7D", "}")
