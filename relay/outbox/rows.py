"""What a post becomes in the tables: rows for the submission, its letters, its receipt and its participant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from boundaries.email_addresses import find_domain
from relay.keys.vault import Vault
from relay.letters import TO_WRITER, Letter, Submission, Thanks
from relay.letters.circumstances import Circumstances
from relay.letters.mailboxes import LARGE_PROVIDERS
from relay.outbox.timestamps import stamp
from theme.manifest import Confirm

SUBMISSION_COLUMNS: Final = (
    "id", "campaign", "language", "senate", "house", "join_list", "sealed", "repeat_key", "pending_key", "mailbox_key",
    "folded_key", "confirm_hash", "status", "accepted_at", "repeats",
    "evidence", "gave_reason", "own_words",
)  # fmt: skip
RECEIPT_COLUMNS: Final = ("hash", "submission", "redacted", "created_at")
PARTICIPANT_COLUMNS: Final = ("submission", "campaign", "sealed", "at", "visible")
LETTER_COLUMNS: Final = (
    "id", "submission", "campaign", "kind", "chamber", "district", "to_name", "to_email", "domain", "sealed",
    "transport", "status", "held_for", "due", "changed_at", "greeting", "known_until",
)  # fmt: skip
# What a row's sealed text is bound to: it opens nowhere else.
SUBMISSION_ROW: Final = "submission {}"
LETTER_ROW: Final = "letter {}"
PARTICIPANT_ROW: Final = "participant {}"
MEMBER_ROW: Final = "member {}"
TOWN_ROW: Final = "town {}"
THE_WRITER: Final = "the writer"  # `to_email` of mail to writers: their address is in the sealed text only


@dataclass(frozen=True, slots=True)
class Post:
    """What `Outbox.accept` was given."""

    submission: Submission
    letters: Sequence[Letter]
    confirmation: Letter | None
    confirm: Confirm
    receipt: Letter | None
    circumstances: Circumstances | None

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
    mail_due: int | None = None
    dues: Mapping[str, int] = field(default_factory=dict)  # of letters that are paced, by id
    evidence: str = ""  # that one hand wrote this and others; kinds of it, separated by spaces
    repeats: str | None = None  # the id of the identical submission that goes instead
    retries: str | None = None  # the id of the submission that this very post made when it came first
    retry_after: float = 0.0  # seconds; if set, the post is refused

    @property
    def claims_key(self) -> bool:
        """Whether identical posts are repeats of this one, and it counts."""
        return self.is_stored and not self.held and self.repeats is None and not self.is_rehearsal

    @property
    def is_rehearsal(self) -> bool:
        """Whether no office gets it: the campaign is a draft."""
        return any(letter.kind == "test" for letter in self.post.letters)

    @property
    def is_stored(self) -> bool:
        """Whether it becomes a submission of its own."""
        return not self.retry_after and self.retries is None

    def submission_row(self, vault: Vault) -> tuple[object, ...]:
        """In the order of SUBMISSION_COLUMNS."""
        submission, key = self.post.submission, self.post.key
        person = (
            submission.first_name, submission.last_name, submission.email, submission.phone, submission.town,
            submission.subject, submission.message, *_seal_thanks(submission.thanks),
        )  # fmt: skip
        return (
            submission.id, submission.campaign, submission.language, submission.senate, submission.house,
            bool(submission.join_words), vault.seal(SUBMISSION_ROW.format(submission.id), person),
            key if self.claims_key else submission.id.encode(), key if self.held else b"", submission.mailbox_key,
            submission.folded_key, digest(submission.confirm_token), "held" if self.held else "accepted",
            stamp(submission.accepted_at), self.repeats, self.evidence, submission.gave_reason, submission.own_words,
        )  # fmt: skip

    def letter_rows(self, vault: Vault) -> list[tuple[object, ...]]:
        if self.repeats is not None:
            return []
        at = stamp(self.post.submission.accepted_at)
        status = "held" if self.held else "queued"
        rows = [letter_row(letter, vault, status, at, self.dues.get(letter.id)) for letter in self.post.letters]
        return [*rows, letter_row(self.mail, vault, "queued", at, self.mail_due)] if self.mail else rows

    def receipt_row(self) -> tuple[object, ...]:
        submission = self.post.submission
        return digest(submission.receipt_token), self.retries or submission.id, False, stamp(submission.accepted_at)

    def participant_rows(self, vault: Vault) -> list[tuple[object, ...]]:
        """One row, or none if the box was not ticked, or the campaign is a draft."""
        submission = self.post.submission
        if not submission.public_name or self.is_rehearsal:
            return []
        shown = submission.first_name, submission.town
        sealed = vault.seal(PARTICIPANT_ROW.format(submission.id), shown)
        return [(submission.id, submission.campaign, sealed, stamp(submission.accepted_at), self.claims_key)]

    @property
    def wants_to_join(self) -> bool:
        """Whether its writer ticked the box that joins the campaign's list. Nobody joins by a rehearsal."""
        return bool(self.post.submission.join_words) and self.repeats is None and not self.is_rehearsal

    def member_row(self, vault: Vault) -> tuple[object, ...]:
        """In the order of relay.outbox.members.MEMBER_COLUMNS."""
        submission = self.post.submission
        person = (
            submission.email, submission.first_name, submission.last_name, submission.town, submission.language,
            submission.join_words,
        )  # fmt: skip
        sealed = vault.seal(MEMBER_ROW.format(submission.id), person)
        at = stamp(submission.accepted_at)
        return submission.id, submission.campaign, submission.mailbox_key, "asked", at, sealed, False


