"""`GET /campaigns/{slug}/participants`: how many wrote, and the first names of those who wished to be shown."""

from hashlib import sha256
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from relay.web.desk import Desk
from relay.web.responses import missing
from theme.manifest import Campaign

SHOWN: Final = 10


async def list_participants(desk: Desk, request: Request) -> Response:
    campaign = await desk.campaigns.find(request.path_params["slug"])
    if campaign is None:
        return missing(desk, request)
    answer = JSONResponse(await _count(desk, campaign))
    # A withdrawn name may be seen for a minute more; a browser asks each time, and mostly hears "not modified".
    answer.headers["Cache-Control"] = "public, max-age=0, s-maxage=60"
    answer.headers["ETag"] = etag = f'"{sha256(bytes(answer.body)).hexdigest()[:20]}"'
    if _knows(request.headers.get("if-none-match", ""), etag):
        kept = {name: answer.headers[name] for name in ("Cache-Control", "ETag")}
        return Response(status_code=304, headers=kept)
    return answer


async def _count(desk: Desk, campaign: Campaign) -> dict[str, Any]:
    """Few are not counted, and no name is shown that could be told from the time it appeared."""
    least = desk.discretion.least
    count = await desk.outbox.count(campaign.slug)
    people = []
    if campaign.participants == "names":
        before = desk.now() - desk.discretion.wait
        people = await desk.outbox.participants(campaign.slug, before, max(SHOWN, least))
    if len(people) < least:
        people = []
    return {
        "count": count if count >= least else None,
        "goal": campaign.goal,
        "recent": [
            {"name": one.name, "town": one.town, "at": one.at.isoformat(timespec="seconds")} for one in people[:SHOWN]
        ],
    }


def _knows(known: str, etag: str) -> bool:
    """Whether an If-None-Match names this version; a proxy that compresses makes the tag a weak one."""
    return known.strip() == "*" or etag in (offer.strip().removeprefix("W/") for offer in known.split(","))
