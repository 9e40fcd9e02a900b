"""Every page on a small phone, checked with axe in light and dark, and the cost of a visit to the campaign page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request

from tests.browser.conftest import Visit
from tests.browser.steps import CAMPAIGN, fill
from tests.samples.pages import pages
from tests.samples.people import IN_CHELSEA
from theme.pages.languages import known_languages

OF_THE_SITE = (
    "/",
    CAMPAIGN,
    "/campaigns/sunday-libraries/",
    "/embed/safe-communities-act/",
    "/phones/",
    "/privacy/",
    "/404.html",
)
ALIKE = ("notice 4", "refusal 4")  # differ from "notice 500" and "refusal 503" in their texts only
OF_THE_RELAY = tuple(name for name in pages("en", "") if not name.startswith(ALIKE))
TINY = {"width": 320, "height": 600}
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])

# Touch targets that are too small, with their labels, except links in running text.
SMALL = """() => {
  const small = [];
  for (const target of document.querySelectorAll("a[href], button, summary, input, textarea")) {
    if (!target.checkVisibility({ visibilityProperty: true }) || target.closest("[aria-hidden]")) continue;
    const around = target.parentElement;
    const words = (node) => node.textContent.trim().length;
    if (target.matches("p a, li a") && around.matches("p, strong, em, li") && words(around) > words(target)) continue;
    const boxes = [target, ...(target.labels ?? [])].map((part) => part.getBoundingClientRect());
    const [width, height] = ["width", "height"].map((side) => Math.max(...boxes.map((box) => box[side])));
    if (width < 44 || height < 44) small.push(`${target.outerHTML.slice(0, 80)} ${width} x ${height}`);
  }
  return small;
}"""

Axe = Callable[[Page], list[str]]


def overflow(page: Page) -> int:
    """Horizontal overflow in pixels, with text at 100 % or 200 %."""
    sizes = "['100%', '200%'].map((size) => (root.style.fontSize = size, root.scrollWidth - innerWidth))"
    return int(page.evaluate(f"{{ const root = document.documentElement; Math.max(...{sizes}); }}"))


def show(visit: Visit, name: str, tag: str = "en", **options: object) -> Page:
    """A page of the relay, as served to a browser."""
    page = visit("/privacy/", **options)
    page.route("**/sample", lambda route: route.fulfill(content_type="text/html", body=pages(tag, "")[name]))
    page.goto("/sample")
    return page


@SCHEMES
@pytest.mark.parametrize("path", OF_THE_SITE)
def test_the_pages_of_the_site_are_accessible(path: str, scheme: str, visit: Visit, axe: Axe) -> None:
    assert axe(visit(path, color_scheme=scheme)) == []


@SCHEMES
@pytest.mark.parametrize("name", OF_THE_RELAY)
def test_the_pages_of_the_relay_are_accessible(name: str, scheme: str, visit: Visit, axe: Axe) -> None:
    assert axe(show(visit, name, color_scheme=scheme)) == []


@pytest.mark.matrix
@SCHEMES
@pytest.mark.parametrize("tag", known_languages())
@pytest.mark.parametrize("path", ["/", CAMPAIGN, "/campaigns/sunday-libraries/", "/privacy/"])
def test_every_page_of_the_site_is_accessible_in_every_language(
    path: str, tag: str, scheme: str, visit: Visit, axe: Axe
) -> None:
    assert axe(visit(f"/{tag}{path}", color_scheme=scheme)) == []


@pytest.mark.matrix
@SCHEMES
@pytest.mark.parametrize("tag", known_languages())
@pytest.mark.parametrize("name", OF_THE_RELAY)
def test_every_page_of_the_relay_is_accessible_in_every_language(
    name: str, tag: str, scheme: str, visit: Visit, axe: Axe
) -> None:
    page = show(visit, name, tag, color_scheme=scheme)
    assert axe(page) == []
    assert page.evaluate(SMALL) == []
    page.set_viewport_size(TINY)  # type: ignore[arg-type]
    assert overflow(page) == 0


@pytest.mark.parametrize("path", OF_THE_SITE)
def test_the_sites_touch_targets_are_large_enough(path: str, visit: Visit) -> None:
    assert visit(path).evaluate(SMALL) == []


@pytest.mark.parametrize("name", OF_THE_RELAY)
def test_the_relays_touch_targets_are_large_enough(name: str, visit: Visit) -> None:
    assert show(visit, name).evaluate(SMALL) == []


@SCHEMES
def test_announced_legislators_and_listed_errors_are_accessible(scheme: str, visit: Visit, axe: Axe) -> None:
    page = visit(CAMPAIGN, color_scheme=scheme)
    fill(page, IN_CHELSEA, "Ann")
    page.get_by_label("Email").fill("")
    page.locator("#found:not(:empty)").wait_for()
    page.locator("#letter").get_by_role("button", name="Send my letter").click()
    page.locator("#problem:visible").wait_for()
    page.get_by_text("Read it as it will arrive").click()
    page.locator("#preview:visible").wait_for()
    assert axe(page) == []
    assert page.evaluate(SMALL) == []


@SCHEMES
def test_the_location_button_is_accessible(scheme: str, visit: Visit, axe: Axe, on_the_line: dict[str, str]) -> None:
    page = visit(CAMPAIGN, color_scheme=scheme)
    fill(page, on_the_line, "Ada")
    page.get_by_label("Street address").blur()
    page.get_by_role("button", name="Use my location").wait_for()
    assert axe(page) == []
    assert page.evaluate(SMALL) == []


@SCHEMES
def test_the_page_is_accessible_when_the_relay_is_down(scheme: str, visit: Visit, axe: Axe) -> None:
    page = visit(CAMPAIGN, color_scheme=scheme)
    page.route("**/letters", lambda route: route.abort())
    fill(page, IN_CHELSEA, "Abe")
    page.get_by_label("ZIP code").blur()
    page.locator("#found:not(:empty)").wait_for()
    page.locator("#letter").get_by_role("button", name="Send my letter").click()
    page.locator("#trouble:visible").wait_for()
    assert axe(page) == []
    assert page.evaluate(SMALL) == []


@pytest.mark.parametrize("path", OF_THE_SITE)
def test_the_site_does_not_overflow_at_320_pixels_with_large_text(path: str, visit: Visit) -> None:
    assert overflow(visit(path, viewport=TINY)) == 0


@pytest.mark.parametrize("name", OF_THE_RELAY)
def test_the_relays_pages_do_not_overflow_at_320_pixels_with_large_text(name: str, visit: Visit) -> None:
    assert overflow(show(visit, name, viewport=TINY)) == 0


def test_a_visit_takes_five_requests_and_shifts_no_layout(visit: Visit) -> None:
    page = visit("/privacy/")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.goto(CAMPAIGN)
    page.wait_for_load_state("networkidle")
    assert len([request for request in asked if "/_dev/" not in request.url]) <= 5, [request.url for request in asked]
    assert page.evaluate("shifted") == 0
