"""The relay's messages to visitors, in their language. Each says what is wrong and what to do.

`_` is gettext for that language. Every message is a literal here, so that `make messages` finds it.
"""
# ruff: noqa: RUF001  (typographic apostrophes)

from collections.abc import Callable, Sequence
from typing import TypeAlias

from theme.faults import Fault
from theme.fields import FIELD
from theme.pages.languages import Language

Gettext: TypeAlias = Callable[[str], str]


def explain_fault(fault: Fault, language: Language) -> str:
    """The message for one form error, for the summary and next to its field. Plain text."""
    _ = language.gettext
    match fault.code:
        case "required":
            return _explain_required(fault.field, _)
        case "too_long":
            text = language.ngettext(
                "%(label)s is too long: %(limit)s character at most.",
                "%(label)s is too long: %(limit)s characters at most.",
                fault.limit,
            )
            return text % {"label": _label(fault.field, _), "limit": language.number(fault.limit)}
        case "invalid":
            return _explain_invalid(fault.field, _)
        case "unprintable":
            return _("%(label)s holds characters that cannot be shown: type it again instead of pasting it.") % {
                "label": _label(fault.field, _)
            }
        case "foreign_letters":
            return _(
                "Some offices cannot write back to an e-mail address that has “%(letters)s” before the @. Please use "
                "another address."
            ) % {"letters": fault.letters}
        case "no_street":
            return _("Enter your street address: your town has more than one district, and the street decides.")
        case "brackets":
            return _(
                "Some words are still in [square brackets], and nobody fills them in. Change them, or press Send "
                "again to send them."
            )
        case "po_box":
            return _(
                "Enter the street address where you live. A PO box says where your mail goes, not which district "
                "you live in."
            )
        case "no_number":
            return _("Add your house number: your street runs through more than one district.")
        case "gap":
            return _("Your address is close to a line between districts. Choose yours.")
        case "several_streets":
            return _("Two streets in your town fit what you typed. Write the street in full, or choose your district.")
        case "unknown_street":
            return _(
                "We could not find that street in that town. Check the spelling and the town, or choose your district."
            )
        case "unknown_town":
            return _("We know neither that city or town nor that ZIP code in this state. Check both.")
        case "several_towns":
            return _(
                "More than one town fits what you typed. Enter your street address, and the city or town rather than "
                "the village."
            )
        case "other_state":
            return _(
                "That address is in another state, and this campaign writes to the lawmakers of %(state)s. If you live "
                "there, correct it."
            ) % {"state": fault.state}
        case "not_a_candidate":
            return _("Those two districts do not meet at your address. Choose one from each list that go together.")
        case "elsewhere":
            return _("Your device is not in the districts of the address you typed. Check the address.")
        case "no_place":
            return _("Your device gave no place in this state. Enter your address instead.")
        case "vacant":
            return _("Nobody holds the seats this campaign writes to at your address just now, so nothing was sent.")
        case "no_email":
            return _("The offices this campaign writes to take no e-mail, so nothing was sent. Please call them.")


def name_recipients(asked: Sequence[str], thanked: Sequence[str], _: Gettext) -> str:
    """What the page says when an address is matched. asked, thanked: the recipients of each letter; "" for a vacant
    seat."""
    vacant = _("(the seat is vacant)")
    ask, thanks = (", ".join(name or vacant for name in names) for names in (asked, thanked))
    said = [_("Your letter goes to %(names)s.") % {"names": ask}] if ask else []
    if thanks:
        said.append(_("Your thank-you letter goes to %(names)s.") % {"names": thanks})
    return " ".join(said)


def mark_thanked(name: str, _: Gettext) -> str:
    """In the list of recipients."""
    return _("%(name)s (thank-you letter)") % {"name": name}


def describe_stand(stand: str, _: Gettext) -> str:
    """Where a legislator stands, in the table."""
    match stand:
        case "supports":
            return _("Supports it")
        case "cosponsor":
            return _("Cosponsor")
        case "opposes":
            return _("Opposes it")
        case _:
            return _("Not known yet")


def preview_fault(fault: Fault, language: Language) -> str:
    """What the page says while an address is ambiguous or unknown and nothing has been sent. The choice comes later."""
    _ = language.gettext
    match fault.code:
        case "gap":
            return _("Your address is near the line between districts. We will ask you to choose when you send.")
        case "no_street":
            return _("Your town has more than one district. Add your street address.")
        case "unknown_street":
            return _(
                "We could not find this address yet. Check the spelling; you can also choose your district when "
                "you send."
            )
        case _:
            return explain_fault(fault, language)


def explain_refusal(status: int, _: Gettext) -> str:
    """Why a valid letter was not accepted. What was typed stays in the form."""
    match status:
        case 403:
            return _("This letter came from a page that we do not know. Check it here and send it again.")
        case 409:
            return _("This campaign is not taking letters now. Nothing was sent.")
        case 429:
            return _("Too many letters came from your connection just now. Wait a few minutes and send it again.")
        case _:
            return _("We cannot take letters just now. Nothing you typed is lost: send it again in a minute.")


def explain_deadline(_: Gettext) -> str:
    """Why a testimony was not accepted."""
    return _("The deadline for written testimony has passed. Nothing was sent.")


def describe_position(position: str, _: Gettext) -> str:
    """What a testimony says of its bills."""
    match position:
        case "support":
            return _("In support")
        case "oppose":
            return _("In opposition")
        case _:
            return _("Neutral")


