"""The main journey of the campaign page in Firefox and in WebKit, in a narrow window and in a wide one.

The other tests of this folder say what the page does, in Chromium. These say that it does so in every engine.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.browser.conftest import open_app
from tests.browser.steps import CAMPAIGN
from tests.browser.webdriver import Browser, open_firefox, open_webkit
from tests.samples.people import IN_CHELSEA

pytestmark = pytest.mark.matrix

IN_VIEW = """
  const { top, bottom } = document.activeElement.getBoundingClientRect();
  return top >= 0 && top < innerHeight && bottom > 0;
"""

OPENERS: dict[str, Callable[[Path], AbstractContextManager[Browser]]] = {
    "firefox": open_firefox,
    "webkit": lambda _: open_webkit(),
}


@pytest.fixture(params=["firefox", "webkit"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Browser]:
    """A browser that was never used before."""
    profile = tmp_path / "profile"
    profile.mkdir()
    with OPENERS[request.param](profile) as browser:
        yield browser


# Neither gets as narrow as a phone, but both get down to 500 pixels; the wide layout begins at 960.
@pytest.fixture(params=[360, 1280], ids=["narrow", "wide"])
def window(request: pytest.FixtureRequest, fresh: Browser) -> Browser:
    fresh.resize(request.param, 740)
    return fresh


@pytest.fixture
def person(request: pytest.FixtureRequest) -> dict[str, str]:
    """Who writes: somebody with a mailbox of their own, because a second letter from one mailbox would wait."""
    mailbox = "".join(character for character in request.node.name if character.isalnum())
    return {"first_name": "Ana", "last_name": "Sample", "email": f"{mailbox}@mail.example"}


def fill(window: Browser, typed: Mapping[str, str]) -> None:
    for name, words in typed.items():
        window.fill(f"#{name}", words)
    window.click("#reason")  # on to the letter; what the page says of the address moves it, so wait for that
    window.find("#found:not(:empty)")


def typed_in(window: Browser, names: Mapping[str, str]) -> dict[str, str]:
    return {name: window.value(f"#{name}") for name in names}


def expect_thanks(window: Browser) -> None:
    window.find(".banner")
    assert window.text("h1") == "Thank you for writing"


def test_a_letter_is_written_read_and_sent(window: Browser, app: str, person: dict[str, str]) -> None:
    window.go(app + CAMPAIGN)
    typed = person | IN_CHELSEA
    fill(window, typed)
    assert "Your letter goes to Senator" in window.text("#found")
    window.click("#read")
    window.find("#preview:focus")
    assert window.evaluate(IN_VIEW)
    for position in ("first", "last"):
        assert "Ana Sample" in window.text(f"#preview article:{position}-of-type")
    window.find("#preview article:nth-of-type(2):last-child")
    window.click("#send")
    expect_thanks(window)
    window.back()
    assert typed_in(window, typed) == dict.fromkeys(typed, "")


def test_a_fault_is_listed_has_the_focus_and_can_be_mended(window: Browser, app: str, person: dict[str, str]) -> None:
    window.go(app + CAMPAIGN)
    fill(window, person | IN_CHELSEA | {"zip": "021"})
    window.click("#send")
    assert "ZIP" in window.text("#problem:focus a[href='#zip']")
    assert window.evaluate(IN_VIEW)
    window.click("#problem a[href='#zip']")
    window.find("#zip:focus")
    assert window.evaluate(IN_VIEW)
    fill(window, IN_CHELSEA)
    window.find("#phones li")  # what was said of the wrong ZIP has given way
    window.click("#send")
    expect_thanks(window)


def test_a_relay_that_cannot_be_reached_costs_nothing_that_was_typed(
    window: Browser, content: Path, tmp_path: Path, person: dict[str, str]
) -> None:
    folder = tmp_path / "dev"
    folder.mkdir()
    typed = person | IN_CHELSEA | {"reason": "My neighbor is afraid to call the police."}
    with open_app(content, folder) as address:
        window.go(address + CAMPAIGN)
        fill(window, typed)
    window.click("#send")
    window.find("#trouble:focus")
    assert window.evaluate(IN_VIEW)
    assert typed_in(window, typed) == typed


def test_another_language_keeps_what_was_typed(window: Browser, app: str, person: dict[str, str]) -> None:
    window.go(app + CAMPAIGN)
    typed = person | IN_CHELSEA | {"reason": "My neighbor is afraid to call the police."}
    fill(window, typed)
    window.click("nav a[lang=es]")
    window.find("html[lang=es] #letter")
    assert typed_in(window, typed) == typed
    window.click("#send")
    window.find("html[lang=es] .banner")


def test_an_address_near_a_line_is_asked_about_and_nothing_is_lost(
    window: Browser, app: str, person: dict[str, str], on_the_line: dict[str, str]
) -> None:
    window.go(app + CAMPAIGN)
    typed = person | on_the_line | {"reason": "My neighbor is afraid to call the police."}
    fill(window, typed)
    window.click("#send")
    window.find("#choices:focus")
    assert window.evaluate(IN_VIEW)
    window.back()
    window.find("body:not(:has(#choices)) #letter")
    assert typed_in(window, typed) == typed
    window.click("#send")
    window.find("#choices:focus")
    for group in range(window.evaluate("return document.querySelectorAll('#choices fieldset').length")):
        window.click(f"#choices fieldset:nth-of-type({group + 1}) input[type=radio]")
    window.click("#choices button.button")
    expect_thanks(window)
