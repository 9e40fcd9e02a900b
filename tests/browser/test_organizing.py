"""An organizer's story, from an empty folder: a list, two thousand people, an attack, the desk, a page for a lobby day,
and testimony before and after its deadline. The relay is a process of its own, and sends nothing outside."""

import asyncio
import csv
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from socket import create_server
from typing import Any, Final

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from relay.assembly import open_outbox
from relay.letters.circumstances import Circumstances
from tests.browser.conftest import ROOT
from tests.samples.letters import letters, submission
from tests.samples.people import IN_CHELSEA
from tests.samples.settings import SECRET_KEY, store_settings
from tests.samples.two_letters import HEARING, STANCES, THANKS
from tests.samples.webhook_receiver import SECRET, Receiver, open_receiver
from tests.site.conftest import GOOD

pytestmark = pytest.mark.matrix
PATIENCE: Final = 60.0  # seconds
ORGANIZER: Final = "lead@organizers.example"
PEOPLE, INVENTED, FORGERS = 1_900, 60, 40
ALIKE: Final = FORGERS - 3  # the first three share their words with too few
JOIN: Final = "join: {text: Send me news, privacy: https://org.example/privacy}\n"


@dataclass
class Place:
    """The folder of a site, and its relay."""

    folder: Path
    url: str
    receiver: Receiver

    def post(self, slug: str, **fields: str) -> httpx2.Response:
        form = {"first_name": "Ana", "last_name": "Silva", "email": "ana@mail.example", **IN_CHELSEA, **fields}
        return httpx2.post(f"{self.url}/campaigns/{slug}/letters", data=form, headers={"Origin": self.url})

    def link(self, mailbox: str, pattern: str) -> str:
        """The path of the newest link in mail to somebody; waits until it has arrived."""
        mails, deadline = self.folder / "var/mail", time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for path in sorted(mails.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True):
                message: Any = message_from_bytes(path.read_bytes(), policy=policy.default)
                if mailbox in str(message["To"]) and (found := re.search(pattern, message.get_content())):
                    return found[0]
        raise AssertionError(f"no mail to {mailbox}")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("organizing") / "my-site"
    run(folder.parent, "init", folder.name)
    campaigns = folder / "content/campaigns"
    for starter in campaigns.iterdir():
        starter.unlink()
    keys = f"organiser: {ORGANIZER}\nthanks_subject: Thank you\n{JOIN}"
    campaigns.joinpath("good.md").write_text(GOOD.replace("subject: A", f"{keys}subject: A") + THANKS)
    campaigns.joinpath("good.stances.csv").write_text(STANCES)
    for name, moment in (("heard", "2099-03-12 17:00"), ("late", "2025-03-12 17:00")):
        text = GOOD.replace("recipients: [senator, representative]\n", HEARING.format(moment=moment))
        campaigns.joinpath(f"{name}.md").write_text(text)
    run(folder, "build")
    with open_receiver() as receiver, serving(folder, receiver) as url:
        yield Place(folder, url, receiver)


def environment(**given: str) -> dict[str, str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith("BEACONPOST_")}
    return mine | {"PYTHONPATH": str(ROOT)} | {f"BEACONPOST_{name}": value for name, value in given.items()}


