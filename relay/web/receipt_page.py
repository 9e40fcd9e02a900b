"""`/receipts/{token}`: thank you, for the browser that sent the letter. What it shows depends only on what was typed,
so that nobody learns from it who wrote before; what became of the letters is behind the mailed link."""

from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from relay.outbox import CONFIRM_WITHIN, Receipt
from relay.web.form_bodies import read_form
from relay.web.receipt_views import view_letters, view_offices, view_unwritten, view_words
from relay.web.responses import PRIVATE, notice
from relay.web.services import Services
from relay.web.testimony_page import list_texts
from theme.manifest import Campaign
from theme.pages.views import ReceiptView

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
        f"/receipts/{token}{services.site.keep_language(request)}",
        first_view=services.now() - receipt.linked_at < FRESH,
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
    return RedirectResponse(f"/receipts/{token}{services.site.keep_language(request)}", 303, PRIVATE)


def _next_campaign(services: Services, campaign: Campaign) -> Campaign | None:
    others = (other for other in services.campaigns.all() if other != campaign)
    return next((other for other in others if services.site.phase(other) == "open"), None)


def _view(services: Services, campaign: Campaign, receipt: Receipt) -> ReceiptView:
    """The letters' statuses are shown once the mailbox's owner confirmed this very submission, and of drafts.

    Until then the page depends on the form alone, and shows no words once an unconfirmed letter would be erased.
    """
    shows_statuses = receipt.status == "confirmed" or campaign.status == "draft"
    show = view_letters if shows_statuses else view_offices
    over = not shows_statuses and services.now() - receipt.accepted_at >= CONFIRM_WITHIN
    letters = () if receipt.redacted else show(services, campaign, receipt)
    return ReceiptView(
        redacted=receipt.redacted,
        erased=receipt.erased and not over,
        denied=receipt.status == "denied",
        shows_statuses=shows_statuses,
        captured=services.outgoing.captured,
        public_name=receipt.public_name,
        words=None if over else view_words(campaign, receipt, letters),
        letters=letters,
        has_pdf=list_texts(services, campaign, receipt) is not None,
        unwritten=() if receipt.redacted else view_unwritten(services, campaign, receipt),
    )
