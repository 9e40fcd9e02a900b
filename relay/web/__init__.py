"""The HTTP side: the table of paths, errors as pages, and the application put together from both."""

import logging
import mimetypes
from collections.abc import Mapping, Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route

from relay.errors import StoreError
from relay.web import call_page, confirmation_page
from relay.web.form_bodies import UnreadableForm
from relay.web.health import healthz, metrics, readyz
from relay.web.legislators import find_legislators, reject_lookup
from relay.web.middleware import SecurityMiddleware
from relay.web.participants import list_participants
from relay.web.receipt_page import change_receipt, show_receipt
from relay.web.report_page import show_report
from relay.web.resources import Resource, reject
from relay.web.responses import notice
from relay.web.services import Services
from relay.web.submissions import post_letter, reject_letter
from theme.assets import fingerprint, read_assets

log = logging.getLogger("beaconpost.web")

RESOURCES: Final[Mapping[str, Resource]] = {
    "/campaigns/{slug}/letters": Resource(post=post_letter, limit=lambda limits: limits.letters, reject=reject_letter),
    "/campaigns/{slug}/legislators": Resource(
        post=find_legislators, limit=lambda limits: limits.lookups, reject=reject_lookup
    ),
    "/campaigns/{slug}/call": Resource(get=call_page.ask, post=call_page.answer, limit=lambda limits: limits.lookups),
    "/campaigns/{slug}/participants": Resource(get=list_participants),
    "/letters/confirm/{token}": Resource(get=confirmation_page.ask, post=confirmation_page.answer),
    "/receipts/{token}": Resource(get=show_receipt, post=change_receipt),
    "/reports/{slug}": Resource(get=show_report),
    "/healthz": Resource(get=healthz),
    "/readyz": Resource(get=readyz),
    "/metrics": Resource(get=metrics),
}


def create_app(services: Services, extra: Sequence[BaseRoute] = ()) -> Starlette:
    """extra: routes that come after ours; `dev` serves the site and the mailbox by them."""
    routes = {path: _route(services, path, resource) for path, resource in RESOURCES.items()}

    async def forbidden(request: Request) -> Response:
        """For a post from a foreign site's page."""
        for path, route in routes.items():
            match, scope = route.matches(request.scope)
            if match is Match.FULL:
                request.scope.update(scope)
                return await RESOURCES[path].reject(services, request, 403, 0)
        return await reject(services, request, 403)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return notice(services, request, error.status_code, headers=error.headers)

    async def unreadable(request: Request, error: Exception) -> Response:
        assert isinstance(error, UnreadableForm)
        return notice(services, request, error.status)

    async def store_failed(request: Request, error: Exception) -> Response:
        log.error("%s: %s", type(error).__name__, error)
        return notice(services, request, 503, headers={"Retry-After": "10"})

    async def send_asset(request: Request) -> Response:
        """The relay's own copy of the theme's static files, so that its pages work when the site is down."""
        look, name = services.site.site.look, request.path_params["name"]
        content = read_assets(look).get(name)
        if content is None:
            raise HTTPException(404)
        # A URL with a fingerprint names this very content, so it never changes.
        immutable = request.url.query == fingerprint(look)
        cache = "public, max-age=31536000, immutable" if immutable else "public, max-age=300"
        media_type, _ = mimetypes.guess_type(name)
        return Response(content, media_type=media_type or "application/octet-stream", headers={"Cache-Control": cache})

    app = Starlette(
        routes=[*routes.values(), Route("/theme/{name:path}", send_asset), *extra],
        middleware=[
            Middleware(
                SecurityMiddleware,
                origins=lambda: services.site.origins,
                headers=lambda: services.site.pages.headers,
                forbidden=forbidden,
                crashed=lambda request: notice(services, request, 500),
            )
        ],
        exception_handlers={HTTPException: refused, UnreadableForm: unreadable, StoreError: store_failed},
    )
    app.router.redirect_slashes = False  # redirects would go to whatever host the request claims to be for
    return app


def _route(services: Services, path: str, resource: Resource) -> Route:
    """One route for all methods of a path, so that any other is answered 405 with the allowed ones."""

    async def serve(request: Request) -> Response:
        return await resource.serve(services, request)

    return Route(path, serve, methods=resource.methods)
