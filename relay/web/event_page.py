"""`/campaigns/{slug}/event/{code}`: the campaign's page as people open it who write together, behind one address.

The organizer's code, which the form carries, says that they are expected: see `relay.outbox.evidence`.
"""

from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from relay.keys.signing import Keys
from relay.letters.circumstances import Event
from relay.web.responses import PRIVATE, missing, notice
from relay.web.services import Services
from theme.pages.views import Form

_PURPOSE: Final = "event"


def sign_event(keys: Keys, relay_url: str, slug: str, event: Event, until: datetime) -> str:
    """What the QR code at an event says: a link that is good until then, for so many letters of this campaign."""
    code = keys.sign(_PURPOSE, f"{slug} {event.id} {event.letters}", until)
    return f"{relay_url}/campaigns/{slug}/event/{code}"


def open_event(keys: Keys, slug: str, code: str, now: datetime) -> Event | None:
    """The event a code is for; None if there is no code, or it is not ours, for another campaign, or expired."""
    signed = keys.open(_PURPOSE, code, now) if code else None
    if signed is None:
        return None
    signed_slug, identifier, letters = signed.split(" ")
    return Event(identifier, int(letters)) if signed_slug == slug else None


async def show_event(services: Services, request: Request) -> Response:
    """A code that is no longer good leaves the page as everybody has it, and says so."""
    slug, code = request.path_params["slug"], request.path_params["code"]
    campaign = await services.campaigns.find(slug)
    if campaign is None:
        return missing(services, request)
    if campaign.status == "withdrawn":
        return notice(services, request, 410, campaign)
    is_good = open_event(services.keys, slug, code, services.now()) is not None
    site = services.site
    language = site.language(request, request.query_params.get("lang", ""))
    form = Form({"event": code} if is_good else {})
    page = site.pages.event(campaign, language, site.phase(campaign), form)
    return HTMLResponse(page, headers=PRIVATE)
