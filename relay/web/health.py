"""`/healthz`: alive. `/readyz`: able to serve. `/metrics`: in figures. Details are for operators, and name nobody."""

import hmac
import re
from collections.abc import Iterator
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from relay.errors import StoreError
from relay.outbox import TRANSITIONS, Pause
from relay.outbox.retry_schedule import LATE
from relay.web.backlog import Backlog
from relay.web.rate_limits import is_loopback
from relay.web.responses import PRIVATE
from relay.web.services import Services

PROXY_HEADERS: Final = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"})
REPLY_CODE: Final = re.compile(r"[245]\d\d(?:[ -][245]\.\d{1,3}\.\d{1,3})?\b")  # RFC 5321, RFC 3463


async def healthz(services: Services, request: Request) -> Response:  # noqa: ARG001  (endpoints share a signature)
    return PlainTextResponse("ok\n", headers=PRIVATE)


async def readyz(services: Services, request: Request) -> Response:
    """200 if letters of any campaign can be accepted, else 503. Operators also get the checks, which say what is wrong.

    For a minute after a post could not be stored (a full disk, say) it is 503; then others are let in to try.
    A broken new manifest, a campaign that cannot be served and stuck mail are reported while the rest goes on.
    """
    await services.campaigns.refresh()
    ready = _can_serve(services) and not services.store_health.trouble
    operator = is_operator(services, request)
    checks: dict[str, str] = {}
    try:
        await services.store_health.probe.get()
        if operator:
            checks = dict(_check_outbox(services, await services.backlog.get()))
    except StoreError as error:
        checks, ready = {"store": str(error)}, False
    details = {"checks": dict(_check_data(services)) | checks} if operator else {}
    return JSONResponse({"ready": ready, **details}, 200 if ready else 503, headers=PRIVATE)


async def metrics(services: Services, request: Request) -> Response:
    """In Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/); 401 for others.

    A small count has no sample, so that it does not follow single people; an exact zero has one.
    """
    if not is_operator(services, request):
        return PlainTextResponse("operators only\n", 401, headers={**PRIVATE, "WWW-Authenticate": "Bearer"})
    backlog = await services.backlog.get()
    age = max(0.0, (services.now() - backlog.oldest_due).total_seconds()) if backlog.oldest_due else 0.0
    counts = {status: backlog.by_status.get(status, 0) for status in TRANSITIONS}
    shown = {status: count for status, count in counts.items() if not count or count >= services.discretion.least}
    lines = [
        "# HELP beaconpost_letters Letters by state, without counts under five.",
        "# TYPE beaconpost_letters gauge",
        *(f'beaconpost_letters{{state="{status}"}} {count}' for status, count in shown.items()),
        "# HELP beaconpost_oldest_due_seconds Time since the oldest unsent letter was due or first tried.",
        "# TYPE beaconpost_oldest_due_seconds gauge",
        f"beaconpost_oldest_due_seconds {age:.0f}",
        *_describe_domains(services, backlog),
        "# HELP beaconpost_pauses Paused campaigns and domains.",
        "# TYPE beaconpost_pauses gauge",
        f"beaconpost_pauses {len(backlog.pauses)}",
        "# HELP beaconpost_suspects Suppressed addresses of offices.",
        "# TYPE beaconpost_suspects gauge",
        f"beaconpost_suspects {len(backlog.suppressions)}",
        "# HELP beaconpost_manifest_ok 1 if the newest manifest is in force.",
        "# TYPE beaconpost_manifest_ok gauge",
        f"beaconpost_manifest_ok {int(not services.campaigns.problem)}",
    ]
    headers = {**PRIVATE, "Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
    return Response("\n".join(lines) + "\n", headers=headers)


def _describe_domains(services: Services, backlog: Backlog) -> Iterator[str]:
    """Of the mail domains of offices, as names of offices are public; attempts of the last day."""
    yield "# HELP beaconpost_attempts Attempts of the last day by the offices' mail domain, without counts under five."
    yield "# TYPE beaconpost_attempts gauge"
    for domain in backlog.domains:
        for outcome, count in sorted(domain.outcomes.items()):
            if count >= services.discretion.least:
                yield f'beaconpost_attempts{{domain="{domain.domain}",outcome="{outcome}"}} {count}'
    yield "# HELP beaconpost_domain_overdue_seconds Time since the oldest letter to that domain was due."
    yield "# TYPE beaconpost_domain_overdue_seconds gauge"
    for domain in backlog.domains:
        if domain.oldest_due and domain.queued >= services.discretion.least:
            overdue = max(0.0, (services.now() - domain.oldest_due).total_seconds())
            yield f'beaconpost_domain_overdue_seconds{{domain="{domain.domain}"}} {overdue:.0f}'


def is_operator(services: Services, request: Request) -> bool:
    """Whether the request has the operator's token or, if there is none, comes from this machine without a proxy."""
    if token := services.operator_token:
        given = request.headers.get("authorization", "").encode()
        return hmac.compare_digest(given, f"Bearer {token}".encode())
    return is_loopback(request.client.host if request.client else "") and PROXY_HEADERS.isdisjoint(request.headers)


def _can_serve(services: Services) -> bool:
    """A site without campaigns is ready: nobody is kept waiting."""
    campaigns = services.campaigns
    slugs = {campaign.slug for campaign in campaigns.all()}
    return campaigns.is_read and not services.site.mismatch and not (slugs and slugs <= set(campaigns.blocked))


def _check_data(services: Services) -> Iterator[tuple[str, str]]:
    yield "manifest", services.campaigns.problem or "ok"
    for slug, problem in services.campaigns.blocked.items():
        yield f"campaign {slug}", problem
    if services.site.mismatch:
        yield "site", services.site.mismatch
    yield "erased after", services.forget_after.describe()
    today = services.site.today()
    for code, state in services.rosters.states.items():
        yield f"roster {code}", state.freshness(today).message or f"as of {state.roster_date.isoformat()}"
        if state.roster_problems:
            yield f"roster rows {code}", ". ".join(state.roster_problems)
    outgoing = services.outgoing
    yield "transport", f"{outgoing.transport}, sends nothing" if outgoing.captured else outgoing.transport


def _check_outbox(services: Services, backlog: Backlog) -> Iterator[tuple[str, str]]:
    def show(count: int) -> str:
        least = services.discretion.least
        return str(count) if count == 0 or count >= least else f"under {least}"

    for pause in backlog.pauses:
        yield f"paused {pause.scope} {pause.name}", _explain(pause)
    for suppression in backlog.suppressions:
        waiting = f"{show(suppression.waiting)} letters held"
        yield f"not trusted {suppression.address}", f"{waiting}, the next trial {suppression.until:%Y-%m-%d %H:%M} UTC"
    yield "store", services.store_health.trouble or "ok"
    oldest = backlog.oldest_due
    late = oldest is not None and services.now() - oldest > LATE
    yield "sending", f"a letter has waited since {oldest:%Y-%m-%d %H:%M} UTC, see the log" if late else "ok"
    if backlog.held:
        yield "waiting", ", ".join(f"{show(count)} for {reason}" for reason, count in sorted(backlog.held.items()))
    counts = (f"{show(count)} {status}" for status, count in backlog.by_status.items() if count)
    yield "letters", ", ".join(counts) or "none"


def _explain(pause: Pause) -> str:
    """The reply's code without its words, which may quote an address or the letter."""
    if pause.cause != "policy":
        return "by hand" if pause.cause == "operator" else "by its organizers"
    code = REPLY_CODE.match(pause.reason)
    return code[0] if code else "refused"
