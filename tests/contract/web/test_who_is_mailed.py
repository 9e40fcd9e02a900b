"""Nobody is ever mailed but a campaign's recipients, its organizer, the operator, and the mailbox that a writer gave as
theirs: not by any route, whatever is typed anywhere else."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import pytest

from boundaries.data import shipped
from boundaries.state import open_state
from relay.app import open_relay
from relay.assembly import open_outbox
from relay.keys.signing import Keys
from relay.letters.circumstances import Event
from relay.outbox import LetterFilter, Outbox
from relay.settings import MailProvider, Settings, load
from relay.web.event_page import sign_event
from relay.web.report_page import sign_link
from relay.web.services import Discretion
from tests.contract.delivery.peers import open_peer
from tests.contract.web.walk import FORM, NAMES, VICTIM, Mailroom, Walker, poisons
from tests.samples.bounces import dsn
from tests.samples.campaigns import LIBRARY, campaign, heard, publish
from tests.samples.people import CHELSEA, IN_CHELSEA
from tests.samples.provider_events import basic, postmark
from tests.samples.settings import OPERATOR, SECRET_KEY, relay_settings
from theme.recipients import NamedRecipient

pytestmark = pytest.mark.anyio

OPERATOR_MAILBOX: Final = "letters@relay.example"
BLOCKED: Final = "blocked.example"
SECRET: Final = "s" * 32
CAMPAIGNS: Final = (
    campaign(
        slug="all", organiser="all@organizers.example",
        recipients=("senator", "representative", "committee:Judiciary", "leader:speaker", LIBRARY),
    ),
    campaign(slug="asks", confirm="always", recipients=("senator",)),  # no organizer: the operator is told
    campaign(slug="fields", recipients=("senator",), organiser="fields@organizers.example"),
    campaign(slug="blocked", recipients=(NamedRecipient("Wall", f"wall@{BLOCKED}", "Wall"),)),
    campaign(slug="draft", status="draft", organiser="draft@organizers.example"),
    campaign(slug="over", closes=datetime(2026, 1, 1, tzinfo=UTC).date(), recipients=(LIBRARY,)),
    campaign(slug="gone", status="withdrawn", recipients=(LIBRARY,)),
    heard(organiser="heard@organizers.example"),
)  # fmt: skip


def offices(slug: str) -> set[str]:
    """Whom somebody in Chelsea writes to, by the roster."""
    state = open_state(shipped("ma"))
    (pair,) = state.locate(**IN_CHELSEA).pairs
    senators, members = state.legislators("senate", pair.senate), state.legislators("house", pair.house)
    others = {chair.email for chair in state.chairs("Judiciary")} | {state.leader("speaker").email, LIBRARY.email}
    own = {member.email for member in senators}
    everybody = own | {member.email for member in members} | others
    return {"all": everybody, "asks": own, "fields": own, "blocked": {f"wall@{BLOCKED}"}, "heard": {LIBRARY.email}}.get(
        slug, set()
    )


@asynccontextmanager
async def open_walk(settings: Settings) -> AsyncIterator[Walker]:
    """A relay with all its routes and its worker. When it closes, what was claimed is settled."""
    async with open_relay(settings, discretion=Discretion(timedelta(0), 1)) as app:
        yield Walker(app)


async def until(settings: Settings, walker: Walker, reached: Callable[[Outbox], Awaitable[bool]]) -> None:
    """Wait for something that has no event."""
    outbox = await open_outbox(settings)
    async with asyncio.timeout(120):
        while not await reached(outbox):
            await walker.ask("GET", "/healthz")
    await outbox.close()


async def settled(outbox: Outbox) -> bool:
    """Whether everything is sent or failed, except what waits for the blocked domain, or its turn."""
    lines, now = await outbox.list_letters(LetterFilter(), 10_000), datetime.now(UTC)
    return all(
        line.status not in ("queued", "sending") or line.domain == BLOCKED or (line.due is not None and line.due > now)
        for line in lines
    )


async def paused(outbox: Outbox) -> bool:
    return bool(await outbox.pauses())


async def reported(outbox: Outbox) -> bool:
    """Whether the organizers' mails about failed and denied letters are queued."""
    return not await outbox.unreported()


