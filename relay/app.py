"""The composition root: settings, time, randomness and the rooms are put together here, and nowhere else."""

import asyncio
import contextlib
import logging
import random
import secrets
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from socket import socket
from typing import Final

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from boundaries.data import state_folders
from boundaries.state import State, open_state
from relay.campaigns import Campaigns
from relay.errors import StoreError
from relay.keys import Keys
from relay.letters import new_submission_id
from relay.letters.recipients import find_obstacle
from relay.mail.bounces import NOT_OURS, ReturnAddresses, read_report, record
from relay.mail.check import Domains, Finding, Lookups, check_records, check_server
from relay.mail.check.trial_letter import tell, write_trial
from relay.mail.dkim import Signer, SigningTransport, read_key
from relay.mail.message import Sender, compose
from relay.mail.smtp import FileTransport, SmtpTransport, Transport
from relay.notifier import Alerts
from relay.outbox import Outbox, Queue
from relay.outbox.postgres import open_postgres
from relay.outbox.sqlite import open_sqlite
from relay.outbox.throttle import Pace, Window
from relay.settings import LOOPBACK, PostgresUrl, Settings, SettingsError
from relay.succession import address_waiting, hold_outdated
from relay.web import create_app
from relay.web.bounce_webhook import bounce_route
from relay.web.desk import Desk, Discretion
from relay.web.rate_limits import Limit
from relay.web.report_page import sign_link
from relay.web.serving import serve
from relay.worker import Worker
from theme.manifest import Campaign

log = logging.getLogger("beaconpost.app")

BETWEEN_ENDINGS: Final = 3600.0  # seconds


@asynccontextmanager
async def open_relay(
    settings: Settings,
    *,
    with_worker: bool = True,
    capture: Transport | None = None,
    discretion: Discretion | None = None,
    extra: Sequence[BaseRoute] = (),
    clock: Callable[[], datetime] | None = None,
) -> AsyncIterator[Starlette]:
    """The relay, ready to serve, with its worker running; all is closed and given back at the end.

    clock: what time it is, aware, UTC; the machine's own unless given.

    capture: a transport of `dev` and the tests that sends nothing outside, so that any recipient will do.
    extra: routes that come after the relay's. Raises DataError, StoreError or OSError if a room cannot be opened.
    """
    clock = clock or now
    async with AsyncExitStack() as stack:
        states = {
            code: open_state(folder, on=clock().date()) for code, folder in state_folders(settings.boundaries).items()
        }
        captured = capture is not None or settings.smtp is None
        transport = capture or make_transport(settings)
        stack.push_async_callback(transport.close)
        allowed = None if capture else settings.recipient_domains
        campaigns = Campaigns(settings.campaigns, time.monotonic, partial(_check, states, allowed))
        stack.push_async_callback(campaigns.close)
        await campaigns.refresh()
        workers: list[Worker] = []
        outbox = await open_outbox(settings, _ring(workers) if with_worker else None)
        stack.push_async_callback(outbox.close)
        herald = Alerts(campaigns, settings.sender, transport.name, settings.forget_after)
        worker = make_worker(settings, outbox, transport, herald, clock)
        workers.append(worker)
        desk = Desk(
            campaigns=campaigns,
            states=states,
            outbox=outbox,
            transport=transport.name,
            captured=captured,
            site_url=settings.site_url,
            relay_url=settings.relay_url,
            contact=settings.sender,
            keys=Keys(_secret_keys(settings)),
            now=clock,
            token=partial(secrets.token_urlsafe, 24),
            new_id=lambda: new_submission_id(clock(), secrets.token_hex),
            wake=worker.wake,
            letters=Limit(30, 10.0, time.monotonic, _today),
            lookups=Limit(60, 2.0, time.monotonic, _today),
            discretion=discretion or Discretion(),
            trust_roster=settings.trust_roster,
        )
        swept = await _tend_seats(desk, just_read=True)  # before a worker sends anything by an older roster
        if with_worker:
            await stack.enter_async_context(_running(worker))
        ending = asyncio.create_task(_look_hourly(desk, swept=swept))
        stack.callback(ending.cancel)
        if settings.bounce_domain and settings.bounce_secret:
            addresses = ReturnAddresses(settings.bounce_domain, _secret_keys(settings))
            extra = [bounce_route(outbox, addresses, settings.bounce_secret, clock), *extra]
        yield create_app(desk, extra)


