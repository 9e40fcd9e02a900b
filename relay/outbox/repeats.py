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