async def type_into_every_field(walker: Walker) -> None:
    for name in NAMES:
        for number, poison in enumerate(poisons(name)):
            if name != "email":
                await walker.write("fields", f"{name.replace('_', '-')}{number}@mail.example", **{name: poison})
    twice = urlencode([*FORM.items(), ("email", "twice@mail.example"), ("email", f"email@{VICTIM}")]).encode()
    known = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await walker.ask("POST", "/campaigns/fields/letters", content=twice, headers=known)).status_code == 303
    walker.writers["fields"].add("twice@mail.example")
    for typed in (
        f"ana@mail.example,email@{VICTIM}", f"ana@mail.example email@{VICTIM}", f"<ana@mail.example> <email@{VICTIM}>",
        f'"ana@mail.example" <email@{VICTIM}>', f"ana@mail.example\r\nRCPT TO:<email@{VICTIM}>",
        f"ana@mail.example%0aBcc:email@{VICTIM}", f"@mail.example:email@{VICTIM}", f"ana%email@{VICTIM}@mail.example",
        f"mailto:ana@mail.example?cc=email@{VICTIM}", f"ana@mail.example\x00@{VICTIM}", f"email@{VICTIM}>\r\nDATA",
        "Judith.Garcia+tag@mahouse\u3002gov", OPERATOR_MAILBOX.upper(),
    ):  # fmt: skip
        assert (await walker.write("fields", typed)).status_code == 422, typed


async def write_to_everybody(walker: Walker) -> list[str]:
    """Returns the paths of the first writers' receipts."""
    posts = [await walker.write("all", f"w{number}@mail.example", public_name="1") for number in range(4)]
    await walker.write("all", "robot@mail.example", website=f"robot@{VICTIM}")
    await walker.write("all", "w0@mail.example", first_name="Bo")  # the same mailbox: held
    for mailbox in ("yes@mail.example", "no@mail.example", "silent@mail.example"):
        await walker.write("asks", mailbox)
    for number in range(4):
        await walker.write("blocked", f"b{number}@mail.example")
    assert (await walker.write("draft", "tester@mail.example")).status_code == 303
    del walker.writers["draft"]  # its organizer gets everything
    testified = (await walker.write("heard", "heard@mail.example")).headers["location"]
    assert (await walker.ask("GET", f"{testified}/testimony.pdf")).status_code == 200
    assert (await walker.write("over", "late@mail.example")).status_code == 409
    assert (await walker.write("gone", "late@mail.example")).status_code == 410
    await type_into_every_field(walker)
    return [post.headers["location"] for post in posts]


