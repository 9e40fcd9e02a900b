"""What a post becomes in the tables: rows for the submission, its letters, its receipt and its participant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeAlias

from relay.letters import Letter, Submission
from relay.outbox.records import Accepted
from relay.outbox.timestamps import stamp
from theme.manifest import Confirm

SUBMISSION_COLUMNS: Final = (
    "id", "campaign", "language", "first_name", "last_name", "email", "phone", "town", "senate", "house", "join_list",
    "repeat_key", "mailbox_key", "confirm_hash", "status", "accepted_at",
)  # fmt: skip
RECEIPT_COLUMNS: Final = ("hash", "submission", "redacted", "created_at")
PARTICIPANT_COLUMNS: Final = ("submission", "campaign", "name", "town", "at", "visible")
LETTER_COLUMNS: Final = (
    "id", "submission", "campaign", "kind", "chamber", "district", "to_name", "to_email", "domain", "from_name",
    "reply_to", "subject", "body", "transport", "status", "held_for", "due", "changed_at",
    "greeting", "known_until",
)  # fmt: skip
Stored: TypeAlias = tuple[str, str]  # the id and status of the submission that a post and its repeats lead to


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
    """A post, if it is new."""

    post: Post
    held: bool  # for confirmation
    mail: Letter | None  # what its writer is sent

    @property
    def stored(self) -> Stored:
        return self.post.submission.id, "held" if self.held else "accepted"

    def submission_row(self) -> tuple[object, ...]:
        """In the order of SUBMISSION_COLUMNS."""
        submission = self.post.submission
        return (
            submission.id, submission.campaign, submission.language, submission.first_name, submission.last_name,
            submission.email, submission.phone, submission.town, submission.senate, submission.house,
            submission.join_list, submission.repeat_key, submission.mailbox_key, digest(submission.confirm_token),
            self.stored[1], stamp(submission.accepted_at),
        )  # fmt: skip

    def letter_rows(self) -> list[tuple[object, ...]]:
        at = stamp(self.post.submission.accepted_at)
        rows = [letter_row(letter, "held" if self.held else "queued", at) for letter in self.post.letters]
        return [*rows, letter_row(self.mail, "queued", at)] if self.mail else rows

    def participant_rows(self) -> list[tuple[object, ...]]:
        """One row, or none if the box was not ticked."""
        submission = self.post.submission
        at = stamp(submission.accepted_at)
        row = submission.id, submission.campaign, submission.first_name, submission.town, at, not self.held
        return [row] if submission.public_name else []


def accept_new(posts: Iterable[Post], mailboxes: Iterable[bytes]) -> dict[bytes, Entry]:
    """Of each post and its repeats the first, by key. mailboxes: the keys of mailboxes that wrote before."""
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


def answer_posts(
    posts: Iterable[Post], stored: Mapping[bytes, Stored]
) -> tuple[list[Accepted], list[tuple[object, ...]]]:
    """The answers, and the rows of the receipts. stored: by key."""
    answers: list[Accepted] = []
    receipts: list[tuple[object, ...]] = []
    for post in posts:
        submission, status = stored[post.key]
        repeat = submission != post.submission.id
        answers.append(Accepted(repeat=repeat, held=status == "held"))
        receipts.append((digest(post.submission.receipt_token), submission, repeat, stamp(post.submission.accepted_at)))
    return answers, receipts


def letter_row(letter: Letter, status: str, at: int) -> tuple[object, ...]:
    """In the order of LETTER_COLUMNS. A letter without an address is held for the roster, once it is confirmed."""
    held_for = "confirmation" if status == "held" else ""
    if not (held_for or letter.to_email):
        status, held_for = "held", "roster"
    return (
        letter.id, letter.submission or None, letter.campaign, letter.kind, letter.chamber, letter.district,
        letter.to_name, letter.to_email, letter.to_email.rpartition("@")[2].lower(), letter.from_name, letter.reply_to,
        letter.subject, letter.body, letter.transport, status, held_for, at if status == "queued" else None, at,
        letter.greeting, None if letter.known_until is None else stamp(letter.known_until),
    )  # fmt: skip


def digest(token: str) -> bytes:
    """Tokens have at least 128 random bits, so a plain hash cannot be reversed by guessing."""
    return sha256(token.encode()).digest()
