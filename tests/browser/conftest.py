"""A real browser and the real application: `beaconpost dev` on a free port with its own mailbox and folder."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from boundaries.data import shipped
from boundaries.state import State, open_state

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium-headless-shell")
PHONE = {"width": 360, "height": 740}

# Events report policy violations and layout shifts.
WATCH = """
addEventListener("securitypolicyviolation", (event) =>
  console.error("policy violation: " + event.effectiveDirective + " " + event.blockedURI));
window.shifted = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shifted += entry.value; })
  .observe({ type: "layout-shift", buffered: true });
"""

Visit = Callable[..., Page]


# For this folder only: Playwright runs an event loop in the main thread, and other tests need their own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail("The browser tests need Chromium. Install it once with: make system-packages", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def content() -> Path:
    """The project whose site is visited."""
    return ROOT / "content"


@contextmanager
def open_app(content: Path, folder: Path) -> Iterator[str]:
    """The address of `beaconpost dev` with its data in `folder`, running until the end of the block."""
    command = [
        *(sys.executable, "-m", "relay.cli", "dev", "--port", "0"),
        *("--content", str(content), "--folder", str(folder)),
    ]
    with (
        (folder / "stderr").open("w+") as errors,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            line = next((line for line in process.stdout if "http://" in line), "")
            assert line, f"beaconpost dev did not start:\n{(folder / 'stderr').read_text()}"
            yield line[line.index("http://") :].split()[0].rstrip("/")
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def app(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running `beaconpost dev`."""
    with open_app(content, tmp_path_factory.mktemp("dev")) as address:
        yield address


@pytest.fixture
def origins(app: str) -> tuple[str, ...]:
    """The origins a page may make requests to."""
    return (app,)


@pytest.fixture
def visit(browser: Browser, app: str, origins: tuple[str, ...]) -> Iterator[Visit]:
    """Open a page as a visitor with a phone. Unexpected errors fail the test at the end.

    Keyword arguments are Playwright's for a context, such as java_script_enabled or color_scheme.
    """
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def open_page(path: str, **options: Any) -> Page:  # noqa: ANN401
        context = browser.new_context(**{"viewport": PHONE, "base_url": app, "color_scheme": "light"} | options)
        contexts.append(context)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.on("console", lambda message: trouble.extend(_complaint(message)))
        page.on("pageerror", lambda error: trouble.append(f"uncaught: {error}"))
        page.on("request", lambda request: trouble.extend(_foreign(request, origins)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert trouble == []


def _complaint(message: ConsoleMessage) -> list[str]:
    """Whether a console message is an unexpected error. 4xx and missing responses are logged by design."""
    expected = message.text.startswith("Failed to load resource:")
    return [message.text] if message.type in ("error", "warning") and not expected else []


def _foreign(request: Request, origins: tuple[str, ...]) -> list[str]:
    return [] if request.url.startswith(origins) else [f"asked {request.url}"]


@pytest.fixture(scope="session")
def massachusetts() -> State:
    return open_state(shipped("ma"))


@pytest.fixture(scope="session")
def on_the_line(massachusetts: State) -> dict[str, str]:
    """An address so close to a line that the street book asks for its district."""
    for number in range(1, 3000):
        address = {"street": f"{number} Washington St", "city": "Boston", "zip": "02118"}
        answer = massachusetts.locate(*address.values())
        if (answer.status, answer.reason) == ("choose", "gap"):
            return address
    raise AssertionError("no such address on Washington St any more: choose another street")


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """Violations of WCAG 2.2 A and AA and of best practices, one line each."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def run(page: Page) -> list[str]:
        results = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
        return [
            f"{rule['id']}: {node['html'][:120]}" for rule in results.response["violations"] for node in rule["nodes"]
        ]

    return run
