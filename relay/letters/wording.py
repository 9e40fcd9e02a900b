"""What an office reads: the writer's letter, after a first line for the aide who sorts it and before a footer that says
where it comes from."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final, TypeAlias

from boundaries.model import Pair
from relay.letters import GREETING_SLOT, Kind, Letter, Submission
from relay.letters.addressees import Addressee, title_office
from theme.manifest import Campaign, Site
from theme.placeholders import PLACEHOLDERS, drop_claims, may_claim
from theme.testimony import Testimony

# gettext for the language of the form: (context, English) → translation.
Translate: TypeAlias = Callable[[str, str], str]

SIGNATURE: Final = "-- "  # what follows is not the letter (RFC 3676 section 4.3)

_FULL_NAME: Final = "First Name] [Last Name"  # side by side: no space is left behind by who has a single name
_PLACEHOLDER: Final = re.compile(rf"\[({'|'.join(map(re.escape, (_FULL_NAME, *PLACEHOLDERS)))})\]")
_BETWEEN_PARAGRAPHS: Final = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes."""

    first_name: str
    last_name: str  # "" if they have a single name
    email: str
    phone: str  # "" unless disclosed
    town: str  # "" if it is unknown
    state: str  # its name, which then stands in for the town
    address: str  # one line, as far as disclosed
    pair: Pair

    @property
    def name(self) -> str:
        return join_name(self.first_name, self.last_name)


@dataclass(frozen=True, slots=True)
class Frame:
    """What is the same around all letters of a relay."""

    site: Site
    contact: str  # whom to write to about abuse
    transport: str


def disclose(how: str, street: str, street_name: str, town: str, state: str, zip_code: str) -> str:
    """The address line of a letter: town and state, and more only if `how` (one of DISCLOSURES) says so.

    street: as typed. street_name: as understood, without the number; "" shows none.
    """
    place = f"{town}, {state}"
    if how == "full" and street:
        return f"{street}, {place} {zip_code}".strip()
    if how == "street" and street_name:
        return f"{street_name}, {place}"
    return place


def fill(text: str, writer: Writer, to: Addressee) -> str:
    """Fill in the placeholders that an organizer may use. Other words in brackets stay as they are."""
    values = {
        **_name_values(writer.first_name, writer.last_name),
        "Your Address": writer.address,
        "Legislator": to.greeting,
        "District": to.district or name_districts(writer.pair),
        "Town": writer.town or writer.state,
        "Email": writer.email,
    }
    return _PLACEHOLDER.sub(lambda match: values[match[1]], text)


def fill_without_address(text: str, first_name: str, last_name: str, known: Mapping[str, str]) -> str:
    """For a page that shows no address and is about several offices. known: other placeholders; "" leaves them as they
    are."""
    values = _name_values(first_name, last_name) | {name: value for name, value in known.items() if value}
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def join_name(first_name: str, last_name: str) -> str:
    """last_name: "" if there is a single name."""
    return f"{first_name} {last_name}".strip()


def _name_values(first_name: str, last_name: str) -> dict[str, str]:
    """Whoever has a single name is called by it."""
    return {
        _FULL_NAME: join_name(first_name, last_name),
        "First Name": first_name,
        "Last Name": last_name or first_name,
    }


def _say_where(writer: Writer, to: Addressee) -> str:
    """What an aide looks for first: is it a constituent, and from where; or for which of the member's offices is it."""
    if not to.district:
        place = f"in {writer.town or writer.state}"
        return place if to.kind == "named" else f"{place}. I write to you as {_name_office(to)}"
    return f"in {writer.town}, in your district" if writer.town else "in your district"


def name_districts(pair: Pair) -> str:
    return f"{pair.senate} (Senate) and {pair.house} (House)" if pair.house else pair.senate


def write_subject(subject: str, bills: Sequence[str]) -> str:
    """The subject, naming the bills so that an office can file it; the same for everybody who did not change it."""
    return subject if not bills or any(bill in subject for bill in bills) else f"{subject} ({', '.join(bills)})"


