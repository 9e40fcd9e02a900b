"""`POST /campaigns/{slug}/legislators`: who represents an address. A post, so that no log holds an address."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from boundaries.model import CHAMBERS, Pair
from boundaries.state import State
from relay import forms
from relay.letters.recipients import CHAMBER_OF, address_letters
from relay.web.choices import list_choices
from relay.web.desk import Desk
from relay.web.form_bodies import read_form, read_point
from relay.web.matching import (
    ADDRESS,
    Found,
    find,
    show_address,
    sign_proof,
    write_addresses,
)
from relay.web.middleware import is_foreign
from relay.web.responses import PRIVATE, choice_json, districts_json, explain, problem, seat_json
from theme.faults import Fault
from theme.manifest import Campaign
from theme.pages.seats import seats
from theme.pages.views import Seat


async def find_legislators(desk: Desk, request: Request) -> Response:
    """Always JSON: without a script nobody comes here."""
    campaign = await desk.campaigns.find(request.path_params["slug"])
    if campaign is None or campaign.state not in desk.states:
        return problem(404)
    if campaign.status == "withdrawn":
        return problem(410)
    values = await read_form(request)
    if is_foreign(request, desk.front.origins):
        return problem(403)
    if wait := desk.lookups.wait(request.client.host if request.client else ""):
        return problem(429, headers={"Retry-After": str(int(wait) + 1)})
    faults = forms.check(values, frozenset(ADDRESS))
    by_point = "lat" in values or "lon" in values
    point = read_point(values) if by_point else None
    if by_point and point is None:
        faults += (Fault("lat", "invalid"),)
    if faults:
        return problem(422, explain(desk, faults, desk.language(request, values.get("lang", ""))))
    language = desk.language(request, values.get("lang", ""))
    state = desk.state_of(campaign)
    found, placed = _find(state, {name: values.get(name, "") for name in ADDRESS}, point)
    body = _describe(desk, campaign, found, placed)
    return JSONResponse(body | _speak(desk, campaign, found, values, language), headers=PRIVATE)


def _find(state: State, address: Mapping[str, str], point: tuple[float, float] | None) -> tuple[Found, Pair | None]:
    """What a letter with this address, and with the proof of this place, would be answered; and the place's pair, if
    it is what decides. Degrees north and east."""
    if point is None:
        return find(state, address, None), None
    placed = state.locate_point(*point)
    if placed.status != "matched":
        return Found(placed, None, placed.address, faults=(Fault("lat", "no_place"),)), None
    found = find(state, address, placed.pairs[0])
    return found, found.pair if found.typed.status != "matched" else None


def _speak(desk: Desk, campaign: Campaign, found: Found, values: Mapping[str, str], language: str) -> dict[str, Any]:
    """What the page shows as it stands, in its own language, so that its script need not know how.

    said: the announcement. names: who holds a seat, by chamber. calls: a line and a number for each office. fills: what
    some of the placeholders become in the first letter; shown: the address line by each of DISCLOSURES. place, phones:
    what else leads on where an address does not decide, as theme.pages.ways has them.
    """
    state = desk.state_of(campaign)
    if not found.pair:  # meanwhile the letter shows the town as typed
        town = found.typed.address.town or values.get("city", "")
        found = replace(found, address=replace(found.address, town=town))
    town = found.address.town
    offices: list[Seat] = []
    # What letters say of a place depends on the address typed beside it.
    tells = bool(values.get("city") if found.pair else town)
    fills = {"Town": town or state.name} if tells else {}
    if found.pair:
        names = {"senate": found.pair.senate, "house": found.pair.house}
        chambers = [CHAMBER_OF[role] for role in CHAMBER_OF if role in campaign.recipients]
        offices = [office for chamber in chambers for office in seats(state, chamber, names[chamber])]
        if campaign.slug not in desk.campaigns.blocked:  # else perhaps for a chair or leader whom no roster knows
            for to in address_letters(campaign, state, found.pair)[:1]:
                fills |= {"Legislator": to.greeting, "District": to.district}

    def spoken(one: Seat) -> str:
        return f"{desk.pages.office(one.title, language)} {one.name}"

    holders: dict[str, list[Seat]] = {}
    for one in offices:
        if one.name:
            holders.setdefault(one.chamber, []).append(one)

    said = desk.pages.announce(offices, language) if found.pair else desk.pages.foretell(found.faults[0], language)
    return {
        "said": said,
        "names": {chamber: ", ".join([*map(spoken, some), some[0].district]) for chamber, some in holders.items()},
        "calls": [{"who": spoken(one), "phone": one.phone} for one in offices if one.phone],
        "fills": {name: text for name, text in fills.items() if text},
        "shown": write_addresses(state, found, values) if tells else {},
        **desk.pages.ways(found.faults, language),
    }


def _describe(desk: Desk, campaign: Campaign, found: Found, placed: Pair | None) -> dict[str, Any]:
    """The answer for any script. placed: the pair of the device's place where that decides; its proof goes with it."""
    state, typed = desk.state_of(campaign), found.typed
    body: dict[str, Any] = {
        "status": "matched" if found.pair else typed.status,
        "reason": "" if found.pair else typed.reason,
        "districts": {},
        "legislators": [],
        "choices": [],
        "address": typed.address.state if placed else show_address(typed.address),
    }
    if found.pair:
        names = {"senate": found.pair.senate, "house": found.pair.house}
        body["districts"] = districts_json(state, found.pair)
        body["legislators"] = [seat_json(one) for chamber in CHAMBERS for one in seats(state, chamber, names[chamber])]
        if placed:
            body["proof"] = sign_proof(state, placed, desk.keys, desk.now())
    else:
        choices = found.choices or list_choices(state, typed.pairs)
        body["choices"] = [choice_json(desk, campaign, choice) for choice in choices]
    return body
