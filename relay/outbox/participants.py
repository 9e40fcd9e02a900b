"""Public names, as organizers remove them. Runs in a transaction."""

from relay.outbox.sql import Connection


async def remove_name(db: Connection, campaign: str, submission: str) -> bool:
    """As `Administration.remove_name`."""
    query = "DELETE FROM participants WHERE campaign = $1 AND submission = $2"
    return await db.execute(query, campaign, submission) > 0
