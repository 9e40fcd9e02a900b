"""The writer thread. Jobs that arrive together are committed together; posts share a few statements. If those fail, and
for all other jobs, each job has its own SAVEPOINT, so that a failing one affects no other.
"""

import asyncio
import contextlib
import sqlite3
from queue import SimpleQueue
from threading import Thread

from relay.errors import StoreError
from relay.keys.vault import Vault
from relay.outbox.group_commit import GroupCommit, Job
from relay.outbox.intake import accept_all
from relay.outbox.sqlite.connection import SqliteConnection, drive
from relay.outbox.sqlite.write_lock import WriteLock


class SqliteWriter(GroupCommit):
    """Owns `connection`. Raises OSError if no lock file can be created beside the database."""

    def __init__(self, connection: sqlite3.Connection, vault: Vault, limit: int) -> None:
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        super().__init__(self._jobs, accept_all, limit)
        self._connection = connection
        self._db = SqliteConnection(connection, vault)
        self._write_lock = WriteLock(connection)
        self._loop = asyncio.get_running_loop()
        self._thread = Thread(target=self._serve, name="outbox-writer", daemon=True)
        self._thread.start()

    async def _join(self) -> None:
        await asyncio.to_thread(self._thread.join)

    def _serve(self) -> None:
        last = False
        while not last:
            jobs, last = self._batch(self._jobs.get())
            if jobs:
                self._commit(jobs)
                with contextlib.suppress(RuntimeError):  # the event loop is gone, and so are the callers
                    self._loop.call_soon_threadsafe(self._resolve, jobs)
        self._connection.close()
        self._write_lock.close()

    def _commit(self, jobs: list[Job]) -> None:
        try:
            self._write_lock.begin()
            self._store_together([job for job in jobs if job.post])
            for job in jobs:
                if not job.done:
                    self._attempt(job)
            self._connection.execute("COMMIT")
        except BaseException as error:  # the thread must survive: the disk may have room again
            failure = StoreError(f"nothing could be stored: {error}")
            failure.__cause__ = error
            for job in jobs:
                job.failure = job.failure or failure
            with contextlib.suppress(sqlite3.Error):
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def _store_together(self, jobs: list[Job]) -> None:
        """All of them, or none; then each is attempted alone."""
        if not jobs:
            return
        self._connection.execute("SAVEPOINT posts")
        try:
            drive(self._accept_together(self._db, jobs))
        except Exception:
            if not self._connection.in_transaction:
                raise
            self._connection.execute("ROLLBACK TO posts")
        self._connection.execute("RELEASE posts")

    def _attempt(self, job: Job) -> None:
        self._connection.execute("SAVEPOINT job")
        try:
            job.outcome = drive(job.work(self._db))
        except Exception as error:
            if (
                not self._connection.in_transaction
            ):  # a full disk rolls back all: https://www.sqlite.org/lang_transaction.html
                raise
            self._connection.execute("ROLLBACK TO job")
            unstored = isinstance(error, (sqlite3.Error, UnicodeError))
            job.failure = StoreError(f"not stored: {error}") if unstored else error
        self._connection.execute("RELEASE job")
