"""Storing posts in SQLite, many at once: a few statements for all of them, each of many rows.

SQLite lets Python's lock go while it works on a statement. One a row would hand the lock to and fro between this thread
and the one that answers, and both would mostly wait for it.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from relay.outbox import Accepted
from relay.outbox.posts import LETTER_COLUMNS, Post, Tally, answer, tally, weigh

ROWS: Final = 64  # a statement
LETTERS: Final = f"letters ({', '.join(LETTER_COLUMNS)})"


def accept_all(db: sqlite3.Connection, posts: Sequence[Post]) -> list[Accepted]:
    """As `Outbox.accept`, for posts that came in together; what they are answered, in the same order."""
    mailboxes = [post.submission.mailbox_key for post in posts]
    known = _select(db, "SELECT mailbox_key FROM submissions WHERE mailbox_key", mailboxes)
    entries = weigh(posts, (mailbox for (mailbox,) in known))
    rows = [(*entry.submission_row(), None) for entry in entries.values()]
    stored = insert(db, "submissions", rows, "ON CONFLICT (repeat_key) DO NOTHING RETURNING repeat_key")
    new = [entries[key] for (key,) in stored]
    first = {entry.post.key: entry.stored for entry in new}
    repeated = [key for key in entries if key not in first]
    for key, *stored_before in _select(
        db, "SELECT repeat_key, id, standing FROM submissions WHERE repeat_key", repeated
    ):
        first[key] = stored_before[0], stored_before[1]
    answers, receipts = answer(posts, first)
    insert(db, "receipts", receipts)
    insert(db, LETTERS, [row for entry in new for row in entry.letter_rows()])
    insert(db, "participants", [row for entry in new for row in entry.participant_rows()])
    add_to_tallies(db, tally(new))
    return answers


def add_to_tallies(db: sqlite3.Connection, steps: Counter[Tally]) -> None:
    insert(
        db, "tallies", [(*key, step) for key, step in steps.items()],
        "ON CONFLICT (campaign, senate, house, day) DO UPDATE SET count = count + excluded.count",
    )  # fmt: skip


def insert(
    db: sqlite3.Connection, table: str, rows: Sequence[Sequence[object]], clause: str = ""
) -> list[tuple[Any, ...]]:
    """What the clause returns, if it does."""
    returned = []
    for some in _portions(rows):
        row = f"({', '.join('?' * len(some[0]))})"
        values = ", ".join([row] * len(some))
        given = [value for one in some for value in one]
        returned += db.execute(f"INSERT INTO {table} VALUES {values} {clause}", given).fetchall()
    return returned


def _select(db: sqlite3.Connection, query: str, keys: Sequence[bytes]) -> Iterator[tuple[Any, ...]]:
    for some in _portions(keys):
        yield from db.execute(f"{query} IN ({', '.join('?' * len(some))})", some)


def _portions(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """In powers of two, so that a few prepared statements do for any number."""
    at = 0
    while at < len(rows):
        size = min(ROWS, 1 << (len(rows) - at).bit_length() - 1)
        yield rows[at : at + size]
        at += size
