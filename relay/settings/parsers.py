"""One parser for each kind of setting: from the variable's text to a value. ValueError says what is valid.

No error repeats a secret.
"""

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, TypeAlias
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from boundaries.email_addresses import parse_domain, parse_email
from theme.manifest import CEILING_DAYS

WHSEC: Final = "whsec_"
OWN_STATES: Final = Path("states")
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})

Tls: TypeAlias = Literal["starttls", "implicit", "none"]


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """The mail server that takes our letters."""

    host: str
    port: int
    username: str  # "": no login
    password: str = field(repr=False)
    tls: Tls


@dataclass(frozen=True, slots=True)
class ImapServer:
    """The mailbox that bounces come back to."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    tls: Tls
    folder: str


@dataclass(frozen=True, slots=True)
class MailProvider:
    """The service behind the mail server, which reports bounces by HTTP."""

    name: Literal["mailgun", "postmark", "ses"]
    topic: str = ""  # of SES: the ARN


@dataclass(frozen=True, slots=True)
class PostgresUrl:
    """A PostgreSQL database. The URL may contain a password; `str` leaves it out."""

    url: str = field(repr=False)

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        return f"postgresql://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` letters to one domain in `per`."""

    count: int
    per: timedelta


def parse_campaigns(text: str) -> str:
    if "://" not in text:
        return text
    parts = _split(text)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ValueError("give a path or an https:// URL (plain http only on this machine)")
    return text


def parse_states(text: str) -> Path | None:
    """Unset: the folder `states`, if there is one here."""
    return Path(text) if text else OWN_STATES if OWN_STATES.is_dir() else None


def parse_database(text: str) -> Path | PostgresUrl:
    expected = "give sqlite:///PATH, like sqlite:///var/beaconpost.db, or postgresql://user:password@host/name"
    if text.startswith(("postgresql://", "postgres://")):
        if not _split_login(text).path.strip("/"):
            raise ValueError(f"no database is named: {expected}")
        return PostgresUrl(text)
    path = text.removeprefix("sqlite:///")
    if path in ("", text):
        raise ValueError(expected)
    return Path(path)


def parse_smtp(text: str) -> SmtpServer | None:
    if not text:
        return None
    expected = "give smtp://user:password@host:587, smtps://user:password@host or smtp://host:25?tls=none"
    parts, tls = _split_server(text, _TLS, expected)
    if parts.path not in ("", "/"):
        raise ValueError(expected)
    if parts.password:
        _require_tls(parts, tls)
        _require_own(unquote(parts.password))
    port = parts.port or _PORTS[tls]
    return SmtpServer(_find_host(parts), port, unquote(parts.username or ""), unquote(parts.password or ""), tls)


def parse_imap(text: str) -> ImapServer | None:
    if not text:
        return None
    expected = "give imaps://user:password@host/FOLDER, or imap://user:password@host for STARTTLS"
    parts, tls = _split_server(text, _IMAP_TLS, expected)
    if not parts.username:
        raise ValueError(expected)
    _require_tls(parts, tls)
    _require_own(unquote(parts.password or ""))
    port = parts.port or _IMAP_PORTS[tls]
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return ImapServer(_find_host(parts), port, unquote(parts.username), unquote(parts.password or ""), tls, folder)


def parse_mail_provider(text: str) -> MailProvider | None:
    name, _, topic = text.partition(":")
    match name:
        case "":
            return None
        case "mailgun" | "postmark" if name == text:
            return MailProvider(name)
        case "ses" if _SNS_TOPIC.fullmatch(topic):
            return MailProvider(name, topic)
    raise ValueError("give mailgun, postmark, or ses:ARN, like ses:arn:aws:sns:us-east-1:123456789012:bounces")


def parse_address(text: str) -> str:
    try:
        return parse_email(text)
    except ValueError as error:
        raise ValueError(f"give one plain address, like letters@campaign.example: {error}") from None


def parse_file_or_none(text: str) -> Path | None:
    return Path(text) if text else None


def parse_selector(text: str) -> str:
    if not _SELECTOR.fullmatch(text):
        raise ValueError("give a DKIM selector: letters, digits and hyphens, in parts separated by dots")
    return text.lower()


