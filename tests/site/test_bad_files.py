"""What an organizer reads when a file is wrong: where, what, and how to fix it, for all problems at once."""

from datetime import date
from pathlib import Path

import pytest

from tests.site.conftest import GOOD, Pelican
from theme.site.campaign_file import KEYS
from theme.site.content import read_content
from theme.site.problems import ContentError

TODAY = date(2026, 1, 1)
KNOWN = "Use one of: [First Name], [Last Name], [Your Address], [Legislator], [District], [Town], [Email]."


def edited(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def given(line: str) -> str:
    return edited("subject: A subject\n", f"subject: A subject\n{line}\n")


# What is wrong → the file, and every message, without the file name.
CASES: dict[str, tuple[str | bytes, list[str]]] = {
    "an empty file": ("", ["1:1: empty file: create one with `beaconpost new`"]),
    "no front matter": (
        "Words.\n",
        ['1:1: no front matter: the first line must be three dashes, "---"'],
    ),
    "front matter that is not closed": (
        edited("subject: A subject\n---\n", "subject: A subject\n"),
        ['1:1: the front matter is not closed: put a line of three dashes, "---", after its last key'],
    ),
    "bytes that are not UTF-8": (
        edited("A title", "Caf\xe9").encode("latin-1"),
        ["2:11: byte 0xe9 is not UTF-8: save the file as UTF-8"],
    ),
    "a colon in a text": (
        edited("A title", "Act now: call"),
        ['2:15: a second ": " on one line: put the whole text in "quotes"'],
    ),
    "a tab": (
        edited("title: A", "title:\tA"),
        ["2:7: a tab is not allowed here: use spaces"],
    ),
    "a list that is not closed": (
        edited("representative]", "representative"),
        ["5:13: this list is not closed or is missing a comma: write [one, two]"],
    ),
    "a quotation that is not closed": (
        edited("title: A title", 'title: "A title'),
        ["2:8: this quoted text is not closed: end it with the same quotation mark"],
    ),
    "a character reserved by YAML": (
        edited("A title", "@home"),
        ["2:8: found character '@' that cannot start any token: put the text in quotes"],
    ),
    "a control character": (edited("A title", "A\x07title"), ["2:9: character U+0007 is not allowed here: remove it"]),
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
    "a key twice": (given("title: Another"), ['7:1: duplicate key "title", first used on line 2: remove one']),
    "a mistyped key": (given("organizer: a@b.example"), ['7:1: unknown key "organizer". Did you mean "organiser"?']),
    "an unknown key": (given("colour: red"), [f'7:1: unknown key "colour". Use one of: {", ".join(KEYS)}.']),
    "a reserved key": (
        given("hearing: 2026-02-01"),
        ['7:1: "hearing" is reserved for a later version: remove it'],
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
    "a committee that is not in the roster": (
        edited("senator,", "committee:Judicary,"),
        ["5:14: recipients: no committee 'Judicary': is it Judiciary?"],
    ),
    "an office without a holder": (
        edited("senator,", "leader:speeker,"),
        ["5:14: recipients: the roster knows no 'speeker': is it speaker?"],
    ),
    "a committee without a name": (
        edited("senator,", '"committee:",'),
        ["5:14: recipients: which committee? Write it like committee:Judiciary"],
    ),
    "recipients that are not a list": (
        edited("[senator, representative]", "senator"),
        ["5:13: recipients: this must be a list, like [senator, representative]"],
    ),
    "a recipient twice": (
        edited("representative]", "senator]"),
        ["5:23: recipients: this recipient is listed twice: remove one"],
    ),
    "half a named recipient": (
        edited("representative]", "{name: The Office, email: office}]"),
        [
            "5:23: recipients: a named recipient is missing greeting: "
            "write senator, representative, committee:Judiciary, leader:speaker or {name: …, email: …, greeting: …}",
            "5:49: recipients: this must be an e-mail address, like you@example.org",
        ],
    ),
    "an invalid date": (
        given("closes: 2026-02-30\nopens: soon"),
        [
            '7:9: closes: "2026-02-30" is not a date: write year-month-day, like 2027-01-31',
            '8:8: opens: "soon" is not a date: write year-month-day, like 2027-01-31',
        ],
    ),
    "a campaign that closes before it opens": (
        given("opens: 2026-05-01\ncloses: 2026-04-01"),
        ["8:9: closes: 2026-04-01 is before the campaign opens, 2026-05-01"],
    ),
    "an invalid address": (
        given("organiser: ana at example.org"),
        ["7:12: organiser: this must be an e-mail address, like you@example.org"],
    ),
    "a goal in words": (
        given("goal: 2,000"),
        ["7:7: goal: this must be a whole number from 1 to 999999999, digits only, like 2000"],
    ),
    "a goal too large to count": (
        given(f"goal: {'9' * 5000}"),
        ["7:7: goal: this must be a whole number from 1 to 999999999, digits only, like 2000"],
    ),
    "an address that ends in a line break": (
        given('organiser: "ana@mail.example\\n"'),
        ["7:12: organiser: this must be an e-mail address, like you@example.org"],
    ),
    "a recipient with two names": (
        edited("senator,", "{name: A, name: B, email: a@office.example, greeting: C},"),
        ['5:24: recipients: duplicate key "name": remove one'],
    ),
    "a recipient with a list as a key": (
        edited("senator,", "{[a]: b, name: A, email: a@office.example, greeting: C},"),
        ["5:15: recipients: a key must be one word"],
    ),
    "unclosed brackets": (
        given("bills: " + "[" * 5000),
        ["2:1: too many nested brackets: close them"],
    ),
    "a subject that would break a mail header": (
        edited("A subject", r'"A\0subject"'),
        ["6:10: subject: character U+0000 is not printable: remove it"],
    ),
    "a tab in a subject": (
        edited("A subject", r'"A\tsubject"'),
        ["6:10: subject: character U+0009 is not printable: remove it"],
    ),
    "a bidirectional override in a subject": (
        edited("A subject", "A \u202esubject"),
        ["6:10: subject: character U+202E is not printable: remove it"],
    ),
    "the replacement character of a wrong encoding": (
        edited("Dear", "De\ufffdr"),
        ["12:3: character U+FFFD cannot be sent: remove it"],
    ),
    "half a surrogate pair": (
        edited("A title", r'"A \ud83d title"'),
        ["2:8: title: character U+D83D is not printable: remove it"],
    ),
    "a character in the letter that the form would refuse": (
        edited("Dear", "Dear\x0b"),
        ["12:5: character U+000B cannot be sent: remove it"],
    ),
    "invisible line separators before the problem": (
        edited("Words.", "Wo\u2028rds\x0c.").replace("A title", "A\u2028title").replace("[First Name]", "[Nmae]"),
        [f"13:1: unknown placeholder [Nmae]. {KNOWN}"],
    ),
    "a state without districts": (
        given("state: rx"),
        ['7:8: state: there is no state "rx". Use one of: ma'],
    ),
    "an unknown status": (
        given("status: publish"),
        ['7:9: status: this must be one of: draft, published, withdrawn. Did you mean "published"?'],
    ),
    "a draft without an organizer": (
        given("status: draft"),
        ["7:1: a draft's letters go to its organizer: add organiser: you@example.org"],
    ),
    "a title that is too long": (
        edited("A title", "A" * 151),
        ["2:8: title: too long: 151 characters, 150 at most"],
    ),
    "a title that is empty": (
        edited("title: A title", "title:"),
        ["2:7: title: this is empty: fill it in, or remove the key if it is not required"],
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
        ["6:10: subject: too long: 151 characters, 150 at most"],
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
    "a character not allowed in a letter": (
        edited("Dear [Legislator],", "Dear\u2028[Legislator],"),
        ["12:5: character U+2028 cannot be sent: remove it"],
    ),
    "no letter": (
        edited("## Message\n\nDear [Legislator],\n[First Name]\n", ""),
        ['9:1: no letter: write it under a heading "## Message"'],
    ),
    "a mistyped heading": (
        edited("## Message", "# message"),
        ['10:1: did you mean "## Message"? The letter goes under that heading'],
    ),
    "an empty letter": (
        edited("Dear [Legislator],\n[First Name]\n", ""),
        ['10:1: the letter under "## Message" is empty'],
    ),
    "a letter that is too long": (
        edited("Dear [Legislator],", "x" * 10_000),
        ["10:1: the letter is too long: 10,013 characters, 10,000 at most"],
    ),
    "two letters": (
        GOOD + "\n## Message\n\nAgain.\n",
        ['15:1: a second "## Message": a campaign has only one letter'],
    ),
    "a second title": (
        edited("Words.", "# Words"),
        ["8:1: only the title may be a first-level heading: use ## here"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_is_reported_with_position_problem_and_fix(name: str, project: Path) -> None:
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


def test_file_names_that_cannot_be_urls(project: Path) -> None:
    folder = project / "content/campaigns"
    for name in ("Fair_Rent.md", "good.en.md", "good.E.md", "lone.es.md"):
        (folder / name).write_text(GOOD if name == "Fair_Rent.md" else "---\ntitle: A title\n---\n")
    with pytest.raises(ContentError) as caught:
        read_content(Path("content"), "en", TODAY)
    assert str(caught.value).splitlines() == [
        'content/campaigns/Fair_Rent.md:1:1: "Fair_Rent" cannot be used in a URL: '
        "use lowercase letters, digits and hyphens, like fair-rent.md",
        'content/campaigns/good.E.md:1:1: "E" is not a language tag: '
        "name a translation like good.es.md or good.zh-hans.md",
        'content/campaigns/good.en.md:1:1: "en" is the first language: name the file good.md',
        "content/campaigns/lone.es.md:1:1: a translation without an original: lone.md is missing",
    ]


def test_two_files_with_the_same_slug_are_refused(project: Path) -> None:
    (project / "content/campaigns/2026").mkdir()
    (project / "content/campaigns/2026/good.md").write_text(GOOD)
    with pytest.raises(ContentError, match=r"good\.md:1:1: content/.*/good\.md is the same campaign: keep one"):
        read_content(Path("content"), "en", TODAY)


def test_a_file_with_a_wrong_extension_is_reported(project: Path) -> None:
    folder = project / "content/campaigns"
    for name in ("rent.md.txt", "rent.es.markdown", "HEAT.MD", ".swap.txt"):
        (folder / name).write_text(GOOD)
    with pytest.raises(ContentError) as caught:
        read_content(Path("content"), "en", TODAY)
    assert str(caught.value).splitlines() == [
        "content/campaigns/HEAT.MD:1:1: this file is ignored: rename it to HEAT.md",
        "content/campaigns/rent.es.markdown:1:1: this file is ignored: rename it to rent.es.md",
        "content/campaigns/rent.md.txt:1:1: this file is ignored: rename it to rent.md",
    ]


def test_a_translation_may_not_change_shared_values(project: Path) -> None:
    (project / "content/campaigns/good.es.md").write_text(
        "---\ntitle: Título\ngoal: 5\n---\n\n## Message\n\n[Pueblo]\n"
    )
    with pytest.raises(ContentError) as caught:
        read_content(Path("content"), "en", TODAY)
    assert str(caught.value).splitlines() == [
        'content/campaigns/good.es.md:3:1: "goal" belongs in the first language\'s file; translations inherit it',
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


def test_problems_in_a_closed_campaign_are_warnings(project: Path) -> None:
    (project / "content/campaigns/old.md").write_text(given("closes: 2025-06-30\ncolour: red"))
    content = read_content(Path("content"), "en", TODAY)
    assert [campaign.slug for campaign in content.campaigns] == ["good", "old"]
    assert [str(warning) for warning in content.warnings] == [
        f'content/campaigns/old.md:8:1: unknown key "colour". Use one of: {", ".join(KEYS)}.'
    ]


def test_a_closed_campaign_that_no_longer_parses_is_left_out(project: Path, pelican: Pelican) -> None:
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
    assert [str(warning) for warning in content.warnings] == [
        "content/campaigns/good.es.md:1:1: empty translation: the page shows the first language"
    ]
    spanish = content.campaigns[0].texts["es"]
    assert (spanish.title, spanish.url) == ("A title", "/es/campaigns/good/")


def test_windows_line_endings_and_a_byte_order_mark_are_accepted(project: Path) -> None:
    path = project / "content/campaigns/good.md"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    (campaign,) = read_content(Path("content"), "en", TODAY).campaigns
    assert campaign.texts["en"].message == "Dear [Legislator],\n[First Name]"
