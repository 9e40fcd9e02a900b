"""NAME.stances.csv beside a campaign: whoever is listed is in the roster, and every mistake is named with its line."""

from datetime import date
from pathlib import Path

import pytest

from tests.site.conftest import GOOD, Pelican
from tests.site.test_bad_files import TODAY
from theme.manifest import Campaign, parse_manifest
from theme.site.content import read_content
from theme.site.problems import ContentError

HEAD = "name,stance,source,date\n"
THANKS = "\n## Message: thanks\n\nDear [Legislator],\n\nThank you.\n\n[First Name]\n"
BOTH = GOOD.replace("subject: A subject\n", "subject: A subject\nthanks_subject: Thank you\n") + THANKS


def write(project: Path, table: str | bytes, campaign: str = BOTH) -> None:
    folder = project / "content" / "campaigns"
    folder.joinpath("good.md").write_text(campaign)
    raw = table if isinstance(table, bytes) else table.encode()
    folder.joinpath("good.stances.csv").write_bytes(raw)


def read(project: Path) -> Campaign:
    return read_content(project / "content", "en", TODAY).campaigns[0]


def refused(project: Path) -> list[str]:
    with pytest.raises(ContentError) as error:
        read(project)
    return [str(problem).partition("good.")[2] for problem in error.value.problems]


RIGHT = {
    "by name": (HEAD + "Judith García,supports,https://legislature.example/1,2025-11-02\n", "11th Suffolk"),
    "without accents, with a title": (HEAD + "Rep. judith garcia,supports,Said so,2025-11-02\n", "11th Suffolk"),
    "last name first": (HEAD + '"García, Judith",supports,Said so,2025-11-02\n', "11th Suffolk"),
    "by district": ("district,stance,source,date\n11th Suffolk,supports,Said so,2025-11-02\n", "11th Suffolk"),
    "by both": (
        "name,district,stance,source,date\nJudith García,11th Suffolk,Supports,Said so,2025-11-02\n",
        "11th Suffolk",
    ),
    "with semicolons, as spreadsheets write it": (
        "\ufeffname;stance;source;date\r\nJudith García;supports;Said so;2025-11-02\r\n;;;\r\n",
        "11th Suffolk",
    ),
}


@pytest.mark.parametrize("how", RIGHT)
def test_a_legislator_is_found_as_people_name_them(how: str, project: Path) -> None:
    table, district = RIGHT[how]
    write(project, table)
    (stance,) = read(project).stances
    assert (stance.chamber, stance.district, stance.name) == ("house", district, "Judith García")
    assert (stance.title, stance.stand, stance.on) == ("Representative", "supports", date(2025, 11, 2))


def test_somebody_whose_stand_is_unknown_needs_no_source(project: Path) -> None:
    write(project, HEAD + "Judith García,unknown,,\nSal DiDomenico,cosponsor,Bill history,2025-11-02\n")
    assert [stance.stand for stance in read(project).stances] == ["unknown", "cosponsor"]


