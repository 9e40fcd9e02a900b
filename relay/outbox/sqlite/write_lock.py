"""A fair write lock for one SQLite file: processes take turns.

SQLite gives its lock to whoever asks first once it is free, which is nearly always the process that just released it:
the others sleep up to 100 ms between attempts (https://www.sqlite.org/c3ref/busy_timeout.html), and on a busy server
they time out. So whoever waits for SQLite's lock holds an flock meanwhile, and the next process waits for the flock.
"""

import fcntl
import os
import sqlite3


class WriteLock:
    """For the file that `connection` writes to; an empty file beside it. Raises OSError if that cannot be created."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        path = connection.execute("PRAGMA database_list").fetchone()[2]
        self._connection = connection
        self._lock_file = os.open(f"{path}-turn", os.O_RDWR | os.O_CREAT, 0o600)

    def begin(self) -> None:
        """BEGIN IMMEDIATE when it is this connection's turn. Raises sqlite3.Error."""
        fcntl.flock(self._lock_file, fcntl.LOCK_EX)
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        finally:
            fcntl.flock(self._lock_file, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._lock_file)
