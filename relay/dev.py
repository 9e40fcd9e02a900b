"""`beaconpost dev`: the site, relay, worker and a captured mailbox in one process. Nothing leaves the machine."""

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
from relay.settings import Settings, SmtpServer, load
from relay.web.services import Discretion
from relay.web.serving import listen, serve
from theme.manifest import MANIFEST_NAME
from theme.pages.environment import TEMPLATES
from theme.site.build import CONF, SiteError, build_site

TRANSPORT_NAME: Final = "mailbox"  # no other transport sends letters accepted under this name, so no office gets them
SITE: Final = "site"  # the last build, in the folder
RELOAD_TAG: Final = b'<script type="module" src="/_dev/reload.js"></script></body>'
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
        print(f"beaconpost dev: {host} port {port}: {error.strerror}; --port 0 picks a free port", file=sys.stderr)
        return 1
    with listener:
        return asyncio.run(_serve(listener, host, content, folder))


def make_settings(url: str, folder: Path) -> Settings:
    """Whatever the environment says."""
    return replace(
        load({}),
        campaigns=str(folder / SITE / MANIFEST_NAME),
        database=folder / "beaconpost.db",
        secret_file=folder / "secret.key",  # beside the database: nothing in it is real
        site_url=url,
        relay_url=url,
    )


async def _serve(listener: socket, host: str, content: Path, folder: Path) -> int:
    url = _url(host, listener.getsockname()[1])
    preview = Preview(content, folder)
    if not await preview.build():
        print("beaconpost dev: cannot start until these problems are fixed", file=sys.stderr)
        return 1
    settings = make_settings(url, folder)
    async with AsyncExitStack() as stack:
        mailbox = await stack.enter_async_context(open_mailbox())
        transport = SmtpTransport(SmtpServer("127.0.0.1", mailbox.port, "", "", "none"), TRANSPORT_NAME)
        routes = [*mailbox.routes, Route("/_mail", _to_mailbox), *preview.routes()]
        immediate = Discretion(delay=timedelta(0), least=0)
        app = await stack.enter_async_context(
            open_relay(settings, capture=transport, discretion=immediate, extra=routes)
        )
        watcher = asyncio.create_task(preview.watch())
        stack.push_async_callback(asyncio.wait, [watcher])
        stack.callback(watcher.cancel)
        await serve(app, listener, ready=lambda: print(f"{url}/  (letters: /_mail/; Ctrl-C to stop)", flush=True))
    return 0


async def _to_mailbox(request: Request) -> Response:  # noqa: ARG001
    return RedirectResponse("/_mail/")


def _url(host: str, port: int) -> str:
    """The URL for a browser on this machine."""
    name = {"0.0.0.0": "127.0.0.1", "::": "localhost"}.get(host, host)  # noqa: S104  (compared, not bound)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


class Preview:
    """The last successful build of the site, and a count of builds."""

    def __init__(self, content: Path, folder: Path) -> None:
        self.site = folder / SITE
        self._content = content
        self._next = folder / "site.next"
        self._built = 0

    async def build(self) -> bool:
        """Whether the build succeeded. If not, all problems are printed to stderr, and the site stays unchanged."""
        try:
            # No URLs: site and relay share an origin, whatever its name is in the browser.
            await asyncio.to_thread(build_site, self._content, self._next, "", "")
        except SiteError as error:
            print(error, file=sys.stderr, flush=True)
            return False
        shutil.rmtree(self.site, ignore_errors=True)
        self._next.rename(self.site)
        self._built += 1
        return True

    async def watch(self) -> None:
        """Rebuild whenever a file changes."""
        paths = [path for path in (self._content, Path(CONF), TEMPLATES.parent) if path.exists()]
        async for _ in awatch(*paths, debounce=300):
            if await self.build():
                print("rebuilt the site", file=sys.stderr, flush=True)
            else:
                print("build failed: the site stays unchanged", file=sys.stderr, flush=True)

    def routes(self) -> Sequence[BaseRoute]:
        """Serve the static site wherever the relay has no route."""

        async def built(request: Request) -> Response:  # noqa: ARG001
            return PlainTextResponse(str(self._built), headers={"Cache-Control": "no-store"})

        async def script(request: Request) -> Response:  # noqa: ARG001
            return Response(RELOAD_JS, media_type="text/javascript")

        site = ReloadingFiles(directory=self.site, html=True, check_dir=False)
        return [Route("/_dev/built", built), Route("/_dev/reload.js", script), Mount("/", site)]


class ReloadingFiles(StaticFiles):
    """The site's files. Each page gets a script that reloads it after a build. What is missing in a language's folder
    is said in that language."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 404 and isinstance(own := await self._missing(path, scope), FileResponse):
            response = own
        response.headers["Cache-Control"] = "no-store"
        if not isinstance(response, FileResponse) or response.media_type != "text/html":
            return response
        page = await asyncio.to_thread(Path(response.path).read_bytes)
        return HTMLResponse(page.replace(b"</body>", RELOAD_TAG), response.status_code, {"Cache-Control": "no-store"})

    async def _missing(self, path: str, scope: Scope) -> Response | None:
        """The 404.html of the path's first folder; None if it has none."""
        folder = path.partition("/")[0]
        _, found = await asyncio.to_thread(self.lookup_path, f"{folder}/404.html")
        return self.file_response(f"{self.directory}/{folder}/404.html", found, scope, 404) if found else None
