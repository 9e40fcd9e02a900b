"""What a post becomes in the tables: rows for the submission, its letters, its receipt and its participant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from relay.letters import Letter, Submission
from relay.outbox.timestamps import stamp
from theme.manifest import Confirm

SUBMISSION_COLUMNS: Final = (
    "id", "campaign", "language", "first_name", "last_name", "email", "phone", "town", "senate", "house", "join_list",
    "subject", "message", "repeat_key", "pending_key", "mailbox_key", "confirm_hash", "status", "accepted_at",
    "repeats",
)  # fmt: skip
RECEIPT_COLUMNS: Final = ("hash", "submission", "redacted", "created_at")
PARTICIPANT_COLUMNS: Final = ("submission", "campaign", "name", "town", "at", "visible")
LETTER_COLUMNS: Final = (
    "id", "submission", "campaign", "kind", "chamber", "district", "to_name", "to_email", "domain", "from_name",
    "reply_to", "subject", "body", "transport", "status", "held_for", "due", "changed_at",
    "greeting", "known_until",
)  # fmt: skip


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
        """The same for identical letters."""
        return self.submission.repeat_key


@dataclass(frozen=True, slots=True)
class Entry:
    """A post, and what happens with it."""

    post: Post
    held: bool = False  # for confirmation
    mail: Letter | None = None  # what its writer is sent
    repeats: str | None = None  # the id of the identical submission that goes instead

    @property
    def claims_key(self) -> bool:
        """Whether identical posts are repeats of this one."""
        return not self.held and self.repeats is None

    def submission_row(self) -> tuple[object, ...]:
        """In the order of SUBMISSION_COLUMNS."""
        submission, key = self.post.submission, self.post.key
        return (
            submission.id, submission.campaign, submission.language, submission.first_name, submission.last_name,
            submission.email, submission.phone, submission.town, submission.senate, submission.house,
            submission.join_list, submission.subject, submission.message,
            key if self.claims_key else submission.id.encode(), key if self.held else b"", submission.mailbox_key,
            digest(submission.confirm_token), "held" if self.held else "accepted", stamp(submission.accepted_at),
            self.repeats,
        )  # fmt: skip

    def letter_rows(self) -> list[tuple[object, ...]]:
        if self.repeats is not None:
            return []
        at = stamp(self.post.submission.accepted_at)
        rows = [letter_row(letter, "held" if self.held else "queued", at) for letter in self.post.letters]
        return [*rows, letter_row(self.mail, "queued", at)] if self.mail else rows

    def receipt_row(self) -> tuple[object, ...]:
        submission = self.post.submission
        return digest(submission.receipt_token), submission.id, False, stamp(submission.accepted_at)

    def participant_rows(self) -> list[tuple[object, ...]]:
        """One row, or none if the box was not ticked."""
        submission = self.post.submission
        at = stamp(submission.accepted_at)
        row = submission.id, submission.campaign, submission.first_name, submission.town, at, not self.held
        return [row] if submission.public_name and self.repeats is None else []


def make_entries(posts: Iterable[Post], mailboxes: Iterable[bytes], going: Mapping[bytes, str]) -> list[Entry]:
    """In the order of the posts.

    mailboxes: the keys of mailboxes that wrote before. going: submissions that go, by key.
    """
    known, going = set(mailboxes), dict(going)
    entries: list[Entry] = []
    for post in posts:
        submission = post.submission
        wrote_before = submission.mailbox_key in known
        known.add(submission.mailbox_key)
        if post.key in going:
            entries.append(Entry(post, repeats=going[post.key]))
        elif post.confirm == "always" or (post.confirm == "suspicious" and wrote_before):
            entries.append(Entry(post, held=True, mail=post.confirmation))
        else:
            entries.append(Entry(post, mail=None if wrote_before else post.receipt))
            going[post.key] = submission.id
    return entries


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
