"""Journeys between pages: retry, Back, another language, an older phone, a reply that is lost."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.steps import CAMPAIGN, expect_thanks, fill, send
from tests.browser.test_undecided_addresses import AT_THE_STATE_HOUSE
from tests.samples.people import IN_CHELSEA

BOTH = pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
TYPED = {"First name": "Mia", "Email": "mia@mail.example", "City or town": "Chelsea", "ZIP code": "02150"}
PARTS = ("from", "reply_to", "subject", "body")
SEND = "Send my letter"
OLD_PHONE = "delete AbortSignal.timeout;"  # Safari 15, Chrome 102
IN_VIEW = """(node) => {
  const { top, bottom } = node.getBoundingClientRect();
  return top >= 0 && top < innerHeight && bottom > 0;
}"""


def words(page: Page) -> str:
    return page.get_by_label("Your message", exact=True).input_value()


def expect_typed(page: Page, message: str) -> None:
    for label, value in TYPED.items():
        expect(page.get_by_label(label, exact=True)).to_have_value(value)
    expect(page.get_by_label("Your message", exact=True)).to_have_value(message)


def expect_forgotten(page: Page) -> None:
    for name in ("first_name", "last_name", "email", "street", "city", "zip"):
        expect(page.locator(f"#{name}")).to_have_value("")


def arrived(page: Page, name: str) -> list[dict[str, str]]:
    """What the two offices got from this writer."""
    for _ in range(500):
        mails = page.request.get("/_mail/messages").json()
        letters = [
            mail for mail in mails if mail["from"].startswith(f'"{name} ') or mail["from"].startswith(f"{name} ")
        ]
        if len(letters) == 2:
            return [
                {
                    "from": mail["from"].replace('"', ""),
                    "reply_to": mail["reply_to"],
                    "subject": mail["subject"],
                    "body": mail["text"].strip(),
                }
                for mail in letters
            ]
    raise AssertionError("the letters have not arrived")


# --- 1: an older phone


def test_an_old_phone_sends_by_the_plain_form(visit: Visit) -> None:
    page = visit("/privacy/")
    page.add_init_script(OLD_PHONE)
    page.goto(CAMPAIGN)
    fill(page, IN_CHELSEA, "Olga")
    expect(page.locator("#message-blanks")).to_be_hidden()  # nothing that only a script fills
    expect(page.locator("#preview")).to_be_hidden()
    send(page)
    expect_thanks(page)


def test_an_old_phone_is_asked_and_keeps_everything(visit: Visit, on_the_line: dict[str, str]) -> None:
    page = visit("/privacy/")
    page.add_init_script(OLD_PHONE)
    page.goto(CAMPAIGN)
    fill(page, on_the_line, "Otto")
    page.get_by_label("Your message", exact=True).fill("My own words.")
    send(page)
    question = page.locator("#choices")
    expect(question).to_be_focused()
    for group in question.get_by_role("group").all():
        group.get_by_role("radio").first.check()
    assert words(page) == "My own words."
    question.get_by_role("button", name=SEND).click()
    expect_thanks(page)


# --- 2: whatever follows "Send" is in view


@pytest.mark.parametrize("viewport", [{"width": 360, "height": 640}, {"width": 1280, "height": 800}])
def test_a_failure_is_in_view_and_has_the_focus(viewport: dict[str, int], visit: Visit) -> None:
    page = visit(CAMPAIGN, viewport=viewport)
    page.route("**/letters", lambda route: route.abort())
    fill(page, IN_CHELSEA, "Fay")
    send(page)
    trouble = page.locator("#trouble")
    expect(trouble).to_be_focused()
    assert trouble.evaluate(IN_VIEW)


def test_a_lost_connection_is_explained_by_either_button(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    fill(page, IN_CHELSEA, "Cas")
    expect(page.locator("#found")).to_contain_text("Your letter goes to")
    page.wait_for_load_state("networkidle")  # the rest of the page's script has come
    page.context.set_offline(True)
    page.get_by_role("button", name="Read it as it will arrive").click()
    expect(page.locator("#read-said")).to_contain_text("We could not reach our server.")
    send(page)
    expect(page.locator("#trouble")).to_be_focused()
    page.context.set_offline(False)
    send(page)
    expect_thanks(page)


def test_the_page_does_not_move_under_a_press(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    fill(page, IN_CHELSEA, "Peg")
    found, button = page.locator("#found"), page.get_by_role("button", name="Send my letter").last
    expect(found).to_contain_text("Your letter goes to")
    page.get_by_label("ZIP code").fill("021")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box
    page.mouse.move(box["x"] + 9, box["y"] + 9)
    with page.expect_response("**/legislators"):
        page.mouse.down()  # leaves the ZIP's field, so that its answer comes during the press
    page.evaluate("new Promise(requestAnimationFrame)")
    expect(found).to_contain_text("Your letter goes to")
    page.mouse.up()
    expect(found).to_contain_text("ZIP")
    expect(page.locator("#problem")).to_be_focused()  # the press was a click


def test_a_post_turned_away_for_its_rate_is_explained_by_the_relays_page(visit: Visit) -> None:
    page = visit("/privacy/")
    too_many = {"status": 429, "content_type": "application/problem+json", "body": '{"errors": [], "choices": []}'}
    page.route("**/letters", lambda r: r.fulfill(**too_many) if r.request.resource_type == "fetch" else r.continue_())
    page.goto(CAMPAIGN)
    fill(page, IN_CHELSEA, "Tom")
    with page.expect_navigation():  # its own answer to a form is a page: this relay has no limits, and takes the letter
        send(page)
    expect_thanks(page)


def test_a_letter_to_be_read_is_not_sent_when_a_part_of_the_script_is_lost(visit: Visit) -> None:
    page = visit("/privacy/")
    page.route("**/preview.js*", lambda route: route.abort())
    page.goto(CAMPAIGN)
    fill(page, IN_CHELSEA, "Rea")
    page.get_by_role("button", name="Read it as it will arrive").click()
    expect(page.locator("#preview")).to_be_focused()  # on the relay's page
    expect(page.locator("#preview")).to_contain_text("Rea Sample")
    assert page.url.endswith("/preview")


def test_sending_is_shown_and_announced(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    waiting: list[Route] = []
    page.route("**/letters", lambda route: waiting.append(route))
    fill(page, IN_CHELSEA, "Sam")
    with page.expect_request("**/letters"):
        send(page)
    said = page.locator("#sending")
    expect(said).to_have_text("Sending…")
    expect(said).to_have_role("status")
    assert said.evaluate(IN_VIEW)
    waiting[0].continue_()
    expect_thanks(page)


# --- 3: a reply that is lost


def test_a_lost_reply_costs_no_receipt(visit: Visit) -> None:
    page = visit(CAMPAIGN)

    def lose(route: Route) -> None:
        route.fetch()  # the relay accepts the letter
        route.abort()

    page.route("**/letters", lose)
    fill(page, IN_CHELSEA, "Lea")
    send(page)
    expect(page.locator("#trouble")).to_be_focused()
    page.unroute("**/letters")
    page.reload()  # even then it is the same letter
    send(page)
    expect_thanks(page)
    expect(page.get_by_text("Your letter is in, for:").or_(page.get_by_text("Senator").first).first).to_be_visible()


# --- 4: what was typed survives, in this tab, until it is sent


@BOTH
def test_back_from_the_relays_page_keeps_what_was_typed(
    script: bool, visit: Visit, on_the_line: dict[str, str]
) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    fill(page, on_the_line, "Mia")
    page.get_by_label("Your message", exact=True).fill("My own words.")
    send(page)
    expect(page.locator("#choices")).to_be_focused()
    page.go_back()
    for name, value in on_the_line.items():
        expect(page.locator(f"#{name}")).to_have_value(value)
    expect(page.get_by_label("First name", exact=True)).to_have_value("Mia")
    expect(page.get_by_label("Your message", exact=True)).to_have_value("My own words.")


@BOTH
@pytest.mark.parametrize("tag", ["es", "zh-hans"])
def test_the_relays_page_takes_what_was_typed_into_another_language(tag: str, script: bool, visit: Visit) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    fill(page, IN_CHELSEA | {"street": "PO Box 1"}, "Mia")
    page.get_by_label("Your message", exact=True).fill("My own words.")
    if script:  # with a script the page stays; a visitor without one sees the relay's
        page.evaluate("document.querySelector('#letter').submit()")
    else:
        send(page)
    expect(page.locator("#problem")).to_be_focused()
    page.get_by_label("Your message", exact=True).fill("My own words, longer.")
    page.get_by_role("navigation").locator(f"[value={tag}]").click()
    expect(page.locator("html")).to_have_attribute("lang", tag)
    expect(page.locator("#message")).to_have_value("My own words, longer.")
    expect(page.locator("#email")).to_have_value("mia@mail.example")
    expect(page.locator("#problem")).to_be_focused()  # still the same question
    page.locator("#street").fill("")
    page.locator("#letter > #send").click()
    page.wait_for_url("**/receipts/**")
    expect(page.locator("html")).to_have_attribute("lang", tag)


def test_another_language_of_the_site_keeps_what_was_typed(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    fill(page, IN_CHELSEA, "Mia")
    page.get_by_role("navigation").get_by_role("link", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator("#first_name")).to_have_value("Mia")


def test_back_after_sending_shows_nothing_that_was_typed(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    fill(page, IN_CHELSEA | {"street": "1 Line St"}, "Nia")
    send(page)
    expect_thanks(page)
    page.go_back()
    expect_forgotten(page)


def test_back_after_choosing_and_sending_shows_nothing_that_was_typed(
    visit: Visit, on_the_line: dict[str, str]
) -> None:
    page = visit(CAMPAIGN)
    fill(page, on_the_line, "Noa")
    send(page)
    question = page.locator("#choices")
    expect(question).to_be_focused()
    for group in question.get_by_role("group").all():
        group.get_by_role("radio").first.check()
    question.get_by_role("button", name=SEND).click()
    expect_thanks(page)
    with page.expect_navigation(url=f"**{CAMPAIGN}"):
        page.evaluate("history.go(-2)")
    expect_forgotten(page)
    page.goto(CAMPAIGN)
    expect_forgotten(page)


@pytest.mark.parametrize("part", ["preview", "sending"])
def test_a_part_of_the_script_that_does_not_load_costs_nothing(part: str, visit: Visit) -> None:
    page = visit("/privacy/")
    page.route(f"**/{part}.js*", lambda route: route.abort())
    page.goto(CAMPAIGN)
    fill(page, IN_CHELSEA, f"Gap-{part}")
    page.get_by_role("button", name="Read it as it will arrive").click()
    expect(page.locator("#preview article")).to_have_count(2)  # in the page, or by the relay's: nothing is sent
    send(page)
    expect_thanks(page)


@BOTH
def test_enter_never_presses_a_language(script: bool, visit: Visit) -> None:
    page = visit("/campaigns/safe-communities-act/call?lang=es", java_script_enabled=script)
    page.locator("#city").fill("Chelsea")
    page.locator("#city").press("Enter")
    expect(page.locator("a[href^='tel:']")).to_have_count(2)
    expect(page.locator("html")).to_have_attribute("lang", "es")


# --- 6: the preview is the letter


@BOTH
def test_the_preview_is_the_letter_that_arrives(script: bool, visit: Visit) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    name = f"Pia-{script}"
    fill(page, IN_CHELSEA, name)
    page.get_by_label("Why does this matter to you?").fill("My neighbor is afraid to call the police.")
    page.get_by_role("button", name="Read it as it will arrive").click()
    preview = page.locator("#preview")
    expect(preview).to_be_focused()
    expect(preview.locator("article")).to_have_count(2)
    shown = [
        {part: article.locator(f"[data-of={part}]").inner_text().strip() for part in PARTS}
        for article in preview.locator("article").all()
    ]
    send(page)
    expect_thanks(page)
    assert sorted(shown, key=str) == sorted(arrived(page, name), key=str)


def test_an_incomplete_letter_says_what_the_preview_needs(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    fill(page, IN_CHELSEA, "Ida")
    page.get_by_label("Email").fill("")
    page.get_by_role("button", name="Read it as it will arrive").click()
    need = page.locator("#preview").get_by_role("link", name="Enter your e-mail address, so that the office can answer")
    need.click()
    expect(page.get_by_label("Email")).to_be_focused()


def test_on_a_wide_screen_the_letter_shows_itself_beside_the_form(visit: Visit) -> None:
    page = visit(CAMPAIGN, viewport={"width": 1280, "height": 900})
    fill(page, IN_CHELSEA, "Wes")
    page.get_by_label("ZIP code").blur()
    preview = page.locator("#preview")
    expect(preview).to_contain_text("Wes Sample")
    box, form = preview.bounding_box(), page.locator("#first_name").bounding_box()
    assert box
    assert form
    assert box["x"] > form["x"] + form["width"]


# --- 7: the page while typing says what it says at "Send"


@pytest.mark.parametrize(
    "address",
    [
        {"street": "PO Box 12", "city": "Chelsea", "zip": "02150"},
        {"street": "", "city": "Providence", "zip": "02903"},
        {"street": "Beacon St", "city": "Boston", "zip": "02108"},
        {"street": "", "city": "Boston", "zip": "99999"},
        {"street": "", "city": "Chelsea", "zip": ""},
        {"street": "", "city": "", "zip": "02150"},
        {"street": "", "city": "Chelsea", "zip": "021"},
    ],
    ids=["PO box", "other state", "no number", "ZIP of nowhere", "no ZIP", "no town", "half a ZIP"],
)
def test_what_is_said_while_typing_is_said_at_send(address: dict[str, str], visit: Visit) -> None:
    page = visit(CAMPAIGN, java_script_enabled=False)
    fill(page, address, "Tia")
    send(page)
    said = page.locator("#problem").get_by_role("link").first.inner_text()
    page = visit(CAMPAIGN)
    fill(page, address, "Tia")
    page.get_by_label("Last name").focus()
    expect(page.locator("#found")).to_contain_text(said)


def test_a_slower_answer_to_an_older_address_is_not_shown(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    waiting: list[Route] = []

    def hold_back(route: Route) -> None:
        if "Worcester" in (route.request.post_data or ""):
            waiting.append(route)
        else:
            route.continue_()

    page.route("**/legislators", hold_back)
    page.get_by_label("City or town").fill("Worcester")
    with page.expect_request("**/legislators"):
        page.get_by_label("City or town").blur()
    page.get_by_label("City or town").fill("Chelsea")
    page.get_by_label("City or town").blur()
    expect(page.locator("#found")).to_contain_text("Your letter goes to Senator")
    with page.expect_response("**/legislators"):
        waiting[0].continue_()
    expect(page.locator("#found")).to_contain_text("Your letter goes to Senator")
    expect(page.locator("[data-chamber=house]")).to_contain_text("Representative ")


def test_a_full_address_needs_a_street(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    fill(page, IN_CHELSEA, "Fia")
    page.get_by_text("Change", exact=True).click()
    page.get_by_label("My full address").check()
    said = "Enter your street address, or let the letter show only your town."
    expect(page.locator("#found")).to_contain_text(said)
    send(page)
    expect(page.locator("#problem").get_by_role("link", name=said)).to_be_visible()


# --- 8: the device's location


def test_a_location_fills_the_letter_without_an_address(visit: Visit) -> None:
    page = visit(CAMPAIGN, **AT_THE_STATE_HOUSE)
    fill(page, {"street": "", "city": "Boston", "zip": "02108"}, "Lou")
    page.get_by_role("button", name="Use my location").click()
    expect(page.locator("#found")).to_contain_text("Your letter goes to Senator")
    expect(page.locator("#message-blanks")).to_be_hidden()
    page.get_by_role("button", name="Read it as it will arrive").click()
    expect(page.locator("#preview")).to_contain_text("I live in Boston, in your district.")


def test_a_location_says_that_it_is_looked_for(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    page.add_init_script(
        "navigator.geolocation.getCurrentPosition = (use) => { window.found = () => use({ coords: "
        "{ latitude: 42.3588, longitude: -71.0638 } }); };"
    )
    page.reload()
    fill(page, {"street": "", "city": "Boston", "zip": "02108"}, "Lia")
    page.get_by_role("button", name="Use my location").click()
    expect(page.locator("#found")).to_have_text("Looking for your place…")
    page.evaluate("found()")
    expect(page.locator("#found")).to_contain_text("Your letter goes to")


# --- 10: blanks that nobody fills in


@BOTH
def test_words_left_in_brackets_are_asked_about_once(script: bool, visit: Visit) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    fill(page, IN_CHELSEA, f"Bo-{script}")
    page.get_by_label("Your message", exact=True).fill("Dear [Legislator],\n\n[Add your story]\n\n[First Name]")
    send(page)
    expect(page.locator("#problem")).to_contain_text("Some words are still in [square brackets]")
    send(page)
    expect_thanks(page)


# --- 11: the keyboard


def test_enter_goes_on_to_the_next_field(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    page.get_by_label("First name", exact=True).fill("Kim")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Last name")).to_be_focused()
    expect(page.locator("#problem")).to_be_hidden()
    page.get_by_label("ZIP code").press("Enter")
    expect(page.get_by_label("Why does this matter to you?")).to_be_focused()


# --- 14: near


@pytest.mark.parametrize("tag", ["", "es", "pt", "ht", "zh-hans", "vi", "ar"])
def test_the_form_is_near(tag: str, visit: Visit) -> None:
    page = visit(f"/{tag}{CAMPAIGN}".replace("//", "/"))
    height = 740
    button, first = page.locator(".opening .button").bounding_box(), page.locator("#first_name").bounding_box()
    assert button
    assert first
    assert button["y"] + button["height"] <= height, "the button is on the first screen"
    assert first["y"] <= 2 * height, "the first field is within two screens"


def test_six_fields_and_two_taps_send_a_letter(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    page.get_by_role("link", name="Write your message").click()  # a tap
    for label, value in (TYPED | {"Last name": "Sample", "First name": "Tap"}).items():  # five fields
        page.get_by_label(label, exact=True).fill(value)
    send(page)  # a tap
    expect_thanks(page)
