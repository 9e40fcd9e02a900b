"""`/desk/{slug}`: a campaign's desk: how it is going, what waits, and what its organizers may do about it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from boundaries.model import find_chamber
from boundaries.offices import list_offices
from boundaries.state import State
from relay.letters.addressees import title_office
from relay.outbox import DayFigures, DeskFigures, OfficeFigures, WaitingGroup
from relay.outbox.desk import PACED
from relay.outbox.evidence import KINDS
from relay.web.choices import draw_district
from relay.web.desk_session import PATH, Session, keep_session, read_session
from relay.web.desk_tables import write_csv
from relay.web.form_bodies import read_form
from relay.web.report_page import list_names, make_report, suppress_small
from relay.web.responses import PRIVATE, notice
from relay.web.services import Services
from relay.web.stopping import send_letters_again, stop_letters, view_stop
from relay.web.trial import write_trial
from theme.manifest import Campaign
from theme.pages.charts import Chart, draw_bars
from theme.pages.views import (
    DeskView,
    OfficeLine,
    OfficeReportView,
    WaitingGroupView,
    WaitingLetterView,
)
from theme.recipients import NamedRecipient

SHOWN: Final = 20  # letters of each group that waits
CHARTED: Final = 30  # days
Done: TypeAlias = Literal["", "released", "cancelled", "tested", "stopped", "resumed", "removed"]


async def show_desk(services: Services, request: Request) -> Response:
    session, campaign = _open(services, request)
    if session is None or campaign is None:
        return RedirectResponse(PATH, 303, PRIVATE)
    language, least = services.site.language(request), services.discretion.least
    counts = await services.desk_counts.get(campaign.slug)
    state, captured = services.rosters.state_of(campaign), services.outgoing.captured
    until, names = services.now().date(), await list_names(services, campaign)
    report = await asyncio.to_thread(make_report, counts.figures, state, least, until, names, captured=captured)
    done = request.query_params.get("done", "")
    report = replace(
        report,
        stop=await view_stop(services, campaign),
        resumed=done == "resumed",
        removed=done == "removed",
    )
    members = await services.lists.count_members(campaign.slug)
    waiting = await services.desk.list_waiting(campaign.slug, services.now(), SHOWN)
    view = DeskView(
        at=counts.at,
        charts=_draw_charts(counts.desk),
        own_words=_hide(sum(day.own_words for day in counts.desk.days), least),
        confirmed=_hide(sum(day.confirmed for day in counts.desk.days), least),
        delivered=sum(day.delivered for day in counts.desk.days),
        bounced=sum(day.bounced for day in counts.desk.days),
        offices=tuple(_view_office(state, campaign, office, least) for office in counts.desk.offices),
        days=tuple(
            (day.day, day.wrote, day.own_words, day.confirmed, day.delivered, day.bounced)
            for day in counts.desk.days[:CHARTED]
        ),
        waiting=tuple(map(_view_group, waiting)),
        members={str(status): count for status, count in members.items()},
        has_list=campaign.join_privacy is not None,
        done=done,
        count=int(count) if (count := request.query_params.get("count", "")).isdecimal() else 0,
    )
    page = services.site.pages.desk(campaign, language, report, view, f"{PATH}/{campaign.slug}")
    return keep_session(services, session, HTMLResponse(page, headers=PRIVATE))


async def change_desk(services: Services, request: Request) -> Response:
    """Stop the letters or go on, remove a public name, send a test, release or cancel what waits; then the desk again,
    which says so."""
    session, campaign = _open(services, request)
    if session is None or campaign is None:
        return RedirectResponse(PATH, 303, PRIVATE)
    values = await read_form(request)
    group, until = values.get("group", ""), _read_moment(values.get("until", ""))
    done: Done = ""
    count = 0
    match values.get("action"):
        case "stop":
            await stop_letters(services, campaign)
            done = "stopped"
        case "go_on":
            done = "resumed" if await send_letters_again(services, campaign) else ""
        case "test":
            count = await _send_test(services, campaign)
            done = "tested"
        case "release" if group and until:
            count = await services.desk.release(campaign.slug, group, until, services.now())
            services.outgoing.wake()
            done = "released"
        case "cancel" if group and until:
            count = await services.desk.cancel_waiting(campaign.slug, group, until, services.now())
            done = "cancelled"
        case None if values.get("participant"):
            await services.administration.remove_name(campaign.slug, values["participant"])
            done = "removed"
        case _:
            return notice(services, request, 400)
    services.desk_counts.forget(campaign.slug)
    await services.announce()
    query = f"?done={done}&count={count}" if done else ""
    return keep_session(services, session, RedirectResponse(f"{PATH}/{campaign.slug}{query}", 303, PRIVATE))


async def send_table(services: Services, request: Request) -> Response:
    """One of the desk's tables as CSV."""
    session, campaign = _open(services, request)
    if session is None or campaign is None:
        return RedirectResponse(PATH, 303, PRIVATE)
    counts = await services.desk_counts.get(campaign.slug)
    state, least = services.rosters.state_of(campaign), services.discretion.least
    names = [_name(state, campaign, office) for office in counts.desk.offices]
    table = write_csv(request.path_params["table"], counts, names, least)
    if table is None:
        return notice(services, request, 404)
    file = f"{campaign.slug}-{request.path_params['table']}.csv"
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{file}"'}
    response = Response(table, media_type="text/csv; charset=utf-8", headers=headers)
    return keep_session(services, session, response)


