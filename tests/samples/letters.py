"""Submissions and their letters. A number tells them apart."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from relay.letters import Letter, Submission
from relay.letters.wording import Frame, Writer
from relay.mail.message import Sender
from tests.samples.campaigns import CHELSEA, SITE

NOON: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SENDER: Final = Sender("letters@campaign.example", "campaign.example")
FRAME: Final = Frame(SITE, "letters@relay.example", "capture")


def submission(number: int = 1, *, mailbox: int | None = None, at: datetime = NOON, **changed: object) -> Submission:
    """Person `number`; people with the same `mailbox` share an email address. changed: fields of Submission."""
    box = number if mailbox is None else mailbox
    fields: dict[str, Any] = {
        "id": f"{number:032x}",
        "campaign": "safe-communities-act",
        "language": "en",
        "first_name": f"Firstname{number}",
        "last_name": f"Lastname{number}",
        "email": f"person{box}@example.org",
        "phone": "617 555 0100",
        "town": "Chelsea",
        "senate": "Third Suffolk",
        "house": "2nd Suffolk",
        "public_name": False,
        "join_words": "",
        "gave_reason": False,
        "own_words": False,
        "subject": "",
        "message": "",
        "repeat_key": sha256(f"repeat {number}".encode()).digest(),
        "post_key": sha256(f"post {number}".encode()).digest(),
        "mailbox_key": sha256(f"mailbox {box}".encode()).digest(),
        "folded_key": sha256(f"mailbox {box}".encode()).digest(),
        "receipt_token": f"receipt-{number}",
        "confirm_token": f"confirm-{number}",
        "accepted_at": at,
    }
    return Submission(**fields | changed)


def letters(post: Submission, transport: str = "smtp") -> list[Letter]:
    """One to the senator, one to the representative."""
    senator = Letter(
        id=sha256(f"{post.id} senate".encode()).hexdigest()[:32],
        submission=post.id,
        campaign=post.campaign,
        kind="legislator",
        chamber="senate",
        district=post.senate,
        to_name="Sal N. DiDomenico",
        to_email="sal.didomenico@masenate.example",
        from_name=f"{post.first_name} {post.last_name} via Families Belong Together",
        reply_to=post.email,
        subject="Please support the Safe Communities Act",
        body=f"Dear Senator,\n\nI live on {post.first_name} Street.\n\n{post.first_name} {post.last_name}\n",
        transport=transport,
    )
    representative = replace(
        senator,
        id=sha256(f"{post.id} house".encode()).hexdigest()[:32],
        chamber="house",
        district=post.house,
        to_name="Judith A. Garcia",
        to_email="judith.garcia@mahouse.example",
    )
    return [senator, representative]


def confirmation(post: Submission, transport: str = "smtp") -> Letter:
    """The mail that asks the writer to confirm."""
    return replace(
        letters(post, transport)[0],
        id=sha256(f"{post.id} confirmation".encode()).hexdigest()[:32],
        kind="confirmation",
        chamber="",
        district="",
        to_name=post.first_name,
        to_email=post.email,
        subject="Did you write this?",
        body=f"Yes or no: {post.confirm_token}\n",
    )


def writer(**changed: object) -> Writer:
    """The writer as a letter's text names them."""
    fields: dict[str, Any] = {
        "first_name": "Ana",
        "last_name": "Silva",
        "email": "ana@mail.example",
        "phone": "",
        "town": "Chelsea",
        "state": "Massachusetts",
        "address": "Chelsea, MA",
        "pair": CHELSEA,
    }
    return Writer(**fields | changed)
