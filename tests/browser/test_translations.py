"""The campaign page in every language on a phone, with Arabic from right to left."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.steps import CAMPAIGN
from tests.browser.test_pages import TINY, Axe, overflow
from tests.samples.people import IN_CHELSEA
from theme.pages.languages import direction, known_languages

IN_EVERY_LANGUAGE = pytest.mark.parametrize("tag", known_languages())


def answer(page: Page, name: str) -> None:
    """Fill in by field name, since the labels are translated."""
    given = IN_CHELSEA | {"first_name": name, "last_name": "Sample", "email": f"{name.lower()}@mail.example"}
    for field, value in given.items():
        if value:
            page.locator(f"#{field}").fill(value)


@IN_EVERY_LANGUAGE
def test_the_page_is_accessible_fits_and_has_the_right_direction(tag: str, visit: Visit, axe: Axe) -> None:
    page = visit(f"/{tag}{CAMPAIGN}")
    assert axe(page) == []
    heading, width = page.locator("h1").bounding_box(), page.viewport_size
    assert heading
    assert width
    start = page.locator("h1").evaluate("(node) => getComputedStyle(node).textAlign === 'start' && node.dir === ''")
    assert start
    assert page.evaluate("document.documentElement.dir") == direction(tag)
    page.set_viewport_size(TINY)  # type: ignore[arg-type]
    assert overflow(page) == 0


def test_arabic_mirrors_english(visit: Visit) -> None:
    """A box on the left in English is as far from the right in Arabic."""
    there, here = (visit(path, viewport={"width": 900, "height": 700}) for path in (CAMPAIGN, f"/ar{CAMPAIGN}"))
    for selector in (".home", ".opening .button", "#public", "#letter > .button"):
        left = there.locator(selector).first.bounding_box()
        right = here.locator(selector).first.bounding_box()
        assert left
        assert right
        assert abs(left["x"] - (900 - right["x"] - right["width"])) <= 1, selector
    side = "(node) => { const style = getComputedStyle(node); return [style.paddingLeft, style.paddingRight]; }"
    assert there.locator(".safety").evaluate(side) == list(reversed(here.locator(".safety").evaluate(side)))


def test_the_letter_stays_english_and_left_to_right(visit: Visit) -> None:
    page = visit(f"/ar{CAMPAIGN}")
    message = page.locator("#message")
    expect(message).to_have_attribute("lang", "en")
    assert message.evaluate("(node) => getComputedStyle(node).direction") == "ltr"
    answer(page, "Amal")
    page.locator("#read").click()
    letter = page.locator("#preview [data-of=body]").first
    expect(letter).to_have_attribute("lang", "en")
    assert page.locator("#reason").evaluate("(node) => node.dir") == "auto"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_errors_and_receipt_use_the_pages_language(script: bool, visit: Visit) -> None:
    page = visit(f"/ht{CAMPAIGN}", java_script_enabled=script)
    answer(page, f"Ti{script}")
    page.locator("#email").fill("")
    page.locator("#letter").get_by_role("button", name="Voye lèt mwen an").click()
    expect(page.locator("#problem")).to_contain_text("Mete imèl ou, pou biwo a ka reponn ou.")
    page.locator("#email").fill(f"ti{script}@mail.example")
    page.locator("#message").fill("Dear [Legislator],\n\nMwen rete isit la depi dis an.\n\n[First Name]")
    page.locator("#letter").get_by_role("button", name="Voye lèt mwen an").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mèsi dèske ou ekri")
    expect(page.locator("html")).to_have_attribute("lang", "ht")
    page.locator("details.sent summary").click()
    expect(page.locator("details.sent")).to_contain_text("Mwen rete isit la depi dis an.")


def test_legislators_have_their_title_in_the_pages_language(visit: Visit) -> None:
    page = visit(f"/zh-hans{CAMPAIGN}")
    answer(page, "Li")
    page.locator("#zip").blur()
    expect(page.locator("#found")).to_contain_text("您的信将寄给 参议员")


def test_another_language_is_one_tap_away(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    page.get_by_role("navigation").get_by_role("link", name="Tiếng Việt").click()
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    expect(page.get_by_role("link", name="Tiếng Việt")).to_have_attribute("aria-current", "page")
