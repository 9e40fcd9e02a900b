"""Markdown to HTML, for campaigns and pages: CommonMark, in which a list may follow a paragraph at once."""

from collections.abc import Sequence
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_core.replacements import replace_rare
from markdown_it.rules_core.state_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

_BRACES: Final = {"%7B": "{", "%7D": "}"}  # Pelican's {static} and {filename}


def render_markdown(text: str) -> str:
    """HTML of a Markdown text. Raw HTML is allowed as far as `theme.site.raw_html` does not refuse it."""
    return str(_parser().render(text)).strip()


def parse_markdown(text: str) -> Sequence[Token]:
    """What `render_markdown` renders: blocks with their lines (from 0), and what is in them."""
    return _parser().parse(text)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "typographer": True, "xhtmlOut": False})
    parser.enable(["table", "strikethrough", "replacements", "smartquotes"])
    parser.core.ruler.at("replacements", _set_dashes)
    parser.use(footnote_plugin).use(deflist_plugin).use(anchors_plugin, max_level=6)
    parser.normalizeLink = _normalize_link  # type: ignore[method-assign]
    # What it would leave as text, like javascript:, is refused with a reason.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    return parser


def _set_dashes(state: StateCore) -> None:
    """-- and ... become dashes and an ellipsis; (c) and (r) stay: "Smith (R)" is a party, not a trade mark."""
    for token in state.tokens:
        if token.type == "inline" and token.children is not None:
            replace_rare(token.children)


def _normalize_link(url: str) -> str:
    link = normalizeLink(url)
    for code, brace in _BRACES.items():
        link = link.replace(code, brace)
    return link
