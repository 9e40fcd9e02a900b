"""`POST /campaigns/{slug}/legislators`: who represents an address. A post, so that no log holds an address."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from boundaries.model import CHAMBERS, Answer
from relay import forms
from relay.contract import Campaign, Fault
from relay.letters.recipients import CHAMBER_OF, address_letters
from relay.web.answers import PRIVATE, choice_json, districts_json, explain, problem, seat_json
from relay.web.desk import Desk
from relay.web.districts import (
    ADDRESS,
    Found,
    find_around,
    list_choices,
    name_town,
    show_address,
    sign_proof,
    write_addresses,
)
from relay.web.guard import is_foreign
from relay.web.reading import read_form
from theme.seats import seats
from theme.views import Seat


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
    point = _read_point(values) if by_point else None
    if by_point and point is None:
        faults += (Fault("lat", "invalid"),)
    if faults:
        return problem(422, explain(desk, faults, desk.language(request, values.get("lang", ""))))
    state = desk.state_of(campaign)
    typed = state.locate(*(values.get(name, "") for name in ADDRESS))
    answer = state.locate_point(*point) if point else typed
    body = _describe(desk, campaign, answer, by_point=by_point)
    found = Found(None, name_town(typed, values.get("city", "")))
    if point and answer.status == "matched":
        found = find_around(state, typed, values.get("city", ""), answer.pairs[0])
    body |= _speak(desk, campaign, answer, found, values, desk.language(request, values.get("lang", "")))
    return JSONResponse(body, headers=PRIVATE)


def _speak(
    desk: Desk, campaign: Campaign, answer: Answer, found: Found, values: Mapping[str, str], language: str
) -> dict[str, Any]:
    """What the page shows as it stands, in its own language, so that its script need not know how.

    said: the announcement. names: who holds a seat, by chamber. calls: a line and a number for each office. fills: what
    some of the placeholders become in the first letter; shown: the address line by each of DISCLOSURES. place: the
    words that offer to use the device's place, where an address does not decide. found: what letters would say of the
    address.
    """
    state, town = desk.state_of(campaign), found.address.town
    offices: list[Seat] = []
    # What letters say of a place depends on the address typed beside it.
    tells = bool(values.get("city") if found.pair else town)
    fills = {"Town": town or state.name} if tells else {}
    if answer.status == "matched":
        pair = answer.pairs[0]
        names = {"senate": pair.senate, "house": pair.house}
        chambers = [CHAMBER_OF[role] for role in CHAMBER_OF if role in campaign.recipients]
        offices = [office for chamber in chambers for office in seats(state, chamber, names[chamber])]
        if campaign.slug not in desk.campaigns.blocked:  # else perhaps for a chair or leader whom no roster knows
            for to in address_letters(campaign, state, pair)[:1]:
                fills |= {"Legislator": to.greeting, "District": to.district}

    def spoken(one: Seat) -> str:
        return f"{desk.pages.office(one.title, language)} {one.name}"

    holders: dict[str, list[Seat]] = {}
    for one in offices:
        if one.name:
            holders.setdefault(one.chamber, []).append(one)

    unsure = answer.status in ("choose", "not_found")
    return {
        "place": desk.pages.offer_place(language) if unsure and town else None,
        "said": desk.pages.announce(answer.status, offices, language),
        "names": {chamber: ", ".join([*map(spoken, some), some[0].district]) for chamber, some in holders.items()},
        "calls": [{"who": spoken(one), "phone": one.phone} for one in offices if one.phone],
        "fills": {name: text for name, text in fills.items() if text},
        "shown": write_addresses(state, found, values) if tells else {},
    }


def _describe(desk: Desk, campaign: Campaign, answer: Answer, *, by_point: bool) -> dict[str, Any]:
    state = desk.state_of(campaign)
    body: dict[str, Any] = {
        "status": answer.status,
        "reason": answer.reason,
        "districts": {},
        "legislators": [],
        "choices": [],
        "address": show_address(answer.address),
    }
    if answer.status == "matched":
        pair = answer.pairs[0]
        names = {"senate": pair.senate, "house": pair.house}
        body["districts"] = districts_json(state, pair)
        body["legislators"] = [seat_json(one) for chamber in CHAMBERS for one in seats(state, chamber, names[chamber])]
        if by_point:
            body["proof"] = sign_proof(state, pair, desk.keys, desk.now())
    else:
        body["choices"] = [choice_json(desk, campaign, choice) for choice in list_choices(state, answer.pairs)]
    return body


def _read_point(values: Mapping[str, str]) -> tuple[float, float] | None:
    """Degrees north and east, or None if these are not such."""
    try:
        lat, lon = float(values["lat"]), float(values["lon"])
    except (KeyError, ValueError):
        return None
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None
