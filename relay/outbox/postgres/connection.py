"""PostgreSQL's connection, as the queries ask for it: asyncpg's, which also inserts in bulk and counts what changed."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

import asyncpg

from relay.outbox.sql import Row

Db: TypeAlias = "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"

# What is not text in a table, by column.
TYPES: Final = {
    "join_list": "boolean", "redacted": "boolean", "visible": "boolean", "repeat_key": "bytea", "mailbox_key": "bytea",
    "confirm_hash": "bytea", "hash": "bytea", "accepted_at": "bigint", "created_at": "bigint", "changed_at": "bigint",
    "known_until": "bigint", "due": "bigint", "at": "bigint", "count": "integer",
}  # fmt: skip


class PostgresConnection:
    """A `relay.outbox.sql.Connection`. Raises what asyncpg and the network raise."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def fetch(self, query: str, *given: object) -> list[Row]:
        return list(await self._db.fetch(query, *given))

    async def fetchrow(self, query: str, *given: object) -> Row | None:
        return await self._db.fetchrow(query, *given)

    async def fetchval(self, query: str, *given: object) -> Any:  # noqa: ANN401  (whatever the column holds)
        return await self._db.fetchval(query, *given)

    async def execute(self, query: str, *given: object) -> int:
        tag: str = await self._db.execute(query, *given)  # such as "UPDATE 3"
        return int(tag.rpartition(" ")[2])

    async def executemany(self, query: str, given: Iterable[Sequence[object]]) -> None:
        await self._db.executemany(query, given)

    async def insert(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]], clause: str = ""
    ) -> list[Row]:
        """One statement and one round trip, however many rows."""
        if not rows:
            return []
        given = ", ".join(f"${place}::{TYPES.get(name, 'text')}[]" for place, name in enumerate(columns, 1))
        query = f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM unnest({given}) {clause}"
        return list(await self._db.fetch(query, *map(list, zip(*rows, strict=True))))

    async def lock(self, key: int) -> None:
        await self._db.execute("SELECT pg_advisory_xact_lock($1)", key)
