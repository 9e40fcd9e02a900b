"""The settings, and the messages when one is wrong."""

from datetime import timedelta
from pathlib import Path

import pytest

from relay.settings import VARIABLES, ImapServer, Rate, SettingsError, SmtpServer, describe, load

SENDING = {
    "BEACONPOST_SMTP_URL": "smtp://user:p%40ss@mail.example",
    "BEACONPOST_FROM": "Letters@Campaign.Example",
    "BEACONPOST_RELAY_URL": "https://relay.example/",
}
SECRET = "correct horse battery staple, and more"


def problems(**environ: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load({f"BEACONPOST_{name}": value for name, value in environ.items()})
    return str(caught.value).splitlines()


def test_without_settings_letters_are_captured_and_none_is_sent() -> None:
    settings = load({})
    assert settings.smtp is None
    assert settings.database == Path("var/beaconpost.db")
    assert settings.mail_folder == Path("var/mail")
    assert settings.forget_after == timedelta(days=7)


def test_an_empty_variable_counts_as_unset() -> None:
    assert load({"BEACONPOST_SMTP_URL": " ", "BEACONPOST_DATABASE": ""}) == load({})


def test_other_variables_are_ignored() -> None:
    assert load({"PATH": "/bin", "XBEACONPOST_FROM": "?"}) == load({})


def test_settings_for_sending() -> None:
    settings = load(
        SENDING
        | {
            "BEACONPOST_RATE": "mahouse.gov=60/min, *=5/s",
            "BEACONPOST_SECRET_KEYS": f"{'n' * 32} {'o' * 32}",
            "BEACONPOST_RECIPIENT_DOMAINS": "Libraries.Example town.example",
            "BEACONPOST_FORGET_AFTER": "36h",
        }
    )
    assert settings.smtp == SmtpServer("mail.example", 587, "user", "p@ss", "starttls")
    assert settings.sender == "Letters@campaign.example"
    assert settings.bounce_domain == ""
    assert settings.relay_url == "https://relay.example"
    assert settings.rates == {"mahouse.gov": Rate(60, timedelta(minutes=1)), "*": Rate(5, timedelta(seconds=1))}
    assert settings.secret_keys == (b"n" * 32, b"o" * 32)
    assert settings.recipient_domains == {"libraries.example", "town.example"}
    assert settings.forget_after == timedelta(hours=36)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://mail.example", SmtpServer("mail.example", 465, "", "", "implicit")),
        ("smtp://mail.example:2525?tls=starttls", SmtpServer("mail.example", 2525, "", "", "starttls")),
        ("smtp://mail.example?tls=none", SmtpServer("mail.example", 25, "", "", "none")),
        ("smtp://u:p@localhost:1025?tls=none", SmtpServer("localhost", 1025, "u", "p", "none")),
    ],
)
def test_valid_mail_server_urls(url: str, server: SmtpServer) -> None:
    assert load(SENDING | {"BEACONPOST_SMTP_URL": url}).smtp == server


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("imaps://u%40x:p%2F@mail.example", ImapServer("mail.example", 993, "u@x", "p/", "implicit", "INBOX")),
        ("imaps://u:p@mail.example:99/Bounces", ImapServer("mail.example", 99, "u", "p", "implicit", "Bounces")),
        ("imap://u:p@mail.example/a%20b/c", ImapServer("mail.example", 143, "u", "p", "starttls", "a b/c")),
        ("imap://u:p@127.0.0.1?tls=none", ImapServer("127.0.0.1", 143, "u", "p", "none", "INBOX")),
        (
            "imaps://u:p@mail.stra\u00dfe.example",
            ImapServer("mail.xn--strae-oqa.example", 993, "u", "p", "implicit", "INBOX"),
        ),
    ],
)
def test_valid_bounce_mailbox_urls(url: str, server: ImapServer) -> None:
    settings = load(SENDING | {"BEACONPOST_BOUNCE_IMAP": url, "BEACONPOST_BOUNCE_DOMAIN": "bounces.example"})
    assert settings.bounce_imap == server


@pytest.mark.parametrize(
    ("url", "fix"),
    [
        ("imaps://mail.example", "give imaps://user:password@host/FOLDER"),
        ("pop3://u:p@mail.example", "give imaps://user:password@host/FOLDER"),
        ("imaps://u:p@mail.example?tls=none", "give imaps://user:password@host/FOLDER"),
        ("imap://u:p@mail.example?folder=a", "give imaps://user:password@host/FOLDER"),
        ("imap://u:p@mail.example?tls=none", "the password would be sent in clear text"),
        ("imap://u@mail.example?tls=none", "the password would be sent in clear text"),
    ],
)
def test_invalid_bounce_mailbox_urls(url: str, fix: str) -> None:
    (problem,) = problems(BOUNCE_IMAP=url, BOUNCE_DOMAIN="bounces.example")
    assert problem.startswith(f"BEACONPOST_BOUNCE_IMAP: {fix}")


