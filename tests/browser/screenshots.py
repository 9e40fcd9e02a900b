"""`make screenshots`: the two images at the top of the README, from `beaconpost dev` and an invented person."""

import io
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.browser.conftest import CHROMIUM
from tests.samples.people import CHELSEA

FOLDER: Final = Path(__file__).parent / "screenshots"
PHONE: Final = ViewportSize(width=360, height=720)


def main() -> None:
    """Write phone.png and mailbox.png."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "relay.cli", "dev", "--port", "0", "--folder", folder]
        dev = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert dev.stdout is not None
            take(dev.stdout.readline().split()[0])
        finally:
            dev.terminate()
            dev.wait()


def take(home: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        page = browser.new_page(viewport=PHONE, device_scale_factor=2)
        page.goto(f"{home}campaigns/safe-communities-act/")
        save(page, "phone")
        for name, value in {name: value for name, value in CHELSEA.items() if value}.items():
            page.fill(f"[name={name}]", value)
        page.get_by_role("button", name="Send my letter").click()
        page.wait_for_url("**/receipts/**")
        page.goto(f"{home}_mail/")
        while page.get_by_role("listitem").count() < 3:  # both letters and the receipt are on their way
            page.reload()
        save(page, "mailbox")
        browser.close()


def save(page: Page, name: str) -> None:
    """As a PNG of 128 colors: people read the README on phones."""
    shot = Image.open(io.BytesIO(page.screenshot()))
    FOLDER.mkdir(exist_ok=True)
    shot.quantize(128).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