def run(folder: Path, *words: str, **given: str) -> str:
    command = [sys.executable, "-m", "relay.cli", *words]
    done = subprocess.run(command, cwd=folder, env=environment(**given), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def serving(folder: Path, receiver: Receiver) -> Iterator[str]:
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = environment(
        CAMPAIGNS="output/campaigns.json", SECRET_KEYS=SECRET_KEY.decode(),
        WEBHOOK_URL=receiver.url, WEBHOOK_SECRET=SECRET, TRUST_ROSTER="2099-01-01",
        RECIPIENT_DOMAINS="malegislature.gov,masenate.gov,mahouse.gov",
    )  # fmt: skip
    command = [sys.executable, "-m", "relay.cli", "relay", "--port", str(port)]
    with subprocess.Popen(command, cwd=folder, env=settings, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        assert any("taking posts at" in line for line in process.stderr)
        yield f"http://127.0.0.1:{port}"
        process.terminate()


async def write(folder: Path) -> None:
    """Two thousand people, a hundred of them invented: some with mail domains that take no mail, some with one text."""
    # Their letters are another mail server's to send: what is mailed here need not wait for them.
    outbox = await open_outbox(store_settings(f"sqlite:///{folder / 'var/beaconpost.db'}"))
    now = datetime.now(UTC) - timedelta(minutes=30)

    async def send(number: int, **how: Any) -> None:  # noqa: ANN401
        post = submission(number, campaign="good", own_words=bool(number % 3), at=now)
        where = Circumstances(address=f"2001:db8:{number:x}::", **how)
        addressed = letters(post)
        await outbox.accept(post, addressed, None, "suspicious", None, where)

    for first in range(0, PEOPLE, 100):
        await asyncio.gather(*(send(number) for number in range(first, first + 100)))
    for number in range(PEOPLE, PEOPLE + INVENTED):
        await send(number, takes_mail=False)
    for number in range(PEOPLE + INVENTED, PEOPLE + INVENTED + FORGERS):
        await send(number, takes_mail=False, phrases=("of one hand", "with many names", "and one text"))
    await outbox.close()


def fits(page: Page) -> bool:
    """Whether nothing is cut off or has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_the_story(place: Place, browser: Browser) -> None:
    with ThreadPoolExecutor() as thread:  # Playwright's own event loop runs in this one
        thread.submit(asyncio.run, write(place.folder)).result()
    page = browser.new_page(base_url=place.url, viewport={"width": 360, "height": 740})

    # Ana ticks the box, and says yes by mail; the organization's own program has her.
    assert place.post("good", join_list="1").status_code == 303
    page.goto(place.link("ana@mail.example", r"/letters/confirm/\S+"))
    expect(page.get_by_text("Send me news", exact=True)).to_be_visible()
    page.get_by_role("button", name="Yes, send me news").click()
    expect(page.get_by_role("button", name="Take me off the list")).to_be_visible()
    assert place.receiver.arrived.wait(30)
    assert [person["email"] for person in place.receiver.people.values()] == ["ana@mail.example"]

    # Bo does, too, while nobody listens: the list is exported by hand.
    place.receiver.answers = [503] * 100
    assert place.post("good", join_list="1", first_name="Bo", email="bo@mail.example").status_code == 303
    page.goto(place.link("bo@mail.example", r"/letters/confirm/\S+"))
    page.get_by_role("button", name="Yes, send me news").click()
    expect(page.get_by_role("button", name="Take me off the list")).to_be_visible()
    table = run(place.folder, "export", "good", "--list", SECRET_KEYS=SECRET_KEY.decode())
    assert [row["email"] for row in csv.DictReader(table.splitlines())] == ["bo@mail.example"]

    # The organizer comes in by a mailed link.
    page.goto("/desk")
    page.get_by_label("Email").fill(ORGANIZER)
    page.get_by_role("button", name="Mail me the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your mailbox")
    page.goto(place.link(ORGANIZER, r"/desk/enter/\S+"))
    page.get_by_role("button", name="Open the desk").click()
    page.get_by_role("link", name="A campaign").click()
    expect(page.get_by_text("People who have written:")).to_contain_text(f"{PEOPLE + 2:,}")
    assert page.locator("rect").count() >= 1
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert fits(page)

    # One burst is read and sent, the other cancelled.
    bursts = page.locator("section.problem")
    expect(bursts).to_have_count(2)
    bursts.filter(has_text=f"people: {INVENTED + 3}").get_by_role("button", name="Send them all").click()
    expect(page.get_by_role("status")).to_contain_text(f"Sent on their way, people: {INVENTED + 3}")
    page.locator("section.problem").get_by_role("button", name="Cancel them all").click()
    expect(page.get_by_role("status")).to_contain_text(f"Cancelled, people: {ALIKE}")
    expect(page.locator("section.problem")).to_have_count(0)

    # A page for each office, to print.
    page.get_by_role("link", name="Judith").first.click()
    expect(page.get_by_text("Constituents who wrote:")).to_be_visible()
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert fits(page)
    page.context.close()

    # Testimony is taken until its deadline, and not after it.
    taken = place.post("heard")
    assert taken.status_code == 303
    pdf = httpx2.get(f"{place.url}{taken.headers['location']}/testimony.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert place.post("late").status_code == 409
