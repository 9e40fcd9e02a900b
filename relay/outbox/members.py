"""People who want to hear from a campaign: they ticked its box, and then said yes by mail. Kept until the organization
has them or they leave, with the words that they agreed to. Each function runs in a transaction.

asked → joined → exported; whoever leaves is deleted, once the organization knows that it has to forget them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from relay.outbox.asking import limits
from relay.outbox.listings import Member, MemberStatus
from relay.outbox.rows import MEMBER_ROW, Entry
from relay.outbox.sql import Connection, Row
from relay.outbox.timestamps import moment, stamp

# Of who was asked: whether their time is over. It begins when the mail that asks has gone. $1, $2: as `limits` gives.
_IS_OVER: Final = (
    "(since <= $2 OR (since <= $1 AND NOT EXISTS (SELECT 1 FROM letters WHERE letters.submission = members.submission"
    " AND kind IN ('confirmation', 'receipt') AND (letters.status IN ('queued', 'sending') OR changed_at > $1))))"
)
MEMBER_COLUMNS: Final = ("submission", "campaign", "mailbox_key", "status", "since", "sealed", "reported")
ON_A_LIST: Final = ("joined", "exported")


async def ask_members(db: Connection, entries: Iterable[Entry]) -> None:
    """Remember who ticked the box, unless their mailbox is on the list already."""
    ticked = {
        (entry.post.submission.campaign, entry.post.submission.mailbox_key): entry
        for entry in entries
        if entry.wants_to_join
    }
    if not ticked:
        return
    known = await db.fetch(
        f"SELECT campaign, mailbox_key FROM members WHERE status IN {ON_A_LIST} AND mailbox_key = ANY($1)",
        sorted({mailbox for _, mailbox in ticked}),
    )
    members = {(campaign, bytes(mailbox)) for campaign, mailbox in known}
    rows = [entry.member_row(db.vault) for key, entry in ticked.items() if key not in members]
    await db.insert("members", MEMBER_COLUMNS, rows)


async def find_member(db: Connection, submission: str) -> Member | None:
    """The list that a submission's writer is asked about, or is on by any submission of the same mailbox."""
    row = await db.fetchrow(
        f"SELECT {', '.join(MEMBER_COLUMNS)} FROM members WHERE submission = $1"
        f" OR (status IN {ON_A_LIST} AND length(mailbox_key) > 0"
        " AND (campaign, mailbox_key) = (SELECT campaign, mailbox_key FROM submissions WHERE id = $1))"
        " ORDER BY status = 'asked' LIMIT 1",
        submission,
    )
    return _open(db, row) if row and row[3] != "left" else None


async def join(db: Connection, submission: str, now: datetime) -> None:
    """They said yes. Another question to the same mailbox is answered with it."""
    joined = await db.execute(
        "UPDATE members SET status = 'joined', since = $3"
        f" WHERE submission = $4 AND status = 'asked' AND NOT {_IS_OVER}",
        *limits(now), stamp(now), submission,
    )  # fmt: skip
    if joined:
        await db.execute(
            "DELETE FROM members WHERE status = 'asked' AND (campaign, mailbox_key) ="
            " (SELECT campaign, mailbox_key FROM members WHERE submission = $1) AND length(mailbox_key) > 0",
            submission,
        )


async def leave(db: Connection, submission: str) -> None:
    """They take their yes back, or never said it. Of those whom the organization may have, the id stays until it
    knows; who they are goes at once, also from an event that is still under way."""
    member = await find_member(db, submission)
    if member is None:
        return
    await db.execute(
        "UPDATE letters SET sealed = $2, withdrawn = true,"
        " status = CASE status WHEN 'queued' THEN 'cancelled' ELSE status END,"
        " due = CASE status WHEN 'queued' THEN NULL ELSE due END WHERE kind = 'event' AND district = $1",
        member.id, b"",
    )  # fmt: skip
    told = await db.execute(
        "UPDATE members SET status = 'left', sealed = $2, mailbox_key = $2, reported = false"
        " WHERE submission = $1 AND (status = 'exported' OR reported)",
        member.id, b"",
    )  # fmt: skip
    if not told:
        await db.execute("DELETE FROM members WHERE submission = $1", member.id)


async def list_members(db: Connection, campaign: str) -> list[Member]:
    """As `Lists.list_members`."""
    rows = await db.fetch(
        f"SELECT {', '.join(MEMBER_COLUMNS)} FROM members WHERE campaign = $1 AND status = 'joined'"
        " ORDER BY since, submission",
        campaign,
    )
    return [_open(db, row) for row in rows]


async def mark_exported(db: Connection, members: Sequence[str]) -> int:
    """As `Lists.mark_exported`."""
    return await db.execute(
        "UPDATE members SET status = 'exported', sealed = $1 WHERE status = 'joined' AND submission = ANY($2)",
        b"", list(members),
    )  # fmt: skip


async def count_members(db: Connection, campaign: str) -> Mapping[MemberStatus, int]:
    """As `Lists.count_members`."""
    rows = await db.fetch("SELECT status, count(*) FROM members WHERE campaign = $1 GROUP BY status", campaign)
    return dict(map(tuple, rows))


async def unreported_members(db: Connection) -> list[Member]:
    """As `Lists.unreported_members`."""
    rows = await db.fetch(
        f"SELECT {', '.join(MEMBER_COLUMNS)} FROM members WHERE status IN ('joined', 'left') AND NOT reported"
        " ORDER BY since, submission"
    )
    return [_open(db, row) for row in rows]


async def report_member(db: Connection, member: Member) -> None:
    """The mail or event about it is queued; of who left, nothing more is needed."""
    if member.status == "left":
        await db.execute("DELETE FROM members WHERE submission = $1 AND status = 'left'", member.id)
    else:
        await db.execute(
            "UPDATE members SET reported = true WHERE submission = $1 AND status = $2", member.id, member.status
        )


async def forget_asked(db: Connection, now: datetime) -> None:
    """Those who did not answer."""
    await db.execute(f"DELETE FROM members WHERE status = 'asked' AND {_IS_OVER}", *limits(now))


def _open(db: Connection, row: Row) -> Member:
    member, campaign, _, status, since, sealed, _ = row
    words = db.vault.open(MEMBER_ROW.format(member), sealed) if sealed else []
    return Member(member, campaign, status, moment(since), *words)
