"""Bounces: which letter came back, and whether for good."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from typing import Final, Literal, TypeAlias

from flufl.bounce import all_failures

from relay.errors import StoreError
from relay.mail.outcome import ANSWER_MAX, describe_reply
from relay.mail.verp import Verp
from relay.outbox import Queue

Verdict: TypeAlias = Literal["hard", "soft", "automatic", "unknown"]

NOT_OURS: Final = "dropped: not sent to a bounce address of this relay"
MAX_BYTES: Final = 1 << 20  # of a bounce that are read: what matters comes before the returned letter
DELIVERED_TO: Final = ("X-Original-To", "Delivered-To", "Envelope-To", "To")

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)  # its log lines and tracebacks may name people


@dataclass(frozen=True, slots=True)
class Bounce:
    """What came back."""

    letter: str | None  # None: it was not sent to a bounce address of ours
    verdict: Verdict  # hard: it will never arrive; soft: delayed; automatic: an absence note or the like
    status: str  # RFC 3463, or ""
    answer: str  # see `relay.mail.outcome.describe_reply`


def parse_bounce(raw: bytes, verp: Verp, recipient: str = "") -> Bounce:
    """Parse any message; never raises. recipient: where it was delivered, if the mail server says so."""
    try:
        message = message_from_bytes(raw[:MAX_BYTES])
        letter = _find_letter(message, verp, recipient)
        return Bounce(letter, *_classify(message))
    except Exception:  # hostile MIME finds bugs in every parser
        return Bounce(verp.read(recipient), "unknown", "", "")


async def record_bounce(bounce: Bounce, outbox: Queue, now: datetime) -> str:
    """Record what came back. Returns a line for the log, without personal data. StoreError: deliver it again later."""
    if bounce.letter is None:
        return NOT_OURS
    if bounce.verdict != "hard":
        return f"letter {bounce.letter}: {bounce.verdict}, nothing changes"
    answer = f"bounced: {bounce.answer}" if bounce.answer else "bounced"
    gone = not bounce.status.startswith("5.7.")  # a filter's objection says nothing about the mailbox
    status = await outbox.record_bounce(bounce.letter, now, answer, gone=gone)
    if status == "sending":  # the bounce arrived before the worker recorded that the letter was sent
        raise StoreError(f"letter {bounce.letter} is still being sent")
    return f"letter {bounce.letter}: hard bounce, now {status or 'unknown here'}"


def _find_letter(message: Message, verp: Verp, recipient: str) -> str | None:
    if recipient:
        return verp.read(recipient)
    headers = [str(value) for name in DELIVERED_TO for value in message.get_all(name, [])]
    letters = (verp.read(address) for _, address in getaddresses(headers))
    return next((letter for letter in letters if letter), None)


def _classify(message: Message) -> tuple[Verdict, str, str]:
    """RFC 3464 first, then absence notes (RFC 3834), then bounces that follow no standard."""
    soft: tuple[Verdict, str, str] | None = None
    for block in _recipients(message):
        action = str(block.get("Action", "")).split("(")[0].strip().lower()
        code = re.search(r"\b[245]\.\d{1,3}\.\d{1,3}\b", str(block.get("Status", "")))
        status = code.group() if code else ""
        answer = describe_reply(0, status, _plain(str(block.get("Diagnostic-Code", ""))))
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
    """The per-recipient blocks of a delivery report, but not those of a report inside the returned letter."""
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
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())[:ANSWER_MAX]
