"""Every status in docs/openapi.yaml is one that the relay gives, with the content described; each is provoked here."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import httpx2
import pytest

from relay.app import open_relay
from relay.assembly import open_outbox
from relay.forms import MAX_BODY
from relay.keys.signing import Keys
from relay.mail.providers.events import MAX_EVENT
from tests.contract.web.client import draw_token, mailed_link
from tests.contract.web.description import API, described_statuses, described_types
from tests.fuzz.requests import BOUNCE_SECRET, FORM
from tests.fuzz.target import ORGANIZER, VERP, CountingTransport, event_code, open_target, report_key
from tests.samples.bounces import dsn
from tests.samples.people import CHELSEA, GAP
from tests.samples.provider_events import basic, postmark
from tests.samples.settings import BROWSER, JSON, OPERATOR, RELAY_URL, SECRET_KEY, relay_settings

pytestmark = pytest.mark.anyio
TOO_SLOW: Final = 408  # takes two minutes
PAGE: Final = {"Accept": "text/html"}
WITHOUT_STORE: Final = ("call", "legislators", "preview", "{code}")  # these need the manifest, and nothing else
TESTIMONY: Final = "heard"  # the only campaign with a PDF
SLUGS: Final = {404: "unknown", 409: "closed", 410: "withdrawn"}
BODIES: Final = {400: b"x=1&" * 300, 413: b"x" * (MAX_BODY + 1), 422: b"city=" + b"x" * 61}
HEADERS: Final = {
    304: {"If-None-Match": "*"},
    401: {"Authorization": "Bearer guess"},
    403: {"Origin": "https://troll.example"},
    415: {"Content-Type": "text/plain"},
}
ANSWERS: Final = [
    pytest.param(path, method, status, id=f"{method} {path} {status}")
    for (path, method), statuses in described_statuses().items()
    for status in sorted(statuses - {TOO_SLOW})
]


@asynccontextmanager
async def open_client(folder: Path, *, manifest: bool = True) -> AsyncIterator[httpx2.AsyncClient]:
    """A visitor of a relay that has campaigns in every state, or no manifest at all."""
    # No worker: it would not stop while it cannot record what it sent.
    opened = open_target(folder, CountingTransport(), draw_token, with_worker=False)
    async with opened if manifest else open_relay(relay_settings(folder)) as app:
        transport = httpx2.ASGITransport(app, client=("203.0.113.7", 50000))
        async with httpx2.AsyncClient(transport=transport, base_url=RELAY_URL, headers=BROWSER) as client:
            yield client


def erase_token() -> str:
    """For a mailbox of which nothing is kept."""
    return Keys([SECRET_KEY]).sign("erase mailbox", f"{'00' * 32} {'00' * 32}", datetime.now(UTC) + timedelta(days=1))


async def sign_in(folder: Path, path: str, status: int) -> tuple[str, dict[str, str]]:
    """The path of something at an organizer's desk, and the cookie of who sits there."""
    outbox = await open_outbox(relay_settings(folder))
    organizer = outbox.hash("organizer", ORGANIZER).hex()
    await outbox.close()
    now, keys = datetime.now(UTC), Keys([SECRET_KEY])
    session = keys.sign("desk session", organizer, now + timedelta(hours=1))
    if status != 404:
        path = path.replace("{token}", keys.sign("desk link", organizer, now + timedelta(hours=1)))
    path = path.replace("{slug}", "open-libraries").replace("{chamber}", "senate")
    path = path.replace("{table}", "people" if status == 404 else "days")
    district = "Nowhere" if status == 404 else "Middlesex and Suffolk"
    return path.replace("{district}", district), {} if status == 303 and path != "/desk" else {
        "Cookie": f"desk={session}"
    }


def break_store(folder: Path) -> None:
    """As a disk would that lost a page."""
    with sqlite3.connect(folder / "beaconpost.db") as store:
        for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if not name.startswith("sqlite_"):
                store.execute(f"ALTER TABLE {name} RENAME TO lost_{name}")
    store.close()


