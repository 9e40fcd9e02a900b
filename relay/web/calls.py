"""`/campaigns/{slug}/call`: two phone numbers and what to say, for who would rather give no name. Nothing is kept."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from boundaries.model import Pair
from relay import forms
from relay.contract import Campaign, Fault
from relay.letters.recipients import CHAMBER_OF
from relay.web.answers import PRIVATE, missing, notice
from relay.web.choices import pair_of
from relay.web.desk import Desk
from relay.web.districts import ADDRESS, find
from relay.web.guard import is_foreign
from relay.web.reading import read_form
from theme.seats import seats
from theme.views import Form, Seat


async def ask(desk: Desk, request: Request) -> Response:
    """The question where one lives."""
    campaign = await desk.campaigns.find(request.path_params["slug"])
    if campaign is None or campaign.state not in desk.states:
        return missing(desk, request)
    return _show(desk, request, campaign, Form({"lang": request.query_params.get("lang", "")}))


async def answer(desk: Desk, request: Request) -> Response:
    """Whom to call; a post, so that no log holds an address."""
    campaign = await desk.campaigns.find(request.path_params["slug"])
    if campaign is None or campaign.state not in desk.states:
        return missing(desk, request)
    if is_foreign(request, desk.front.origins):
        return notice(desk, request, 403)
    if wait := desk.lookups.wait(request.client.host if request.client else ""):
        return notice(desk, request, 429, headers={"Retry-After": str(int(wait) + 1)})
    values = await read_form(request)
    faults: tuple[Fault, ...] = forms.check(values, frozenset(ADDRESS))
    if not values.get("city") and not values.get("zip"):
        faults += (Fault("city", "required"),)
    if faults:
        return _show(desk, request, campaign, Form(values, faults))
    found = find(desk.state_of(campaign), values, None)
    if found.pair:
        return _show(desk, request, campaign, Form(values), [found.pair])
    pairs = [pair_of(choice) for choice in found.choices]
    # On a line between districts nothing is wrong with the address: both sides are listed.
    return _show(desk, request, campaign, Form(values, () if pairs else found.faults), pairs)


def _show(desk: Desk, request: Request, campaign: Campaign, form: Form, pairs: list[Pair] | None = None) -> Response:
    language = desk.language(request, form.values.get("lang", ""))
    seats = list(dict.fromkeys(one for pair in pairs or () for one in _seats(desk, campaign, pair)))
    url = f"/campaigns/{campaign.slug}/call"
    page = desk.pages.call(campaign, language, url, form, seats)
    return HTMLResponse(page, 422 if form.faults else 200, PRIVATE)


def _seats(desk: Desk, campaign: Campaign, pair: Pair) -> list[Seat]:
    """Those of a pair that the campaign writes to; both where it writes to none."""
    state, names = desk.state_of(campaign), {"senate": pair.senate, "house": pair.house}
    chambers = [CHAMBER_OF[role] for role in CHAMBER_OF if role in campaign.recipients] or list(CHAMBER_OF.values())
    return [one for chamber in chambers for one in seats(state, chamber, names[chamber])]
