"""What became of a letter at the mail server, and what its replies mean (RFC 5321 section 4.2, RFC 3463)."""

import re
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from relay.mail.verdict import GONE, Verdict, judge

ANSWER_MAX: Final = 500  # characters of the server's words that are read
CLOSING: Final = 421  # RFC 5321 section 3.8: the server is closing the connection
# RFC 4954: authentication required or failed, encryption required; 503: bad sequence. None is about the letter.
OUR_FAULT: Final = {503, 530, 535, 538}
REFUSED: Final = Verdict(final=True, mailbox_gone=False, about_us=False)
ENHANCED: Final = re.compile(r"\d{3}[ -]?([245]\.\d{1,3}\.\d{1,3})\b")  # RFC 3463
GREYLISTED: Final = re.compile(r"\bgr[ae]y-?list", re.IGNORECASE)
BLOCKLISTS: Final = ("Spamhaus", "SpamCop", "Barracuda", "Proofpoint", "Mimecast", "Cloudmark", "SORBS", "UCEPROTECT")
# Our words for enhanced codes (RFC 3463 sections 3.2 to 3.8, RFC 7372, RFC 7505): by subject and detail, or subject.
MEANINGS: Final = {
    "1.1": "no such mailbox", "1.2": "no such domain", "1.3": "not an address", "1.6": "the mailbox has moved",
    "1.7": "our address is refused", "1.8": "our domain is refused",
    "1.10": "no such mailbox, or its domain takes no mail",
    "2.1": "the mailbox is disabled", "2.2": "the mailbox is full", "2.3": "the message is too long",
    "3.4": "the message is too large", "4.7": "not delivered in time", "7.1": "not allowed to write there",
    "7.20": "no valid DKIM signature", "7.23": "SPF failed", "7.25": "our server's name in DNS is wrong",
    "7.26": "the message is not authenticated", "7.27": "our domain takes no mail",
    "1": "the address is refused", "2": "the mailbox is not available", "3": "the server is not available",
    "4": "the network is not available", "5": "a command was refused", "6": "the content cannot be converted",
    "7": "refused for policy",
}  # fmt: skip
BASIC_MEANINGS: Final = {  # RFC 5321 section 4.2.3
    421: "the server is closing", 450: "the mailbox is not available", 451: "a temporary error",
    452: "the server has no room", 550: "the mailbox is not available", 552: "the mailbox is full",
    553: "not an address", 554: "refused",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """The server accepted the message and is responsible for it now (RFC 5321 section 6.1)."""

    answer: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The server will never accept it."""

    code: int
    enhanced: str  # RFC 3463, such as "5.1.1", or ""
    answer: str  # see `describe_reply`
    verdict: Verdict = field(default=REFUSED, compare=False)


@dataclass(frozen=True, slots=True)
class TryLater:
    """Not now."""

    code: int  # 0 if no server answered
    enhanced: str
    answer: str  # see `describe_reply`


Outcome: TypeAlias = Sent | Refused | TryLater


def describe_reply(code: int, enhanced: str, words: str) -> str:
    """A reply in our own words: the server's may quote the letter, or name who wrote it. They are read here, and kept
    nowhere. code: 0 for none."""
    verdict = judge(code, enhanced, words, final=True)
    subject, detail = (*enhanced.split(".")[1:], "", "")[:2]
    meaning = MEANINGS.get(f"{subject}.{detail}", "")
    if verdict.about_us:
        lists = [name for name in BLOCKLISTS if name.lower() in words.lower()]
        meaning = meaning if meaning and subject in {"1", "7"} else MEANINGS["7"]
        meaning = f"{meaning}; named: {', '.join(lists)}" if lists else meaning
    elif verdict.mailbox_gone:
        meaning = meaning if enhanced in GONE else MEANINGS["1.1"]
    else:
        meaning = (
            "greylisted"
            if GREYLISTED.search(words)
            else meaning or MEANINGS.get(subject) or BASIC_MEANINGS.get(code, "")
        )
    numbers = " ".join(filter(None, (str(code) if code else "", enhanced)))
    return ": ".join(filter(None, (numbers, meaning)))


def accept(code: int, answer: str) -> Sent:
    """A positive reply, without its words. answer: on one line, starting with its code."""
    enhanced = ENHANCED.match(answer)
    return Sent(f"{code} {enhanced[1]}" if enhanced else str(code))


def classify(code: int, answer: str) -> Refused | TryLater:
    """What a negative reply says about the letter. answer: on one line, starting with its code."""
    enhanced = ENHANCED.match(answer)
    status = enhanced[1] if enhanced else ""
    described = describe_reply(code, status, answer)
    if 500 <= code <= 599 and code not in OUR_FAULT:
        return Refused(code, status, described, judge(code, status, answer))
    return TryLater(code, status, described)


def defer(code: int, answer: str) -> TryLater:
    """As `classify`, for a reply that is not about the letter, whatever its code."""
    outcome = classify(code, answer)
    return TryLater(outcome.code, outcome.enhanced, outcome.answer)


def quote_greeting(code: int, words: str) -> TryLater:
    """A server that takes no connection, in its own words: it knows no letter yet. code: 0 if none answered."""
    enhanced = ENHANCED.match(words)
    return TryLater(code, enhanced[1] if enhanced else "", words[:ANSWER_MAX])
