"""Inspects a store from outside and lets time pass in it; the same calls for both stores."""
# ruff: noqa: S608 - put together from constants

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final, Protocol

import asyncpg

from relay.outbox.rows import LETTER_ROW
from tests.samples.settings import find_keys

SQLITE: Final = "sqlite:///"
TABLES: Final = (
    "slots",
    "retries",
    "traces",
    "day_keys",
    "opt_outs",
    "receipts",
    "participants",
    "members",
    "tallies",
    "town_tallies",
    "attempts",
    "pauses",
    "suppressions",
    "metadata",
    "letters",
    "submissions",
)
DAY: Final = timedelta(days=1) // timedelta(microseconds=1)


class Books(Protocol):
    """SQL that both stores accept, one statement at a time."""

    async def read(self, query: str) -> list[tuple[Any, ...]]: ...

    async def columns(self) -> dict[str, set[str]]:
        """The names of every table's columns."""

    async def lock(self) -> None:
        """Block other writers of letters until `unlock`; readers go on."""

    async def unlock(self) -> None: ...

    async def cut_off(self) -> None:
        """Close every other connection to the store, if there are any."""


async def writers_of(books: Books) -> dict[str, str]:
    """The Reply-To of each letter whose text is kept, by letter id."""
    keyring = find_keys(sealed=True)
    rows = await books.read("SELECT id, sealed FROM letters WHERE length(sealed) > 0")
    return {letter: keyring.open(LETTER_ROW.format(letter), sealed)[3] for letter, sealed in rows}


async def empty(books: Books) -> None:
    """Delete everything."""
    for table in TABLES:
        await books.read(f"DELETE FROM {table}")


async def pass_time(books: Books, *, leases: bool) -> None:
    """Advance a day: deferred letters become due. leases: expire them too; only while nobody holds a letter."""
    await books.read(f"UPDATE letters SET due = due - {DAY} WHERE status = 'queued'")
    if leases:
        await books.read(f"UPDATE letters SET due = due - {DAY} WHERE status = 'sending'")


@asynccontextmanager
async def open_books(store: str) -> AsyncIterator[Books]:
    """store: as BEACONPOST_DATABASE."""
    books: _Sqlite | _Postgres
    if store.startswith(SQLITE):
        books = _Sqlite(sqlite3.connect(store.removeprefix(SQLITE), isolation_level=None, timeout=30))
    else:
        books = _Postgres(await asyncpg.connect(store))
    try:
        yield books
    finally:
        await books.close()


class _Sqlite:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    async def read(self, query: str) -> list[tuple[Any, ...]]:
        return self._db.execute(query).fetchall()

    async def columns(self) -> dict[str, set[str]]:
        tables = await self.read("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return {
            name: {column for (column,) in await self.read(f"SELECT name FROM pragma_table_info('{name}')")}
            for (name,) in tables
        }

    async def lock(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    async def unlock(self) -> None:
        self._db.execute("ROLLBACK")

    async def cut_off(self) -> None:
        pass

    async def close(self) -> None:
        self._db.close()


class _Postgres:
    def __init__(self, db: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._db = db

    async def read(self, query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self._db.fetch(query)]

    async def columns(self) -> dict[str, set[str]]:
        tables: dict[str, set[str]] = {}
        for table, column in await self.read(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        ):
            tables.setdefault(table, set()).add(column)
        return tables

    async def lock(self) -> None:
        await self._db.execute("BEGIN; LOCK TABLE letters IN EXCLUSIVE MODE")

    async def unlock(self) -> None:
        await self._db.execute("ROLLBACK")

    async def cut_off(self) -> None:
        await self._db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    async def close(self) -> None:
        await self._db.close()