def head_testimony(testimony: Testimony, bills: Sequence[str]) -> str:
    """The bills and where the writer stands on them."""
    kind = {
        "support": "Testimony in support of",
        "oppose": "Testimony in opposition to",
        "neutral": "Neutral testimony on",
    }
    return f"{kind[testimony.position]} {' and '.join(bills)}"


def write_testimony(
    campaign: Campaign, subject: str, message: str, who: tuple[str, str], known: Mapping[str, str]
) -> tuple[str, str]:
    """Subject and message as the committee reads them. who: first and last name. known: other placeholders."""
    template = _drop_claims_of_campaign(campaign.text(campaign.language).message)
    subject, message, template = (
        fill_without_address(drop_claims(text), *who, known) for text in (subject, message, template)
    )
    return subject, put_own_words_first(message, template)


def put_own_words_first(message: str, template: str) -> str:
    """Move paragraphs that the writer added up to the salutation: an aide reads the first lines.

    Only if they are certain: the template's own paragraphs are all there, in order and unchanged. Anything added after
    the last of them, such as a postscript, stays where it is.
    """
    if message.strip() == template.strip():
        return template.strip()
    written, given = _paragraphs(message), [_fold(paragraph) for paragraph in _paragraphs(template)]
    kept = [paragraph for paragraph in written if _fold(paragraph) in given]
    if not kept or [_fold(paragraph) for paragraph in kept] != given:
        return message.strip()
    end = max(position for position, paragraph in enumerate(written) if _fold(paragraph) == given[-1])
    own = [paragraph for paragraph in written[:end] if _fold(paragraph) not in given]
    rest = [paragraph for paragraph in written if paragraph not in own]
    salutation = 1 if rest[0].endswith((",", ":")) else 0
    return "\n\n".join([*rest[:salutation], *own, *rest[salutation:]])


def add_reason(message: str, reason: str) -> str:
    """The message with the writer's own reason as its first paragraph, after the salutation."""
    if not reason.strip():
        return message
    salutation, gap, rest = message.strip().partition("\n\n")
    if salutation.endswith((",", ":")) and "\n" not in salutation:
        return "\n\n".join([salutation, reason.strip(), *([rest.strip()] if gap else [])])
    return f"{reason.strip()}\n\n{message.strip()}"


def write_letter(
    letter_id: str,
    submission: Submission,
    campaign: Campaign,
    writer: Writer,
    to: Addressee,
    words: tuple[str, str],
    found_by: str,
    frame: Frame,
    known_until: datetime | None = None,
) -> Letter:
    """One letter, ready for the outbox.

    words: subject and message of the letter that this office gets, as the writer left them, with placeholders.
    found_by: how the district was found. known_until: as in Letter. A draft's letters are the ones that the offices
    would get, but go to the organizer, marked [TEST].
    """
    # Thanks are for one person, who is greeted now: a successor to the seat does not get them (relay.outbox.seats).
    greeting = "" if to.greeting == GREETING_SLOT or to.letter == "thanks" else to.greeting
    to = to if to.letter == "thanks" else replace(to, greeting=GREETING_SLOT)
    is_test = campaign.status == "draft"
    # Only the writer's own legislators are told that they are: everybody reads the same text.
    given = campaign.text(campaign.language)
    subject, text, template = *words, given.thanks if to.letter == "thanks" else given.message
    if to.kind != "legislator":
        unedited = text == template
        subject, template = drop_claims(subject), _drop_claims_of_campaign(template)
        text = template if unedited else drop_claims(text)
    subject = write_subject(fill(subject, writer, to), campaign.bills)
    lead = f"{subject.rstrip('.!? ')}. I live {_say_where(writer, to)}."
    if campaign.testimony:  # bill and position first, as committees file it
        head = head_testimony(campaign.testimony, campaign.bills)
        subject = f"{head}: {fill(words[0], writer, to)}"
        lead = f"{head}. Hearing: {given.hearing.rstrip('. ')}. I live {_say_where(writer, to)}."
    message = put_own_words_first(fill(text, writer, to), fill(template, writer, to))
    footer = _write_footer(campaign, writer, to, _say_why(writer, to, found_by, message), frame)
    return Letter(
        id=letter_id,
        submission=submission.id,
        campaign=campaign.slug,
        kind="test" if is_test else to.kind,
        chamber=to.chamber,
        district=to.district or to.office,
        to_name=to.full_name,
        to_email=(campaign.organiser or "") if is_test else to.email,
        from_name=f"{writer.name} via {campaign.campaign}",
        reply_to=writer.email,
        subject=f"[TEST] {subject}" if is_test else subject,
        body=f"{lead}\n\n{message}\n\n{footer}\n",
        transport=frame.transport,
        greeting=greeting,
        known_until=known_until,
    )


