"""The middleware around every request: Origin check, CORS for the site, security headers, safe error pages."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from relay.errors import trail
from relay.web.origin import classify_sender

log = logging.getLogger("beaconpost.web")

SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")  # RFC 9110 section 9.2.1
PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "accept, content-type",
    "Access-Control-Max-Age": "86400",
}


class SecurityMiddleware:
    """ASGI middleware."""

    def __init__(
        self,
        app: ASGIApp,
        origins: Callable[[], frozenset[str]],  # whose pages may post, and whose scripts may read responses
        headers: Callable[[], Mapping[str, str]],  # for every response
        forbidden: Callable[[Request], Awaitable[Response]],  # the response to a post from another site's page
        crashed: Callable[[Request], Response],  # the response after an unexpected error
    ) -> None:
        self._app = app
        self._origins = origins
        self._headers = headers
        self._forbidden = forbidden
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
                present = {name.lower() for name, _ in message["headers"]}
                added = [header for header in self._security_headers(origin) if header[0] not in present]
                if message["status"] == 408:  # RFC 9110, section 15.5.9
                    added.append((b"connection", b"close"))
                message["headers"] = [*message["headers"], *added]
            await send(message)

        app = self._app
        is_post = scope["method"] not in SAFE_METHODS
        if is_post and classify_sender(headers, self._origins()) == "foreign":
            app = self._forbid
        elif scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            app = Response(status_code=204, headers=PREFLIGHT if origin in self._origins() else {})
        try:
            await app(scope, receive, send_with_headers)
        except ClientDisconnect:
            return
        except Exception as error:
            log.error("unexpected error: %s", trail(error))
            if not started:
                await self._crashed(Request(scope))(scope, receive, send_with_headers)

    async def _forbid(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._forbidden(Request(scope, receive))
        await response(scope, receive, send)

    def _security_headers(self, origin: str) -> list[tuple[bytes, bytes]]:
        """The headers, encoded for ASGI. Headers that a page sets itself, like the mailbox's policy, are kept."""
        named = {**self._headers(), "Vary": "Origin"}
        if origin and origin in self._origins():
            named["Access-Control-Allow-Origin"] = origin
        return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in named.items()]
