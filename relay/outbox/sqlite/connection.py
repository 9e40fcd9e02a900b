"""SQLite's connection, as the queries ask for it. Nothing in here ever waits, so `drive` needs no event loop."""

import re
import sqlite3
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final, TypeVar

from relay.keys.vault import Vault
from relay.outbox.sql import Row

T = TypeVar("T")
PORTION: Final = 64  # rows of an insert, or members of a list, per statement
LIST: Final = re.compile(r"= ANY\(\$\d+\)")


def drive(work: Coroutine[Any, Any, T]) -> T:
    """Run the coroutine to its end in this thread. Raises what it raises, and RuntimeError if it suspends."""
    try:
        work.send(None)
    except StopIteration as end:
        outcome: T = end.value
        return outcome
    work.close()
    raise RuntimeError("a query waited for something other than the database")


class SqliteConnection:
    """A `relay.outbox.sql.Connection`. Raises sqlite3.Error."""

    def __init__(self, db: sqlite3.Connection, vault: Vault | None = None) -> None:
        self._db = db
        self._vault = vault

    @property
    def vault(self) -> Vault:
        assert self._vault, "the database is not unlocked yet"
        return self._vault

    async def fetch(self, query: str, *args: object) -> list[Row]:
        return [row for cursor in self._run(query, args) for row in cursor.fetchall()]

    async def fetchrow(self, query: str, *args: object) -> Row | None:
        return self._db.execute(_in_sqlite(query), args).fetchone()

    async def fetchval(self, query: str, *args: object) -> Any:  # noqa: ANN401  (whatever the column holds)
        row = self._db.execute(_in_sqlite(query), args).fetchone()
        return row[0] if row else None

    async def execute(self, query: str, *args: object) -> int:
        return sum(cursor.rowcount for cursor in self._run(query, args))

    async def executemany(self, query: str, rows: Iterable[Sequence[object]]) -> None:
        self._db.executemany(_in_sqlite(query), rows)

    async def insert(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]], clause: str = ""
    ) -> list[Row]:
        """SQLite releases the GIL during each statement. One statement per row would pass it back and forth between
        this thread and the event loop, and both would mostly wait for it."""
        returned: list[Row] = []
        row = f"({', '.join('?' * len(columns))})"
        for some in _portions(rows):
            query = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * len(some))} {clause}"
            returned += self._db.execute(query, [value for values in some for value in values]).fetchall()
        return returned

    async def lock(self, key: int) -> None:
        """A writer has the whole file locked anyway."""

    def _run(self, query: str, args: tuple[object, ...]) -> Iterator[sqlite3.Cursor]:
        members = args[-1] if args else None
        if not isinstance(members, list):
            yield self._db.execute(_in_sqlite(query), args)
            return
        others = args[:-1]
        for some in _portions(members):
            yield self._db.execute(_in_sqlite(query, len(args), len(some)), (*others, *some))


@lru_cache(1_000)
def _in_sqlite(query: str, place: int = 0, members: int = 0) -> str:
    """A PostgreSQL query in SQLite's dialect. place, members: position and length of the list argument."""
    some = ", ".join(f"?{number}" for number in range(place, place + members))
    return LIST.sub(f"IN ({some})", query.partition(" FOR UPDATE")[0]).replace("$", "?")


def _portions(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """In powers of two, so that a few prepared statements serve any number of rows."""
    at = 0
    while at < len(rows):
        size = min(PORTION, 1 << (len(rows) - at).bit_length() - 1)
        yield rows[at : at + size]
        at += size
