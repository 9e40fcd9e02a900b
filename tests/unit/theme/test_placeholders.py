"""Words in brackets: those that are filled in, and those that nobody fills in."""

import pytest

from theme.placeholders import PLACEHOLDERS, find_brackets


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_a_placeholder_is_filled_in(name: str) -> None:
    assert find_brackets(f"Dear [{name}],") == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("[Add your story]", ["Add your story"]),
        ("[first name]", ["first name"]),
        ("[Frist Name] and [Your ward]", ["Frist Name", "Your ward"]),
        ("[您的故事]", ["您的故事"]),
        ("a footnote[1] and [2025-26]", []),
        ("an [unclosed one\nthen]", []),
        ("", []),
    ],
)
def test_other_words_are_left(text: str, left: list[str]) -> None:
    assert find_brackets(text) == left
