"""Storing posts in PostgreSQL, many at once: one statement and one round trip a table, however many they are."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from relay.outbox import Accepted
from relay.outbox.postgres.writer import Db
from relay.outbox.posts import LETTER_COLUMNS, Post, Tally, answer, tally, weigh

# What is not text in a table, by column.
TYPES: Final = {
    "join_list": "boolean", "redacted": "boolean", "visible": "boolean", "repeat_key": "bytea", "mailbox_key": "bytea",
    "confirm_hash": "bytea", "hash": "bytea", "accepted_at": "bigint", "created_at": "bigint", "changed_at": "bigint",
    "known_until": "bigint",
    "due": "bigint", "at": "bigint", "count": "integer",
}  # fmt: skip
SUBMISSION: Final = (
    "id", "campaign", "language", "first_name", "last_name", "email", "phone", "town", "senate", "house", "join_list",
    "repeat_key", "mailbox_key", "confirm_hash", "standing", "accepted_at",
)  # fmt: skip
RECEIPT: Final = ("hash", "submission", "redacted", "created_at")
PARTICIPANT: Final = ("submission", "campaign", "name", "town", "at", "visible")
TALLY: Final = ("campaign", "senate", "house", "day", "count")


async def accept_all(db: Db, posts: Sequence[Post]) -> list[Accepted]:
    """As `Outbox.accept`, for posts that came in together; what they are answered, in the same order.

    Of two processes that get one post at once, the second waits for the first and answers as to a repeat.
    """
    mailboxes = [post.submission.mailbox_key for post in posts]
    known = await db.fetch("SELECT mailbox_key FROM submissions WHERE mailbox_key = ANY($1)", mailboxes)
    entries = weigh(posts, (row["mailbox_key"] for row in known))
    # In the order of their keys, so that two processes never wait for each other.
    rows = [entries[key].submission_row() for key in sorted(entries)]
    clause = "ON CONFLICT (repeat_key) DO NOTHING RETURNING repeat_key"
    stored = {row["repeat_key"] for row in await insert(db, "submissions", SUBMISSION, rows, clause)}
    new = [entry for key, entry in entries.items() if key in stored]
    first = {entry.post.key: entry.stored for entry in new}
    if repeated := [key for key in entries if key not in stored]:
        query = "SELECT repeat_key, id, standing FROM submissions WHERE repeat_key = ANY($1)"
        first |= {row["repeat_key"]: (row["id"], row["standing"]) for row in await db.fetch(query, repeated)}
    answers, receipts = answer(posts, first)
    await insert(db, "receipts", RECEIPT, receipts)
    await insert(db, "letters", LETTER_COLUMNS, [row for entry in new for row in entry.letter_rows()])
    await insert(db, "participants", PARTICIPANT, [row for entry in new for row in entry.participant_rows()])
    await add_to_tallies(db, tally(new))
    return answers


async def add_to_tallies(db: Db, steps: Counter[Tally]) -> None:
    await insert(
        db, "tallies", TALLY, sorted((*key, step) for key, step in steps.items()),
        "ON CONFLICT (campaign, senate, house, day) DO UPDATE SET count = tallies.count + excluded.count",
    )  # fmt: skip


async def insert(
    db: Db, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]], clause: str = ""
) -> list[Any]:
    """What the clause returns, if it does."""
    if not rows:
        return []
    given = ", ".join(f"${place}::{TYPES.get(name, 'text')}[]" for place, name in enumerate(columns, 1))
    query = f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM unnest({given}) {clause}"
    return list(await db.fetch(query, *map(list, zip(*rows, strict=True))))
