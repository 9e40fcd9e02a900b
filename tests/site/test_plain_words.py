"""All that a visitor reads is of grade 8 at most, by textstat's Flesch-Kincaid grade, over a whole page or mail.

Labels and headings are left out, since short lines would flatter the rest; and so is what is not ours: the argument and
the letter, which are the organizer's, and lists of names.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
import textstat  # type: ignore[import-untyped]

from relay.letters.erasure_mail import write_erasure_mail
from relay.letters.wording import write_confirmation, write_receipt
from tests.samples.campaigns import campaign
from tests.samples.letters import FRAME, submission
from tests.samples.pages import pages

GRADE = 8.0
HARDEST = 12.0  # of a single sentence
SHORTEST = 6  # words; fewer are a label
OF_THE_SITE = (
    "index.html",
    "404.html",
    "privacy/index.html",
    "phones/index.html",
    "campaigns/safe-communities-act/index.html",
    "embed/sunday-libraries/index.html",
)
OF_THE_RELAY = [name for name in pages("en", "") if not name.startswith("report")]  # those are for organizers
# Elements whose text is a sentence or a line of its own.
BLOCKS = {"p", "li", "dt", "dd", "h1", "h2", "h3", "legend", "label", "summary", "button", "option", "a", "blockquote"}
UNREAD = {"script", "style", "textarea", "template", "head", "svg", "nav"}
NOT_OURS = {"argument", "explained", "letters", "opening", "cards", "label", "choice"}


def lines(element: Element, text: str = "") -> Iterator[str]:
    """The text of each innermost block."""
    if not isinstance(element.tag, str) or element.tag in UNREAD or NOT_OURS & set(element.get("class", "").split()):
        return
    own = re.sub(r"\s+", " ", "".join(_words(element))).strip()
    blocks = [child for child in element.iter() if child is not element and child.tag in BLOCKS - {"a"}]
    if element.tag in BLOCKS and not blocks:
        yield own
        return
    for child in element:
        yield from lines(child, text)


def _words(element: Element) -> Iterator[str]:
    """The text, with a short name for every name."""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from ["Ann"] if child.tag == "bdi" else _words(child)
        yield child.tail or ""


def read(markup: str) -> list[str]:
    """The sentences of a page."""
    return sentences("\n".join(lines(html5lib.parse(markup, namespaceHTMLElements=False))))


def sentences(text: str) -> list[str]:
    """Of a text whose lines are paragraphs."""
    said = re.split(r"(?<=[.?!:])\s+|\n", text)
    return [sentence for sentence in said if len(sentence.split()) >= SHORTEST]


def grade(said: list[str]) -> float:
    """Of no sentence at all: 0."""
    return float(textstat.flesch_kincaid_grade(" ".join(f"{sentence.rstrip('.?!:')}." for sentence in said)))


def expect_plain(said: list[str]) -> None:
    assert grade(said) <= GRADE, said
    assert [sentence for sentence in said if grade([sentence]) > HARDEST] == []


@pytest.mark.parametrize("path", OF_THE_SITE)
def test_a_page_of_the_site_is_easy_to_read(path: str, site: Path) -> None:
    said = read((site / path).read_text())
    assert said
    expect_plain(said)


@pytest.mark.parametrize("name", OF_THE_RELAY)
def test_a_page_of_the_relay_is_easy_to_read(name: str) -> None:
    expect_plain(read(pages("en", "")[name]))


@pytest.mark.parametrize("kind", ["confirmation", "receipt", "erasure"])
def test_a_mail_to_a_writer_is_easy_to_read(kind: str) -> None:
    about = submission(), campaign(), "https://relay.example/x", FRAME, lambda _, words: words
    mails = {
        "confirmation": write_confirmation("0" * 32, *about),
        "receipt": write_receipt("0" * 32, *about),
        "erasure": write_erasure_mail("0" * 32, "", "", "ana@mail.example", *about[2:]),
    }
    said = sentences(mails[kind].body)
    assert said
    expect_plain(said)
