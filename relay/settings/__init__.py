"""Settings from the environment: one declared table, every problem reported at once. `values` reads each kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from relay.settings.parsers import (
    LOOPBACK,
    PostgresUrl,
    Rate,
    SmtpServer,
    Tls,
    parse_address,
    parse_campaigns,
    parse_count,
    parse_database,
    parse_day,
    parse_domain_or_none,
    parse_domains,
    parse_file_or_none,
    parse_folder,
    parse_forget_after,
    parse_hours,
    parse_keys,
    parse_origin,
    parse_rates,
    parse_secret_or_none,
    parse_selector,
    parse_smtp,
    parse_url,
)

__all__ = [
    "LOOPBACK",
    "PostgresUrl",
    "Rate",
    "Settings",
    "SettingsError",
    "SmtpServer",
    "Tls",
    "Variable",
    "describe",
    "load",
]

PREFIX: Final = "BEACONPOST_"


class SettingsError(ValueError):
    """The environment is not usable: one line a problem, each naming the variable and what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the operator decided. URLs have no trailing slash.

    boundaries: the operator's own states, or None. database: the SQLite file, or PostgreSQL. smtp: None means that
    letters are captured, never sent. recipient_domains: empty means the roster's own. site_url: empty means as the
    manifest says. bounce_domain: empty means that bounces go to `sender`. secret_keys: the newest first; empty means
    that the relay keeps one of its own in `secret_file`. rates: by domain, "*" for all others. daily_cap, ramp_up:
    letters in 24 hours, in the first 24. sending_hours: from, until, and where. trust_roster: the last day.
    """

    campaigns: str
    boundaries: Path | None
    database: Path | PostgresUrl
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
    trust_roster: date | None
    forget_after: timedelta

    @property
    def folder(self) -> Path:
        """What the relay keeps beside its database."""
        return self.database.parent if isinstance(self.database, Path) else Path("var")

    @property
    def mail_folder(self) -> Path:
        """Where captured letters are written."""
        return self.folder / "mail"

    @property
    def secret_file(self) -> Path:
        """Where the relay keeps its own key if the operator gave none."""
        return self.folder / "secret.key"


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


VARIABLES: Final = (
    Variable(
        "CAMPAIGNS",
        "campaigns",
        "output/campaigns.json",
        "path or https URL of the site's campaigns.json",
        parse_campaigns,
    ),
    Variable(
        "BOUNDARIES",
        "boundaries",
        "",
        "folder of states that go before those that come with Beaconpost, as FOLDER/ma: a newer roster, your\n"
        "      corrections.csv. Unset: only those that come with it",
        parse_folder,
    ),
    Variable(
        "DATABASE",
        "database",
        "sqlite:///var/beaconpost.db",
        "where accepted letters are kept; or postgresql://user:password@host/name",
        parse_database,
    ),
    Variable(
        "SMTP_URL",
        "smtp",
        "",
        "mail server, as smtp://user:password@host:587; smtps://… for TLS from the first byte, ?tls=none for one on\n"
        "      this machine. Unset: letters are captured in var/mail/, never sent",
        parse_smtp,
    ),
    Variable("FROM", "sender", "letters@campaign.example", "address that letters come from", parse_address),
    Variable(
        "RECIPIENT_DOMAINS",
        "recipient_domains",
        "",
        "domains that a campaign's recipients outside the roster may have. Unset: the roster's domains",
        parse_domains,
    ),
    Variable(
        "BOUNCE_DOMAIN",
        "bounce_domain",
        "",
        "domain whose mail for bounces+…@ reaches `beaconpost bounce`; each letter then has an envelope sender\n"
        "      of its own there. Unset: bounces go to FROM",
        parse_domain_or_none,
    ),
    Variable(
        "BOUNCE_SECRET",
        "bounce_secret",
        "",
        "32 characters or more, by which a mail service may POST bounces to /bounces. Unset: nobody may",
        parse_secret_or_none,
    ),
    Variable(
        "DKIM_KEY",
        "dkim_key",
        "",
        "file with the private key (PEM, for its owner's eyes only) that signs letters. Unset: the mail server signs,\n"
        "      or nobody does",
        parse_file_or_none,
    ),
    Variable("DKIM_SELECTOR", "dkim_selector", "beaconpost", "name that the key has in DNS", parse_selector),
    Variable("SITE_URL", "site_url", "", "where the pages are. Unset: where the manifest says", parse_url),
    Variable(
        "RELAY_URL",
        "relay_url",
        "",
        "where visitors reach this relay. Unset: by its port on this machine",
        parse_origin,
    ),
    Variable(
        "SECRET_KEYS",
        "secret_keys",
        "",
        "keys that sign and hash, 32 characters or more each, the newest first. Unset: one is made and kept in\n"
        "      var/secret.key. When the last key goes, repeats of older letters are no longer recognised",
        parse_keys,
    ),
    Variable(
        "RATE", "rates", "", "letters to a domain, as mahouse.gov=60/min, or *=30/min for all others", parse_rates
    ),
    Variable(
        "DAILY_CAP", "daily_cap", "", "letters in any 24 hours, to all domains together. Unset: any number", parse_count
    ),
    Variable(
        "RAMP_UP",
        "ramp_up",
        "",
        "letters in a new sender's first 24 hours, as 50; twice as many in the next, and so on. Unset: all at once",
        parse_count,
    ),
    Variable(
        "SENDING_HOURS",
        "sending_hours",
        "",
        "when offices are written to, as 08:00-18:00 America/New_York; confirmations go at once. Unset: at any time",
        parse_hours,
    ),
    Variable(
        "TRUST_ROSTER",
        "trust_roster",
        "",
        "day until which you vouch for the roster, as 2027-01-31, though a term began since. Unset: letters to such\n"
        "      seats are held until `beaconpost boundaries update`",
        parse_day,
    ),
    Variable(
        "FORGET_AFTER",
        "forget_after",
        "7d",
        "erase name, address and text this long after the last letter",
        parse_forget_after,
    ),
)
