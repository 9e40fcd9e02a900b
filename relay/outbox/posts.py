"""What a post becomes in the tables, whichever store holds them: posts that came in together are stored together."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeAlias

from relay.letters import Letter, Submission
from relay.outbox.records import Accepted
from relay.outbox.timestamps import moment, stamp
from theme.manifest import Confirm

SUBMISSION: Final = (
    "id", "campaign", "language", "first_name", "last_name", "email", "phone", "town", "senate", "house", "join_list",
    "repeat_key", "mailbox_key", "confirm_hash", "standing", "accepted_at",
)  # fmt: skip
RECEIPT: Final = ("hash", "submission", "redacted", "created_at")
PARTICIPANT: Final = ("submission", "campaign", "name", "town", "at", "visible")
TALLY: Final = ("campaign", "senate", "house", "day", "count")
LETTER_COLUMNS: Final = (
    "id", "submission", "campaign", "kind", "chamber", "district", "to_name", "to_email", "domain", "from_name",
    "reply_to", "subject", "body", "transport", "state", "waits", "due", "changed_at",
    "greeting", "known_until",
)  # fmt: skip
First: TypeAlias = tuple[str, str]  # of a post and its repeats: the submission's id, and its standing
Tally: TypeAlias = tuple[str, str, str, str]  # campaign, senate, house, day


@dataclass(frozen=True, slots=True)
class Post:
    """What `Outbox.accept` was given."""

    submission: Submission
    letters: Sequence[Letter]
    confirmation: Letter | None
    confirm: Confirm
    receipt: Letter | None

    @property
    def key(self) -> bytes:
        """The same for a post and its repeats."""
        return self.submission.repeat_key


@dataclass(frozen=True, slots=True)
class Entry:
    """A post, if it is new. held: its letters wait to be confirmed. mail: what its writer is told, if anything."""

    post: Post
    held: bool
    mail: Letter | None

    @property
    def stored(self) -> First:
        return self.post.submission.id, "held" if self.held else "accepted"

    def submission_row(self) -> tuple[object, ...]:
        """In the order of SUBMISSION."""
        one = self.post.submission
        return (
            one.id, one.campaign, one.language, one.first_name, one.last_name, one.email, one.phone, one.town,
            one.senate, one.house, one.join_list, one.repeat_key, one.mailbox_key, digest(one.confirm_token),
            self.stored[1], stamp(one.accepted_at),
        )  # fmt: skip

    def letter_rows(self) -> list[tuple[object, ...]]:
        at = stamp(self.post.submission.accepted_at)
        rows = [letter_row(letter, "held" if self.held else "queued", at) for letter in self.post.letters]
        return [*rows, letter_row(self.mail, "queued", at)] if self.mail else rows

    def participant_rows(self) -> list[tuple[object, ...]]:
        """One, or none for somebody who did not tick the box."""
        one = self.post.submission
        at = stamp(one.accepted_at)
        return [(one.id, one.campaign, one.first_name, one.town, at, not self.held)] if one.public_name else []


def weigh(posts: Iterable[Post], mailboxes: Iterable[bytes]) -> dict[bytes, Entry]:
    """Of each post and its repeats the first, by key. mailboxes: of these, those that wrote to the campaign before."""
    known = set(mailboxes)
    entries: dict[bytes, Entry] = {}
    for post in posts:
        if post.key not in entries:
            wrote_before = post.submission.mailbox_key in known
            known.add(post.submission.mailbox_key)
            held = post.confirm == "always" or (post.confirm == "suspicious" and wrote_before)
            mail = post.confirmation if held else None if wrote_before else post.receipt
            entries[post.key] = Entry(post, held, mail)
    return entries


def answer(posts: Iterable[Post], first: Mapping[bytes, First]) -> tuple[list[Accepted], list[tuple[object, ...]]]:
    """What each post is answered, and the rows of their receipts. first: by key, what is stored."""
    answers: list[Accepted] = []
    receipts: list[tuple[object, ...]] = []
    for post in posts:
        submission, standing = first[post.key]
        repeat = submission != post.submission.id
        answers.append(Accepted(repeat=repeat, held=standing == "held"))
        receipts.append((digest(post.submission.receipt_token), submission, repeat, stamp(post.submission.accepted_at)))
    return answers, receipts


def tally(entries: Iterable[Entry]) -> Counter[Tally]:
    """How many each count rises by; who is still to confirm is counted then."""
    submissions = (entry.post.submission for entry in entries if not entry.held)
    return Counter(tally_of(one.campaign, one.senate, one.house, stamp(one.accepted_at)) for one in submissions)


def tally_of(campaign: str, senate: str, house: str, at: int) -> Tally:
    """The count that a post of this moment belongs to. Days are UTC's; confirming later does not move it."""
    return campaign, senate, house, moment(at).date().isoformat()


def letter_row(letter: Letter, state: str, at: int) -> tuple[object, ...]:
    """In the order of LETTER_COLUMNS. A letter without an address waits for the roster, once it is confirmed."""
    waits = "confirmation" if state == "held" else ""
    if not (waits or letter.to_email):
        state, waits = "held", "roster"
    return (
        letter.id, letter.submission or None, letter.campaign, letter.kind, letter.chamber, letter.district,
        letter.to_name, letter.to_email, letter.to_email.rpartition("@")[2].lower(), letter.from_name, letter.reply_to,
        letter.subject, letter.body, letter.transport, state, waits, at if state == "queued" else None, at,
        letter.greeting, None if letter.known_until is None else stamp(letter.known_until),
    )  # fmt: skip


def digest(token: str) -> bytes:
    """Tokens are 128 random bits or more, so a plain hash cannot be guessed back."""
    return sha256(token.encode()).digest()
