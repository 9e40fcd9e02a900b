"""The real `beaconpost relay` and `worker` as processes that a test may kill, and people who post to the relay."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.samples.campaigns import publish
from tests.samples.letters import SENDER
from tests.samples.people import form_of
from tests.samples.settings import JSON, SECRET_KEY

PATH = "/campaigns/open-libraries/letters"


@dataclass
class Running:
    """A relay process."""

    process: asyncio.subprocess.Process
    url: str  # where it accepts posts

    async def post(self, client: httpx2.AsyncClient, person: int) -> str | None:
        """Write as person number `person`. Return their email address if the relay accepted, None if it died first or
        could not store the post."""
        form = form_of(person)
        try:
            response = await client.post(self.url + PATH, data=form, headers=JSON)
        except httpx2.TransportError:
            return None
        if response.status_code == 503:
            return None
        assert response.status_code == 202, response.text
        return form["email"]

    async def kill(self) -> None:
        """Kill it as a power cut would: no handler runs."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()


@asynccontextmanager
async def open_worker(folder: Path, store: str, smtp_port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start `beaconpost worker` on the letters in `store`, named as in BEACONPOST_DATABASE."""
    process = await _start(folder, store, smtp_port, "http://127.0.0.1:1", "worker")
    async with _ending(process, b"sending queued letters"):
        yield process


@asynccontextmanager
async def open_relay(
    folder: Path, store: str, smtp_port: int, *options: str, said: bytearray | None = None
) -> AsyncIterator[Running]:
    """Start `beaconpost relay` in `folder` against the mail server on that port of this machine.

    store: as BEACONPOST_DATABASE. said: gets what it logged, once it has ended.
    """
    if not (folder / "campaigns.json").exists():
        publish(folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    process = await _start(folder, store, smtp_port, url, "relay", "--port", str(port), *options)
    async with _ending(process, b"taking posts at", said):
        yield Running(process, url)


@asynccontextmanager
async def _ending(
    process: asyncio.subprocess.Process, ready: bytes, said: bytearray | None = None
) -> AsyncIterator[None]:
    """Enter once the process has logged `ready`; at the end ask it to stop and wait for it."""
    assert process.stderr is not None
    logged = b""
    while ready not in logged:
        async with asyncio.timeout(60):
            line = await process.stderr.readline()
        logged += line
        if not line:
            await process.wait()
            raise AssertionError(f"the process did not start: {logged.decode()}")
    drain = asyncio.create_task(process.stderr.read())
    try:
        yield
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
        rest = await drain
        if said is not None:
            said += logged + rest


async def _start(folder: Path, store: str, smtp_port: int, url: str, *command: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "relay.cli", *command),
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "BEACONPOST_CAMPAIGNS": "campaigns.json",
            "BEACONPOST_DATABASE": store,
            "BEACONPOST_SECRET_KEYS": SECRET_KEY.decode(),
            "BEACONPOST_SMTP_URL": f"smtp://localhost:{smtp_port}?tls=none",
            "BEACONPOST_FROM": SENDER.address,
            "BEACONPOST_BOUNCE_DOMAIN": "bounces.campaign.example",
            "BEACONPOST_RELAY_URL": url,
            "BEACONPOST_TRUST_ROSTER": "9999-12-31",  # the shipped roster's term will end
        },
        stderr=asyncio.subprocess.PIPE,
    )
