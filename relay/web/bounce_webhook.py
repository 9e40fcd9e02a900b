"""`POST /bounces`: for mail services that deliver bounces by HTTP."""

import hmac
import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from relay.mail.bounces import MAX_BYTES
from relay.web.responses import PRIVATE

log = logging.getLogger("beaconpost.web")


def bounce_route(take: Callable[[bytes], Awaitable[str]], secret: str) -> Route:
    """A raw message (message/rfc822), cut at MAX_BYTES, with `Authorization: Bearer <secret>`.

    take: records it and returns a line for the log, without personal data (`relay.returns`).

    200: read, or not ours; 401: wrong secret; 415: not a message; 503 (StoreError): send it again later.
    """

    async def receive(request: Request) -> Response:
        authorization = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(authorization, f"Bearer {secret}".encode()):
            return PlainTextResponse("wrong secret\n", 401, headers={**PRIVATE, "WWW-Authenticate": "Bearer"})
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "message/rfc822":
            return PlainTextResponse("send the raw message as message/rfc822\n", 415, headers=PRIVATE)
        raw = bytearray()
        async for chunk in request.stream():
            raw += chunk[: MAX_BYTES - len(raw)]
        result = await take(bytes(raw))
        log.info("%s", result)
        return PlainTextResponse(f"{result}\n", headers=PRIVATE)

    return Route("/bounces", receive, methods=["POST"])
