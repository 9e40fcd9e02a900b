"""Settings from the environment: one table of variables; all problems are reported at once. `parsers` parses values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from relay.settings.parsers import (
    LOOPBACK,
    OWN_STATES,
    ImapServer,
    MailProvider,
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
    parse_forget_after,
    parse_hours,
    parse_imap,
    parse_key_file,
    parse_keys,
    parse_mail_provider,
    parse_origin,
    parse_ping_url,
    parse_rate,
    parse_rates,
    parse_secret_or_none,
    parse_selector,
    parse_smtp,
    parse_states,
    parse_url,
    parse_webhook_secret,
    parse_webhook_url,
)

__all__ = [
    "LOOPBACK",
    "OWN_STATES",
    "ImapServer",
    "MailProvider",
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
    """The environment is not usable. One line per problem: the variable, and what a valid value looks like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The operator's settings. URLs have no trailing slash."""

    campaigns: str  # path or URL of the manifest
    manifest_key: str = field(repr=False)  # "": the manifest is in the clear
    boundaries: Path | None  # folder of the operator's own states
    database: Path | PostgresUrl  # a SQLite file, or PostgreSQL
    smtp: SmtpServer | None  # None: letters are captured, never sent
    sender: str  # the From address
    recipient_domains: frozenset[str]  # empty: the roster's domains
    bounce_domain: str  # "": bounces go to `sender`
    bounce_secret: str = field(repr=False)  # "": nobody may POST bounces
    bounce_imap: ImapServer | None  # None: no mailbox is read
    mail_provider: MailProvider | None  # None: none reports bounces by HTTP
    operator_token: str = field(repr=False)  # "": operators ask from the relay's machine
    ping_url: str = field(repr=False)  # "": no monitor is told
    webhook_url: str = field(repr=False)  # "": nobody is told of events
    webhook_secret: bytes = field(repr=False)
    dkim_key: Path | None  # None: the relay does not sign
    dkim_selector: str
    site_url: str  # "": the URL in the manifest
    relay_url: str  # "": the port on this machine
    secret_keys: tuple[bytes, ...] = field(repr=False)  # newest first; empty: those in `secret_file`
    secret_file: Path
    rates: Mapping[str, Rate]  # by recipient domain, "*" for all others
    daily_cap: int | None  # letters in any 24 hours
    ramp_up: int | None  # letters in a new sender's first 24 hours
    sending_hours: tuple[time, time, ZoneInfo] | None  # start, end, time zone
    unconfirmed_rate: Rate  # of unconfirmed letters from one campaign to one office
    trust_roster: date | None  # last day to trust a roster older than the current term
    forget_after: timedelta

    @property
    def is_public(self) -> bool:
        """Whether people reach the relay from elsewhere."""
        return urlsplit(self.relay_url).hostname not in {None, *LOOPBACK}

    @property
    def folder(self) -> Path:
        """The folder for everything the relay stores next to its database."""
        return self.database.parent if isinstance(self.database, Path) else Path("var")

    @property
    def mail_folder(self) -> Path:
        """The folder for captured letters."""
        return self.folder / "mail"


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable."""

    name: str  # without PREFIX
    field: str  # of Settings
    default: str  # "" if there is none
    help: str
    read: Callable[[str], Any]  # parses the text; ValueError says what is valid and never repeats a secret


def load(environ: Mapping[str, str]) -> Settings:
    """Read every setting. Raises SettingsError with one line per problem; no line contains a secret."""
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
            f"{PREFIX}{name}: required with {PREFIX}SMTP_URL, {reason}"
            for name, reason in (("FROM", "letters are sent from it"), ("RELAY_URL", "links in letters use it"))
            if not given[name]
        ]
    if given["BOUNCE_IMAP"] and not given["BOUNCE_DOMAIN"]:
        problems.append(f"{PREFIX}BOUNCE_DOMAIN: required with {PREFIX}BOUNCE_IMAP, it tells bounces from other mail")
    if given["WEBHOOK_URL"] and not given["WEBHOOK_SECRET"]:
        problems.append(f"{PREFIX}WEBHOOK_SECRET: required with {PREFIX}WEBHOOK_URL, it proves that events are ours")
    if given["MAIL_PROVIDER"] in ("mailgun", "postmark") and not given["BOUNCE_SECRET"]:
        problems.append(f"{PREFIX}BOUNCE_SECRET: required with {PREFIX}MAIL_PROVIDER, it proves who reports a bounce")
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(**values)


def describe() -> str:
    """The table of settings for `--help`."""
    lines = ["settings, from the environment or .env:"]
    for variable in VARIABLES:
        lines.append(f"  {PREFIX}{variable.name}" + (f" (default {variable.default})" if variable.default else ""))
        lines.append(f"      {variable.help}")
    return "\n".join(lines)


def _unknown(name: str, known: list[str]) -> str:
    similar = get_close_matches(name, known, n=1)
    return f"{name}: no such setting" + (f", did you mean {similar[0]}?" if similar else "")


VARIABLES: Final = (
    Variable(
        "CAMPAIGNS",
        "campaigns",
        "output/campaigns.json",
        "path or https URL of the site's campaigns.json",
        parse_campaigns,
    ),
    Variable(
        "MANIFEST_KEY",
        "manifest_key",
        "",
        "key that the site was built with, at least 32 characters: opens drafts and organizers' addresses, which\n"
        "      campaigns.json otherwise shows to everybody",
        parse_secret_or_none,
    ),
    Variable(
        "BOUNDARIES",
        "boundaries",
        "",
        "folder of states that override those shipped with Beaconpost, like FOLDER/ma: a newer roster, your own\n"
        "      corrections.csv. Unset: the folder states/, if there is one here",
        parse_states,
    ),
    Variable(
        "DATABASE",
        "database",
        "sqlite:///var/beaconpost.db",
        "where accepted letters are stored; or postgresql://user:password@host/name",
        parse_database,
    ),
    Variable(
        "SMTP_URL",
        "smtp",
        "",
        "mail server, like smtp://user:password@host:587; smtps://… for implicit TLS, ?tls=none for a server on\n"
        "      this machine. Unset: letters are captured in var/mail/, never sent",
        parse_smtp,
    ),
    Variable("FROM", "sender", "letters@campaign.example", "the From address of all letters", parse_address),
    Variable(
        "RECIPIENT_DOMAINS",
        "recipient_domains",
        "",
        "allowed domains of campaign recipients that are not in the roster. Unset: the roster's domains",
        parse_domains,
    ),
    Variable(
        "BOUNCE_DOMAIN",
        "bounce_domain",
        "",
        "domain whose mail to bounces+…@ is piped to `beaconpost bounce`; gives each letter its own envelope\n"
        "      sender there (VERP). Unset: bounces go to FROM",
        parse_domain_or_none,
    ),
    Variable(
        "BOUNCE_SECRET",
        "bounce_secret",
        "",
        "token for mail services that POST bounces to /bounces, at least 32 characters. Unset: /bounces is disabled",
        parse_secret_or_none,
    ),
    Variable(
        "BOUNCE_IMAP",
        "bounce_imap",
        "",
        "mailbox of bounces@BOUNCE_DOMAIN, read every five minutes, like imaps://user:password@host/INBOX; what was\n"
        "      read is moved to its folder Beaconpost. Unset: no mailbox is read",
        parse_imap,
    ),
    Variable(
        "MAIL_PROVIDER",
        "mail_provider",
        "",
        "service behind SMTP_URL that POSTs bounces to /bounces/NAME: postmark or mailgun, with BOUNCE_SECRET, or\n"
        "      ses:ARN of its SNS topic. Unset: letters are not marked for any",
        parse_mail_provider,
    ),
    Variable(
        "OPERATOR_TOKEN",
        "operator_token",
        "",
        "token for the details of /readyz and for /metrics, as Authorization: Bearer, at least 32 characters. Unset:\n"
        "      only for requests from this machine that did not come through a proxy",
        parse_secret_or_none,
    ),
    Variable(
        "PING_URL",
        "ping_url",
        "",
        "URL of a dead man's switch, like healthchecks.io: the worker calls it hourly if all is well; with /fail, if\n"
        "      mail is stuck or paused, or a roster too old. No personal data goes there. Unset: nobody is told",
        parse_ping_url,
    ),
    Variable(
        "WEBHOOK_URL",
        "webhook_url",
        "",
        "URL of your own program that is told of events: who joined a list or left it, pauses, bursts of letters\n"
        "      (docs/webhooks.md). Unset: nobody is told",
        parse_webhook_url,
    ),
    Variable(
        "WEBHOOK_SECRET",
        "webhook_secret",
        "",
        "secret that signs those events, like whsec_…; make it with: echo whsec_$(openssl rand -base64 32)",
        parse_webhook_secret,
    ),
    Variable(
        "DKIM_KEY",
        "dkim_key",
        "",
        "file with the private key that signs letters (PEM, readable only by its owner). Unset: signing is left to\n"
        "      the mail server",
        parse_file_or_none,
    ),
    Variable("DKIM_SELECTOR", "dkim_selector", "beaconpost", "selector of the key's DNS record", parse_selector),
    Variable("SITE_URL", "site_url", "", "public URL of the site. Unset: the URL in the manifest", parse_url),
    Variable(
        "RELAY_URL",
        "relay_url",
        "",
        "public URL of this relay. Unset: its port on this machine",
        parse_origin,
    ),
    Variable(
        "SECRET_KEYS",
        "secret_keys",
        "",
        "keys that encrypt what names a person and sign links, at least 32 characters each, newest first. All relays\n"
        "      on one database need the same. Unset: those in BEACONPOST_SECRET_FILE",
        parse_keys,
    ),
    Variable(
        "SECRET_FILE",
        "secret_file",
        "~/.config/beaconpost/secret.key",
        "file with those keys, one a line, readable by its owner only. Keep a copy elsewhere: without it the database\n"
        "      cannot be read. For a new database one is generated, if the file is absent",
        parse_key_file,
    ),
    Variable(
        "RATE", "rates", "", "letters per domain, like mahouse.gov=60/min, or *=30/min for all others", parse_rates
    ),
    Variable(
        "DAILY_CAP", "daily_cap", "", "letters in any 24 hours, to all domains together. Unset: no limit", parse_count
    ),
    Variable(
        "RAMP_UP",
        "ramp_up",
        "",
        "letters in a new sender's first 24 hours, like 50; doubles every 24 hours. Unset: no limit",
        parse_count,
    ),
    Variable(
        "SENDING_HOURS",
        "sending_hours",
        "",
        "when letters go to offices, like 08:00-18:00 America/New_York; confirmations go at once. Unset: any time",
        parse_hours,
    ),
    Variable(
        "UNCONFIRMED_RATE",
        "unconfirmed_rate",
        "20/h",
        "letters from one campaign to one office whose writers did not confirm them by mail; more wait their turn",
        parse_rate,
    ),
    Variable(
        "TRUST_ROSTER",
        "trust_roster",
        "",
        "last day to trust a roster that is older than the current term, like 2027-01-31. Unset: letters to seats\n"
        "      whose term began since are held until `beaconpost boundaries update`",
        parse_day,
    ),
    Variable(
        "FORGET_AFTER",
        "forget_after",
        "7d",
        "how long after the last letter to erase name, address and text; sooner if the site promises that\n"
        "      (BEACONPOST_ERASED_AFTER in pelicanconf.py)",
        parse_forget_after,
    ),
)
