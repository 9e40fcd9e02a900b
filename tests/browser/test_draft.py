"""A draft stays in its tab until the letter is accepted, and no longer."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.steps import CAMPAIGN, expect_thanks, fill, send
from tests.samples.people import IN_CHELSEA


def test_a_draft_survives_a_reload_until_the_letter_is_accepted(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    fill(page, IN_CHELSEA, "Drew")
    page.get_by_label("Your message", exact=True).fill("My own words, half written")
    page.get_by_label("Street address").fill("1 Line St")
    page.get_by_text("Change", exact=True).click()
    page.get_by_label("My full address").check()
    expect(page.get_by_text("Your letter shows your full address.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Your message", exact=True)).to_have_value("My own words, half written")
    expect(page.get_by_label("My full address")).to_be_checked()
    expect(page.locator("#found")).to_contain_text("Senator")  # the address is looked up again
    send(page)
    expect_thanks(page)
    page.goto(CAMPAIGN)
    expect(page.get_by_label("First name", exact=True)).to_have_value("")
    expect(page.get_by_label("My town only")).to_be_checked()


def test_another_tab_does_not_see_the_draft(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    fill(page, IN_CHELSEA, "Drew")
    other_tab = page.context.new_page()
    other_tab.goto(CAMPAIGN)
    expect(other_tab.get_by_label("First name", exact=True)).to_have_value("")


def test_the_form_works_without_storage(visit: Visit) -> None:
    page = visit("/privacy/")
    page.add_init_script("Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('off'); } })")
    page.goto(CAMPAIGN)
    fill(page, IN_CHELSEA, "Noel")
    send(page)
    expect_thanks(page)


def test_the_phone_numbers_stay_when_the_relay_is_down(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    page.route("**/letters", lambda route: route.abort())
    fill(page, IN_CHELSEA, "Dana")
    page.keyboard.press("Tab")
    expect(page.locator("#found")).to_contain_text("Senator")
    send(page)
    trouble = page.get_by_role("alert").filter(has_text="may not have been sent")
    expect(trouble.locator("a[href^='tel:']").first).to_be_visible()
