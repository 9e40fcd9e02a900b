"""Help for writers: the street only when it matters, the preview, calling without a name, and the thank-you page."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.steps import CAMPAIGN, expect_thanks, fill, send
from tests.browser.test_pages import SMALL, Axe
from tests.samples.people import IN_CHELSEA

BOTH = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])


@BOTH
def test_the_street_is_always_shown_so_that_a_phone_can_fill_it_in(script: bool, visit: Visit) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    street = page.get_by_label("Street address")
    expect(street).to_be_visible()
    expect(street).to_have_attribute("autocomplete", "address-line1")
    expect(street).to_have_accessible_description("Only some towns need it. If yours does not, we do not keep it.")


def test_blanks_are_listed_below_the_letter_and_described_to_screen_readers(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    message, said = page.get_by_label("Your message", exact=True), page.locator("#message-blanks")
    message.focus()
    expect(said).to_have_text("Still blank: [Legislator], [Town], [First Name], [Last Name], [Your Address]")
    expect(message).to_have_accessible_description(re.compile(r"filled in for you.* Still blank: \[Legislator\]"))
    fill(page, IN_CHELSEA, "Bea")
    expect(said).to_be_hidden()
    message.fill("Mine, [First Name]. [Please add your story]")
    expect(said).to_have_text("Still blank: [Please add your story]")
    message.fill("")
    send(page)
    expect(page.locator("#message-fault")).to_be_visible()
    expect(message).to_have_accessible_description(re.compile(r"filled in for you.* Write your message\."))


@BOTH
def test_a_failing_relay_leaves_the_phone_directory(script: bool, visit: Visit) -> None:
    page = visit("/phones/", java_script_enabled=script)
    page.get_by_text("Chelsea", exact=True).click()
    expect(page.locator("a[href^='tel:']:visible")).to_have_count(2)


def test_the_length_is_shown_only_near_the_limit(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    expect(page.locator("#length")).to_be_empty()
    page.get_by_label("Your message", exact=True).fill("x" * 9500)
    expect(page.locator("#length")).to_have_text("9500 / 10000")


@BOTH
def test_callers_get_two_phone_numbers_and_a_script(script: bool, visit: Visit) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    page.get_by_role("link", name="No name? You can call instead.").click()
    page.get_by_label("City or town").fill("Chelsea")
    page.get_by_role("button", name="Show the phone numbers").click()
    expect(page.locator("a[href^='tel:']")).to_have_count(2)
    expect(page.get_by_text("Hello, I am a constituent")).to_be_visible()


def test_a_location_decides_near_a_district_line(visit: Visit, on_the_line: dict[str, str]) -> None:
    page = visit(
        CAMPAIGN, permissions=["geolocation"], geolocation={"latitude": 42.3354, "longitude": -71.0745, "accuracy": 5}
    )
    expect(page.get_by_role("button", name="Use my location")).to_have_count(0)
    fill(page, on_the_line, "Lou")
    page.get_by_label("Street address").blur()
    page.get_by_role("button", name="Use my location").click()
    expect(page.locator("#found")).to_contain_text("Your letter goes to")
    assert page.locator("[name=district_proof]").input_value()


def test_a_location_outside_the_typed_town_removes_the_town_from_the_letter(visit: Visit) -> None:
    page = visit(
        CAMPAIGN, permissions=["geolocation"], geolocation={"latitude": 42.1959, "longitude": -73.3621, "accuracy": 5}
    )
    preview = page.locator("#preview")
    fill(page, {"street": "", "city": "Providence", "zip": "02903"}, "Rae")
    page.get_by_label("ZIP code").blur()
    page.get_by_role("button", name="Use my location").click()
    expect(page.locator("#found")).to_contain_text("Your letter goes to")
    page.get_by_role("button", name="Read it as it will arrive").click()
    expect(preview).to_contain_text("I live in Massachusetts, in your district")
    expect(preview).not_to_contain_text("Providence")
    expect(preview).to_contain_text("Rae Sample\nMassachusetts")
    expect(page.locator("[data-chamber=senate]")).to_contain_text("Senator")
    send(page)
    expect_thanks(page)


def test_a_device_without_a_location_is_reported(visit: Visit, on_the_line: dict[str, str]) -> None:
    page = visit(CAMPAIGN, permissions=[])
    fill(page, on_the_line, "Max")
    page.get_by_label("Street address").blur()
    page.get_by_role("button", name="Use my location").click()
    expect(page.locator("#found")).to_contain_text("Your device gave no place")


def test_the_thank_you_page_offers_to_call_share_print_and_write_again(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    page.add_init_script("navigator.share = (what) => { window.shared = what; return Promise.resolve(); }")
    page.add_init_script("window.print = () => { window.printed = true; }")
    page.reload()
    fill(page, IN_CHELSEA, "Pat")
    send(page)
    expect_thanks(page)
    expect(page.locator("a[href^='tel:+1']")).to_have_count(2)
    page.get_by_role("button", name="Share").click()
    assert page.evaluate("shared.url").endswith(CAMPAIGN)
    page.get_by_text("Your letter", exact=True).click()
    page.get_by_role("button", name="Print it").click()
    assert page.evaluate("printed")
    expect(page.get_by_role("heading", name="Another letter?")).to_be_visible()


@BOTH
def test_the_thank_you_page_shows_the_districts_on_a_map(script: bool, visit: Visit, axe: Axe) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    fill(page, IN_CHELSEA, f"Moe-{script}")
    send(page)
    expect_thanks(page)
    page.get_by_text("11th Suffolk").first.click()
    expect(page.get_by_role("img", name="Your State Representative")).to_be_visible()
    if script:
        assert axe(page) == []
        assert page.evaluate(SMALL) == []
        page.emulate_media(media="print")
        expect(page.get_by_role("img", name="Your State Representative")).to_be_hidden()
        expect(page.get_by_text("11th Suffolk").first).to_be_visible()


def test_a_printed_receipt_shows_the_letter_and_no_buttons(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    fill(page, IN_CHELSEA, "Quin")
    send(page)
    expect_thanks(page)
    page.emulate_media(media="print")
    expect(page.get_by_text("I live in Chelsea")).to_be_visible()
    expect(page.get_by_role("button", name="Erase it now")).to_be_hidden()


def test_a_keyboard_is_enough(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    keys = {
        "first_name": "Kim",
        "last_name": "Sample",
        "email": "kim@mail.example",
        "city": "Chelsea",
        "zip": "02150",
    }
    for name, text in keys.items():
        _reach(page, name)
        page.keyboard.type(text)
    _reach(page, "send")
    page.keyboard.press("Enter")
    expect_thanks(page)


def _reach(page: Page, name: str) -> None:
    """Press Tab until the field or the submit button has visible focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        at = page.evaluate("document.activeElement.name || document.activeElement.id")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", at
        if at == name:
            return
    raise AssertionError(f"no way to {name} by Tab")


