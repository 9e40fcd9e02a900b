"""Requests as a client sends them, before and after mutation."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote_plus, urlencode

from tests.samples.people import ANA, CHELSEA, GAP
from tests.samples.settings import OPERATOR_TOKEN

FORM: Final = b"application/x-www-form-urlencoded"
BOUNCE_SECRET: Final = "s" * 32
# Typed by all who write here: no line of the log may contain it.
TYPED: Final = "Qzxvk"
ADDRESSES: Final = (
    *({name: form[name] for name in ("street", "city", "zip")} for form in (ANA, CHELSEA, GAP)),
    {"street": "1 Main St", "city": "Springfield", "zip": "01103"},
    {"street": "PO Box 12", "city": "Worcester", "zip": "01608"},
    {"street": "", "city": "Providence", "zip": "02108"},
)
WRITER: Final = {"first_name": TYPED, "last_name": f"{TYPED} Silva", "email": f"{TYPED}@mail.example"}
EXTRAS: Final = {
    "phone": "617-555-0100",
    "subject": "Please",
    "message": "Dear [Legislator],\r\nI live in [Town].\r\n[First Name] [Last Name]\r\n[Your Address]",
    "lang": "es",
    "disclose": "full",
    "public_name": "1",
    "join_list": "1",
    "website": "",
    "district_house": "11th Suffolk",
    "district_senate": "Middlesex and Suffolk",
    "district_proof": "eA",
    "lat": "42.358",
    "lon": "-71.064",
    "action": "erase",
}
LETTERS: Final = 4  # of the valid requests post a letter; they are drawn more often
SLUGS: Final = ("open-libraries", "trusting", "draft", "withdrawn", "closed", "elsewhere", "named", "unknown")


@dataclass
class Request:
    """One request. `path` is as on the wire; `fields` become the body unless `body` is set."""

    method: str
    path: bytes
    headers: list[tuple[bytes, bytes]]
    query: bytes = b""
    fields: list[tuple[str, str]] = field(default_factory=list)
    body: bytes | None = None
    source: str | None = "2001:db8::1"  # the client's address

    @property
    def content(self) -> bytes:
        return urlencode(self.fields, errors="surrogatepass").encode() if self.body is None else self.body

    def on_the_wire(self) -> bytes:
        target = self.path + (b"?" + self.query if self.query else b"")
        lines = [self.method.encode() + b" " + target + b" HTTP/1.1", *(b": ".join(header) for header in self.headers)]
        if self.content and not any(name.lower() == b"content-length" for name, _ in self.headers):
            lines.append(b"Content-Length: %d" % len(self.content))
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.content


def post(path: str, fields: Iterable[tuple[str, str]], *headers: tuple[bytes, bytes]) -> Request:
    """A form from a page of ours."""
    ours = [(b"Host", b"relay.example"), (b"Sec-Fetch-Site", b"same-origin"), (b"Content-Type", FORM), *headers]
    return Request("POST", path.encode(), ours, fields=list(fields))


def get(path: str, query: str = "", *headers: tuple[bytes, bytes]) -> Request:
    return Request("GET", path.encode(), [(b"Host", b"relay.example"), *headers], query.encode())


def valid_requests(slug: str, token: str, report_key: str, address: dict[str, str], bounce: bytes) -> list[Request]:
    """At least one of each kind that a page of ours, a script, a monitor or a mail service sends; LETTERS first.

    token: of a receipt or a confirmation, if it is known. bounce: a message.
    """
    campaign, key = f"/campaigns/{slug}", quote_plus(report_key)
    letter = WRITER | address
    raw = post("/bounces", [], (b"Authorization", b"Bearer " + BOUNCE_SECRET.encode()))
    raw.headers[2], raw.body = (b"Content-Type", b"message/rfc822"), bounce
    return [
        post(f"{campaign}/letters", letter.items()),
        post(f"{campaign}/letters", (letter | EXTRAS).items()),
        post(f"{campaign}/letters", letter.items(), (b"Accept", b"application/json")),
        post(f"{campaign}/letters", (letter | {"message": EXTRAS["message"], "lang": "en"}).items()),
        post(f"{campaign}/legislators", address.items()),
        post(f"{campaign}/legislators", (address | {"lat": EXTRAS["lat"], "lon": EXTRAS["lon"]}).items()),
        post(f"{campaign}/call", address.items()),
        get(f"{campaign}/call"),
        get(f"{campaign}/participants", "", (b"If-None-Match", b'W/"0"')),
        post(f"/letters/confirm/{token}", [("action", "confirm")]),
        get(f"/letters/confirm/{token}"),
        post(f"/receipts/{token}", [("action", "withdraw")]),
        get(f"/receipts/{token}"),
        get(f"/reports/{slug}", f"key={key}"),
        get("/desk"),
        post("/desk", [("email", "lead@mail.example")]),
        post(f"/desk/enter/{token}", [("lang", "en")]),
        get(f"/desk/enter/{token}"),
        get(f"/desk/{slug}"),
        get(f"/desk/{slug}/days.csv"),
        get(f"/desk/{slug}/offices/senate/First"),
        post(f"/desk/{slug}", [("action", "release"), ("group", "place"), ("until", "2026-12-01T17:00:00+00:00")]),
        get("/healthz"),
        get("/readyz", "", (b"Authorization", b"Bearer " + OPERATOR_TOKEN.encode())),
        get("/metrics", "", (b"Authorization", b"Bearer " + OPERATOR_TOKEN.encode())),
        get("/theme/site.css"),
        raw,
    ]
