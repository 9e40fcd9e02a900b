"""A submission and the letters it becomes, as nouns. `recipients` says to whom, `wording` in what words."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["legislator", "committee", "leader", "named", "test", "confirmation", "receipt", "alert"]
TIMED: Final = 12  # hex digits of milliseconds since 1970, good for some thousand years
GREETED: Final = "[Legislator]"  # in subject and body, where the greeting goes
TO_WRITER: Final = ("confirmation", "receipt")  # kinds that go to a constituent: whose they are is nobody's business


@dataclass(frozen=True, slots=True)
class Submission:
    """One person's post, as stored. Everything here is erased once its letters have settled.

    id: 32 hex digits, as `new_submission_id` draws them. repeat_key, mailbox_key: keyed hashes of (campaign, e-mail,
    name, street) and of (campaign, e-mail); they recognise a repeat after the rest is gone. senate, house: Open States
    names.
    """

    id: str
    campaign: str
    language: str
    first_name: str
    last_name: str
    email: str
    phone: str
    town: str
    senate: str
    house: str
    public_name: bool
    join_list: bool
    repeat_key: bytes
    mailbox_key: bytes
    receipt_token: str
    confirm_token: str
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one recipient, ready but for its MIME form.

    id: 32 hex digits, derived from submission and recipient, so that a retry has the same Message-ID.
    submission: "" for an alert. transport: the name of the transport it was accepted under; no other may send it.
    greeting: what GREETED becomes when it is sent, and not before: until then somebody else may win the seat.
    known_until: from then on somebody else may hold the office, and nobody may send it there; aware, None if no such
    day is known. A claim leaves it out.
    """

    id: str
    submission: str
    campaign: str
    kind: Kind
    chamber: str  # "senate", "house" or ""
    district: str  # or the chair's or leader's office (Addressee.office); then `chamber` is ""
    to_name: str
    to_email: str
    from_name: str
    reply_to: str
    subject: str
    body: str
    transport: str
    greeting: str = ""
    known_until: datetime | None = None


def greet(letter: Letter) -> Letter:
    """The letter as its reader gets it."""
    if not letter.greeting:
        return letter
    subject, body = (text.replace(GREETED, letter.greeting) for text in (letter.subject, letter.body))
    return replace(letter, subject=subject, body=body)


def new_submission_id(now: datetime, random: Callable[[int], str]) -> str:
    """32 hex digits that begin with the time: what comes together stands together in a store's indexes, which would
    otherwise be rewritten all over for every post. random: draws hex digits for as many bytes."""
    return f"{int(now.timestamp() * 1000):0{TIMED}x}{random((32 - TIMED) // 2)}"


def letter_id(submission: str, recipient: str) -> str:
    """32 hex digits, stable for a submission and recipient, so that a repeated transmission carries the same
    Message-ID. It begins as the submission's does."""
    return submission[:TIMED] + _digest(submission, recipient)[TIMED:]


def alert_id(occasion: str, organiser: str) -> str:
    """32 hex digits, stable for what an organiser is told."""
    return _digest(f"alert {occasion}", organiser)


def _digest(about: str, recipient: str) -> str:
    return sha256(f"{about} {recipient.lower()}".encode()).hexdigest()[:32]
