"""Writers of one SQLite file take turns.

SQLite gives its lock to whoever asks first once it is free, and that is nearly always the process that has just let
go: the others sleep up to 100 ms between two tries (https://www.sqlite.org/c3ref/busy_timeout.html), and on a busy
server they time out. So whoever waits for SQLite's lock holds a door meanwhile, and the next one waits at the door.
"""

import fcntl
import os
import sqlite3


class Turn:
    """The door of the file that `connection` writes to, an empty file beside it. Raises OSError if it can't be made."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        path = connection.execute("PRAGMA database_list").fetchone()[2]
        self._connection = connection
        self._door = os.open(f"{path}-turn", os.O_RDWR | os.O_CREAT, 0o600)

    def begin(self) -> None:
        """BEGIN IMMEDIATE when it is this connection's turn. Raises sqlite3.Error."""
        fcntl.flock(self._door, fcntl.LOCK_EX)
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        finally:
            fcntl.flock(self._door, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._door)
