"""What the worker does: claim letters, settle them, ask when the next is due. Each function runs in a transaction."""

from datetime import datetime, timedelta
from typing import Final

from relay.errors import StaleClaim, Undecipherable
from relay.letters import TO_ORGANIZER, TO_WRITER, Letter, greet
from relay.outbox.members import mark_exported
from relay.outbox.records import OFFICES, Claim
from relay.outbox.retry_schedule import BOUNCES_WITHIN
from relay.outbox.rows import LETTER_ROW, domain_of, storable
from relay.outbox.sql import Connection, Row
from relay.outbox.status import TRANSITIONS, LetterStatus
from relay.outbox.suppressions import hold_for_address, run_trials, suppress
from relay.outbox.throttle import ANY_TIME, UNTHROTTLED, Throttle
from relay.outbox.timestamps import moment, stamp

THROTTLE_LOCK: Final = 0x42434E50  # held while counting and claiming, so that no two processes use the same allowance
COLUMNS: Final = (
    "id, coalesce(submission, ''), campaign, kind, chamber, district, to_name, to_email, transport, greeting, domain,"
    " sealed"
)
# Somebody else may hold the office by now. Checked in the claiming transaction, so that nothing goes out too late.
OUTDATED: Final = f"kind IN {OFFICES} AND coalesce(known_until <= $3, false)"
HELD_FOR_ROSTER: Final = "status = 'held', held_for = 'roster', due = NULL"
FAIL: Final = "UPDATE letters SET status = 'failed', due = NULL"
UNDER_WAY: Final = "status IN ('queued', 'sending') AND transport = $1"
# Domains with unsent letters, by a loose index scan: there may be many letters and few domains.
# Source: https://wiki.postgresql.org/wiki/Loose_indexscan
DOMAINS: Final = (
    "WITH RECURSIVE leap (domain) AS ("
    f"SELECT (SELECT domain FROM letters WHERE {UNDER_WAY} ORDER BY domain LIMIT 1) UNION ALL"
    f" SELECT (SELECT domain FROM letters WHERE {UNDER_WAY} AND domain > leap.domain ORDER BY domain LIMIT 1)"
    " FROM leap WHERE leap.domain IS NOT NULL)"
)
OBSTACLES: Final = (
    "SELECT 1 FROM (SELECT 1 FROM pauses WHERE scope = 'domain' UNION ALL SELECT 1 FROM suppressions) AS any_of LIMIT 1"
)
DAY: Final = timedelta(days=1)
DROPPED_WHEN_SENT: Final = (*TO_WRITER, "forward", "event")


async def claim(
    db: Connection, transport: str, now: datetime, lease: timedelta, limit: int, throttle: Throttle = UNTHROTTLED
) -> list[Claim]:
    """As `Queue.claim`; a letter whose lease ran out counts as queued since then. Letters that another process is
    claiming are skipped."""
    at = stamp(now)
    if throttle != UNTHROTTLED or await db.fetchval(OBSTACLES):
        await db.lock(THROTTLE_LOCK)
        await run_trials(db, transport, now)
    await db.execute(
        "UPDATE letters SET status = 'cancelled', due = NULL, changed_at = $1"
        " WHERE status = 'sending' AND withdrawn AND transport = $2 AND due <= $1",
        at, transport,
    )  # fmt: skip
    limit = min(limit, await _left_today(db, transport, now, throttle, limit))
    rows: list[Row] = []
    for domain in await _domains(db, transport) if limit > 0 else []:
        allowed = await _allowed(db, transport, domain, now, throttle, limit)
        if allowed > 0:
            rows += await _due(db, transport, domain, at, allowed, offices=throttle.is_open(now))
    rows = sorted(rows, key=lambda row: row[:2])[:limit]
    numbers = [row[1] for row in rows]
    await db.execute(
        "UPDATE letters SET status = 'sending', claim = claim + 1, attempts = attempts + 1, due = $1, changed_at = $2"
        " WHERE number = ANY($3)",
        stamp(now + lease), at, numbers,
    )  # fmt: skip
    await db.execute(
        "INSERT INTO attempts (letter, claim, domain, transport, at)"
        " SELECT id, claim, domain, transport, $1 FROM letters WHERE number = ANY($2)",
        at, numbers,
    )  # fmt: skip
    claims = []
    for row in rows:
        try:
            letter = greet(_open_letter(db, row[5:]))
        except Undecipherable as error:  # the others go
            await db.execute(f"{FAIL}, answer = $1, changed_at = $2 WHERE number = $3", str(error), at, row[1])
            continue
        claims.append(Claim(letter, str(row[2] + 1), row[3] + 1, row[-2]))
    return claims


def _open_letter(db: Connection, row: Row) -> Letter:
    """What COLUMNS selects. An office's name and address are the columns', which a new roster may have changed."""
    letter, submission, campaign, kind, chamber, district, to_name, to_email, transport, greeting, _, sealed = row
    name, address, from_name, reply_to, subject, body, *attachment = db.vault.open(LETTER_ROW.format(letter), sealed)
    if kind not in TO_WRITER:
        name, address = to_name, to_email
    return Letter(
        letter, submission, campaign, kind, chamber, district, name, address, from_name, reply_to, subject, body,
        transport, greeting, "".join(attachment),
    )  # fmt: skip


async def _domains(db: Connection, transport: str) -> list[str]:
    return [
        domain for (domain,) in await db.fetch(f"{DOMAINS} SELECT domain FROM leap WHERE domain IS NOT NULL", transport)
    ]


