"""What surrounds every answer: security headers, CORS for the site, and errors that tell nobody anything."""

import logging
from collections.abc import Callable, Mapping
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from relay.errors import trail

log = logging.getLogger("beaconpost.web")

PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "accept, content-type",
    "Access-Control-Max-Age": "86400",
}


class Guard:
    """ASGI middleware. origins: whose scripts may read our answers. headers: for every answer.

    crashed: the page for an error that nobody foresaw.
    """

    def __init__(
        self,
        app: ASGIApp,
        origins: Callable[[], frozenset[str]],
        headers: Callable[[], Mapping[str, str]],
        crashed: Callable[[Request], Response],
    ) -> None:
        self._app = app
        self._origins = origins
        self._headers = headers
        self._crashed = crashed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                said = {name.lower() for name, _ in message["headers"]}
                added = [header for header in self._safety(origin) if header[0] not in said]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        app = self._app
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            app = Response(status_code=204, headers=PREFLIGHT if origin in self._origins() else {})
        try:
            await app(scope, receive, send_with_headers)
        except ClientDisconnect:
            return
        except Exception as error:
            log.error("%s", trail(error))
            if not started:
                await self._crashed(Request(scope))(scope, receive, send_with_headers)

    def _safety(self, origin: str) -> list[tuple[bytes, bytes]]:
        """As ASGI wants them. A page with a policy of its own keeps it, as the mailbox's do."""
        named = {**self._headers(), "Vary": "Origin"}
        if origin and origin in self._origins():
            named["Access-Control-Allow-Origin"] = origin
        return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in named.items()]


def is_foreign(request: Request, origins: frozenset[str]) -> bool:
    """Whether another site's page sent this post, by the Origin header (pattern: OWASP, CSRF, verifying the origin).

    A null or absent one is no evidence: some privacy settings send it. One that names the host that the request was
    sent to is our own, whatever name this relay has for itself.
    """
    origin = request.headers.get("origin", "")
    if origin in ("", "null") or origin in origins:
        return False
    return origin.partition("://")[2] != request.headers.get("host")
