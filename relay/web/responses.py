"""The two kinds of answers: a page for people, JSON for scripts. Both say what is wrong and lose nothing."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from math import ceil
from typing import Any, Final, Literal, TypeAlias

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from boundaries.model import Pair
from boundaries.offices import Choice, Office
from boundaries.state import State
from relay.web.services import Services
from theme.faults import Fault
from theme.manifest import Campaign
from theme.pages.languages import language_of
from theme.pages.sentences import explain_deadline
from theme.pages.views import Form

PRIVATE: Final[Mapping[str, str]] = {"Cache-Control": "no-store"}

RejectionStatus: TypeAlias = Literal[403, 409, 429, 503]


def wants_json(request: Request) -> bool:
    """Whether a script is asking. A browser's own navigation always accepts text/html."""
    accept = request.headers.get("accept", "")
    return "json" in accept and "text/html" not in accept


def notice(
    services: Services,
    request: Request,
    status: int,
    campaign: Campaign | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A page without a form, or problem+json."""
    if wants_json(request):
        return problem(status, headers=headers)
    page = services.site.pages.notice(services.site.language(request), status, campaign)
    return HTMLResponse(page, status, {**PRIVATE, **(headers or {})})


def missing(services: Services, request: Request) -> Response:
    """404 for an unknown campaign; 503 while no campaign is known at all."""
    if services.campaigns.is_read:
        return notice(services, request, 404)
    return notice(services, request, 503, headers={"Retry-After": "30"})


def reject_form(
    services: Services,
    request: Request,
    campaign: Campaign,
    values: Mapping[str, str],
    status: RejectionStatus,
    retry_after: float = 0,
) -> Response:
    """The campaign page again, with what was typed and why the letter cannot be accepted now; or problem+json."""
    headers = {"Retry-After": str(ceil(retry_after))} if retry_after else {}
    site = services.site
    language = site.language(request, values.get("lang", ""))
    if wants_json(request):
        late = status == 409 and campaign.testimony and site.phase(campaign) == "closed"
        more = {"detail": explain_deadline(language_of(language).gettext)} if late else {}
        return problem(status, headers=headers, more=more)
    page = site.pages.campaign(campaign, language, site.phase(campaign), Form(values, refusal=status))
    return HTMLResponse(page, status, {**PRIVATE, **headers})


def invalid_form(services: Services, request: Request, campaign: Campaign, form: Form) -> Response:
    """422: the campaign page again, with what was typed and what is wrong with it; or problem+json with the same."""
    site = services.site
    language = site.language(request, form.values.get("lang", ""))
    if wants_json(request):
        state = services.rosters.state_of(campaign)
        return problem(
            422,
            errors=explain(services, form.faults, language),
            choices=[choice_json(state, choice) for choice in form.choices],
            more={
                **site.pages.fallbacks(form.faults, language),
                "brackets": any(fault.code == "brackets" for fault in form.faults),
            },
        )
    return HTMLResponse(site.pages.campaign(campaign, language, site.phase(campaign), form), 422, PRIVATE)


def explain(services: Services, faults: Sequence[Fault], language: str) -> list[dict[str, str]]:
    return [{"field": fault.field, "message": services.site.pages.explain(fault, language)} for fault in faults]


def problem(
    status: int,
    errors: Sequence[Mapping[str, str]] = (),
    choices: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> JSONResponse:
    """Source: RFC 9457; `errors`, `choices` and `more` are our extensions."""
    return JSONResponse(
        {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "errors": list(errors),
            "choices": list(choices),
            **(more or {}),
        },
        status,
        headers={**PRIVATE, **(headers or {})},
        media_type="application/problem+json",
    )


def choice_json(state: State, choice: Choice) -> dict[str, Any]:
    return {
        "districts": districts_json(state, choice.pair),
        "legislators": [office_json(office) for office in (*choice.senate, *choice.house)],
    }


def districts_json(state: State, pair: Pair) -> dict[str, Any]:
    return {
        chamber: {"name": pair.of(chamber), "ocd_id": state.district(chamber, pair.of(chamber)).ocd_id}
        for chamber in state.chambers
    }


def office_json(office: Office) -> dict[str, Any]:
    return {
        "chamber": office.chamber,
        "title": office.title,
        "name": office.name,
        "district": office.district,
        "party": office.party,
        "phone": office.phone,
        "vacant": not office.name,
    }
