"""`POST /campaigns/{slug}/letters`: the form, checked, becomes letters on disk; then the receipt."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from boundaries.email_addresses import find_mailbox, parse_email
from boundaries.model import Pair
from relay import forms
from relay.errors import StoreBusy, StoreError
from relay.letters import Letter, Submission
from relay.letters.addressees import Addressee, address_letters, find_unwritten
from relay.letters.circumstances import Circumstances, client_of, pick_phrases
from relay.letters.mailboxes import fold_mailbox
from relay.letters.wording import Writer, write_confirmation, write_letter, write_receipt
from relay.web.choices import draw_choices
from relay.web.clients import UNKNOWN, address_of
from relay.web.event_page import open_event
from relay.web.form_bodies import UnreadableForm, read_form
from relay.web.matching import ADDRESS, CHOSEN, Match, match_districts, open_proof, write_addresses
from relay.web.origin import classify_sender
from relay.web.participants import is_plausible
from relay.web.responses import PRIVATE, RejectionStatus, invalid_form, missing, notice, reject_form, wants_json
from relay.web.services import Services
from theme.faults import Fault
from theme.fields import CHECKBOXES, DISCLOSURES, FIELD, HONEYPOT
from theme.manifest import Campaign, Confirm
from theme.pages.languages import language_of
from theme.pages.views import Form
from theme.recipients import NamedRecipient

# Characters of a letter with its placeholders filled in, first line and footer: ten times `[Email]` is enough.
MAX_BODY: Final = FIELD["message"].max_chars + 4_000
RETRY_WHEN_BUSY: Final = 10.0  # seconds
RETRY_WHEN_BLOCKED: Final = 3600.0  # seconds; an operator has to act first


async def post_letter(services: Services, request: Request) -> Response:
    campaign = await services.campaigns.find(request.path_params["slug"])
    if campaign is None:
        return missing(services, request)
    if campaign.status == "withdrawn":
        return notice(services, request, 410, campaign)
    try:
        values = await read_form(request)
    except UnreadableForm as error:
        return notice(services, request, error.status, campaign)
    if services.site.phase(campaign) in ("upcoming", "closed"):
        return reject_form(services, request, campaign, values, 409)
    if campaign.slug in services.campaigns.blocked:
        return reject_form(services, request, campaign, values, 503, RETRY_WHEN_BLOCKED)
    valid = _validate(services, campaign, values)
    if isinstance(valid, Form):
        return invalid_form(services, request, campaign, valid)
    submission, letters = _write(services, request, campaign, values, valid)
    if any(len(letter.body) > MAX_BODY for letter in letters):
        fault = Fault("message", "too_long", FIELD["message"].max_chars)
        return invalid_form(services, request, campaign, Form(values, (fault,)))
    confirmation, receipt = _write_to_writer(services, campaign, submission)
    confirm = _when_to_confirm(services, request, campaign, values)
    try:
        circumstances = await _circumstances(services, request, campaign, values, valid)
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


@dataclass(frozen=True, slots=True)
class _Valid:
    """A form without faults, with its districts and addressees."""

    match: Match
    pair: Pair
    to: list[Addressee]


def _validate(services: Services, campaign: Campaign, values: Mapping[str, str]) -> _Valid | Form:
    """What is needed to write the letters; or the form to show again."""
    faults = forms.check(values) + _check_mailbox(services, campaign, values.get("email", ""))
    if {fault.field for fault in faults} & set(ADDRESS):
        return Form(values, faults)
    state = services.rosters.state_of(campaign)
    proven = open_proof(state, values.get("district_proof", ""), services.keys, services.now())
    match = match_districts(state, values, proven)
    faults += match.faults
    if any(fault.code in ("not_a_candidate", "elsewhere") for fault in match.faults):
        values = {name: value for name, value in values.items() if name not in CHOSEN}
    if faults or match.pair is None:
        return Form(values, faults, match.choices, draw_choices(state, match.choices, match.address.town))
    to = address_letters(campaign, state, match.pair, services.rosters.outdated(state))
    if not to:
        no_email = any(seat.name for seat in find_unwritten(campaign, state, match.pair))
        return Form(values, (Fault("city", "no_email" if no_email else "vacant"),))
    return _Valid(match, match.pair, to)


def _check_mailbox(services: Services, campaign: Campaign, email: str) -> tuple[Fault, ...]:
    """Nobody writes as an office, or as us: mail to the writer would flood it, and its answers would circle."""
    try:
        mailbox = find_mailbox(email)
    except ValueError:
        return ()  # `forms.check` has seen that
    state = services.rosters.states.get(campaign.state)
    offices = state.office_addresses if state else frozenset()
    named = {recipient.email for recipient in campaign.recipients if isinstance(recipient, NamedRecipient)}
    known = {find_mailbox(address) for address in (*named, services.outgoing.contact)} | offices
    is_bounce = mailbox.rpartition("@")[2] == services.outgoing.bounce_domain
    return (Fault("email", "invalid"),) if mailbox in known or is_bounce else ()


def _write(
    services: Services, request: Request, campaign: Campaign, values: Mapping[str, str], valid: _Valid
) -> tuple[Submission, list[Letter]]:
    state, match = services.rosters.state_of(campaign), valid.match
    (first, last), email = forms.read_name(values), parse_email(values["email"])
    text = campaign.text(campaign.language)
    town, how = match.address.town, values.get("disclose", DISCLOSURES[0])
    shown = write_addresses(state, match, values)[how]
    # A phone number goes where the full address goes, and nowhere else.
    phone = values.get("phone", "")
    writer = Writer(first, last, email, phone if how == "full" else "", town, state.name, shown, valid.pair)
    words = values.get("subject") or text.subject, values.get("message") or text.message
    letter_key = _letter_key(services, campaign, writer, words, valid.to)
    # With a robot's mark: else a person's post could be taken for the robot's, which the robot may erase.
    chosen = [name for name in (*CHECKBOXES, HONEYPOT) if values.get(name)]
    post_key = services.intake.hash("post", letter_key.hex(), *chosen)
    own_key = forms.read_idempotency_key(values)
    submission = Submission(
        id=services.identifiers.submission(),
        campaign=campaign.slug,
        language=services.site.language(request, values.get("lang", "")),
        first_name=first,
        last_name=last,
        email=email,
        phone=phone,
        town=town,
        senate=valid.pair.senate,
        house=valid.pair.house,
        public_name="public_name" in values and campaign.participants == "names" and is_plausible(first),
        join_list="join_list" in values,
        subject=words[0],
        message=words[1],
        # A draft may be tried again and again.
        repeat_key=services.identifiers.token().encode() if campaign.status == "draft" else letter_key,
        post_key=post_key,
        mailbox_key=services.intake.hash("mailbox", email),
        folded_key=services.intake.hash("folded mailbox", fold_mailbox(email)),
        receipt_token=services.identifiers.token(),
        confirm_token=services.identifiers.token(),
        accepted_at=services.now(),
        retry_key=services.intake.hash("retry", post_key.hex(), own_key) if own_key else b"",
    )
    letters = [
        write_letter(
            services.identifiers.letter(submission.id), submission, campaign, writer, to, words, match.found_by,
            services.frame,
            services.rosters.known_until(state, to.holds),
        )
        for to in valid.to
    ]  # fmt: skip
    return submission, letters


def _letter_key(
    services: Services, campaign: Campaign, writer: Writer, words: tuple[str, str], to: list[Addressee]
) -> bytes:
    """The same for letters that offices could not tell apart."""
    offices = (addressee.identity for addressee in to)
    return services.intake.hash(
        "identical letter",
        campaign.slug,
        writer.email,
        writer.name,
        writer.address,
        writer.phone,
        *(text.strip() for text in words),
        *campaign.bills,
        *offices,
    )


def _write_to_writer(
    services: Services, campaign: Campaign, submission: Submission
) -> tuple[Letter | None, Letter | None]:
    """The mail that asks for confirmation, sent if the letters are held, and the receipt, sent if they are not."""
    if campaign.status == "draft":
        return None, None
    confirm_url = f"{services.site.relay_url}/letters/confirm/{submission.confirm_token}"
    pgettext = language_of(submission.language).pgettext
    new_id = services.identifiers.letter
    about = submission, campaign, confirm_url, services.frame, pgettext
    return write_confirmation(new_id(submission.id), *about), write_receipt(new_id(submission.id), *about)


async def _circumstances(
    services: Services, request: Request, campaign: Campaign, values: Mapping[str, str], valid: _Valid
) -> Circumstances | None:
    """None for a draft, whose letters reach no office, and for a relay that only this machine reaches."""
    if campaign.status == "draft" or not services.limits.public:
        return None
    address = address_of(request, public=True)
    own, around = (address, "") if address == UNKNOWN else client_of(address)
    template = campaign.text(campaign.language).message
    found = valid.match.address
    return Circumstances(
        address=own,
        network=around,
        phrases=pick_phrases(values.get("message") or template, template),
        street=f"{found.street}, {found.town}" if found.street else "",
        house_number=found.number,
        takes_mail=await services.safeguards.takes_mail(parse_email(values["email"]).rpartition("@")[2]),
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
        }
        for addressee in to
    ]
    origin, host = request.headers.get("origin", ""), request.headers.get("host", "")
    base = origin if origin.partition("://")[2] == host else services.site.relay_url
    return JSONResponse({"receipt": base + path, "recipients": recipients}, 202, headers=PRIVATE)
