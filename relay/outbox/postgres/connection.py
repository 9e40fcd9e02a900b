"""What the queries need of a database, by asyncpg."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

import asyncpg

from relay.keys.vault import Vault
from relay.outbox.sql import Row

Db: TypeAlias = "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"

# The types of columns that are not text.
COLUMN_TYPES: Final = {
    "join_list": "boolean", "gave_reason": "boolean", "own_words": "boolean",
    "redacted": "boolean", "visible": "boolean", "repeat_key": "bytea", "mailbox_key": "bytea",
    "pending_key": "bytea", "folded_key": "bytea", "confirm_hash": "bytea", "hash": "bytea", "sealed": "bytea",
    "mark": "bytea", "person": "bytea", "bucket": "bytea", "accepted_at": "bigint", "created_at": "bigint",
    "changed_at": "bigint", "known_until": "bigint", "due": "bigint", "at": "bigint", "count": "integer",
    "erased_at": "bigint", "since": "bigint", "until": "bigint", "withdrawn": "boolean", "reported": "boolean",
    "attempts": "integer", "policy_blocks": "integer", "claim": "integer", "failed_probes": "integer",
    "failed_trials": "integer", "by_report": "boolean",
}  # fmt: skip


class PostgresConnection:
    """A `relay.outbox.sql.Connection`. Raises what asyncpg and the network raise."""

    def __init__(self, db: Db, vault: Vault | None = None) -> None:
        self._db = db
        self._vault = vault

    @property
    def vault(self) -> Vault:
        assert self._vault, "the database is not unlocked yet"
        return self._vault

    async def fetch(self, query: str, *args: object) -> list[Row]:
        return list(await self._db.fetch(query, *args))

    async def fetchrow(self, query: str, *args: object) -> Row | None:
        return await self._db.fetchrow(query, *args)

    async def fetchval(self, query: str, *args: object) -> Any:  # noqa: ANN401  (whatever the column holds)
        return await self._db.fetchval(query, *args)

    async def execute(self, query: str, *args: object) -> int:
        tag: str = await self._db.execute(query, *args)  # such as "UPDATE 3"
        return int(tag.rpartition(" ")[2])

    async def executemany(self, query: str, rows: Iterable[Sequence[object]]) -> None:
        await self._db.executemany(query, rows)

    async def insert(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]], clause: str = ""
    ) -> list[Row]:
        """One statement and one round trip, however many rows."""
        if not rows:
            return []
        arrays = ", ".join(f"${place}::{COLUMN_TYPES.get(name, 'text')}[]" for place, name in enumerate(columns, 1))
        query = f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM unnest({arrays}) {clause}"
        return list(await self._db.fetch(query, *map(list, zip(*rows, strict=True))))

    async def lock(self, key: int) -> None:
        await self._db.execute("SELECT pg_advisory_xact_lock($1)", key)
