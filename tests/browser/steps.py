"""What a visitor does, using the texts on the page."""

from collections.abc import Mapping

from playwright.sync_api import FrameLocator, Page, expect

CAMPAIGN = "/campaigns/safe-communities-act/"


def fill(page: Page | FrameLocator, address: Mapping[str, str], name: str) -> None:
    """Fill in every field and keep the letter. Each name has its own mailbox: a second letter from the same one would
    wait for confirmation."""
    page.get_by_label("First name", exact=True).fill(name)
    page.get_by_label("Last name").fill("Sample")
    page.get_by_label("Email").fill(f"{name.lower()}@mail.example")
    page.get_by_label("City or town").fill(address["city"])
    page.get_by_label("ZIP code").fill(address["zip"])
    page.get_by_label("ZIP code").blur()
    if address["street"]:  # with a script it appears once the town turns out not to decide
        page.get_by_label("Street address").fill(address["street"])


def send(page: Page | FrameLocator) -> None:
    page.locator("#letter").get_by_role("button", name="Send my letter").click()


def expect_thanks(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for writing")
    assert "/receipts/" in page.url
