"""The HTTP side: the application, put together from the routes, the middleware, and errors as pages."""

import logging
import mimetypes
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route

from relay.errors import StoreError
from relay.web.form_bodies import UnreadableForm
from relay.web.middleware import SecurityMiddleware
from relay.web.responses import notice
from relay.web.routes import RESOURCES, Resource, reject
from relay.web.services import Services
from theme.assets import fingerprint, read_assets

log = logging.getLogger("beaconpost.web")


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
        immutable = request.scope["query_string"] == fingerprint(look).encode()  # of any bytes, unlike request.url
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
