"""`/campaigns/{slug}/call`: whom to call and what to say, for those who rather give no name. Nothing is stored."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from boundaries.district_order import place_of
from boundaries.model import CHAMBERS, Pair
from boundaries.offices import Office, list_offices_at
from relay import forms
from relay.web.choices import draw_choices
from relay.web.form_bodies import read_form, read_point
from relay.web.matching import ADDRESS, match_districts
from relay.web.responses import PRIVATE, missing
from relay.web.services import Services
from theme.faults import Fault
from theme.manifest import Campaign
from theme.pages.views import Form


async def ask(services: Services, request: Request) -> Response:
    """Ask for the address."""
    campaign = await services.campaigns.find(request.path_params["slug"])
    if campaign is None or campaign.state not in services.rosters.states:
        return missing(services, request)
    return _show(services, request, campaign, Form({"lang": request.query_params.get("lang", "")}))


async def answer(services: Services, request: Request) -> Response:
    """Say whom to call. A POST, so that no log holds an address; and so is the page's language switch, which keeps what
    is typed and finds no fault with it yet."""
    campaign = await services.campaigns.find(request.path_params["slug"])
    if campaign is None or campaign.state not in services.rosters.states:
        return missing(services, request)
    values = await read_form(request)
    if "lat" in values:
        return _answer_point(services, request, campaign, values)
    faults: tuple[Fault, ...] = forms.check(values, frozenset(ADDRESS))
    if not values.get("city") and not values.get("zip"):
        faults += (Fault("city", "required"),)
    if faults:
        switched = services.site.keep_language(request)
        return _show(services, request, campaign, Form(values, () if switched else faults))
    state = services.rosters.state_of(campaign)
    match = match_districts(state, values, None)
    if match.pair:
        return _show(services, request, campaign, Form(values), [match.pair])
    form = Form(values, match.faults, match.choices, draw_choices(state, match.choices, match.address.town))
    return _show(services, request, campaign, form, [choice.pair for choice in match.choices])


def _answer_point(services: Services, request: Request, campaign: Campaign, values: Mapping[str, str]) -> Response:
    """By the location of the caller's device; an address typed beside it is ignored."""
    point = read_point(values)
    located = services.rosters.state_of(campaign).locate_point(*point) if point else None
    if located is None or located.status != "matched":
        return _show(services, request, campaign, Form(values, (Fault("city", "no_place"),)))
    return _show(services, request, campaign, Form(values), list(located.pairs))


def _show(services: Services, request: Request, campaign: Campaign, form: Form, pairs: Sequence[Pair] = ()) -> Response:
    """pairs: several if the address does not decide. That is a 200, too: the right one is among them."""
    language = services.site.language(request, form.values.get("lang", ""))
    offices = dict.fromkeys(office for pair in pairs for office in _offices(services, campaign, pair))
    ordered = sorted(offices, key=lambda office: (office.chamber == "house", place_of(office.district)))
    page = services.site.pages.call(campaign, language, f"/campaigns/{campaign.slug}/call", form, ordered)
    return HTMLResponse(page, 422 if form.faults and not ordered else 200, PRIVATE)


def _offices(services: Services, campaign: Campaign, pair: Pair) -> list[Office]:
    """Those of a pair that the campaign writes to; both if it writes to neither."""
    state = services.rosters.state_of(campaign)
    chambers = campaign.own_chambers or CHAMBERS
    return [office for chamber in chambers for office in list_offices_at(state, chamber, pair.of(chamber))]
