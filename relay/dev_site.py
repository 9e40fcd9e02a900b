"""The site under `beaconpost dev`: built anew whenever a file changes, and in the browser at once."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from watchfiles import awatch

from relay.dev_pages import CONTENT_SECURITY_POLICY, HEADERS, show_page
from theme.pages.environment import TEMPLATES
from theme.site.admin import FOLDER as ADMIN
from theme.site.admin import read_policy
from theme.site.build import build_site
from theme.site.folder import CONF, SiteError

SITE: Final = "site"  # the last build, in the folder
SAID: Final = "Mend this in the file that is named, and save it. This page then gives way to the site."
RELOAD_SCRIPT: Final = '<script type="module" src="/_dev/reload.js"></script>'
RELOAD_TAG: Final = f"{RELOAD_SCRIPT}</body>".encode()
RELOADING: Final = f"{CONTENT_SECURITY_POLICY}; script-src 'self'; connect-src 'self'"
RELOAD_JS: Final = """\
const built = async () => (await fetch("/_dev/built")).text();
const first = await built();
setInterval(async () => {
  if ((await built().catch(() => first)) !== first) location.reload();
}, 1000);
"""


class Preview:
    """The last successful build of the site, and a count of builds."""

    def __init__(self, content: Path, folder: Path) -> None:
        self.site = folder / SITE
        self._content = content
        self._built = 0
        self.problems = ""  # why the newest content cannot be shown

    async def build(self) -> None:
        """Build the site; or keep the last one for the relay, and show instead of its pages what is wrong."""
        self.site.mkdir(parents=True, exist_ok=True)
        try:
            # No URLs: site and relay share an origin, whatever its name is in the browser.
            await asyncio.to_thread(build_site, self._content, self.site, "", "")
            self.problems = ""
        except SiteError as error:
            self.problems = str(error)
            print(f"{error}\nthe site is not rebuilt until this is mended", file=sys.stderr, flush=True)
        self._built += 1  # at last: a page that reloads now shows what has become

    async def watch(self) -> None:
        """Rebuild whenever a file changes."""
        paths = [path for path in (self._content, Path(CONF), TEMPLATES.parent) if path.exists()]
        async for _ in awatch(*paths, debounce=300):
            await self.build()
            if not self.problems:
                print("rebuilt the site", file=sys.stderr, flush=True)

    def routes(self) -> Sequence[BaseRoute]:
        """Serve the static site wherever the relay has no route."""

        async def built(request: Request) -> Response:  # noqa: ARG001
            return PlainTextResponse(str(self._built), headers={"Cache-Control": "no-store"})

        async def script(request: Request) -> Response:  # noqa: ARG001
            return Response(RELOAD_JS, media_type="text/javascript")

        site = ReloadingFiles(self, directory=self.site, html=True, check_dir=False)
        return [Route("/_dev/built", built), Route("/_dev/reload.js", script), Mount("/", site)]


class ReloadingFiles(StaticFiles):
    """The site's files. Each page gets a script that reloads it after a build. What is missing in a language's folder
    is said in that language. Pages give way to what is wrong, as long as something is."""

    def __init__(self, preview: Preview, **options: Any) -> None:  # noqa: ANN401  (StaticFiles')
        super().__init__(**options)
        self._preview = preview

    async def get_response(self, path: str, scope: Scope) -> Response:
        if self._preview.problems and "text/html" in Headers(scope=scope).get("accept", ""):
            return show_problems(self._preview.problems)
        response = await super().get_response(path, scope)
        if response.status_code == 404 and isinstance(own := await self._missing(path, scope), FileResponse):
            response = own
        response.headers["Cache-Control"] = "no-store"
        if path.partition("/")[0] == ADMIN and response.status_code < 400:
            response.headers["Content-Security-Policy"] = await asyncio.to_thread(read_policy, self._preview.site)
            return response  # without the script: nobody wants to lose what they are typing
        if not isinstance(response, FileResponse) or response.media_type != "text/html":
            return response
        page = await asyncio.to_thread(Path(response.path).read_bytes)
        return HTMLResponse(page.replace(b"</body>", RELOAD_TAG), response.status_code, {"Cache-Control": "no-store"})

    async def _missing(self, path: str, scope: Scope) -> Response | None:
        """The 404.html of the path's first folder; None if it has none."""
        folder = path.partition("/")[0]
        _, found = await asyncio.to_thread(self.lookup_path, f"{folder}/404.html")
        return self.file_response(f"{self.directory}/{folder}/404.html", found, scope, 404) if found else None


def show_problems(problems: str) -> Response:
    """One line for each, with file, line and remedy."""
    items = Markup().join(Markup("<li>{}</li>").format(line) for line in problems.splitlines() if line.strip())
    content = Markup("<p>{}</p><ul>{}</ul>{}").format(SAID, items, Markup(RELOAD_SCRIPT))  # noqa: S704  (a constant)
    return show_page("This cannot be shown yet", content, 500, {**HEADERS, "Content-Security-Policy": RELOADING})
