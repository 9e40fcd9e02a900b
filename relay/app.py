"""The composition root: from settings to a relay, a worker, or the answer of a command."""

import asyncio
import logging
import secrets
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from socket import socket
from typing import Final

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from boundaries.data import state_folders
from boundaries.state import State, open_state
from relay.alarm import Alarm
from relay.assembly import (
    draw_token,
    make_envelope_sender,
    make_marks,
    make_notifier,
    make_provider,
    make_returns,
    make_sending_hours,
    make_signer,
    make_transport,
    name_transport,
    open_outbox,
    utc_now,
)
from relay.campaigns import Campaigns, make_campaigns
from relay.errors import StoreError
from relay.forget_after import ForgetAfter
from relay.keys.secrets import list_exposures, load_secrets
from relay.keys.signing import Keys
from relay.letters import new_letter_id, new_submission_id
from relay.letters.addressees import find_obstacle
from relay.letters.circumstances import Event
from relay.mail.check import DnsResolver, Domains, Finding, check_dns, check_login, check_ways_back
from relay.mail.check.trial_letter import describe_outcome, write_trial_letter
from relay.mail.file_transport import FileTransport
from relay.mail.mail_domains import MailDomains
from relay.mail.message import Sender, compose
from relay.mail.providers.sns import Fetch, download
from relay.mail.transport import Transport
from relay.maintenance import (
    announce_obstacles,
    follow_roster,
    forget_captured,
    forget_ended,
    forget_old_copies,
    run_hourly,
)
from relay.monitor import Watch, WatchedOutbox
from relay.returns import Returns
from relay.rosters import Rosters
from relay.settings import LOOPBACK, Settings, SettingsError
from relay.site_view import SiteView
from relay.succession import Succession
from relay.web import create_app
from relay.web.backlog import Prepared, read_backlog
from relay.web.bounce_webhook import bounce_route
from relay.web.desk_counts import Counts, DeskCounts
from relay.web.event_page import sign_event
from relay.web.provider_webhook import provider_route
from relay.web.rate_limits import RateLimit
from relay.web.report_page import sign_link
from relay.web.services import Discretion, Identifiers, Limits, Outgoing, Safeguards, Services
from relay.web.serving import serve
from relay.web.store_health import StoreHealth
from relay.work import Bell, Work, in_background
from theme.manifest import Campaign

log = logging.getLogger("beaconpost.app")

LINK_LASTS: Final = timedelta(days=7)  # in an alert
DNS_TIMEOUT: Final = 1.0  # seconds; a post waits for it


async def _unasked(domain: str) -> bool:  # noqa: ARG001
    return True


