"""Alive; able to serve; and in figures. Open to anybody, so nothing here is about a person."""

from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from relay.errors import StoreError
from relay.web.desk import Desk
from relay.web.responses import PRIVATE

LATE: Final = timedelta(hours=1)  # a server that says "later" to strangers takes their mail well within it


async def healthz(desk: Desk, request: Request) -> Response:  # noqa: ARG001  (every endpoint is called alike)
    return PlainTextResponse("ok\n", headers=PRIVATE)


async def readyz(desk: Desk, request: Request) -> Response:  # noqa: ARG001
    """200 if letters can be accepted, else 503; the checks say what is amiss.

    For a minute after a post could not be stored (a full disk, say) it is 503; then others are let in to try.
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
    ready = campaigns.is_read and not desk.is_refusing()
    try:
        checks |= {
            f"paused {pause.scope} {pause.name}": pause.reason or "by hand" for pause in await desk.outbox.pauses()
        }
        checks |= {f"not trusted {one.address}": f"{one.waiting} letters held" for one in await desk.outbox.suspects()}
        states = await desk.outbox.states()
        checks["store"] = desk.refused.why if desk.refused and desk.is_refusing() else "ok"
        since = await desk.outbox.waiting_since()
        late = since is not None and desk.now() - since > LATE
        checks["sending"] = f"a letter has waited since {since:%Y-%m-%d %H:%M} UTC, see the log" if late else "ok"
        if waiting := await desk.outbox.waiting():
            checks["waiting"] = ", ".join(f"{count} for {what}" for what, count in sorted(waiting.items()))
        checks["letters"] = ", ".join(f"{count} {state}" for state, count in states.items() if count) or "none"
    except StoreError as error:
        checks["store"], ready = str(error), False
    return JSONResponse({"ready": ready, "checks": checks}, 200 if ready else 503, headers=PRIVATE)


async def metrics(desk: Desk, request: Request) -> Response:  # noqa: ARG001
    """In Prometheus' text form (https://prometheus.io/docs/instrumenting/exposition_formats/)."""
    since = await desk.outbox.waiting_since()
    waited = max(0.0, (desk.now() - since).total_seconds()) if since else 0.0
    lines = [
        "# HELP beaconpost_letters Letters by state.",
        "# TYPE beaconpost_letters gauge",
        *(f'beaconpost_letters{{state="{state}"}} {count}' for state, count in (await desk.outbox.states()).items()),
        "# HELP beaconpost_oldest_due_seconds For how long the oldest letter should have gone, tried or not.",
        "# TYPE beaconpost_oldest_due_seconds gauge",
        f"beaconpost_oldest_due_seconds {waited:.0f}",
        "# HELP beaconpost_pauses Campaigns and domains that nothing is sent for.",
        "# TYPE beaconpost_pauses gauge",
        f"beaconpost_pauses {len(await desk.outbox.pauses())}",
        "# HELP beaconpost_suspects Offices' addresses that are not trusted any more.",
        "# TYPE beaconpost_suspects gauge",
        f"beaconpost_suspects {len(await desk.outbox.suspects())}",
        "# HELP beaconpost_manifest_ok 1 if the newest manifest is in force.",
        "# TYPE beaconpost_manifest_ok gauge",
        f"beaconpost_manifest_ok {int(not desk.campaigns.problem)}",
    ]
    headers = {**PRIVATE, "Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
    return Response("\n".join(lines) + "\n", headers=headers)
