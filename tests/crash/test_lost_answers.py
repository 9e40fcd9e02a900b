"""The relay accepts, its answer is lost, and whoever sends again gets the answer and no second letter."""

import asyncio
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit

import httpx2
import pytest

from tests.books import Books, open_books
from tests.crash.processes import PATH, Running, open_relay
from tests.samples.people import form_of
from tests.samples.settings import BROWSER, JSON

pytestmark = pytest.mark.anyio

FORM: Final = form_of(1) | {"idempotency_key": "c2FtcGxlIGtleSBvZiBhIGxldHRlcg"}
NO_MAIL: Final = 1  # a port that nobody listens on: no worker runs


async def post_and_hang_up(relay: Running) -> None:
    """As a phone does that loses its signal after Send: the whole form leaves, no answer is read."""
    body = urlencode(FORM).encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: {urlsplit(relay.url).netloc}\r\nAccept: application/json\r\n"
        f"Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    _, writer = await asyncio.open_connection("127.0.0.1", urlsplit(relay.url).port)
    writer.write(head.encode() + body)
    await writer.drain()
    writer.close()


async def until_stored(books: Books) -> None:
    async with asyncio.timeout(60):
        while await books.read("SELECT count(*) FROM submissions") == [(0,)]:  # noqa: ASYNC110
            await asyncio.sleep(0)


async def send_again(relay: Running, client: httpx2.AsyncClient) -> str:
    """The receipt."""
    answer = await client.post(relay.url + PATH, data=FORM, headers=JSON)
    assert answer.status_code == 202, answer.text
    page = await client.get(answer.json()["receipt"])
    assert page.status_code == 200
    assert FORM["email"] in page.text
    return str(answer.json()["receipt"])


async def test_a_connection_cut_after_the_post_costs_no_receipt_and_no_second_letter(
    tmp_path: Path, store: str
) -> None:
    async with (
        httpx2.AsyncClient(headers=BROWSER) as client,
        open_relay(tmp_path, store, NO_MAIL, "--no-worker") as relay,
        open_books(store) as books,
    ):
        await post_and_hang_up(relay)
        await until_stored(books)
        letters = await books.read("SELECT id FROM letters ORDER BY number")
        receipts = {await send_again(relay, client) for _ in range(3)}
        assert len(receipts) == 3
        assert await books.read("SELECT id FROM letters ORDER BY number") == letters
        assert await books.read("SELECT count(*) FROM submissions") == [(1,)]


async def test_a_relay_killed_before_its_answer_arrives_gives_it_after_the_restart(tmp_path: Path, store: str) -> None:
    async with open_books(store) as books, httpx2.AsyncClient(headers=BROWSER) as client:
        async with open_relay(tmp_path, store, NO_MAIL, "--no-worker") as relay:
            await post_and_hang_up(relay)
            await until_stored(books)
            await relay.kill()
        letters = await books.read("SELECT id FROM letters ORDER BY number")
        async with open_relay(tmp_path, store, NO_MAIL, "--no-worker") as relay:
            await send_again(relay, client)
        assert await books.read("SELECT id FROM letters ORDER BY number") == letters
        assert await books.read("SELECT count(*) FROM submissions") == [(1,)]
