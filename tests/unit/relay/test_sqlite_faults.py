"""Accepted means on disk, and no disk error leaves part of a post."""
# ruff: noqa: ASYNC230, ASYNC240 - a test may block its own loop

import asyncio
import fcntl
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from relay.errors import StoreBusy, StoreError
from relay.outbox import group_commit
from relay.outbox.sqlite import SqliteOutbox, open_sqlite
from relay.outbox.sqlite.database import MIGRATIONS, connect, open_database
from relay.outbox.sqlite.writer import SqliteWriter
from tests.samples.letters import letters, submission
from tests.samples.settings import find_keys

pytestmark = pytest.mark.anyio
ROOT: Final = Path(__file__).parents[3]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


@pytest.fixture
async def outbox(path: Path) -> AsyncIterator[SqliteOutbox]:
    outbox = await open_sqlite(path, find_keys)
    yield outbox
    await outbox.close()


async def post(outbox: SqliteOutbox, number: int, padding: int = 0) -> None:
    made = submission(number)
    bodies = [replace(letter, body=letter.body + secrets.token_hex(padding // 2)) for letter in letters(made)]
    await outbox.accept(made, bodies, None, "suspicious")


def another_process(path: Path, first: int, last: int) -> "subprocess.Popen[str]":
    """Start a process that accepts the posts from `first` up to `last` into the same file."""
    command = [sys.executable, "-m", "tests.unit.relay.accepting_process", str(path), str(first), str(last)]
    return subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
    )


def test_opening_waits_while_another_process_creates_the_file(path: Path) -> None:
    open_database(path, find_keys)[0].close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode = DELETE")
    other.execute(
        "BEGIN IMMEDIATE"
    )  # now nobody can switch the journal mode, and SQLite does not wait for that by itself
    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(open_database, path, find_keys)
        assert not wait([opening], timeout=0.3).done  # it neither failed nor finished
        other.close()
        opened, _ = opening.result()
    assert opened.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    opened.close()


async def test_two_processes_write_to_one_file_and_lose_nothing(path: Path) -> None:
    with another_process(path, 1, 301) as first, another_process(path, 301, 601) as second:
        said = [line for process in (first, second) for line in (process.communicate()[0]).split()]
    assert (first.returncode, second.returncode) == (0, 0)
    assert len(said) == 602
    outbox = await open_sqlite(path, find_keys)
    assert await outbox.count_by_status() == {"queued": 1_200}
    assert await outbox.count("safe-communities-act") == 600
    await outbox.close()


@pytest.mark.parametrize("after", [1, 57, 400])
async def test_everything_that_a_killed_process_accepted_is_stored(path: Path, after: int) -> None:
    with another_process(path, 1, 1_000_000) as process:
        assert process.stdout
        said = [process.stdout.readline() for _ in range(after + 1)]
        process.send_signal(signal.SIGKILL)
        said += process.stdout.readlines()
    accepted = {int(line) for line in said[1:] if line.endswith("\n")}
    assert len(accepted) >= after
    outbox = await open_sqlite(path, find_keys)
    for number in accepted:
        receipt = await outbox.receipt(f"receipt-{number}")
        assert receipt
        assert len(receipt.letters) == 2
    states = await outbox.count_by_status()
    assert states["queued"] == 2 * await outbox.count("safe-communities-act")
    await outbox.close()


async def test_a_full_disk_accepts_nothing_and_recovers_by_itself(path: Path) -> None:
    connection, vault = open_database(path, find_keys)
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 20}")  # SQLITE_FULL, as from a full disk
    writer = SqliteWriter(connection, vault, 100)
    outbox = SqliteOutbox(writer, connect(path, read_only=True), vault)
    accepted: list[int] = []
    with pytest.raises(StoreError):  # noqa: PT012 - the disk decides which post is refused
        for number in range(1, 100):
            await post(outbox, number, padding=5_000)
            accepted.append(number)
    assert accepted
    assert await outbox.count_by_status() == {"queued": 2 * len(accepted)}
    await writer.run(lambda db: db.fetch("PRAGMA max_page_count = 100000"))
    await post(outbox, 100, padding=5_000)
    assert await outbox.count_by_status() == {"queued": 2 * len(accepted) + 2}
    await outbox.close()


async def test_posts_in_the_commit_that_fills_the_disk_are_refused_or_kept_whole(
    path: Path,
) -> None:
    connection, vault = open_database(path, find_keys)
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 20}")
    outbox = SqliteOutbox(SqliteWriter(connection, vault, 100), connect(path, read_only=True), vault)
    answers = await asyncio.gather(*(post(outbox, number, 5_000) for number in range(1, 41)), return_exceptions=True)
    assert {type(answer) for answer in answers} <= {type(None), StoreError}
    assert any(answers)
    kept = sum(answer is None for answer in answers)
    assert sum((await outbox.count_by_status()).values()) == 2 * kept
    await outbox.close()


