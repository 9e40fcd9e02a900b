"""Bounces over HTTP, for mail services that hand mail on by a webhook."""

import hmac
import logging
from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from relay.mail.bounces import LARGEST, ReturnAddresses, read_report, record
from relay.outbox import Outbox
from relay.web.responses import PRIVATE

log = logging.getLogger("beaconpost.web")


def bounce_route(outbox: Outbox, addresses: ReturnAddresses, secret: str, now: Callable[[], datetime]) -> Route:
    """`POST /bounces`: a raw message (message/rfc822), cut at `LARGEST`, with `Authorization: Bearer <secret>`.

    200: read, or not ours; 401: wrong secret; 415: not a message; 503 (StoreError): send it again later.
    """

    async def take(request: Request) -> Response:
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {secret}".encode()):
            return PlainTextResponse("wrong secret\n", 401, headers={**PRIVATE, "WWW-Authenticate": "Bearer"})
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "message/rfc822":
            return PlainTextResponse("send the raw message as message/rfc822\n", 415, headers=PRIVATE)
        raw = bytearray()
        async for chunk in request.stream():
            raw += chunk[: LARGEST - len(raw)]
        said = await record(read_report(bytes(raw), addresses), outbox, now())
        log.info("%s", said)
        return PlainTextResponse(f"{said}\n", headers=PRIVATE)

    return Route("/bounces", take, methods=["POST"])
