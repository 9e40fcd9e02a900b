"""`/letters/confirm/{token}`, the mailed link: what is to be sent in whose name, what became of it, yes or no.

Whoever owns the mailbox may not be who typed, so neither street nor phone number is shown.
"""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from relay.outbox import Receipt
from relay.web.form_bodies import read_form
from relay.web.receipt_views import view_letters, view_unwritten, view_words
from relay.web.responses import PRIVATE, notice
from relay.web.services import Services
from theme.pages.views import ConfirmationView, Stage


async def ask(services: Services, request: Request) -> Response:
    """Shows buttons: mail scanners follow every link, so a GET changes nothing."""
    return await _show(services, request, await services.intake.find_confirmation(request.path_params["token"]))


async def answer(services: Services, request: Request) -> Response:
    """`confirm` sends the letters, `deny` cancels them."""
    token = request.path_params["token"]
    match (await read_form(request)).get("action"):
        case "confirm":
            receipt = await services.intake.confirm(token, services.now())
            services.outgoing.wake()
            return await _show(services, request, receipt, confirmed=True)
        case "deny":
            return await _show(services, request, await services.intake.deny(token, services.now()))
        case _:
            return notice(services, request, 400)


async def _show(services: Services, request: Request, receipt: Receipt | None, *, confirmed: bool = False) -> Response:
    campaign = await services.campaigns.find(receipt.campaign) if receipt else None
    if receipt is None or campaign is None:
        return notice(services, request, 404)
    view = ConfirmationView(
        stage=_stage(receipt, confirmed=confirmed),
        captured=services.outgoing.captured,
        words=view_words(receipt),
        letters=view_letters(services, campaign, receipt),
        unwritten=view_unwritten(services, campaign, receipt),
    )
    url = f"/letters/confirm/{request.path_params['token']}"
    page = services.site.pages.confirm(campaign, services.site.language(request, receipt.language), url, view)
    return HTMLResponse(page, headers=PRIVATE)


def _stage(receipt: Receipt, *, confirmed: bool) -> Stage:
    """confirmed: just now."""
    if receipt.status == "denied":
        return "denied"
    if receipt.status == "expired" or receipt.erased:
        return "over"
    if receipt.status == "held":
        return "over" if confirmed else "ask"  # confirmed and still held: the three days are over
    return "confirmed" if confirmed else "accepted"
