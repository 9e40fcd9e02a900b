"""`/letters/confirm/{token}`: did the owner of a mailbox write these letters?"""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from relay.outbox import Receipt
from relay.web.desk import Desk
from relay.web.form_bodies import read_form
from relay.web.middleware import is_foreign
from relay.web.responses import PRIVATE, notice
from theme.pages.views import Stage


async def ask(desk: Desk, request: Request) -> Response:
    """Buttons: mail scanners follow every link, so a GET changes nothing."""
    return await _show(desk, request, await desk.outbox.find_confirmation(request.path_params["token"]))


async def answer(desk: Desk, request: Request) -> Response:
    """`confirm` sends the letters, `deny` cancels them."""
    token = request.path_params["token"]
    if is_foreign(request, desk.front.origins):
        return notice(desk, request, 403)
    match (await read_form(request)).get("action"):
        case "confirm":
            receipt = await desk.outbox.confirm(token, desk.now())
            desk.wake()
            return await _show(desk, request, receipt, confirmed=True)
        case "deny":
            return await _show(desk, request, await desk.outbox.deny(token, desk.now()))
        case _:
            return notice(desk, request, 400)


async def _show(desk: Desk, request: Request, receipt: Receipt | None, *, confirmed: bool = False) -> Response:
    campaign = await desk.campaigns.find(receipt.campaign) if receipt else None
    if receipt is None or campaign is None:
        return notice(desk, request, 404)
    address = f"/letters/confirm/{request.path_params['token']}"
    language = desk.language(request, receipt.language)
    page = desk.pages.confirm(campaign, language, address, _stage(receipt, confirmed=confirmed))
    return HTMLResponse(page, headers=PRIVATE)


def _stage(receipt: Receipt, *, confirmed: bool) -> Stage:
    """confirmed: they just said so."""
    if receipt.standing == "denied":
        return "denied"
    if receipt.standing == "expired" or receipt.erased:
        return "over"
    if receipt.standing == "held":
        return "over" if confirmed else "ask"  # held all the same: the three days are gone
    return "confirmed" if confirmed else "accepted"
