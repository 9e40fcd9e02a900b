"""What the worker does to the outbox: claim, settle, ask when. Each function runs inside a transaction."""

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Final

from relay.errors import StaleClaim
from relay.letters import TO_WRITER, Letter, greet
from relay.outbox.records import OFFICES, Claim
from relay.outbox.sql import Connection, Row
from relay.outbox.status import TRANSITIONS, State
from relay.outbox.throttle import ANY_TIME, FREELY, Pace
from relay.outbox.timestamps import moment, stamp

PACING: Final = 0x42434E50  # the lock of who counts and claims, so that no two processes take the same allowance
TEXTS: Final = [field.name for field in fields(Letter) if field.name != "known_until"]
COLUMNS: Final = ", ".join(f"coalesce({name}, '')" for name in TEXTS)
# Somebody else may hold the office by now: asked in the transaction that claims, so nothing goes a moment too late.
OVER: Final = f"kind IN {OFFICES} AND coalesce(known_until <= $3, false)"
HELD_FOR_ROSTER: Final = "state = 'held', waits = 'roster', due = NULL"
UNDER_WAY: Final = "state IN ('queued', 'sending') AND transport = $1"
# Domains with letters that wait, by leaps through the index: there may be many letters and few domains.
# Source: https://wiki.postgresql.org/wiki/Loose_indexscan
DOMAINS: Final = (
    "WITH RECURSIVE leap (domain) AS ("
    f"SELECT (SELECT domain FROM letters WHERE {UNDER_WAY} ORDER BY domain LIMIT 1) UNION ALL"
    f" SELECT (SELECT domain FROM letters WHERE {UNDER_WAY} AND domain > leap.domain ORDER BY domain LIMIT 1)"
    " FROM leap WHERE leap.domain IS NOT NULL)"
)
DAY: Final = timedelta(days=1)


async def claim(
    db: Connection, transport: str, now: datetime, lease: timedelta, limit: int, pace: Pace = FREELY
) -> list[Claim]:
    """As `Queue.claim`; a letter whose lease ran out counts as queued since then. Letters that another process is
    claiming are passed over."""
    at = stamp(now)
    if pace != FREELY or await db.fetchval("SELECT 1 FROM pauses WHERE scope = 'domain' LIMIT 1"):
        await db.lock(PACING)
    await db.execute(
        "UPDATE letters SET state = 'cancelled', due = NULL, changed_at = $1"
        " WHERE state = 'sending' AND withdrawn AND transport = $2 AND due <= $1",
        at, transport,
    )  # fmt: skip
    limit = min(limit, await _left_today(db, transport, now, pace, limit))
    rows: list[Row] = []
    for domain in await _domains(db, transport) if limit > 0 else []:
        allowed = await _allowed(db, transport, domain, now, pace, limit)
        if allowed > 0:
            rows += await _due(db, transport, domain, at, allowed, offices=pace.is_open(now))
    rows = sorted(rows, key=lambda row: row[:2])[:limit]
    numbers = [row[1] for row in rows]
    await db.execute(
        "UPDATE letters SET state = 'sending', claim = claim + 1, attempts = attempts + 1, due = $1, changed_at = $2"
        " WHERE number = ANY($3)",
        stamp(now + lease), at, numbers,
    )  # fmt: skip
    await db.execute(
        "INSERT INTO attempts (letter, claim, domain, transport, at)"
        " SELECT id, claim, domain, transport, $1 FROM letters WHERE number = ANY($2)",
        at, numbers,
    )  # fmt: skip
    return [Claim(greet(Letter(*row[5:])), str(row[2] + 1), row[3] + 1) for row in rows]


def storable(answer: str) -> str:
    """Without what a database may refuse, such as PostgreSQL a NUL: a letter whose outcome is refused goes again."""
    return answer.replace("\0", " ").encode(errors="replace").decode()


def domain_of(address: str) -> str:
    """What is paced and paused."""
    return address.rpartition("@")[2].lower()


async def _domains(db: Connection, transport: str) -> list[str]:
    return [
        domain for (domain,) in await db.fetch(f"{DOMAINS} SELECT domain FROM leap WHERE domain IS NOT NULL", transport)
    ]


async def _left_today(db: Connection, transport: str, now: datetime, pace: Pace, limit: int) -> int:
    first = await db.fetchval("SELECT value FROM facts WHERE name = 'first_sent'")
    most = pace.today(moment(int(first)) if first else None, now)
    if most is None:
        return limit
    used = await db.fetchval(
        "SELECT count(*) FROM attempts WHERE transport = $1 AND at > $2 AND at <= $3",
        transport, stamp(now - DAY), stamp(now),
    )  # fmt: skip
    return most - int(used)


