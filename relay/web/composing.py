"""From the form's fields to the letters they make: what Send and the preview have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from boundaries.email_addresses import find_mailbox, parse_email
from boundaries.model import Pair
from relay import forms
from relay.letters import Letter, Submission
from relay.letters.addressees import Addressee, address_letters, find_unwritten
from relay.letters.mailboxes import fold_mailbox
from relay.letters.wording import Writer, write_letter
from relay.web.choices import draw_choices
from relay.web.form_bodies import UnreadableForm, read_form
from relay.web.matching import (
    ADDRESS,
    CHOSEN,
    Match,
    check_address,
    drop_street,
    match_districts,
    open_proof,
    write_addresses,
)
from relay.web.participants import is_plausible
from relay.web.responses import missing, notice, reject_form
from relay.web.services import Services
from relay.web.words import Words, check_brackets, divide, keep_relevant, list_letters, read_words
from theme.faults import Fault
from theme.fields import CHECKBOXES, DISCLOSURES, FIELD, FIELDS, HONEYPOT
from theme.manifest import Campaign
from theme.pages.views import Form
from theme.recipients import NamedRecipient

# Characters of a letter with its placeholders filled in, first line and footer: ten times `[Email]` is enough.
MAX_BODY: Final = FIELD["message"].max_chars + FIELD["reason"].max_chars + 4_000


RETRY_WHEN_BLOCKED: Final = 3600.0  # seconds; an operator has to act first


async def take_form(services: Services, request: Request) -> tuple[Campaign, dict[str, str]] | Response:
    """What was typed, for a campaign that takes letters now; or the answer that says why not."""
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
    return campaign, values


@dataclass(frozen=True, slots=True)
class Valid:
    """A form without faults, with its districts and addressees."""

    match: Match  # without the street, if neither the district nor the letter needs it
    pair: Pair
    to: list[Addressee]


def validate(services: Services, campaign: Campaign, values: Mapping[str, str]) -> Valid | Form:
    """What is needed to write the letters; or the form to show again."""
    state = services.rosters.state_of(campaign)
    proven = open_proof(state, values.get("district_proof", ""), services.keys, services.now())
    address_faults = check_address(values, is_located=proven is not None)
    others = tuple(fault for fault in forms.check(values) if fault.field not in ADDRESS)
    faults = others + _check_mailbox(services, campaign, values.get("email", "")) + check_brackets(campaign, values)
    is_incomplete = bool(address_faults) and {fault.code for fault in address_faults} == {"required"}
    if address_faults and not (is_incomplete and values.get("city")):
        return Form(values, _in_order(address_faults + keep_relevant(faults, list_letters(campaign, None))))
    match = match_districts(state, values, proven)
    to = address_letters(campaign, state, match.pair, services.rosters.outdated(state)) if match.pair else None
    faults = keep_relevant(faults, list_letters(campaign, to))
    if address_faults:  # all at once
        more = tuple(fault for fault in match.faults if fault.code == "no_street")
        return Form(values, _in_order(address_faults + faults + more))
    faults += match.faults
    if any(fault.code in ("not_a_candidate", "elsewhere") for fault in match.faults):
        values = {name: value for name, value in values.items() if name not in CHOSEN}
    if faults or match.pair is None:
        return Form(values, faults, match.choices, draw_choices(state, match.choices, match.address.town))
    if not to:
        no_email = any(seat.name for seat in find_unwritten(campaign, state, match.pair))
        return Form(values, (Fault("city", "no_email" if no_email else "vacant"),))
    return Valid(drop_street(state, match, values), match.pair, to)


def _in_order(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """As the fields are on the page."""
    names = [field.name for field in FIELDS]
    return tuple(sorted(faults, key=lambda fault: names.index(fault.field) if fault.field in names else len(names)))


def _check_mailbox(services: Services, campaign: Campaign, email: str) -> tuple[Fault, ...]:
    """Nobody writes as an office, or as us: mail to the writer would flood it, and its answers would circle."""
    try:
        mailbox = find_mailbox(email)
    except ValueError:
        return ()  # `forms.check` has seen that
    state = services.rosters.states.get(campaign.state)
    offices = state.office_addresses if state else frozenset()
    named = {recipient.email for recipient in campaign.parsed_recipients if isinstance(recipient, NamedRecipient)}
    known = {find_mailbox(address) for address in (*named, services.outgoing.contact)} | offices
    is_bounce = mailbox == f"bounces@{services.outgoing.bounce_domain}"  # that domain may have people, too
    return (Fault("email", "invalid"),) if mailbox in known or is_bounce else ()


def write(
    services: Services, request: Request, campaign: Campaign, values: Mapping[str, str], valid: Valid
) -> tuple[Submission, list[Letter]]:
    state, match = services.rosters.state_of(campaign), valid.match
    (first, last), email = forms.read_name(values), parse_email(values["email"])
    town, how = match.address.town, values.get("disclose", DISCLOSURES[0])
    shown = write_addresses(state, match, values)[how]
    # A phone number goes where the full address goes, and nowhere else.
    phone = values.get("phone", "")
    writer = Writer(first, last, email, phone if how == "full" else "", town, state.name, shown, valid.pair)
    words = read_words(campaign, values)
    said, thanks = divide(words, valid.to)
    letter_key = _letter_key(services, campaign, writer, words, valid.to)
    # With a robot's mark: else a person's post could be taken for the robot's, which the robot may erase.
    chosen = [name for name in (*CHECKBOXES, HONEYPOT) if values.get(name)]
    post_key = services.intake.hash("post", letter_key.hex(), *chosen)
    own_key = forms.read_idempotency_key(values)
    language = services.site.language(request, values.get("lang", ""))
    # Who tried a draft has not written yet: the real letter is their first.
    rehearsal = "draft's " if campaign.status == "draft" else ""
    submission = Submission(
        id=services.identifiers.submission(),
        campaign=campaign.slug,
        language=language,
        first_name=first,
        last_name=last,
        email=email,
        phone=phone,
        town=town,
        senate=valid.pair.senate,
        house=valid.pair.house,
        public_name="public_name" in values and campaign.participants == "names" and is_plausible(first),
        join_words=_read_join(campaign, language, values),
        gave_reason=bool(values.get("reason")),
        own_words=_has_own_words(campaign, words, valid.to),
        subject=said[0],
        message=said[1],
        thanks=thanks,
        # A draft may be tried again and again.
        repeat_key=services.identifiers.token().encode() if rehearsal else letter_key,
        post_key=post_key,
        mailbox_key=services.intake.hash(f"{rehearsal}mailbox", email),
        folded_key=services.intake.hash(f"{rehearsal}folded mailbox", fold_mailbox(email)),
        receipt_token=services.identifiers.token(),
        confirm_token=services.identifiers.token(),
        accepted_at=services.now(),
        retry_key=services.intake.hash("retry", post_key.hex(), own_key) if own_key else b"",
    )
    letters = [
        write_letter(
            services.identifiers.letter(submission.id), submission, campaign, writer, to, words[to.letter],
            match.found_by,
            services.frame,
            services.rosters.known_until(state, to.holds),
        )
        for to in valid.to
    ]  # fmt: skip
    return submission, letters


def _has_own_words(campaign: Campaign, words: Words, to: Sequence[Addressee]) -> bool:
    given = campaign.text(campaign.language)
    texts = {addressee.letter: given.thanks if addressee.letter == "thanks" else given.message for addressee in to}
    return any(words[letter][1].split() != text.split() for letter, text in texts.items())


def _read_join(campaign: Campaign, language: str, values: Mapping[str, str]) -> str:
    """The words of the box as its page showed them; "" if it was not ticked, or there is none."""
    return campaign.text(language).join if "join_list" in values and campaign.join_privacy else ""


def find_overlong(letters: Sequence[Letter]) -> Fault | None:
    """Placeholders may make a letter longer than what was typed."""
    is_too_long = any(len(letter.body) > MAX_BODY for letter in letters)
    return Fault("message", "too_long", FIELD["message"].max_chars) if is_too_long else None


def _letter_key(services: Services, campaign: Campaign, writer: Writer, words: Words, to: list[Addressee]) -> bytes:
    """The same for letters that offices could not tell apart."""
    offices = [addressee.identity + (" thanks" if addressee.letter == "thanks" else "") for addressee in to]
    given = campaign.text(campaign.language)
    used = [words[name] for name in sorted({addressee.letter for addressee in to})]
    return services.intake.hash(
        "identical letter",
        campaign.slug,
        writer.email,
        writer.name,
        writer.address,
        writer.phone,
        *(text.strip() for letter in used for text in letter),
        *campaign.bills,
        *((campaign.testimony.position, given.hearing) if campaign.testimony else ()),
        *offices,
    )
