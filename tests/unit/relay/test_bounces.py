"""What comes back: which letter it is about, what follows, and never a crash. Every message here is invented."""

import csv
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.mail.bounces import MAX_BYTES, Bounce, parse_bounce, read_event
from relay.mail.report import fold_address
from relay.mail.verp import Verp
from tests.samples.bounce_texts import OTHERS, SHAPES
from tests.samples.bounces import ADDRESSES, LETTER, MEMBERS, OFFICE, REPORTS, TO, dsn

SAMPLES: Final = REPORTS | SHAPES | MEMBERS | OTHERS
SHARED: Final = Path(__file__).parents[4] / "shared/cases/bounces"


def says(bounce: Bounce, office: str = OFFICE) -> str:
    """In the words of `tests.samples.bounces.Sample`."""
    finding = bounce.find(office)
    if finding is None:
        return "person" if bounce.kind == "person" else "nothing"
    return "gone" if finding.verdict.mailbox_gone else "about us" if finding.verdict.about_us else "failed"


@pytest.mark.parametrize("name", SAMPLES)
def test_every_shape_is_judged_right(name: str) -> None:
    bounce = parse_bounce(SAMPLES[name].raw, ADDRESSES, TO)
    assert (bounce.letter, says(bounce)) == (LETTER, SAMPLES[name].says)


def test_the_samples_that_the_project_shares_are_judged_right() -> None:
    if not SHARED.is_dir():
        pytest.skip("../shared/cases/bounces is not here")
    with (SHARED / "verdicts.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = []
    for row in rows:
        raw = (SHARED / row["file"]).read_bytes().replace(b"{TO}", TO.encode())
        finding = parse_bounce(raw, ADDRESSES, TO).find(OFFICE)
        final, gone = finding is not None, finding is not None and finding.verdict.mailbox_gone
        if (final, gone) != (row["final"] == "yes", row["mailbox_gone"] == "yes"):
            wrong.append((row["file"], final, gone))
    assert rows
    assert wrong == []


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
    ("action", "status", "expected"),
    [
        ("failed", "5.1.1", "gone"),
        ("failed", "5.0.0 (permanent)", "gone"),
        ("Failed", "5.7.1", "about us"),
        ("failed", "4.4.7", "failed"),  # RFC 3464 section 2.3.3: given up, whatever the status
        ("delayed", "4.2.2", "nothing"),
        ("delivered", "2.0.0", "nothing"),
    ],
)
def test_the_action_says_whether_the_letter_was_given_up(action: str, status: str, expected: str) -> None:
    assert says(parse_bounce(dsn(action, status), ADDRESSES)) == expected


def test_the_remote_servers_words_are_read_and_not_kept() -> None:
    said = "smtp; 550 5.7.1 Ana Silva's letter\r\n is on Spamhaus\0 ZEN"
    finding = parse_bounce(dsn("failed", "5.7.1", said), ADDRESSES).find(OFFICE)
    assert finding
    assert finding.answer == "550 5.7.1: not allowed to write there; named: Spamhaus"


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("rfc822; <Aide@House.Example>", "aide@house.example"),
        ("utf-8; aide@häuser.example", "aide@xn--huser-gra.example"),
        (r"utf-8; aide@h\x{E4}user.example", "aide@xn--huser-gra.example"),
        ("rfc822;aide@XN--HUSER-GRA.example", "aide@xn--huser-gra.example"),
        (r"utf-8; j\x{FC}rgen@house.example", "jürgen@house.example"),
        ("unknown; somewhere", ""),
    ],
)
def test_one_address_has_one_form(written: str, folded: str) -> None:
    assert fold_address(written) == folded


def test_an_office_in_a_domain_of_its_own_script_is_recognized() -> None:
    raw = dsn("failed", "5.1.1").replace(b"rfc822; aide@house.example", rb"utf-8; aide@h\x{E4}user.example")
    assert says(parse_bounce(raw, ADDRESSES), "aide@xn--huser-gra.example") == "gone"
    assert says(parse_bounce(raw, ADDRESSES), "rep@xn--huser-gra.example") == "nothing"


def test_the_envelope_recipient_takes_precedence_over_the_headers() -> None:
    assert parse_bounce(dsn("failed", "5.1.1"), ADDRESSES, "bounces+x@bounce.campaign.example").letter is None


def test_a_services_event_is_judged_like_a_report() -> None:
    assert says(read_event(LETTER, "failed", 550, "5.1.1", "550 5.1.1 no such user", OFFICE)) == "gone"
    assert says(read_event(LETTER, "failed", 0, "5.7.1", "rejected", OFFICE)) == "about us"
    assert says(read_event(LETTER, "delayed", 451, "4.7.1", "blocked for now", OFFICE)) == "nothing"


def test_a_huge_message_is_truncated_and_parsed() -> None:
    assert says(parse_bounce(dsn("failed", "5.1.1") + b"x" * (2 * MAX_BYTES), ADDRESSES)) == "gone"


@given(st.binary(max_size=300), st.integers(0, 600))
def test_hostile_mail_never_crashes_the_parser(noise: bytes, at: int) -> None:
    whole = dsn("failed", "5.1.1")
    parse_bounce(whole[:at] + noise + whole[at:], ADDRESSES)
    parse_bounce(noise, ADDRESSES)


@pytest.mark.parametrize("unit", [b"a@", b"550 ", b"mailbox ", b"(", b"<", b"x ", b"=?utf-8?q?", b"\n\n", b"re: "])
def test_a_megabyte_of_anything_is_read_without_end(unit: bytes) -> None:
    """No pattern takes more than linear time: else this test would not end."""
    body = unit * (MAX_BYTES // len(unit))
    subject = body[:2_000].replace(b"\n", b" ")
    parse_bounce(b"From: MAILER-DAEMON@mx.example\nSubject: " + subject + b"\n\n" + body, ADDRESSES)
    parse_bounce(dsn("failed", "5.0.0", "smtp; 550 " + body.decode().replace("\n", " ")), ADDRESSES)
