"""`GET /receipts/{token}/testimony.pdf`: a testimony, to print or keep, for the browser that sent it."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from boundaries.model import Pair
from relay.letters.testimony_pdf import can_show, draw_testimony
from relay.letters.wording import head_testimony, join_name, name_districts, write_testimony
from relay.outbox import CONFIRM_WITHIN, Receipt
from relay.web.responses import PRIVATE, notice
from relay.web.services import Services
from theme.manifest import Campaign


async def show_testimony(services: Services, request: Request) -> Response:
    receipt = await services.intake.receipt(request.path_params["token"])
    campaign = await services.campaigns.find(receipt.campaign) if receipt else None
    texts = list_texts(services, campaign, receipt) if receipt and campaign else None
    if receipt is None or texts is None:
        return notice(services, request, 404)
    head, message = texts
    made = receipt.accepted_at.astimezone(services.site.zone)
    named = {**PRIVATE, "Content-Disposition": 'inline; filename="testimony.pdf"'}
    drawn = await asyncio.to_thread(draw_testimony, head, message, made)
    return Response(drawn, 200, named, "application/pdf")


def list_texts(services: Services, campaign: Campaign, receipt: Receipt) -> tuple[list[tuple[str, str]], str] | None:
    """What the PDF says; None if there is none: it is no testimony, it is erased, as old as what is not shown on the
    receipt any more, or holds characters that our font lacks. Whoever has the receipt has it, too, so it shows
    the town alone."""
    testimony, now = campaign.testimony, services.now()
    is_over = receipt.status != "confirmed" and campaign.status != "draft"
    if testimony is None or (is_over and now - receipt.accepted_at >= CONFIRM_WITHIN):
        return None
    if receipt.erased or receipt.redacted or receipt.status == "denied":
        return None
    state, who = services.rosters.state_of(campaign), (receipt.first_name, receipt.last_name)
    town = f"{receipt.town}, {state.code.upper()}" if receipt.town else state.name
    day = receipt.accepted_at.astimezone(services.site.zone).strftime("%B %-d, %Y")
    known = {
        "Legislator": testimony.committee.greeting,
        "Your Address": town,
        "Town": receipt.town or state.name,
        "District": name_districts(Pair(receipt.senate, receipt.house)),
        "Email": receipt.email,
    }
    subject, message = write_testimony(campaign, receipt.subject, receipt.message, who, known)
    head = [
        ("", head_testimony(testimony, campaign.bills)),
        ("To", testimony.committee.name),
        ("Hearing", campaign.text(campaign.language).hearing),
        ("From", f"{join_name(*who)}, {town}"),
        ("Date", day),
        ("Subject", subject),
    ]
    return (head, message) if can_show([*(part for _, part in head), message]) else None
