"""`kind: testimony` in a campaign file: what it needs, and what is said of mistakes."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.site.conftest import GOOD, Pelican
from tests.site.test_bad_files import TODAY
from theme.manifest import Campaign, parse_manifest
from theme.recipients import NamedRecipient
from theme.site.content import read_content
from theme.site.problems import ContentError

KEYS = """\
kind: testimony
hearing: Tuesday, March 10, 2026, 1 p.m., Room A-2
deliver_by: 2026-03-12 17:00
committee: {name: Joint Committee on Libraries, email: libraries@malegislature.gov}
position: oppose
bills: [H.1]
"""
TESTIMONY = GOOD.replace("recipients: [senator, representative]\n", KEYS)


def read(project: Path, text: str) -> Campaign:
    project.joinpath("content/campaigns/good.md").write_text(text)
    return read_content(project / "content", "en", TODAY).campaigns[0]


def test_it_goes_to_the_committee_alone(project: Path) -> None:
    campaign = read(project, TESTIMONY)
    committee = NamedRecipient("Joint Committee on Libraries", "libraries@malegislature.gov", "Chairs and Members")
    assert campaign.parsed_recipients == (committee,)
    assert campaign.recipients == ("hearing",)
    assert campaign.testimony is not None
    assert campaign.testimony.position == "oppose"
    assert campaign.testimony.deliver_by == datetime(2026, 3, 12, 17)  # noqa: DTZ001  (in the site's time zone)
    assert campaign.text("en").hearing == "Tuesday, March 10, 2026, 1 p.m., Room A-2"


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("kind: testimony\n", "", '"hearing" is for written testimony: add kind: testimony, or remove it'),
        ("kind: testimony", "kind: testimonial", "kind: this must be one of: letter, testimony."),
        ("position: oppose\n", "", 'testimony needs the key "position"'),
        ("bills: [H.1]\n", "", 'testimony needs the key "bills"'),
        ("2026-03-12 17:00", "2026-03-12", 'deliver_by: "2026-03-12" is not a moment: write day and time'),
        ("2026-03-12 17:00", "2026-03-12 25:00", 'deliver_by: "2026-03-12 25:00" is not a moment'),
        ("position: oppose", "position: against", "position: this must be one of: support, oppose, neutral."),
        (", email: libraries@malegislature.gov", "", "committee: write {name: Joint Committee on …, email: …}"),
        ("libraries@malegislature.gov", "libraries", "committee: this must be an e-mail address"),
        ("position:", "recipients: [senator]\nposition:", "recipients: testimony goes to the committee alone"),
        ("position:", "closes: 2026-03-01\nposition:", "closes: 2026-03-01 is before deliver_by, 2026-03-12"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(old: str, new: str, wrong: str, project: Path) -> None:
    assert old in TESTIMONY
    with pytest.raises(ContentError) as error:
        read(project, TESTIMONY.replace(old, new, 1))
    assert any(wrong in problem.text for problem in error.value.problems), error.value


def test_past_its_deadline_a_campaign_warns_and_its_page_has_no_form(project: Path, pelican: Pelican) -> None:
    over = TESTIMONY.replace("2026-03-12 17:00", "2025-12-31 17:00")
    project.joinpath("content/campaigns/good.md").write_text(over)
    warnings = [warning.text for warning in read_content(project / "content", "en", TODAY).warnings]
    assert any(warning.startswith("deliver_by: it is past since 2025-12-31") for warning in warnings)
    assert pelican().returncode == 0
    page = project.joinpath("output/campaigns/good/index.html").read_text()
    assert "The deadline for written testimony has passed." in page
    assert "<form" not in page


def test_the_page_says_what_the_notice_says(project: Path, pelican: Pelican) -> None:
    project.joinpath("content/campaigns/good.md").write_text(TESTIMONY)
    run = pelican()
    assert run.returncode == 0, run.stderr
    page = project.joinpath("output/campaigns/good/index.html").read_text()
    for said in ("Joint Committee on Libraries", "In opposition", "Room A-2", "March 12, 2026", "public record"):
        assert said in page
    assert "libraries@malegislature.gov" not in page
    (campaign,) = parse_manifest(project.joinpath("output/campaigns.json").read_bytes()).campaigns
    assert campaign.testimony is not None
