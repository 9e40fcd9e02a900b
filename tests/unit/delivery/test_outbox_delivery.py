"""What claiming costs, counted in SQLite's own steps."""

from datetime import timedelta
from pathlib import Path

from relay.outbox import delivery
from relay.outbox.accepting import accept_all
from relay.outbox.database import open_database
from relay.outbox.pacing import FREELY
from relay.outbox.posts import Post
from tests.unit.delivery.letters import NOON, letters, submission

LEASE = timedelta(minutes=5)


def test_claiming_costs_no_more_when_thousands_wait(tmp_path: Path) -> None:
    def steps(waiting: int) -> int:
        db = open_database(tmp_path / f"{waiting}.db")
        db.execute("BEGIN")
        for number in range(waiting):
            post = submission(number)
            accept_all(db, [Post(post, letters(post), None, "never", None)])
        db.execute("COMMIT")
        count = 0

        def step() -> int:
            nonlocal count
            count += 1
            return 0

        db.set_progress_handler(step, 10)
        assert len(delivery.claim(db, "smtp", NOON, LEASE, 1, FREELY)) == 1
        assert delivery.next_due(db, "smtp") == NOON
        db.close()
        return count

    assert steps(1_000) <= steps(10) + 5
