"""`/letters/erase`: who lost the receipt types an e-mail address, and gets a link that erases everything of it.

The page answers alike, and as fast, whoever wrote: it says nothing about a mailbox but to its owner.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from boundaries.email_addresses import parse_email
from relay import forms
from relay.errors import StoreError
from relay.letters import Letter
from relay.letters.erasure_mail import write_erasure_mail
from relay.letters.mailboxes import fold_mailbox
from relay.web.form_bodies import read_form
from relay.web.responses import PRIVATE, explain, notice, problem, wants_json
from relay.web.services import Services
from theme.faults import Fault
from theme.pages.languages import language_of
from theme.pages.views import ErasedView, ErasureView, Form

log = logging.getLogger("beaconpost.erasure")

PATH: Final = "/letters/erase"
LINK_LASTS: Final = timedelta(days=3)
_PURPOSE: Final = "erase mailbox"


@dataclass(frozen=True, slots=True)
class _Mailbox:
    """Whose link it is."""

    key: bytes  # of the address as it was typed
    folded_key: bytes  # without variants


async def ask(services: Services, request: Request) -> Response:
    language = services.site.language(request, request.query_params.get("lang", ""))
    return _show(services, language, ErasureView("ask", PATH, services.outgoing.contact))


async def mail_link(services: Services, request: Request) -> Response:
    """The mail is queued after the answer, so that its time says nothing either."""
    values = await read_form(request)
    language = services.site.language(request, values.get("lang", ""))
    faults = forms.check(values, frozenset({"email"}))
    if not values.get("email"):
        faults = (Fault("email", "required"),)
    if faults:
        if wants_json(request):
            return problem(422, errors=explain(services, faults, language))
        view = ErasureView("ask", PATH, services.outgoing.contact, Form(values, faults))
        return _show(services, language, view, 422)
    response = _show(services, language, ErasureView("asked", PATH, services.outgoing.contact))
    response.background = BackgroundTask(_offer, services, parse_email(values["email"]), language)
    return response


async def show_button(services: Services, request: Request) -> Response:
    """Mail scanners follow every link, so a GET changes nothing."""
    language = services.site.language(request, request.query_params.get("lang", ""))
    if _open(services, request) is None:
        return _too_old(services, request, language)
    url = f"{PATH}/{request.path_params['token']}"
    return _show(services, language, ErasureView("button", url, services.outgoing.contact))


async def erase(services: Services, request: Request) -> Response:
    """`erase`, or `opt_out` and `opt_in`, which are about mail to this mailbox."""
    mailbox, values = _open(services, request), await read_form(request)
    language = services.site.language(request, values.get("lang", ""))
    if mailbox is None:
        return _too_old(services, request, language)
    action = values.get("action")
    if action in ("opt_out", "opt_in"):
        await services.intake.opt_out_mailbox(mailbox.folded_key, out=action == "opt_out")
        url = f"{PATH}/{request.path_params['token']}"
        view = ErasureView("button", url, services.outgoing.contact, opted_out=action == "opt_out")
        return _show(services, language, view)
    if action != "erase":
        return notice(services, request, 400)
    erasures = await services.intake.erase_mailbox(mailbox.key, services.now())
    names = {campaign.slug: campaign.text(language).campaign for campaign in services.campaigns.all()}
    erased = tuple(
        ErasedView(names.get(erasure.campaign, erasure.campaign), erasure.cancelled, erasure.gone)
        for erasure in erasures
    )
    return _show(services, language, ErasureView("done", PATH, services.outgoing.contact, erased=erased))


async def _offer(services: Services, email: str, language: str) -> None:
    mailbox_key = services.intake.hash("mailbox", email)
    folded_key = services.intake.hash("folded mailbox", fold_mailbox(email))

    def write_mail(submission: str, campaign: str, due: datetime) -> Letter:
        token = services.keys.sign(_PURPOSE, f"{mailbox_key.hex()} {folded_key.hex()}", due + LINK_LASTS)
        link = f"{services.site.relay_url}{PATH}/{token}?lang={language}"
        pgettext = language_of(language).pgettext
        new_id = services.identifiers.letter(submission)
        return write_erasure_mail(new_id, submission, campaign, email, link, services.frame, pgettext)

    try:
        if await services.intake.offer_erasure(mailbox_key, write_mail, services.now()):
            services.outgoing.wake()
    except StoreError as error:
        log.warning("a link that erases could not be mailed: %s", error)


def _open(services: Services, request: Request) -> _Mailbox | None:
    """None if we did not sign the link or it is too old."""
    signed = services.keys.open(_PURPOSE, request.path_params["token"], services.now())
    if not signed or " " not in signed:  # an earlier release's, whose last is too old three days after the upgrade
        return None
    key, folded_key = map(bytes.fromhex, signed.split(" "))
    return _Mailbox(key, folded_key)


def _too_old(services: Services, request: Request, language: str) -> Response:
    if wants_json(request):
        return problem(404)
    return _show(services, language, ErasureView("over", PATH, services.outgoing.contact), 404)


def _show(services: Services, language: str, view: ErasureView, status: int = 200) -> HTMLResponse:
    return HTMLResponse(services.site.pages.erasure(language, view), status, PRIVATE)
