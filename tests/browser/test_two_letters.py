"""A campaign with stances, and one for testimony, in a browser: with and without a script, on a phone and wide."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT, Visit, open_app
from tests.samples.people import CHELSEA
from tests.samples.two_letters import HEARING, STANCES, THANKS
from tests.site.conftest import GOOD


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with both campaigns."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "pelicanconf.py", folder)
    campaigns = folder / "content/campaigns"
    campaigns.mkdir(parents=True)
    divided = GOOD.replace("subject: A subject\n", "subject: A subject\nthanks_subject: Thank you\n") + THANKS
    campaigns.joinpath("divided.md").write_text(divided)
    campaigns.joinpath("divided.stances.csv").write_text(STANCES)
    for name, moment in (("heard", "2099-03-12 17:00"), ("late", "2025-03-12 17:00")):
        text = GOOD.replace("recipients: [senator, representative]\n", HEARING.format(moment=moment))
        campaigns.joinpath(f"{name}.md").write_text(text)
    return folder / "content"


def type_in(page: Page) -> None:
    for name, value in CHELSEA.items():
        if value:
            page.fill(f"[name={name}]", value)
    page.locator("[name=zip]").blur()


def test_the_letter_of_thanks_opens_once_somebody_is_thanked(visit: Visit) -> None:
    page = visit("/campaigns/divided/")
    expect(page.locator("#thanks_message")).to_be_hidden()
    type_in(page)
    expect(page.locator("#found")).to_contain_text("Your thank-you letter goes to Senator Sal DiDomenico.")
    expect(page.locator("#thanks_message")).to_be_visible()
    expect(page.locator("#message")).to_be_visible()
    page.fill("#thanks_message", "Dear [Legislator],\n\nMy own thanks.")
    page.get_by_role("button", name="Read it as it will arrive").click()
    expect(page.locator(".arriving", has_text="My own thanks.")).to_have_count(1)
    page.get_by_role("button", name="Send my letter").click()
    page.wait_for_url("**/receipts/**")
    page.get_by_text("Your letter", exact=True).click()
    expect(page.get_by_text("My own thanks.")).to_be_visible()


def test_an_address_without_a_supporter_hides_the_letter_of_thanks(visit: Visit) -> None:
    page = visit("/campaigns/divided/")
    type_in(page)
    expect(page.locator("#thanks_message")).to_be_visible()
    page.fill("[name=city]", "Deerfield")
    page.fill("[name=zip]", "01342")
    page.locator("[name=zip]").blur()
    expect(page.locator("[data-letter=thanks]")).to_be_hidden()


def test_the_table_fits_a_phone(visit: Visit) -> None:
    page = visit("/campaigns/divided/")
    table = page.get_by_role("table")
    expect(table.get_by_role("row")).to_have_count(2)
    box = table.bounding_box()
    assert box
    assert box["x"] + box["width"] <= 360


def test_testimony_says_that_it_is_public_and_gives_a_pdf(visit: Visit) -> None:
    page = visit("/campaigns/heard/")
    expect(page.get_by_text("Testimony is a public record.")).to_be_visible()
    type_in(page)
    page.get_by_role("button", name="Send my testimony").click()
    page.wait_for_url("**/receipts/**")
    expect(page.get_by_role("link", name="Your testimony as a PDF")).to_be_visible()


def test_an_open_page_closes_once_the_relay_says_that_the_deadline_is_past(
    browser: Browser, content: Path, tmp_path: Path
) -> None:
    with open_app(content, tmp_path) as home:
        page = browser.new_page(viewport={"width": 360, "height": 740})
        page.goto(f"{home}/campaigns/heard/")
        expect(page.locator("#letter")).to_be_visible()
        manifest = tmp_path / "site/campaigns.json"
        manifest.write_text(manifest.read_text().replace("2099-03-12T", "2025-03-12T"))
        page.request.get(f"{home}/campaigns/unknown/participants")  # reads the manifest anew
        page.reload()
        expect(page.get_by_text("The deadline for written testimony has passed.")).to_be_visible()
        expect(page.locator("#letter")).to_be_hidden()
        page.close()


def test_past_its_deadline_testimony_has_no_form(visit: Visit) -> None:
    page = visit("/campaigns/late/")
    expect(page.get_by_text("The deadline for written testimony has passed.")).to_be_visible()
    expect(page.locator("form")).to_have_count(0)