def test_a_letter_can_be_copied_when_the_relay_is_gone(visit: Visit) -> None:
    page = visit(CAMPAIGN, permissions=["clipboard-read", "clipboard-write"])
    page.route("**/letters", lambda route: route.abort())
    fill(page, IN_CHELSEA, "Cleo")
    expect(page.locator("#found")).to_contain_text("Your letter goes to")
    send(page)
    expect(page.get_by_role("link", name="Or call the offices.")).to_have_attribute("href", "/phones/")
    page.get_by_role("button", name="Copy my letter").click()
    expect(page.locator("#copied")).to_have_text("Copied.")
    assert "Cleo Sample" in page.evaluate("navigator.clipboard.readText()")


def test_a_slow_relay_gets_one_letter_and_the_page_is_busy(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    waiting: list[Route] = []
    page.route("**/letters", lambda route: waiting.append(route))
    fill(page, IN_CHELSEA, "Sid")
    with page.expect_request("**/letters"):
        send(page)
    expect(page.locator("#letter")).to_have_attribute("aria-busy", "true")
    send(page)
    assert len(waiting) == 1
    waiting[0].continue_()
    expect_thanks(page)


def test_a_relay_that_dies_while_asking_loses_nothing(visit: Visit, on_the_line: dict[str, str]) -> None:
    page = visit(CAMPAIGN)
    plain = "document"
    page.route("**/letters", lambda route: route.abort() if route.request.resource_type == plain else route.continue_())
    fill(page, on_the_line, "Deb")
    page.get_by_label("Your message", exact=True).fill("My own words.")
    with page.expect_event("requestfailed", lambda request: request.resource_type == plain):
        send(page)
    page.wait_for_url("chrome-error://**")
    page.go_back()
    expect(page.get_by_label("Your message", exact=True)).to_have_value("My own words.")
    expect(page.get_by_label("First name", exact=True)).to_have_value("Deb")


def test_a_missing_relay_keeps_the_letter_on_the_page(visit: Visit) -> None:
    page = visit("/privacy/")
    for path in ("letters", "legislators", "participants"):
        page.route(f"**/{path}", lambda route: route.abort())
    page.goto(CAMPAIGN)
    fill(page, {"street": "1 Line St", "city": "Chelsea", "zip": "02150"}, "Ned")
    page.get_by_label("Your message", exact=True).fill("My own words, [First Name].")
    send(page)
    expect(page.locator("#trouble")).to_be_visible()
    page.get_by_role("button", name="Copy my letter").click()
    expect(page.locator("#copied")).to_contain_text("My own words, Ned.")  # this browser may not write the clipboard
