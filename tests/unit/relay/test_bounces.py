"""Parsing bounces: which letter, hard or soft, and never a crash. Every bounce here is invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.mail.bounces import MAX_BYTES, parse_bounce
from relay.mail.verp import Verp
from tests.samples.bounces import ADDRESSES, LETTER, TO, dsn


def test_a_verp_address_identifies_its_letter_in_any_case_and_fits() -> None:
    assert ADDRESSES.read(TO) == ADDRESSES.read(TO.upper()) == LETTER
    assert len(TO.partition("@")[0]) <= 64


def test_a_verp_address_survives_a_key_rotation() -> None:
    assert Verp("bounce.campaign.example", [b"n" * 32, b"k" * 32]).read(TO) == LETTER


@pytest.mark.parametrize("address", ["", "bounces+@bounce.campaign.example", TO.replace("campaign", "other")])
def test_a_foreign_address_identifies_nothing(address: str) -> None:
    assert ADDRESSES.read(address) is None


def test_an_address_signed_with_another_key_identifies_nothing() -> None:
    assert Verp("bounce.campaign.example", [b"x" * 32]).read(TO) is None


@pytest.mark.parametrize(
    ("action", "status", "verdict"),
    [
        ("failed", "5.1.1", "hard"),
        ("failed", "5.0.0 (permanent)", "hard"),
        ("Failed", "5.7.1", "hard"),
        ("failed", "4.4.7", "soft"),
        ("delayed", "4.2.2", "soft"),
    ],
)
def test_a_standard_report_is_hard_or_soft(action: str, status: str, verdict: str) -> None:
    report = parse_bounce(dsn(action, status), ADDRESSES)
    assert (report.letter, report.verdict) == (LETTER, verdict)


def test_the_remote_servers_words_are_read_and_not_kept() -> None:
    said = "smtp; 550 5.7.1 Ana Silva's letter\r\n is on Spamhaus\0 ZEN"
    assert parse_bounce(dsn("failed", "5.7.1", said), ADDRESSES).answer == (
        "5.7.1: not allowed to write there; named: Spamhaus"
    )


def test_a_success_notice_is_not_a_bounce() -> None:
    assert parse_bounce(dsn("delivered", "2.0.0", sender="info"), ADDRESSES).verdict == "automatic"


def test_an_out_of_office_reply_is_not_a_bounce() -> None:
    note = f"From: aide@house.example\r\nTo: {TO}\r\nAuto-Submitted: auto-replied (vacation)\r\n\r\nBack on Monday."
    assert parse_bounce(note.encode(), ADDRESSES).verdict == "automatic"


def test_qmail_and_old_exim_bounces_are_parsed() -> None:
    qmail = (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {TO}\r\nSubject: failure notice\r\n\r\n"
        "Hi. This is the qmail-send program at mx.example.\r\nI'm afraid I wasn't able to deliver your message.\r\n\r\n"
        "<aide@house.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n--- Below this line\r\n"
    )
    exim = (
        f"From: Mail Delivery System <Mailer-Daemon@mx.example>\r\nTo: {TO}\r\nX-Failed-Recipients: a@b.example\r\n\r\n"
    )
    assert parse_bounce(qmail.encode(), ADDRESSES).verdict == "hard"
    assert parse_bounce(exim.encode(), ADDRESSES).verdict == "hard"


def test_the_envelope_recipient_takes_precedence_over_the_headers() -> None:
    assert parse_bounce(dsn("failed", "5.1.1"), ADDRESSES, "bounces+x@bounce.campaign.example").letter is None


def test_a_huge_bounce_is_truncated_and_parsed() -> None:
    assert parse_bounce(dsn("failed", "5.1.1") + b"x" * (2 * MAX_BYTES), ADDRESSES).verdict == "hard"


@given(st.binary(max_size=300), st.integers(0, 600))
def test_hostile_mail_never_crashes_the_parser(noise: bytes, at: int) -> None:
    whole = dsn("failed", "5.1.1")
    parse_bounce(whole[:at] + noise + whole[at:], ADDRESSES)
    parse_bounce(noise, ADDRESSES)
