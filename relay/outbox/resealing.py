"""After a new secret was put first: seal every row with it, so that the older one can be removed."""

from typing import Final

from relay.keys.keyring import FINGERPRINT
from relay.outbox.rows import LETTER_ROW, MEMBER_ROW, PARTICIPANT_ROW, SUBMISSION_ROW, TOWN_ROW
from relay.outbox.sql import Connection
from relay.outbox.unlocking import remember_keys, store_hash_key

CHUNK: Final = 500  # rows per transaction, so that posts do not wait for long
TABLES: Final = (
    ("submissions", "id", SUBMISSION_ROW),
    ("letters", "id", LETTER_ROW),
    ("participants", "submission", PARTICIPANT_ROW),
    ("members", "submission", MEMBER_ROW),
    ("town_tallies", "id", TOWN_ROW),
)


async def reseal(db: Connection) -> int:
    """Up to CHUNK rows. Returns how many; call until it is 0."""
    newest = db.vault.keyring.fingerprints[0]
    for table, key, name in TABLES:
        rows = await db.fetch(
            f"SELECT {key}, sealed FROM {table} WHERE length(sealed) > 0 AND substr(sealed, 1, {FINGERPRINT}) <> $1"
            f" LIMIT {CHUNK} FOR UPDATE",
            bytes.fromhex(newest),
        )
        if rows:
            resealed = []
            for row, sealed in rows:
                place = name.format(row)
                resealed.append((db.vault.seal(place, db.vault.open(place, sealed)), row))
            await db.executemany(f"UPDATE {table} SET sealed = $1 WHERE {key} = $2", resealed)
            return len(rows)
    await store_hash_key(db, db.vault)
    await remember_keys(db, [newest])
    return 0


async def count_by_key(db: Connection) -> dict[str, int]:
    """The number of sealed rows by the fingerprint of their key."""
    counts: dict[str, int] = {}
    for table, _, _ in TABLES:
        rows = await db.fetch(
            f"SELECT substr(sealed, 1, {FINGERPRINT}), count(*) FROM {table} WHERE length(sealed) > 0"
            f" GROUP BY substr(sealed, 1, {FINGERPRINT})"
        )
        for fingerprint, count in rows:
            counts[fingerprint.hex()] = counts.get(fingerprint.hex(), 0) + int(count)
    return counts
