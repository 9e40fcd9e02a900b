"""`/letters/confirm/{token}`, the mailed link: what is to be sent in whose name, what became of it, yes or no; and what
else waits for this mailbox. Here they also say whether they want to be on the list whose box was ticked.

Whoever owns the mailbox may not be who typed, so neither street nor phone number is shown.
"""

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from relay.outbox import Confirmation, Member, Receipt
from relay.web.form_bodies import read_form
from relay.web.receipt_views import view_letters, view_unwritten, view_words
from relay.web.responses import PRIVATE, notice
from relay.web.services import Services
from theme.manifest import Campaign
from theme.pages.views import ConfirmationView, ListView, Stage, WaitingView


async def ask(services: Services, request: Request) -> Response:
    """Shows buttons: mail scanners follow every link, so a GET changes nothing."""
    return await _show(services, request, await _find(services, request))


async def answer(services: Services, request: Request) -> Response:
    """`confirm` sends the letters, `deny` cancels them; `join` and `leave` are about the campaign's list, `opt_out` and
    `opt_in` about the mailbox. `letter`: another submission of the same mailbox."""
    token, values = request.path_params["token"], await read_form(request)
    chosen = values.get("letter", "")
    match values.get("action"):
        case "confirm" if not await _is_late(services, request, chosen):
            await services.intake.confirm(token, services.now(), chosen)
            services.outgoing.wake()
            return await _show(services, request, await _find(services, request, chosen), confirmed=True)
        case "confirm":  # past the deadline nothing goes out, and the page says so
            return await ask(services, request)
        case "deny":
            await services.intake.deny(token, services.now(), chosen)
        case "join":
            await services.intake.join(token, services.now(), chosen)
        case "leave":
            await services.intake.leave(token, chosen)
        case "opt_out" | "opt_in" as action:
            await services.intake.opt_out(token, out=action == "opt_out")
        case _:
            return notice(services, request, 400)
    response = await _show(services, request, await _find(services, request, chosen))
    response.background = BackgroundTask(services.announce)  # who left the list, perhaps by denying
    return response


async def _is_late(services: Services, request: Request, chosen: str) -> bool:
    """Whether it is about testimony that is no longer taken. What was accepted in time may still go at once."""
    found = await _find(services, request, chosen)
    campaign = await services.campaigns.find(found.receipt.campaign) if found else None
    return (
        found is not None and found.receipt.status == "held" and campaign is not None and _is_past(services, campaign)
    )


def _is_past(services: Services, campaign: Campaign) -> bool:
    return campaign.testimony is not None and services.site.phase(campaign) == "closed"


async def _find(services: Services, request: Request, chosen: str = "") -> Confirmation | None:
    return await services.intake.find_confirmation(request.path_params["token"], services.now(), chosen)


async def _show(
    services: Services, request: Request, found: Confirmation | None, *, confirmed: bool = False
) -> Response:
    receipt = found.receipt if found else None
    campaign = await services.campaigns.find(receipt.campaign) if receipt else None
    if found is None or receipt is None or campaign is None:
        return notice(services, request, 404)
    language = services.site.language(request, receipt.language)
    letters = view_letters(services, campaign, receipt)
    view = ConfirmationView(
        stage=_stage(receipt, confirmed=confirmed, late=_is_past(services, campaign)),
        captured=services.outgoing.captured,
        words=view_words(campaign, receipt, letters),
        letters=letters,
        unwritten=view_unwritten(services, campaign, receipt),
        submission=found.submission,
        waiting=tuple([view for other in found.waiting if (view := await _view_waiting(services, language, *other))]),
        opted_out=found.opted_out,
        list=_view_list(found.member, campaign, language),
    )
    url = f"/letters/confirm/{request.path_params['token']}{services.site.keep_language(request)}"
    return HTMLResponse(services.site.pages.confirm(campaign, language, url, view), headers=PRIVATE)


def _view_list(member: Member | None, campaign: Campaign, language: str) -> ListView | None:
    """Of who is exported the relay no longer knows the words they agreed to: those of today are shown."""
    if member is None:
        return None
    return ListView(member.status != "asked", member.words or campaign.text(language).join)


async def _view_waiting(services: Services, language: str, submission: str, receipt: Receipt) -> WaitingView | None:
    campaign = await services.campaigns.find(receipt.campaign)
    letters = view_letters(services, campaign, receipt) if campaign else ()
    words = view_words(campaign, receipt, letters) if campaign else None
    if campaign is None or words is None or _is_past(services, campaign):
        return None
    return WaitingView(submission, campaign.text(language).campaign, words, tuple(letter.seat for letter in letters))


def _stage(receipt: Receipt, *, confirmed: bool, late: bool) -> Stage:
    """confirmed: just now. Whoever said yes is not asked again. late: for testimony."""
    if receipt.status == "denied":
        return "denied"
    if receipt.status == "expired" or receipt.erased:
        return "over"
    if receipt.status == "held" and late:
        return "late"
    if receipt.status == "held":
        return "over" if confirmed else "ask"  # confirmed and still held: the three days are over
    if receipt.status == "confirmed":
        return "confirmed"
    return "paced" if receipt.is_paced else "accepted"
