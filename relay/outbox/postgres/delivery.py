"""What the worker does to the outbox: claim, settle, ask when. Each function runs inside the writer's transaction."""

from datetime import datetime, timedelta
from typing import Any

from relay.errors import StaleClaim
from relay.letters import TO_WRITER, Letter, greet
from relay.outbox import TRANSITIONS, Claim, Pace, State
from relay.outbox.delivery import COLUMNS, DAY, HELD_FOR_ROSTER, OVER, domain_of
from relay.outbox.pacing import ANY_TIME, FREELY
from relay.outbox.postgres.forgetting import count
from relay.outbox.postgres.writer import Db
from relay.outbox.times import moment, stamp

PACING = 0x42434E50  # the advisory lock of who counts and claims, so that no two processes take the same allowance


async def claim(db: Db, transport: str, now: datetime, lease: timedelta, limit: int, pace: Pace) -> list[Claim]:
    """As `Outbox.claim`; a letter whose lease ran out counts as queued since then. Letters that another process is
    claiming are passed over."""
    at = stamp(now)
    if pace != FREELY or await db.fetchval("SELECT EXISTS (SELECT 1 FROM pauses WHERE scope = 'domain')"):
        await db.execute("SELECT pg_advisory_xact_lock($1)", PACING)
    await db.execute(
        "UPDATE letters SET state = 'cancelled', due = NULL, changed_at = $1"
        " WHERE state = 'sending' AND withdrawn AND transport = $2 AND due <= $1",
        at, transport,
    )  # fmt: skip
    limit = min(limit, await _left_today(db, transport, now, pace, limit))
    rows: list[Any] = []
    for domain in await _domains(db, transport) if limit > 0 else []:
        allowed = await _allowed(db, transport, domain, now, pace, limit)
        if allowed > 0:
            rows += await _due(db, transport, domain, at, allowed, offices=pace.is_open(now))
    rows.sort(key=lambda row: (row["due"], row["number"]))
    claims = [Claim(greet(Letter(*tuple(row)[5:])), str(row["claim"] + 1), row["attempts"] + 1) for row in rows[:limit]]
    ids = [one.letter.id for one in claims]
    await db.execute(
        "UPDATE letters SET state = 'sending', claim = claim + 1, attempts = attempts + 1, due = $1, changed_at = $2"
        " WHERE id = ANY($3::text[])",
        stamp(now + lease), at, ids,
    )  # fmt: skip
    await db.execute(
        "INSERT INTO attempts (letter, claim, domain, transport, at)"
        " SELECT id, claim, domain, transport, $1 FROM letters WHERE id = ANY($2::text[])",
        at, ids,
    )  # fmt: skip
    return claims


async def _domains(db: Db, transport: str) -> list[str]:
    """Those with letters that wait, by leaps through the index: there may be many letters and few domains.
    Source: https://wiki.postgresql.org/wiki/Loose_indexscan."""
    rows = await db.fetch(
        "WITH RECURSIVE leap AS ("
        " (SELECT domain FROM letters WHERE state IN ('queued', 'sending') AND transport = $1 ORDER BY domain LIMIT 1)"
        " UNION ALL SELECT (SELECT domain FROM letters WHERE state IN ('queued', 'sending') AND transport = $1"
        " AND domain > leap.domain ORDER BY domain LIMIT 1) FROM leap WHERE leap.domain IS NOT NULL)"
        " SELECT domain FROM leap WHERE domain IS NOT NULL",
        transport,
    )
    return [row["domain"] for row in rows]


async def _left_today(db: Db, transport: str, now: datetime, pace: Pace, limit: int) -> int:
    first = await db.fetchval("SELECT value FROM facts WHERE name = 'first_sent'")
    most = pace.today(moment(int(first)) if first else None, now)
    if most is None:
        return limit
    used = await db.fetchval(
        "SELECT count(*) FROM attempts WHERE transport = $1 AND at > $2 AND at <= $3",
        transport, stamp(now - DAY), stamp(now),
    )  # fmt: skip
    return most - int(used)


async def _allowed(db: Db, transport: str, domain: str, now: datetime, pace: Pace, limit: int) -> int:
    """How many letters to a domain may go now."""
    pause = await db.fetchrow("SELECT until FROM pauses WHERE scope = 'domain' AND name = $1", domain)
    if pause:
        trying = await db.fetchval(
            "SELECT 1 FROM letters WHERE state = 'sending' AND transport = $1 AND domain = $2 AND due > $3 LIMIT 1",
            transport, domain, stamp(now),
        )  # fmt: skip
        return 1 if pause["until"] is not None and pause["until"] <= stamp(now) and not trying else 0
    rate = pace.rate(domain)
    if rate is None:
        return limit
    used = await db.fetchval(
        "SELECT count(*) FROM attempts WHERE transport = $1 AND domain = $2 AND at > $3 AND at <= $4",
        transport, domain, stamp(now - rate.per), stamp(now),
    )  # fmt: skip
    return min(limit, rate.count - int(used))


