"""`/receipts/{token}`: thank you, and what became of each letter, for the one person who has the link."""

from collections import Counter
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from boundaries.model import CHAMBERS, Chamber, Pair
from boundaries.offices import Office, list_offices
from relay.letters.addressees import find_unwritten, title_office
from relay.outbox import Receipt, ReceiptLetter
from relay.web.choices import draw_district
from relay.web.form_bodies import read_form
from relay.web.responses import PRIVATE, notice
from relay.web.services import Services
from theme.manifest import Campaign
from theme.pages.views import LetterView, ReceiptView

FRESH: Final = timedelta(minutes=10)  # opened this soon after the post, a receipt is the thank-you page


async def show_receipt(services: Services, request: Request) -> Response:
    token = request.path_params["token"]
    receipt = await services.intake.receipt(token)
    campaign = await services.campaigns.find(receipt.campaign) if receipt else None
    if receipt is None or campaign is None:
        return notice(services, request, 404)
    page = services.site.pages.receipt(
        campaign,
        services.site.language(request, receipt.language),
        _view(services, campaign, receipt),
        f"/receipts/{token}",
        first_view=services.now() - receipt.accepted_at < FRESH,
        following=_next_campaign(services, campaign),
    )
    return HTMLResponse(page, headers=PRIVATE)


async def change_receipt(services: Services, request: Request) -> Response:
    """`withdraw` or `erase`, then the receipt again."""
    token = request.path_params["token"]
    values = await read_form(request)
    if await services.intake.receipt(token) is None:
        return notice(services, request, 404)
    match values.get("action"):
        case "withdraw":
            await services.intake.withdraw(token)
        case "erase":
            await services.intake.erase(token, services.now())
        case _:
            return notice(services, request, 400)
    return RedirectResponse(f"/receipts/{token}", 303, PRIVATE)


def _next_campaign(services: Services, campaign: Campaign) -> Campaign | None:
    others = (other for other in services.campaigns.all() if other != campaign)
    return next((other for other in others if services.site.phase(other) == "open"), None)


def _view(services: Services, campaign: Campaign, receipt: Receipt) -> ReceiptView:
    """A repeat's letters are not shown: whoever sent it may not be who wrote them."""
    letters = () if receipt.redacted else receipt.letters
    unwritten = () if receipt.redacted else _unwritten(services, campaign, receipt)
    unwritten_seats = {(office.chamber, office.district) for office in unwritten}
    shown = [
        letter
        for letter in letters
        if not (_had_no_holder(receipt, letter) and (letter.chamber, letter.district) in unwritten_seats)
    ]
    return ReceiptView(
        redacted=receipt.redacted,
        erased=receipt.erased,
        denied=receipt.status == "denied",
        held=any(letter.held_for == "confirmation" for letter in receipt.letters),
        captured=services.outgoing.captured,
        public_name=receipt.public_name,
        subject=receipt.subject,
        message=receipt.message,
        letters=tuple(_letter(services, campaign, letter) for letter in shown),
        unwritten=unwritten,
    )


def _had_no_holder(receipt: Receipt, letter: ReceiptLetter) -> bool:
    """Whether it was accepted for whoever would win the seat, and nobody there can be written to. It is shown like a
    seat that nobody could be written to from the start, with the phone number."""
    return letter.status == "failed" and not letter.to_name and not receipt.erased


def _unwritten(services: Services, campaign: Campaign, receipt: Receipt) -> tuple[Office, ...]:
    """Where no letter went; none once the districts are erased. Seats vacated since are not included."""
    if not receipt.senate:
        return ()
    state, pair = services.rosters.state_of(campaign), Pair(receipt.senate, receipt.house)
    written = Counter(letter.chamber for letter in receipt.letters if not _had_no_holder(receipt, letter))
    try:
        unwritten = find_unwritten(campaign, state, pair)
    except KeyError:  # other districts are in force by now
        return ()
    shown = []
    for seat in unwritten:
        offices = list_offices(state, seat.chamber, seat.district)
        if written[seat.chamber] < len(offices):
            shown.append(next(office for office in offices if office.name == seat.name))
    return tuple(shown)


def _letter(services: Services, campaign: Campaign, letter: ReceiptLetter) -> LetterView:
    state, chamber = services.rosters.state_of(campaign), _chamber(letter)
    drawn = draw_district(state, chamber, letter.district) if chamber else None
    return LetterView(_office(services, campaign, letter), _fate(letter), letter.changed_at, letter.due, drawn)


def _chamber(letter: ReceiptLetter) -> Chamber | None:
    return next((chamber for chamber in CHAMBERS if chamber == letter.chamber), None)


def _fate(letter: ReceiptLetter) -> str:
    return letter.status if letter.held_for in ("", "confirmation") else f"waits for {letter.held_for}"


def _office(services: Services, campaign: Campaign, letter: ReceiptLetter) -> Office:
    """Whom a letter went to, by the name it was sent under: somebody else may hold the seat since."""
    chamber = _chamber(letter)
    if chamber is None:
        return Office("", "", title_office(letter.district) if letter.held_for == "roster" else letter.to_name, "")
    state = services.rosters.state_of(campaign)
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