async def follow_links(walker: Walker, mailroom: Mailroom, receipts: list[str]) -> list[str]:
    """Use every other route as people and mail servers do. Returns the paths of the links mailed to writers."""
    confirmations = [mailroom.link_to(f"{who}@mail.example") for who in ("yes", "no", "w1", "silent")]
    for path, action in zip(confirmations, ("confirm", "deny", "deny", f"action@{VICTIM}"), strict=True):
        await walker.ask("GET", path)
        await walker.ask("POST", path, {"action": action, "email": f"email@{VICTIM}"})
    for path, action in zip(receipts, ("withdraw", "deny", "erase", f"action@{VICTIM}"), strict=True):
        await walker.ask("GET", path)
        await walker.ask("POST", path, {"action": action, "email": f"email@{VICTIM}"})
    for path in ("call", "legislators", "preview"):
        await walker.ask("POST", f"/campaigns/all/{path}", CHELSEA | {"email": f"email@{VICTIM}"})
    for path in ("/campaigns/all/call", "/campaigns/all/participants", "/healthz", "/readyz", "/theme/site.css"):
        await walker.ask("GET", path)
    await walker.ask("GET", "/metrics", headers=OPERATOR)

    tomorrow = datetime.now(UTC) + timedelta(days=1)
    await walker.ask("GET", "/letters/erase")
    for mailbox in (f"email@{VICTIM}", "silent@mail.example"):
        await walker.ask("POST", "/letters/erase", {"email": mailbox, "contact": f"contact@{VICTIM}"})
    mailbox_keys = f"{'00' * 32} {'00' * 32}"
    erasing = f"/letters/erase/{Keys([SECRET_KEY]).sign('erase mailbox', mailbox_keys, tomorrow)}"
    await walker.ask("GET", erasing)
    await walker.ask("POST", erasing, {"action": "erase", "email": f"email@{VICTIM}"})

    await walker.ask("GET", sign_event(Keys([SECRET_KEY]), "", "all", Event("hall", 9), tomorrow))
    link = sign_link(Keys([SECRET_KEY]), "", "all", tomorrow)
    report = await walker.ask("GET", link)
    assert report.status_code == 200
    await walker.ask("POST", link, {"participant": f"participant@{VICTIM}", "email": f"email@{VICTIM}"})

    for envelope, message in mailroom.mails():
        if message["X-Campaign"] == "all" and "w3@" in str(message["Reply-To"]):
            to = f"X-Original-To: {envelope.mail_from}\r\nReply-To: bounce@{VICTIM}\r\nCc: bounce@{VICTIM}\r\n".encode()
            raw = to + dsn("failed", "5.0.0", f"smtp; 550 write to bounce@{VICTIM}", sender=f"bounce@{VICTIM}")
            raw = raw.replace(b"aide@house.example", f"bounce@{VICTIM}".encode())
            known = {"Authorization": f"Bearer {SECRET}", "Content-Type": "message/rfc822"}
            answer = await walker.ask("POST", "/bounces", content=raw, headers=known)
            assert answer.status_code == 200
    await report_as_provider(walker, mailroom)
    await answer_as_office(walker, mailroom)
    return confirmations


async def sit_at_the_desk(settings: Settings, walker: Walker, mailroom: Mailroom) -> None:
    """As an organizer who got the link by mail; a stranger gets none."""
    organizer = "all@organizers.example"
    await walker.ask("GET", "/desk")
    for mailbox in (f"email@{VICTIM}", organizer):
        await walker.ask("POST", "/desk", {"email": mailbox, "contact": f"contact@{VICTIM}"})
    await until(settings, walker, settled)
    bodies = [message.get_body() for envelope, message in mailroom.mails() if envelope.rcpt_tos == [organizer]]
    texts = [str(body.get_content()) for body in bodies if body]
    (link,) = [found[0] for text in texts if (found := re.search(r"/desk/enter/\S+", text))]
    await walker.ask("GET", link)
    entered = await walker.ask("POST", link, {"email": f"email@{VICTIM}"})
    here = {"Cookie": entered.headers["set-cookie"].partition(";")[0]}
    desk = await walker.ask("GET", "/desk/all", headers=here)
    own = re.search(r'href="(/desk/all/offices/[^"]+)"', desk.text)
    assert own
    for path in ("/desk/all/days.csv", own[1]):
        assert (await walker.ask("GET", path, headers=here)).status_code == 200
    for action in ("test", "release"):
        await walker.ask("POST", "/desk/all", {"action": action, "email": f"email@{VICTIM}"}, headers=here)
    await until(settings, walker, settled)


async def report_as_provider(walker: Walker, mailroom: Mailroom) -> None:
    """A mail provider's event about every letter of one campaign."""
    for _, message in mailroom.mails():
        if message["X-Campaign"] == "all" and "w2@" in str(message["Reply-To"]):
            victim = f"event@{VICTIM}"
            named = {"Email": victim, "From": victim, "Subject": f"Bcc: {victim}", "Content": f"Cc: {victim}"}
            about = {"letter": message["X-PM-Metadata-letter"]}
            event = postmark("HardBounce", f"550 5.1.1 write to {victim}", Metadata=about, **named)
            known = {"Authorization": basic(SECRET), "Content-Type": "application/json"}
            answer = await walker.ask("POST", "/bounces/postmark", content=event, headers=known)
            assert (answer.status_code, "bounced" in answer.text) == (200, True)


