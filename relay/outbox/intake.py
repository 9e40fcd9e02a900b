"""Store posts: submissions with their letters. Posts that arrive together are stored by a few statements."""

from collections.abc import Sequence

from relay.outbox.records import Accepted
from relay.outbox.rows import (
    LETTER_COLUMNS,
    PARTICIPANT_COLUMNS,
    RECEIPT_COLUMNS,
    SUBMISSION_COLUMNS,
    Post,
    accept_new,
    answer_posts,
)
from relay.outbox.sql import Connection
from relay.outbox.tallies import add_to_tallies, count_new


async def accept_all(db: Connection, posts: Sequence[Post]) -> list[Accepted]:
    """As `Intake.accept`, for posts that arrived together; the answers come in the same order.

    If two processes get the same post at once, the second one waits for the first and finds a repeat.
    """
    mailboxes = [post.submission.mailbox_key for post in posts]
    known = await db.fetch("SELECT mailbox_key FROM submissions WHERE mailbox_key = ANY($1)", mailboxes)
    entries = accept_new(posts, (mailbox for (mailbox,) in known))
    # Sorted by key, so that two processes cannot deadlock.
    rows = [entries[key].submission_row() for key in sorted(entries)]
    clause = "ON CONFLICT (repeat_key) DO NOTHING RETURNING repeat_key"
    stored = {key for (key,) in await db.insert("submissions", SUBMISSION_COLUMNS, rows, clause)}
    new = [entry for key, entry in entries.items() if key in stored]
    first = {entry.post.key: entry.stored for entry in new}
    if repeated := [key for key in entries if key not in stored]:
        query = "SELECT repeat_key, id, status FROM submissions WHERE repeat_key = ANY($1)"
        first |= {key: (submission, status) for key, submission, status in await db.fetch(query, repeated)}
    answers, receipts = answer_posts(posts, first)
    await db.insert("receipts", RECEIPT_COLUMNS, receipts)
    await db.insert("letters", LETTER_COLUMNS, [row for entry in new for row in entry.letter_rows()])
    await db.insert("participants", PARTICIPANT_COLUMNS, [row for entry in new for row in entry.participant_rows()])
    await add_to_tallies(db, count_new(new))
    return answers
