"""`/receipts/{token}`: thank you, and what became of each letter, for the one person who has the link."""

from collections import Counter
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from boundaries.model import CHAMBERS, Pair
from relay.letters.recipients import find_unwritten, title_office
from relay.outbox import Receipt, ReceiptLetter
from relay.web.choices import draw_district
from relay.web.desk import Desk
from relay.web.form_bodies import read_form
from relay.web.middleware import is_foreign
from relay.web.responses import PRIVATE, notice
from theme.manifest import Campaign
from theme.pages.maps import Map
from theme.pages.seats import seats
from theme.pages.views import LetterView, ReceiptView, Seat

FRESH: Final = timedelta(minutes=10)  # opened this soon after the post, a receipt is the thank-you page


async def show_receipt(desk: Desk, request: Request) -> Response:
    token = request.path_params["token"]
    receipt = await desk.outbox.receipt(token)
    campaign = await desk.campaigns.find(receipt.campaign) if receipt else None
    if receipt is None or campaign is None:
        return notice(desk, request, 404)
    page = desk.pages.receipt(
        campaign,
        desk.language(request, receipt.language),
        _view(desk, campaign, receipt),
        f"/receipts/{token}",
        first_view=desk.now() - receipt.accepted_at < FRESH,
        following=next((one for one in desk.campaigns.all() if one != campaign and desk.phase(one) == "open"), None),
    )
    return HTMLResponse(page, headers=PRIVATE)


async def change_receipt(desk: Desk, request: Request) -> Response:
    """`withdraw` or `erase`, then the receipt again."""
    token = request.path_params["token"]
    if is_foreign(request, desk.front.origins):
        return notice(desk, request, 403)
    values = await read_form(request)
    if await desk.outbox.receipt(token) is None:
        return notice(desk, request, 404)
    match values.get("action"):
        case "withdraw":
            await desk.outbox.withdraw(token)
        case "erase":
            await desk.outbox.erase(token, desk.now())
        case _:
            return notice(desk, request, 400)
    return RedirectResponse(f"/receipts/{token}", 303, PRIVATE)


def _view(desk: Desk, campaign: Campaign, receipt: Receipt) -> ReceiptView:
    """Of a repeat's letters nothing is shown: whoever sent it may not be who wrote them."""
    letters = () if receipt.redacted else receipt.letters
    unwritten = () if receipt.redacted else _unwritten(desk, campaign, receipt)
    unwritten_seats = {(seat.chamber, seat.district) for seat in unwritten}
    shown = [
        one for one in letters if not (_is_left_over(receipt, one) and (one.chamber, one.district) in unwritten_seats)
    ]
    return ReceiptView(
        redacted=receipt.redacted,
        erased=receipt.erased,
        denied=receipt.standing == "denied",
        held=any(letter.waits == "confirmation" for letter in receipt.letters),
        captured=desk.captured,
        public_name=receipt.public_name,
        subject=receipt.subject,
        message=receipt.message,
        letters=tuple(_letter(desk, campaign, letter) for letter in shown),
        unwritten=unwritten,
    )


def _is_left_over(receipt: Receipt, letter: ReceiptLetter) -> bool:
    """Whether it was accepted for whoever would win the seat, and nobody there can be written to: it is told as where
    nobody could be from the start, with the telephone number."""
    return letter.state == "failed" and not letter.to_name and not receipt.erased


def _unwritten(desk: Desk, campaign: Campaign, receipt: Receipt) -> tuple[Seat, ...]:
    """Where no letter went; none once it is erased who was meant. What became vacant since is not meant."""
    if not receipt.senate:
        return ()
    state, found = desk.state_of(campaign), []
    written = Counter(letter.chamber for letter in receipt.letters if not _is_left_over(receipt, letter))
    try:
        meant = find_unwritten(campaign, state, Pair(receipt.senate, receipt.house))
    except KeyError:  # other districts are in force by now
        return ()
    for one in meant:
        offices = seats(state, one.chamber, one.district)
        if written[one.chamber] < len(offices):
            found.append(next(office for office in offices if office.name == one.name))
    return tuple(found)


def _letter(desk: Desk, campaign: Campaign, letter: ReceiptLetter) -> LetterView:
    office, drawn = _seat(desk, campaign, letter), _map(desk, campaign, letter)
    return LetterView(office, _fate(letter), letter.changed_at, letter.due, drawn)


def _map(desk: Desk, campaign: Campaign, letter: ReceiptLetter) -> Map | None:
    state = desk.state_of(campaign)
    drawn = (draw_district(state, one, letter.district) for one in CHAMBERS if one == letter.chamber)
    return next(drawn, None)


def _fate(letter: ReceiptLetter) -> str:
    return letter.state if letter.waits in ("", "confirmation") else f"waits for {letter.waits}"


def _seat(desk: Desk, campaign: Campaign, letter: ReceiptLetter) -> Seat:
    """Whom a letter went to, by the name it was sent under: the seat may have passed to somebody else since."""
    state = desk.state_of(campaign)
    for chamber in CHAMBERS:
        if letter.chamber == chamber:
            title = state.titles[chamber]
            if letter.waits == "roster":  # whose term is over is not named, nor their telephone
                return Seat(chamber, title, "", letter.district)
            name = letter.to_name.removeprefix(f"{title} ")
            known = Seat(chamber, title, name, letter.district)
            try:
                offices = seats(state, chamber, letter.district)
            except KeyError:  # other districts are in force by now
                return known
            if not name and len(offices) == 1:
                return offices[0]  # the name is erased, or was not known
            return next((office for office in offices if office.name == name), known)
    return Seat("", "", title_office(letter.district) if letter.waits == "roster" else letter.to_name, "")
