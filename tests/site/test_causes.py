"""Mistakes whose cause is not where a parser stumbles: each is told once, with what somebody did and what to write."""

from datetime import date
from pathlib import Path

import pytest

from tests.site.conftest import GOOD
from tests.site.test_bad_files import argued, edited, given, written
from theme.site.content import read_content
from theme.site.problems import ContentError

TODAY = date(2026, 1, 1)

# What `check` once took for fine, or gave a wrong reason for → the text of every finding.
FOUND_LATER: dict[str, tuple[str, list[str]]] = {
    "a link whose address is missing": (
        argued("[x][nope] and [y][]"),
        [
            "[nope] has no address: write [x](address), or on a line below [nope]: address",
            "[y] has no address: write [y](address), or on a line below [y]: address",
        ],
    ),
    "a footnote without its text": (
        argued("Word[^1]."),
        ["there is no footnote 1: write it on a line below, [^1]: words"],
    ),
    "the end of a form": (
        argued("Words.</form>"),
        ["</form> does not work here: the page has its own form: remove it, or write a link"],
    ),
    "a part that another page has not": (
        argued("[x](/campaigns/good/#nothing)"),
        ["nothing on /campaigns/good/ is called #nothing. What there is: #letter"],
    ),
    "a page that its own site has not, by its whole address": (
        argued("[x](https://pond.example/nope/)"),
        ["this site has no page /nope/: a page elsewhere begins with https://"],
    ),
    "a table without its rule": (
        argued("| a | b |\n| 1 | 2 |"),
        ["this is no table yet: below its first line, write | --- | --- |"],
    ),
    "a template": (
        argued("<template>x</template>"),
        ["<template> does not work here: the page would not show what is in it: write it without"],
    ),
    "no argument": (argued(""), ['no argument: above "## Message", say why people should write']),
    "a blank in capitals": (
        written("I am YOUR NAME HERE, a voter."),
        ["YOUR NAME HERE is not filled in: write [First Name] [Last Name]"],
    ),
    "a blank that begins with INSERT": (
        written("INSERT TOWN HERE is where I live."),
        ["INSERT TOWN HERE is not filled in: write [Town]"],
    ),
    "a blank without brackets": (
        written("First Name Last Name"),
        ["First Name Last Name is not filled in: write [First Name] [Last Name]"],
    ),
    "a quotation in the letter": (
        written("> He said so"),
        [
            "a Markdown quotation: letters are plain text, and offices would read the >. Put the words in "
            "quotation marks"
        ],
    ),
    "a rule in the letter": (
        written("---"),
        ["a Markdown rule: letters are plain text, and offices would read the ---. Leave an empty line instead"],
    ),
    "a link below the letter": (
        written("See [this][1]."),
        ["a Markdown link: letters are plain text, and offices would read the brackets. Write this and the address"],
    ),
    "a legislator by the last name": (
        written("[Senator's Last Name] and [Representatives]"),
        [
            "unknown placeholder [Representatives]: write [Legislator]",
            "unknown placeholder [Senator's Last Name]: write [Legislator]",
        ],
    ),
    "a # in a named recipient": (
        edited("[senator,", "[{name: Board #5, email: a@mass.gov, greeting: Dear Board},"),
        ['what follows " #" is left out, and so is the closing bracket: put the text with the # in "quotes"'],
    ),
    "another heading": (
        edited("## Message", "## Letter"),
        ['did you mean "## Message"? The letter goes under that heading'],
    ),
    "a bold line for a heading": (
        edited("## Message", "**Your message:**"),
        ['did you mean "## Message"? The letter goes under that heading'],
    ),
    "no heading at all": (
        edited("## Message\n\n", ""),
        ['write "## Message" on a line of its own above the letter, which seems to begin here'],
    ),
}


@pytest.mark.parametrize("name", FOUND_LATER)
def test_a_mistake_has_one_cause_and_one_remedy(name: str, project: Path) -> None:
    content, texts = FOUND_LATER[name]
    (project / "content/campaigns/bad.md").write_text(content)
    try:
        found = read_content(Path("content"), "en", TODAY, site_url="https://pond.example").warnings
    except ContentError as error:
        found = (*error.problems, *error.warnings)
    assert sorted(problem.text for problem in found) == sorted(texts)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("good.en.md", '"en" is the first language: name the file good.md'),
        ("good.eng.md", '"eng" is not a language tag, and English needs none: name the file good.md'),
        ("rent.md.md", "name the file rent.md: the ending counts once"),
        ("rent.docx.md", "name the file rent.md: the ending counts once"),
        ("es.good.md", "the language comes last: name the file good.es.md"),
        ("good_es.md", "if this is a translation, name it good.es.md"),
        ("good-es.md", "this is a translation: name it good.es.md"),
    ],
)
def test_a_file_name_is_mended_in_one_step(project: Path, name: str, said: str) -> None:
    (project / "content/campaigns" / name).write_text("---\ntitle: Un t\u00edtulo\n---\n")
    with pytest.raises(ContentError) as caught:
        read_content(Path("content"), "en", TODAY)
    assert str(caught.value).splitlines() == [f"content/campaigns/{name}:1:1: {said}"]


def test_a_copied_file_that_nobody_has_changed_is_named(project: Path) -> None:
    (project / "content/campaigns/good-copy.md").write_text(GOOD)
    assert [str(warning) for warning in read_content(Path("content"), "en", TODAY).warnings] == [
        "content/campaigns/good-copy.md:1:1: title and letter are those of content/campaigns/good.md: change them, or "
        "delete this copy"
    ]


def test_a_campaign_among_the_pages_or_beside_the_content_is_named(project: Path) -> None:
    for name in ("content/pages/rent.md", "campaigns/rent.md"):
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(GOOD)
    for name in ("rent.yml", "rent.md.bak"):
        (project / "content/campaigns" / name).write_text("x")
    with pytest.raises(ContentError) as caught:
        read_content(Path("content"), "en", TODAY)
    assert str(caught.value).splitlines() == [
        "content/pages/rent.md:1:1: this is a campaign: move it to content/campaigns/",
        "warning: campaigns/rent.md:1:1: this file is not read: move it to content/campaigns/",
        "warning: content/campaigns/rent.md.bak:1:1: .bak files are not read: campaigns and pages end in .md. Move "
        "this one elsewhere",
        "warning: content/campaigns/rent.yml:1:1: .yml files are not read: campaigns and pages end in .md. Move this "
        "one elsewhere",
    ]


def test_bills_are_written_as_in_their_state(project: Path) -> None:
    (project / "content/campaigns/good.md").write_text(given("bills: [HB3573, S 12, h.4, SD.5, H5]\nsession: 194"))
    assert [str(warning) for warning in read_content(Path("content"), "en", TODAY).warnings] == [
        'content/campaigns/good.md:7:9: bills: "HB3573" is no bill of Massachusetts, whose numbers begin with H., S., '
        "HD., SD.: is it H.3573?"
    ]
