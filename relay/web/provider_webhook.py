"""`POST /bounces/{provider}`: for mail providers that say by HTTP what became of a letter, in their own words."""

import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from relay.errors import StoreError
from relay.mail.providers import Event, Provider, Rejected
from relay.mail.providers.events import MAX_EVENT
from relay.web.responses import PRIVATE

log = logging.getLogger("beaconpost.web")


def provider_route(provider: Provider, take: Callable[[Event], Awaitable[str]]) -> Route:
    """take: records one event, and returns a line for the log.

    200: read, or not about a letter of ours; 400: not understood; 401: not the provider's; 413: too long; 503 (OSError,
    StoreError): send it again later.
    """

    async def receive(request: Request) -> Response:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_EVENT:
                return PlainTextResponse("too long for an event\n", 413, headers=PRIVATE)
        try:
            events = await provider.read(bytes(body), request.headers.get("authorization", ""))
        except Rejected as error:
            log.warning("an event of %s is not accepted: %s", provider.name, error)
            headers = {"WWW-Authenticate": "Basic"} if error.status == 401 else {}
            return PlainTextResponse(f"{error}\n", error.status, headers={**PRIVATE, **headers})
        except OSError as error:
            raise StoreError(f"{provider.name} cannot be asked: {type(error).__name__}") from None
        lines = [await take(event) for event in events]
        for line in lines:
            log.info("%s", line)
        return PlainTextResponse("".join(f"{line}\n" for line in lines), headers=PRIVATE)

    return Route(f"/bounces/{provider.name}", receive, methods=["POST"])
