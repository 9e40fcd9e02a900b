"""What is wrong with a text of one line: a title, a subject, a summary. All are plain text."""

import re
from collections.abc import Iterator
from typing import Final

import yaml

from theme.placeholders import PLACEHOLDERS
from theme.site.blanks import find_half, find_meant
from theme.site.frontmatter import Document
from theme.site.letter import check_placeholders, check_plain
from theme.site.slips import find_curly_quotes, find_cut_texts, find_sign, find_swallowed_key

TEXTS: Final = ("title", "campaign", "action", "summary", "subject", "thanks_subject", "outcome", "safety", "hearing")
_FILLED: Final = ("subject", "thanks_subject")  # where placeholders are filled in
_PLAIN: Final = "this is plain text, and people would read"
_SQUARE: Final = re.compile(r"\[([^\[\]\n]+)\]")
_SHOUT: Final = 12  # letters; shorter texts may be an abbreviation


def check_texts(document: Document, known: list[str]) -> None:
    """Report what is wrong with a document's texts. known: the keys that there are."""
    for key in TEXTS:
        node = document.entries.get(key)
        if isinstance(node, yaml.ScalarNode):
            for wrong, fatal in _check(key, " ".join(node.value.split())):
                report = document.add_problem if fatal else document.add_warning
                report(f"{key}: {wrong}", node)
    plain = [node for node in document.scalars if node.style is None]
    texts = {id(document.entries[key]) for key in TEXTS if key in document.entries}
    named = document.entries.get("recipients")
    parts = [
        value for item in getattr(named, "value", ()) if isinstance(item, yaml.MappingNode) for _, value in item.value
    ]
    texts |= {id(value) for value in parts}
    cut = [node for node in plain if id(node) in texts]
    for node in document.scalars:
        if sign := find_sign(document.front, node):
            wrong = f'"{sign}" at the start of a text is left out, with its word: put the whole text in "quotes"'
            document.add_problem(wrong, node)
    slips = list(find_cut_texts(document.front, iter(cut)))
    slips += [slip for node in plain if (slip := find_swallowed_key(document.front, node, known))]
    for line, column, wrong in slips:
        document.add_problem(wrong, line=line + 2, column=column + 1)


def _check(key: str, text: str) -> Iterator[tuple[str, bool]]:
    if key in _FILLED:
        yield from ((wrong, fatal) for _, wrong, fatal in check_placeholders(text))
    else:
        for words in _SQUARE.findall(text):
            if words in PLACEHOLDERS or find_meant(words):
                yield f"[{words}] is filled in only in the subject and the letter: write it out", True
        for blank in find_half(text):
            if blank.meant:
                yield f"{blank.text} is filled in only in the subject and the letter: write it out", True
    yield from ((wrong, fatal) for _, wrong, fatal in check_plain(text, _PLAIN))
    if find_curly_quotes(text):
        yield f"people will see the marks {text[0]} and {text[-1]} around this: remove them unless you quote it", False
    if key in ("title", *_FILLED, "campaign", "action"):
        yield from _check_tone(text)


def _check_tone(text: str) -> Iterator[tuple[str, bool]]:
    """Mail filters and readers take a shouting subject for advertising."""
    letters = [char for char in text if char.isalpha()]
    if len(letters) >= _SHOUT and " " in text and sum(char.isupper() for char in letters) > 0.7 * len(letters):
        yield f'this shouts, and filters take it for spam: write it like "{text.capitalize()}"', False
    elif shout := re.search(r"[!\uff01]{2,}|[?\uff1f]{2,}|\$\$", text):
        yield f"{shout[0]} looks like spam to filters: one sign is enough", False