async def open_outbox(settings: Settings, woken: Callable[[], None] | None = None) -> Outbox:
    """Where accepted letters are kept. Raises StoreError if it cannot be opened.

    woken: called when another process queued something, if the store can tell; else the worker looks by itself.
    """
    if isinstance(settings.database, PostgresUrl):
        return await open_postgres(settings.database.url, woken=woken)
    return await open_sqlite(settings.database)


def _ring(workers: list[Worker]) -> Callable[[], None]:
    """Wakes the workers of this process, of which there is none yet while the outbox is opened."""

    def ring() -> None:
        for worker in workers:
            worker.wake()

    return ring


def make_transport(settings: Settings) -> Transport:
    """Where letters go: a mail server if one is set, else files that nobody sends; signed if there is a key.

    Raises SettingsError if the key cannot be used.
    """
    transport = SmtpTransport(settings.smtp) if settings.smtp else FileTransport(settings.mail_folder)
    if settings.dkim_key is None:
        return transport
    signer = _make_signer(settings, settings.dkim_key)
    log.info("letters are signed; receivers look for the TXT record %s: %s", *signer.record)
    return SigningTransport(transport, signer)


def _make_signer(settings: Settings, key: Path) -> Signer:
    return Signer(settings.sender.rpartition("@")[2], settings.dkim_selector, read_key(key))


def _make_envelope_from(settings: Settings) -> Callable[[str], str]:
    """From a letter's id to its envelope sender."""
    if not settings.bounce_domain:
        return lambda _: settings.sender
    return ReturnAddresses(settings.bounce_domain, _secret_keys(settings)).write


def make_worker(
    settings: Settings, outbox: Queue, transport: Transport, herald: Alerts, clock: Callable[[], datetime]
) -> Worker:
    sender = Sender(settings.sender, settings.sender.rpartition("@")[2])
    window = Window(*settings.sending_hours) if settings.sending_hours else None
    envelope_from = _make_envelope_from(settings)
    return Worker(
        outbox,
        transport,
        compose=lambda letter: compose(letter, sender, clock()),
        envelope_from=lambda letter: envelope_from(letter.id),
        now=clock,
        jitter=random.random,
        keep=settings.forget_after,
        pace=Pace(settings.rates, settings.daily_cap, settings.ramp_up, window),
        herald=herald,
    )


def now() -> datetime:
    return datetime.now(UTC)


def _today() -> date:
    return now().date()


def _check(states: Mapping[str, State], allowed: frozenset[str] | None, campaign: Campaign) -> str:
    """What keeps this relay from serving a campaign, or "". allowed: empty means the roster's domains, None all."""
    if campaign.state not in states:
        return f"no boundaries for state {campaign.state!r}: there are {', '.join(states)}"
    if allowed is not None:
        allowed = allowed or states[campaign.state].mail_domains
    return find_obstacle(campaign, states[campaign.state], allowed)


def report_link(settings: Settings, slug: str, until: datetime) -> str:
    """Where a campaign's organisers read how it is going; "" while it is not known where the relay is."""
    return sign_link(Keys(_secret_keys(settings)), settings.relay_url, slug, until) if settings.relay_url else ""


def _secret_keys(settings: Settings) -> tuple[bytes, ...]:
    """The operator's keys, else one that this relay makes once and keeps beside its database, for its owner's eyes."""
    return settings.secret_keys or (_keep_key(settings.secret_file),)


def _keep_key(path: Path) -> bytes:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        # Written whole under another name first: of two relays that start at once, both read the same key.
        draft = path.with_name(f".{secrets.token_hex(8)}.key")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32))
        try:
            path.hardlink_to(draft)
        finally:
            draft.unlink()
    return path.read_bytes().strip()


async def _look_hourly(desk: Desk, *, swept: bool) -> None:
    """What a campaign that is over has no more use for is forgotten (design, section 9); letters to offices that
    changed hands wait, and those that waited for a newer roster get their address. swept: that was done already."""
    while True:
        over = [one.slug for one in desk.campaigns.all() if desk.phase(one) in ("closed", "withdrawn")]
        for slug in over:
            try:
                if people := await desk.outbox.end_campaign(slug):
                    log.info("campaign %s is over: forgot what recognised %d people", slug, people)
            except StoreError as error:
                log.warning("campaign %s is over, but nothing could be forgotten yet: %s", slug, error)
        await asyncio.sleep(BETWEEN_ENDINGS)
        swept = await _tend_seats(desk, just_read=not swept) or swept


