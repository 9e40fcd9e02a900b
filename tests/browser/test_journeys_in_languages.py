"""The journeys of `test_journeys.py` that lead through failures, in two more languages, with and without a script."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.steps import CAMPAIGN
from tests.browser.test_journeys import IN_VIEW, expect_forgotten
from tests.samples.people import IN_CHELSEA

pytestmark = [
    pytest.mark.matrix,
    pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"]),
    pytest.mark.parametrize("tag", ["es", "ar"]),
]
OWN = "Mine, in my own words."


def write(page: Page, name: str, address: dict[str, str]) -> None:
    """By the fields' ids, since labels are translated. Each name has its own mailbox."""
    typed = {"first_name": name, "last_name": "Sample", "email": f"{name.lower()}@mail.example", "message": OWN}
    for field, value in (typed | address).items():
        page.locator(f"#{field}").fill(value)


def send(page: Page) -> None:
    page.locator("#send").click()


def expect_thanks(page: Page, tag: str) -> None:
    page.wait_for_url("**/receipts/**")
    expect(page.locator("html")).to_have_attribute("lang", tag)


def cut_off(page: Page, *, accepted: bool) -> None:
    """The next letter gets no answer. accepted: the relay has it all the same."""

    def cut(route: Route) -> None:
        if accepted:
            route.fetch(max_redirects=0)
        route.abort()

    page.route("**/letters", cut)


def expect_failure(page: Page, *, script: bool) -> None:
    """With a script the page says so, in view; without one the browser does, and Back leads to the form."""
    if script:
        trouble = page.locator("#trouble")
        expect(trouble).to_be_focused()
        assert trouble.evaluate(IN_VIEW)
    else:
        page.wait_for_url("chrome-error://**")
        page.go_back()
    expect(page.locator("#message")).to_have_value(OWN)
    page.unroute("**/letters")


def test_a_relay_out_of_reach_costs_nothing(tag: str, script: bool, visit: Visit) -> None:
    page = visit(f"/{tag}{CAMPAIGN}", java_script_enabled=script)
    write(page, f"Una{tag}{script}", IN_CHELSEA)
    cut_off(page, accepted=False)
    send(page)
    expect_failure(page, script=script)
    send(page)
    expect_thanks(page, tag)


def test_a_lost_answer_costs_no_receipt(tag: str, script: bool, visit: Visit) -> None:
    page = visit(f"/{tag}{CAMPAIGN}", java_script_enabled=script)
    write(page, f"Lea{tag}{script}", IN_CHELSEA)
    cut_off(page, accepted=True)
    send(page)
    expect_failure(page, script=script)
    send(page)
    expect_thanks(page, tag)
    page.locator("details.sent summary").click()
    expect(page.locator("details.sent")).to_contain_text(OWN)


def test_what_was_typed_survives_a_question_and_is_gone_once_sent(
    tag: str, script: bool, visit: Visit, on_the_line: dict[str, str]
) -> None:
    page = visit(f"/{tag}{CAMPAIGN}", java_script_enabled=script)
    write(page, f"Mia{tag}{script}", on_the_line)
    send(page)
    expect(page.locator("#choices")).to_be_focused()
    page.go_back()
    expect(page.locator("#message")).to_have_value(OWN)
    expect(page.locator("#street")).to_have_value(on_the_line["street"])
    send(page)
    question = page.locator("#choices")
    expect(question).to_be_focused()
    for group in question.locator("fieldset").all():
        group.get_by_role("radio").first.check()
    question.locator("button.button").first.click()
    expect_thanks(page, tag)
    page.goto(f"/{tag}{CAMPAIGN}")
    expect_forgotten(page)
