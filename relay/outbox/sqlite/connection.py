"""SQLite's connection, as the queries ask for it. Nothing in here ever waits, so `drive` needs no event loop."""

import re
import sqlite3
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final, TypeVar

from relay.outbox.sql import Row

T = TypeVar("T")
PORTION: Final = 64  # rows of an insert, or members of a list, a statement
LIST: Final = re.compile(r"= ANY\(\$\d+\)")


def drive(work: Coroutine[Any, Any, T]) -> T:
    """Run it to its end in this thread. Raises what it raises, and RuntimeError if it waits for anything."""
    try:
        work.send(None)
    except StopIteration as end:
        outcome: T = end.value
        return outcome
    work.close()
    raise RuntimeError("a query waited for something other than the database")


class SqliteConnection:
    """A `relay.outbox.sql.Connection`. Raises sqlite3.Error."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    async def fetch(self, query: str, *given: object) -> list[Row]:
        return [row for cursor in self._run(query, given) for row in cursor.fetchall()]

    async def fetchrow(self, query: str, *given: object) -> Row | None:
        return self._db.execute(_in_sqlite(query), given).fetchone()

    async def fetchval(self, query: str, *given: object) -> Any:  # noqa: ANN401  (whatever the column holds)
        found = self._db.execute(_in_sqlite(query), given).fetchone()
        return found[0] if found else None

    async def execute(self, query: str, *given: object) -> int:
        return sum(cursor.rowcount for cursor in self._run(query, given))

    async def executemany(self, query: str, given: Iterable[Sequence[object]]) -> None:
        self._db.executemany(_in_sqlite(query), given)

    async def insert(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]], clause: str = ""
    ) -> list[Row]:
        """SQLite lets Python's lock go while it works on a statement: one a row would hand the lock to and fro between
        this thread and the one that answers, and both would mostly wait for it."""
        returned: list[Row] = []
        row = f"({', '.join('?' * len(columns))})"
        for some in _portions(rows):
            query = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * len(some))} {clause}"
            returned += self._db.execute(query, [value for one in some for value in one]).fetchall()
        return returned

    async def lock(self, key: int) -> None:
        """Who writes has the whole file."""

    def _run(self, query: str, given: tuple[object, ...]) -> Iterator[sqlite3.Cursor]:
        members = given[-1] if given else None
        if not isinstance(members, list):
            yield self._db.execute(_in_sqlite(query), given)
            return
        others = given[:-1]
        for some in _portions(members):
            yield self._db.execute(_in_sqlite(query, len(given), len(some)), (*others, *some))


@lru_cache(1_000)
def _in_sqlite(query: str, place: int = 0, members: int = 0) -> str:
    """PostgreSQL's words in SQLite's. place, members: of a list, where it stands and how long it is."""
    some = ", ".join(f"?{number}" for number in range(place, place + members))
    return LIST.sub(f"IN ({some})", query.partition(" FOR UPDATE")[0]).replace("$", "?")


def _portions(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """In powers of two, so that a few prepared statements do for any number."""
    at = 0
    while at < len(rows):
        size = min(PORTION, 1 << (len(rows) - at).bit_length() - 1)
        yield rows[at : at + size]
        at += size