@asynccontextmanager
async def open_relay(
    settings: Settings,
    *,
    with_worker: bool = True,
    capture: Transport | None = None,
    discretion: Discretion | None = None,
    extra: Sequence[BaseRoute] = (),
    takes_mail: Callable[[str], Awaitable[bool]] = _unasked,
    fetch: Fetch = download,
    clock: Callable[[], datetime] = utc_now,
    token: Callable[[], str] = draw_token,
    ticks: Callable[[], float] = time.monotonic,
    disk_floor: int | None = None,
) -> AsyncIterator[Starlette]:
    """The relay, ready to serve, with its worker running; everything is closed at the end.

    capture: a transport that sends nothing outside (`dev`, tests), so that any recipient will do.
    extra: routes that come after the relay's.
    takes_mail: whether a mail domain does; by default nobody is asked.
    fetch: downloads what Amazon signs its events with.
    clock: what time it is, aware, UTC. token: draws unguessable ones, fit for a URL. ticks: monotonic seconds, by which
    posts from one address are counted. disk_floor: as for `open_outbox`.
    Raises DataError, StoreError or OSError if something cannot be opened.
    """
    async with AsyncExitStack() as stack:
        states = _open_states(settings, clock)
        for problem in (problem for state in states.values() for problem in state.roster_problems):
            log.warning("%s", problem)
        transport = capture or make_transport(settings)
        stack.push_async_callback(transport.close)
        allowed = None if capture else settings.recipient_domains
        campaigns = make_campaigns(settings, partial(_find_problem, states, allowed))
        stack.push_async_callback(campaigns.close)
        await campaigns.refresh()
        bell = Bell()
        outbox = await open_outbox(settings, bell.ring if with_worker else None, disk_floor)
        stack.push_async_callback(outbox.close)
        captured = capture is not None or settings.smtp is None
        site = SiteView(campaigns, settings.site_url, settings.relay_url, clock)
        rosters = Rosters(states, site, captured, settings.trust_roster)
        forget_after = ForgetAfter(settings.forget_after, campaigns)
        forget_after.log()
        notifier = make_notifier(settings, campaigns, transport.name, forget_after)
        keys = Keys(load_secrets(settings))

        def link(campaign: Campaign) -> str:
            return sign_link(keys, site.relay_url, campaign.slug, clock() + LINK_LASTS)

        async def read_counts(slug: str) -> Counts:
            now = clock()
            return Counts(now, await outbox.figures(slug), await outbox.desk_figures(slug, now))

        desk_counts = DeskCounts(read_counts, clock)
        stack.push_async_callback(desk_counts.close)
        roster_job = follow_roster(Succession(campaigns, rosters, outbox, clock, bell.ring))
        announce = announce_obstacles(outbox, notifier, clock, bell.ring)
        jobs = [
            forget_ended(outbox, campaigns, site),
            forget_captured(FileTransport(settings.mail_folder), outbox, forget_after.read, clock),
        ]
        if isinstance(settings.database, Path):
            jobs.append(forget_old_copies(settings.database, forget_after.read, clock))
        await roster_job()  # before the worker sends anything by an older roster
        returns = make_returns(settings, outbox, notifier, clock)
        if with_worker:
            watch = _make_watch(settings, campaigns, outbox, lambda: rosters, clock)
            work = Work(settings, outbox, transport, notifier, forget_after, returns, watch, bell, clock)
            jobs = [*await stack.enter_async_context(work.going_on()), *jobs]
        await stack.enter_async_context(in_background(run_hourly(jobs, later=[roster_job])))
        services = Services(
            campaigns=campaigns,
            site=site,
            forget_after=forget_after,
            rosters=rosters,
            intake=outbox,
            queue=outbox,
            desk=outbox,
            lists=outbox,
            desk_counts=desk_counts,
            administration=outbox,
            statistics=outbox,
            store_health=StoreHealth(clock, outbox.probe),
            backlog=Prepared(partial(read_backlog, outbox, outbox, clock)),
            outgoing=Outgoing(transport.name, captured, settings.sender, settings.bounce_domain, bell.ring),
            keys=keys,
            identifiers=Identifiers(
                token=token,
                submission=lambda: new_submission_id(clock(), secrets.token_hex),
                letter=lambda submission: new_letter_id(submission, secrets.token_hex),
            ),
            limits=Limits(
                letters=RateLimit(60, 5.0, ticks, lambda: utc_now().date()),
                events=RateLimit(240, 1.0, ticks, lambda: utc_now().date()),
                lookups=RateLimit(60, 2.0, ticks, lambda: utc_now().date()),
                public=settings.is_public,
            ),
            safeguards=Safeguards(
                pace=settings.unconfirmed_rate,
                takes_mail=takes_mail,
                sound_alarm=Alarm(outbox, notifier, link, clock, bell.ring).sound,
            ),
            announce=announce,
            now=clock,
            operator_token=settings.operator_token,
            discretion=discretion or Discretion(),
        )
        yield create_app(services, [*_ways_back(settings, returns, fetch), *extra])


async def run_relay(settings: Settings, listener: socket, *, with_worker: bool, proxy: str) -> None:
    """Serve until SIGINT or SIGTERM. Raises as `open_relay`."""
    _warn(settings)
    takes_mail = MailDomains(DnsResolver(timeout=DNS_TIMEOUT), time.monotonic).takes_mail
    async with open_relay(
        settings, with_worker=with_worker, takes_mail=takes_mail if settings.is_public and settings.smtp else _unasked
    ) as app:
        await serve(app, listener, proxy=proxy, ready=lambda: log.info("taking posts at %s", settings.relay_url))


async def run_worker(settings: Settings) -> None:
    """Send queued letters until SIGINT or SIGTERM. Raises StoreError if the outbox cannot be opened."""
    _warn(settings)
    async with AsyncExitStack() as stack:
        bell = Bell()
        outbox = await open_outbox(settings, bell.ring)
        stack.push_async_callback(outbox.close)
        transport = make_transport(settings)
        stack.push_async_callback(transport.close)
        campaigns = make_campaigns(settings)
        stack.push_async_callback(campaigns.close)
        await campaigns.refresh()
        forget_after = ForgetAfter(settings.forget_after, campaigns)
        forget_after.log()
        notifier = make_notifier(settings, campaigns, transport.name, forget_after)

        def open_rosters() -> Rosters:
            site = SiteView(campaigns, settings.site_url, settings.relay_url, utc_now)
            return Rosters(_open_states(settings, utc_now), site, settings.smtp is None, settings.trust_roster)

        watch = _make_watch(settings, campaigns, outbox, open_rosters, utc_now)
        returns = make_returns(settings, outbox, notifier, utc_now)
        work = Work(settings, outbox, transport, notifier, forget_after, returns, watch, bell, utc_now)
        stopped = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        jobs = await stack.enter_async_context(work.going_on())
        await stack.enter_async_context(in_background(run_hourly(jobs)))
        log.info("sending queued letters from %s", settings.database)
        await stopped.wait()


