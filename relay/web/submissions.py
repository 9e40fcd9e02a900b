"""`POST /campaigns/{slug}/letters`: the form's letters go to disk; then the receipt."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from relay import forms
from relay.errors import StoreBusy, StoreError
from relay.letters import Letter, Submission
from relay.letters.addressees import Addressee
from relay.letters.circumstances import Circumstances, client_of, pick_phrases
from relay.letters.wording import write_confirmation, write_receipt
from relay.web.clients import UNKNOWN, address_of
from relay.web.composing import Valid, find_overlong, take_form, validate, write
from relay.web.event_page import open_event
from relay.web.form_bodies import UnreadableForm, read_form
from relay.web.origin import classify_sender
from relay.web.responses import (
    PRIVATE,
    RejectionStatus,
    invalid_form,
    missing,
    notice,
    reject_form,
    wants_json,
)
from relay.web.services import Services
from theme.manifest import Campaign, Confirm
from theme.pages.languages import language_of
from theme.pages.views import Form

RETRY_WHEN_BUSY: Final = 10.0  # seconds


async def post_letter(services: Services, request: Request) -> Response:
    taken = await take_form(services, request)
    if isinstance(taken, Response):
        return taken
    return await _post(services, request, *taken)


async def _post(services: Services, request: Request, campaign: Campaign, values: Mapping[str, str]) -> Response:
    valid = validate(services, campaign, values)
    if isinstance(valid, Form):
        return invalid_form(services, request, campaign, valid)
    submission, letters = write(services, request, campaign, values, valid)
    if fault := find_overlong(letters):
        return invalid_form(services, request, campaign, Form(values, (fault,)))
    confirmation, receipt = _write_to_writer(services, campaign, submission)
    confirm = _when_to_confirm(services, request, campaign, values)
    try:
        circumstances = await _circumstances(services, request, campaign, values, valid, submission)
        accepted = await services.intake.accept(submission, letters, confirmation, confirm, receipt, circumstances)
    except StoreError as error:
        if not isinstance(error, StoreBusy):  # a queue that is full for a moment is no fault
            services.store_health.failed(error)
        return reject_form(services, request, campaign, values, 503, RETRY_WHEN_BUSY)
    services.store_health.succeeded()
    if accepted.retry_after:
        return reject_form(services, request, campaign, values, 429, accepted.retry_after)
    if accepted.suspected or accepted.paced:
        await services.safeguards.sound_alarm(campaign)
    if not accepted.repeat:
        services.outgoing.wake()
    return _thank(services, request, submission, valid.to)


async def reject_unless_expected(
    services: Services, request: Request, status: RejectionStatus, retry_after: float
) -> Response:
    """A post over its address's limit, which people in a hall share: with an event's code it is one of many expected
    ones, which have a wider limit. How many letters the code is good for, the store counts."""
    if status != 429:
        return await reject_letter(services, request, status, retry_after)
    taken = await take_form(services, request)
    if isinstance(taken, Response):
        return taken
    campaign, values = taken
    is_expected = open_event(services.keys, campaign.slug, values.get("event", ""), services.now()) is not None
    if is_expected and not services.limits.events.wait(address_of(request, public=services.limits.public)):
        return await _post(services, request, campaign, values)
    return reject_form(services, request, campaign, values, 429, retry_after)


async def reject_letter(services: Services, request: Request, status: RejectionStatus, retry_after: float) -> Response:
    """A post that is not let in keeps what was typed, for a person to send again."""
    campaign = await services.campaigns.find(request.path_params["slug"])
    if campaign is None:
        return missing(services, request)
    if campaign.status == "withdrawn":
        return notice(services, request, 410, campaign)
    try:
        values = {} if wants_json(request) else await read_form(request)
    except UnreadableForm as error:
        return notice(services, request, error.status, campaign)
    return reject_form(services, request, campaign, values, status, retry_after)


def _write_to_writer(
    services: Services, campaign: Campaign, submission: Submission
) -> tuple[Letter | None, Letter | None]:
    """The mail that asks for confirmation, sent if the letters are held, and the receipt, sent if they are not."""
    if campaign.status == "draft":
        return None, None
    confirm_url = f"{services.site.relay_url}/letters/confirm/{submission.confirm_token}"
    language = language_of(submission.language)
    pgettext, deadline = language.pgettext, ""
    if campaign.testimony:
        deadline = language.deadline(campaign.testimony.deliver_by, services.site.zone)
    new_id = services.identifiers.letter
    about = submission, campaign, confirm_url, services.frame, pgettext
    return write_confirmation(new_id(submission.id), *about, deadline), write_receipt(new_id(submission.id), *about)


async def _circumstances(
    services: Services,
    request: Request,
    campaign: Campaign,
    values: Mapping[str, str],
    valid: Valid,
    submission: Submission,
) -> Circumstances | None:
    """None for a draft, whose letters reach no office, and for a relay that only this machine reaches."""
    if campaign.status == "draft" or not services.limits.public:
        return None
    address = address_of(request, public=True)
    own, around = (address, "") if address == UNKNOWN else client_of(address)
    text, thanks = campaign.text(campaign.language), submission.thanks
    written = f"{submission.message}\n\n{thanks.message if thanks else ''}"
    found = valid.match.address
    return Circumstances(
        address=own,
        network=around,
        phrases=pick_phrases(written, f"{text.message}\n\n{text.thanks}"),
        street=f"{found.street}, {found.town}" if found.street else "",
        house_number=found.number,
        takes_mail=await services.safeguards.takes_mail(submission.email.rpartition("@")[2]),
        pace=services.safeguards.pace,
        event=open_event(services.keys, campaign.slug, values.get("event", ""), services.now()),
    )


def _when_to_confirm(services: Services, request: Request, campaign: Campaign, values: Mapping[str, str]) -> Confirm:
    """A draft's letters go to its organizer, so nobody is asked. Robots fill in every field, or post without a browser,
    and do not read mail; a person of whom we think so confirms, and no letter is dropped silently."""
    if campaign.status == "draft":
        return "never"
    is_suspect = forms.is_robot(values) or classify_sender(request.headers, services.site.origins) == "unknown"
    return "always" if is_suspect else campaign.confirm


def _thank(services: Services, request: Request, submission: Submission, to: list[Addressee]) -> Response:
    """The same for every accepted post, whoever wrote before.

    A browser keeps the host name it used; a script on another origin needs the absolute URL.
    """
    path = f"/receipts/{submission.receipt_token}"
    if not wants_json(request):
        return RedirectResponse(path, 303, PRIVATE)
    recipients = [
        {
            "chamber": addressee.chamber,
            "title": addressee.title,
            "name": addressee.name,
            "district": addressee.district,
            "letter": addressee.letter,
        }
        for addressee in to
    ]
    origin, host = request.headers.get("origin", ""), request.headers.get("host", "")
    base = origin if origin.partition("://")[2] == host else services.site.relay_url
    return JSONResponse({"receipt": base + path, "recipients": recipients}, 202, headers=PRIVATE)
