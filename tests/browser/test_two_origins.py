"""Site and relay on two sites, as published: a static host, and `beaconpost relay` with everything captured.

Two ports of one host are two origins and one site to a browser, so the site has a name and the relay an address.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Request, expect

from tests.browser.conftest import ROOT, Visit
from tests.browser.static_host import serve
from tests.browser.steps import CAMPAIGN, expect_thanks, fill, send
from tests.samples.people import IN_CHELSEA
from tests.samples.settings import SECRET_KEY
from theme.site.build import build_site

HOME = "localhost"  # the site's
OTHER = "127.0.0.1"  # the relay's, and the coalition's


@pytest.fixture(scope="module")
def coalition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Another site: its folder and URL."""
    folder = tmp_path_factory.mktemp("coalition")
    with serve(folder) as port:
        yield folder, f"http://{OTHER}:{port}"


@pytest.fixture(scope="module")
def relay() -> str:
    """The relay's future URL, on a port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture(scope="module")
def app(relay: str, coalition: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site's URL, where `visit` starts. The relay is running, and the coalition may frame the form."""
    folder = tmp_path_factory.mktemp("published")
    shutil.copytree(ROOT / "content", folder / "content")
    conf = (ROOT / "pelicanconf.py").read_text() + f"BEACONPOST_EMBED = ['{coalition[1]}']\n"
    (folder / "pelicanconf.py").write_text(conf)
    with serve(folder / "site") as port:
        url = f"http://{HOME}:{port}"
        build_site(folder / "content", folder / "site", url, relay)
        with running(folder, relay):
            yield url


@contextmanager
def running(folder: Path, relay: str) -> Iterator[None]:
    """`beaconpost relay` for the site in `folder`, ready for posts."""
    command = [sys.executable, "-m", "relay.cli", "relay", "--port", relay.rpartition(":")[2]]
    settings = {
        "BEACONPOST_SECRET_KEYS": SECRET_KEY.decode(),
        "BEACONPOST_CAMPAIGNS": str(folder / "site/campaigns.json"),
        "BEACONPOST_DATABASE": f"sqlite:///{folder}/var/beaconpost.db",
        "PYTHONPATH": str(ROOT),
    }
    with subprocess.Popen(command, cwd=folder, env=os.environ | settings, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            said = []
            for line in process.stderr:
                said.append(line)
                if "taking posts" in line:
                    break
            else:
                pytest.fail("".join(said))
            yield
        finally:
            process.terminate()


@pytest.fixture
def origins(app: str, relay: str, coalition: tuple[Path, str]) -> tuple[str, ...]:
    return (app, relay, coalition[1])


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_policy_allows_the_redirect_to_the_receipt(script: bool, visit: Visit, relay: str) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    fill(page, IN_CHELSEA, f"Jo-{script}")
    send(page)
    expect_thanks(page)
    assert page.url.startswith(f"{relay}/receipts/")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_browser_says_that_the_post_comes_from_another_site_and_it_is_taken(script: bool, visit: Visit) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    posts: list[Request] = []
    page.on("request", lambda request: posts.append(request) if request.url.endswith("/letters") else None)
    fill(page, IN_CHELSEA, f"Ira-{script}")
    send(page)
    expect_thanks(page)
    assert {post.all_headers()["sec-fetch-site"] for post in posts} == {"cross-site"}


def test_the_relay_answers_the_sites_script(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    fill(page, IN_CHELSEA, "Kai")
    expect(page.locator("#found")).to_contain_text("Your letter goes to Senator ")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_errors_can_be_corrected_across_origins(script: bool, visit: Visit, on_the_line: dict[str, str]) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    fill(page, on_the_line, f"Lee-{script}")
    send(page)
    question = page.locator("#choices")
    expect(question).to_be_focused()
    for group in question.get_by_role("group").all():
        group.get_by_role("radio").first.check()
    question.get_by_role("button", name="Send my letter").click()
    expect_thanks(page)
    page.goto(CAMPAIGN)
    expect(page.get_by_label("First name", exact=True)).to_have_value("")


@pytest.fixture
def embedding(app: str, coalition: tuple[Path, str]) -> str:
    """A page on the coalition's site with the snippet from the handbook."""
    snippet = re.search(r"```html\n(<iframe.*?)```", (ROOT / "docs/site.md").read_text(), re.DOTALL)
    assert snippet
    folder, address = coalition
    pasted = snippet[1].replace("https://campaign.example", app)
    (folder / "page.html").write_text(f"<!doctype html><title>Coalition</title><h1>Coalition</h1>{pasted}")
    return f"{address}/page.html"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_letter_is_sent_from_a_frame_on_another_site(script: bool, visit: Visit, relay: str, embedding: str) -> None:
    page = visit(embedding, java_script_enabled=script)
    fill(page.frame_locator("iframe"), IN_CHELSEA, f"Max-{script}")
    send(page.frame_locator("iframe"))
    expect_thanks(page)
    assert page.url.startswith(f"{relay}/receipts/")


def test_the_frame_grows_with_its_content(visit: Visit, embedding: str) -> None:
    page = visit(embedding)
    frame = page.frame_locator("iframe")
    outer = page.locator("iframe")
    expect(outer).not_to_have_attribute("height", "900")
    hidden = "root => root.scrollHeight - innerHeight"
    assert frame.locator("html").evaluate(hidden) <= 0
    before = outer.get_attribute("height") or ""
    send(frame)  # the error list makes it taller
    expect(frame.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(outer).not_to_have_attribute("height", before)
    assert frame.locator("html").evaluate(hidden) <= 0


def test_outside_a_frame_the_form_posts_no_message(visit: Visit) -> None:
    """Outside a frame there is no parent page."""
    page = visit("/embed/safe-communities-act/")
    expect(page.get_by_label("First name", exact=True)).to_be_visible()


def test_an_unlisted_site_shows_an_empty_frame(browser: Browser, app: str, coalition: tuple[Path, str]) -> None:
    """The coalition is listed by its address; by another name it is not. No other page may be framed."""
    folder, address = coalition
    stranger = address.replace(OTHER, HOME)
    for home, path, shown in (
        (stranger, "/embed/safe-communities-act/", 0),
        (address, CAMPAIGN, 0),
        (address, "/embed/safe-communities-act/", 1),
    ):
        (folder / "other.html").write_text(f'<!doctype html><title>Other</title><iframe src="{app}{path}"></iframe>')
        page = browser.new_page()  # not with `visit`: the expected error is logged
        page.goto(f"{home}/other.html")
        assert page.frame_locator("iframe").get_by_label("First name", exact=True).count() == shown
        page.close()
