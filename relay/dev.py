"""`beaconpost dev`: site, relay, worker and a captured mailbox in one process. Nothing leaves the machine."""

import asyncio
import shutil
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from socket import socket
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from watchfiles import awatch

from relay.app import open_relay
from relay.mail.smtp import SmtpTransport
from relay.mailbox import open_mailbox
from relay.settings import SmtpServer, load
from relay.web.services import Discretion
from relay.web.serving import listen, serve
from theme.manifest import MANIFEST_NAME
from theme.pages.environment import TEMPLATES
from theme.site.build import CONF, SiteError, build_site

TRANSPORT: Final = "mailbox"  # letters accepted under it are sent by no other, so never to an office
RELOAD: Final = b'<script type="module" src="/_dev/reload.js"></script></body>'
RELOAD_JS: Final = """\
const built = async () => (await fetch("/_dev/built")).text();
const first = await built();
setInterval(async () => {
  if ((await built().catch(() => first)) !== first) location.reload();
}, 1000);
"""


def run(host: str, port: int, content: Path, folder: Path) -> int:
    """Serve until Ctrl-C. Returns the exit status."""
    try:
        listener = listen(host, port)
    except OSError as error:
        print(f"beaconpost dev: {host} port {port}: {error.strerror}; --port 0 takes a free one", file=sys.stderr)
        return 1
    with listener:
        return asyncio.run(_serve(listener, host, content, folder))


async def _serve(listener: socket, host: str, content: Path, folder: Path) -> int:
    url = _url(host, listener.getsockname()[1])
    preview = Preview(content, folder)
    if not await preview.build():
        print("beaconpost dev: there is no page to show until this is corrected", file=sys.stderr)
        return 1
    settings = replace(
        load({}),
        campaigns=str(preview.site / MANIFEST_NAME),
        database=folder / "beaconpost.db",
        site_url=url,
        relay_url=url,
    )
    async with AsyncExitStack() as stack:
        mailbox = await stack.enter_async_context(open_mailbox())
        transport = SmtpTransport(SmtpServer("127.0.0.1", mailbox.port, "", "", "none"), TRANSPORT)
        routes = [*mailbox.routes, Route("/_mail", _to_mailbox), *preview.routes()]
        names_at_once = Discretion(delay=timedelta(0), least=0)
        app = await stack.enter_async_context(
            open_relay(settings, capture=transport, discretion=names_at_once, extra=routes)
        )
        following = asyncio.create_task(preview.follow())
        stack.push_async_callback(asyncio.wait, [following])
        stack.callback(following.cancel)
        await serve(app, listener, ready=lambda: print(f"{url}/  (letters: /_mail/, Ctrl-C stops)", flush=True))
    return 0


async def _to_mailbox(request: Request) -> Response:  # noqa: ARG001
    return RedirectResponse("/_mail/")


def _url(host: str, port: int) -> str:
    """What a browser on this machine types."""
    name = {"0.0.0.0": "127.0.0.1", "::": "localhost"}.get(host, host)  # noqa: S104  (compared, not bound)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


class Preview:
    """The site as last built without a fault, and how often that was."""

    def __init__(self, content: Path, folder: Path) -> None:
        self.site = folder / "site"
        self._content = content
        self._next = folder / "site.next"
        self._built = 0

    async def build(self) -> bool:
        """Whether it worked. If not, every fault of every file is on stderr, and the site stays as it was."""
        try:
            # No address: site and relay are one origin, by whatever name a browser finds it.
            await asyncio.to_thread(build_site, self._content, self._next, "", "")
        except SiteError as error:
            print(error, file=sys.stderr, flush=True)
            return False
        shutil.rmtree(self.site, ignore_errors=True)
        self._next.rename(self.site)
        self._built += 1
        return True

    async def follow(self) -> None:
        """Build again whenever a file changes."""
        watched = [path for path in (self._content, Path(CONF), TEMPLATES.parent) if path.exists()]
        async for _ in awatch(*watched, debounce=300):
            if await self.build():
                print("built again", file=sys.stderr, flush=True)
            else:
                print("not built: the site stays as it was", file=sys.stderr, flush=True)

    def routes(self) -> Sequence[BaseRoute]:
        """Everything that the relay itself does not answer is the static site's."""

        async def built(request: Request) -> Response:  # noqa: ARG001
            return PlainTextResponse(str(self._built), headers={"Cache-Control": "no-store"})

        async def script(request: Request) -> Response:  # noqa: ARG001
            return Response(RELOAD_JS, media_type="text/javascript")

        site = ReloadingFiles(directory=self.site, html=True, check_dir=False)
        return [Route("/_dev/built", built), Route("/_dev/reload.js", script), Mount("/", site)]


class ReloadingFiles(StaticFiles):
    """The site, with one more script on each page, which loads it again after a build."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers["Cache-Control"] = "no-store"
        if not isinstance(answer, FileResponse) or answer.media_type != "text/html":
            return answer
        page = await asyncio.to_thread(Path(answer.path).read_bytes)
        return HTMLResponse(page.replace(b"</body>", RELOAD), answer.status_code, {"Cache-Control": "no-store"})
