"""One invented person, and everything that can happen to her letters: every route, failure, kill and erasure."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx2
from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.applications import Starlette
from starlette.routing import Route

from relay.app import open_relay
from relay.keys.signing import Keys
from relay.letters.circumstances import Event
from relay.outbox import LetterFilter, Outbox
from relay.settings import Settings
from relay.web.event_page import sign_event
from relay.web.report_page import sign_link
from relay.web.services import Discretion
from tests.contract.web.walk import Mailroom
from tests.crash import processes
from tests.samples.bounces import dsn
from tests.samples.people import IN_BOSTON, IN_CHELSEA
from tests.samples.provider_events import basic, postmark
from tests.samples.settings import BROWSER, JSON, OPERATOR, RELAY_URL, SECRET_KEY

DAY: Final = timedelta(days=1)
ORGANIZER: Final = "organizer@campaign.example"
SECRET: Final = "s" * 32
MESSAGE: Final = {"Authorization": f"Bearer {SECRET}", "Content-Type": "message/rfc822"}
CANARY: Final = IN_BOSTON | {
    "street": "24 Beacon St Apt QZX9",
    "first_name": "Quillonia",
    "last_name": "Zebrowska",
    "email": "qz.canary@kestrelmail.example",
    "phone": "617 555 0147",
    "subject": "Quokkas for the harbor",
    "message": "Dear [Legislator],\n\nmy xylocanary lives at [Your Address].\n\n[First Name] [Last Name], [Email]",
    "disclose": "full",
    "public_name": "1",
}
WORDS: Final = (
    "Quillonia", "Zebrowska", "qz.canary", "kestrelmail", "QZX9", "555 0147", "Quokkas", "xylocanary",
)  # fmt: skip
# A server that repeats what it was given, as some do.
QUOTING: Final = "Quillonia Zebrowska <qz.canary@kestrelmail.example> my xylocanary lives at 24 Beacon St Apt QZX9"


VARIANT: Final = "qz.canary+2@kestrelmail.example"
HERS: Final = "qz.canary@kestrelmail.example"
ELSEWHERE: Final = IN_CHELSEA | {"street": "24 Broadway Apt QZX9"}


@dataclass
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Stalling(Mailroom):
    """A mail server that may stop in the middle of a letter."""

    stalls: bool = False
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.stalls:
            self.reached.set()
            await asyncio.Event().wait()
        return await super().handle_DATA(server, session, envelope)

    def sent(self, word: str = "xylocanary") -> list[Envelope]:
        """Letters to offices with that word."""
        return [one for one in self.got if word.encode() in (one.original_content or b"")]


@dataclass
class Visits:
    """What was asked and answered."""

    app: Starlette
    client: httpx2.AsyncClient
    urls: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)  # pages that say no, and do not show the form again
    walked: set[tuple[str, str]] = field(default_factory=set)

    @property
    def table(self) -> set[tuple[str, str]]:
        """The relay's own: methods and paths."""
        routes = [route for route in self.app.routes if isinstance(route, Route)]
        assert len(routes) == len(self.app.routes), "describe here how to visit another kind of route"
        return {(method, route.path) for route in routes for method in (route.methods or ()) if method != "HEAD"}

    async def ask(
        self,
        method: str,
        path: str,
        data: dict[str, str] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        response = await self.client.request(method, path, data=data, content=content, headers=headers)
        self.urls += [str(response.request.url), *map(str, response.headers.multi_items())]
        if response.status_code >= 400 and "<textarea" not in response.text:
            self.refusals.append(response.text)
        elif response.status_code < 400:
            plain = response.request.url.path
            routes = (route for route in self.app.routes if isinstance(route, Route))
            self.walked |= {(method, route.path) for route in routes if route.path_regex.match(plain)}
        return response

    async def write(self, **changed: str) -> str:
        """The path of the receipt."""
        response = await self.ask("POST", "/campaigns/harbor/letters", CANARY | changed)
        assert response.status_code == 303, response.text
        return response.headers["Location"]

    def mailed(self, receipt: str) -> str:
        return f"/letters/confirm/{self.tokens[self.tokens.index(receipt.rpartition('/')[2]) + 1]}"


@asynccontextmanager
async def visiting(settings: Settings, clock: Clock) -> AsyncIterator[Visits]:
    tokens: list[str] = []

    def token() -> str:
        tokens.append(f"token-{len(tokens):030d}")
        return tokens[-1]

    async with open_relay(settings, discretion=Discretion(timedelta(0), 1), clock=clock, token=token) as app:
        transport = httpx2.ASGITransport(app, client=("203.0.113.7", 50_000))
        async with httpx2.AsyncClient(transport=transport, base_url=RELAY_URL, headers=BROWSER) as client:
            yield Visits(app, client, tokens=tokens)


async def until_idle(outbox: Outbox, clock: Clock) -> None:
    """Wait, without an event for it, until everything that is due was tried, except what a pause holds back."""
    async with asyncio.timeout(60):
        while not await is_idle(outbox, clock.now):
            pass


async def is_idle(outbox: Outbox, now: datetime) -> bool:
    paused = {pause.name for pause in await outbox.pauses()}
    if any(name.startswith("provider-") for name in paused):
        paused.add("")  # the list does not say which provider carries mail to writers; she has one
    lines = await outbox.list_letters(LetterFilter(), 1_000)
    return not any(
        line.status == "sending"
        or (line.status == "queued" and line.due and line.due <= now and line.domain not in paused)
        for line in lines
    )


async def live_through(visits: Visits, outbox: Outbox, server: Stalling, clock: Clock) -> list[str]:
    """Every route, failure, retry, bounce, denial and erasure. Returns what operators and organizers were shown."""
    where = {name: CANARY[name] for name in ("street", "city", "zip")}
    await visits.ask("POST", "/campaigns/harbor/legislators", where, headers=JSON)
    await visits.ask("GET", "/campaigns/harbor/call")
    await visits.ask("POST", "/campaigns/harbor/call", where)
    await visits.ask("POST", "/campaigns/harbor/preview", CANARY)
    for accept in (None, JSON):
        await visits.ask("POST", "/campaigns/harbor/letters", CANARY | {"zip": "0"}, headers=accept)
        await visits.ask("POST", "/campaigns/harbor/preview", CANARY | {"zip": "0"}, headers=accept)
    await visits.ask("POST", "/campaigns/harbor/letters", CANARY | {"message": CANARY["message"] * 2_000})
    await visits.ask("POST", "/campaigns/harbor/letters", CANARY, headers={"Origin": "https://elsewhere.example"})
    await visits.ask("POST", "/campaigns/nowhere/letters", CANARY)
    server.at_rcpt = f"451 4.7.1 {QUOTING}"
    await visits.write()
    await until_idle(outbox, clock)
    server.at_rcpt = f"550 5.7.1 {QUOTING}"
    clock.now += timedelta(hours=1)
    await outbox.retry(LetterFilter(status="queued"), clock.now)
    await visits.write(
        email="qz.canary@kestrelmail.example", message="Other words of my xylocanary"
    )  # wakes the worker
    await until_idle(outbox, clock)
    shown = []
    for pause in await outbox.pauses():
        shown.append(str(pause))
        await outbox.resume("domain", pause.name)
    server.at_rcpt = f"550 5.1.1 {QUOTING}"
    clock.now += timedelta(hours=3)
    await outbox.retry(LetterFilter(status="queued"), clock.now)
    await visits.write(email="qz.canary+2@kestrelmail.example", **IN_CHELSEA | {"street": "24 Broadway Apt QZX9"})
    await until_idle(outbox, clock)
    shown += [str(suppression) for suppression in await outbox.suppressions()]
    server.at_rcpt = None
    held = await visits.write(website="filled in by a robot", message="my third xylocanary")
    await visits.ask("GET", visits.mailed(held))
    await visits.ask("POST", visits.mailed(held), {"action": "confirm"})
    denied = await visits.write(message="my fourth xylocanary")
    await visits.ask("POST", visits.mailed(denied), {"action": "deny"})
    erased = await visits.write(message="my fifth xylocanary")
    await visits.ask("GET", erased)
    await visits.ask("POST", erased, {"action": "withdraw"})
    await visits.ask("POST", erased, {"action": "erase"})
    await outbox.unsuppress("judith.garcia@mahouse.gov", clock.now)
    await outbox.retry(LetterFilter(), clock.now)
    await visits.write(message="my sixth xylocanary")
    await until_idle(outbox, clock)
    testified = await visits.ask("POST", "/campaigns/heard/letters", CANARY | {"message": "my heard xylocanary"})
    await visits.ask("GET", f"{testified.headers['Location']}/testimony.pdf")
    await come_by_a_code(visits, clock)
    await want_no_mail_for_a_while(visits, server, outbox, clock)
    await answer_the_letters(visits, server, outbox, clock)
    shown += await ask_to_erase_a_mailbox(visits, server, outbox, clock)
    for envelope in list(server.got):
        bounce = f"X-Original-To: {envelope.mail_from}\r\n".encode() + dsn("failed", "5.2.2", f"smtp; 552 {QUOTING}")
        await visits.ask("POST", "/bounces", content=bounce, headers=MESSAGE)
    for path in ("/healthz", "/theme/site.css", "/campaigns/harbor/participants"):
        await visits.ask("GET", path)
    link = sign_link(Keys([SECRET_KEY]), "", "harbor", datetime.now(UTC) + 60 * DAY)
    for path in ("/readyz", "/metrics"):
        shown.append((await visits.ask("GET", path, headers=OPERATOR)).text)
    shown += await sit_at_the_desk(visits, server, outbox, clock)
    report = (await visits.ask("GET", link)).text
    await visits.ask("POST", link, {"action": "stop"})
    await visits.ask("POST", link, {"action": "go_on"})
    shown.append(
        report.replace(f"<bdi>{CANARY['first_name']}</bdi>", "")
    )  # the public name that she ticked the box for
    for line in await outbox.list_letters(LetterFilter(), 1_000):
        shown += [str(line), *map(str, await outbox.list_attempts(line.id))]
    return shown


async def come_by_a_code(visits: Visits, clock: Clock) -> None:
    event = sign_event(Keys([SECRET_KEY]), "", "harbor", Event("hall", 9), clock.now + DAY)
    page = await visits.ask("GET", event)
    found = re.search(r'name="event" value="([^"]+)"', page.text)
    assert found
    await visits.write(message="my seventh xylocanary", event=found[1])


async def want_no_mail_for_a_while(visits: Visits, server: Stalling, outbox: Outbox, clock: Clock) -> None:
    receipt = await visits.write(message="my eighth xylocanary", join_list="1")
    for action in ("opt_out", "opt_in", "join", "leave", "nonsense"):
        await visits.ask("POST", visits.mailed(receipt), {"action": action})
    await visits.ask("POST", visits.mailed(receipt), {"action": "confirm"})
    await until_idle(outbox, clock)
    assert server.sent("eighth")


async def answer_the_letters(visits: Visits, server: Stalling, outbox: Outbox, clock: Clock) -> None:
    """An office quotes her letter to its return address, and its mail provider reports with her words."""
    envelope = server.sent("eighth")[0]
    content = (envelope.original_content or b"").decode()
    answer = (
        f"From: Aide <aide@house.example>\r\nTo: {envelope.mail_from}\r\nSubject: Re: Quokkas for the harbor\r\n\r\n"
        f"Thank you, {QUOTING}\r\n"
    )
    said = await visits.ask("POST", "/bounces", content=answer.encode(), headers=MESSAGE)
    assert "forwarded to the organizer" in said.text
    await visits.write(message="my tenth xylocanary")  # wakes the worker
    await until_idle(outbox, clock)
    assert any("an answer to a letter" in str(forward.original_content) for forward in server.got)
    marked = re.search(r"X-PM-Metadata-letter: (\S+)", content)
    assert marked
    event = postmark("SoftBounce", QUOTING, Metadata={"letter": marked[1]}, Subject=QUOTING, Content=QUOTING)
    told = {"Authorization": basic(SECRET), "Content-Type": "application/json"}
    assert (await visits.ask("POST", "/bounces/postmark", content=event, headers=told)).status_code == 200
    for broken in (event[:-9], event + b"}"):
        await visits.ask("POST", "/bounces/postmark", content=broken, headers=told)


async def ask_to_erase_a_mailbox(visits: Visits, server: Stalling, outbox: Outbox, clock: Clock) -> list[str]:
    """The link comes once her mailbox may be written to again."""
    await visits.ask("GET", "/letters/erase")
    for typed in (VARIANT, f"{VARIANT}, {HERS}"):
        await visits.ask("POST", "/letters/erase", {"email": typed}, headers=JSON)
    clock.now += 3 * DAY
    await visits.write(message="my ninth xylocanary")  # wakes the worker
    await until_idle(outbox, clock)
    texts = [str(message.get_content()) for envelope, message in server.mails() if envelope.rcpt_tos == [VARIANT]]
    (link,) = {found[1] for text in texts if (found := re.search(r"https://relay\.example(/letters/erase/\S+)", text))}
    await visits.ask("GET", link)
    return [(await visits.ask("POST", link, {"action": action})).text for action in ("nonsense", "erase")]


async def sit_at_the_desk(visits: Visits, server: Stalling, outbox: Outbox, clock: Clock) -> list[str]:
    """What an organizer is shown there, without the public name that she ticked the box for."""
    await visits.ask("GET", "/desk")
    await visits.ask("POST", "/desk", {"email": ORGANIZER})
    await visits.write(message="my eleventh xylocanary")  # wakes the worker
    await until_idle(outbox, clock)
    bodies = [message.get_body() for envelope, message in server.mails() if envelope.rcpt_tos == [ORGANIZER]]
    texts = [str(body.get_content()) for body in bodies if body]
    (link,) = [found[0] for text in texts if (found := re.search(r"/desk/enter/\S+", text))]
    await visits.ask("GET", link)
    await visits.ask("POST", link, {"lang": "en"})
    desk = (await visits.ask("GET", "/desk/harbor")).text
    own = re.search(r'href="(/desk/harbor/offices/[^"]+)"', desk)
    assert own
    paths = ("/desk", "/desk/harbor/days.csv", "/desk/harbor/offices.csv", own[1])
    shown = [desk, *[(await visits.ask("GET", path)).text for path in paths]]
    await visits.ask("POST", "/desk/harbor", {"action": "stop"})
    await visits.ask("POST", "/desk/harbor", {"action": "go_on"})
    # Organizers may read what waits because it looks like one hand's: the words, and nothing that finds her.
    waiting = re.findall(r"<article>.*?</article>", desk, re.DOTALL)
    assert any("xylocanary" in text for text in waiting)
    assert not [word for word in WORDS[1:6] for text in waiting if word in text]
    shown = [re.sub(r"<article>.*?</article>", "", text, flags=re.DOTALL) for text in shown]
    return [text.replace(f"<bdi>{CANARY['first_name']}</bdi>", "") for text in shown]


async def die_while_sending(folder: Path, store: str, server: Stalling) -> str:
    """A relay process takes her letter and is killed in the middle of handing it over. Returns what it logged."""
    said = bytearray()
    server.stalls = True
    async with processes.open_relay(folder, store, server.port, said=said) as running:
        async with httpx2.AsyncClient(headers=BROWSER) as client:
            form = CANARY | {"message": "my xylocanary in a power cut"}
            answer = await client.post(f"{running.url}/campaigns/harbor/letters", data=form)
        assert answer.status_code == 303
        async with asyncio.timeout(60):
            await server.reached.wait()
        await running.kill()
    server.stalls = False
    return said.decode()
