"""`/reports/{slug}`: how a campaign is going, for its organisers. Sums only, and none of a few people."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from math import ceil
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from boundaries.model import CHAMBERS, Chamber
from boundaries.state import State
from relay.keys import Keys
from relay.outbox import Figures
from relay.web.desk import Desk
from relay.web.responses import PRIVATE, missing
from theme.pages.maps import draw_state
from theme.pages.views import ChamberView, Line, ReportView

DAYS: Final = 14
NUMBERED: Final = 12  # districts with a number on the map; more would cover each other

_PURPOSE: Final = "report"


def sign_link(keys: Keys, relay_url: str, slug: str, until: datetime) -> str:
    """The address of a campaign's report. Whoever has it can read it until then."""
    return f"{relay_url}/reports/{slug}?key={keys.sign(_PURPOSE, f'{slug} {until.date()}', until)}"


async def show_report(desk: Desk, request: Request) -> Response:
    slug = request.path_params["slug"]
    signed, _, until = (desk.keys.open(_PURPOSE, request.query_params.get("key", ""), desk.now()) or "").partition(" ")
    campaign = await desk.campaigns.find(slug)
    if signed != slug or campaign is None or campaign.state not in desk.states:
        return missing(desk, request)
    figures = await desk.outbox.figures(slug)
    state, least = desk.state_of(campaign), desk.discretion.least
    # The first map takes a while, and posts must not wait for it.
    view = await asyncio.to_thread(make_report, figures, state, least, date.fromisoformat(until))
    page = desk.pages.report(campaign, desk.language(request), view)
    return HTMLResponse(page, headers=PRIVATE)


def make_report(figures: Figures, state: State, least: int, until: date) -> ReportView:
    days = sorted(((date.fromisoformat(day), people) for day, people in figures.days.items()), reverse=True)
    return ReportView(
        people=sum(figures.days.values()),
        least=least,
        days=tuple(days[:DAYS]),
        chambers=tuple(_chamber(figures, state, chamber, least) for chamber in CHAMBERS),
        languages=tell(figures.languages, least),
        fates=tell(_merge(figures.fates), 0),
        until=until,
    )


def _chamber(figures: Figures, state: State, chamber: Chamber, least: int) -> ChamberView:
    lines = tell({name: people for (one, name), people in figures.districts.items() if one == chamber}, least)
    # Only those that the plan in force knows.
    told = {name: count for name, count in lines if count and (chamber, name) in state.seats()}
    drawn = draw_state(state, chamber, list(told)[:NUMBERED]) if told else None
    most = max(told.values(), default=0)
    return ChamberView(chamber, lines, drawn, {name: ceil(3 * count / most) for name, count in told.items()})


def tell(people: Mapping[str, int], least: int) -> tuple[Line, ...]:
    """The most first, and those of too few in one sum under "". It takes in the next few until it is no small number
    either: else it would be what the total leaves."""
    told = sorted(people.items(), key=lambda one: (-one[1], one[0]))
    others = 0
    while told and (told[-1][1] < least or 0 < others < least):
        others += told.pop()[1]
    return (*told, *([("", others if others >= least else None)] if others else []))


def _merge(fates: Mapping[str, int]) -> dict[str, int]:
    """A letter on its way at this moment is one that is on its way."""
    merged = {fate: number for fate, number in fates.items() if fate != "sending"}
    if moving := fates.get("sending"):
        merged["queued"] = merged.get("queued", 0) + moving
    return merged
