"""A submission and the letters it becomes: from checked form and found districts to the text an office reads."""

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final, Literal, TypeAlias

from boundaries.model import Chamber, Pair
from boundaries.state import State
from relay.contract import PLACEHOLDERS, Campaign, NamedRecipient, Site

Kind: TypeAlias = Literal["legislator", "committee", "named", "test", "confirmation"]

CHAMBER_OF: Final[dict[str, Chamber]] = {"senator": "senate", "representative": "house"}
_PLACEHOLDER: Final = re.compile(rf"\[({'|'.join(map(re.escape, PLACEHOLDERS))})\]")


@dataclass(frozen=True, slots=True)
class Submission:
    """One person's post, as stored. Everything here is erased once its letters have settled.

    id: 32 hex digits. repeat_key, mailbox_key: keyed hashes of (campaign, e-mail, name, street) and of
    (campaign, e-mail); they recognise a repeat after the rest is gone. senate, house: Open States names.
    """

    id: str
    campaign: str
    language: str
    first_name: str
    last_name: str
    email: str
    phone: str
    town: str
    senate: str
    house: str
    public_name: bool
    join_list: bool
    repeat_key: bytes
    mailbox_key: bytes
    receipt_token: str
    confirm_token: str
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one recipient, ready but for its MIME form.

    id: 32 hex digits, derived from submission and recipient, so that a retry has the same Message-ID.
    transport: the name of the transport it was accepted under; no other may send it.
    """

    id: str
    submission: str
    campaign: str
    kind: Kind
    chamber: str  # "senate", "house" or ""
    district: str
    to_name: str
    to_email: str
    from_name: str
    reply_to: str
    subject: str
    body: str
    transport: str


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, as far as the letter shows it. address: the lines that their disclosure allows, town at least."""

    first_name: str
    last_name: str
    email: str
    town: str
    address: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Addressee:
    """One office to write to. greeting: what `[Legislator]` becomes. district: "" for those who hold none."""

    kind: Kind
    chamber: str
    district: str
    title: str
    name: str
    email: str
    greeting: str


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A seat that nobody holds at present, so that no letter goes to it."""

    chamber: Chamber
    district: str


def disclose(how: str, street: str, street_name: str, town: str, state: str, zip_code: str) -> str:
    """The address line of a letter. street: as typed; street_name: without the number, as understood."""
    place = f"{town}, {state}"
    if how == "full" and street:
        return f"{street}, {place} {zip_code}".strip()
    if how == "street" and street_name:
        return f"{street_name}, {place}"
    return place


def addressees(campaign: Campaign, state: State, pair: Pair) -> tuple[list[Addressee], list[Vacancy]]:
    """Whom a person in `pair` writes to, in the campaign's order, and the seats found vacant."""
    if campaign.status == "draft":
        organiser = campaign.organiser or ""
        return [Addressee("test", "", "", "", campaign.campaign, organiser, "[Legislator]")], []
    found: list[Addressee] = []
    vacant: list[Vacancy] = []
    for recipient in campaign.recipients:
        if isinstance(recipient, NamedRecipient):
            found.append(Addressee("named", "", "", "", recipient.name, recipient.email, recipient.greeting))
            continue
        chamber, district = CHAMBER_OF[recipient], getattr(pair, CHAMBER_OF[recipient])
        member = state.legislator(chamber, district)
        if member is None:
            vacant.append(Vacancy(chamber, district))
        else:
            title = state.titles[chamber]
            greeting = f"{title} {member.family_name}"
            found.append(Addressee("legislator", chamber, district, title, member.name, member.email, greeting))
    return found, vacant


def fill(text: str, writer: Writer, to: Addressee) -> str:
    """Put answers for the placeholders that an organiser may use. Other words in brackets stay as they are."""
    answers = {
        "First Name": writer.first_name,
        "Last Name": writer.last_name,
        "Your Address": writer.address,
        "Legislator": to.greeting,
        "District": to.district or to.name,
        "Town": writer.town,
        "Email": writer.email,
    }
    return _PLACEHOLDER.sub(lambda match: answers[match[1]], text)


def subject_line(subject: str, campaign: Campaign) -> str:
    """The subject with the bills in it, so that an office can file it; the same for every letter to it."""
    missing = [bill for bill in campaign.bills if bill not in subject]
    named = f"{subject} ({', '.join(missing)})" if missing and len(missing) == len(campaign.bills) else subject
    return f"[TEST] {named}" if campaign.status == "draft" else named


def render(
    campaign: Campaign, site: Site, writer: Writer, to: Addressee, subject: str, message: str, found_by: str
) -> tuple[str, str]:
    """Subject and body of one letter. found_by: the rule that found the district, in words."""
    heading = subject_line(fill(subject, writer, to), campaign)
    district = f", in your district ({to.district})" if to.district else ""
    lead = f"{heading.rstrip('.!')}. I live in {writer.town}{district}."
    body = "\n\n".join([lead, fill(message, writer, to).strip(), _footer(campaign, site, writer, to, found_by)])
    return heading, body + "\n"


def _footer(campaign: Campaign, site: Site, writer: Writer, to: Addressee, found_by: str) -> str:
    lines = [
        "-- ",
        f"{writer.name} <{writer.email}> sent this through “{campaign.campaign}”, a campaign of {site.name}.",
        f"Answer to this message and {writer.first_name} will receive it.",
    ]
    if to.district:
        lines.append(f"How the district was found: {found_by}. How much of the address to show is the writer's choice.")
    if to.kind == "test":
        lines.append("TEST: the campaign is a draft, so this went to its organiser only.")
    if site.url:
        lines.append(f"The campaign: {site.url}{campaign.text(campaign.language).url}")
    if campaign.organiser:
        lines.append(f"Questions, or mail you think was not sent by its writer: {campaign.organiser}")
    return "\n".join(lines)


def letter_id(submission: str, email: str) -> str:
    """Stable for a submission and recipient, so that a repeated transmission carries the same Message-ID."""
    return sha256(f"{submission} {email.lower()}".encode()).hexdigest()[:32]


def confirmation(campaign: Campaign, site: Site, submission: Submission, relay_url: str, transport: str) -> Letter:
    """The mail that asks a writer to confirm, sent only if their letters are held."""
    link = f"{relay_url}/letters/confirm/{submission.confirm_token}"
    body = f"""Dear {submission.first_name} {submission.last_name},

somebody, we hope it was you, wrote a letter with this e-mail address in the campaign "{campaign.campaign}".
It has not been sent yet. To send it, or to say that you did not write it, open:

{link}

If you do nothing, the letter is never sent and is erased after three days.

{site.name}
"""
    return Letter(
        id=letter_id(submission.id, f"confirm {submission.email}"),
        submission=submission.id,
        campaign=campaign.slug,
        kind="confirmation",
        chamber="",
        district="",
        to_name=f"{submission.first_name} {submission.last_name}",
        to_email=submission.email,
        from_name=site.name,
        reply_to=campaign.organiser or "",
        subject=f"Please confirm your letter: {campaign.campaign}",
        body=body,
        transport=transport,
    )