async def _left_today(db: Connection, transport: str, now: datetime, throttle: Throttle, limit: int) -> int:
    first = await db.fetchval("SELECT value FROM metadata WHERE name = 'first_sent'")
    cap = throttle.daily_limit(moment(int(first)) if first else None, now)
    if cap is None:
        return limit
    used = await db.fetchval(
        "SELECT count(*) FROM attempts WHERE transport = $1 AND at > $2 AND at <= $3",
        transport, stamp(now - DAY), stamp(now),
    )  # fmt: skip
    return cap - int(used)


async def _allowed(db: Connection, transport: str, domain: str, now: datetime, throttle: Throttle, limit: int) -> int:
    """How many letters to a domain may be sent now."""
    pause = await db.fetchrow("SELECT until, trial FROM pauses WHERE scope = 'domain' AND name = $1", domain)
    if pause and pause[1] and pause[0] <= stamp(now):  # the letter that was accepted did not come back
        await db.execute("DELETE FROM pauses WHERE scope = 'domain' AND name = $1", domain)
    elif pause:
        probing = await db.fetchval(
            "SELECT 1 FROM letters WHERE status = 'sending' AND transport = $1 AND domain = $2 AND due > $3 LIMIT 1",
            transport, domain, stamp(now),
        )  # fmt: skip
        return 1 if pause[0] is not None and pause[0] <= stamp(now) and not probing else 0
    rate = throttle.rate(domain)
    if rate is None:
        return limit
    used = await db.fetchval(
        "SELECT count(*) FROM attempts WHERE transport = $1 AND domain = $2 AND at > $3 AND at <= $4",
        transport, domain, stamp(now - rate.per), stamp(now),
    )  # fmt: skip
    return min(limit, rate.count - int(used))


async def _due(db: Connection, transport: str, domain: str, at: int, limit: int, *, offices: bool) -> list[Row]:
    """Letters to one domain that may be sent, oldest first: due, number, claim, attempts so far, false, the letter."""
    kinds = "" if offices else f" AND kind IN {ANY_TIME}"
    for (address,) in await db.fetch("SELECT address FROM suppressions"):
        if domain_of("legislator", address, db.vault) == domain:
            await hold_for_address(db, address, at)
    while True:
        rows = await db.fetch(
            f"SELECT due, number, claim, attempts, {OUTDATED}, {COLUMNS} FROM letters"
            f" WHERE {UNDER_WAY} AND domain = $2 AND due <= $3{kinds}"
            f" AND (kind IN {TO_ORGANIZER} OR campaign NOT IN (SELECT name FROM pauses WHERE scope = 'campaign'))"
            " ORDER BY due, number LIMIT $4"
            " FOR UPDATE SKIP LOCKED",
            transport, domain, at, limit,
        )  # fmt: skip
        outdated = [row[1] for row in rows if row[4]]
        if not outdated:
            return rows
        await db.execute(f"UPDATE letters SET {HELD_FOR_ROSTER}, changed_at = $1 WHERE number = ANY($2)", at, outdated)


async def settle(
    db: Connection,
    claim: Claim,
    status: LetterStatus,
    now: datetime,
    due: datetime | None,
    answer: str,
    *,
    gone: bool = False,
) -> None:
    """As `Queue.settle`. `queued` needs `due`; one taken back meanwhile is cancelled instead. Mail to a writer holds
    links that open the letters, and a forward somebody's words, so their text goes as soon as they are sent."""
    if status not in TRANSITIONS["sending"] or (due is None) == (status == "queued"):
        raise ValueError(f"a letter being sent cannot become {status} with due={due}")
    answer = storable(answer)
    changed = await db.execute(
        "UPDATE letters SET status = CASE WHEN $1 = 'queued' AND withdrawn THEN 'cancelled' ELSE $1 END,"
        " due = CASE WHEN withdrawn THEN NULL ELSE CAST($2 AS bigint) END, changed_at = $3,"
        " answer = CASE length(sealed) WHEN 0 THEN '' ELSE $4 END,"
        f" sealed = CASE WHEN $1 = 'sent' AND kind IN {DROPPED_WHEN_SENT} THEN convert_to('', 'UTF8') ELSE sealed END"
        " WHERE id = $5 AND status = 'sending' AND claim = $6",
        status, None if due is None else stamp(due), stamp(now), answer, claim.letter.id, int(claim.token),
    )  # fmt: skip
    if not changed:
        raise StaleClaim(f"letter {claim.letter.id} was taken over: this outcome ({status}) is not recorded")
    await record_attempt(db, claim, status, answer)
    if status == "sent" and claim.letter.kind == "event":
        await mark_exported(db, [claim.letter.district])  # if it was about a member, their organization has them
    if gone and claim.letter.kind in OFFICES:
        await suppress(db, claim.letter.to_email, now, answer, claim.letter.id)
    if status == "sent":
        domain = claim.domain
        ours = "scope = 'domain' AND name = $1 AND cause = 'policy'"
        await db.execute(f"DELETE FROM pauses WHERE {ours} AND NOT by_report", domain)
        await db.execute(
            f"UPDATE pauses SET trial = $2, until = $3 WHERE {ours} AND by_report AND trial = ''",
            domain, claim.letter.id, stamp(now + BOUNCES_WITHIN),
        )  # fmt: skip
        await db.execute("INSERT INTO metadata VALUES ('first_sent', $1) ON CONFLICT DO NOTHING", str(stamp(now)))


async def record_attempt(db: Connection, claim: Claim, outcome: str, answer: str) -> None:
    """Record an attempt's outcome. The server's words are dropped once the person they may name is erased."""
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
