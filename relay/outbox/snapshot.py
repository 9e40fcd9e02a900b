"""A backup's rows, read from one snapshot while others write, and written into an empty database in one transaction.

The same on every store, so a backup of one can be restored into another. Sealed columns stay sealed. What may not
outlive its day is not in it: marks, their keys, slots, and what recognizes a retry.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

import msgspec

from relay.errors import BackupError, KeyMissing, StoreError
from relay.outbox.administration import pause
from relay.outbox.intake import INTAKE_LOCK
from relay.outbox.members import MEMBER_COLUMNS
from relay.outbox.records import CEILING
from relay.outbox.retention import CHUNK, forget, legal_hold
from relay.outbox.rows import LETTER_COLUMNS, PARTICIPANT_COLUMNS, RECEIPT_COLUMNS, SUBMISSION_COLUMNS
from relay.outbox.sql import Connection
from relay.outbox.tallies import COLUMNS as TALLY_COLUMNS
from relay.outbox.tallies import TOWN_COLUMNS
from relay.outbox.timestamps import moment, stamp

PORTION: Final = 500  # rows
CLOCKS_DIFFER: Final = timedelta(hours=1)  # a backup may be that much ahead of the restoring machine
LEFT_OUT: Final = ("day_keys", "traces", "slots", "retries")
BOOLEANS: Final = frozenset(
    {"join_list", "gave_reason", "own_words", "redacted", "visible", "withdrawn", "reported", "by_report"}
)  # 0 and 1 in SQLite

Chunks: TypeAlias = Callable[[], Iterable[bytes]]  # what `read_snapshot` gave; may be read again


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    key: tuple[str, ...]  # unique, in the order that rows are read and restored in
    columns: tuple[str, ...]
    where: str = "true"


_SUBMISSION: Final = (*SUBMISSION_COLUMNS, "erased_at")
_LETTER: Final = (*LETTER_COLUMNS, "attempts", "policy_blocks", "claim", "withdrawn", "reported", "answer")
# In the order of their references. A submission refers to one that is no repeat; letters are numbered anew, in order.
TABLES: Final = (
    Table("metadata", ("name",), ("name", "value")),
    Table("submissions", ("id",), _SUBMISSION, "repeats IS NULL"),
    Table("submissions", ("id",), _SUBMISSION, "repeats IS NOT NULL"),
    Table("receipts", ("hash",), RECEIPT_COLUMNS),
    Table("participants", ("submission",), PARTICIPANT_COLUMNS),
    Table("members", ("submission",), MEMBER_COLUMNS),
    Table("letters", ("number",), _LETTER),
    Table("attempts", ("letter", "claim"), ("letter", "claim", "domain", "transport", "at", "outcome", "answer")),
    Table(
        "pauses",
        ("scope", "name"),
        ("scope", "name", "cause", "reason", "since", "until", "failed_probes", "by_report", "trial", "reported"),
    ),
    Table("suppressions", ("address",), ("address", "since", "answer", "until", "failed_trials", "trial", "reported")),
    Table("tallies", ("campaign", "senate", "house", "day"), TALLY_COLUMNS),
    Table("town_tallies", ("id",), TOWN_COLUMNS),
    Table("opt_outs", ("folded_key",), ("folded_key",)),
)


class Head(msgspec.Struct, frozen=True):
    """What a backup begins with."""

    made_at: int  # microseconds since 1970
    keys: tuple[str, ...]  # fingerprints of the keys that rows are sealed with
    tables: Mapping[str, tuple[str, ...]]  # their columns

    def check(self, now: datetime, fingerprints: Sequence[str]) -> None:
        """Raises BackupError if it is too old or of a newer release, KeyMissing without a key that it needs."""
        if missing := [key for key in self.keys if key not in fingerprints]:
            raise KeyMissing(
                f"its rows are sealed with the key {missing[0]}, and the keys here are: {', '.join(fingerprints)}."
                " Put that key into BEACONPOST_SECRET_FILE or BEACONPOST_SECRET_KEYS, after any newer ones"
            )
        made_at = moment(self.made_at)
        if now - made_at > CEILING:
            raise BackupError(
                f"it was made on {made_at:%Y-%m-%d}, and nothing may be kept longer than {CEILING.days} days: delete it"
            )
        if made_at - now > CLOCKS_DIFFER:
            raise BackupError(f"it was made on {made_at:%Y-%m-%d %H:%M} UTC, which is still to come: set the clock")
        known = {table.name: table.columns for table in TABLES}
        if any(set(columns) - set(known.get(name, ())) for name, columns in self.tables.items()):
            raise BackupError("it was made by a newer release: restore it with that one")


class _Portion(msgspec.Struct, array_like=True):
    table: str
    rows: list[list[Any]]


@dataclass(frozen=True, slots=True)
class Restored:
    made_at: datetime
    counts: Mapping[str, int]  # rows by table
    erased: int  # submissions that were due since
    unsent: int  # letters that will go, some of them again
    paused: tuple[str, ...]  # campaigns
    legal_hold: str  # why nothing was erased, or ""


async def read_snapshot(db: Connection, write: Callable[[bytes], None], now: datetime) -> dict[str, int]:
    """As `Administration.back_up`."""
    keys = str(await db.fetchval("SELECT value FROM metadata WHERE name = 'keys'") or "").split()
    head = Head(stamp(now), tuple(keys), {table.name: table.columns for table in TABLES})
    write(msgspec.msgpack.encode(head))
    counts = {table.name: 0 for table in TABLES}
    for table in TABLES:
        key, columns = ", ".join(table.key), ", ".join(table.columns)
        query = f"SELECT {key}, {columns} FROM {table.name} WHERE {table.where}"
        after, last = "", ()
        while True:
            rows = await db.fetch(f"{query}{after} ORDER BY {key} LIMIT {PORTION}", *last)
            if not rows:
                break
            last = tuple(rows[-1])[: len(table.key)]
            after = f" AND ({key}) > ({', '.join(f'${place}' for place in range(1, len(last) + 1))})"
            portion = _Portion(table.name, [_portable(table, tuple(row)[len(last) :]) for row in rows])
            write(msgspec.msgpack.encode(portion))
            counts[table.name] += len(rows)
    return counts


async def restore(
    db: Connection, chunks: Chunks, now: datetime, keep: timedelta, report: Callable[[str], None], *, hold: bool
) -> Restored:
    """As `Administration.restore`."""
    await db.lock(INTAKE_LOCK)
    for table in TABLES:
        if table.name != "metadata" and await db.fetchval(f"SELECT 1 FROM {table.name} LIMIT 1"):
            raise StoreError(
                "the database has rows, and a backup goes only into an empty one. Stop the relay and move the database"
                " away, or name another one in BEACONPOST_DATABASE"
            )
    remaining = iter(chunks())
    head = read_head(next(remaining))
    head.check(now, db.vault.keyring.fingerprints)
    counts: dict[str, int] = {}
    for portion in map(msgspec.msgpack.Decoder(_Portion).decode, remaining):
        if portion.table not in counts:
            report(portion.table)
        # A legal hold that is in force here already stays; the keys are the backup's.
        clause = "ON CONFLICT (name) DO UPDATE SET value = excluded.value" if portion.table == "metadata" else ""
        await db.insert(portion.table, head.tables[portion.table], portion.rows, clause)
        counts[portion.table] = counts.get(portion.table, 0) + len(portion.rows)
    erased, chunk = 0, CHUNK
    while chunk == CHUNK:
        chunk = await forget(db, now, keep)
        erased += chunk
    made_at = moment(head.made_at)
    paused = await _pause_all(db, f"restored from a backup of {made_at:%Y-%m-%d %H:%M} UTC", now) if hold else ()
    unsent = await db.fetchval("SELECT count(*) FROM letters WHERE status IN ('queued', 'sending') AND NOT withdrawn")
    return Restored(made_at, counts, erased, int(unsent), paused, await legal_hold(db))


def read_head(chunk: bytes) -> Head:
    """Of a backup's first chunk. Raises BackupError."""
    try:
        return msgspec.msgpack.decode(chunk, type=Head)
    except msgspec.MsgspecError:
        raise BackupError("it was made by another release: restore it with that one") from None


async def _pause_all(db: Connection, reason: str, now: datetime) -> tuple[str, ...]:
    """The campaigns that have letters to send, or might after somebody's yes. An organizer's pause is not enough: who
    ends it does not know what went."""
    rows = await db.fetch(
        "SELECT DISTINCT campaign FROM letters WHERE status IN ('held', 'queued', 'sending')"
        " AND campaign NOT IN (SELECT name FROM pauses WHERE scope = 'campaign' AND cause = 'operator')"
        " ORDER BY campaign"
    )
    for (campaign,) in rows:
        await pause(db, "campaign", campaign, reason, now)
    return tuple(campaign for (campaign,) in rows)


def _portable(table: Table, row: Iterable[Any]) -> list[Any]:
    return [bool(value) if column in BOOLEANS else value for column, value in zip(table.columns, row, strict=True)]
