"""Who is at a desk: an organizer who opened a mailed link, for an hour after the last look.

No list of organizers but the campaigns' own, no password, and nothing stored: the cookie is a keyed hash of the e-mail
address, signed, and ends with the campaign's `organiser` that it stands for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from relay.web.services import Services
from theme.manifest import Campaign

COOKIE: Final = "desk"
PATH: Final = "/desk"
IDLE: Final = timedelta(hours=1)
_LINK: Final = "desk link"
_SESSION: Final = "desk session"


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody at their desk."""

    organizer: str  # as `name_organizer`
    campaigns: Sequence[Campaign]


def find_campaigns(services: Services, organizer: str) -> Sequence[Campaign]:
    """Those of an organizer that this relay serves. organizer: as `name_organizer`."""
    return [
        campaign
        for campaign in services.campaigns.all()
        if campaign.state in services.rosters.states
        and organizer in {name_organizer(services, email) for email in campaign.organisers}
    ]


def name_organizer(services: Services, email: str) -> str:
    """A keyed hash, fit for a link: addresses are not."""
    return services.intake.hash("organizer", email).hex()


def sign_link(services: Services, email: str) -> tuple[str, datetime]:
    """The mailed link and when it ends: with the hour after this one, so that there is one an hour."""
    until = services.now().replace(minute=0, second=0, microsecond=0) + 2 * IDLE
    token = services.keys.sign(_LINK, name_organizer(services, email), until)
    return f"{services.site.relay_url}{PATH}/enter/{token}", until


def open_link(services: Services, token: str) -> str | None:
    """The organizer it was mailed to; None if it is not ours, or too old, or they are none any more."""
    organizer = services.keys.open(_LINK, token, services.now())
    return organizer if organizer and find_campaigns(services, organizer) else None


def read_session(services: Services, request: Request) -> Session | None:
    """Who is at the desk; None if nobody is, or nobody who has a campaign."""
    organizer = services.keys.open(_SESSION, request.cookies.get(COOKIE, ""), services.now())
    campaigns = find_campaigns(services, organizer) if organizer else ()
    return Session(organizer, campaigns) if organizer and campaigns else None


def keep_session(services: Services, session: Session, response: Response) -> Response:
    """For another hour."""
    return start_session(services, response, session.organizer)


def start_session(services: Services, response: Response, organizer: str) -> Response:
    """Only this relay's desk gets the cookie, and no script reads it."""
    token = services.keys.sign(_SESSION, organizer, services.now() + IDLE)
    response.set_cookie(
        COOKIE, token, path=PATH, httponly=True, samesite="lax", secure=services.site.relay_url.startswith("https:")
    )
    return response


def end_session(response: Response) -> Response:
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="lax")
    return response
