"""Which identical letters go. Only those make a post a repeat: nothing that was held, denied, erased or given up does.

Each function runs in a transaction.
"""

from collections.abc import Sequence

from relay.letters import TO_WRITER
from relay.outbox.sql import Connection


async def find_going(db: Connection, keys: Sequence[bytes]) -> dict[bytes, str]:
    """The submissions whose letters go, or went, by their repeat_key. Others give up theirs."""
    rows = await db.fetch("SELECT repeat_key, id, status FROM submissions WHERE repeat_key = ANY($1)", list(keys))
    if not rows:
        return {}
    living = await db.fetch(
        f"SELECT DISTINCT submission FROM letters WHERE kind NOT IN {TO_WRITER}"
        " AND status IN ('held', 'queued', 'sending', 'sent') AND submission = ANY($1)",
        [submission for _, submission, _ in rows],
    )
    alive = {submission for (submission,) in living}
    going = {key: submission for key, submission, status in rows if status != "denied" and submission in alive}
    if released := [submission for _, submission, _ in rows if submission not in going.values()]:
        await db.execute("UPDATE submissions SET repeat_key = convert_to(id, 'UTF8') WHERE id = ANY($1)", released)
    return going


async def hand_on(db: Connection, submission: str) -> None:
    """Before a submission is erased by whoever posted it: if somebody else posted the identical letter since, the
    letters that go are theirs from now on."""
    heir = await db.fetchval(
        "SELECT id FROM submissions WHERE repeats = $1 AND erased_at IS NULL ORDER BY accepted_at, id LIMIT 1",
        submission,
    )
    if heir is None:
        return
    key = await db.fetchval("SELECT repeat_key FROM submissions WHERE id = $1", submission)
    await db.execute("UPDATE submissions SET repeat_key = convert_to(id, 'UTF8') WHERE id = $1", submission)
    await db.execute("UPDATE submissions SET repeat_key = $2, repeats = NULL WHERE id = $1", heir, key)
    await db.execute("UPDATE submissions SET repeats = $2 WHERE repeats = $1", submission, heir)
    await db.execute(
        f"UPDATE letters SET submission = $2 WHERE submission = $1 AND kind NOT IN {TO_WRITER}", submission, heir
    )
    await db.execute("UPDATE participants SET visible = true WHERE submission = $1", heir)
