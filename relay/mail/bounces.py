"""Mail that comes back: the address it comes back to, and what it says.

Each letter leaves under an envelope sender of its own, `bounces+<letter and seal>@<bounce domain>`: who sends a bounce
there proves to have had the letter's envelope in hand.
"""

import hmac
import logging
import re
from base64 import b32decode, b32encode
from binascii import Error as Base32Error
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from hashlib import sha256
from typing import Final, Literal, TypeAlias

from flufl.bounce import all_failures

from relay.errors import StoreError
from relay.outbox import Queue

Verdict: TypeAlias = Literal["hard", "soft", "automatic", "unknown"]

NOT_OURS: Final = "dropped: not sent to a bounce address that this relay wrote"
LARGEST: Final = 1 << 20  # bytes of a bounce that are read: what matters comes before the returned letter
SEAL: Final = 9  # bytes; with the letter's 16 they make 40 base32 digits and no padding
LONGEST_ANSWER: Final = 500
WHERE_IT_WENT: Final = ("X-Original-To", "Delivered-To", "Envelope-To", "To")

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)  # its log lines and tracebacks may name people


class ReturnAddresses:
    """Envelope senders, case-insensitive, with a local part of 48 characters. secrets: the newest signs, all verify."""

    def __init__(self, domain: str, secrets: Sequence[bytes]) -> None:
        self._domain = domain
        self._secrets = tuple(secrets)

    def write(self, letter: str) -> str:
        """The envelope sender of a letter. letter: its id, 32 hex digits."""
        raw = bytes.fromhex(letter)
        code = b32encode(raw + _seal(self._secrets[0], raw)).decode().lower()
        return f"bounces+{code}@{self._domain}"

    def read(self, address: str) -> str | None:
        """The letter's id, or None if we did not write this address."""
        local, _, domain = address.strip().lower().rpartition("@")
        code = local.removeprefix("bounces+")
        if code == local or domain != self._domain.lower() or not re.fullmatch("[a-z2-7]{40}", code):
            return None
        try:
            raw = b32decode(code.upper())
        except Base32Error:
            return None
        letter, seal = raw[:-SEAL], raw[-SEAL:]
        known = any(hmac.compare_digest(seal, _seal(secret, letter)) for secret in self._secrets)
        return letter.hex() if known else None


@dataclass(frozen=True, slots=True)
class Report:
    """What came back. hard: it will never arrive; soft: it is late, or may yet be tried; automatic: an absence note or
    the like. letter: None if no address of ours is on it. status: RFC 3463, or "". answer: the far server's words."""

    letter: str | None
    verdict: Verdict
    status: str
    answer: str


def read_report(raw: bytes, addresses: ReturnAddresses, recipient: str = "") -> Report:
    """Read a message, whatever it is; never raises. recipient: where it was delivered, if the mail server says."""
    try:
        message = message_from_bytes(raw[:LARGEST])
        letter = _find_letter(message, addresses, recipient)
        return Report(letter, *_judge(message))
    except Exception:  # hostile MIME finds faults in every parser
        return Report(addresses.read(recipient), "unknown", "", "")


async def record(report: Report, outbox: Queue, now: datetime) -> str:
    """Write down what came back; one line for the log, with no person in it. StoreError: deliver it again later."""
    if report.letter is None:
        return NOT_OURS
    if report.verdict != "hard":
        return f"letter {report.letter}: {report.verdict}, nothing changes"
    answer = " ".join(f"bounced: {report.status} {report.answer}".split())
    gone = not report.status.startswith("5.7.")  # a filter that objects says nothing about the mailbox
    state = await outbox.bounce(report.letter, now, answer, gone=gone)
    if state == "sending":  # the bounce outran our own note that the letter went
        raise StoreError(f"letter {report.letter} is still being sent")
    return f"letter {report.letter}: hard bounce, now {state or 'unknown here'}"


def _find_letter(message: Message, addresses: ReturnAddresses, recipient: str) -> str | None:
    if recipient:
        return addresses.read(recipient)
    written = [str(value) for name in WHERE_IT_WENT for value in message.get_all(name, [])]
    found = (addresses.read(address) for _, address in getaddresses(written))
    return next((letter for letter in found if letter), None)


def _judge(message: Message) -> tuple[Verdict, str, str]:
    """RFC 3464 first, then absence notes (RFC 3834), then the bounces that follow no standard."""
    soft: tuple[Verdict, str, str] | None = None
    for block in _recipients(message):
        action = str(block.get("Action", "")).split("(")[0].strip().lower()
        found = re.search(r"\b[245]\.\d{1,3}\.\d{1,3}\b", str(block.get("Status", "")))
        status = found.group() if found else ""
        answer = _plain(str(block.get("Diagnostic-Code", "")))
        if action == "failed" and not status.startswith("4"):
            return "hard", status, answer
        if action in {"failed", "delayed"}:
            soft = "soft", status, answer
    if soft:
        return soft
    if _is_automatic(message):
        return "automatic", "", ""
    temporary, permanent = all_failures(message)
    if permanent:
        return "hard", "", ""
    return ("soft" if temporary else "unknown"), "", ""


def _recipients(message: Message) -> Iterator[Message]:
    """The blocks of a delivery report that speak of a recipient; those of a returned letter are not its own."""
    if message.get_content_type() != "multipart/report" or not message.is_multipart():
        return
    for part in message.get_payload():
        if isinstance(part, Message) and part.get_content_type().endswith("delivery-status") and part.is_multipart():
            yield from (block for block in part.get_payload() if isinstance(block, Message) and "Action" in block)


def _is_automatic(message: Message) -> bool:
    if "X-Failed-Recipients" in message or "mailer-daemon" in str(message.get("From", "")).lower():
        return False
    submitted = re.split(r"[;(\s]", str(message.get("Auto-Submitted", "no")).strip().lower())[0]
    precedence = str(message.get("Precedence", "")).strip().lower()
    return submitted == "auto-replied" or precedence == "auto_reply" or "X-Autoreply" in message


def _plain(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:LONGEST_ANSWER]


def _seal(secret: bytes, letter: bytes) -> bytes:
    return hmac.digest(secret, b"bounce\0" + letter, sha256)[:SEAL]
