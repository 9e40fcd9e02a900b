"""A submission and the letters it becomes.

addressees      to whom letters go
mailboxes       which addresses are one mailbox
wording         what offices and writers read
erasure_mail    the mail with a link that erases
organizer_mail  what organizers read
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal[
    "legislator",
    "committee",
    "leader",
    "named",
    "test",
    "confirmation",
    "receipt",
    "erasure",
    "alert",
    "forward",
    "event",
]
TIME_DIGITS: Final = 12  # hex digits of milliseconds since 1970; they last thousands of years
GREETING_SLOT: Final = "[Legislator]"  # in subject and body, until the greeting is filled in
TO_WRITER: Final = (
    "confirmation",
    "receipt",
    "erasure",
)  # kinds that go to a constituent, whose address is never shown
TO_ORGANIZER: Final = ("alert", "forward", "event")  # an event goes to their webhook


@dataclass(frozen=True, slots=True)
class Thanks:
    """What those read who support what the others are asked for; with placeholders."""

    subject: str
    message: str
    to: tuple[str, ...]  # title and name of each


@dataclass(frozen=True, slots=True)
class Submission:
    """One person's post. Erased some days after its letters have settled, except for the keyed hashes."""

    id: str  # 32 hex digits, by `new_submission_id`
    campaign: str
    language: str
    first_name: str
    last_name: str
    email: str
    phone: str
    town: str
    senate: str  # Open States name, like `house`
    house: str
    public_name: bool
    join_words: str  # of the box that joins the campaign's list, if it was ticked; else ""
    gave_reason: bool  # the first paragraph is the writer's own
    own_words: bool  # something of the letter is
    subject: str  # as typed or the campaign's, with placeholders, like `message`
    message: str
    repeat_key: bytes  # keyed hash of all that offices read: recognizes an identical letter after the rest is gone
    post_key: bytes  # keyed hash of the letter and what its writer chose: recognizes the very same post. Not stored
    mailbox_key: bytes  # keyed hash of the e-mail address
    folded_key: bytes  # the same for variants of one mailbox (relay.letters.mailboxes)
    receipt_token: str
    confirm_token: str
    accepted_at: datetime
    thanks: Thanks | None = None  # None: all read the same
    retry_key: bytes = b""  # keyed hash of `post_key` and of the key that its page made for it; b"" without such a key


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one recipient, complete except for its MIME form."""

    id: str  # 32 hex digits, by `new_letter_id`; a retry has the same Message-ID
    submission: str  # "" for mail to an organizer
    campaign: str
    kind: Kind
    chamber: str  # "senate", "house" or ""
    district: str  # or the chair's or leader's office (Addressee.office); then `chamber` is ""; of a forward, the id of
    # the letter that was answered
    to_name: str
    to_email: str
    from_name: str
    reply_to: str
    subject: str
    body: str
    transport: str  # the name of the transport it was accepted under; no other may send it
    greeting: str = ""  # replaces GREETING_SLOT when it is sent, not before: somebody else may win the seat until then
    attachment: str = ""  # a message in ASCII (RFC 5322), attached whole
    known_until: datetime | None = None  # after that somebody else may hold the office; aware. Not set in a claim


def greet(letter: Letter) -> Letter:
    """The letter as its reader gets it, greeting filled in."""
    if not letter.greeting:
        return letter
    subject, body = (text.replace(GREETING_SLOT, letter.greeting) for text in (letter.subject, letter.body))
    return replace(letter, subject=subject, body=body)


def new_submission_id(now: datetime, random: Callable[[int], str]) -> str:
    """32 hex digits that begin with the time, so that posts of one moment are neighbors in a store's indexes: otherwise
    every post would rewrite pages all over them. random: hex digits for a number of bytes."""
    return f"{int(now.timestamp() * 1000):0{TIME_DIGITS}x}{random((32 - TIME_DIGITS) // 2)}"


def new_letter_id(submission: str, random: Callable[[int], str]) -> str:
    """32 hex digits that begin like the submission's. Drawn once, so that a retransmission has the same Message-ID."""
    return f"{submission[:TIME_DIGITS]}{random((32 - TIME_DIGITS) // 2)}"


def alert_id(occasion: str, campaign: str) -> str:
    """32 hex digits, the same for an occasion and campaign, so that an organizer is told once."""
    return sha256(f"alert {occasion} {campaign}".encode()).hexdigest()[:32]
