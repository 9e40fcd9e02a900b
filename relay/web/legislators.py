"""`POST /campaigns/{slug}/legislators`: who represents an address. A POST, so that no log holds an address."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from boundaries.model import CHAMBERS, Pair
from boundaries.offices import Office, list_choices, list_offices_at
from boundaries.state import State
from relay import forms
from relay.letters.addressees import Addressee, address_letters
from relay.web.form_bodies import UnreadableForm, read_form, read_point
from relay.web.matching import ADDRESS, Match, check_address, match_districts, show_address, sign_proof, write_addresses
from relay.web.responses import (
    PRIVATE,
    RejectionStatus,
    choice_json,
    districts_json,
    explain,
    office_json,
    problem,
)
from relay.web.services import Services
from theme.faults import Fault
from theme.manifest import Campaign


async def find_legislators(services: Services, request: Request) -> Response:
    """Always JSON: only scripts come here."""
    campaign = await services.campaigns.find(request.path_params["slug"])
    if campaign is None and not services.campaigns.is_read:
        return problem(503, headers={"Retry-After": "30"})
    if campaign is None or campaign.state not in services.rosters.states:
        return problem(404)
    if campaign.status == "withdrawn":
        return problem(410)
    try:
        values = await read_form(request)
    except UnreadableForm as error:
        return problem(error.status)
    language = services.site.language(request, values.get("lang", ""))
    by_point = "lat" in values or "lon" in values
    point = read_point(values) if by_point else None
    faults = check_address(values, is_located=by_point)
    if by_point and point is None:
        faults += (Fault("lat", "invalid"),)
    faults += tuple(fault for fault in forms.check(values) if fault.field == "disclose")
    missing = tuple(fault for fault in faults if fault.code == "required")
    if invalid := [fault for fault in faults if fault not in missing]:
        return problem(422, explain(services, invalid, language))
    state = services.rosters.state_of(campaign)
    match, located = _match(state, {name: values.get(name, "") for name in ADDRESS}, point)
    body = _describe(services, campaign, match, located)
    for_page = _describe_for_page(services, campaign, match, values, language)
    said = [for_page["said"], *(fault["message"] for fault in explain(services, missing, language))]
    return JSONResponse(body | for_page | {"said": " ".join(said)}, headers=PRIVATE)


async def reject_lookup(
    services: Services,  # noqa: ARG001  (all rejections share a signature)
    request: Request,  # noqa: ARG001
    status: RejectionStatus,
    retry_after: float,
) -> Response:
    return problem(status, headers={"Retry-After": str(int(retry_after) + 1)} if retry_after else {})


def _match(state: State, address: Mapping[str, str], point: tuple[float, float] | None) -> tuple[Match, Pair | None]:
    """What a letter with this address, and with proof of this location, would be matched to; and the location's pair,
    if that is what decides. point: degrees north and east."""
    if point is None:
        return match_districts(state, address, None), None
    located = state.locate_point(*point)
    if located.status != "matched":
        return Match(located, None, located.address, faults=(Fault("lat", "no_place"),)), None
    match = match_districts(state, address, located.pairs[0])
    return match, match.pair if match.typed.status != "matched" else None


def _describe_for_page(
    services: Services, campaign: Campaign, match: Match, values: Mapping[str, str], language: str
) -> dict[str, Any]:
    """What the page shows as it is, in its own language, so that its script need not know how.

    said: the announcement. names: who holds a seat, by chamber. calls: a line and a number for each office. fills: what
    some placeholders become in the first letter. letters: which of the campaign's are sent. shown: the address line for
    each of DISCLOSURES. place, phones: ways on if an address does not decide, as in theme.pages.fallbacks.
    """
    state, pages = services.rosters.state_of(campaign), services.site.pages
    if not match.pair:  # until then the letter shows the town as typed
        town = match.typed.address.town or values.get("city", "")
        match = replace(match, address=replace(match.address, town=town))
    town = match.address.town
    offices: list[Office] = []
    to: list[Addressee] = []
    # What letters say of a location depends on the address typed beside it.
    shows_town = bool(values.get("city") if match.pair else town)
    fills = {"Town": town or state.name} if shows_town else {}
    if match.pair:
        offices = [
            office
            for chamber in campaign.own_chambers
            for office in list_offices_at(state, chamber, match.pair.of(chamber))
        ]
        if campaign.slug not in services.campaigns.blocked:  # or else perhaps to a chair whom no roster knows
            to = address_letters(campaign, state, match.pair, services.rosters.outdated(state))
            for first in address_letters(campaign, state, match.pair)[:1]:
                fills |= {"Legislator": first.greeting, "District": first.district}
    names_thanked = {addressee.name for addressee in to if addressee.letter == "thanks"}
    thanked = [office for office in offices if office.name in names_thanked]

    def titled(office: Office) -> str:
        return f"{pages.office(office.title, language)} {office.name}"

    def listed(held: Sequence[Office]) -> str:
        by_district: dict[str, list[str]] = {}
        for one in held:
            called = pages.mark_thanked(titled(one), language) if one in thanked else titled(one)
            by_district.setdefault(one.district, []).append(called)
        return "; ".join(", ".join([*each, district]) for district, each in by_district.items())

    holders: dict[str, list[Office]] = {}
    for office in offices:
        if office.name:
            holders.setdefault(office.chamber, []).append(office)
    names = {chamber: listed(held) for chamber, held in holders.items()}
    said = (
        pages.name_recipients(offices, thanked, language)
        if match.pair
        else pages.preview_fault(match.faults[0], language)
    )
    return {
        "said": said,
        "names": names,
        "calls": [{"who": titled(office), "phone": office.phone} for office in offices if office.phone],
        "fills": {name: text for name, text in fills.items() if text},
        "letters": sorted({addressee.letter for addressee in to}),
        "shown": write_addresses(state, match, values) if shows_town else {},
        **pages.fallbacks(match.faults, language),
    }


def _describe(services: Services, campaign: Campaign, match: Match, located: Pair | None) -> dict[str, Any]:
    """The answer for any script. located: the pair of the device's location if that decides; its proof is included."""
    state, typed = services.rosters.state_of(campaign), match.typed
    body: dict[str, Any] = {
        "status": "matched" if match.pair else typed.status,
        "reason": "" if match.pair else typed.reason,
        "districts": {},
        "legislators": [],
        "choices": [],
        "address": typed.address.state if located else show_address(typed.address),
    }
    if match.pair:
        pair = match.pair
        body["districts"] = districts_json(state, pair)
        body["legislators"] = [
            office_json(office) for chamber in CHAMBERS for office in list_offices_at(state, chamber, pair.of(chamber))
        ]
        if located:
            body["proof"] = sign_proof(state, located, services.keys, services.now())
    else:
        choices = match.choices or list_choices(state, typed.pairs)
        body["choices"] = [choice_json(state, choice) for choice in choices]
    return body