async def answer_as_office(walker: Walker, mailroom: Mailroom) -> None:
    """Somebody answers a letter's return address, and names others wherever one can."""
    for envelope, message in mailroom.mails():
        if message["X-Campaign"] == "all" and "w1@" in str(message["Reply-To"]):
            names = ("From", "Reply-To", "Cc", "Bcc", "Sender", "Disposition-Notification-To", "Return-Receipt-To")
            headers = "".join(f"{name}: aide@{VICTIM}\r\n" for name in names)
            raw = f"{headers}To: {envelope.mail_from}\r\nSubject: Re: aide@{VICTIM}\r\n\r\nAsk aide@{VICTIM}.\r\n"
            known = {"Authorization": f"Bearer {SECRET}", "Content-Type": "message/rfc822"}
            answer = await walker.ask("POST", "/bounces", content=raw.encode(), headers=known)
            assert "forwarded to the organizer" in answer.text


async def test_nobody_else_is_mailed_by_any_route(tmp_path: Path, store: str) -> None:
    publish(tmp_path, *CAMPAIGNS)
    refusals = {
        LIBRARY.email: f"550 5.1.1 no such user, write to <refused@{VICTIM}>",
        f"wall@{BLOCKED}": f"554 5.7.1 blocked, write to <blocked@{VICTIM}>",
    }
    mailroom = Mailroom(refusals=refusals)
    async with open_peer(peer=mailroom):
        settings = relay_settings(
            tmp_path, database=load({"BEACONPOST_DATABASE": store}).database, smtp=mailroom.server(),
            sender=OPERATOR_MAILBOX, bounce_domain="bounce.campaign.example", bounce_secret=SECRET,
            mail_provider=MailProvider("postmark"),
            recipient_domains=frozenset({BLOCKED, "libraries.example"}),
        )  # fmt: skip
        async with open_walk(settings) as walker:
            receipts = await write_to_everybody(walker)
            await until(settings, walker, paused)
            await until(settings, walker, settled)
            links = await follow_links(walker, mailroom, receipts)
            await sit_at_the_desk(settings, walker, mailroom)
            assert walker.walked == walker.table, "say in follow_links what a new route is for"
            tokens = [path.rpartition("/")[2] for path in (*links, *receipts)]
            slugs = [campaign.slug for campaign in CAMPAIGNS]
            await walker.poison_everything(
                {
                    "slug": slugs,
                    "token": tokens,
                    "name": ["site.css"],
                    "code": ["unknown"],
                    "table": ["days"],
                    "chamber": ["senate"],
                    "district": ["x"],
                }
            )
            await until(settings, walker, settled)
        async with open_walk(settings) as second:  # starting, it tells the organizers what failed
            await until(settings, second, reported)
            await until(settings, second, settled)

    to_offices = {c.slug: offices(c.slug) or {c.organiser or ""} for c in CAMPAIGNS}
    automatic = {c.slug: {c.organiser or OPERATOR_MAILBOX} | walker.writers.get(c.slug, set()) for c in CAMPAIGNS}
    subjects = set()
    for envelope, message in mailroom.mails():
        (recipient,) = envelope.rcpt_tos
        is_ours = "Auto-Submitted" in message or message["Subject"].startswith("[TEST]")
        allowed = automatic if is_ours else to_offices
        assert recipient in allowed[message["X-Campaign"]]
        assert re.findall(r"[^\s<]+@[^\s>]+", str(message["To"]))[-1] == recipient
        assert not {"cc", "bcc", "resent-to"} & {name.lower() for name in message}
        subjects.add(str(message["Subject"]))
    assert mailroom.asked <= set().union(*to_offices.values(), *automatic.values())
    for told in (
        "is blocking our letters",
        "could not be delivered",
        "named writer denies",
        "[TEST]",
        "confirm",
        "an answer",
    ):
        assert any(told in subject for subject in subjects), told
