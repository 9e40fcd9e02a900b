"""What operators ask of the outbox and do to it. Each function runs inside a transaction."""

from datetime import datetime

from relay.letters import TO_WRITER, Letter
from relay.outbox import OFFICES, Attempt, LetterLine, Pause, Query, Scope, State, Suspect
from relay.outbox.operating import AGAIN, LINE, UNTOLD, read_line
from relay.outbox.postgres.accepting import insert
from relay.outbox.postgres.forgetting import count
from relay.outbox.postgres.refusing import distrust, trust
from relay.outbox.postgres.writer import Db
from relay.outbox.posts import LETTER_COLUMNS, letter_row
from relay.outbox.times import moment, stamp


async def find(db: Db, query: Query, limit: int) -> list[LetterLine]:
    """As `Outbox.find`."""
    where, given = _where(query)
    rows = await db.fetch(f"{LINE} WHERE {where} ORDER BY changed_at DESC, number DESC LIMIT {int(limit)}", *given)
    return [read_line(tuple(row)) for row in rows]


async def untold(db: Db) -> list[LetterLine]:
    """As `Outbox.untold`."""
    rows = await db.fetch(f"{LINE} WHERE {UNTOLD}")
    return [read_line(tuple(row)) for row in rows]


async def history(db: Db, letter: str) -> list[Attempt]:
    """As `Outbox.history`."""
    rows = await db.fetch(
        f"SELECT at, outcome, CASE WHEN (SELECT kind FROM letters WHERE id = letter) IN {TO_WRITER}"
        " THEN substr(answer, 1, 3) ELSE answer END AS said FROM attempts WHERE letter = $1 ORDER BY claim",
        letter,
    )
    return [Attempt(moment(row["at"]), row["outcome"], row["said"]) for row in rows]


async def retry(db: Db, query: Query, now: datetime) -> int:
    """As `Outbox.retry`. What was erased has nothing to send."""
    where, given = _where(query)
    addresses = await db.fetch(
        f"SELECT DISTINCT to_email FROM letters WHERE state = 'held' AND waits = 'address' AND {where}", *given
    )
    trusted = sum([await trust(db, row["to_email"], now) for row in addresses])
    at = int(stamp(now))
    failed = count(await db.execute(
        f"UPDATE letters SET {AGAIN.format(at)}, attempts = 0, refusals = 0, told = false, changed_at = {at}"
        f" WHERE state = 'failed' AND body <> '' AND {where}",
        *given,
    ))  # fmt: skip
    if query.state != "queued":
        return trusted + failed
    sooner = f"UPDATE letters SET due = {at} WHERE due > {at} AND {where}"
    return trusted + failed + count(await db.execute(sooner, *given))


async def cancel(db: Db, query: Query, now: datetime) -> int:
    """As `Outbox.cancel`."""
    where, given = _where(query)
    cancelled = count(await db.execute(
        f"UPDATE letters SET state = 'cancelled', waits = '', due = NULL, changed_at = {int(stamp(now))}"
        f" WHERE state IN ('held', 'queued', 'failed') AND {where}",
        *given,
    ))  # fmt: skip
    under_way = f"UPDATE letters SET withdrawn = true WHERE state = 'sending' AND {where}"
    return cancelled + count(await db.execute(under_way, *given))


async def bounce(db: Db, letter: str, now: datetime, answer: str, *, gone: bool) -> State | None:
    """As `Outbox.bounce`."""
    changed = count(await db.execute(
        "UPDATE letters SET state = 'bounced', changed_at = $1, answer = CASE WHEN body = '' THEN '' ELSE $2 END"
        " WHERE id = $3 AND state = 'sent'",
        stamp(now), answer, letter,
    ))  # fmt: skip
    found = await db.fetchrow("SELECT state, kind, to_email FROM letters WHERE id = $1", letter)
    if found is None:
        return None
    state: State = found["state"]
    if changed and gone and found["to_email"] and found["kind"] in OFFICES:
        await distrust(db, found["to_email"], now, answer)
    return state


async def enqueue(db: Db, alert: Letter, now: datetime, tells: list[str]) -> None:
    """As `Outbox.enqueue`."""
    await insert(
        db, "letters", LETTER_COLUMNS, [letter_row(alert, "queued", stamp(now))], "ON CONFLICT (id) DO NOTHING"
    )
    await db.execute("UPDATE letters SET told = true WHERE id = ANY($1::text[])", tells)


async def pause(db: Db, scope: Scope, name: str, reason: str, now: datetime) -> None:
    """As `Outbox.pause`."""
    await db.execute(
        "INSERT INTO pauses VALUES ($1, $2, 'operator', $3, $4, NULL, 0) ON CONFLICT (scope, name) DO UPDATE SET"
        " cause = excluded.cause, reason = excluded.reason, until = NULL, strikes = 0",
        scope, name, reason, stamp(now),
    )  # fmt: skip


async def resume(db: Db, scope: Scope, name: str) -> bool:
    """As `Outbox.resume`."""
    return count(await db.execute("DELETE FROM pauses WHERE scope = $1 AND name = $2", scope, name)) > 0


async def pauses(db: Db) -> list[Pause]:
    """As `Outbox.pauses`."""
    rows = await db.fetch("SELECT scope, name, cause, reason, since, until, strikes FROM pauses ORDER BY since, name")
    return [
        Pause(scope, name, cause, reason, moment(since), None if until is None else moment(until), strikes)
        for scope, name, cause, reason, since, until, strikes in map(tuple, rows)
    ]


async def suspects(db: Db) -> list[Suspect]:
    """As `Outbox.suspects`."""
    rows = await db.fetch(
        "SELECT address, since, answer, (SELECT count(*) FROM letters WHERE waits = 'address' AND to_email = address)"
        " FROM suspects ORDER BY address"
    )
    return [Suspect(address, moment(since), answer, waiting) for address, since, answer, waiting in map(tuple, rows)]


async def waiting_since(db: Db) -> datetime | None:
    """As `Outbox.waiting_since`."""
    since = await db.fetchval(
        "SELECT min(coalesce((SELECT min(at) FROM attempts WHERE letter = letters.id), due))"
        " FROM letters WHERE state IN ('queued', 'sending')"
    )
    return None if since is None else moment(since)


async def suspend_erasing(db: Db, reason: str) -> None:
    """As `Outbox.suspend_erasing`."""
    await db.execute("DELETE FROM facts WHERE name = 'hold'")
    if reason:
        await db.execute("INSERT INTO facts VALUES ('hold', $1)", reason)


async def erasing_suspended(db: Db) -> str:
    """As `Outbox.erasing_suspended`."""
    return str(await db.fetchval("SELECT value FROM facts WHERE name = 'hold'") or "")


def _where(query: Query) -> tuple[str, tuple[str, ...]]:
    terms = (
        ("starts_with(id, {})", query.letter), ("state = {}", query.state),
        ("campaign = {}", query.campaign), ("domain = {}", query.domain),
    )  # fmt: skip
    given = [(term, value) for term, value in terms if value]
    where = " AND ".join(term.format(f"${place}") for place, (term, _) in enumerate(given, 1))
    return where or "TRUE", tuple(value for _, value in given)
