"""What an organiser reads when a file is wrong: where, what, and what would be right. All of it at once."""

from datetime import date
from pathlib import Path

import pytest

from tests.site.conftest import GOOD, Pelican
from theme.site.campaign_file import KEYS
from theme.site.content import read_content
from theme.site.problems import ContentError

TODAY = date(2026, 1, 1)
KNOWN = "Known are [First Name], [Last Name], [Your Address], [Legislator], [District], [Town], [Email]."


def edited(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def given(line: str) -> str:
    return edited("subject: A subject\n", f"subject: A subject\n{line}\n")


# What is wrong → the file, and every line of the complaint after the file's name.
CASES: dict[str, tuple[str | bytes, list[str]]] = {
    "an empty file": ("", ["1:1: an empty file: start one with `beaconpost new`"]),
    "no front matter": (
        "Words.\n",
        ['1:1: no front matter: the first line must be three dashes, "---"'],
    ),
    "front matter never closed": (
        edited("subject: A subject\n---\n", "subject: A subject\n"),
        ['1:1: the front matter is never closed: put a line of three dashes, "---", after its last key'],
    ),
    "bytes that are not UTF-8": (
        edited("A title", "Caf\xe9").encode("latin-1"),
        ["2:11: byte 0xe9 is not UTF-8: save the file with the encoding UTF-8"],
    ),
    "a colon in a text": (
        edited("A title", "Act now: call"),
        ['2:15: a second ": " in one line: put the whole text in "quotes"'],
    ),
    "a tab": (
        edited("title: A", "title:\tA"),
        ["2:7: a tab cannot stand here: use spaces"],
    ),
    "a list never closed": (
        edited("representative]", "representative"),
        ["5:13: this list is never closed, or lacks a comma: write [one, two]"],
    ),
    "a quotation never closed": (
        edited("title: A title", 'title: "A title'),
        ["2:8: this quoted text is never closed: end it with the same quotation mark"],
    ),
    "a character YAML keeps for itself": (
        edited("A title", "@home"),
        ["2:8: found character '@' that cannot start any token: put text in quotes"],
    ),
    "a control character": (edited("A title", "A\x07title"), ["2:9: character U+0007 cannot stand here: remove it"]),
    "front matter that is a list": (
        edited("title: A title\ncampaign: A campaign\naction: An action\n", "- one\n").replace(
            "recipients: [senator, representative]\nsubject: A subject\n", "- two\n"
        ),
        ['2:1: the front matter must be lines of "key: value"'],
    ),
    "required keys missing": (
        edited("title: A title\ncampaign: A campaign\n", ""),
        ['1:1: the required key "campaign" is missing', '1:1: the required key "title" is missing'],
    ),
    "a key twice": (given("title: Another"), ['7:1: "title" stands twice, first in line 2: keep one']),
    "a mistyped key": (given("organizer: a@b.example"), ['7:1: unknown key "organizer". Did you mean "organiser"?']),
    "an unknown key": (given("colour: red"), [f'7:1: unknown key "colour". Known are {", ".join(KEYS)}.']),
    "a key reserved for later": (
        given("hearing: 2026-02-01"),
        ['7:1: "hearing" is reserved for a later version: leave it out'],
    ),
    "an unknown recipient": (
        edited("senator,", "senater, the mayor,"),
        [
            '5:14: recipients: unknown recipient "senater". Did you mean "senator"? '
            "Write senator, representative, committee:Judiciary, leader:speaker or {name: …, email: …, greeting: …}",
            '5:23: recipients: unknown recipient "the mayor". '
            "Write senator, representative, committee:Judiciary, leader:speaker or {name: …, email: …, greeting: …}",
        ],
    ),
    "a committee that the roster does not know": (
        edited("senator,", "committee:Judicary,"),
        ["5:14: recipients: no committee 'Judicary': is it Judiciary?"],
    ),
    "an office that nobody holds": (
        edited("senator,", "leader:speeker,"),
        ["5:14: recipients: the roster knows no 'speeker': is it speaker?"],
    ),
    "a committee without a name": (
        edited("senator,", '"committee:",'),
        ["5:14: recipients: which committee? Write it like committee:Judiciary"],
    ),
    "recipients that are no list": (
        edited("[senator, representative]", "senator"),
        ["5:13: recipients: this must be a list, like [senator, representative]"],
    ),
    "a recipient twice": (
        edited("representative]", "senator]"),
        ["5:23: recipients: this recipient stands twice: keep one"],
    ),
    "half a named recipient": (
        edited("representative]", "{name: The Office, email: office}]"),
        [
            "5:23: recipients: a named recipient lacks greeting: "
            "write senator, representative, committee:Judiciary, leader:speaker or {name: …, email: …, greeting: …}",
            "5:49: recipients: this must be an e-mail address, like organiser@example.org",
        ],
    ),
    "a date that is none": (
        given("closes: 2026-02-30\nopens: soon"),
        [
            '7:9: closes: "2026-02-30" is not a date: write year-month-day, like 2027-01-31',
            '8:8: opens: "soon" is not a date: write year-month-day, like 2027-01-31',
        ],
    ),
    "over before it opens": (
        given("opens: 2026-05-01\ncloses: 2026-04-01"),
        ["8:9: closes: 2026-04-01 is before it opens, 2026-05-01"],
    ),
    "an address that is none": (
        given("organiser: ana at example.org"),
        ["7:12: organiser: this must be an e-mail address, like organiser@example.org"],
    ),
    "a goal in words": (
        given("goal: 2,000"),
        ["7:7: goal: this must be a whole number from 1 to 999999999, in digits alone, like 2000"],
    ),
    "a goal too large to count": (
        given(f"goal: {'9' * 5000}"),
        ["7:7: goal: this must be a whole number from 1 to 999999999, in digits alone, like 2000"],
    ),
    "an address that ends in a line break": (
        given('organiser: "ana@mail.example\\n"'),
        ["7:12: organiser: this must be an e-mail address, like organiser@example.org"],
    ),
    "a recipient with two names": (
        edited("senator,", "{name: A, name: B, email: a@office.example, greeting: C},"),
        ['5:24: recipients: "name" stands twice: keep one'],
    ),
    "a recipient with a list for a key": (
        edited("senator,", "{[a]: b, name: A, email: a@office.example, greeting: C},"),
        ["5:15: recipients: a key must be one word"],
    ),
    "brackets without end": (
        given("bills: " + "[" * 5000),
        ["2:1: brackets within brackets, too deep to be meant: close them"],
    ),
    "a subject that would break a mail header": (
        edited("A subject", r'"A\0subject"'),
        ["6:10: subject: character U+0000 cannot be shown: remove it"],
    ),
    "a tab in a subject": (
        edited("A subject", r'"A\tsubject"'),
        ["6:10: subject: character U+0009 cannot be shown: remove it"],
    ),
    "a mark that turns a subject around": (
        edited("A subject", "A \u202esubject"),
        ["6:10: subject: character U+202E cannot be shown: remove it"],
    ),
    "what is left of a wrong encoding": (
        edited("Dear", "De\ufffdr"),
        ["12:3: character U+FFFD cannot be sent: remove it"],
    ),
    "half a character": (
        edited("A title", r'"A \ud83d title"'),
        ["2:8: title: character U+D83D cannot be shown: remove it"],
    ),
    "a character in the letter that the form would refuse": (
        edited("Dear", "Dear\x0b"),
        ["12:5: character U+000B cannot be sent: remove it"],
    ),
    "invisible line separators before the fault": (
        edited("Words.", "Wo\u2028rds\x0c.").replace("A title", "A\u2028title").replace("[First Name]", "[Nmae]"),
        [f"13:1: unknown placeholder [Nmae]. {KNOWN}"],
    ),
    "a state without districts": (
        given("state: rx"),
        ['7:8: state: no districts for state "rx" in boundaries/: known are ma'],
    ),
    "an unknown status": (
        given("status: publish"),
        ['7:9: status: this must be one of: draft, published, withdrawn. Did you mean "published"?'],
    ),
    "a draft without its organiser": (
        given("status: draft"),
        ["7:1: a draft's letters go to its organiser: add organiser: you@example.org"],
    ),
    "a title that is too long": (
        edited("A title", "A" * 151),
        ["2:8: title: 151 characters are too long: 150 at most"],
    ),
    "a title that is empty": (
        edited("title: A title", "title:"),
        ["2:7: title: nothing is given here: write it, or leave the key out if it is not required"],
    ),
    "a title that is a list": (
        edited("A title", "[Draft]"),
        ['2:8: title: this must be text: put it in "quotes" if it starts with a bracket'],
    ),
    "a subject of two lines": (
        edited("subject: A subject", "subject: |\n  One\n  Two"),
        ["6:10: subject: this must be a single line"],
    ),
    "a subject that is too long": (
        edited("A subject", "B" * 151),
        ["6:10: subject: 151 characters are too long: 150 at most"],
    ),
    "an unknown placeholder in the subject": (
        edited("A subject", "From [Twon]"),
        ['6:10: subject: unknown placeholder [Twon]. Did you mean "Town"?'],
    ),
    "unknown placeholders in the letter": (
        edited("[First Name]", "[first name] of [Street]"),
        [
            '13:1: unknown placeholder [first name]. Did you mean "First Name"?',
            f"13:17: unknown placeholder [Street]. {KNOWN}",
        ],
    ),
    "a character that no letter can hold": (
        edited("Dear [Legislator],", "Dear\u2028[Legislator],"),
        ["12:5: character U+2028 cannot be sent: remove it"],
    ),
    "no letter": (
        edited("## Message\n\nDear [Legislator],\n[First Name]\n", ""),
        ['9:1: no letter: put it under a line "## Message"'],
    ),
    "a mistyped heading": (
        edited("## Message", "# message"),
        ['10:1: did you mean "## Message"? The letter goes under it'],
    ),
    "an empty letter": (
        edited("Dear [Legislator],\n[First Name]\n", ""),
        ['10:1: the letter under "## Message" is empty'],
    ),
    "a letter that is too long": (
        edited("Dear [Legislator],", "x" * 10_000),
        ["10:1: the letter has 10,013 characters: 10,000 at most"],
    ),
    "two letters": (
        GOOD + "\n## Message\n\nAgain.\n",
        ['15:1: a second "## Message": a campaign has one letter'],
    ),
    "a second title": (
        edited("Words.", "# Words"),
        ["8:1: the title is the page's only first-level heading: use ## here"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_is_told_where_and_what_and_the_remedy(name: str, project: Path) -> None:
    content, expected = CASES[name]
    path = project / "content/campaigns/bad.md"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ContentError) as caught:
        read_content(Path("content"), "en", TODAY)
    assert str(caught.value).splitlines() == [f"content/campaigns/bad.md:{line}" for line in expected]


def test_plain_pelican_lists_every_error_of_every_file_and_fails(project: Path, pelican: Pelican) -> None:
    expected = []
    for number, (content, lines) in enumerate(CASES.values()):
        path = project / f"content/campaigns/bad-{number:02}.md"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        expected += [f"content/campaigns/{path.name}:{line}" for line in lines]
    run = pelican("--fatal", "errors")
    assert run.returncode == 1
    assert run.stderr.splitlines() == expected
    assert not (project / "output").exists()


def test_names_that_cannot_be_addresses(project: Path) -> None:
    folder = project / "content/campaigns"
    for name in ("Fair_Rent.md", "good.en.md", "good.E.md", "lone.es.md"):
        (folder / name).write_text(GOOD if name == "Fair_Rent.md" else "---\ntitle: A title\n---\n")
    with pytest.raises(ContentError) as caught:
        read_content(Path("content"), "en", TODAY)
    assert str(caught.value).splitlines() == [
        'content/campaigns/Fair_Rent.md:1:1: "Fair_Rent" cannot be an address: '
        "name the file with small letters, digits and hyphens, like fair-rent.md",
        'content/campaigns/good.E.md:1:1: "E" is not a language tag: '
        "name a translation like good.es.md or good.zh-hans.md",
        'content/campaigns/good.en.md:1:1: "en" is the first language: name the file good.md',
        "content/campaigns/lone.es.md:1:1: a translation without its first language: lone.md is missing",
    ]


def test_two_files_of_one_name_are_one_too_many(project: Path) -> None:
    (project / "content/campaigns/2026").mkdir()
    (project / "content/campaigns/2026/good.md").write_text(GOOD)
    with pytest.raises(ContentError, match=r"good\.md:1:1: content/.*/good\.md is the same campaign: keep one"):
        read_content(Path("content"), "en", TODAY)


def test_a_file_that_would_be_passed_over_is_named(project: Path) -> None:
    folder = project / "content/campaigns"
    for name in ("rent.md.txt", "rent.es.markdown", "HEAT.MD", ".swap.txt"):
        (folder / name).write_text(GOOD)
    with pytest.raises(ContentError) as caught:
        read_content(Path("content"), "en", TODAY)
    assert str(caught.value).splitlines() == [
        "content/campaigns/HEAT.MD:1:1: this file is not read: name it HEAT.md",
        "content/campaigns/rent.es.markdown:1:1: this file is not read: name it rent.es.md",
        "content/campaigns/rent.md.txt:1:1: this file is not read: name it rent.md",
    ]


def test_a_translation_may_not_change_what_all_languages_share(project: Path) -> None:
    (project / "content/campaigns/good.es.md").write_text(
        "---\ntitle: Título\ngoal: 5\n---\n\n## Message\n\n[Pueblo]\n"
    )
    with pytest.raises(ContentError) as caught:
        read_content(Path("content"), "en", TODAY)
    assert str(caught.value).splitlines() == [
        'content/campaigns/good.es.md:3:1: "goal" belongs in the first language\'s file: a translation inherits it',
        f"content/campaigns/good.es.md:8:1: unknown placeholder [Pueblo]. {KNOWN}",
    ]


def test_pages_are_checked_too(project: Path) -> None:
    pages = project / "content/pages"
    pages.mkdir()
    (pages / "about.md").write_text("---\nsumary: Who we are\n---\nUs.\n")
    with pytest.raises(ContentError) as caught:
        read_content(Path("content"), "en", TODAY)
    assert str(caught.value).splitlines() == [
        'content/pages/about.md:1:1: the required key "title" is missing',
        'content/pages/about.md:2:1: unknown key "sumary". Did you mean "summary"?',
    ]


def test_faults_of_a_campaign_that_is_over_only_warn(project: Path) -> None:
    (project / "content/campaigns/old.md").write_text(given("closes: 2025-06-30\ncolour: red"))
    content = read_content(Path("content"), "en", TODAY)
    assert [campaign.slug for campaign in content.campaigns] == ["good", "old"]
    assert [str(warning) for warning in content.warnings] == [
        f'content/campaigns/old.md:8:1: unknown key "colour". Known are {", ".join(KEYS)}.'
    ]


def test_a_campaign_that_is_over_and_illegible_is_left_out(project: Path, pelican: Pelican) -> None:
    (project / "content/campaigns/old.md").write_text(given("closes: 2025-06-30").replace("subject: A subject\n", ""))
    run = pelican("--fatal", "errors")
    assert (run.returncode, run.stderr) == (
        0,
        'warning: content/campaigns/old.md:1:1: the required key "subject" is missing\n',
    )
    assert not (project / "output/campaigns/old").exists()


def test_an_empty_translation_warns_and_inherits(project: Path) -> None:
    (project / "content/campaigns/good.es.md").touch()
    content = read_content(Path("content"), "en", TODAY)
    assert [str(one) for one in content.warnings] == [
        "content/campaigns/good.es.md:1:1: an empty translation: the page shows the first language"
    ]
    spanish = content.campaigns[0].texts["es"]
    assert (spanish.title, spanish.url) == ("A title", "/es/campaigns/good/")


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(project: Path) -> None:
    path = project / "content/campaigns/good.md"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    (campaign,) = read_content(Path("content"), "en", TODAY).campaigns
    assert campaign.texts["en"].message == "Dear [Legislator],\n[First Name]"
