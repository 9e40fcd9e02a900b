"""What the environment may say: one table, read once, every problem reported together. Imports nothing of ours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import unquote, urlsplit

Tls: TypeAlias = Literal["starttls", "implicit", "none"]


class SettingsError(ValueError):
    """The environment is not usable: one line a problem, each naming the variable and what would be right."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where letters are handed over. username and password are empty where the server asks for none."""

    host: str
    port: int
    username: str
    password: str
    tls: Tls


@dataclass(frozen=True, slots=True)
class Settings:
    """The relay's settings, checked. `smtp` None: letters are captured in var/mail/ and never sent."""

    campaigns: str
    database: str
    smtp: SmtpServer | None
    sender: str
    recipient_domains: frozenset[str]
    site_url: str
    relay_url: str
    secret_keys: tuple[bytes, ...]
    forget_after: timedelta
    var: Path = Path("var")


def _text(value: str) -> str:
    return value


def _manifest(value: str) -> str:
    if "://" in value and not value.startswith("https://"):
        raise ValueError("must be a path or an https:// address")
    return value


def _database(value: str) -> str:
    if not value.startswith("sqlite:///"):
        raise ValueError("must look like sqlite:///var/beaconpost.db")
    return value


def _smtp(value: str) -> SmtpServer | None:
    if not value:
        return None
    url = urlsplit(value)
    if url.scheme not in ("smtp", "smtps") or not url.hostname:
        raise ValueError("must look like smtp://user:password@host:587 or smtps://user:password@host")
    tls: Tls = "implicit" if url.scheme == "smtps" else "starttls"
    wanted = dict(pair.partition("=")[::2] for pair in url.query.split("&") if pair).get("tls", tls)
    if wanted not in ("starttls", "none", tls):
        raise ValueError("?tls= must be starttls or none")
    if wanted == "none":
        tls = "none"
    port = url.port or {"implicit": 465, "starttls": 587, "none": 25}[tls]
    return SmtpServer(url.hostname, port, unquote(url.username or ""), unquote(url.password or ""), tls)


def _address(value: str) -> str:
    local, at, domain = value.rpartition("@")
    if not (local and at and "." in domain) or any(character.isspace() for character in value):
        raise ValueError("must be an e-mail address, such as letters@campaign.example")
    return value


def _domains(value: str) -> frozenset[str]:
    return frozenset(part.strip().lower() for part in value.split(",") if part.strip())


def _url(value: str) -> str:
    if value and urlsplit(value).scheme not in ("http", "https"):
        raise ValueError("must be an http(s):// address")
    return value.rstrip("/")


def _keys(value: str) -> tuple[bytes, ...]:
    keys = tuple(part.strip().encode() for part in value.split(",") if part.strip())
    if any(len(key) < 32 for key in keys):
        raise ValueError("each key needs at least 32 characters; make one with: openssl rand -hex 32")
    return keys


def _days(value: str) -> timedelta:
    number, unit = value[:-1], value[-1:]
    if not number.isdigit() or unit not in "dh":
        raise ValueError("must be a number of days or hours, such as 7d or 36h")
    return timedelta(days=int(number)) if unit == "d" else timedelta(hours=int(number))


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable: its default as text, what reads it, and help for a person."""

    field: str
    default: str
    read: Callable[[str], Any]
    help: str

    @property
    def variable(self) -> str:
        return "BEACONPOST_" + {"smtp": "SMTP_URL", "sender": "FROM"}.get(self.field, self.field.upper())


SETTINGS: Final = (
    Setting("campaigns", "output/campaigns.json", _manifest, "path or https address of the site's campaigns.json"),
    Setting("database", "sqlite:///var/beaconpost.db", _database, "where letters wait"),
    Setting("smtp", "", _smtp, "mail server; unset: letters are captured in var/mail/, never sent"),
    Setting("sender", "letters@localhost.invalid", _address, "address that letters come from"),
    Setting("recipient_domains", "", _domains, "domains beside the roster's that campaigns may write to, by commas"),
    Setting("site_url", "", _url, "where the static site is; empty: where the relay is"),
    Setting("relay_url", "", _url, "where the relay is, as visitors reach it"),
    Setting("secret_keys", "", _keys, "keys that hash and sign, by commas, the newest first"),
    Setting("forget_after", "7d", _days, "how long after its last letter settled a submission is erased"),
)


def load(environ: Mapping[str, str]) -> Settings:
    """Settings from `environ`. Raises SettingsError with one line for every problem."""
    values: dict[str, Any] = {}
    problems = []
    for setting in SETTINGS:
        try:
            values[setting.field] = setting.read(environ.get(setting.variable, setting.default).strip())
        except ValueError as error:
            problems.append(f"{setting.variable} {error}")
    known = {setting.variable for setting in SETTINGS}
    problems += [
        f"{name} is not a setting; known are {', '.join(sorted(known))}"
        for name in environ
        if name.startswith("BEACONPOST_") and name not in known
    ]
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(**values)


def describe() -> str:
    """The table of settings for `--help`."""
    lines = ["settings, from the environment or .env:"]
    for setting in SETTINGS:
        lines.append(f"  {setting.variable}")
        lines.append(f"      {setting.help}" + (f" (default {setting.default})" if setting.default else ""))
    return "\n".join(lines)