async def show_office(services: Services, request: Request) -> Response:
    """A page for one legislator's staff."""
    session, campaign = _open(services, request)
    chamber = find_chamber(request.path_params["chamber"])
    if session is None or campaign is None or chamber is None:
        return RedirectResponse(PATH, 303, PRIVATE)
    state, seat = services.rosters.state_of(campaign), (chamber, request.path_params["district"])
    if seat not in state.seats():
        return notice(services, request, 404)
    counts, least = await services.desk_counts.get(campaign.slug), services.discretion.least
    towns = counts.desk.towns.get(seat, {})
    holders = [f"{office.title} {office.name}" for office in list_offices(state, *seat) if office.name]
    view = OfficeReportView(
        name=", ".join(holders),
        chamber=seat[0],
        district=seat[1],
        people=_hide(counts.figures.districts.get(seat, 0), least),
        own_words=_hide(counts.desk.own_by_district.get(seat, 0), least),
        towns=suppress_small(towns, least),
        map=await asyncio.to_thread(draw_district, state, chamber, seat[1]),
        least=least,
        day=services.site.today(),
    )
    page = services.site.pages.office_report(campaign, services.site.language(request), view)
    return keep_session(services, session, HTMLResponse(page, headers=PRIVATE))


def _open(services: Services, request: Request) -> tuple[Session | None, Campaign | None]:
    """Who is at a desk, and their campaign that this page is about."""
    session, slug = read_session(services, request), request.path_params["slug"]
    campaigns = session.campaigns if session else ()
    return session, next((campaign for campaign in campaigns if campaign.slug == slug), None)


async def _send_test(services: Services, campaign: Campaign) -> int:
    """To the first organizer: the letters of an invented person. Returns how many."""
    letters = write_trial(services, campaign)
    for letter in letters:
        await services.queue.enqueue(letter, services.now(), [])
    services.outgoing.wake()
    return len(letters)


def _draw_charts(figures: DeskFigures) -> dict[str, Chart]:
    days = figures.days[:CHARTED][::-1]
    counted: Mapping[str, Callable[[DayFigures], int]] = {
        "wrote": lambda day: day.wrote,
        "own": lambda day: day.own_words,
        "confirmed": lambda day: day.confirmed,
        "sent": lambda day: day.delivered,
        "bounced": lambda day: day.bounced,
    }
    drawn = {name: draw_bars([(day.day.isoformat(), count(day)) for day in days]) for name, count in counted.items()}
    return {name: chart for name, chart in drawn.items() if chart}


def _view_office(state: State, campaign: Campaign, office: OfficeFigures, least: int) -> OfficeLine:
    total = _hide(sum(office.fates.values()), least)
    own_page = f"{PATH}/{campaign.slug}/offices/{office.chamber}/{office.district}" if office.chamber else ""
    return OfficeLine(_name(state, campaign, office), own_page, total, office.fates if total is not None else {})


def _name(state: State, campaign: Campaign, office: OfficeFigures) -> str:
    """Who holds it today: letters may have gone to somebody before them."""
    chamber = find_chamber(office.chamber)
    if chamber is None:
        named = [to.name for to in campaign.parsed_recipients if isinstance(to, NamedRecipient)]
        return title_office(office.district) if office.district else ", ".join(named)
    try:
        holders = [f"{seat.title} {seat.name}".strip() for seat in list_offices(state, chamber, office.district)]
    except KeyError:  # other districts are in force by now
        holders = []
    return f"{', '.join(holders)} ({office.district})" if holders else office.district


def _view_group(group: WaitingGroup) -> WaitingGroupView:
    letters = tuple(
        WaitingLetterView(letter.first_name, letter.town, letter.hour, letter.subject, letter.message)
        for letter in group.letters
    )
    return WaitingGroupView(
        group.name, _split_kinds(group.name), group.people, group.newest.astimezone(UTC).isoformat(), letters
    )


def _split_kinds(name: str) -> tuple[str, ...]:
    return tuple(kind for kind in (*KINDS, PACED) if kind in name)


def _hide(count: int, least: int) -> int | None:
    """None if there are too few to say."""
    return count if not count or count >= least else None


def _read_moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