async def _tend_seats(desk: Desk, *, just_read: bool) -> bool:
    """As `relay.succession` has it; whether the store could be asked."""
    try:
        await hold_outdated(desk, just_read=just_read)
        await address_waiting(desk)
    except StoreError as error:
        log.warning("letters to offices that may have changed hands stay where they are: %s", error)
        return False
    return True


@asynccontextmanager
async def _running(worker: Worker) -> AsyncIterator[None]:
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await task


async def run_worker(settings: Settings) -> None:
    """Send what waits until SIGINT or SIGTERM. Raises StoreError if the outbox cannot be opened."""
    _warn_of_capture(settings)
    async with AsyncExitStack() as stack:
        workers: list[Worker] = []
        outbox = await open_outbox(settings, _ring(workers))
        stack.push_async_callback(outbox.close)
        transport = make_transport(settings)
        stack.push_async_callback(transport.close)
        campaigns = Campaigns(settings.campaigns, time.monotonic, lambda _: "")
        stack.push_async_callback(campaigns.close)
        herald = Alerts(campaigns, settings.sender, transport.name, settings.forget_after)
        worker = make_worker(settings, outbox, transport, herald, now)
        workers.append(worker)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, worker.stop)
        log.info("sending what waits in %s", settings.database)
        await worker.run()


async def check_mail(settings: Settings, lookups: Lookups, send_to: str = "") -> list[Finding]:
    """What DNS and the mail server say about our letters. send_to: one test letter goes there, and nowhere else.

    Raises SettingsError if the key cannot be used.
    """
    sender = settings.sender.rpartition("@")[2]
    host = settings.smtp.host if settings.smtp and settings.smtp.host not in LOOPBACK else ""
    published = _make_signer(settings, settings.dkim_key).record if settings.dkim_key else None
    domains = Domains(sender, settings.bounce_domain or sender, host, settings.dkim_selector, published)
    found = await check_records(domains, lookups)
    if settings.smtp is None:
        return [*found, Finding("fix", "mail server", "BEACONPOST_SMTP_URL is not set: no letter leaves this machine.")]
    found += await check_server(settings.smtp)
    if send_to:
        transport = make_transport(settings)
        try:
            letter = write_trial(secrets.token_hex(16), send_to, settings.sender, transport.name)
            message = compose(letter, Sender(settings.sender, sender), now())
            found.append(tell(await transport.deliver(message, _make_envelope_from(settings)(letter.id), send_to)))
        finally:
            await transport.close()
    return found


async def take_bounce(settings: Settings, raw: bytes, recipient: str) -> str:
    """Write down what a message to a bounce address says; one line for the log, with no person in it.

    Raises StoreError if it cannot be written down yet, SettingsError without a bounce domain: deliver it again later.
    """
    if not settings.bounce_domain:
        raise SettingsError("BEACONPOST_BOUNCE_DOMAIN: not set, so no letter has a bounce address")
    if (
        isinstance(settings.database, Path) and not settings.database.exists()
    ):  # run in a wrong folder, we would make an empty one and lose the bounce in it
        raise StoreError(f"there is no database {settings.database}: run this in the relay's folder")
    report = read_report(raw, ReturnAddresses(settings.bounce_domain, _secret_keys(settings)), recipient)
    if report.letter is None:
        return NOT_OURS
    outbox = await open_outbox(settings)
    try:
        return await record(report, outbox, now())
    finally:
        await outbox.close()


async def run_relay(settings: Settings, listener: socket, *, with_worker: bool, proxy: str) -> None:
    """Serve until SIGINT or SIGTERM. Raises as `open_relay`."""
    _warn_of_capture(settings)
    async with open_relay(settings, with_worker=with_worker) as app:
        await serve(app, listener, proxy=proxy, ready=lambda: log.info("taking posts at %s", settings.relay_url))


def _warn_of_capture(settings: Settings) -> None:
    if settings.smtp is None:
        log.warning("BEACONPOST_SMTP_URL is not set: letters are captured in %s, never sent", settings.mail_folder)
