"""Options for a visitor whose address does not decide: choose, use the device's location, or call."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.steps import CAMPAIGN, expect_thanks, fill, send
from tests.browser.test_help import BOTH
from tests.browser.test_pages import SMALL, TINY, Axe, overflow

UNKNOWN_STREET = {"street": "12 Nosuch Rd", "city": "Worcester", "zip": "01608"}
OTHER_STATE = {"street": "12 Main St", "city": "Providence", "zip": "02903"}
CALL = "/campaigns/safe-communities-act/call"
BOSTON = {"street": "", "city": "Boston", "zip": "02108"}
AT_THE_STATE_HOUSE: dict[str, Any] = {
    "permissions": ["geolocation"],
    "geolocation": {"latitude": 42.3588, "longitude": -71.0638, "accuracy": 5},
}
IN_WORCESTER = AT_THE_STATE_HOUSE | {"geolocation": {"latitude": 42.2626, "longitude": -71.8023, "accuracy": 5}}


@BOTH
def test_an_unknown_street_offers_the_towns_districts_on_a_map(script: bool, visit: Visit) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    fill(page, UNKNOWN_STREET, f"Una-{script}")
    send(page)
    page.get_by_text("Or choose your districts yourself").click()
    expect(page.locator("#choices .map").first).to_be_visible()
    choices = page.locator("#choices")
    choices.get_by_label("Senator Robyn Kennedy").check()
    choices.get_by_role("button", name="Send my letter").click()
    expect(page.get_by_role("heading", name="Which districts are yours?")).to_be_visible()  # one question is left
    page.get_by_role("group", name="Who is your State Representative?").get_by_role("radio").first.check()
    page.locator("#choices").get_by_role("button", name="Send my letter").click()
    expect_thanks(page)


@BOTH
@pytest.mark.parametrize("address", [UNKNOWN_STREET, OTHER_STATE], ids=["unknown street", "other state"])
def test_an_unknown_address_offers_the_phone_directory(address: dict[str, str], script: bool, visit: Visit) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    fill(page, address, "Cal")
    send(page)
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_role("link", name="Or call the offices: phone numbers by town").click()
    page.get_by_text("Worcester", exact=True).first.click()
    assert page.locator("a[href^='tel:']:visible").count() > 2


def test_the_location_answers_the_relays_question(visit: Visit, axe: Axe) -> None:
    page = visit(CAMPAIGN, **IN_WORCESTER)
    fill(page, UNKNOWN_STREET, "Peg")
    send(page)
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_text("Or choose your districts yourself").click()
    radio = page.get_by_role("radio", name="Senator Mike Moore")
    radio.check()
    page.get_by_role("button", name="Use my location").click()
    expect(page.locator("#placed")).to_contain_text("Your letter goes to Senator Robyn Kennedy")
    expect(radio).not_to_be_checked()  # it would override the location
    assert axe(page) == []
    radio.check()
    expect(page.locator("#placed")).to_be_empty()
    expect(page.locator("[name=district_proof]")).to_have_count(0)
    page.get_by_role("button", name="Use my location").click()
    page.locator("#ways").get_by_role("button", name="Send my letter").click()
    expect_thanks(page)
    expect(page.get_by_text("Robyn Kennedy").first).to_be_visible()


def test_the_location_replaces_the_street_while_typing(visit: Visit) -> None:
    page = visit(CAMPAIGN, **AT_THE_STATE_HOUSE)
    fill(page, BOSTON, "Flo")
    expect(page.get_by_role("link", name="Or call the offices: phone")).to_be_visible()
    assert page.evaluate(SMALL) == []
    page.get_by_role("button", name="Use my location").click()
    expect(page.locator("#found")).to_contain_text("Your letter goes to")
    send(page)
    expect_thanks(page)


def test_an_early_submission_shows_the_options_next_to_the_address(visit: Visit) -> None:
    page = visit(CAMPAIGN, **AT_THE_STATE_HOUSE)
    page.route("**/legislators", lambda route: route.abort())
    fill(page, OTHER_STATE, "Eve")
    send(page)
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_role("button", name="Use my location")).to_be_visible()
    expect(page.get_by_role("link", name="Or call the offices: phone")).to_have_attribute("href", "/phones/")
    page.unroute("**/legislators")
    page.get_by_role("button", name="Use my location").click()
    expect(page.locator("#found")).to_contain_text("Your letter goes to")
    send(page)
    expect_thanks(page)


def test_a_location_away_from_the_address_is_refused(visit: Visit) -> None:
    page = visit(CAMPAIGN, **IN_WORCESTER)
    fill(page, BOSTON, "Ned")
    page.get_by_role("button", name="Use my location").click()
    expect(page.locator("#found")).to_contain_text("Your device is not in the districts of the address you typed.")
    expect(page.locator("[name=district_proof]")).to_have_count(0)


def test_callers_may_use_their_location(visit: Visit) -> None:
    page = visit(CALL, **AT_THE_STATE_HOUSE)
    expect(page.get_by_role("button", name="Use my location")).to_have_count(0)
    page.get_by_label("City or town").fill("Boston")
    page.get_by_role("button", name="Show the phone numbers").click()
    page.get_by_role("button", name="Use my location").click()
    expect(page.locator("a[href^='tel:']")).to_have_count(2)
    assert page.url.endswith("/call")


def test_callers_are_told_when_there_is_no_location(visit: Visit) -> None:
    page = visit(CALL, permissions=[])
    page.get_by_label("City or town").fill("Boston")
    page.get_by_role("button", name="Show the phone numbers").click()
    page.get_by_role("button", name="Use my location").click()
    expect(page.get_by_role("status")).to_contain_text("Your device gave no place")


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_option_is_accessible(lang: str, scheme: str, visit: Visit, axe: Axe) -> None:
    for address in (UNKNOWN_STREET, OTHER_STATE):
        page = visit("/", viewport=TINY, color_scheme=scheme)
        _post(page, "letters", address | {"first_name": "A", "last_name": "B", "email": "a@mail.example", "lang": lang})
        expect(page.locator("#locate")).to_be_visible()
        page.locator("details#choices summary").click() if page.locator("details#choices").count() else None
        assert axe(page) == []
        assert page.evaluate(SMALL) == []
        assert overflow(page) == 0
        _post(page, "call", address | {"lang": lang})
        expect(page.locator("#locate")).to_be_visible()
        assert axe(page) == []
        assert page.evaluate(SMALL) == []
        assert overflow(page) == 0


def _post(page: Page, path: str, fields: dict[str, str]) -> None:
    """Submit like a form without a script."""
    with page.expect_navigation():
        page.evaluate(
            """([path, fields]) => {
              const form = Object.assign(document.createElement("form"), {
                method: "post", action: `/campaigns/safe-communities-act/${path}` });
              for (const [name, value] of Object.entries(fields))
                form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
              document.body.append(form);
              form.submit();
            }""",
            [path, fields],
        )
