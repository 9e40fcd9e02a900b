"""Alive; and able to serve."""

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from relay.errors import StoreError
from relay.web.answers import PRIVATE
from relay.web.desk import Desk


async def healthz(desk: Desk, request: Request) -> Response:  # noqa: ARG001  (every endpoint is called alike)
    return PlainTextResponse("ok\n", headers=PRIVATE)


async def readyz(desk: Desk, request: Request) -> Response:  # noqa: ARG001
    """200 if letters can be accepted, else 503; the checks say what is amiss.

    A new manifest that is broken, or a campaign that cannot be served, is said here while the rest goes on.
    """
    await desk.campaigns.refresh()
    campaigns = desk.campaigns
    checks = {"manifest": campaigns.problem or "ok"}
    checks |= {f"campaign {slug}": problem for slug, problem in campaigns.blocked.items()}
    today = desk.today()
    checks |= {
        f"roster {code}": state.freshness(today).message or f"as of {state.roster_date.isoformat()}"
        for code, state in desk.states.items()
    }
    checks["transport"] = f"{desk.transport}, sends nothing" if desk.captured else desk.transport
    ready = campaigns.is_read
    try:
        states = await desk.outbox.states()
        checks["store"] = "ok"
        checks["letters"] = ", ".join(f"{count} {state}" for state, count in states.items() if count) or "none"
    except StoreError as error:
        checks["store"], ready = str(error), False
    return JSONResponse({"ready": ready, "checks": checks}, 200 if ready else 503, headers=PRIVATE)
