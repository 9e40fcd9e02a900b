"""The HTTP side: one table of routes, and what surrounds them all."""

import logging
import mimetypes
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from relay.errors import StoreError
from relay.web import call_page, confirmation_page
from relay.web.desk import Desk
from relay.web.form_bodies import Unreadable
from relay.web.health import healthz, metrics, readyz
from relay.web.legislators import find_legislators
from relay.web.middleware import Guard
from relay.web.participants import list_participants
from relay.web.receipt_page import change_receipt, show_receipt
from relay.web.report_page import show_report
from relay.web.responses import notice
from relay.web.submissions import post_letter
from theme.assets import fingerprint, read_assets

log = logging.getLogger("beaconpost.web")

Endpoint = Callable[[Desk, Request], Awaitable[Response]]

ROUTES: Final[Mapping[str, Mapping[str, Endpoint]]] = {
    "/campaigns/{slug}/letters": {"POST": post_letter},
    "/campaigns/{slug}/legislators": {"POST": find_legislators},
    "/campaigns/{slug}/call": {"GET": call_page.ask, "POST": call_page.answer},
    "/campaigns/{slug}/participants": {"GET": list_participants},
    "/letters/confirm/{token}": {"GET": confirmation_page.ask, "POST": confirmation_page.answer},
    "/receipts/{token}": {"GET": show_receipt, "POST": change_receipt},
    "/reports/{slug}": {"GET": show_report},
    "/healthz": {"GET": healthz},
    "/readyz": {"GET": readyz},
    "/metrics": {"GET": metrics},
}


def create_app(desk: Desk, extra: Sequence[BaseRoute] = ()) -> Starlette:
    """The application around a desk. extra: routes that come after ours; `dev` serves site and mailbox by them."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return notice(desk, request, error.status_code, headers=error.headers)

    async def unreadable(request: Request, error: Exception) -> Response:
        assert isinstance(error, Unreadable)
        return notice(desk, request, error.status)

    async def send_asset(request: Request) -> Response:
        """The relay's own copy of the theme, so that its pages stand when the site is down."""
        look, name = desk.front.site.look, request.path_params["name"]
        content = read_assets(look).get(name)
        if content is None:
            raise HTTPException(404)
        # An address with a fingerprint names this very content, so it never changes.
        forever = request.url.query == fingerprint(look)
        kept = "public, max-age=31536000, immutable" if forever else "public, max-age=300"
        media_type, _ = mimetypes.guess_type(name)
        return Response(content, media_type=media_type or "application/octet-stream", headers={"Cache-Control": kept})

    async def unstored(request: Request, error: Exception) -> Response:
        log.error("%s: %s", type(error).__name__, error)
        return notice(desk, request, 503, headers={"Retry-After": "10"})

    app = Starlette(
        routes=[
            *(_route(desk, path, endpoints) for path, endpoints in ROUTES.items()),
            Route("/theme/{name:path}", send_asset),
            *extra,
        ],
        middleware=[
            Middleware(
                Guard,
                origins=lambda: desk.front.origins,
                headers=lambda: desk.pages.headers,
                crashed=lambda request: notice(desk, request, 500),
            )
        ],
        exception_handlers={HTTPException: refused, Unreadable: unreadable, StoreError: unstored},
    )
    app.router.redirect_slashes = False  # it would answer with whatever host the request claims to be for
    return app


def _route(desk: Desk, path: str, endpoints: Mapping[str, Endpoint]) -> Route:
    """One route for all methods of a path, so that any other is answered 405 with what is allowed."""

    async def serve(request: Request) -> Response:
        return await endpoints["GET" if request.method == "HEAD" else request.method](desk, request)

    return Route(path, serve, methods=list(endpoints))
