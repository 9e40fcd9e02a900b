"""`/campaigns/{slug}/call`: two phone numbers and what to say, for who would rather give no name. Nothing is kept."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from boundaries.model import Pair
from relay import forms
from relay.letters.recipients import CHAMBER_OF
from relay.web.choices import draw_choices, pair_of
from relay.web.desk import Desk
from relay.web.form_bodies import read_form, read_point
from relay.web.matching import ADDRESS, find
from relay.web.middleware import is_foreign
from relay.web.responses import PRIVATE, missing, notice
from theme.faults import Fault
from theme.manifest import Campaign
from theme.pages.seats import seats
from theme.pages.views import Form, Seat


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
    if "lat" in values:
        return _answer_place(desk, request, campaign, values)
    faults: tuple[Fault, ...] = forms.check(values, frozenset(ADDRESS))
    if not values.get("city") and not values.get("zip"):
        faults += (Fault("city", "required"),)
    if faults:
        return _show(desk, request, campaign, Form(values, faults))
    state = desk.state_of(campaign)
    found = find(state, values, None)
    if found.pair:
        return _show(desk, request, campaign, Form(values), [found.pair])
    drawn = draw_choices(state, found.choices, found.address.town)
    form = Form(values, found.faults, found.choices, drawn)
    return _show(desk, request, campaign, form, [pair_of(choice) for choice in found.choices])


def _answer_place(desk: Desk, request: Request, campaign: Campaign, values: Mapping[str, str]) -> Response:
    """By the place of the caller's device; an address typed beside it has no say."""
    point = read_point(values)
    placed = desk.state_of(campaign).locate_point(*point) if point else None
    if placed is None or placed.status != "matched":
        return _show(desk, request, campaign, Form(values, (Fault("city", "no_place"),)))
    return _show(desk, request, campaign, Form(values), list(placed.pairs))


def _show(desk: Desk, request: Request, campaign: Campaign, form: Form, pairs: Sequence[Pair] = ()) -> Response:
    """pairs: several where the address does not decide. Then it is 200 nonetheless: among them is who to call."""
    language = desk.language(request, form.values.get("lang", ""))
    listed = dict.fromkeys(one for pair in pairs for one in _seats(desk, campaign, pair))
    seats = sorted(listed, key=lambda one: one.chamber == "house")
    url = f"/campaigns/{campaign.slug}/call"
    page = desk.pages.call(campaign, language, url, form, seats)
    return HTMLResponse(page, 422 if form.faults and not seats else 200, PRIVATE)


def _seats(desk: Desk, campaign: Campaign, pair: Pair) -> list[Seat]:
    """Those of a pair that the campaign writes to; both where it writes to none."""
    state, names = desk.state_of(campaign), {"senate": pair.senate, "house": pair.house}
    chambers = [CHAMBER_OF[role] for role in CHAMBER_OF if role in campaign.recipients] or list(CHAMBER_OF.values())
    return [one for chamber in chambers for one in seats(state, chamber, names[chamber])]
