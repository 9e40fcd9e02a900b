"""Settings from the environment: one declared table, every problem reported at once. Imports nothing of ours."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PREFIX: Final = "BEACONPOST_"
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})

Tls: TypeAlias = Literal["starttls", "implicit", "none"]


class SettingsError(ValueError):
    """The environment is not usable: one line a problem, each naming the variable and what would be right."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where letters are handed over. username and password are empty where the server asks for none."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    tls: Tls


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` letters in `per`, to one domain."""

    count: int
    per: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the operator decided. URLs have no trailing slash.

    boundaries: the operator's own states, or None. database: the SQLite file. smtp: None means that letters are
    captured, never sent. recipient_domains: empty means the roster's own. site_url: empty means as the manifest says.
    bounce_domain: empty means that bounces go to `sender`.
    secret_keys: the newest first; empty means that the relay keeps one of its own in `secret_file`. rates: by domain,
    "*" for all others. daily_cap, ramp_up: letters in 24 hours, in the first 24. sending_hours: from, until, and where.
    """

    campaigns: str
    boundaries: Path | None
    database: Path
    smtp: SmtpServer | None
    sender: str
    recipient_domains: frozenset[str]
    bounce_domain: str
    bounce_secret: str = field(repr=False)
    dkim_key: Path | None
    dkim_selector: str
    site_url: str
    relay_url: str
    secret_keys: tuple[bytes, ...] = field(repr=False)
    rates: Mapping[str, Rate]
    daily_cap: int | None
    ramp_up: int | None
    sending_hours: tuple[time, time, ZoneInfo] | None
    forget_after: timedelta

    @property
    def mail_folder(self) -> Path:
        """Where captured letters are written."""
        return self.database.parent / "mail"

    @property
    def secret_file(self) -> Path:
        """Where the relay keeps its own key if the operator gave none."""
        return self.database.parent / "secret.key"


@dataclass(frozen=True, slots=True)
class Variable:
    """One setting: `BEACONPOST_<name>`. `read` turns its text into `Settings.<field>`, or raises ValueError saying
    what would be right, and never repeating a secret."""

    name: str
    field: str
    default: str
    help: str
    read: Callable[[str], Any]


def load(environ: Mapping[str, str]) -> Settings:
    """Read every setting. SettingsError has one line for each problem, none holding a secret."""
    names = [PREFIX + variable.name for variable in VARIABLES]
    problems = [_unknown(name, names) for name in environ if name.startswith(PREFIX) and name not in names]
    given = {variable.name: environ.get(PREFIX + variable.name, "").strip() for variable in VARIABLES}
    values: dict[str, Any] = {}
    for variable in VARIABLES:
        try:
            values[variable.field] = variable.read(given[variable.name] or variable.default)
        except ValueError as error:
            problems.append(f"{PREFIX}{variable.name}: {error}")
    if given["SMTP_URL"]:
        problems += [
            f"{PREFIX}{name}: needed once letters are sent, {what}"
            for name, what in (("FROM", "they come from this address"), ("RELAY_URL", "their links lead there"))
            if not given[name]
        ]
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(**values)


def describe() -> str:
    """The table of settings, for `--help`."""
    lines = ["settings, from the environment or .env:"]
    for variable in VARIABLES:
        lines.append(f"  {PREFIX}{variable.name}" + (f" (default {variable.default})" if variable.default else ""))
        lines.append(f"      {variable.help}")
    return "\n".join(lines)


def _unknown(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"{name}: no such setting" + (f", did you mean {near[0]}?" if near else "")


# --- one reader for each kind of value ---


def _campaigns(text: str) -> str:
    if "://" not in text:
        return text
    parts = _split(text)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ValueError("give a path or an https:// URL (plain http only on this machine)")
    return text


def _folder(text: str) -> Path | None:
    return Path(text) if text else None


def _database(text: str) -> Path:
    if text.startswith(("postgresql://", "postgres://")):
        raise ValueError("PostgreSQL is not supported yet: give sqlite:///PATH")
    path = text.removeprefix("sqlite:///")
    if path in ("", text):
        raise ValueError("give sqlite:///PATH, as sqlite:///var/beaconpost.db")
    return Path(path)


def _smtp(text: str) -> SmtpServer | None:
    if not text:
        return None
    right = "give smtp://user:password@host:587, smtps://user:password@host or smtp://host:25?tls=none"
    parts = _split(text)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    wanted = options.pop("tls", "implicit" if parts.scheme == "smtps" else "starttls")
    tls = _TLS.get((parts.scheme, wanted))
    if tls is None or not parts.hostname or parts.path not in ("", "/") or options:
        raise ValueError(right)
    if tls == "none" and parts.password and parts.hostname not in LOOPBACK:
        raise ValueError("the password would travel in the clear: leave ?tls=none out")
    port = parts.port or _PORTS[tls]
    return SmtpServer(parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""), tls)


def _address(text: str) -> str:
    local, _, domain = text.rpartition("@")
    if not _LOCAL_PART.fullmatch(local):
        raise ValueError("give one plain address, as letters@campaign.example")
    return f"{local}@{_domain(domain)}"


def _domain(text: str) -> str:
    domain = text.lower()
    if not _DOMAIN.fullmatch(domain):
        raise ValueError(f"{text!r} is not a domain, as campaign.example is one")
    return domain


def _file_or_none(text: str) -> Path | None:
    return Path(text) if text else None


def _selector(text: str) -> str:
    if not _SELECTOR.fullmatch(text):
        raise ValueError("give the name that the key has in DNS: letters, digits and hyphens, parts joined by dots")
    return text.lower()


def _domain_or_none(text: str) -> str:
    return _domain(text) if text else ""


def _secret_or_none(text: str) -> str:
    if text and (len(text) < 32 or not text.isascii()):
        raise ValueError("32 ASCII characters or more, such as `openssl rand -hex 32` prints")
    return text


def _domains(text: str) -> frozenset[str]:
    return frozenset(map(_domain, _parts(text)))


def _url(text: str) -> str:
    if not text:
        return ""
    parts = _split(text)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (local or parts.scheme == "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("give https://host (plain http only on this machine)")
    return text.rstrip("/")


def _origin(text: str) -> str:
    url = _url(text)
    if urlsplit(url).path:
        raise ValueError("give https://host and nothing after it: the relay's addresses start at its root")
    return url


def _keys(text: str) -> tuple[bytes, ...]:
    keys = tuple(part.encode() for part in _parts(text))
    if any(len(key) < 32 for key in keys):
        raise ValueError("each key needs 32 characters or more; make one with: openssl rand -hex 32")
    return keys


def _rates(text: str) -> Mapping[str, Rate]:
    rates: dict[str, Rate] = {}
    for part in _parts(text):
        found = _RATE.fullmatch(part)
        if not found or int(found["count"]) == 0:
            raise ValueError(f"{part!r} is not a rate: give domain=count/unit, as mahouse.gov=60/min (s, min, h, day)")
        rates[found["domain"] if found["domain"] == "*" else _domain(found["domain"])] = Rate(
            int(found["count"]), _UNITS[found["unit"]]
        )
    return MappingProxyType(rates)


def _count(text: str) -> int | None:
    if text and not (text.isascii() and text.isdigit() and int(text)):
        raise ValueError("give a number of letters, as 2000, or leave it out")
    return int(text) if text else None


def _hours(text: str) -> tuple[time, time, ZoneInfo] | None:
    if not text:
        return None
    found = _HOURS.fullmatch(text)
    try:
        if not found:
            raise ValueError
        return time.fromisoformat(found[1]), time.fromisoformat(found[2]), ZoneInfo(found[3])
    except (ValueError, ZoneInfoNotFoundError):
        raise ValueError("give hours and a place, as 08:00-18:00 America/New_York") from None


def _forget_after(text: str) -> timedelta:
    found = _DURATION.fullmatch(text)
    if not found:
        raise ValueError("give days or hours, as 7d or 36h")
    kept = int(found["count"]) * _UNITS[found["unit"]]
    if not timedelta(hours=1) <= kept <= timedelta(days=30):
        raise ValueError("give 1h at least and 30d at most: nothing is kept for longer")
    return kept


def _parts(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises for a port that is not one
    except ValueError:
        raise ValueError("not a URL") from None  # urlsplit would repeat it, password and all
    return parts


_TLS: Final[Mapping[tuple[str, str], Tls]] = {
    ("smtp", "starttls"): "starttls",
    ("smtp", "none"): "none",
    ("smtps", "implicit"): "implicit",
}
_PORTS: Final[Mapping[Tls, int]] = {"starttls": 587, "implicit": 465, "none": 25}
_LOCAL_PART: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN: Final = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_SELECTOR: Final = re.compile(r"(?=.{1,200}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]*[A-Za-z0-9])*")
_HOURS = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d) +([\w/+-]+)")
_RATE: Final = re.compile(r"(?P<domain>[^=\s]+)=(?P<count>[0-9]{1,6})/(?P<unit>s|min|h|d|day)")
_DURATION: Final = re.compile(r"(?P<count>[0-9]{1,4})(?P<unit>[dh])")
_UNITS: Final = {
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "day": timedelta(days=1),
}

VARIABLES: Final = (
    Variable(
        "CAMPAIGNS", "campaigns", "output/campaigns.json", "path or https URL of the site's campaigns.json", _campaigns
    ),
    Variable(
        "BOUNDARIES",
        "boundaries",
        "",
        "folder of states that go before those that come with Beaconpost, as FOLDER/ma: a newer roster, your\n"
        "      corrections.csv. Unset: only those that come with it",
        _folder,
    ),
    Variable("DATABASE", "database", "sqlite:///var/beaconpost.db", "where accepted letters are kept", _database),
    Variable(
        "SMTP_URL",
        "smtp",
        "",
        "mail server, as smtp://user:password@host:587; smtps://… for TLS from the first byte, ?tls=none for one on\n"
        "      this machine. Unset: letters are captured in var/mail/, never sent",
        _smtp,
    ),
    Variable("FROM", "sender", "letters@campaign.example", "address that letters come from", _address),
    Variable(
        "RECIPIENT_DOMAINS",
        "recipient_domains",
        "",
        "domains that a campaign's recipients outside the roster may have. Unset: the roster's domains",
        _domains,
    ),
    Variable(
        "BOUNCE_DOMAIN",
        "bounce_domain",
        "",
        "domain whose mail for bounces+…@ reaches `beaconpost bounce`; each letter then has an envelope sender\n"
        "      of its own there. Unset: bounces go to FROM",
        _domain_or_none,
    ),
    Variable(
        "BOUNCE_SECRET",
        "bounce_secret",
        "",
        "32 characters or more, by which a mail service may POST bounces to /bounces. Unset: nobody may",
        _secret_or_none,
    ),
    Variable(
        "DKIM_KEY",
        "dkim_key",
        "",
        "file with the private key (PEM, for its owner's eyes only) that signs letters. Unset: the mail server signs,\n"
        "      or nobody does",
        _file_or_none,
    ),
    Variable("DKIM_SELECTOR", "dkim_selector", "beaconpost", "name that the key has in DNS", _selector),
    Variable("SITE_URL", "site_url", "", "where the pages are. Unset: where the manifest says", _url),
    Variable(
        "RELAY_URL",
        "relay_url",
        "",
        "where visitors reach this relay. Unset: by its port on this machine",
        _origin,
    ),
    Variable(
        "SECRET_KEYS",
        "secret_keys",
        "",
        "keys that sign and hash, 32 characters or more each, the newest first. Unset: one is made and kept in\n"
        "      var/secret.key. When the last key goes, repeats of older letters are no longer recognised",
        _keys,
    ),
    Variable("RATE", "rates", "", "letters to a domain, as mahouse.gov=60/min, or *=30/min for all others", _rates),
    Variable(
        "DAILY_CAP", "daily_cap", "", "letters in any 24 hours, to all domains together. Unset: any number", _count
    ),
    Variable(
        "RAMP_UP",
        "ramp_up",
        "",
        "letters in a new sender's first 24 hours, as 50; twice as many in the next, and so on. Unset: all at once",
        _count,
    ),
    Variable(
        "SENDING_HOURS",
        "sending_hours",
        "",
        "when offices are written to, as 08:00-18:00 America/New_York; confirmations go at once. Unset: at any time",
        _hours,
    ),
    Variable(
        "FORGET_AFTER",
        "forget_after",
        "7d",
        "erase name, address and text this long after the last letter",
        _forget_after,
    ),
)
