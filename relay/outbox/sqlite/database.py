"""Open the SQLite file: check that it is ours, intact and of a known version, and migrate it; else leave it alone."""

import os
import sqlite3
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

from relay.errors import KeyMissing, StoreError
from relay.keys.vault import Vault
from relay.outbox.sqlite.connection import SqliteConnection, drive
from relay.outbox.unlocking import FindKeys, seal_plain_rows, unlock

APPLICATION_ID: Final = 0x42434E50  # "BCNP", https://www.sqlite.org/pragma.html#pragma_application_id
MIGRATIONS: Final = (
    "1-initial.sql",
    "2-throttle.sql",
    "3-denied.sql",
    "4-greeting.sql",
    "5-names.sql",
    "6-repeats.sql",
    "7-sealed.sql",
    "8-plain-text-dropped.sql",
    "9-one-hand.sql",
    "10-organizer-pauses.sql",
    "11-retries.sql",
    "12-trials.sql",
    "13-members.sql",
    "14-desk.sql",
)  # user_version n: the first n have run; append, never edit
SEALED: Final = "7-sealed.sql"  # after it, the rows of an earlier release are sealed
LOCK_TIMEOUT_MS: Final = 5_000
LOCK_RETRY_MS: Final = 10
MAGIC: Final = b"SQLite format 3\0"  # https://www.sqlite.org/fileformat.html section 1.3


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection in autocommit mode; writers use BEGIN IMMEDIATE. Raises sqlite3.Error.

    synchronous=FULL: committed means on disk. secure_delete: erased text is overwritten, not just unlinked.
    """
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA busy_timeout = {LOCK_TIMEOUT_MS}")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")  # no text of a letter in a temporary file
        connection.create_function("convert_to", 2, lambda text, encoding: text.encode(encoding), deterministic=True)
        if read_only:
            connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def open_database(path: Path, find_keys: FindKeys) -> tuple[sqlite3.Connection, Vault]:
    """The file at `path`, created if absent, migrated to the newest version and unlocked. Raises StoreError, saying
    why."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # letters: readable by the owner only
        with path.open("rb") as file:
            first = file.read(len(MAGIC))
        if first and first != MAGIC:  # SQLite itself would overwrite a file of a few bytes
            raise StoreError(f"cannot use the database {path}: it is not one. It was left as it is.")
        connection = connect(path)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"cannot open the database {path}: {error}") from error
    try:
        _check(connection)
        _switch_to_wal(connection)
        vault = _migrate(connection, find_keys)
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
    except (StoreError, sqlite3.Error) as error:
        connection.close()
        kind = KeyMissing if isinstance(error, KeyMissing) else StoreError
        raise kind(f"cannot use the database {path}: {error}. It was left as it is.") from error
    except BaseException:
        connection.close()
        raise
    return connection, vault


def _number(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])


def _check(connection: sqlite3.Connection) -> None:
    """Before the first write, reject a file that is not ours, damaged, or newer than this release."""
    owner = _number(connection, "PRAGMA application_id")
    if owner != APPLICATION_ID:
        if owner or _number(connection, "SELECT count(*) FROM sqlite_schema"):
            raise StoreError("it belongs to another program")
        return
    version = _number(connection, "PRAGMA user_version")
    if version > len(MIGRATIONS):
        raise StoreError(f"it has version {version}, this release knows {len(MIGRATIONS)}: use the newer release")
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise StoreError(f"it is damaged: {verdict.splitlines()[-1]}. Restore a backup, or move it away to start anew")


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """If several processes start together on a new file, only one can switch it. SQLite's busy handler is not
    called for that lock (https://www.sqlite.org/c3ref/busy_handler.html), so we wait as it would."""
    for _ in range(LOCK_TIMEOUT_MS // LOCK_RETRY_MS):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(LOCK_RETRY_MS / 1000)
        else:
            return
    raise StoreError(f"another process has kept it locked for {LOCK_TIMEOUT_MS} ms")


def _migrate(connection: sqlite3.Connection, find_keys: FindKeys) -> Vault:
    """Unlock it and run the migrations that have not run, in one transaction; if several processes start together, one
    does it."""
    db, vault = SqliteConnection(connection), None
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _number(connection, "PRAGMA user_version")
        for name in MIGRATIONS[version:]:
            for statement in _statements(files("relay.outbox.sqlite").joinpath("migrations", name).read_text("utf-8")):
                connection.execute(statement)
            if name == SEALED:
                vault = drive(unlock(db, find_keys))
                drive(seal_plain_rows(db, vault))
        vault = vault or drive(unlock(db, find_keys))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    if 0 < version < MIGRATIONS.index(SEALED) + 1:  # the old pages hold what was in the clear
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return vault


def _statements(script: str) -> Iterator[str]:
    """Split a script; `executescript` would commit between the statements."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
