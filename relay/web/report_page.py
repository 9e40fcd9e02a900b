"""`/reports/{slug}`: how a campaign is going, for its organizers. Only counts, and none of a few people."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from math import ceil
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from boundaries.model import CHAMBERS, Chamber
from boundaries.state import State
from relay.keys.signing import Keys
from relay.outbox import Figures
from relay.web.responses import PRIVATE, missing
from relay.web.services import Services
from theme.pages.maps import draw_state
from theme.pages.views import ChamberView, ReportLine, ReportView

DAYS: Final = 14
NUMBERED: Final = 12  # districts with a number on the map; more would overlap

_PURPOSE: Final = "report"


def sign_link(keys: Keys, relay_url: str, slug: str, until: datetime) -> str:
    """A link to a campaign's report. Whoever has it can read the report until then."""
    return f"{relay_url}/reports/{slug}?key={keys.sign(_PURPOSE, f'{slug} {until.date()}', until)}"


async def show_report(services: Services, request: Request) -> Response:
    slug, key = request.path_params["slug"], request.query_params.get("key", "")
    signed_slug, _, until = (services.keys.open(_PURPOSE, key, services.now()) or "").partition(" ")
    campaign = await services.campaigns.find(slug)
    if signed_slug != slug or campaign is None or campaign.state not in services.rosters.states:
        return missing(services, request)
    figures = await services.statistics.figures(slug)
    state, least = services.rosters.state_of(campaign), services.discretion.least
    # The first map takes a while, and posts must not wait for it.
    view = await asyncio.to_thread(make_report, figures, state, least, date.fromisoformat(until))
    page = services.site.pages.report(campaign, services.site.language(request), view)
    return HTMLResponse(page, headers=PRIVATE)


def make_report(figures: Figures, state: State, least: int, until: date) -> ReportView:
    """least: smaller groups are counted together. until: when the link expires."""
    days = sorted(((date.fromisoformat(day), people) for day, people in figures.days.items()), reverse=True)
    return ReportView(
        people=sum(figures.days.values()),
        least=least,
        days=tuple(days[:DAYS]),
        chambers=tuple(_chamber(figures, state, chamber, least) for chamber in CHAMBERS),
        languages=suppress_small(figures.languages, least),
        statuses=suppress_small(_merge_sending(figures.fates), 0),
        until=until,
    )


def _chamber(figures: Figures, state: State, chamber: Chamber, least: int) -> ChamberView:
    people = {name: count for (of, name), count in figures.districts.items() if of == chamber}
    lines = suppress_small(people, least)
    # Only districts of the plan in force can be drawn.
    drawable = {name: count for name, count in lines if count and (chamber, name) in state.seats()}
    drawn = draw_state(state, chamber, list(drawable)[:NUMBERED]) if drawable else None
    most = max(drawable.values(), default=0)
    return ChamberView(chamber, lines, drawn, {name: ceil(3 * count / most) for name, count in drawable.items()})


def suppress_small(people: Mapping[str, int], least: int) -> tuple[ReportLine, ...]:
    """The largest groups first, and those of fewer than `least` in one sum under "". That sum takes in the next groups
    until it is not small either: otherwise it could be computed from the total."""
    groups = sorted(people.items(), key=lambda group: (-group[1], group[0]))
    others = 0
    while groups and (groups[-1][1] < least or 0 < others < least):
        others += groups.pop()[1]
    return (*groups, *([("", others if others >= least else None)] if others else []))


def _merge_sending(fates: Mapping[str, int]) -> dict[str, int]:
    """Letters being sent at this moment count as queued."""
    merged = {fate: count for fate, count in fates.items() if fate != "sending"}
    if sending := fates.get("sending"):
        merged["queued"] = merged.get("queued", 0) + sending
    return merged