def test_an_international_domain_is_kept_in_ascii_by_idna_2008() -> None:
    wide, ascii_name = "stra\u00dfe.example", "xn--strae-oqa.example"
    settings = load(
        SENDING
        | {
            "BEACONPOST_SMTP_URL": f"smtp://mail.{wide}",
            "BEACONPOST_FROM": f"letters@{wide}",
            "BEACONPOST_BOUNCE_DOMAIN": f"bounces.{wide}",
            "BEACONPOST_RECIPIENT_DOMAINS": f"{wide} strasse.example",
            "BEACONPOST_RATE": f"{wide}=60/min",
        }
    )
    assert settings.smtp
    assert settings.smtp.host == f"mail.{ascii_name}"
    assert (settings.sender, settings.bounce_domain) == (f"letters@{ascii_name}", f"bounces.{ascii_name}")
    assert settings.recipient_domains == {ascii_name, "strasse.example"}
    assert list(settings.rates) == [ascii_name]


@pytest.mark.parametrize("selector", ["a_b", "-a", "a-", "a..b", "a b", "x" * 201, "a;d=other"])
def test_a_selector_is_a_valid_dns_name(selector: str) -> None:
    assert [line.partition(":")[0] for line in problems(DKIM_SELECTOR=selector)] == ["BEACONPOST_DKIM_SELECTOR"]
    assert load({"BEACONPOST_DKIM_SELECTOR": "Summer.2026-a"}).dkim_selector == "summer.2026-a"


def test_every_problem_is_reported_at_once_with_its_fix() -> None:
    errors = problems(
        CAMPAIGNS="http://elsewhere.example/campaigns.json",
        DATABASE="mysql://db",
        FROM="nobody",
        RATE="mahouse.gov=often",
        FORGET_AFTER="90d",
        RELAY_URL="https://relay.example/path",
    )
    assert [line.partition(":")[0] for line in errors] == [
        "BEACONPOST_CAMPAIGNS",
        "BEACONPOST_DATABASE",
        "BEACONPOST_FROM",
        "BEACONPOST_RELAY_URL",
        "BEACONPOST_RATE",
        "BEACONPOST_FORGET_AFTER",
    ]
    assert "sqlite:///" in errors[1]


@pytest.mark.parametrize(
    "url",
    [
        "mail.example:587",
        "http://mail.example",
        "smtp://",
        "smtp://mail.example:99999",
        "smtp://mail.example?tls=maybe",
        "smtps://mail.example?tls=none",
        "smtp://mail.example?ssl=1",
        "smtp://u:p@mail.example?tls=none",
    ],
)
def test_invalid_mail_server_urls(url: str) -> None:
    errors = problems(SMTP_URL=url, FROM="letters@campaign.example", RELAY_URL="https://relay.example")
    assert [line.partition(":")[0] for line in errors] == ["BEACONPOST_SMTP_URL"]


def test_sending_requires_a_sender_and_a_relay_url() -> None:
    errors = problems(SMTP_URL="smtp://mail.example")
    assert [line.partition(":")[0] for line in errors] == ["BEACONPOST_FROM", "BEACONPOST_RELAY_URL"]


def test_a_misspelled_setting_gets_a_suggestion() -> None:
    """With a typo ignored, the relay would capture letters and look as if it sent them."""
    assert problems(SMPT_URL="smtp://mail.example") == [
        "BEACONPOST_SMPT_URL: no such setting, did you mean BEACONPOST_SMTP_URL?"
    ]


@pytest.mark.parametrize("name", ["SMTP_URL", "SECRET_KEYS"])
def test_a_problem_never_repeats_a_secret(name: str) -> None:
    errors = "\n".join(problems(**{name: f"smtp://user:{SECRET}@[mail:x short"}))
    assert name in errors
    assert SECRET not in errors
    assert "horse" not in errors


@pytest.mark.parametrize("password", ["bell/flower", "12/flower", "12#flower", "bell?flower"])
def test_a_password_with_signs_of_a_url_is_refused_with_how_to_write_it(password: str) -> None:
    for name, url in (
        ("SMTP_URL", f"smtp://user:{password}@mail.example"),
        ("BOUNCE_IMAP", f"imaps://user:{password}@mail.example"),
        ("DATABASE", f"postgresql://user:{password}@db.example/letters"),
    ):
        errors = "\n".join(problems(**{name: url}))
        assert "percent-encoding" in errors
        assert "flower" not in errors


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEYS", "changeme" * 4),
        ("SECRET_KEYS", "change-me-please-change-me-please"),
        ("MANIFEST_KEY", "your-secret-key-goes-here-32-characters"),
        ("OPERATOR_TOKEN", "$(openssl rand -hex 32) with more words"),
        ("SMTP_URL", "smtp://user:changeme@mail.example"),
        ("SMTP_URL", "smtp://user:password@mail.example"),
        ("BOUNCE_IMAP", "imaps://user:CHANGE_ME@mail.example"),
    ],
)
def test_a_secret_out_of_an_example_is_refused(name: str, value: str) -> None:
    assert "this is an example's, which everybody knows" in "\n".join(problems(**{name: value}))


def test_logged_settings_contain_no_secret() -> None:
    settings = load(SENDING | {"BEACONPOST_SECRET_KEYS": "k" * 32})
    assert "p@ss" not in repr(settings)
    assert "kkkk" not in repr(settings)


def test_the_help_names_every_variable() -> None:
    text = describe()
    assert all(f"BEACONPOST_{variable.name}" in text and variable.help in text for variable in VARIABLES)
