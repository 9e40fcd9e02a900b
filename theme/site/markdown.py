"""Markdown to HTML, one way for campaigns and pages."""

from markdown import Markdown

_EXTENSIONS = ("extra", "sane_lists", "smarty")


def render_markdown(text: str) -> str:
    """HTML of a Markdown text. What an organiser writes is trusted: the page's policy runs no script in it."""
    return Markdown(extensions=list(_EXTENSIONS), output_format="html").convert(text)