def write_confirmation(
    letter_id: str,
    submission: Submission,
    campaign: Campaign,
    link: str,
    frame: Frame,
    pgettext: Translate,
    deadline: str = "",
) -> Letter:
    """The mail that asks whether its reader wrote the letters; in the language of the form. deadline: for testimony.

    It repeats nothing that was typed: a stranger may have typed it to have words delivered to this mailbox.
    """
    somebody = pgettext(
        "consent",
        "somebody, we hope it was you, used this e-mail address to write to lawmakers in the campaign “%(campaign)s”.",
    )
    paragraphs = (
        somebody % _name(submission, campaign),
        pgettext(
            "consent",
            "The letter has not been sent. To send it, or to tell us that you did not write it, open this page and "
            "press a button:",
        ),
        link,
        *_say_deadline(deadline, pgettext),
        pgettext(
            "consent",
            "If you do nothing, the letter is never sent, and everything typed is erased after three days.",
        ),
        *_ask_about_list(submission, pgettext),
    )
    subject = pgettext("consent", "Please confirm your letter: %(campaign)s")
    return _write_to_writer("confirmation", letter_id, submission, campaign, subject, paragraphs, frame, pgettext)


def write_receipt(
    letter_id: str, submission: Submission, campaign: Campaign, link: str, frame: Frame, pgettext: Translate
) -> Letter:
    """The mail that thanks, says where to see what becomes of the letters, and last how to deny having written them.
    Nothing typed is in it either, and its link leads to no street and no phone number: the mailbox may be somebody
    else's."""
    thanks = pgettext("consent", "thank you for writing to your lawmakers in the campaign “%(campaign)s”.")
    paragraphs = (
        thanks % _name(submission, campaign),
        pgettext(
            "consent",
            "The letter is accepted and goes out by itself: you need do nothing more. If many letters come at once it "
            "waits its turn, unless you press a button on this page. It also shows what becomes of the letter:",
        ),
        link,
        pgettext(
            "consent",
            "You did not write it? Somebody used your e-mail address. Press the button on that page. What has not gone "
            "out is cancelled, what was typed is erased, and the campaign is told.",
        ),
        *_ask_about_list(submission, pgettext),
    )
    subject = pgettext("consent", "Your letter is accepted: %(campaign)s")
    return _write_to_writer("receipt", letter_id, submission, campaign, subject, paragraphs, frame, pgettext)


def _say_deadline(deadline: str, pgettext: Translate) -> Sequence[str]:
    said = pgettext("consent", "Testimony is taken until %(moment)s. Without your yes by then it is not sent.")
    return (said % {"moment": deadline},) if deadline else ()


def _ask_about_list(submission: Submission, pgettext: Translate) -> Sequence[str]:
    """If they ticked the box of the campaign's list."""
    asked = pgettext(
        "consent",
        "A box was ticked, too, to hear from the campaign. Say yes or no on that page: without a yes, you will not.",
    )
    return (asked,) if submission.join_words else ()


