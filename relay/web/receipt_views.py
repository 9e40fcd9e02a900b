"""What became of a submission's letters, as the receipt and the page behind the mailed link show it."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from boundaries.email_addresses import show_email
from boundaries.model import Pair, find_chamber
from boundaries.offices import Office, list_offices
from boundaries.state import State
from relay.letters.addressees import Addressee, address_letters, address_office, find_unwritten, title_office
from relay.letters.wording import fill_without_address, join_name
from relay.outbox import Receipt, ReceiptLetter
from relay.web.choices import draw_district
from relay.web.services import Services
from theme.manifest import Campaign
from theme.pages.languages import language_of
from theme.pages.views import LetterView, TextView, WordsView

ROSTER_OFFICES: Final = ("committee", "leader")  # kinds of letters


def view_offices(services: Services, campaign: Campaign, receipt: Receipt) -> tuple[LetterView, ...]:
    """Whom such a letter goes to by now, without asking what became of it: the same for everybody who posts it."""
    state, pair = services.rosters.state_of(campaign), Pair(receipt.senate, receipt.house)
    try:
        addressees = address_letters(campaign, state, pair, services.rosters.outdated(state))
        return tuple(
            LetterView(
                _held_office(state, addressee),
                "waits for roster" if not addressee.name else "queued",
                receipt.accepted_at,
                map=draw_district(state, addressee.chamber, addressee.district) if addressee.chamber else None,
            )
            for addressee in addressees
        )
    except KeyError:  # other districts are in force by now, or the roster knows a chair no more
        return ()


def view_letters(services: Services, campaign: Campaign, receipt: Receipt) -> tuple[LetterView, ...]:
    unwritten = {(office.chamber, office.district) for office in view_unwritten(services, campaign, receipt)}
    return tuple(
        _view(services, campaign, receipt, letter)
        for letter in receipt.letters
        if not (_had_no_holder(receipt, letter) and (letter.chamber, letter.district) in unwritten)
    )


def view_unwritten(services: Services, campaign: Campaign, receipt: Receipt) -> tuple[Office, ...]:
    """Where no letter went; none once the districts are erased. Seats vacated since are not included."""
    if not receipt.senate:
        return ()
    state, pair = services.rosters.state_of(campaign), Pair(receipt.senate, receipt.house)
    written = Counter(
        (letter.chamber, letter.district) for letter in receipt.letters if not _had_no_holder(receipt, letter)
    )
    try:
        unwritten = find_unwritten(campaign, state, pair)
    except KeyError:  # other districts are in force by now
        return ()
    shown = []
    for seat in unwritten:
        offices = list_offices(state, seat.chamber, seat.district)
        if written[seat.chamber, seat.district] < len(offices):
            shown.append(next(office for office in offices if office.name == seat.name))
    return tuple(shown)


def view_words(campaign: Campaign, receipt: Receipt, letters: Sequence[LetterView]) -> WordsView | None:
    """The words of all letters at once, with the address left open; None once they are erased."""
    if receipt.erased or receipt.redacted:
        return None
    seats, thanks = [letter.seat for letter in letters], receipt.thanks
    thanked = [seat for seat in seats if thanks and f"{seat.title} {seat.name}".strip() in thanks.to]
    asked = [seat for seat in seats if seat not in thanked]
    texts = [(asked, receipt.subject, receipt.message)]
    if thanks:
        texts.append((thanked, thanks.subject, thanks.message))
    return WordsView(
        join_name(receipt.first_name, receipt.last_name),
        show_email(receipt.email),
        tuple(_view_text(campaign, receipt, *text, alone=not thanks) for text in texts),
    )


def _view_text(
    campaign: Campaign, receipt: Receipt, seats: Sequence[Office], subject: str, message: str, *, alone: bool
) -> TextView:
    """alone: all read this text."""
    listed = language_of(campaign.language).listed
    names = listed([f"{seat.title} {seat.name}".strip() for seat in seats if seat.name])
    known = {
        "Town": receipt.town,
        "Email": show_email(receipt.email),
        "Legislator": names,
        "District": listed(list(dict.fromkeys(seat.district for seat in seats if seat.district))),
    }
    subject, message = (
        fill_without_address(text, receipt.first_name, receipt.last_name, known) for text in (subject, message)
    )
    return TextView("" if alone else names, subject, message)


def _held_office(state: State, addressee: Addressee) -> Office:
    if not addressee.chamber:
        return Office("", "", addressee.full_name, "", _find_phone(state, addressee))
    offices = list_offices(state, addressee.chamber, addressee.district)
    unknown = Office(addressee.chamber, addressee.title, "", addressee.district)
    return next((office for office in offices if addressee.name and office.name == addressee.name), unknown)


def _find_phone(state: State, addressee: Addressee) -> str:
    """Of a chair or leader: the member's own, by which people may call them, too. "" for others."""
    offices = list_offices(state, *addressee.holds) if addressee.holds else ()
    return next((office.phone for office in offices if office.name == addressee.name), "")


def _had_no_holder(receipt: Receipt, letter: ReceiptLetter) -> bool:
    """Whether it was accepted for whoever would win the seat, and nobody there can be written to. It is shown like a
    seat that nobody could be written to from the start, with the phone number."""
    return letter.status == "failed" and not letter.to_name and not receipt.erased


def _view(services: Services, campaign: Campaign, receipt: Receipt, letter: ReceiptLetter) -> LetterView:
    state, chamber = services.rosters.state_of(campaign), find_chamber(letter.chamber)
    drawn = draw_district(state, chamber, letter.district) if chamber else None
    status = letter.status if letter.held_for in ("", "confirmation") else f"waits for {letter.held_for}"
    if receipt.is_paced and letter.waits_since(receipt.accepted_at):
        status = "paced"
    return LetterView(_office(services, campaign, letter), status, letter.changed_at, letter.due, drawn)


def _office(services: Services, campaign: Campaign, letter: ReceiptLetter) -> Office:
    """Whom a letter went to, by the name it was sent under: somebody else may hold the seat since."""
    chamber = find_chamber(letter.chamber)
    state = services.rosters.state_of(campaign)
    if chamber is None and letter.held_for == "roster":
        return Office("", "", title_office(letter.district), "")
    if chamber is None:
        holders = address_office(state, letter.district, lambda *_: False) if letter.kind in ROSTER_OFFICES else []
        phones = (_find_phone(state, to) for to in holders if to.full_name == letter.to_name)
        return Office("", "", letter.to_name, "", next(phones, ""))
    title = state.titles[chamber]
    if letter.held_for == "roster":  # neither name nor phone number of somebody whose term is over
        return Office(chamber, title, "", letter.district)
    name = letter.to_name.removeprefix(f"{title} ")
    addressee = Office(chamber, title, name, letter.district)
    try:
        offices = list_offices(state, chamber, letter.district)
    except KeyError:  # other districts are in force by now
        return addressee
    if not name and len(offices) == 1:
        return offices[0]  # the name is erased, or was unknown
    return next((office for office in offices if office.name == name), addressee)
