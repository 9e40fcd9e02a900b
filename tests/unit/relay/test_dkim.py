"""Signed letters verify with an independent implementation, and a change to anything a reader sees does not."""

import subprocess
from base64 import b64decode
from dataclasses import replace
from email.parser import BytesHeaderParser
from hashlib import sha256
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relay.mail.dkim import Signer, read_key
from relay.mail.message import compose
from relay.settings import SettingsError
from tests.samples.letters import NOON, SENDER, confirmation, letters, submission

LETTER = letters(submission(1))[0]


def openssl(command: str, path: Path) -> Path:
    verb, *options = command.split()
    subprocess.run(["openssl", verb, "-out", path, *options], check=True, capture_output=True)
    path.chmod(0o600)
    return path


@pytest.fixture(scope="session")
def rsa(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return openssl("genrsa 2048", tmp_path_factory.mktemp("dkim") / "dkim.pem")


@pytest.fixture(scope="session")
def signer(rsa: Path) -> Signer:
    return Signer("campaign.example", "summer", read_key(rsa))


def verified(message: bytes, signer: Signer) -> bool:
    """Whether dkimpy verifies the message with our record as its DNS."""
    name, record = signer.record

    def look_up(asked: bytes, timeout: int = 5) -> bytes | None:
        del timeout
        return record.encode() if asked.decode().rstrip(".") == name else None

    return bool(dkim.verify(message, dnsfunc=look_up))


def test_a_signed_letter_is_verified_and_otherwise_unchanged(signer: Signer) -> None:
    letter = compose(LETTER, SENDER, NOON)
    signed = signer.sign(letter)
    assert signed.endswith(b"\r\n" + letter)
    assert verified(signed, signer)


@pytest.mark.parametrize("name", ["王小明", "محمد عبد الله", "Nguyễn Thị Hồng Đào", "x" * 300])
def test_letters_in_any_script_are_verified(signer: Signer, name: str) -> None:
    letter = replace(LETTER, from_name=name, to_name=name, subject=name, body=f"{name}  \n\n{name}\n\n\n")
    assert verified(signer.sign(compose(letter, SENDER, NOON)), signer)
    assert verified(signer.sign(compose(confirmation(submission(1)), SENDER, NOON)), signer)


@given(
    body=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], include_characters="\t\n "), max_size=500),
    subject=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=200),
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_verified(signer: Signer, body: str, subject: str) -> None:
    assert verified(signer.sign(compose(replace(LETTER, body=body, subject=subject), SENDER, NOON)), signer)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Safe Communities", b"Unsafe Communities"),
        (b"Dear Senator", b"Dear Sir"),
        (b"letters@campaign.example>", b"letters@other.example>"),
        (b"X-Campaign: safe", b"X-Campaign: other"),
        (b"To: ", b"To: everybody@x.example, "),
        (b"Reply-To: ", b"Reply-To: evil@x.example, "),
    ],
)
def test_a_change_to_signed_content_fails_verification(signer: Signer, before: bytes, after: bytes) -> None:
    signed = signer.sign(compose(LETTER, SENDER, NOON))
    assert before in signed
    assert not verified(signed.replace(before, after), signer)


@pytest.mark.parametrize("header", ["From", "Reply-To", "To", "Subject"])
def test_a_second_visible_header_cannot_be_prepended(signer: Signer, header: str) -> None:
    for letter in (LETTER, replace(LETTER, reply_to="")):
        signed = signer.sign(compose(letter, SENDER, NOON))
        assert verified(signed, signer)
        assert not verified(f"{header}: evil@x.example\r\n".encode() + signed, signer)


def test_changes_that_mail_servers_make_still_verify(signer: Signer) -> None:
    signed = signer.sign(compose(LETTER, SENDER, NOON))
    relayed = signed.replace(b"Subject: Please", b"subject:  Please") + b"\r\n\r\n"
    assert verified(b"Received: from a by b; Mon, 02 Mar 2026 12:00:01 +0000\r\n" + relayed, signer)


def test_the_signature_is_ascii_in_short_lines_and_names_what_it_covers(signer: Signer) -> None:
    signed = signer.sign(compose(LETTER, SENDER, NOON))
    head = signed.partition(b"\r\nFrom:")[0]
    assert head.isascii()
    assert max(map(len, head.split(b"\r\n"))) <= 78
    value = "".join(BytesHeaderParser().parsebytes(signed)["DKIM-Signature"].split())
    tags = dict(tag.split("=", 1) for tag in value.split(";"))
    covered = [*["From"] * 2, *["Reply-To"] * 2, *["To"] * 2, *["Subject"] * 2, "Date", "Message-ID", "X-Campaign"]
    assert tags["h"].split(":") == [*covered, "MIME-Version", "Content-Type", "Content-Transfer-Encoding"]
    assert len(tags["b"]) == 344
    assert (tags["d"], tags["s"], tags["a"], tags["c"]) == (
        "campaign.example",
        "summer",
        "rsa-sha256",
        "relaxed/relaxed",
    )


def test_an_ed25519_key_signs_as_rfc_8463_says(tmp_path: Path) -> None:
    """dkimpy verifies Ed25519 only with pynacl, so only the signature is checked; the signed text is as above."""
    key = read_key(openssl("genpkey -algorithm ed25519", tmp_path / "key.pem"))
    public = Ed25519PublicKey.from_public_bytes(b64decode(key.public))
    public.verify(key.sign(b"text"), sha256(b"text").digest())  # RFC 8463 section 3: the hash is signed
    signer = Signer("campaign.example", "s", key)
    assert signer.record == ("s._domainkey.campaign.example", f"v=DKIM1; k=ed25519; p={key.public}")
    assert b"a=ed25519-sha256;" in signer.sign(compose(LETTER, SENDER, NOON))


def test_a_key_that_others_can_read_is_refused(rsa: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared.pem"
    shared.write_bytes(rsa.read_bytes())
    for mode in (0o604, 0o620, 0o602):
        shared.chmod(mode)
        with pytest.raises(SettingsError, match="chmod 600"):
            read_key(shared)
    shared.chmod(0o640)
    read_key(shared)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "contains no private key"),
        ("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n", "contains no private key"),
        (
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n",
            "protected by a password",
        ),
        ("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n", "can be read"),
        ("-----BEGIN RSA PRIVATE KEY-----\n!!!\n-----END RSA PRIVATE KEY-----\n", "can be read"),
    ],
)
def test_an_invalid_key_is_reported_with_how_to_make_one(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "key.pem"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(SettingsError, match=said) as trouble:
        read_key(path)
    assert "openssl genrsa" in str(trouble.value)


def test_a_missing_small_or_unsupported_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        read_key(tmp_path / "missing.pem")
    with pytest.raises(SettingsError, match="512 bits"):
        read_key(openssl("genrsa 512", tmp_path / "small.pem"))
    with pytest.raises(SettingsError, match="key"):
        read_key(openssl("ecparam -name prime256v1 -genkey -noout", tmp_path / "ec.pem"))