def _make_watch(
    settings: Settings,
    campaigns: Campaigns,
    outbox: WatchedOutbox,
    rosters: Callable[[], Rosters],
    clock: Callable[[], datetime],
) -> Watch | None:
    """None if no monitor is told; then a worker need not open the rosters."""
    if not settings.ping_url:
        return None
    return Watch(campaigns, rosters(), outbox, make_sending_hours(settings), clock)


def _ways_back(settings: Settings, returns: Returns, fetch: Fetch) -> list[BaseRoute]:
    """Where bounces may be posted."""
    routes: list[BaseRoute] = []
    if settings.bounce_domain and settings.bounce_secret:
        routes.append(bounce_route(returns.take, settings.bounce_secret))
    if provider := make_provider(settings, fetch):
        routes.append(provider_route(provider, returns.take_event))
    return routes


async def check_mail(settings: Settings, dns: DnsResolver, send_to: str = "") -> list[Finding]:
    """What DNS and the mail server say about our letters. send_to: one test letter goes there, and nowhere else.

    Raises SettingsError if the DKIM key cannot be used.
    """
    sender = settings.sender.rpartition("@")[2]
    host = settings.smtp.host if settings.smtp and settings.smtp.host not in LOOPBACK else ""
    signer = make_signer(settings)
    domains = Domains(
        sender, settings.bounce_domain or sender, host, settings.dkim_selector, signer.record if signer else None
    )
    findings = await check_dns(domains, dns)
    if settings.smtp is None:
        unset = Finding("fix", "mail server", "BEACONPOST_SMTP_URL is not set: no letter leaves this machine.")
        return [*findings, unset]
    findings += await check_login(settings.smtp)
    findings += await check_ways_back(
        settings.mail_provider,
        settings.bounce_imap,
        relay_url=settings.relay_url,
        is_verp=bool(settings.bounce_domain),
    )
    if send_to:
        transport = make_transport(settings)
        try:
            letter = write_trial_letter(secrets.token_hex(16), send_to, settings.sender, transport.name)
            message = compose(letter, Sender(settings.sender, sender), utc_now(), make_marks(settings)(letter))
            outcome = await transport.deliver(message, make_envelope_sender(settings)(letter), send_to)
            findings.append(describe_outcome(outcome))
        finally:
            await transport.close()
    return findings


async def take_bounce(settings: Settings, raw: bytes, recipient: str) -> str:
    """Record what a message to a bounce address says. Returns a line for the log, without personal data.

    Raises StoreError if it cannot be recorded now, SettingsError without a bounce domain: deliver it again later.
    """
    if not settings.bounce_domain:
        raise SettingsError("BEACONPOST_BOUNCE_DOMAIN: not set, so no letter has a bounce address")
    if isinstance(settings.database, Path) and not settings.database.exists():
        # In the wrong folder we would create an empty database and lose the bounce in it.
        raise StoreError(f"there is no database {settings.database}: run this in the relay's folder")
    async with AsyncExitStack() as stack:
        outbox = await open_outbox(settings)
        stack.push_async_callback(outbox.close)
        campaigns = make_campaigns(settings)
        stack.push_async_callback(campaigns.close)
        transport = name_transport(settings)
        notifier = make_notifier(settings, campaigns, transport, ForgetAfter(settings.forget_after, campaigns))
        return await make_returns(settings, outbox, notifier, utc_now).take(raw, recipient)


def report_link(settings: Settings, slug: str, until: datetime) -> str:
    """Where a campaign's organizers see how it is going; "" if the relay's address is not set."""
    return sign_link(Keys(load_secrets(settings)), settings.relay_url, slug, until) if settings.relay_url else ""


def event_link(settings: Settings, slug: str, event: Event, until: datetime) -> str:
    """Where people at an event write. Raises KeyMissing."""
    return sign_event(Keys(load_secrets(settings)), settings.relay_url, slug, event, until)


def _open_states(settings: Settings, clock: Callable[[], datetime]) -> Mapping[str, State]:
    today = clock().date()
    return {code: open_state(folder, on=today) for code, folder in state_folders(settings.boundaries).items()}


def _find_problem(states: Mapping[str, State], allowed: frozenset[str] | None, campaign: Campaign) -> str:
    """Why this relay cannot serve a campaign, or "". allowed: empty means the roster's domains, None all."""
    if campaign.state not in states:
        return f"no boundaries for state {campaign.state!r}: there are {', '.join(states)}"
    if allowed is not None:
        allowed = allowed or states[campaign.state].mail_domains
    return find_obstacle(campaign, states[campaign.state], allowed)


def _warn(settings: Settings) -> None:
    for exposure in list_exposures(settings, Path(".env")):
        log.warning("%s", exposure)
    if settings.smtp is None:
        log.warning("BEACONPOST_SMTP_URL is not set: letters are captured in %s, never sent", settings.mail_folder)