def title_notice(status: int, _: Gettext) -> str:
    """The heading of a page for an HTTP status."""
    match status:
        case 400 | 408 | 415:
            return _("We could not read that")
        case 403:
            return _("That did not come from our page")
        case 404:
            return _("There is no page here")
        case 405:
            return _("This address takes no visits")
        case 410:
            return _("This campaign was withdrawn")
        case 413:
            return _("That is too long")
        case 429:
            return _("Too many at once")
        case 503:
            return _("We cannot take letters just now")
        case _:
            return _("Something went wrong on our side")


def explain_notice(status: int, _: Gettext) -> str:
    """What to do, under the heading of a page for an HTTP status."""
    match status:
        case 400 | 408 | 415:
            return _("Go back and send it again from the campaign’s page.")
        case 403:
            return _("Open the campaign’s own page and send your letter from there.")
        case 404:
            return _("The link may be old or cut short. A receipt is forgotten some time after its letters have gone.")
        case 405:
            return _("It only receives what the campaign’s page sends. Go back and start from there.")
        case 410:
            return _("Its organizers took it back. No letter was sent.")
        case 413:
            return _("Your browser still has what you typed: go back, make the letter shorter, and send it again.")
        case 429:
            return _("Wait a few minutes, go back and try again.")
        case 503:
            return _("Nothing was sent. Go back and send it again in a minute.")
        case _:
            return _("Go back and try again in a minute. A letter that we accepted before is not lost.")


def describe_status(status: str, _: Gettext) -> str:
    """The status of one letter, for its writer.

    status: a `relay.outbox.LetterStatus`; "waits for …" for a held letter; "paced"; "captured" for one accepted by a
    relay that sends nothing outside.
    """
    match status:
        case "captured":
            return _("Captured here. No office received it.")
        case "held":
            return _("Waiting for you: say yes by the link we e-mailed you. Look in the spam folder too.")
        case "waits for address":
            return _("Waiting: the office’s address is being checked.")
        case "waits for roster":
            return _("Waiting: a new term has begun. It goes to whoever holds this seat now.")
        case "paced":
            return _("Waiting its turn: many letters to this office arrived at once.")
        case "queued" | "sending":
            return _("Accepted. It will be sent soon.")
        case "sent":
            return _("Delivered to the office’s mail server.")
        case "bounced":
            return _("Came back undelivered. Their phone still works.")
        case "failed":
            return _("Could not be delivered. The organizers have been told; the phone still works.")
        case "cancelled":
            return _("Cancelled before it was sent.")
        case _:
            return _("Not sent: it was not confirmed in time.")


def describe_status_to_organizers(status: str, _: Gettext) -> str:
    """Like `describe_status`, for the campaign's organizers."""
    match status:
        case "held":
            return _("Waiting for its writer to confirm it.")
        case "failed":
            return _("Could not be delivered.")
        case "bounced":
            return _("Came back undelivered.")
        case _:
            return describe_status(status, _)


def describe_burst(what: str, _: Gettext) -> str:
    """What happens with people's letters when many come at once, and what makes them look like one hand's."""
    match what:
        case "suspected":
            return _("Asked to confirm by e-mail first. Invented people cannot.")
        case "paced":
            return _("Waiting their turn: an office gets only so many an hour that nobody confirmed.")
        case "place":
            return _("Many people wrote from one place.")
        case "words":
            return _("Several people used the same words, which are not the campaign’s.")
        case "street":
            return _("Many house numbers of one street wrote.")
        case "mailbox":
            return _("One mailbox wrote again, spelled in another way.")
        case _:
            return _("The e-mail address can get no mail.")


def name_office(title: str, _: Gettext) -> str:
    """A legislator's title in this language."""
    match title:
        case "Senator":
            return _("Senator")
        case "Representative":
            return _("Representative")
        case _:
            return title


def _label(field: str, _: Gettext) -> str:
    return _(FIELD[field].label) if field in FIELD else _("What you typed")


def _explain_required(field: str, _: Gettext) -> str:
    match field:
        case "first_name" | "last_name":
            return _("Enter your name. If you have a single name, that is enough.")
        case "email":
            return _("Enter your e-mail address, so that the office can answer you.")
        case "street":
            return _("Enter your street address, or let the letter show only your town.")
        case "city":
            return _("Enter your city or town.")
        case "zip":
            return _("Enter your ZIP code.")
        case "subject" | "thanks_subject":
            return _("Enter a subject.")
        case "message" | "thanks_message":
            return _("Write your message.")
        case "district_house":
            return _("Choose your State Representative.")
        case "district_senate":
            return _("Choose your State Senator.")
        case _:
            return _("Fill in this field.")


def _explain_invalid(field: str, _: Gettext) -> str:
    match field:
        case "email":
            return _("Enter an e-mail address with a name, an @ and a domain, like ana@mail.example.")
        case "zip":
            return _("Enter a ZIP code of five digits, like 02108.")
        case "phone":
            return _("Enter a phone number of ten digits, or leave it empty.")
        case "disclose":
            return _("Choose how much of your address the letter shows.")
        case "district_house" | "district_senate" | "district_proof":
            return _("Choose one of the districts listed.")
        case _:
            return _("%(label)s is not in a form we can use. Check it.") % {"label": _label(field, _)}
