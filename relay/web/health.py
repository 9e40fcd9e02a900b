"""`/healthz`: alive. `/readyz`: able to serve. `/metrics`: in figures. Public, so they reveal nothing personal."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from relay.errors import StoreError
from relay.web.responses import PRIVATE
from relay.web.services import Services

LATE: Final = timedelta(hours=1)  # a server that says "later" to strangers accepts their mail well before that


async def healthz(services: Services, request: Request) -> Response:  # noqa: ARG001  (endpoints share a signature)
    return PlainTextResponse("ok\n", headers=PRIVATE)


async def readyz(services: Services, request: Request) -> Response:  # noqa: ARG001
    """200 if letters can be accepted, else 503; the checks say what is wrong.

    For a minute after a post could not be stored (a full disk, say) it is 503; then others are let in to try.
    A broken new manifest, a campaign that cannot be served and stuck mail are reported while the rest goes on.
    """
    await services.campaigns.refresh()
    checks = dict(_check_data(services))
    ready = services.campaigns.is_read and not services.store_health.trouble
    try:
        checks |= await _check_store(services)
    except StoreError as error:
        checks["store"], ready = str(error), False
    return JSONResponse({"ready": ready, "checks": checks}, 200 if ready else 503, headers=PRIVATE)


def _check_data(services: Services) -> Iterator[tuple[str, str]]:
    yield "manifest", services.campaigns.problem or "ok"
    for slug, problem in services.campaigns.blocked.items():
        yield f"campaign {slug}", problem
    today = services.site.today()
    for code, state in services.rosters.states.items():
        yield f"roster {code}", state.freshness(today).message or f"as of {state.roster_date.isoformat()}"
    outgoing = services.outgoing
    yield "transport", f"{outgoing.transport}, sends nothing" if outgoing.captured else outgoing.transport


async def _check_store(services: Services) -> dict[str, str]:
    checks = {
        f"paused {pause.scope} {pause.name}": pause.reason or "by hand"
        for pause in await services.administration.pauses()
    }
    for suppression in await services.administration.suppressions():
        checks[f"not trusted {suppression.address}"] = f"{suppression.waiting} letters held"
    counts = await services.statistics.count_by_status()
    checks["store"] = services.store_health.trouble or "ok"
    oldest = await services.statistics.oldest_due()
    late = oldest is not None and services.now() - oldest > LATE
    checks["sending"] = f"a letter has waited since {oldest:%Y-%m-%d %H:%M} UTC, see the log" if late else "ok"
    if held := await services.statistics.count_held():
        checks["waiting"] = ", ".join(f"{count} for {reason}" for reason, count in sorted(held.items()))
    checks["letters"] = ", ".join(f"{count} {status}" for status, count in counts.items() if count) or "none"
    return checks


async def metrics(services: Services, request: Request) -> Response:  # noqa: ARG001
    """In Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/)."""
    counts = await services.statistics.count_by_status()
    oldest = await services.statistics.oldest_due()
    age = max(0.0, (services.now() - oldest).total_seconds()) if oldest else 0.0
    pauses, suppressions = await services.administration.pauses(), await services.administration.suppressions()
    lines = [
        "# HELP beaconpost_letters Letters by state.",
        "# TYPE beaconpost_letters gauge",
        *(f'beaconpost_letters{{state="{status}"}} {count}' for status, count in counts.items()),
        "# HELP beaconpost_oldest_due_seconds Time since the oldest unsent letter was due or first tried.",
        "# TYPE beaconpost_oldest_due_seconds gauge",
        f"beaconpost_oldest_due_seconds {age:.0f}",
        "# HELP beaconpost_pauses Paused campaigns and domains.",
        "# TYPE beaconpost_pauses gauge",
        f"beaconpost_pauses {len(pauses)}",
        "# HELP beaconpost_suspects Suppressed addresses of offices.",
        "# TYPE beaconpost_suspects gauge",
        f"beaconpost_suspects {len(suppressions)}",
        "# HELP beaconpost_manifest_ok 1 if the newest manifest is in force.",
        "# TYPE beaconpost_manifest_ok gauge",
        f"beaconpost_manifest_ok {int(not services.campaigns.problem)}",
    ]
    headers = {**PRIVATE, "Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
    return Response("\n".join(lines) + "\n", headers=headers)
