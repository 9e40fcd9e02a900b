"""The two ways to answer: a page for people, JSON for scripts. Both say what is wrong and lose nothing."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from math import ceil
from typing import Any, Final, Literal, TypeAlias

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from boundaries.model import Pair
from boundaries.state import State
from relay.web.choices import pair_of
from relay.web.desk import Desk
from theme.faults import Fault
from theme.manifest import Campaign
from theme.pages.views import Choice, Form, Seat
from theme.pages.ways import Ways

PRIVATE: Final[Mapping[str, str]] = {"Cache-Control": "no-store"}

RefusalStatus: TypeAlias = Literal[403, 409, 413, 429, 503]


def wants_json(request: Request) -> bool:
    """Whether a script asks. A browser's own navigation always lists text/html."""
    accepted = request.headers.get("accept", "")
    return "json" in accepted and "text/html" not in accepted


def notice(
    desk: Desk,
    request: Request,
    status: int,
    campaign: Campaign | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A page, or problem+json, for an answer that has no form to keep."""
    if wants_json(request):
        return problem(status, headers=headers)
    page = desk.pages.notice(desk.language(request), status, campaign)
    return HTMLResponse(page, status, {**PRIVATE, **(headers or {})})


def missing(desk: Desk, request: Request) -> Response:
    """404 for a campaign that nobody knows; 503 while no campaign is known at all."""
    if desk.campaigns.is_read:
        return notice(desk, request, 404)
    return notice(desk, request, 503, headers={"Retry-After": "30"})


def refuse(
    desk: Desk,
    request: Request,
    campaign: Campaign,
    values: Mapping[str, str],
    status: RefusalStatus,
    retry_after: float = 0,
) -> Response:
    """The campaign page again with what was typed, and why the letter could not be taken now; or problem+json."""
    headers = {"Retry-After": str(ceil(retry_after))} if retry_after else {}
    if wants_json(request):
        return problem(status, headers=headers)
    language = desk.language(request, values.get("lang", ""))
    page = desk.pages.campaign(campaign, language, desk.phase(campaign), Form(values, refusal=status))
    return HTMLResponse(page, status, {**PRIVATE, **headers})


def complain(desk: Desk, request: Request, campaign: Campaign, form: Form) -> Response:
    """422: the campaign page again with what was typed and what is wrong with it; or problem+json with the same."""
    language = desk.language(request, form.values.get("lang", ""))
    if wants_json(request):
        return problem(
            422,
            errors=explain(desk, form.faults, language),
            choices=[choice_json(desk, campaign, c) for c in form.choices],
            ways=desk.pages.ways(form.faults, language),
        )
    page = desk.pages.campaign(campaign, language, desk.phase(campaign), form)
    return HTMLResponse(page, 422, PRIVATE)


def explain(desk: Desk, faults: Sequence[Fault], language: str) -> list[dict[str, str]]:
    return [{"field": fault.field, "message": desk.pages.explain(fault, language)} for fault in faults]


def problem(
    status: int,
    errors: Sequence[Mapping[str, str]] = (),
    choices: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
    ways: Ways | None = None,
) -> JSONResponse:
    """Source: RFC 9457; `errors` and `choices` are ours, and so is what else leads on."""
    return JSONResponse(
        {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "errors": list(errors),
            "choices": list(choices),
            **(ways or {}),
        },
        status,
        headers={**PRIVATE, **(headers or {})},
        media_type="application/problem+json",
    )


def choice_json(desk: Desk, campaign: Campaign, choice: Choice) -> dict[str, Any]:
    return {
        "districts": districts_json(desk.state_of(campaign), pair_of(choice)),
        "legislators": [seat_json(seat) for seat in (*choice.senate, *choice.house)],
    }


def districts_json(state: State, pair: Pair) -> dict[str, Any]:
    names = {"senate": pair.senate, "house": pair.house}
    return {
        chamber: {"name": names[chamber], "ocd_id": state.district(chamber, names[chamber]).ocd_id}
        for chamber in state.chambers
    }


def seat_json(seat: Seat) -> dict[str, Any]:
    return {
        "chamber": seat.chamber,
        "title": seat.title,
        "name": seat.name,
        "district": seat.district,
        "party": seat.party,
        "phone": seat.phone,
        "vacant": not seat.name,
    }
