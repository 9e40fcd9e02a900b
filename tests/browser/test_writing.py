"""Writing a letter with and without JavaScript. Each visitor has a different name, so none is a repeat."""

import pytest
from playwright.sync_api import Page, Request, Route, expect

from boundaries.state import State
from tests.browser.conftest import Visit
from tests.browser.steps import CAMPAIGN, expect_thanks, fill, send
from tests.samples.people import IN_CHELSEA

BOTH = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])


@BOTH
def test_a_letter_is_sent_and_the_receipt_names_both_legislators(
    script: bool, visit: Visit, massachusetts: State
) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    fill(page, IN_CHELSEA, f"Bea-{script}")
    send(page)
    expect_thanks(page)
    pair = massachusetts.locate(*IN_CHELSEA.values()).pairs[0]
    for chamber, district in (("senate", pair.senate), ("house", pair.house)):
        (member,) = massachusetts.legislators(chamber, district)  # type: ignore[arg-type]
        assert member is not None
        expect(page.get_by_text(member.name).first).to_be_visible()


def test_a_town_alone_finds_its_lawmakers_while_typing(visit: Visit, massachusetts: State) -> None:
    page = visit(CAMPAIGN)
    page.get_by_label("City or town").fill(IN_CHELSEA["city"])
    page.get_by_label("City or town").blur()
    pair = massachusetts.locate("", IN_CHELSEA["city"], "").pairs[0]
    (member,) = massachusetts.legislators("house", pair.house)
    expect(page.locator("[data-chamber=house]")).to_contain_text(member.name)


@BOTH
def test_missing_fields_are_listed_linked_and_corrected(script: bool, visit: Visit) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    send(page)
    summary = page.locator("#problem")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("heading")).to_have_text("There is a problem")
    expect(page).to_have_title(
        "Error: Massachusetts can protect its immigrant neighbors. Ask your lawmakers to act. · Beaconpost"
    )
    said = "Enter your name. If you have a single name, that is enough."
    summary.get_by_role("link", name=said).click()
    first = page.get_by_label("First name", exact=True)
    expect(first).to_be_focused()
    expect(first).to_have_accessible_description(said)
    fill(page, IN_CHELSEA, f"Carl{script}")
    send(page)
    expect_thanks(page)


@BOTH
def test_near_a_district_line_the_writer_chooses(script: bool, visit: Visit, on_the_line: dict[str, str]) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    fill(page, on_the_line, f"Dee{script}")
    page.get_by_label("Your message", exact=True).fill("My own words.")
    send(page)
    question = page.locator("#choices")
    expect(question).to_be_focused()
    expect(question.get_by_role("heading")).to_have_text("Which districts are yours?")
    expect(page.get_by_label("Your message", exact=True)).to_have_value("My own words.")
    for group in question.get_by_role("group").all():
        group.get_by_role("radio").first.check()
    question.get_by_role("button", name="Send my letter").click()
    expect_thanks(page)


def test_legislators_are_shown_once_the_address_is_complete(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    status = page.locator("#found")
    expect(status).to_be_empty()
    page.get_by_label("City or town").fill("Chelsea")
    page.get_by_label("ZIP code").fill("02150")
    page.get_by_label("ZIP code").blur()
    expect(status).to_contain_text("Your letter goes to Senator ")
    expect(page.locator("[data-chamber=senate]")).to_contain_text("Senator ")
    page.get_by_label("City or town").fill("Nowhere")
    page.get_by_label("ZIP code").fill("99999")
    page.get_by_label("ZIP code").blur()
    expect(status).to_contain_text("That address is in another state")
    expect(page.locator("[data-chamber=senate]")).to_have_text("Your State Senator")


def test_a_split_town_asks_for_the_street(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    page.get_by_label("City or town").fill("Boston")
    page.get_by_label("ZIP code").fill("02108")
    page.get_by_label("ZIP code").blur()
    expect(page.locator("#found")).to_contain_text("Add your street address.")


def test_a_double_click_posts_one_letter(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    posts: list[Request] = []
    page.on("request", lambda request: posts.append(request) if request.url.endswith("/letters") else None)
    fill(page, IN_CHELSEA, "Eve")
    page.locator("#letter").get_by_role("button", name="Send my letter").dblclick()
    expect_thanks(page)
    assert len(posts) == 1


@pytest.mark.parametrize("failure", ["absent", "500", "503", "429"])
def test_a_failing_relay_loses_nothing(failure: str, visit: Visit) -> None:
    page = visit(CAMPAIGN)

    def fail(route: Route) -> None:
        if failure == "absent":
            route.abort("connectionrefused")
        else:
            route.fulfill(status=int(failure))

    page.route("**/letters", fail)
    fill(page, IN_CHELSEA, f"Flo-{failure}")
    page.get_by_label("Your message", exact=True).fill("My own words.")
    send(page)
    expect(page.locator("#trouble")).to_be_visible()
    expect(page.get_by_label("Your message", exact=True)).to_have_value("My own words.")
    page.unroute("**/letters")
    send(page)
    expect_thanks(page)


def test_writers_who_opt_in_are_recent_participants(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    fill(page, IN_CHELSEA, "Gus")
    page.get_by_label("Show my first name and town").check()
    send(page)
    expect_thanks(page)
    page.goto(CAMPAIGN)
    expect(page.locator("#participants")).to_contain_text("Gus, Chelsea")
    expect(page.locator("#count strong").first).to_be_visible()


@BOTH
def test_a_public_name_can_be_removed_and_a_letter_erased(script: bool, visit: Visit) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    fill(page, IN_CHELSEA, f"Hal{script}")
    page.get_by_label("Show my first name and town").check()
    send(page)
    expect_thanks(page)
    take_back = page.get_by_role("button", name="Take my name off Recent participants")
    take_back.click()
    expect(take_back).to_have_count(0)
    page.get_by_text("Erase my letter").click()
    page.get_by_role("button", name="Erase it now").click()
    expect(page.get_by_text("Your letter and your details are erased here.")).to_be_visible()


def test_the_second_campaign_writes_to_one_legislator_and_one_office(visit: Visit) -> None:
    page: Page = visit("/campaigns/sunday-libraries/")
    fill(page, IN_CHELSEA, "Ivy")
    expect(page.locator("#found")).to_contain_text("Your letter goes to Representative ")
    expect(page.locator("#found")).not_to_contain_text("Senator")
    send(page)
    expect_thanks(page)
    expect(page.get_by_text("Office of Library Hours").first).to_be_visible()
