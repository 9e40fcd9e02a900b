"""`/reports/{slug}`: how a campaign is going, for its organizers. Counts, none of a few people; the public names, which
they may remove; and a button that stops the campaign's letters, or goes on."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from math import ceil
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from boundaries.model import CHAMBERS, Chamber
from boundaries.state import State
from relay.keys.signing import Keys
from relay.outbox import Figures
from relay.web.form_bodies import read_form
from relay.web.participants import shown_participants
from relay.web.responses import PRIVATE, missing, notice
from relay.web.services import Services
from relay.web.stopping import send_letters_again, stop_letters, view_burst, view_stop
from theme.manifest import Campaign
from theme.pages.maps import draw_state
from theme.pages.views import ChamberView, NameView, ReportLine, ReportView

DAYS: Final = 14
NUMBERED: Final = 12  # districts with a number on the map; more would overlap

_PURPOSE: Final = "report"


def sign_link(keys: Keys, relay_url: str, slug: str, until: datetime) -> str:
    """A link to a campaign's report. Whoever has it can read the report, remove public names, and stop the campaign's
    letters, until then."""
    return f"{relay_url}{_link(slug, keys.sign(_PURPOSE, f'{slug} {until.date()}', until))}"


async def show_report(services: Services, request: Request) -> Response:
    signed = await _open_link(services, request)
    if signed is None:
        return missing(services, request)
    campaign, key, until = signed
    figures = await services.statistics.figures(campaign.slug)
    state, least = services.rosters.state_of(campaign), services.discretion.least
    names = await list_names(services, campaign)
    removed = "removed" in request.query_params
    # The first map takes a while, and posts must not wait for it.
    captured = services.outgoing.captured
    view = await asyncio.to_thread(make_report, figures, state, least, until, names, removed=removed, captured=captured)
    view = replace(
        view,
        burst=await view_burst(services, campaign),
        stop=await view_stop(services, campaign),
        resumed="resumed" in request.query_params,
    )
    page = services.site.pages.report(campaign, services.site.language(request), view, _link(campaign.slug, key))
    return HTMLResponse(page, headers=PRIVATE)


async def list_names(services: Services, campaign: Campaign) -> list[NameView]:
    """The public names that are shown now."""
    zone = services.site.zone
    return [
        NameView(person.submission, person.name, person.town, person.at.astimezone(zone).date())
        for person in await shown_participants(services, campaign)
    ]


async def change_report(services: Services, request: Request) -> Response:
    """Remove a public name, stop the campaign's letters or go on; then the report again, which says so. If it is done
    already, it says so, too."""
    signed = await _open_link(services, request)
    if signed is None:
        return missing(services, request)
    campaign, key, _ = signed
    values = await read_form(request)
    submission, done = values.get("participant"), ""
    match values.get("action"):
        case "stop":
            await stop_letters(services, campaign)
        case "go_on":
            done = "&resumed=1" if await send_letters_again(services, campaign) else ""
        case None if submission:
            await services.administration.remove_name(campaign.slug, submission)
            done = "&removed=1"
        case _:
            return notice(services, request, 400)
    return RedirectResponse(f"{_link(campaign.slug, key)}{done}", 303, PRIVATE)


async def _open_link(services: Services, request: Request) -> tuple[Campaign, str, date] | None:
    """The campaign, the key and the day it expires, if the link is signed for this campaign and not too old."""
    slug, key = request.path_params["slug"], request.query_params.get("key", "")
    signed_slug, _, until = (services.keys.open(_PURPOSE, key, services.now()) or "").partition(" ")
    campaign = await services.campaigns.find(slug)
    if signed_slug != slug or campaign is None or campaign.state not in services.rosters.states:
        return None
    return campaign, key, date.fromisoformat(until)


def _link(slug: str, key: str) -> str:
    return f"/reports/{slug}?key={key}"


def make_report(
    figures: Figures,
    state: State,
    least: int,
    until: date,
    names: Sequence[NameView],
    *,
    removed: bool = False,
    captured: bool = False,
) -> ReportView:
    """least: smaller groups are counted together. until: when the link expires. removed: whether a name just was.
    captured: whether the relay sends nothing."""
    days = sorted(((date.fromisoformat(day), people) for day, people in figures.days.items()), reverse=True)
    return ReportView(
        people=sum(figures.days.values()),
        least=least,
        days=tuple(days[:DAYS]),
        chambers=tuple(_chamber(figures, state, chamber, least) for chamber in CHAMBERS),
        languages=suppress_small(figures.languages, least),
        statuses=suppress_small(_merge_fates(figures.fates, captured=captured), 0),
        reasons=figures.reasons if figures.reasons == 0 or figures.reasons >= least else None,
        until=until,
        names=tuple(names),
        removed=removed,
    )


def _chamber(figures: Figures, state: State, chamber: Chamber, least: int) -> ChamberView:
    people = {name: count for (of, name), count in figures.districts.items() if of == chamber}
    lines = suppress_small(people, least)
    # Only districts of the plan in force can be drawn, and not those that lie over others.
    drawn_seats = {*state.seats()} - state.overlays
    drawable = {name: count for name, count in lines if count and (chamber, name) in drawn_seats}
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


def _merge_fates(fates: Mapping[str, int], *, captured: bool) -> dict[str, int]:
    """Letters being sent at this moment count as queued; where nothing is sent, all of these as captured."""
    merged: Counter[str] = Counter()
    for fate, count in fates.items():
        going = "captured" if captured else "sent" if fate == "sent" else "queued"
        merged[going if fate in ("queued", "sending", "sent") else fate] += count
    return dict(merged)
