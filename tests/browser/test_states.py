"""Campaign pages in each status, and letters that arrive at the wrong time."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Visit
from tests.browser.steps import CAMPAIGN, fill, send
from tests.browser.test_help import BOTH
from tests.browser.test_pages import SMALL, TINY, Axe, overflow
from tests.samples.people import IN_CHELSEA

STATES = {
    "draft": ("status: draft\norganiser: desk@pond.example", "A draft. Letters from this page go to its organizers"),
    "upcoming": ("opens: 2999-01-01", "This campaign opens on January 1, 2999."),
    "closed": ("closes: 2020-01-31\noutcome: The pond stays.", "This campaign is over. The pond stays."),
    "withdrawn": ("status: withdrawn", "Its organizers withdrew this campaign."),
}
EVERY = pytest.mark.parametrize("state", STATES)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample campaign, and a copy in each other status."""
    folder = tmp_path_factory.mktemp("states") / "content"
    shutil.copytree(ROOT / "content", folder)
    sample = (folder / "campaigns/safe-communities-act.md").read_text()
    for state, (keys, _) in STATES.items():
        text = sample.replace("\ngoal: 2000", f"\ngoal: 2000\n{keys}")
        (folder / f"campaigns/{state}.md").write_text(text.replace("title: ", f"title: The {state} one. ", 1))
    return folder


def come_late(visit: Visit, state: str, *, script: bool) -> Page:
    """Open a page that was loaded while the campaign was open."""
    page = visit("/privacy/", java_script_enabled=script)
    stale = page.request.get(CAMPAIGN).text().replace("safe-communities-act", state)
    page.route(f"**/campaigns/{state}/", lambda route: route.fulfill(content_type="text/html", body=stale))
    page.goto(f"/campaigns/{state}/")
    return page


@EVERY
@BOTH
def test_a_page_shows_its_status_and_takes_letters_only_while_open(state: str, script: bool, visit: Visit) -> None:
    page = visit(f"/campaigns/{state}/", java_script_enabled=script)
    expect(page.locator(".panel.test")).to_contain_text(STATES[state][1])
    expect(page.locator("#letter")).to_have_count(int(state == "draft"))
    expect(page.locator("#participants")).to_have_count(int(state == "draft"))
    expect(page.get_by_role("link", name="See the campaigns")).to_have_count(int(state != "draft"))


@EVERY
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_accessible_in_every_status(state: str, scheme: str, visit: Visit, axe: Axe) -> None:
    for path in (f"/campaigns/{state}/", f"/embed/{state}/"):
        page = visit(path, color_scheme=scheme, viewport=TINY)
        assert axe(page) == []
        assert page.evaluate(SMALL) == []
        assert overflow(page) == 0


@BOTH
def test_the_index_groups_open_upcoming_and_closed_campaigns(script: bool, visit: Visit) -> None:
    page = visit("/", java_script_enabled=script)
    expect(page.get_by_role("region", name="Opening later")).to_contain_text("From January 1, 2999")
    expect(page.get_by_role("region", name="Over")).to_contain_text("The pond stays.")
    for hidden in ("draft", "withdrawn"):
        expect(page.get_by_text(f"The {hidden} one.")).to_have_count(0)


@BOTH
@pytest.mark.parametrize("state", ["upcoming", "closed"])
def test_a_letter_at_the_wrong_time_is_shown_to_its_writer(state: str, script: bool, visit: Visit) -> None:
    page = come_late(visit, state, script=script)
    fill(page, IN_CHELSEA, "Ira")
    page.get_by_label("Your message", exact=True).fill("My own words about the pond.")
    send(page)
    expect(page.get_by_role("alert").first).to_contain_text("This campaign is not taking letters now.")
    expect(page.get_by_text("My own words about the pond.")).to_be_visible()


@BOTH
def test_a_letter_to_a_withdrawn_campaign_is_refused(script: bool, visit: Visit) -> None:
    page = come_late(visit, "withdrawn", script=script)
    fill(page, IN_CHELSEA, "Ivy")
    with page.expect_response(lambda response: response.request.resource_type == "document") as answer:
        send(page)
    assert answer.value.status == 410
    expect(page.get_by_role("heading", level=1)).to_have_text("This campaign was withdrawn")


@BOTH
def test_a_draft_goes_only_to_its_organizer(script: bool, visit: Visit) -> None:
    page = visit("/campaigns/draft/", java_script_enabled=script)
    fill(page, IN_CHELSEA, f"Ina{script}")
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for writing")
    expect(page.get_by_text("A draft. Letters from this page go to its organizers only")).to_be_visible()
    page.goto("/_mail/")
    for _ in range(100):  # until both letters are there
        if page.get_by_text("[TEST]").count() >= 2:
            break
        page.reload()
    expect(page.get_by_text("[TEST]").first).to_be_visible()
    expect(page.get_by_text("desk@pond.example").first).to_be_visible()
    expect(page.get_by_text("@mahouse.gov")).to_have_count(0)
