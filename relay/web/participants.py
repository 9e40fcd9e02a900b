"""`GET /campaigns/{slug}/participants`: how many wrote, and the first names of those who want theirs shown."""

import re
import unicodedata
from hashlib import sha256
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from relay.outbox import Participant
from relay.web.responses import missing
from relay.web.services import Services
from relay.web.slurs import is_slur
from theme.counts import near_goal
from theme.manifest import Campaign

SHOWN: Final = 10  # names
MAX_READ: Final = 50  # to find as many plausible ones
MAX_NAME_PARTS: Final = 4

_STRETCHED: Final = re.compile(r"(.)\1\1", re.IGNORECASE)
_LOOKALIKES: Final = {"ARMENIAN", "CHEROKEE", "COPTIC", "CYRILLIC", "GREEK"}


async def list_participants(services: Services, request: Request) -> Response:
    campaign = await services.campaigns.find(request.path_params["slug"])
    if campaign is None:
        return missing(services, request)
    answer = JSONResponse(await _describe(services, campaign))
    # A withdrawn name may be visible for another minute; browsers ask every time and mostly get "not modified".
    answer.headers["Cache-Control"] = "public, max-age=0, s-maxage=60"
    answer.headers["ETag"] = etag = f'"{sha256(bytes(answer.body)).hexdigest()[:20]}"'
    if _is_current(request.headers.get("if-none-match", ""), etag):
        kept = {name: answer.headers[name] for name in ("Cache-Control", "ETag")}
        return Response(status_code=304, headers=kept)
    return answer


async def _describe(services: Services, campaign: Campaign) -> dict[str, Any]:
    """Small counts are not shown."""
    least = services.discretion.least
    count = await services.statistics.count(campaign.slug)
    return {
        "count": count if count >= least else None,
        "goal": campaign.goal,
        "next": near_goal(count, campaign.goal) if count >= least else None,
        "over": services.site.phase(campaign) == "closed",
        "recent": [
            {"name": person.name, "town": person.town, "at": person.at.isoformat(timespec="seconds")}
            for person in await shown_participants(services, campaign)
        ],
    }


async def shown_participants(services: Services, campaign: Campaign) -> list[Participant]:
    """Whose names are public now, the newest first: none that could be guessed from the time it appeared, or that is no
    first name."""
    if campaign.participants != "names":
        return []
    before = services.now() - services.discretion.delay
    recent = await services.statistics.participants(campaign.slug, before, MAX_READ)
    people = [person for person in recent if is_plausible(person.name)]
    return people[:SHOWN] if len(people) >= services.discretion.least else []


def is_plausible(first_name: str) -> bool:
    """Whether it looks like a first name in some script: anybody may type a link, a number, a remark or a slur."""
    parts = [part.removesuffix(".") for part in re.split("[ '\u2019-]", first_name)]
    return len(parts) <= MAX_NAME_PARTS and all(map(_is_word, parts)) and not is_slur(first_name)


def _is_word(part: str) -> bool:
    """Letters alone, never three times the same, and Latin ones not with lookalikes of another script."""
    if not part or any(unicodedata.category(letter)[0] not in "LM" for letter in part) or _STRETCHED.search(part):
        return False
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in unicodedata.normalize("NFKC", part)}
    return "LATIN" not in scripts or scripts.isdisjoint(_LOOKALIKES)


def _is_current(if_none_match: str, etag: str) -> bool:
    """Whether the client has this version; a proxy that compresses makes the tag a weak one."""
    tags = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return if_none_match.strip() == "*" or etag in tags