def test_a_file_size_limit_refuses_posts_and_spoils_none(path: Path) -> None:
    """A real write error from the kernel, in a separate process: EFBIG, which arrives like ENOSPC."""
    script = (
        "import asyncio, resource, signal, sys; from pathlib import Path\n"
        "from relay.errors import StoreError; from relay.outbox.sqlite import open_sqlite\n"
        "from tests.samples.letters import letters, submission\n"
        "from tests.samples.settings import find_keys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "async def main():\n"
        "    outbox = await open_sqlite(Path(sys.argv[1]), find_keys); refused = kept = 0\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))\n"
        "    for number in range(200):\n"
        "        made = submission(number)\n"
        "        try: await outbox.accept(made, letters(made), None, 'never'); kept += 1\n"
        "        except StoreError: refused += 1\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))\n"
        "    made = submission(1000); await outbox.accept(made, letters(made), None, 'never')\n"
        "    print(kept + 1, refused, sum((await outbox.count_by_status()).values())); await outbox.close()\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, path], cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    kept, refused, stored = map(int, done.stdout.split())
    assert refused
    assert kept > 1
    assert stored == 2 * kept


async def test_a_database_locked_by_another_program_refuses_posts_and_recovers(
    outbox: SqliteOutbox, path: Path
) -> None:
    await outbox._writer.run(lambda db: db.fetch("PRAGMA busy_timeout = 1"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="locked"):
        await post(outbox, 1)
    assert await outbox.count_by_status() == {}
    other.execute("ROLLBACK")
    other.close()
    await post(outbox, 1)
    assert await outbox.count_by_status() == {"queued": 2}


async def test_no_writer_overtakes_a_waiting_one(outbox: SqliteOutbox, path: Path) -> None:
    with closing(connect(path)) as other, Path(f"{path}-turn").open() as door:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(post(outbox, 1))
        blocked = False
        while not (blocked or waiting.done()):
            await asyncio.sleep(0)
            try:
                fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
                fcntl.flock(door, fcntl.LOCK_UN)
            except BlockingIOError:
                blocked = True
        other.execute("COMMIT")
        await waiting
        fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert blocked
    assert await outbox.count_by_status() == {"queued": 2}


async def test_a_read_only_database_refuses_posts_and_recovers(path: Path) -> None:
    connection, vault = open_database(path, find_keys)
    outbox = SqliteOutbox(SqliteWriter(connection, vault, 100), connect(path, read_only=True), vault)
    connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError, match="readonly"):
        await post(outbox, 1)
    connection.execute("PRAGMA query_only = OFF")
    await post(outbox, 1)
    assert await outbox.count_by_status() == {"queued": 2}
    await outbox.close()


async def test_posts_beyond_the_limit_are_refused_and_waiting_ones_are_kept(path: Path) -> None:
    outbox = await open_sqlite(path, find_keys, waiting=5)
    answers = await asyncio.gather(*(post(outbox, number) for number in range(1, 21)), return_exceptions=True)
    busy = sum(isinstance(answer, StoreBusy) for answer in answers)
    assert busy == 15
    assert await outbox.count_by_status() == {"queued": 10}
    await post(outbox, 100)
    await outbox.close()


async def test_a_flood_of_long_letters_turns_itself_away(outbox: SqliteOutbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "MAX_WAITING_TEXT", 10_000)
    flood = [post(outbox, number, padding=2_000) for number in range(1, 11)]
    answers = await asyncio.gather(*flood, *(post(outbox, number) for number in (21, 22)), return_exceptions=True)
    assert [isinstance(answer, StoreBusy) for answer in answers] == [False] * 2 + [True] * 8 + [False] * 2
    await post(outbox, 31, padding=2_000)  # nothing waits any more


async def test_a_cancelled_caller_spoils_nothing(outbox: SqliteOutbox) -> None:
    task = asyncio.create_task(post(outbox, 1))
    await asyncio.sleep(0)
    task.cancel()
    await post(outbox, 2)
    assert await outbox.count_by_status() in ({"queued": 2}, {"queued": 4})


async def test_closing_keeps_submitted_posts_and_refuses_new_ones(path: Path) -> None:
    outbox = await open_sqlite(path, find_keys)
    tasks = [asyncio.create_task(post(outbox, number)) for number in range(1, 51)]
    await asyncio.sleep(0)
    await outbox.close()
    await asyncio.gather(*tasks)
    with pytest.raises(StoreError, match="closed"):
        await post(outbox, 100)
    with pytest.raises(StoreError, match="closed"):
        await outbox.count_by_status()


@pytest.mark.parametrize("content", [b"x", b"not a database\n" * 1_000, b"SQLite format 3\0" + b"\xff" * 9_000])
async def test_a_file_that_is_not_a_database_is_refused_and_unchanged(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"cannot (open|use) the database"):
        await open_sqlite(path, find_keys)
    assert path.read_bytes() == content


async def test_another_programs_database_is_refused_and_unchanged(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        await open_sqlite(path, find_keys)
    assert path.read_bytes() == before


async def test_a_damaged_database_is_refused_and_unchanged(path: Path) -> None:
    outbox = await open_sqlite(path, find_keys)
    for number in range(1, 50):
        await post(outbox, number)
    await outbox.close()
    damaged = bytearray(path.read_bytes())
    damaged[40_000:60_000] = b"\xaa" * 20_000
    path.write_bytes(damaged)
    with pytest.raises(StoreError, match="damaged"):
        await open_sqlite(path, find_keys)
    assert path.read_bytes() == damaged


async def test_a_database_from_a_newer_release_is_refused(path: Path) -> None:
    open_database(path, find_keys)[0].close()
    newer = sqlite3.connect(path)
    newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    newer.close()
    with pytest.raises(StoreError, match="newer release"):
        await open_sqlite(path, find_keys)


async def test_only_the_owner_can_read_the_files(outbox: SqliteOutbox, path: Path) -> None:
    await post(outbox, 1)
    assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o600}
