"""What a post becomes in the tables: rows for the submission, its letters, its receipt and its participant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final

from relay.letters import Letter, Submission
from relay.outbox.timestamps import MICROSECOND, stamp
from theme.manifest import Confirm

MAILS_A_DAY: Final = 2  # that ask one mailbox for its yes, so that nobody can flood a stranger's
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
    delay: timedelta = timedelta(0)  # of that mail
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
        return [*rows, letter_row(self.mail, "queued", at, at + self.delay // MICROSECOND)] if self.mail else rows

    def receipt_row(self) -> tuple[object, ...]:
        submission = self.post.submission
        return digest(submission.receipt_token), submission.id, False, stamp(submission.accepted_at)

    def participant_rows(self) -> list[tuple[object, ...]]:
        """One row, or none if the box was not ticked."""
        submission = self.post.submission
        at = stamp(submission.accepted_at)
        row = submission.id, submission.campaign, submission.first_name, submission.town, at, self.claims_key
        return [row] if submission.public_name else []


def make_entries(posts: Iterable[Post], asked: Mapping[bytes, int], going: Mapping[bytes, str]) -> list[Entry]:
    """In the order of the posts.

    asked: of each mailbox that wrote before, how many letters wait for its yes. going: submissions that go, by key.
    """
    waiting, going = dict(asked), dict(going)
    entries: list[Entry] = []
    for post in posts:
        submission = post.submission
        wrote_before = submission.mailbox_key in waiting
        before = waiting.setdefault(submission.mailbox_key, 0)
        if post.key in going:
            entries.append(Entry(post, repeats=going[post.key]))
        elif post.confirm == "always" or (post.confirm == "suspicious" and wrote_before):
            delay = before // MAILS_A_DAY * timedelta(days=1)
            entries.append(Entry(post, held=True, mail=post.confirmation, delay=delay))
            waiting[submission.mailbox_key] += 1
        else:
            entries.append(Entry(post, mail=None if wrote_before else post.receipt))
            going[post.key] = submission.id
    return entries


def letter_row(letter: Letter, status: str, at: int, due: int | None = None) -> tuple[object, ...]:
    """In the order of LETTER_COLUMNS. A letter without an address is held for the roster, once it is confirmed.

    due: when it may go; `at` if None.
    """
    due = at if due is None else due
    held_for = "confirmation" if status == "held" else ""
    if not (held_for or letter.to_email):
        status, held_for = "held", "roster"
    return (
        letter.id, letter.submission or None, letter.campaign, letter.kind, letter.chamber, letter.district,
        letter.to_name, letter.to_email, letter.to_email.rpartition("@")[2].lower(), letter.from_name, letter.reply_to,
        letter.subject, letter.body, letter.transport, status, held_for, due if status == "queued" else None, at,
        letter.greeting, None if letter.known_until is None else stamp(letter.known_until),
    )  # fmt: skip


def digest(token: str) -> bytes:
    """Tokens have at least 128 random bits, so a plain hash cannot be reversed by guessing."""
    return sha256(token.encode()).digest()
