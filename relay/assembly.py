"""Parts that several commands make from the settings: the outbox, the transport, the worker, bounce addresses."""

import logging
import random
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from relay.campaigns import Campaigns
from relay.errors import KeyMissing
from relay.forget_after import ForgetAfter
from relay.keys.keyring import Keyring
from relay.keys.secrets import load_secrets, make_secret
from relay.letters import Letter
from relay.mail.dkim import Signer, SigningTransport, read_key
from relay.mail.file_transport import FileTransport
from relay.mail.message import Sender, compose
from relay.mail.providers import Mailgun, Postmark, Provider, Ses
from relay.mail.providers.sns import Fetch, Sns, download
from relay.mail.smtp import SmtpTransport
from relay.mail.transport import Transport
from relay.mail.verp import LetterCodes, Verp
from relay.mail.webhook import WebhookTransport
from relay.notifier import OrganizerNotifier
from relay.outbox import Outbox, Queue, Throttle
from relay.outbox.postgres import open_postgres
from relay.outbox.sqlite import open_sqlite
from relay.outbox.throttle import SendingHours
from relay.returns import Returns
from relay.settings import MailProvider, PostgresUrl, Settings
from relay.worker import Notifier, Worker

EARLIER_KEY: Final = "secret.key"  # the file, beside the database, of earlier releases

log = logging.getLogger("beaconpost.app")


def draw_token() -> str:
    """192 random bits, fit for a URL."""
    return secrets.token_urlsafe(24)


def utc_now() -> datetime:
    return datetime.now(UTC)


async def open_outbox(
    settings: Settings, woken: Callable[[], None] | None = None, disk_floor: int | None = None
) -> Outbox:
    """Raises StoreError if it cannot be opened, KeyMissing without the key that it is sealed with.

    woken: called when another process queues something, if the store can tell; else workers poll. disk_floor: bytes
    that new posts leave free, if the store's disk is this machine's; None for the default.
    """
    find_keys = partial(find_keyring, settings)
    if isinstance(settings.database, PostgresUrl):
        return await open_postgres(settings.database.url, find_keys, woken=woken)
    return await open_sqlite(settings.database, find_keys, disk_floor=disk_floor)


def find_keyring(settings: Settings, sealed: bool) -> Keyring:
    """The operator's keys. For a database that is not sealed yet one is made, if there is none.

    Raises KeyMissing, SettingsError.
    """
    earlier = settings.folder / EARLIER_KEY
    if not settings.secret_keys and not settings.secret_file.exists() and earlier.exists():
        raise KeyMissing(
            f"the key {earlier} lies beside the database, where whoever copies one copies both. Move it:"
            f" mkdir -p {settings.secret_file.parent} && mv {earlier} {settings.secret_file}"
        )
    try:
        return Keyring(load_secrets(settings))
    except KeyMissing:
        if sealed:
            raise
    make_secret(settings.secret_file)
    log.info("made the key %s: keep a copy elsewhere, the database cannot be read without it", settings.secret_file)
    return Keyring(load_secrets(settings))


def make_transport(settings: Settings) -> Transport:
    """A mail server if one is set, else files that nobody sends; signing if there is a DKIM key.

    Raises SettingsError if the key cannot be used.
    """
    transport = _make_unsigned(settings)
    signer = make_signer(settings)
    if signer is None:
        return transport
    log.info("letters are signed; receivers look for the TXT record %s: %s", *signer.record)
    return SigningTransport(transport, signer)


def _make_unsigned(settings: Settings) -> Transport:
    return SmtpTransport(settings.smtp) if settings.smtp else FileTransport(settings.mail_folder)


def name_transport(settings: Settings) -> str:
    """The name of what `make_transport` makes, for letters that somebody else sends."""
    return _make_unsigned(settings).name


def make_signer(settings: Settings) -> Signer | None:
    """Raises SettingsError if the DKIM key cannot be used."""
    if settings.dkim_key is None:
        return None
    return Signer(settings.sender.rpartition("@")[2], settings.dkim_selector, read_key(settings.dkim_key))


def make_letter_codes(settings: Settings) -> LetterCodes:
    return LetterCodes(load_secrets(settings))


def make_verp(settings: Settings) -> Verp | None:
    """None if bounces simply go to the sender."""
    return Verp(settings.bounce_domain, load_secrets(settings)) if settings.bounce_domain else None


def make_returns(
    settings: Settings, outbox: Queue, notifier: OrganizerNotifier, clock: Callable[[], datetime]
) -> Returns:
    return Returns(outbox, Verp(settings.bounce_domain, load_secrets(settings)), notifier, clock)


def make_provider(settings: Settings, fetch: Fetch = download) -> Provider | None:
    """The mail provider that reports bounces by HTTP, if there is one. fetch: how Amazon's certificate is fetched."""
    match settings.mail_provider:
        case MailProvider("mailgun"):
            return Mailgun(settings.bounce_secret, utc_now)
        case MailProvider("postmark"):
            return Postmark(settings.bounce_secret)
        case MailProvider("ses", topic):
            return Ses(Sns(topic, utc_now, fetch))
        case _:
            return None


def make_marks(settings: Settings) -> Callable[[Letter], Mapping[str, str]]:
    """From a letter to the headers that its mail provider looks for."""
    provider = make_provider(settings)
    if provider is None:
        return lambda _: {}
    codes = make_letter_codes(settings)
    return lambda letter: provider.headers(codes.write(letter.id))


def make_envelope_sender(settings: Settings) -> Callable[[Letter], str]:
    """From a letter to the address its bounces go to."""
    verp = make_verp(settings)
    return lambda letter: verp.write(letter.id) if verp else settings.sender


def make_notifier(
    settings: Settings, campaigns: Campaigns, transport: str, forget_after: ForgetAfter
) -> OrganizerNotifier:
    """transport: the name of the one that mail to organizers is accepted under."""
    webhook = urlsplit(settings.webhook_url).hostname or ""
    return OrganizerNotifier(campaigns, settings.sender, transport, forget_after, webhook)


def make_webhook_worker(settings: Settings, outbox: Queue, clock: Callable[[], datetime]) -> Worker:
    """Sends events as the other worker sends letters. They are not throttled: one program asked for them."""
    return Worker(
        outbox,
        WebhookTransport(settings.webhook_url, settings.webhook_secret, clock),
        compose=lambda event: event.body.encode(),
        envelope_sender=lambda event: event.id,
        now=clock,
        jitter=random.random,
        concurrency=4,
    )


def make_sending_hours(settings: Settings) -> SendingHours | None:
    return SendingHours(*settings.sending_hours) if settings.sending_hours else None


def make_worker(
    settings: Settings, outbox: Queue, transport: Transport, notifier: Notifier, clock: Callable[[], datetime]
) -> Worker:
    sender = Sender(settings.sender, settings.sender.rpartition("@")[2])
    marks = make_marks(settings)
    return Worker(
        outbox,
        transport,
        compose=lambda letter: compose(letter, sender, clock(), marks(letter)),
        envelope_sender=make_envelope_sender(settings),
        now=clock,
        jitter=random.random,
        throttle=Throttle(settings.rates, settings.daily_cap, settings.ramp_up, make_sending_hours(settings)),
        notifier=notifier,
    )
