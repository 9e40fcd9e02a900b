"""Copies of the database file from before an upgrade, beside it: `beaconpost upgrade` makes them, `--undo` goes back to
the newest, and the relay erases them when they are as old as it keeps people."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from relay.errors import StoreError
from relay.outbox.sqlite.database import MIGRATIONS, SEALED

NEWEST: Final = len(MIGRATIONS)
SEALED_SINCE: Final = MIGRATIONS.index(SEALED) + 1  # the first version that encrypts
SUFFIX: Final = ".version-"


def read_version(path: Path) -> int:
    """Of the database at `path`, without changing it. Raises StoreError."""
    return _ask(path, "PRAGMA user_version")


def count_letters(path: Path) -> int:
    """In a database of any version, without changing it. Raises StoreError."""
    return _ask(path, "SELECT count(*) FROM letters")


def _ask(path: Path, query: str) -> int:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            return int(db.execute(query).fetchone()[0])
    except sqlite3.Error as error:
        raise StoreError(f"cannot read the database {path}: {error}") from error


def copy_database(path: Path, version: int) -> Path:
    """A copy, whole while others write; readable by its owner only. Raises StoreError."""
    copy = path.with_name(f"{path.name}{SUFFIX}{version}")
    copy.unlink(missing_ok=True)
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(path)) as db, closing(sqlite3.connect(copy)) as target:
            db.backup(target)
    except sqlite3.Error as error:
        copy.unlink()
        raise StoreError(f"cannot copy the database {path}: {error}. It was left as it is.") from error
    return copy


def list_copies(path: Path) -> list[Path]:
    """The newest first."""
    return sorted(path.parent.glob(f"{path.name}{SUFFIX}*"), key=lambda copy: copy.stat().st_mtime, reverse=True)


def go_back(path: Path) -> int:
    """Put the newest copy in the database's place. Returns its version. Raises StoreError if there is none."""
    copies = list_copies(path)
    if not copies:
        raise StoreError(f"there is no copy of {path} to go back to")
    version = read_version(copies[0])
    for name in ("-wal", "-shm"):
        path.with_name(path.name + name).unlink(missing_ok=True)
    copies[0].replace(path)
    return version


def forget_copies(path: Path, before: datetime) -> int:
    """Erase those made before that time (aware). Returns how many."""
    due = [copy for copy in list_copies(path) if datetime.fromtimestamp(copy.stat().st_mtime, UTC) < before]
    for copy in due:
        copy.unlink()
    return len(due)
