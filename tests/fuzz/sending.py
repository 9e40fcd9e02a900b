"""Send a request to the relay: within the process, as uvicorn hands it on, or as bytes over a loopback socket."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any, Final
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

from relay.web.serving import listen, serve
from tests.fuzz.mutations import damage
from tests.fuzz.requests import Request

PATIENCE: Final = 1.0  # seconds for a relay that waits for the rest of a request
CHUNK: Final = 16 * 1024
LAST: Final = b"GET /healthz HTTP/1.1\r\nHost: relay.example\r\nConnection: close\r\n\r\n"
STATUS_LINE: Final = re.compile(rb"^HTTP/1\.1 (\d{3}) ", re.MULTILINE)


async def call(app: ASGIApp, request: Request, *, hangs_up: bool) -> int:
    """The response's status; 0 if the client hung up in the middle of its body and got none."""
    body, statuses, more = request.content, list[int](), False
    chunks = [body[start : start + CHUNK] for start in range(0, len(body), CHUNK)] or [b""]
    if hangs_up:
        chunks = chunks[: len(chunks) // 2]
    position = 0

    async def receive() -> Message:
        nonlocal position
        position += 1
        if position > len(chunks):
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": chunks[position - 1], "more_body": hangs_up or position < len(chunks)}

    async def send(message: Message) -> None:
        nonlocal more
        if message["type"] == "http.response.start":
            statuses.append(message["status"])
        more = message["type"] == "http.response.start" or message.get("more_body", False)

    await app(_scope(request), receive, send)
    if more or len(statuses) > 1:
        return 500  # a response without an end, or two of them
    return statuses[0] if statuses else 0


def _scope(request: Request) -> dict[str, Any]:
    headers = [(name.lower(), value) for name, value in request.headers]
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "root_path": "",
        "method": request.method, "path": unquote(request.path.decode("ascii", "replace")), "raw_path": request.path,
        "query_string": request.query, "headers": headers, "state": {}, "server": ("127.0.0.1", 80),
        "client": None if request.source is None else (request.source, 50000),
    }  # fmt: skip


@asynccontextmanager
async def listening(app: ASGIApp) -> AsyncIterator[int]:
    """Serve on a free port of loopback, as `beaconpost relay` does."""
    started = asyncio.Event()
    with listen("127.0.0.1", 0) as listener:
        task = asyncio.create_task(serve(app, listener, proxy="127.0.0.1", ready=started.set))
        await started.wait()
        try:
            yield listener.getsockname()[1]
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            await task


async def send_raw(port: int, request: Request, random: Random) -> list[int]:
    """The statuses of all responses to a damaged request and to a sound one behind it."""
    data = request.on_the_wire()
    if random.random() < 0.7:
        head, _, body = data.partition(b"\r\n\r\n")
        data = damage(random, bytearray(head)) + b"\r\n\r\n" + body
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    received = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            writer.write(data + LAST)
            while chunk := await reader.read(65536):
                received += chunk
    except (TimeoutError, ConnectionError):
        pass
    finally:
        writer.transport.abort()
    return [int(status) for status in STATUS_LINE.findall(received)]
