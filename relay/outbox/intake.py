"""Store posts: submissions with their letters. Posts that arrive together are stored by a few statements."""

from collections.abc import Sequence

from relay.outbox.records import Accepted
from relay.outbox.repeats import find_going
from relay.outbox.rows import (
    LETTER_COLUMNS,
    PARTICIPANT_COLUMNS,
    RECEIPT_COLUMNS,
    SUBMISSION_COLUMNS,
    Entry,
    Post,
    make_entries,
)
from relay.outbox.sql import Connection
from relay.outbox.tallies import add_to_tallies, count_new


async def accept_all(db: Connection, posts: Sequence[Post]) -> list[Accepted]:
    """As `Intake.accept`, for posts that arrived together; the answers come in the same order.

    If two processes get the same post at once, the second one waits for the first and finds a repeat.
    """
    mailboxes = [post.submission.mailbox_key for post in posts]
    asked = await db.fetch(
        "SELECT campaign, mailbox_key, sum(CASE status WHEN 'held' THEN 1 ELSE 0 END) FROM submissions"
        " WHERE mailbox_key = ANY($1) GROUP BY campaign, mailbox_key",
        mailboxes,
    )
    going = await find_going(db, [post.key for post in posts])
    entries = make_entries(posts, {(campaign, mailbox): int(count) for campaign, mailbox, count in asked}, going)
    entries = await _insert_submissions(db, entries)
    await db.insert("receipts", RECEIPT_COLUMNS, [entry.receipt_row() for entry in entries])
    await db.insert("letters", LETTER_COLUMNS, [row for entry in entries for row in entry.letter_rows(db.vault)])
    await db.insert(
        "participants", PARTICIPANT_COLUMNS, [row for entry in entries for row in entry.participant_rows(db.vault)]
    )
    await add_to_tallies(db, count_new(entries))
    return [Accepted(repeat=entry.repeats is not None, held=entry.held) for entry in entries]


async def _insert_submissions(db: Connection, entries: Sequence[Entry]) -> list[Entry]:
    """The entries, some of them as repeats of what another process has just stored. Repeats come after what they
    repeat, and first ones in the order of their keys, so that two processes cannot deadlock."""
    first = sorted((entry for entry in entries if entry.repeats is None), key=lambda entry: entry.post.key)
    rows = [entry.submission_row(db.vault) for entry in first]
    clause = "ON CONFLICT (repeat_key) DO NOTHING RETURNING id"
    stored = {submission for (submission,) in await db.insert("submissions", SUBMISSION_COLUMNS, rows, clause)}
    beaten = [entry.post.key for entry in first if entry.post.submission.id not in stored]
    winners = await find_going(db, beaten) if beaten else {}
    entries = [
        Entry(entry.post, repeats=winners[entry.post.key]) if entry.post.key in winners else entry for entry in entries
    ]
    repeats = [entry.submission_row(db.vault) for entry in entries if entry.repeats is not None]
    await db.insert("submissions", SUBMISSION_COLUMNS, repeats)
    return entries
