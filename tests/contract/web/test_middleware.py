"""After an unexpected error the visitor gets a page, and the log contains nothing that was typed."""

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from relay.web.middleware import SecurityMiddleware

pytestmark = pytest.mark.anyio


async def break_down(request: Request) -> Response:
    raise KeyError((await request.body()).decode())


async def give_up(request: Request) -> Response:  # noqa: ARG001
    return PlainTextResponse("too slow", 408)


async def forbidden(request: Request) -> Response:
    return PlainTextResponse(f"{request.method} is forbidden", 403)


@pytest.fixture
def app() -> Starlette:
    middleware = Middleware(
        SecurityMiddleware,
        origins=frozenset[str],
        headers=lambda: {"X-Content-Type-Options": "nosniff"},
        forbidden=forbidden,
        crashed=lambda request: PlainTextResponse(f"{request.method} failed", 500),
    )
    routes = [Route("/", break_down, methods=["POST"]), Route("/slow", give_up, methods=["POST"])]
    return Starlette(routes=routes, middleware=[middleware])


async def test_an_error_gives_a_page_and_a_log_line_without_what_was_typed(
    app: Starlette, caplog: pytest.LogCaptureFixture
) -> None:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="https://relay.example") as client:
        response = await client.post("/", content="Ana Silva")
    assert (response.status_code, response.text) == (500, "POST failed")
    assert response.headers["x-content-type-options"] == "nosniff"
    (record,) = [record for record in caplog.records if record.name.startswith("beaconpost")]
    assert "KeyError" in record.getMessage()
    assert "test_middleware.py" in record.getMessage()
    assert record.exc_info is None
    assert "Silva" not in caplog.text


async def test_whoever_is_too_slow_is_told_that_the_connection_closes(app: Starlette) -> None:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="https://relay.example") as client:
        answer = await client.post("/slow")
    assert (answer.status_code, answer.headers["connection"]) == (408, "close")
