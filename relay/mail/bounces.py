"""What comes back to a letter's return address: which letter it is about, and what it says."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from typing import Final, Literal, TypeAlias

from relay.mail.automatic import describe_automatic
from relay.mail.outcome import describe_reply
from relay.mail.report import fold_address, is_report, prepare, read_rows, read_subject, read_text, unquote_xtext
from relay.mail.report_words import WORDS_MAX, Fate, Row
from relay.mail.verdict import Verdict, judge
from relay.mail.verp import Verp

# failed: it will not arrive. person: somebody answered. Of all others nothing follows.
Kind: TypeAlias = Fate | Literal["complaint", "automatic", "person", "unknown"]

BY_WEIGHT: Final[tuple[Fate, ...]] = ("failed", "delayed", "arrived")
NOT_OURS: Final = "dropped: not about a letter of this relay"
MAX_BYTES: Final = 1 << 20  # of a message that are read: what matters comes before the returned letter
DELIVERED_TO: Final = ("X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To", "To", "Cc")


# Dovecot, which rejects by a notification of what its owner's filter or quota did with the message.
REJECTED: Final = re.compile(
    r"(?:automatically )?rejected(?: mail|:)|your message to \S+ was automatically rejected", re.IGNORECASE
)
COMPLAINT: Final = re.compile(r"complaint about (?:a )?message|(?:e-?mail )?(?:feedback|abuse) report", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a report says about one recipient."""

    verdict: Verdict
    answer: str  # see `relay.mail.outcome.describe_reply`
    row: Row


@dataclass(frozen=True, slots=True)
class Bounce:
    """What came back."""

    letter: str | None  # None: it was not sent to a bounce address of ours
    kind: Kind
    what: str = ""  # in words, for the log
    findings: tuple[Finding, ...] = ()

    def find(self, office: str) -> Finding | None:
        """What it says of the letter that was written to `office`; None if nothing. "" if that is not known any more.

        A report about somebody else whom the office's address leads to, as a member of a mailing list, says nothing
        about the office.
        """
        ours = [finding for finding in self.findings if _is_about(finding.row, fold_address(office), self.findings)]
        return next((finding for finding in ours if finding.verdict.final), None)


def parse_bounce(raw: bytes, verp: Verp, recipient: str = "") -> Bounce:
    """Parse any message; never raises. recipient: where it was delivered, if the mail server says so."""
    try:
        message = message_from_bytes(prepare(raw[:MAX_BYTES]))
        letter = _find_letter(message, verp, recipient)
        return _read(letter, message)
    except Exception:  # hostile MIME finds bugs in every parser
        return Bounce(verp.read(recipient), "unknown")


def read_event(letter: str, fate: Fate, code: int, status: str, words: str, recipient: str = "") -> Bounce:
    """What a mail service says of a letter in an event of its own, judged like a report.

    letter: the id that the service echoed. fate: whether the service gave it up. code: SMTP's, 0 if it is not known.
    status: RFC 3463, or "". words: the mail server's. recipient: whom the event names.
    """
    row = Row(fate, code, status, words[:WORDS_MAX], fold_address(recipient))
    return Bounce(letter, fate, f"an event: {fate}", (_judge(row),))


def _find_letter(message: Message, verp: Verp, recipient: str) -> str | None:
    if recipient:
        return verp.read(recipient)
    headers = [str(value) for name in DELIVERED_TO for value in message.get_all(name, [])]
    letters = (verp.read(address) for _, address in getaddresses(headers))
    return next((letter for letter in letters if letter), None)


def _read(letter: str | None, message: Message) -> Bounce:
    subject, text = read_subject(message), read_text(message)
    rejected = REJECTED.match(subject) is not None or REJECTED.match(text.strip()) is not None
    if _holds(message, "feedback-report") or COMPLAINT.match(subject):
        return Bounce(letter, "complaint", "a complaint")
    if _holds(message, "disposition-notification") and not rejected:
        return Bounce(letter, "automatic", "a read receipt")
    if rejected or is_report(message):
        findings = tuple(map(_judge, read_rows(message, subject, text)))
        fates = {finding.row.fate for finding in findings}
        for fate in BY_WEIGHT:
            if fate in fates:
                return Bounce(letter, fate, f"a report: {fate}", findings)
    if what := describe_automatic(message, subject, text):
        return Bounce(letter, "automatic", what)
    if is_report(message) or "@" not in str(message.get("From", "")) or not (subject or text).strip():
        return Bounce(letter, "unknown", "not understood")
    return Bounce(letter, "person", "somebody's answer")


def _holds(message: Message, kind: str) -> bool:
    """Whether it is a report of this kind (RFC 6522), and not one that returns one."""
    stated = str(message.get_param("report-type", "")).lower()
    parts = (part.get_content_type() for part in message.walk())
    return stated == kind or (stated != "delivery-status" and f"message/{kind}" in parts)


def _judge(row: Row) -> Finding:
    verdict = judge(row.code, row.status, row.words, final=row.fate == "failed")
    return Finding(verdict, describe_reply(row.code, row.status, row.words), row)


def _is_about(row: Row, office: str, all_findings: tuple[Finding, ...]) -> bool:
    named, origin = row.final or row.original, row.original or row.final
    for target in filter(None, (row.final, row.actual)):
        if origin and not _same(origin, target) and not _renamed(origin, target):
            return False
    if not office or not named or _same(office, row.final) or _same(office, row.original) or _renamed(office, named):
        return True
    # Servers rewrite the one address they were given; a neighbor of it, or one of several, is somebody else.
    return len(all_findings) == 1 and office.rpartition("@")[2] != named.rpartition("@")[2]


def _same(one: str, other: str) -> bool:
    return one == other or unquote_xtext(one) == unquote_xtext(other)


def _renamed(one: str, other: str) -> bool:
    """The same mailbox under another name of its domain, as a tenant's."""
    return one.rpartition("@")[0] == other.rpartition("@")[0] != ""
