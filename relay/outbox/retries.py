"""Posts that come again because their answer was lost: each gets another link to the first one's receipt.

A post is recognized by the key that its page made for the letter; one without a key, by coming from the same address.
Either way only with the identical letter and choices. Each function runs in a transaction that holds intake's lock.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from relay.outbox.evidence import Marks
from relay.outbox.rows import Post
from relay.outbox.sql import Connection
from relay.outbox.timestamps import stamp

BY_KEY: Final = timedelta(hours=24)
BY_ADDRESS: Final = timedelta(minutes=15)
COLUMNS: Final = ("mark", "submission", "until")


def mark_of(post: Post, marks: Marks | None) -> bytes | None:
    """By what this post would be recognized as one that came before; None: by nothing."""
    return post.submission.retry_key or (marks.post if marks else None)


def marks_left(post: Post, marks: Marks | None) -> list[tuple[bytes, timedelta]]:
    """By what a later post is recognized as this one, and for how long."""
    by_key, by_address = post.submission.retry_key, marks.post if marks else None
    return [(mark, lasts) for mark, lasts in ((by_key, BY_KEY), (by_address, BY_ADDRESS)) if mark]


async def find_first(db: Connection, marks: Iterable[bytes], now: datetime) -> dict[bytes, str]:
    """The submissions that came first, by mark. None of them is erased."""
    query = "SELECT mark, submission FROM retries WHERE until > $1 AND mark = ANY($2)"
    return {bytes(mark): submission for mark, submission in await db.fetch(query, stamp(now), sorted(set(marks)))}


async def expect_retries(db: Connection, stored: Sequence[tuple[Post, Marks | None]]) -> None:
    """Of posts that were stored. If one left such a mark before, the newer one counts."""
    rows = {
        mark: (mark, post.submission.id, stamp(post.submission.accepted_at + lasts))
        for post, marks in stored
        for mark, lasts in marks_left(post, marks)
    }
    clause = "ON CONFLICT (mark) DO UPDATE SET submission = excluded.submission, until = excluded.until"
    await db.insert("retries", COLUMNS, sorted(rows.values()), clause)


async def forget_retries(db: Connection, now: datetime) -> None:
    """Those that are no longer recognized."""
    await db.execute("DELETE FROM retries WHERE until <= $1", stamp(now))