WRONG: dict[str, tuple[str | bytes, list[str]]] = {
    "a name that the roster lacks": (
        HEAD + "Judith Garza,supports,Said so,2025-11-02\n",
        ['stances.csv:2:1: nobody in the roster is called "Judith Garza". Did you mean Judith García (11th Suffolk)?'],
    ),
    "somebody who is unlike anybody": (
        HEAD + "Zyx Wvutsrq,supports,Said so,2025-11-02\n",
        ['stances.csv:2:1: nobody in the roster is called "Zyx Wvutsrq". Remove the line if they left office'],
    ),
    "an unknown word": (
        HEAD + "Judith García,yes,Said so,2025-11-02\n",
        [
            'stances.csv:2:15: stance: "yes" is not one of: supports, cosponsor, opposes, unknown. '
            'Did you mean "supports"?'
        ],
    ),
    "a date as Americans write it": (
        HEAD + "Judith García,supports,Said so,11/2/2025\n",
        ['stances.csv:2:32: date: "11/2/2025" is not a date: write 2025-11-02'],
    ),
    "a day that does not exist": (
        HEAD + "Judith García,supports,Said so,2025-02-30\n",
        ['stances.csv:2:32: date: "2025-02-30" is not a date: write year-month-day, like 2026-01-31'],
    ),
    "a day to come": (
        HEAD + "Judith García,supports,Said so,2026-05-01\n",
        ["stances.csv:2:32: date: 2026-05-01 has not come yet: write the day of the source"],
    ),
    "somebody twice": (
        HEAD + "Judith García,supports,Said so,2025-11-02\nJudith Garcia,opposes,Said so,2025-11-03\n",
        ["stances.csv:3:1: Judith García is on line 2 already: keep one of the two"],
    ),
    "no source": (
        HEAD + "Judith García,supports,,2025-11-02\n",
        ["stances.csv:2:1: source: this is empty: say how you know, best with a link, or write unknown"],
    ),
    "no date": (
        HEAD + "Judith García,supports,Said so,\n",
        ["stances.csv:2:1: date: this is empty: write the day of the source, like 2026-01-31"],
    ),
    "a district that does not exist": (
        "district,stance,source,date\n99th Suffolk,supports,Said so,2025-11-02\n",
        ['stances.csv:2:1: Massachusetts has no district "99th Suffolk". Did you mean "9th Suffolk"?'],
    ),
    "a name and another's district": (
        "name,district,stance,source,date\nJudith García,10th Suffolk,supports,Said so,2025-11-02\n",
        [
            'stances.csv:2:1: "Judith García" does not hold 10th Suffolk: Billy MacGregor does. Correct one of the two',
        ],
    ),
    "nobody": (
        HEAD + ",supports,Said so,2025-11-02\n",
        ["stances.csv:2:1: nobody is named: write a legislator's name, or their district"],
    ),
    "a mistyped column": (
        "nmae,stance,source,date\nJudith García,supports,Said so,2025-11-02\n",
        ['stances.csv:1:1: unknown column "nmae". Did you mean "name"?'],
    ),
    "no head": (
        "stance,date\n",
        ["stances.csv:1:1: no column name and source: begin with the line name,stance,source,date"],
    ),
    "a comma too many": (
        HEAD + "Judith García,supports,Said so, and again,2025-11-02\n",
        ['stances.csv:2:1: 5 cells, 4 at most: put a cell that holds a "," in "quotes"'],
    ),
    "an empty file": ("\n", ["stances.csv:1:1: this file is empty: begin with the line name,stance,source,date"]),
    "another encoding": (
        (HEAD + "Judith García,supports,Said so,2025-11-02\n").encode("latin-1"),
        ["stances.csv:1:1: this is not UTF-8: save the file as CSV UTF-8"],
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_line_is_reported_with_position_problem_and_fix(what: str, project: Path) -> None:
    table, messages = WRONG[what]
    write(project, table)
    assert refused(project) == messages


def test_every_wrong_line_is_reported_at_once(project: Path) -> None:
    write(project, HEAD + "A B C,supports,x,2025-11-02\nJudith García,maybe,x,2025-11-02\n")
    assert [message.split(":")[1] for message in refused(project)] == ["2", "3"]


def test_a_file_that_belongs_to_no_campaign_is_reported(project: Path) -> None:
    folder = project / "content" / "campaigns"
    folder.joinpath("god.stances.csv").write_text(HEAD)
    folder.joinpath("stances.csv").write_text(HEAD)
    with pytest.raises(ContentError) as error:
        read(project)
    assert [problem.text for problem in error.value.problems] == [
        'there is no campaign god.md for this file. Did you mean "good"?',
        "this file is not read: name it after its campaign, like good.stances.csv",
    ]


def test_the_mistakes_of_a_campaign_that_is_over_stop_nothing(project: Path) -> None:
    over = BOTH.replace("subject: A subject\n", "subject: A subject\ncloses: 2025-12-01\noutcome: Done\n")
    write(project, HEAD + "Somebody Gone,supports,x,2025-11-02\n", over)
    content = read_content(project / "content", "en", TODAY)
    assert any("Somebody Gone" in warning.text for warning in content.warnings)


@pytest.mark.parametrize(
    ("campaign", "line", "wrong"),
    [
        (GOOD + THANKS, 15, '"## Message: thanks" needs a subject of its own: add thanks_subject: '),
        (BOTH.replace(THANKS, ""), 7, "thanks_subject: there is no letter for it: write it under "),
        (BOTH + THANKS, 24, 'a second "## Message: thanks": a campaign has only one letter under each heading'),
        (BOTH.replace("Message: thanks", "Message: Thanks!"), 16, 'did you mean "## Message: thanks"? '),
        (BOTH.replace("Message: thanks", "Message: gratitude"), 16, "a Markdown heading: "),
        (BOTH.replace("Message: thanks", "Message thanks"), 16, 'did you mean "## Message: thanks"? '),
        (BOTH.replace("Thank you.", "Thank you, [Nmae]."), 20, "unknown placeholder [Nmae]. "),
    ],
)
def test_the_letter_of_thanks_is_checked_like_the_other(campaign: str, line: int, wrong: str, project: Path) -> None:
    write(project, HEAD + "Judith García,supports,Said so,2025-11-02\n", campaign)
    problems = refused(project)
    assert any(f"md:{line}:" in problem and wrong in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("campaign", "table", "hint"),
    [
        (
            BOTH,
            HEAD + "Judith García,opposes,x,2025-11-02\n",
            'nobody gets "## Message: thanks": list who supports you',
        ),
        (GOOD, HEAD + "Judith García,supports,x,2025-11-02\n", "1 in good.stances.csv support you, and get the letter"),
    ],
)
def test_a_letter_without_readers_and_readers_without_a_letter_are_hints(
    campaign: str, table: str, hint: str, project: Path
) -> None:
    write(project, table, campaign)
    warnings = [warning.text for warning in read_content(project / "content", "en", TODAY).warnings]
    assert any(hint in warning for warning in warnings), warnings


def test_the_page_shows_who_stands_where_and_which_letter_they_get(project: Path, pelican: Pelican) -> None:
    write(
        project,
        HEAD + "Judith García,cosponsor,https://www.legislature.example/H1,2025-11-02\nSal DiDomenico,unknown,,\n",
    )
    run = pelican()
    assert run.returncode == 0, run.stderr
    page = project.joinpath("output/campaigns/good/index.html").read_text()
    assert '<th scope="row">Representative <bdi>Judith García</bdi>' in page
    assert "Cosponsor" in page
    assert "Gets your thank-you letter" in page
    assert "Not known yet" in page
    assert '<a href="https://www.legislature.example/H1" rel="noreferrer">legislature.example</a>' in page
    assert 'name="thanks_message"' in page
    (campaign,) = parse_manifest(project.joinpath("output/campaigns.json").read_bytes()).campaigns
    assert campaign.has_thanks
    assert not list(project.joinpath("output").rglob("*.csv"))
