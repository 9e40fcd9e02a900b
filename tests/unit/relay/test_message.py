"""The office's mail program reads exactly what the writer wrote, in every script."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.errors import MailError
from relay.letters import Letter
from relay.mail.message import check_address, compose
from tests.samples.letters import NOON, SENDER, confirmation, letters, submission

LETTER = letters(submission(1))[0]


def write(**changes: str) -> bytes:
    return compose(replace(LETTER, **changes), SENDER, NOON)  # type: ignore[arg-type]


def read(message: bytes) -> EmailMessage:
    return message_from_bytes(message, policy=policy.default)


def text(message: EmailMessage) -> str:
    return str(message.get_content()).replace("\r\n", "\n")


def display(raw: bytes, header: str) -> tuple[str, str]:
    """Name and address, by the library's legacy parser: the newer one in 3.11 adds spaces to long encoded names."""
    name, address = parseaddr(message_from_bytes(raw)[header])
    return str(make_header(decode_header(name))), address


def test_a_letter_in_full() -> None:
    assert write(reply_to="ana@example.org", from_name="Ana Silva via Families Belong Together").decode() == (
        'From: "Ana Silva via Families Belong Together" <letters@campaign.example>\r\n'
        "Reply-To: ana@example.org\r\n"
        'To: "Sal N. DiDomenico" <sal.didomenico@masenate.example>\r\n'
        "Subject: Please support the Safe Communities Act\r\n"
        "Date: Mon, 02 Mar 2026 12:00:00 +0000\r\n"
        f"Message-ID: <{LETTER.id}@campaign.example>\r\n"
        "X-Campaign: safe-communities-act\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 7bit\r\n"
        "\r\n"
        "Dear Senator,\r\n\r\nI live on Firstname1 Street.\r\n\r\nFirstname1 Lastname1\r\n"
    )


@pytest.mark.parametrize(
    "name",
    [
        "José Muñoz-Núñez",
        "Nguyễn Thị Hồng Đào",
        "王小明",
        "محمد عبد الله",
        "Ζωή Παπαδοπούλου",
        "Олександр Шевченко",
        "ወልደ ሚካኤል",
        'Ana "Anita" Silva, Esq.',
        "O'Brien (Pat) <pat@example.org>",
        "back\\slash",
        "=?utf-8?q?not_encoded?=",
        "Wolfeschlegelsteinhausenbergerdorff " * 5 + "Sr.",
        "👩‍👩‍👧 family",
    ],
)
def test_a_name_in_any_script_arrives_as_typed(name: str) -> None:
    raw = write(from_name=f"{name} via Families", to_name=name, subject=name, body=f"{name}\n")
    message = read(raw)
    assert display(raw, "From") == (f"{name} via Families", SENDER.address)
    assert display(raw, "To") == (name, LETTER.to_email)
    assert message["Subject"] == name
    assert text(message) == f"{name}\n"
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    assert raw.isascii()


@pytest.mark.parametrize(
    "body",
    [
        "x" * 5_000 + "\n",
        "word " * 3_000 + "end\n",
        "王小明。" * 700 + "\n",
        "é" * 999 + "\n",
        "trailing space \nand tab\t\n",
        ".\n..\n.dot\nFrom here\n",
        "=3D =\n",
        "\n\nblank lines around\n",
    ],
)
def test_a_body_arrives_as_typed_within_the_line_limit(body: str) -> None:
    raw = write(body=body)
    assert text(read(raw)) == body
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=200),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], include_characters="\t\n"), max_size=2_000),
)
def test_any_text_arrives_as_typed(subject: str, body: str) -> None:
    raw = write(subject=subject, body=body)
    message = read(raw)
    assert (message["Subject"] or "").split() == subject.split()
    assert text(message).rstrip("\n") == body.rstrip("\n")
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


@pytest.mark.parametrize("evil", ["\r\nBcc: b@x", "\n", "\r", "\0", "\x1b[31m", "\x7f", "\u2028", "\u0085", "\ud800"])
@pytest.mark.parametrize("where", ["from_name", "to_name", "subject", "to_email", "reply_to", "campaign", "id"])
def test_no_field_can_inject_a_header(where: str, evil: str) -> None:
    for value in (f"{getattr(LETTER, where)}{evil}", f"{evil}{getattr(LETTER, where)}", f"a{evil}b@x.example"):
        with pytest.raises(MailError):
            write(**{where: value})


@pytest.mark.parametrize("evil", ["\0", "\x08", "\x1b", "\x7f", "\udc80"])
def test_control_characters_in_a_body_are_refused(evil: str) -> None:
    with pytest.raises(MailError):
        write(body=f"Dear{evil} Senator\n")


@pytest.mark.parametrize(
    "address",
    [
        "a@x\r\nRCPT TO:<b@x>",  # Python 3.11.7's own parser shortens it to a@x
        "a@x\n",
        "a@x, b@x",
        "a@x;b@x",
        "<a@x>",
        "a b@x",
        '"a"@x',
        "a@@x",
        ".a@x",
        "a..b@x",
        "a@-x",
        "a@x..y",
        "a@[10.0.0.1]",
        "a@x\u200b\u2028",
        "x" * 65 + "@x",
        "a@" + "x" * 250,
        "é" * 33 + "@x",
        "a@" + "é" * 70 + ".example",
        "",
        "@",
    ],
)
def test_anything_but_a_single_plain_address_is_refused(address: str) -> None:
    with pytest.raises(MailError) as refusal:
        check_address(address)
    assert not address or address not in str(refusal.value)


def test_a_non_ascii_domain_is_sent_in_its_ascii_form() -> None:
    assert check_address("info@bücher.example") == "info@xn--bcher-kva.example"
    assert check_address("o'brien+ma@sub.example.org") == "o'brien+ma@sub.example.org"


def test_a_letter_without_a_reply_address_has_no_reply_to() -> None:
    assert "Reply-To" not in read(write(reply_to=""))


def test_only_a_confirmation_is_marked_as_automatic() -> None:
    machine: Letter = confirmation(submission(1))
    assert read(compose(machine, SENDER, NOON))["Auto-Submitted"] == "auto-generated"
    assert "Auto-Submitted" not in read(write())


def test_a_letter_has_the_same_message_id_on_every_attempt() -> None:
    again = compose(LETTER, SENDER, NOON.replace(day=4))
    assert read(again)["Message-ID"] == read(write())["Message-ID"]
