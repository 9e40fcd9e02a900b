"""`beaconpost dev`: the site, relay, worker and a captured mailbox in one process. Nothing leaves the machine."""

import asyncio
import shutil
import sys
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from errno import EEXIST
from functools import partial
from pathlib import Path
from secrets import token_urlsafe
from socket import socket
from typing import Final
from urllib.request import Request, urlopen

from starlette.requests import Request as Asked
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from relay.app import open_relay
from relay.dev_site import SITE, Preview
from relay.dev_test_letter import PATH, TestLetters
from relay.mail.smtp import SmtpTransport
from relay.mailbox import open_mailbox
from relay.settings import Settings, SmtpServer, load
from relay.web.services import Discretion
from relay.web.serving import listen, serve
from theme.manifest import MANIFEST_NAME

DATABASE: Final = "beaconpost.db"
KEY: Final = "secret.key"
RETURN_TRIES: Final = 30
RETURN_PAUSE: Final = 0.5  # seconds
BOUNCE_DOMAIN: Final = "bounces.localhost"
TRANSPORT_NAME: Final = "mailbox"  # no other transport sends letters accepted under this name, so no office gets them


def run(host: str, port: int, content: Path, folder: Path) -> int:
    """Serve until Ctrl-C. Returns the exit status."""
    try:
        start_fresh(folder)
    except OSError as error:
        print(f"beaconpost dev: {error.filename or folder}: {error.strerror}; --folder names another", file=sys.stderr)
        return 1
    try:
        listener = listen(host, port)
    except OSError as error:
        print(f"beaconpost dev: {host} port {port}: {error.strerror}; --port 0 picks a free port", file=sys.stderr)
        return 1
    with listener:
        return asyncio.run(_serve(listener, host, content, folder))


def make_settings(url: str, folder: Path) -> Settings:
    """Whatever the environment says."""
    return replace(
        load({}),
        campaigns=str(folder / SITE / MANIFEST_NAME),
        database=folder / DATABASE,
        secret_file=folder / KEY,  # beside the database: nothing in it is real
        site_url=url,
        relay_url=url,
        bounce_domain=BOUNCE_DOMAIN,
        bounce_secret=token_urlsafe(32),
    )


def start_fresh(folder: Path) -> None:
    """Forget what an earlier run stored: its mailbox is gone, and the same letter would be a repeat. Raises OSError,
    also if the database there may be a relay's, whose key lies elsewhere."""
    database, is_own = folder / DATABASE, (folder / KEY).exists()
    if is_own and not (folder / SITE / MANIFEST_NAME).is_file():  # half a site, of a run that was killed
        shutil.rmtree(folder / SITE, ignore_errors=True)
    (folder / SITE).mkdir(parents=True, exist_ok=True)
    if database.exists() and not is_own:
        raise FileExistsError(EEXIST, "this database is a relay's, and dev would empty it", str(database))
    for path in folder.glob(f"{DATABASE}*"):
        path.unlink()


async def _serve(listener: socket, host: str, content: Path, folder: Path) -> int:
    url = _url(host, listener.getsockname()[1])
    preview = Preview(content, folder)
    await preview.build()
    settings = make_settings(url, folder)
    async with AsyncExitStack() as stack:
        mailbox = await stack.enter_async_context(open_mailbox())
        mailbox.give_back = Returning(settings).start
        transport = SmtpTransport(SmtpServer("127.0.0.1", mailbox.port, "", "", "none"), TRANSPORT_NAME)
        routes = [*mailbox.routes, Route("/_mail", _to_mailbox), *TestLetters(preview.site, url).routes()]
        routes += preview.routes()
        immediate = Discretion(delay=timedelta(0), least=0)
        app = await stack.enter_async_context(
            open_relay(settings, capture=transport, discretion=immediate, extra=routes)
        )
        watcher = asyncio.create_task(preview.watch())
        stack.push_async_callback(asyncio.wait, [watcher])
        stack.callback(watcher.cancel)
        said = f"{url}/  (letters: /_mail/; a test: {PATH}; Ctrl-C to stop)"
        await serve(app, listener, ready=lambda: print(said, flush=True))
    return 0


class Returning:
    """Posts what comes back to the relay, as a mail service would."""

    def __init__(self, settings: Settings) -> None:
        self._request = partial(
            Request, f"{settings.relay_url}/bounces", method="POST",
            headers={"Content-Type": "message/rfc822", "Authorization": f"Bearer {settings.bounce_secret}"},
        )  # fmt: skip
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, report: bytes) -> None:
        task = asyncio.create_task(self._post(report))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _post(self, report: bytes) -> None:
        for _ in range(RETURN_TRIES):  # the relay may not have recorded yet that the letter was sent
            with suppress(OSError):
                await asyncio.to_thread(urlopen, self._request(data=report))
                return
            await asyncio.sleep(RETURN_PAUSE)


async def _to_mailbox(request: Asked) -> Response:  # noqa: ARG001
    return RedirectResponse("/_mail/")


def _url(host: str, port: int) -> str:
    """The URL for a browser on this machine."""
    name = {"0.0.0.0": "127.0.0.1", "::": "localhost"}.get(host, host)  # noqa: S104  (compared, not bound)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
