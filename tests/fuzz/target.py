"""The relay that is fuzzed: real, on a temporary SQLite database, with a transport that only counts."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from starlette.applications import Starlette

from relay.app import open_relay
from relay.keys.signing import Keys
from relay.letters.circumstances import Event
from relay.mail.outcome import Outcome, Sent
from relay.mail.verp import Verp
from relay.settings import MailProvider
from relay.web.event_page import sign_event
from relay.web.report_page import sign_link
from tests.fuzz.requests import BOUNCE_SECRET, TYPED
from tests.samples.campaigns import LIBRARY, campaign, heard, publish
from tests.samples.settings import RELAY_URL, SECRET_KEY, relay_settings

ORGANIZER: Final = "lead@mail.example"
BOUNCE_DOMAIN: Final = "bounce.relay.example"
VERP: Final = Verp(BOUNCE_DOMAIN, [SECRET_KEY])


class CountingTransport:
    """Captures by counting."""

    name = "capture"

    def __init__(self) -> None:
        self.delivered = 0

    async def deliver(self, message: bytes, envelope_sender: str, recipient: str) -> Outcome:
        del message, envelope_sender, recipient
        self.delivered += 1
        return Sent("counted")

    async def close(self) -> None:
        return


class LogWatch(logging.Handler):
    """Keeps the lines that must not be there: errors, tracebacks, and what somebody typed."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = f"{record.name}: {record.getMessage()}"
        if record.exc_info or record.levelno >= logging.ERROR or TYPED.lower() in line.lower():
            self.found.append(
                f"{line}{logging.Formatter().formatException(record.exc_info) if record.exc_info else ''}"
            )


def report_key(slug: str) -> str:
    link = sign_link(Keys([SECRET_KEY]), RELAY_URL, slug, datetime.now(UTC) + timedelta(days=1))
    return link.rpartition("key=")[2]


def event_code(slug: str) -> str:
    event = Event("hall", 200)
    return sign_event(Keys([SECRET_KEY]), "", slug, event, datetime.now(UTC) + timedelta(days=1)).rpartition("/")[2]


@asynccontextmanager
async def open_target(
    folder: Path, transport: CountingTransport, draw_token: Callable[[], str], *, with_worker: bool = True
) -> AsyncIterator[Starlette]:
    """A relay with a campaign in every state that a campaign can be in."""
    publish(
        folder,
        campaign(organiser=ORGANIZER),
        campaign(slug="trusting", confirm="never", recipients=("senator",), participants="none"),
        campaign(slug="draft", status="draft", organiser="lead@mail.example"),
        campaign(slug="withdrawn", status="withdrawn"),
        campaign(slug="closed", closes=date(2020, 1, 1)),
        campaign(slug="elsewhere", state="zz"),
        campaign(slug="named", recipients=("representative", LIBRARY), confirm="always"),
        heard(),
    )
    settings = relay_settings(
        folder, bounce_domain=BOUNCE_DOMAIN, bounce_secret=BOUNCE_SECRET, mail_provider=MailProvider("postmark")
    )
    async with open_relay(settings, capture=transport, token=draw_token, with_worker=with_worker) as app:
        yield app