def parse_domain_or_none(text: str) -> str:
    return parse_domain(text) if text else ""


def parse_secret_or_none(text: str) -> str:
    if text and (len(text) < 32 or not text.isascii()):
        raise ValueError("give at least 32 ASCII characters; generate them with: openssl rand -hex 32")
    _require_own(text)
    return text


def parse_webhook_url(text: str) -> str:
    return _parse_call(text, "give the https:// URL of the program that takes events, without a user name in it")


def _parse_call(text: str, problem: str) -> str:
    """A URL that the relay calls: https, or on this machine."""
    if not text:
        return ""
    parts = _split(text)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (local or parts.scheme == "https") or not parts.hostname or parts.fragment or parts.username:
        raise ValueError(problem)
    return text


def parse_webhook_secret(text: str) -> bytes:
    """As Standard Webhooks write it: whsec_ and 24 to 64 bytes in base64."""
    if not text:
        return b""
    problem = "give whsec_ and 24 to 64 bytes in base64; make it with: echo whsec_$(openssl rand -base64 32)"
    if not text.startswith(WHSEC):
        raise ValueError(problem)
    try:
        secret = b64decode(text.removeprefix(WHSEC), validate=True)
    except ValueError:
        raise ValueError(problem) from None
    if not 24 <= len(secret) <= 64:
        raise ValueError(problem)
    return secret


def parse_domains(text: str) -> frozenset[str]:
    return frozenset(map(parse_domain, _parts(text)))


