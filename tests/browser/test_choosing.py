"""The journey of an address that lies in two districts: the question, a half answer, another answer."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.steps import CAMPAIGN, expect_thanks, fill, send
from tests.browser.test_help import BOTH
from tests.browser.test_pages import SMALL, TINY, Axe, overflow

UNKNOWN_STREET = {"street": "12 Nosuch Rd", "city": "Worcester", "zip": "01608"}


@BOTH
def test_no_answer_says_what_is_missing(script: bool, visit: Visit, on_the_line: dict[str, str]) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    fill(page, on_the_line, f"Nan-{script}")
    send(page)
    choices = page.locator("#choices")
    expect(choices.locator(".fault")).to_have_count(0)
    choices.get_by_role("button", name="Send my letter").click()
    expect(choices.locator(".fault").first).to_contain_text("Choose your State")


@BOTH
def test_half_an_answer_is_kept_says_what_is_missing_and_can_be_changed(script: bool, visit: Visit) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    fill(page, UNKNOWN_STREET, f"Hal-{script}")
    send(page)
    page.get_by_text("Or choose your districts yourself").click()
    choices = page.locator("#choices")
    expect(choices.locator("figure.map")).to_have_count(2)
    choices.get_by_label("Senator Robyn Kennedy").check()
    choices.get_by_role("button", name="Send my letter").click()
    expect(choices.get_by_text("Choose your State Representative.", exact=True)).to_be_visible()
    expect(choices.get_by_label("Senator Robyn Kennedy")).to_be_checked()
    choices.get_by_label("Somebody else: ask me again").check()
    choices.get_by_role("button", name="Send my letter").click()
    page.get_by_text("Or choose your districts yourself").click()
    expect(choices.get_by_label("Senator Mike Moore")).to_be_visible()
    choices.get_by_label("Senator Robyn Kennedy").check()
    choices.get_by_role("button", name="Send my letter").click()
    choices.get_by_role("group", name="Who is your State Representative?").get_by_role("radio").first.check()
    choices.get_by_role("button", name="Send my letter").click()
    expect_thanks(page)
    expect(page.locator(".banner")).to_contain_text("Robyn Kennedy")


@BOTH
def test_who_does_not_know_gets_a_way_on(script: bool, visit: Visit, on_the_line: dict[str, str]) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    fill(page, on_the_line, f"Ida-{script}")
    send(page)
    expect(page.get_by_text("Not sure which district is yours?")).to_be_visible()
    finder = page.get_by_role("link", name="Look it up on the legislature’s own site (opens in a new tab)")
    expect(finder).to_have_attribute("href", "https://malegislature.gov/Search/FindMyLegislator")
    expect(finder).to_have_attribute("rel", "noreferrer")
    expect(finder).to_have_attribute("target", "_blank")


def test_the_question_is_accessible_with_its_maps_and_kept_answer(visit: Visit, axe: Axe) -> None:
    page = visit(CAMPAIGN, viewport=TINY)
    fill(page, UNKNOWN_STREET, "Axa")
    send(page)
    page.get_by_text("Or choose your districts yourself").click()
    page.locator("#choices").get_by_label("Senator Robyn Kennedy").check()
    page.locator("#choices").get_by_role("button", name="Send my letter").click()
    expect(page.locator("#choices .fault")).to_be_visible()
    assert axe(page) == []
    assert page.evaluate(SMALL) == []
    assert overflow(page) == 0
