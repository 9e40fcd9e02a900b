"""`/desk` and `/desk/enter/…`: an organizer types an e-mail address, gets a link, and is at the desk after a button.

The page answers alike, and as fast, whoever types what: it tells nobody who organizes a campaign.
"""

import logging
from collections.abc import Sequence

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from boundaries.email_addresses import parse_email
from relay import forms
from relay.errors import StoreError
from relay.letters.desk_mail import write_desk_link
from relay.web.desk_session import (
    PATH,
    end_session,
    find_campaigns,
    keep_session,
    name_organizer,
    open_link,
    read_session,
    sign_link,
    start_session,
)
from relay.web.form_bodies import read_form
from relay.web.responses import PRIVATE, explain, notice, problem, wants_json
from relay.web.services import Services
from relay.web.stopping import stop_letters, view_stop
from theme.faults import Fault
from theme.manifest import Campaign
from theme.pages.views import DeskLine, DoorView, Form

log = logging.getLogger("beaconpost.desk")


async def show_desks(services: Services, request: Request) -> Response:
    """An organizer's campaigns, or where to ask for the link."""
    language = services.site.language(request, request.query_params.get("lang", ""))
    session = read_session(services, request)
    if session is None:
        return _show(services, language, DoorView("ask", PATH))
    lines = await _list(services, language, session.campaigns)
    page = services.site.pages.desks(language, lines, request.query_params.get("done", ""))
    return keep_session(services, session, HTMLResponse(page, headers=PRIVATE))


async def change_desks(services: Services, request: Request) -> Response:
    """`stop` stops the letters of all campaigns of whoever is at the desk, `leave` ends that; else a link is mailed."""
    values = await read_form(request)
    match values.get("action", ""):
        case "leave":
            return end_session(RedirectResponse(PATH, 303, PRIVATE))
        case "stop":
            session = read_session(services, request)
            for campaign in session.campaigns if session else ():
                await stop_letters(services, campaign)
            await services.announce()
            return RedirectResponse(f"{PATH}?done=stopped" if session else PATH, 303, PRIVATE)
        case "":
            return _mail_link(services, request, values)
        case _:
            return notice(services, request, 400)


async def show_button(services: Services, request: Request) -> Response:
    """Mail scanners follow every link, so a GET opens nothing."""
    language = services.site.language(request, request.query_params.get("lang", ""))
    token = request.path_params["token"]
    if open_link(services, token) is None:
        return _too_old(services, request, language)
    return _show(services, language, DoorView("button", f"{PATH}/enter/{token}"))


async def enter(services: Services, request: Request) -> Response:
    await read_form(request)
    organizer = open_link(services, request.path_params["token"])
    if organizer is None:
        return _too_old(services, request, services.site.language(request, ""))
    return start_session(services, RedirectResponse(PATH, 303, PRIVATE), organizer)


def _mail_link(services: Services, request: Request, values: dict[str, str]) -> Response:
    """The mail is queued after the answer, so that its time says nothing either."""
    language = services.site.language(request, values.get("lang", ""))
    faults = forms.check(values, frozenset({"email"})) if values.get("email") else (Fault("email", "required"),)
    if faults:
        if wants_json(request):
            return problem(422, errors=explain(services, faults, language))
        return _show(services, language, DoorView("ask", PATH, Form(values, faults)), 422)
    response = _show(services, language, DoorView("asked", PATH))
    response.background = BackgroundTask(_offer, services, parse_email(values["email"]))
    return response


async def _offer(services: Services, email: str) -> None:
    campaigns = find_campaigns(services, name_organizer(services, email))
    if not campaigns:
        return
    link, until = sign_link(services, email)
    try:
        mail = write_desk_link(campaigns[0].slug, email, link, until, services.frame)
        await services.queue.enqueue(mail, services.now(), [])
        services.outgoing.wake()
    except StoreError as error:
        log.warning("a link to a desk could not be mailed: %s", error)


async def _list(services: Services, language: str, campaigns: Sequence[Campaign]) -> list[DeskLine]:
    return [
        DeskLine(
            campaign.slug,
            campaign.text(language).campaign,
            await services.statistics.count(campaign.slug),
            await view_stop(services, campaign) is not None,
        )
        for campaign in campaigns
    ]


def _too_old(services: Services, request: Request, language: str) -> Response:
    if wants_json(request):
        return problem(404)
    return _show(services, language, DoorView("over", PATH), 404)


def _show(services: Services, language: str, view: DoorView, status: int = 200) -> HTMLResponse:
    return HTMLResponse(services.site.pages.door(language, view), status, PRIVATE)