async def _allowed(db: Connection, transport: str, domain: str, now: datetime, pace: Pace, limit: int) -> int:
    """How many letters to a domain may go now."""
    pause = await db.fetchrow("SELECT until FROM pauses WHERE scope = 'domain' AND name = $1", domain)
    if pause:
        trying = await db.fetchval(
            "SELECT 1 FROM letters WHERE state = 'sending' AND transport = $1 AND domain = $2 AND due > $3 LIMIT 1",
            transport, domain, stamp(now),
        )  # fmt: skip
        return 1 if pause[0] is not None and pause[0] <= stamp(now) and not trying else 0
    rate = pace.rate(domain)
    if rate is None:
        return limit
    used = await db.fetchval(
        "SELECT count(*) FROM attempts WHERE transport = $1 AND domain = $2 AND at > $3 AND at <= $4",
        transport, domain, stamp(now - rate.per), stamp(now),
    )  # fmt: skip
    return min(limit, rate.count - int(used))


async def _due(db: Connection, transport: str, domain: str, at: int, limit: int, *, offices: bool) -> list[Row]:
    """Letters to one domain that may go: due, number, claim, attempts so far, false, and the letter; oldest first."""
    kinds = "" if offices else f" AND kind IN {ANY_TIME}"
    for (address,) in await db.fetch("SELECT address FROM suspects"):
        if domain_of(address) == domain:
            await hold_for_address(db, address, at)
    while True:
        rows = await db.fetch(
            f"SELECT due, number, claim, attempts, {OVER}, {COLUMNS} FROM letters"
            f" WHERE {UNDER_WAY} AND domain = $2 AND due <= $3{kinds}"
            " AND campaign NOT IN (SELECT name FROM pauses WHERE scope = 'campaign') ORDER BY due, number LIMIT $4"
            " FOR UPDATE SKIP LOCKED",
            transport, domain, at, limit,
        )  # fmt: skip
        over = [row[1] for row in rows if row[4]]
        if not over:
            return rows
        await db.execute(f"UPDATE letters SET {HELD_FOR_ROSTER}, changed_at = $1 WHERE number = ANY($2)", at, over)


async def hold_for_address(db: Connection, address: str, at: int) -> int:
    """Letters to an office whose address is not trusted wait for somebody to look; how many."""
    return await db.execute(
        "UPDATE letters SET state = 'held', waits = 'address', due = NULL, changed_at = $1"
        f" WHERE state = 'queued' AND to_email = $2 AND kind NOT IN {ANY_TIME}",
        at, address,
    )  # fmt: skip


async def settle(db: Connection, claim: Claim, state: State, now: datetime, due: datetime | None, answer: str) -> None:
    """As `Queue.settle`. `queued` needs `due`; one taken back meanwhile is cancelled instead. Mail to a writer holds
    links that open the letters, so its text goes as soon as it is sent."""
    if state not in TRANSITIONS["sending"] or (due is None) == (state == "queued"):
        raise ValueError(f"a letter on its way cannot become {state} with due={due}")
    answer = storable(answer)
    changed = await db.execute(
        "UPDATE letters SET state = CASE WHEN $1 = 'queued' AND withdrawn THEN 'cancelled' ELSE $1 END,"
        " due = CASE WHEN withdrawn THEN NULL ELSE CAST($2 AS bigint) END, changed_at = $3,"
        " answer = CASE WHEN body = '' THEN '' ELSE $4 END,"
        f" body = CASE WHEN $1 = 'sent' AND kind IN {TO_WRITER} THEN '' ELSE body END"
        " WHERE id = $5 AND state = 'sending' AND claim = $6",
        state, None if due is None else stamp(due), stamp(now), answer, claim.letter.id, int(claim.token),
    )  # fmt: skip
    if not changed:
        raise StaleClaim(f"letter {claim.letter.id} was taken over: this outcome ({state}) is not recorded")
    await record_attempt(db, claim, state, answer)
    if state == "sent":
        domain = domain_of(claim.letter.to_email)
        await db.execute("DELETE FROM pauses WHERE scope = 'domain' AND name = $1 AND cause = 'policy'", domain)
        await db.execute("INSERT INTO facts VALUES ('first_sent', $1) ON CONFLICT DO NOTHING", str(stamp(now)))


async def record_attempt(db: Connection, claim: Claim, outcome: str, answer: str) -> None:
    """What became of an attempt. The words go with the person they may name."""
    await db.execute(
        "UPDATE attempts SET outcome = $1, answer = CASE WHEN domain = '' THEN '' ELSE $2 END"
        " WHERE letter = $3 AND claim = $4",
        outcome, answer, claim.letter.id, int(claim.token),
    )  # fmt: skip


async def next_due(db: Connection, transport: str) -> datetime | None:
    """As `Queue.next_due`."""
    due = await db.fetchval(
        f"{DOMAINS} SELECT min((SELECT due FROM letters WHERE {UNDER_WAY} AND letters.domain = leap.domain"
        " ORDER BY due LIMIT 1)) FROM leap",
        transport,
    )
    return None if due is None else moment(due)
