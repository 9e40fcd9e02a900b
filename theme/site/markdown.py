"""Markdown to HTML, for campaigns and pages."""

from markdown import Markdown

_EXTENSIONS = ("extra", "sane_lists", "smarty")


def render_markdown(text: str) -> str:
    """HTML of a Markdown text. Raw HTML is allowed: organizers are trusted, and the page's CSP blocks scripts."""
    return Markdown(extensions=list(_EXTENSIONS), output_format="html").convert(text)
