"""Site and relay on two origins, as published: a static host, and `beaconpost relay` with everything captured."""

import functools
import http.server
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, Visit
from tests.browser.steps import CAMPAIGN, CHELSEA, expect_thanks, fill, send
from theme.site import build_site


class StaticHost(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name in the standard library)
        """Says nothing."""


@pytest.fixture(scope="module")
def relay() -> str:
    """Where the relay will be: a port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return f"http://127.0.0.1:{found.getsockname()[1]}"


@pytest.fixture(scope="module")
def app(relay: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site's address, which `visit` starts from; the relay runs beside it."""
    folder = tmp_path_factory.mktemp("published")
    host = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(StaticHost, directory=str(folder / "site"))
    )
    url = f"http://127.0.0.1:{host.server_port}"
    build_site(ROOT / "content", folder / "site", url, relay)
    threading.Thread(target=host.serve_forever).start()
    command = [sys.executable, "-m", "relay.cli", "relay", "--port", relay.rpartition(":")[2]]
    settings = {
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
            yield url
        finally:
            process.terminate()
            host.shutdown()
            host.server_close()


@pytest.fixture
def origins(app: str, relay: str) -> tuple[str, ...]:
    return (app, relay)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_receipt_on_the_other_origin_is_reached_under_the_policy(script: bool, visit: Visit, relay: str) -> None:
    page = visit(CAMPAIGN, java_script_enabled=script)
    fill(page, CHELSEA, f"Jo-{script}")
    send(page)
    expect_thanks(page)
    assert page.url.startswith(f"{relay}/receipts/")


def test_the_relay_answers_the_sites_script(visit: Visit) -> None:
    page = visit(CAMPAIGN)
    fill(page, CHELSEA, "Kai")
    expect(page.get_by_role("status")).to_contain_text("Your letter goes to Senator ")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_what_is_wrong_is_corrected_across_the_origins(script: bool, visit: Visit, on_the_line: dict[str, str]) -> None:
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
