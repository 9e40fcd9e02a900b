"""One invented person goes through everything that can happen to a letter; then her words are found nowhere."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from relay.app import open_relay
from relay.assembly import open_outbox
from relay.keys.signing import Keys
from relay.outbox import LetterFilter, Outbox
from relay.settings import Settings
from relay.web.report_page import sign_link
from relay.web.services import Discretion
from tests.books import SQLITE, open_books
from tests.contract.delivery.peers import open_peer
from tests.contract.web.walk import Mailroom
from tests.samples.bounces import dsn
from tests.samples.campaigns import campaign, publish
from tests.samples.people import IN_BOSTON, IN_CHELSEA
from tests.samples.settings import BROWSER, JSON, OPERATOR, RELAY_URL, SECRET_KEY, relay_settings, store_settings

pytestmark = pytest.mark.anyio

DAY: Final = timedelta(days=1)
ORGANIZER: Final = "organizer@campaign.example"
SECRET: Final = "s" * 32
CANARY: Final = IN_BOSTON | {
    "street": "24 Beacon St Apt QZX9",
    "first_name": "Quillonia",
    "last_name": "Zebrowska",
    "email": "qz.canary@kestrelmail.example",
    "phone": "617 555 0147",
    "subject": "Quokkas for the harbor",
    "message": "Dear [Legislator],\n\nmy xylocanary lives at [Your Address].\n\n[First Name] [Last Name], [Email]",
    "disclose": "full",
    "public_name": "1",
}
WORDS: Final = (
    "Quillonia", "Zebrowska", "qz.canary", "kestrelmail", "QZX9", "555 0147", "Quokkas", "xylocanary",
)  # fmt: skip
# A server that repeats what it was given, as some do.
QUOTING: Final = "Quillonia Zebrowska <qz.canary@kestrelmail.example> my xylocanary lives at 24 Beacon St Apt QZX9"


@dataclass
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Visits:
    """What was asked and answered."""

    client: httpx2.AsyncClient
    urls: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    async def ask(self, method: str, path: str, data: dict[str, str] | None = None, **headers: str) -> httpx2.Response:
        response = await self.client.request(method, path, data=data, headers=headers)
        self.urls += [str(response.request.url), *map(str, response.headers.multi_items())]
        return response

    async def write(self, **changed: str) -> str:
        """The path of the receipt."""
        response = await self.ask("POST", "/campaigns/harbor/letters", CANARY | changed)
        assert response.status_code == 303, response.text
        return response.headers["Location"]

    def mailed(self, receipt: str) -> str:
        return f"/letters/confirm/{self.tokens[self.tokens.index(receipt.rpartition('/')[2]) + 1]}"


@asynccontextmanager
async def visiting(settings: Settings, clock: Clock) -> AsyncIterator[Visits]:
    tokens: list[str] = []

    def token() -> str:
        tokens.append(f"token-{len(tokens):030d}")
        return tokens[-1]

    async with open_relay(settings, discretion=Discretion(timedelta(0), 1), clock=clock, token=token) as app:
        transport = httpx2.ASGITransport(app, client=("203.0.113.7", 50_000))
        async with httpx2.AsyncClient(transport=transport, base_url=RELAY_URL, headers=BROWSER) as client:
            yield Visits(client, tokens=tokens)


async def until_idle(outbox: Outbox, clock: Clock) -> None:
    """Wait, without an event for it, until everything that is due was tried, except what a pause holds back."""
    async with asyncio.timeout(60):
        while not await is_idle(outbox, clock.now):
            pass


async def is_idle(outbox: Outbox, now: datetime) -> bool:
    paused = {pause.name for pause in await outbox.pauses()}
    lines = await outbox.list_letters(LetterFilter(), 1_000)
    return not any(
        line.status == "sending"
        or (line.status == "queued" and line.due and line.due <= now and line.domain not in paused)
        for line in lines
    )


def found_in(folder: Path) -> set[tuple[str, str]]:
    """Files and the words in them."""
    found = set()
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # a socket, or a file that the database has just removed
            content = path.read_bytes() if path.is_file() else b""
            found |= {(path.name, word) for word in WORDS if word.encode() in content}
    return found


def read_all(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def data_folder(store: str, tmp_path: Path) -> Path:
    return tmp_path if store.startswith(SQLITE) else Path(parse_qs(urlsplit(store).query)["host"][0])


async def live_through(visits: Visits, outbox: Outbox, server: Mailroom, clock: Clock) -> list[str]:
    """Every route, failure, retry, bounce, denial and erasure. Returns what operators and organizers were shown."""
    where = {name: CANARY[name] for name in ("street", "city", "zip")}
    await visits.ask("POST", "/campaigns/harbor/legislators", where, **JSON)
    await visits.ask("POST", "/campaigns/harbor/call", where)
    await visits.ask("POST", "/campaigns/harbor/letters", CANARY | {"zip": "0"})
    await visits.ask("POST", "/campaigns/harbor/letters", CANARY | {"message": CANARY["message"] * 2_000})
    await visits.ask("POST", "/campaigns/harbor/letters", CANARY, Origin="https://elsewhere.example")
    await visits.ask("POST", "/campaigns/nowhere/letters", CANARY)
    server.at_rcpt = f"451 4.7.1 {QUOTING}"
    await visits.write()
    await until_idle(outbox, clock)
    server.at_rcpt = f"550 5.7.1 {QUOTING}"
    clock.now += timedelta(hours=1)
    await outbox.retry(LetterFilter(status="queued"), clock.now)
    await visits.write(
        email="qz.canary@kestrelmail.example", message="Other words of my xylocanary"
    )  # wakes the worker
    await until_idle(outbox, clock)
    shown = []
    for pause in await outbox.pauses():
        shown.append(str(pause))
        await outbox.resume("domain", pause.name)
    server.at_rcpt = f"550 5.1.1 {QUOTING}"
    clock.now += timedelta(hours=3)
    await outbox.retry(LetterFilter(status="queued"), clock.now)
    await visits.write(email="qz.canary+2@kestrelmail.example", **IN_CHELSEA | {"street": "24 Broadway Apt QZX9"})
    await until_idle(outbox, clock)
    shown += [str(suppression) for suppression in await outbox.suppressions()]
    server.at_rcpt = None
    held = await visits.write(website="filled in by a robot", message="my third xylocanary")
    await visits.ask("GET", visits.mailed(held))
    await visits.ask("POST", visits.mailed(held), {"action": "confirm"})
    denied = await visits.write(message="my fourth xylocanary")
    await visits.ask("POST", visits.mailed(denied), {"action": "deny"})
    erased = await visits.write(message="my fifth xylocanary")
    await visits.ask("GET", erased)
    await visits.ask("POST", erased, {"action": "withdraw"})
    await visits.ask("POST", erased, {"action": "erase"})
    await outbox.unsuppress("judith.garcia@mahouse.gov", clock.now)
    await outbox.retry(LetterFilter(), clock.now)
    await visits.write(message="my sixth xylocanary")
    await until_idle(outbox, clock)
    for envelope in list(server.got):
        bounce = f"X-Original-To: {envelope.mail_from}\r\n".encode() + dsn("failed", "5.2.2", f"smtp; 552 {QUOTING}")
        headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "message/rfc822"}
        await visits.client.post("/bounces", content=bounce, headers=headers)
    link = sign_link(Keys([SECRET_KEY]), "", "harbor", datetime.now(UTC) + 60 * DAY)
    for path in ("/readyz", "/metrics"):
        shown.append((await visits.client.get(path, headers=OPERATOR)).text)
    report = (await visits.client.get(link)).text
    shown.append(
        report.replace(f"<bdi>{CANARY['first_name']}</bdi>", "")
    )  # the public name that she ticked the box for
    for line in await outbox.list_letters(LetterFilter(), 1_000):
        shown += [str(line), *map(str, await outbox.list_attempts(line.id))]
    return shown


async def test_her_words_are_found_nowhere(store: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    publish(tmp_path, campaign(slug="harbor", organiser=ORGANIZER))
    server = Mailroom()
    clock = Clock(datetime.now(UTC))
    async with open_peer(peer=server) as peer:
        settings = relay_settings(
            tmp_path, database=store_settings(store).database, smtp=peer.server(), bounce_secret=SECRET,
            bounce_domain="bounces.campaign.example", sender="letters@campaign.example",
        )  # fmt: skip
        async with visiting(settings, clock) as visits:
            outbox = await open_outbox(settings)
            shown = await live_through(visits, outbox, server, clock)
            names = await visits.ask("GET", "/campaigns/harbor/participants")
            assert "Quillonia" in names.text  # she ticked the box
        in_offices_mail = [envelope for envelope in server.got if b"xylocanary" in (envelope.original_content or b"")]
        assert in_offices_mail  # it went where it was to go
        files = data_folder(store, tmp_path)
        assert found_in(files) == set()  # sealed, from the first byte on
        theirs = ("mail.log", "httpx2")  # the test's own mail server and browser
        logged = [record.getMessage() for record in caplog.records if record.name not in theirs]
        assert any("Refused" in line for line in logged)
        alerts = [envelope for envelope in server.got if ORGANIZER in envelope.rcpt_tos]
        said = "\n".join([*shown, *visits.urls, *[str(alert.original_content) for alert in alerts], *logged])
        assert [word for word in WORDS if word in said] == []
        sealed = await all_sealed(store)
        assert len(sealed) > 8
        clock.now += 31 * DAY
        await outbox.forget(clock.now, 7 * DAY)
        await outbox.forget_campaign("harbor")
        assert await all_sealed(store) == []
        await outbox.close()
    if store.startswith(SQLITE):
        left = read_all(tmp_path)
        assert [text for text in sealed if text in left] == []
    assert found_in(files) == set()


async def all_sealed(store: str) -> list[bytes]:
    """Of every person, letter and public name."""
    async with open_books(store) as books:
        tables = [
            await books.read(f"SELECT sealed FROM {table} WHERE length(sealed) > 0")  # noqa: S608
            for table in ("submissions", "letters", "participants")
        ]
    return [row[0] for table in tables for row in table]


async def test_captured_letters_are_erased_like_the_rest(tmp_path: Path) -> None:
    publish(tmp_path, campaign(slug="harbor", organiser=ORGANIZER))
    settings = relay_settings(tmp_path)
    clock = Clock(datetime.now(UTC))
    async with visiting(settings, clock) as visits:
        outbox = await open_outbox(settings)
        await visits.write()
        await until_idle(outbox, clock)
        await outbox.close()
    captured = list(settings.mail_folder.glob("*.eml"))
    assert len(captured) == 3
    assert {path.stat().st_mode & 0o777 for path in captured} == {0o600}
    clock.now += 8 * DAY
    async with visiting(settings, clock) as visits:
        async with asyncio.timeout(60):
            while await asyncio.to_thread(found_in, settings.mail_folder):
                pass
    assert found_in(settings.mail_folder) == set()
