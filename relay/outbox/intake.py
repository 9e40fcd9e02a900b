"""Store posts: submissions with their letters. Posts that arrive together are stored by a few statements."""

from collections.abc import Sequence
from typing import Final

from relay.outbox.admission import History, admit, all_ceilings
from relay.outbox.evidence import Marks, Seen, leave_marks, make_marks, read_day_key, read_seen
from relay.outbox.members import ask_members
from relay.outbox.records import Accepted
from relay.outbox.repeats import find_going
from relay.outbox.retries import expect_retries, find_first, mark_of
from relay.outbox.rows import (
    LETTER_COLUMNS,
    PARTICIPANT_COLUMNS,
    RECEIPT_COLUMNS,
    SUBMISSION_COLUMNS,
    Entry,
    Post,
)
from relay.outbox.slots import read_slots, take_slots
from relay.outbox.sql import Connection
from relay.outbox.tallies import add_to_tallies, count_new
from relay.outbox.timestamps import stamp

INTAKE_LOCK: Final = 0x42434E52  # held while counting and storing, so that relays do not both take the last slot


async def accept_all(db: Connection, posts: Sequence[Post]) -> list[Accepted]:
    """As `Intake.accept`, for posts that arrived together; the answers come in the same order.

    If two processes get the same post at once, the second one waits for the first and finds a repeat.
    """
    await db.lock(INTAKE_LOCK)
    marks = await _mark(db, posts)
    history = await _read_history(db, posts, marks)
    answers = admit(posts, marks, history, db.vault)
    entries = await _insert_submissions(db, [entry for entry in answers if entry.is_stored])
    linked = [*entries, *(entry for entry in answers if entry.retries)]
    await db.insert("receipts", RECEIPT_COLUMNS, [entry.receipt_row() for entry in linked])
    await db.insert("letters", LETTER_COLUMNS, [row for entry in entries for row in entry.letter_rows(db.vault)])
    participants = [row for entry in entries for row in entry.participant_rows(db.vault)]
    await db.insert("participants", PARTICIPANT_COLUMNS, participants)
    await ask_members(db, entries)
    await take_slots(db, history.slots)
    accepted = [
        (mark, stamp(post.submission.accepted_at))
        for post, mark, entry in zip(posts, marks, answers, strict=True) if mark and not entry.retry_after
    ]  # fmt: skip
    await leave_marks(db, accepted)
    came = zip(posts, marks, answers, strict=True)
    await expect_retries(db, [(post, mark) for post, mark, entry in came if entry.is_stored])
    await add_to_tallies(db, count_new(entries))
    stored = {entry.post.submission.id: entry for entry in entries}
    return [_answer(stored.get(entry.post.submission.id, entry)) for entry in answers]


def _answer(entry: Entry) -> Accepted:
    return Accepted(
        repeat=entry.repeats is not None or entry.retries is not None,
        held=entry.held,
        paced=bool(entry.dues),
        suspected=bool(entry.evidence),
        retry_after=entry.retry_after,
    )


async def _mark(db: Connection, posts: Sequence[Post]) -> list[Marks | None]:
    """None for posts whose circumstances do not matter."""
    if not any(post.circumstances for post in posts):
        return [None] * len(posts)
    key = await read_day_key(db, max(post.submission.accepted_at for post in posts))
    return [make_marks(key, post.submission, post.circumstances) if post.circumstances else None for post in posts]


async def _read_history(db: Connection, posts: Sequence[Post], marks: Sequence[Marks | None]) -> History:
    folded = [post.submission.folded_key for post in posts]
    spellings: dict[tuple[str, bytes], set[bytes]] = {}
    confirmed: set[bytes] = set()
    for campaign, mailbox, spelling, status in await db.fetch(
        "SELECT DISTINCT campaign, folded_key, mailbox_key, status FROM submissions WHERE folded_key = ANY($1)", folded
    ):
        spellings.setdefault((campaign, mailbox), set()).add(spelling)
        if status == "confirmed":
            confirmed.add(mailbox)
    opted_out = await db.fetch("SELECT folded_key FROM opt_outs WHERE folded_key = ANY($1)", folded)
    now = max(post.submission.accepted_at for post in posts)
    evidence = [mark for mark in marks if mark]
    came = [mark for mark in map(mark_of, posts, marks) if mark]
    return History(
        spellings=spellings,
        going=await find_going(db, [post.key for post in posts]),
        first=await find_first(db, came, now) if came else {},
        confirmed=confirmed,
        opted_out={mailbox for (mailbox,) in opted_out},
        seen=await read_seen(db, evidence, now) if evidence else Seen(),
        slots=await read_slots(db, all_ceilings(posts, db.vault)),
    )


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
