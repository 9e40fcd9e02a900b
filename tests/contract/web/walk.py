"""A visitor who types other people's addresses into everything a relay reads, and a mail server that remembers whom it
was asked to reach. All of those people are at VICTIM."""
# ruff: noqa: N802 - aiosmtpd's name

import email
import email.policy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

import httpx2
from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.applications import Starlette
from starlette.routing import Route

from relay.forms import OTHER_FIELDS
from tests.contract.delivery.peers import Peer
from tests.samples.people import IN_CHELSEA
from tests.samples.settings import BROWSER, RELAY_URL
from theme.fields import CHECKBOXES, FIELDS, HIDDEN, HONEYPOT

VICTIM: Final = "victim.example"
# No field of ours has these names, and none should start to matter.
STRANGERS: Final = ("to", "cc", "bcc", "from", "reply_to", "recipient", "recipients", "organiser", "to_email", "kind")
NAMES: Final = (
    *(known.name for known in FIELDS), *CHECKBOXES, *HIDDEN, HONEYPOT, "disclose", *OTHER_FIELDS, *STRANGERS,
)  # fmt: skip
HEADERS: Final = {
    name: f"{name.lower()}@{VICTIM}"
    for name in (
        "From", "To", "Cc", "Bcc", "Sender", "Reply-To", "Return-Path", "X-Original-To", "Delivered-To", "User-Agent",
        "Cookie", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Accept-Language",
    )
} | {"Host": VICTIM, "Referer": f"https://{VICTIM}/"}  # fmt: skip


def poisons(name: str) -> tuple[str, str]:
    """An address; and one after line breaks that would end a header, a letter or an SMTP command."""
    victim = f"{name}@{VICTIM}"
    return victim, f"x\r\nBcc: {victim}\r\n\r\n.\r\nRCPT TO:<{victim}>\r\n"


# A form that is accepted, with as many victims as one can name in it.
FORM: Final = IN_CHELSEA | {
    **{name: poisons(name)[0] for name in STRANGERS},
    "first_name": f'"Ana" <first@{VICTIM}>',
    "last_name": f"Silva, last@{VICTIM};",
    "street": f"1 Main St <street@{VICTIM}>",
    "phone": "617 555 0100",
    "subject": f"Bcc: subject@{VICTIM}",
    "message": f"Dear [Legislator],\r\n.\r\nRCPT TO:<message@{VICTIM}>\r\nCc: message@{VICTIM}\r\n[Email]",
    "lang": f"lang@{VICTIM}",
    "disclose": "full",
    "join_list": "1",
}


@dataclass
class Mailroom(Peer):
    """A mail server."""

    refusals: dict[str, str] = field(default_factory=dict)  # replies by recipient
    asked: set[str] = field(default_factory=set)  # every recipient of a RCPT, refused or not

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked.add(address)
        return self.refusals.get(address) or await super().handle_RCPT(server, session, envelope, address, options)

    def mails(self) -> list[tuple[Envelope, EmailMessage]]:
        """What arrived, in order."""
        return [
            (envelope, email.message_from_bytes(envelope.original_content or b"", policy=email.policy.default))
            for envelope in self.got
        ]

    def link_to(self, mailbox: str) -> str:
        """The path in the newest mail to a writer."""
        texts = [message.get_content() for envelope, message in self.mails() if envelope.rcpt_tos == [mailbox]]
        found = re.search(r"/letters/confirm/\S+", texts[-1])
        assert found
        return found[0]


@dataclass
class Walker:
    """Visits a relay, each time from another address, so that no limit is reached."""

    app: Starlette
    writers: dict[str, set[str]] = field(default_factory=dict)  # mailboxes of accepted posts, by campaign
    walked: set[tuple[str, str]] = field(
        default_factory=set
    )  # method and path of the routes that did as they were asked
    visits: int = 0

    @property
    def routes(self) -> list[Route]:
        """The relay's own table."""
        routes = [route for route in self.app.routes if isinstance(route, Route)]
        assert len(routes) == len(self.app.routes), "describe here how to walk another kind of route"
        return routes

    @property
    def table(self) -> set[tuple[str, str]]:
        return {(method, route.path) for route in self.routes for method in (route.methods or ()) if method != "HEAD"}

    async def ask(
        self,
        method: str,
        path: str,
        data: Mapping[str, str] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """data: fields of a form. content: any other body."""
        self.visits += 1
        peer = f"203.0.{self.visits // 250}.{self.visits % 250}", 50000
        transport = httpx2.ASGITransport(self.app, client=peer)
        named = BROWSER | HEADERS | dict(headers or {})
        async with httpx2.AsyncClient(transport=transport, base_url=RELAY_URL, headers=named) as client:
            response = await client.request(method, path, data=data, content=content)
        if response.status_code < 400:
            plain = urlsplit(path).path
            self.walked |= {(method, route.path) for route in self.routes if route.path_regex.match(plain)}
        return response

    async def write(self, slug: str, mailbox: str, **fields: str) -> httpx2.Response:
        """Post the form. Whoever it is accepted from is a writer."""
        response = await self.ask("POST", f"/campaigns/{slug}/letters", FORM | {"email": mailbox} | fields)
        if response.status_code == 303:
            self.writers.setdefault(slug, set()).add(mailbox)
        return response

    async def poison_everything(self, parameters: Mapping[str, Sequence[str]]) -> None:
        """Give every route, by every method, nothing but victims. parameters: values of the paths' parameters."""
        body = {name: poisons(name)[1] for name in NAMES}
        query = urlencode(body)
        for route in self.routes:
            for path in fill(route.path_format, parameters):
                for method in route.methods or ():
                    await self.ask(method, f"{path}?{query}", body if method == "POST" else None)
                for kind in ("application/json", "message/rfc822", "multipart/form-data; boundary=b", "text/plain"):
                    await self.ask("POST", path, content=poisons("body")[1].encode(), headers={"Content-Type": kind})


def fill(path: str, parameters: Mapping[str, Sequence[str]]) -> list[str]:
    """Every path with those values, and with victims, for its parameters."""
    paths = [path]
    for name, values in parameters.items():
        slot, given = f"{{{name}}}", (*values, *poisons("path"))
        paths = [old.replace(slot, quote(value)) for old in paths for value in (given if slot in old else given[:1])]
    assert "{" not in paths[0], f"say what to put into {path}"
    return paths