async def request_for(folder: Path, client: httpx2.AsyncClient, path: str, method: str, status: int) -> dict[str, Any]:
    """What to send for this status."""
    slug, body = (
        SLUGS.get(status, TESTIMONY if path.endswith(".pdf") else "open-libraries"),
        BODIES.get(status, b"action=erase"),
    )
    headers = {"Content-Type": FORM.decode()} | OPERATOR
    if path.startswith("/desk"):
        path, cookie = await sign_in(folder, path, status)
        headers |= cookie
        if path == "/desk":
            typed = {422: b"email=ana", 303: b"action=leave", 503: b"action=stop"}
            body = BODIES.get(status, typed.get(status, b"email=ana@mail.example")) if status != 422 else b"email=ana"
        elif status not in BODIES:
            body = b"action=test"
    if path.startswith("/letters/confirm"):
        body = body.replace(b"erase", b"deny")
    if path == "/letters/erase" and status in (200, 429):
        body = b"email=ana@mail.example"
    if path == "/letters/erase" and status == 422:
        body = b"email=ana"
    if path.startswith("/letters/erase/") and status != 404:
        path = path.replace("{token}", erase_token())
    elif "{token}" in path and status != 404:
        receipt = (await client.post(f"/campaigns/{slug}/letters", data=CHELSEA)).headers["location"]
        path = mailed_link(receipt) if "confirm" in path else path.replace("/receipts/{token}", receipt)
    elif path.endswith(("letters", "legislators", "preview", "call")) and status not in BODIES:
        body = urlencode(GAP if status == 200 and not path.endswith("preview") else CHELSEA).encode()
    elif path == "/bounces":
        letter = f"X-Original-To: {VERP.write('0' * 32)}\r\n".encode()
        headers = {"Content-Type": "message/rfc822", "Authorization": f"Bearer {BOUNCE_SECRET}"}
        body = letter + dsn("failed", "5.1.1")
    elif path == "/bounces/{provider}":
        path = f"/bounces/{'postmark' if status != 404 else 'mailgun'}"
        headers = {"Content-Type": "application/json", "Authorization": basic(BOUNCE_SECRET)}
        known = {"letter": VERP.codes.write("0" * 32)}
        body = {400: b"{}", 413: b"x" * (MAX_EVENT + 1)}.get(status, postmark("HardBounce", Metadata=known))
    elif path.startswith("/theme"):
        path = f"/theme/{'site.css' if status != 404 else 'missing.css'}"
    elif path.startswith("/reports") and method == "POST" and status in (303, 503):
        body = b"participant=unknown"
    url = path.replace("{slug}", slug).replace("{token}", "unknown").replace("{code}", event_code(slug))
    if path.startswith("/reports") and status != 404:
        url += f"?key={report_key(slug)}"
    return {"method": method, "url": url, "content": body, "headers": headers | HEADERS.get(status, {})}


@pytest.mark.parametrize(("path", "method", "status"), ANSWERS)
async def test_a_described_status_is_given_as_described(tmp_path: Path, path: str, method: str, status: int) -> None:
    has_manifest = status != 503 or not path.endswith(WITHOUT_STORE)
    async with open_client(tmp_path, manifest=has_manifest) as client:
        request = await request_for(tmp_path, client, path, method, status)
        if status == 503 and has_manifest:
            break_store(tmp_path)
        for accept in (PAGE, JSON):
            if path.endswith("letters") and (status, accept) in ((202, PAGE), (303, JSON)):
                continue
            response = await client.request(**request | {"headers": request["headers"] | accept})
            while status == 429 and response.status_code != 429:
                response = await client.request(**request)
            assert response.status_code == status
            API[path][method].validate_response(response)
            kind = response.headers.get("content-type", "").partition(";")[0]
            assert {kind, "*/*"} & described_types(path, method, status) or not response.content
            if accept == JSON and status >= 400 and not (path.endswith("call") and status == 422):
                assert "html" not in response.headers["content-type"]