def _seal_thanks(thanks: Thanks | None) -> tuple[str, ...]:
    """At the end of a submission's sealed text, if there are any."""
    return (thanks.subject, thanks.message, "\n".join(thanks.to)) if thanks else ()


def read_thanks(sealed: Sequence[str]) -> Thanks | None:
    """What `_seal_thanks` made."""
    return Thanks(sealed[0], sealed[1], tuple(sealed[2].split("\n"))) if sealed else None


def letter_row(letter: Letter, vault: Vault, status: str, at: int, due: int | None = None) -> tuple[object, ...]:
    """In the order of LETTER_COLUMNS. A letter without an address is held for the roster, once it is confirmed.

    due: when it may go; `at` if None.
    """
    due = at if due is None else due
    held_for = "confirmation" if status == "held" else ""
    if not (held_for or letter.to_email):
        status, held_for = "held", "roster"
    to = ("", THE_WRITER) if letter.kind in TO_WRITER else (letter.to_name, letter.to_email)
    return (
        letter.id, letter.submission or None, letter.campaign, letter.kind, letter.chamber, letter.district, *to,
        domain_of(letter.kind, letter.to_email, vault), seal_letter(letter, vault), letter.transport, status, held_for,
        due if status == "queued" else None, at, letter.greeting,
        None if letter.known_until is None else stamp(letter.known_until),
    )  # fmt: skip


def seal_letter(letter: Letter, vault: Vault) -> bytes:
    """An office's name and address are also columns, which a new roster changes; then those count."""
    words = letter.to_name, letter.to_email, letter.from_name, letter.reply_to, letter.subject, letter.body
    return vault.seal(LETTER_ROW.format(letter.id), (*words, letter.attachment) if letter.attachment else words)


def domain_of(kind: str, address: str, vault: Vault) -> str:
    """What is throttled and paused. A domain that few people have may name a writer: then it is a pseudonym."""
    domain = find_domain(address)
    if kind not in TO_WRITER or domain in LARGE_PROVIDERS:
        return domain
    return f"provider-{vault.hash('mail domain', domain).hex()[:12]}"


def storable(answer: str) -> str:
    """Without what a database may reject, as PostgreSQL does NUL: a letter whose outcome is not stored goes again."""
    return answer.replace("\0", " ").encode(errors="replace").decode()


def digest(token: str) -> bytes:
    """Tokens have at least 128 random bits, so a plain hash cannot be reversed by guessing."""
    return sha256(token.encode()).digest()
