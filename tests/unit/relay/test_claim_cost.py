"""The cost of claiming, counted in SQLite's steps."""

from datetime import timedelta
from pathlib import Path

from relay.outbox import queue
from relay.outbox.intake import accept_all
from relay.outbox.rows import Post
from relay.outbox.sqlite.connection import SqliteConnection, drive
from relay.outbox.sqlite.database import open_database
from tests.samples.letters import NOON, letters, submission
from tests.samples.settings import find_keys

LEASE = timedelta(minutes=5)


def test_claiming_costs_no_more_when_thousands_wait(tmp_path: Path) -> None:
    def steps(waiting: int) -> int:
        db, vault = open_database(tmp_path / f"{waiting}.db", find_keys)
        db.execute("BEGIN")
        for number in range(waiting):
            post = submission(number)
            drive(accept_all(SqliteConnection(db, vault), [Post(post, letters(post), None, "never", None, None)]))
        db.execute("COMMIT")
        count = 0

        def step() -> int:
            nonlocal count
            count += 1
            return 0

        db.set_progress_handler(step, 10)
        assert len(drive(queue.claim(SqliteConnection(db, vault), "smtp", NOON, LEASE, 1))) == 1
        assert drive(queue.next_due(SqliteConnection(db, vault), "smtp")) == NOON
        db.close()
        return count

    assert steps(1_000) <= steps(10) + 5