async def _due(db: Db, transport: str, domain: str, at: int, limit: int, *, offices: bool) -> list[Any]:
    """Letters to one domain that may go: due, number, claim, attempts so far, and the letter; oldest first."""
    kinds = "" if offices else f" AND kind IN {ANY_TIME}"
    for row in await db.fetch("SELECT address FROM suspects"):
        if domain_of(row["address"]) == domain:
            await hold_for_address(db, row["address"], at)
    while True:
        rows = await db.fetch(
            f"SELECT due, number, claim, attempts, {OVER.format('$3')} AS over, {COLUMNS} FROM letters"
            " WHERE state IN ('queued', 'sending')"
            f" AND transport = $1 AND domain = $2 AND due <= $3{kinds}"
            " AND campaign NOT IN (SELECT name FROM pauses WHERE scope = 'campaign') ORDER BY due, number LIMIT $4"
            " FOR UPDATE SKIP LOCKED",
            transport, domain, at, limit,
        )  # fmt: skip
        over = [row["number"] for row in rows if row["over"]]
        if not over:
            return list(rows)
        await db.execute(
            f"UPDATE letters SET {HELD_FOR_ROSTER}, changed_at = $1 WHERE number = ANY($2::bigint[])", at, over
        )


async def hold_for_address(db: Db, address: str, at: int) -> int:
    """Letters to an office whose address is not trusted wait for somebody to look; how many."""
    return count(await db.execute(
        "UPDATE letters SET state = 'held', waits = 'address', due = NULL, changed_at = $1"
        f" WHERE state = 'queued' AND to_email = $2 AND kind NOT IN {ANY_TIME}",
        at, address,
    ))  # fmt: skip


async def settle(db: Db, claim: Claim, state: State, now: datetime, due: datetime | None, answer: str) -> None:
    """As `Outbox.settle`. `queued` needs `due`; one taken back meanwhile is cancelled instead. Mail to a writer holds
    links that open the letters, so its text goes as soon as it is sent."""
    if state not in TRANSITIONS["sending"] or (due is None) == (state == "queued"):
        raise ValueError(f"a letter on its way cannot become {state} with due={due}")
    changed = count(await db.execute(
        "UPDATE letters SET state = CASE WHEN $1 = 'queued' AND withdrawn THEN 'cancelled' ELSE $1 END,"
        " due = CASE WHEN withdrawn THEN NULL ELSE $2::bigint END, changed_at = $3,"
        " answer = CASE WHEN body = '' THEN '' ELSE $4 END,"
        f" body = CASE WHEN $1 = 'sent' AND kind IN {TO_WRITER} THEN '' ELSE body END"
        " WHERE id = $5 AND state = 'sending' AND claim = $6",
        state, None if due is None else stamp(due), stamp(now), answer, claim.letter.id, int(claim.token),
    ))  # fmt: skip
    if not changed:
        raise StaleClaim(f"letter {claim.letter.id} was taken over: this outcome ({state}) is not recorded")
    await record_attempt(db, claim, state, answer)
    if state == "sent":
        domain = domain_of(claim.letter.to_email)
        await db.execute("DELETE FROM pauses WHERE scope = 'domain' AND name = $1 AND cause = 'policy'", domain)
        await db.execute("INSERT INTO facts VALUES ('first_sent', $1) ON CONFLICT DO NOTHING", str(stamp(now)))


async def record_attempt(db: Db, claim: Claim, outcome: str, answer: str) -> None:
    """What became of an attempt. The words go with the person they may name."""
    await db.execute(
        "UPDATE attempts SET outcome = $1, answer = CASE WHEN domain = '' THEN '' ELSE $2 END"
        " WHERE letter = $3 AND claim = $4",
        outcome, answer, claim.letter.id, int(claim.token),
    )  # fmt: skip


async def next_due(db: Db, transport: str) -> datetime | None:
    """As `Outbox.next_due`."""
    dues = [
        await db.fetchval(
            "SELECT due FROM letters WHERE state IN ('queued', 'sending') AND transport = $1 AND domain = $2"
            " ORDER BY due LIMIT 1",
            transport, domain,
        )
        for domain in await _domains(db, transport)
    ]  # fmt: skip
    known = [due for due in dues if due is not None]
    return moment(min(known)) if known else None
