"""Markdown as people write it."""

import pytest

from theme.site.markdown import parse_markdown, render_markdown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("We ask:\n- one\n- two", "<p>We ask:</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("We ask:\n1. one\n2. two", "<p>We ask:</p>\n<ol>\n<li>one</li>\n<li>two</li>\n</ol>"),
        ("It passed in\n1986. Then nothing.", "<p>It passed in\n1986. Then nothing.</p>"),
        ("Two minus\n-1 is three", "<p>Two minus\n-1 is three</p>"),
        ("> They said:\n> - one", "<blockquote>\n<p>They said:</p>\n<ul>\n<li>one</li>\n</ul>\n</blockquote>"),
    ],
)
def test_a_list_may_stand_right_under_a_paragraph(text: str, shown: str) -> None:
    assert render_markdown(text) == shown


def test_code_and_lists_in_lists_stay_as_they_are() -> None:
    assert "<code>a\n- b\n</code>" in render_markdown("```\na\n- b\n```")
    assert render_markdown("- one\n\n    more\n    - deeper").count("<ul>") == 2


@pytest.mark.parametrize("heading", ["Why this?", "为什么", "¿Por qué?", "Rep. Day (R)"])
def test_a_link_finds_the_heading_that_check_knows(heading: str) -> None:
    (name,) = [token.attrGet("id") for token in parse_markdown(f"## {heading}") if token.attrGet("id")]
    assert f'<h2 id="{name}">' in render_markdown(f"## {heading}")