def parse_url(text: str) -> str:
    if not text:
        return ""
    parts = _split(text)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (local or parts.scheme == "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("give https://host (plain http only on this machine)")
    return text.rstrip("/")


def parse_ping_url(text: str) -> str:
    return _parse_call(text, "give the https:// URL that your monitoring service shows, like https://hc-ping.com/…")


def parse_origin(text: str) -> str:
    url = parse_url(text)
    if urlsplit(url).path:
        raise ValueError("give https://host without a path: the relay's URLs start at its root")
    return url


def parse_keys(text: str) -> tuple[bytes, ...]:
    keys = tuple(part.encode() for part in _parts(text))
    if any(len(key) < 32 for key in keys):
        raise ValueError("each key needs at least 32 characters; generate one with: openssl rand -hex 32")
    for key in keys:
        _require_own(key.decode())
    return keys


def parse_key_file(text: str) -> Path:
    return Path(text).expanduser()


def parse_rates(text: str) -> Mapping[str, Rate]:
    rates: dict[str, Rate] = {}
    for part in _parts(text):
        match = _RATE.fullmatch(part)
        if not match or int(match["count"]) == 0:
            raise ValueError(f"{part!r} is not a rate: give domain=count/unit (s, min, h, day), like x.gov=60/min")
        domain = match["domain"] if match["domain"] == "*" else parse_domain(match["domain"])
        rates[domain] = Rate(int(match["count"]), _UNITS[match["unit"]])
    return MappingProxyType(rates)


def parse_rate(text: str) -> Rate:
    match = _COUNT_PER.fullmatch(text)
    if not match or int(match["count"]) == 0 or _UNITS[match["unit"]] > timedelta(days=1):
        raise ValueError("give count/unit (s, min, h, day), like 20/h")
    return Rate(int(match["count"]), _UNITS[match["unit"]])


def parse_count(text: str) -> int | None:
    if text and not (text.isascii() and text.isdigit() and int(text)):
        raise ValueError("give a number of letters, like 2000, or leave it unset")
    return int(text) if text else None


def parse_hours(text: str) -> tuple[time, time, ZoneInfo] | None:
    if not text:
        return None
    match = _HOURS.fullmatch(text)
    try:
        if not match:
            raise ValueError
        return time.fromisoformat(match[1]), time.fromisoformat(match[2]), ZoneInfo(match[3])
    except (ValueError, ZoneInfoNotFoundError):
        raise ValueError("give hours and a time zone, like 08:00-18:00 America/New_York") from None


def parse_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError("give a date, like 2027-01-31") from None


def parse_forget_after(text: str) -> timedelta:
    match = _DURATION.fullmatch(text)
    if not match:
        raise ValueError("give days or hours, like 7d or 36h")
    retention = int(match["count"]) * _UNITS[match["unit"]]
    if not timedelta(hours=1) <= retention <= timedelta(days=CEILING_DAYS):
        raise ValueError(f"give at least 1h and at most {CEILING_DAYS}d: nothing is kept longer")
    return retention


def _parts(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _split_server(text: str, known: Mapping[tuple[str, str], Tls], expected: str) -> tuple[SplitResult, Tls]:
    """A mail server's URL. known: how TLS is used, by scheme and `?tls=`; no other option is."""
    parts = _split_login(text)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    mode = options.pop("tls", "implicit" if parts.scheme.endswith("s") else "starttls")
    tls = known.get((parts.scheme, mode))
    if tls is None or not parts.hostname or options:
        raise ValueError(expected)
    return parts, tls


def _split_login(text: str) -> SplitResult:
    """A URL that may have a password. One with a sign that ends the host's part would be cut there, and what is behind
    it would be taken for a path."""
    try:
        parts = _split(text)
    except ValueError as error:
        raise ValueError(f"{error}. {_ENCODE}") from None
    rest = f"{parts.path}?{parts.query}#{parts.fragment}"
    if "@" in rest or parts.fragment:
        raise ValueError(f"the host is not where it should be. {_ENCODE}")
    return parts


def _require_own(secret: str) -> None:
    """Refuse what an example says, which everybody knows."""
    if _EXAMPLE.search(secret):
        raise ValueError("this is an example's, which everybody knows: generate your own, or copy your provider's")


def _require_tls(parts: SplitResult, tls: Tls) -> None:
    if tls == "none" and parts.hostname not in LOOPBACK:
        raise ValueError("the password would be sent in clear text: remove ?tls=none")


def _find_host(parts: SplitResult) -> str:
    # Python would look up an international name by IDNA 2003, which may be somebody else's.
    host = parts.hostname or ""
    return host if host.isascii() else parse_domain(host)


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises for an invalid port
    except ValueError:
        raise ValueError("not a URL") from None  # urlsplit's error would repeat it, with the password
    return parts


_ENCODE: Final = (
    "In a user name or a password write / as %2F, # as %23, ? as %3F, @ as %40, : as %3A and % as %25, which is called "
    "percent-encoding"
)
_EXAMPLE: Final = re.compile(
    r"change.{0,3}(?:me|this|it)\b|changeme|replace.{0,3}(?:me|this)|(?:your|my|the)[-_ ]?(?:secret|key|token|pass)"
    r"|^(?:password|passwort|passwd|secret|geheim|123456\d*|example|todo)$|openssl rand|^[x*.]{3,}$",
    re.IGNORECASE,
)
_TLS: Final[Mapping[tuple[str, str], Tls]] = {
    ("smtp", "starttls"): "starttls",
    ("smtp", "none"): "none",
    ("smtps", "implicit"): "implicit",
}
_IMAP_TLS: Final[Mapping[tuple[str, str], Tls]] = {
    ("imap", "starttls"): "starttls",
    ("imap", "none"): "none",
    ("imaps", "implicit"): "implicit",
}
_IMAP_PORTS: Final[Mapping[Tls, int]] = {"starttls": 143, "implicit": 993, "none": 143}
_SNS_TOPIC: Final = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}")
_PORTS: Final[Mapping[Tls, int]] = {"starttls": 587, "implicit": 465, "none": 25}
_SELECTOR: Final = re.compile(r"(?=.{1,200}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]*[A-Za-z0-9])*")
_HOURS: Final = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d) +([\w/+-]+)")
_RATE: Final = re.compile(r"(?P<domain>[^=\s]+)=(?P<count>[0-9]{1,6})/(?P<unit>s|min|h|d|day)")
_COUNT_PER: Final = re.compile(r"(?P<count>[0-9]{1,4})/(?P<unit>s|min|h|d|day)")
_DURATION: Final = re.compile(r"(?P<count>[0-9]{1,4})(?P<unit>[dh])")
_UNITS: Final = {
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "day": timedelta(days=1),
}
