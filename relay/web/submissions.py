"""`POST /campaigns/{slug}/letters`: the form, checked, becomes letters on disk; then the receipt."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from boundaries.model import Pair
from relay import forms
from relay.errors import StoreBusy, StoreError
from relay.letters import Letter, Submission
from relay.letters.recipients import Addressee, address_letters, find_unwritten
from relay.letters.wording import Writer, write_confirmation, write_letter, write_receipt
from relay.web.choices import draw_choices
from relay.web.desk import Desk
from relay.web.form_bodies import Unreadable, read_form
from relay.web.matching import ADDRESS, CHOSEN, Found, find, open_proof, write_addresses
from relay.web.middleware import is_foreign
from relay.web.responses import PRIVATE, RefusalStatus, complain, missing, notice, refuse, wants_json
from theme.faults import Fault
from theme.fields import DISCLOSURES
from theme.manifest import Campaign, Confirm
from theme.pages.languages import language_of
from theme.pages.views import Form

BUSY: Final = 10.0  # seconds after which to try again when the queue is full
BLOCKED: Final = 3600.0  # when an operator has to act first


async def post_letter(desk: Desk, request: Request) -> Response:
    campaign = await desk.campaigns.find(request.path_params["slug"])
    if campaign is None:
        return missing(desk, request)
    if campaign.status == "withdrawn":
        return notice(desk, request, 410, campaign)
    try:
        values = await read_form(request)
    except Unreadable as error:
        if error.status == 413:
            return refuse(desk, request, campaign, error.values, 413)
        return notice(desk, request, error.status, campaign)
    if refusal := _refusal(desk, request, campaign):
        return refuse(desk, request, campaign, values, *refusal)
    checked = _check(desk, campaign, values)
    if isinstance(checked, Form):
        return complain(desk, request, campaign, checked)
    submission, letters, confirm = _write(desk, request, campaign, values, checked)
    try:
        accepted = await desk.outbox.accept(submission, letters, *_write_to_writer(desk, campaign, submission, confirm))
    except StoreError as error:
        if not isinstance(error, StoreBusy):  # a queue that is full for a moment is no trouble
            desk.note_refused(error)
        return refuse(desk, request, campaign, values, 503, BUSY)
    desk.refused = None
    if not accepted.repeat:
        desk.wake()
    return _thank(desk, request, submission, checked.to, held=accepted.held)


@dataclass(frozen=True, slots=True)
class _Checked:
    """A form in which nothing is wrong, with its districts and addressees."""

    found: Found
    pair: Pair
    to: list[Addressee]


def _refusal(desk: Desk, request: Request, campaign: Campaign) -> tuple[RefusalStatus, float] | None:
    """Why no letter can be taken, whatever is in it, and the seconds after which one may."""
    if is_foreign(request, desk.front.origins):
        return 403, 0
    if desk.phase(campaign) in ("upcoming", "closed"):
        return 409, 0
    if campaign.slug in desk.campaigns.blocked:
        return 503, BLOCKED
    wait = desk.letters.wait(request.client.host if request.client else "")
    return (429, wait) if wait else None


def _check(desk: Desk, campaign: Campaign, values: Mapping[str, str]) -> _Checked | Form:
    """What is needed to write the letters; or the form as it should be shown again."""
    faults = forms.check(values)
    if {fault.field for fault in faults} & set(ADDRESS):
        return Form(values, faults)
    state = desk.state_of(campaign)
    found = find(state, values, open_proof(state, values.get("district_proof", ""), desk.keys, desk.now()))
    faults += found.faults
    if any(fault.code in ("not_a_candidate", "elsewhere") for fault in found.faults):
        values = {name: value for name, value in values.items() if name not in CHOSEN}
    if faults or found.pair is None:
        return Form(values, faults, found.choices, draw_choices(state, found.choices, found.address.town))
    to = address_letters(campaign, state, found.pair, desk.outdated(state))
    if not to:
        silent = any(seat.name for seat in find_unwritten(campaign, state, found.pair))
        return Form(values, (Fault("city", "no_email" if silent else "vacant"),))
    return _Checked(found, found.pair, to)


def _write(
    desk: Desk, request: Request, campaign: Campaign, values: Mapping[str, str], checked: _Checked
) -> tuple[Submission, list[Letter], Confirm]:
    """The submission with its letters, and when they wait for a confirmation."""
    state, address = desk.state_of(campaign), checked.found.address
    first, last, email = values["first_name"], values["last_name"], values["email"]
    town, how = address.town, values.get("disclose", DISCLOSURES[0])
    shown = write_addresses(state, checked.found, values)[how]
    # A telephone number goes where the full address goes, and nowhere else.
    phone = values.get("phone", "")
    writer = Writer(first, last, email, phone if how == "full" else "", town, state.name, shown, checked.pair)
    submission = Submission(
        id=desk.new_id(),
        campaign=campaign.slug,
        language=desk.language(request, values.get("lang", "")),
        first_name=first,
        last_name=last,
        email=email,
        phone=phone,
        town=town,
        senate=checked.pair.senate,
        house=checked.pair.house,
        public_name="public_name" in values and campaign.participants == "names",
        join_list="join_list" in values,
        repeat_key=desk.keys.digest("repeat", campaign.slug, email, writer.name, values.get("street", "")),
        mailbox_key=desk.keys.digest("mailbox", campaign.slug, email),
        receipt_token=desk.token(),
        confirm_token=desk.token(),
        accepted_at=desk.now(),
    )
    text = campaign.text(campaign.language)
    words = values.get("subject") or text.subject, values.get("message") or text.message
    letters = [
        write_letter(
            submission, campaign, writer, one, words, checked.found.found_by, desk.frame,
            desk.known_until(state, one.holds),
        )
        for one in checked.to
    ]  # fmt: skip
    return submission, letters, _confirm(campaign, values)


def _write_to_writer(
    desk: Desk, campaign: Campaign, submission: Submission, confirm: Confirm
) -> tuple[Letter | None, Confirm, Letter | None]:
    """The mail that asks for a confirmation, when it is needed, and the one that gives the receipt where it is not."""
    confirming = f"{desk.relay_url}/letters/confirm/{submission.confirm_token}"
    receipt = f"{desk.relay_url}/receipts/{submission.receipt_token}"
    pgettext = language_of(submission.language).pgettext
    asking = write_confirmation(submission, campaign, confirming, desk.frame, pgettext)
    if campaign.status == "draft":
        return None, confirm, None
    return asking, confirm, write_receipt(submission, campaign, receipt, confirming, desk.frame, pgettext)


def _confirm(campaign: Campaign, values: Mapping[str, str]) -> Confirm:
    """A draft's letters go to its organiser, so nobody is asked. Robots fill in every field, and do not read mail;
    a person whose browser did it for them confirms, and no letter is dropped in silence."""
    if campaign.status == "draft":
        return "never"
    return "always" if forms.is_robot(values) else campaign.confirm


def _thank(desk: Desk, request: Request, submission: Submission, to: list[Addressee], *, held: bool) -> Response:
    """A browser keeps the host name that it came by; a script on another origin needs the whole address."""
    path = f"/receipts/{submission.receipt_token}"
    if not wants_json(request):
        return RedirectResponse(path, 303, PRIVATE)
    recipients = [
        {"chamber": one.chamber, "title": one.title, "name": one.name, "district": one.district} for one in to
    ]
    origin, host = request.headers.get("origin", ""), request.headers.get("host", "")
    here = origin if origin.partition("://")[2] == host else desk.relay_url
    return JSONResponse({"receipt": here + path, "recipients": recipients, "held": held}, 202, headers=PRIVATE)
