"""The journey after Send: thanks, a call, and a friend."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.steps import CAMPAIGN, expect_thanks, fill, send
from tests.browser.test_help import BOTH
from tests.browser.test_pages import SMALL, TINY, Axe, overflow
from tests.samples.people import IN_CHELSEA

CALL = "/campaigns/safe-communities-act/call"


def write(page: Page, name: str) -> None:
    fill(page, IN_CHELSEA, name)
    send(page)
    expect_thanks(page)


@BOTH
def test_the_banner_is_on_the_first_screen_and_says_to_whom(script: bool, visit: Visit) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    write(page, f"Tea-{script}")
    expect(page.locator(".banner")).to_be_in_viewport(ratio=1)
    expect(page.locator(".banner")).to_contain_text("We have your letter to Senator")
    expect(page.get_by_role("link", name="WhatsApp")).to_be_visible()
    expect(page.get_by_role("img", name="QR code of the campaign’s page")).to_be_visible()


def test_copying_the_link_says_so_and_copies_the_campaigns_address(visit: Visit, app: str) -> None:
    page = visit(CAMPAIGN, permissions=["clipboard-read", "clipboard-write"])
    write(page, "Cleo")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator("#copied")).to_have_text("The link is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == f"{app}{CAMPAIGN}"


def test_without_a_clipboard_the_link_is_marked_to_be_copied_by_hand(visit: Visit, app: str) -> None:
    page = visit(CAMPAIGN)
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.reload()
    write(page, "Cora")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator("#copied")).to_have_text("The link is marked. Copy it now.")
    assert page.evaluate("getSelection().toString()").strip() == f"{app}{CAMPAIGN}"


def test_a_printed_receipt_has_the_campaigns_address_and_code(visit: Visit, app: str) -> None:
    page = visit(CAMPAIGN)
    write(page, "Pru")
    page.emulate_media(media="print")
    expect(page.get_by_text(f"{app}{CAMPAIGN}")).to_be_visible()
    expect(page.get_by_role("img", name="QR code of the campaign’s page")).to_be_visible()
    expect(page.get_by_role("link", name="WhatsApp")).to_be_hidden()
    expect(page.get_by_role("button", name="Copy the link")).to_be_hidden()


@BOTH
def test_the_receipt_is_read_in_another_language(script: bool, visit: Visit) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    write(page, f"Luz-{script}")
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gracias por escribir")
    expect(page.locator("blockquote[lang=en]")).to_contain_text("Hello, I am a constituent")
    expect(page.get_by_text("Lo que significa")).to_be_visible()
    assert page.locator("nav [aria-current]").inner_text() == "Español"


@BOTH
def test_the_call_page_keeps_what_is_typed_in_another_language(script: bool, visit: Visit) -> None:
    page = visit(CALL, java_script_enabled=script)
    page.get_by_label("City or town").fill("Chelsea")
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator("a[href^='tel:']")).to_have_count(2)  # the town is enough here
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("a[href^='tel:']")).to_have_count(2)
    assert page.url.endswith("/call?lang=en")


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_after_the_letter_are_accessible(lang: str, scheme: str, visit: Visit, axe: Axe) -> None:
    page = visit(CAMPAIGN, color_scheme=scheme, viewport=TINY)
    write(page, f"Ada-{lang}-{scheme}")
    page.goto(f"{page.url}?lang={lang}")
    for path in ("", f"{CALL}?lang={lang}"):
        if path:
            page.goto(path)
        assert axe(page) == []
        assert page.evaluate(SMALL) == []
        assert overflow(page) == 0


@pytest.mark.parametrize(
    ("path", "lang"), [("/es/nope", "es"), ("/ar/deep/nope/", "ar"), ("/nope", "en"), ("/xx/nope", "en")]
)
def test_a_missing_page_is_in_the_language_of_its_address(path: str, lang: str, visit: Visit) -> None:
    page = visit(path)
    expect(page.locator("html")).to_have_attribute("lang", lang)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_skip_link_is_out_of_sight_and_whole_in_sight_at_twice_the_text(lang: str, visit: Visit) -> None:
    page = visit(f"{CALL}?lang={lang}", viewport=TINY)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    skip = page.locator(".skip")
    box = skip.bounding_box()
    assert box
    assert box["y"] + box["height"] <= 0
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)


def test_an_error_link_shows_the_label_with_its_field(visit: Visit) -> None:
    page = visit(CALL)
    page.get_by_role("button", name="Show the phone numbers").click()
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.locator("label[for=city]")).to_be_in_viewport(ratio=1)
    expect(page.locator("#city-fault")).to_be_in_viewport(ratio=1)