def _name(submission: Submission, campaign: Campaign) -> Mapping[str, str]:
    return {"campaign": campaign.text(submission.language).campaign}


def _write_to_writer(
    kind: Kind,
    letter_id: str,
    submission: Submission,
    campaign: Campaign,
    subject: str,
    paragraphs: Sequence[str],
    frame: Frame,
    pgettext: Translate,
) -> Letter:
    greeting = pgettext("consent", "Hello,")
    never = pgettext(
        "consent",
        "The same page lists whatever else waits for you, and has a button for never getting such a mail again.",
    )
    questions = pgettext("consent", "Questions: %(contact)s") % {"contact": frame.contact}
    signature = "\n".join((SIGNATURE, frame.site.name, questions))
    body = "\n\n".join((greeting, *paragraphs, never, signature)) + "\n"
    about = letter_id, submission.id, campaign.slug
    subject = subject % _name(submission, campaign)
    return make_mail(kind, about, submission.email, subject, body, frame)


def make_mail(kind: Kind, about: tuple[str, str, str], to: str, subject: str, body: str, frame: Frame) -> Letter:
    """A mail from the relay itself, to a writer or an organizer. about: its id, its submission's ("" for none), and the
    campaign's slug."""
    letter_id, submission, campaign = about
    return Letter(
        id=letter_id,
        submission=submission,
        campaign=campaign,
        kind=kind,
        chamber="",
        district="",
        to_name="",
        to_email=to,
        from_name=frame.site.name,
        reply_to=frame.contact,
        subject=subject,
        body=body,
        transport=frame.transport,
    )


def _write_footer(campaign: Campaign, writer: Writer, to: Addressee, why: str, frame: Frame) -> str:
    """First what is about this letter, a line each in the same order. Then what is the same, byte for byte, in every
    letter of a campaign, so that an office's software can recognize it and cut it off."""
    lines = [SIGNATURE]
    if campaign.status == "draft":
        lines.append(f"TEST: only you got this. A real letter goes to {to.full_name}.")
    lines.append(f"Sent by {writer.name} <{writer.email}>, {writer.address},")
    lines.append(f"through “{campaign.campaign}”, a campaign of {frame.site.name}.")
    lines.append(why)
    lines.append(f"Reply to answer {writer.first_name}{f', or telephone {writer.phone}' if writer.phone else ''}.")
    lines.append("")
    if who := frame.site.organization:
        lines.append(f"Who is behind it: {who.name}. {who.line} {who.contact}")
    if frame.site.url:
        lines.append(f"The campaign: {frame.site.url}{campaign.text(campaign.language).url}")
        lines.append(f"How we check letters, for offices: {frame.site.url}{frame.site.offices}")
    lines.append(
        f"To report abuse, or a letter that its named writer did not send: {campaign.organiser or frame.contact}"
    )
    return "\n".join(lines)


def _say_why(writer: Writer, to: Addressee, found_by: str, message: str) -> str:
    """Why this office gets the letter. It contradicts nothing that the letter may say."""
    if to.district:
        return f"District: {to.district}. How it was found: {found_by}."
    if to.kind == "named":
        return f"Written to you as {to.name}."
    stranger = "" if may_claim(message) else f": you are not {writer.first_name}'s own legislator"
    return f"Written to you as {_name_office(to)}{stranger}."


def _name_office(to: Addressee) -> str:
    """A chair's or leader's: "Chair of Judiciary", "Speaker"."""
    return title_office(to.office) if to.kind == "committee" else to.title


@lru_cache(64)  # texts of campaigns: what people write is not kept
def _drop_claims_of_campaign(message: str) -> str:
    return drop_claims(message)


def _paragraphs(text: str) -> list[str]:
    return [part for part in _BETWEEN_PARAGRAPHS.split(text.strip()) if part]


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())
