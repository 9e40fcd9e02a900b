"""What people do to what they posted: confirm, deny, take back. Each function runs inside the writer's transaction."""

from collections import Counter
from datetime import datetime
from typing import Any

from relay.outbox.intake import CONFIRM_WITHIN
from relay.outbox.postgres.accepting import add_to_tallies
from relay.outbox.postgres.forgetting import erase_submission
from relay.outbox.postgres.writer import Db
from relay.outbox.posts import Tally, digest, tally_of
from relay.outbox.times import moment, stamp


async def find_confirmation(db: Db, token: str) -> str | None:
    """The submission's id, or None if the link is unknown. Only reads."""
    found = await _by_link(db, token, lock="")
    return str(found["id"]) if found else None


async def confirm(db: Db, token: str, now: datetime) -> str | None:
    """Queue the held letters if it is not too late; the submission's id, or None if the link is unknown."""
    found = await _by_link(db, token)
    if not found:
        return None
    if found["standing"] == "held" and now - moment(found["accepted_at"]) < CONFIRM_WITHIN:
        await db.execute(
            "UPDATE letters SET state = CASE to_email WHEN '' THEN 'held' ELSE 'queued' END,"
            " waits = CASE to_email WHEN '' THEN 'roster' ELSE '' END,"
            " due = CASE to_email WHEN '' THEN NULL ELSE $1::bigint END, changed_at = $1"
            " WHERE submission = $2 AND waits = 'confirmation'",
            stamp(now), found["id"],
        )  # fmt: skip
        await db.execute("UPDATE submissions SET standing = 'confirmed' WHERE id = $1", found["id"])
        await db.execute("UPDATE participants SET visible = true WHERE submission = $1", found["id"])
        await add_to_tallies(db, Counter([_tally_of(found)]))
    return str(found["id"])


async def deny(db: Db, token: str, now: datetime) -> str | None:
    """Cancel what has not gone, forget it all, uncount it; the submission's id, or None if the link is unknown."""
    found = await _by_link(db, token)
    if not found:
        return None
    if found["standing"] not in ("denied", "expired"):
        await cancel(db, found["id"], now)
        await erase_submission(db, found["id"], stamp(now))
        await db.execute("UPDATE submissions SET standing = 'denied' WHERE id = $1", found["id"])
        await db.execute("DELETE FROM participants WHERE submission = $1", found["id"])
        if found["standing"] != "held":
            await add_to_tallies(db, Counter({_tally_of(found): -1}))
    return str(found["id"])


async def withdraw(db: Db, token: str) -> None:
    """Take the public name back. A repeat's receipt may not: it knows no secret of the first writer's."""
    await db.execute(
        "DELETE FROM participants WHERE submission ="
        " (SELECT submission FROM receipts WHERE hash = $1 AND NOT redacted)",
        digest(token),
    )


async def erase(db: Db, token: str, now: datetime) -> bool:
    """Cancel and forget, the public name too; whether there was anything. A repeat's receipt may not."""
    found = await db.fetchval("SELECT submission FROM receipts WHERE hash = $1 AND NOT redacted", digest(token))
    if not found:
        return False
    await cancel(db, found, now)
    await db.execute("UPDATE submissions SET standing = 'expired' WHERE id = $1 AND standing = 'held'", found)
    await db.execute("DELETE FROM participants WHERE submission = $1", found)
    await erase_submission(db, found, stamp(now))
    return True


async def cancel(db: Db, submission: str, now: datetime) -> None:
    """A letter that is on its way cannot be called back, but it will not be tried again."""
    await db.execute(
        "UPDATE letters SET state = 'cancelled', waits = '', due = NULL, changed_at = $1"
        " WHERE submission = $2 AND state IN ('held', 'queued')",
        stamp(now), submission,
    )  # fmt: skip
    await db.execute("UPDATE letters SET withdrawn = true WHERE submission = $1 AND state = 'sending'", submission)


async def _by_link(db: Db, token: str, lock: str = "FOR UPDATE") -> Any:  # noqa: ANN401  (asyncpg's record)
    return await db.fetchrow(
        f"SELECT id, campaign, senate, house, standing, accepted_at FROM submissions WHERE confirm_hash = $1 {lock}",
        digest(token),
    )


def _tally_of(found: Any) -> Tally:  # noqa: ANN401
    return tally_of(found["campaign"], found["senate"], found["house"], found["accepted_at"])
