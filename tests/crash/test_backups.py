"""`beaconpost backup` while the relay takes posts, and a `restore` that is killed: nothing accepted is lost."""

import asyncio
import contextlib
import fcntl
import mmap
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from relay.assembly import open_outbox
from relay.outbox.snapshot import TABLES
from tests.books import empty, open_books
from tests.contract.outbox.conftest import fill
from tests.crash.processes import open_relay
from tests.samples.campaigns import publish
from tests.samples.settings import BROWSER, SECRET_KEY, store_settings

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[2]
NO_SERVER = 1  # a port without a mail server: with `--no-worker` nothing is sent


async def start(
    folder: Path, store: str, *words: str, keys: str = SECRET_KEY.decode(), stderr: int = asyncio.subprocess.PIPE
) -> asyncio.subprocess.Process:
    settings = {"PYTHONPATH": str(ROOT), "BEACONPOST_DATABASE": store, "BEACONPOST_SECRET_KEYS": keys}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "relay.cli", *words),
        cwd=folder,
        env=os.environ | {"HOME": str(folder)} | settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=stderr,
    )


@contextlib.asynccontextmanager
async def halted(folder: Path, store: str, file: Path, lines: list[str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """A restore that cannot go on: it has written these lines, and its pipe has no room for the next one."""
    said = "".join(lines).encode()
    reader, writer = os.pipe()
    room = fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, mmap.PAGESIZE)
    os.write(writer, bytes(room - len(said)))
    process = await start(folder, store, "restore", str(file), stderr=writer)
    os.close(writer)
    try:
        written = await asyncio.to_thread(read_exactly, reader, room - 1)  # the last byte read would make room
        assert written.lstrip(b"\0") == said[:-1]
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
        os.close(reader)


def read_exactly(descriptor: int, size: int) -> bytes:
    """Fewer bytes only if whoever writes them has ended."""
    read = b""
    while len(read) < size and (part := os.read(descriptor, size - len(read))):
        read += part
    return read


async def run(folder: Path, store: str, *words: str, keys: str = SECRET_KEY.decode()) -> tuple[int | None, str, str]:
    process = await start(folder, store, *words, keys=keys)
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


def modes(folder: Path) -> dict[str, int]:
    """Who may read what is in the folder."""
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


async def lose(store: str) -> None:
    """The disk is gone, and with it every row."""
    async with open_books(store) as books:
        await empty(books)


async def count(store: str, table: str) -> int:
    async with open_books(store) as books:
        return int((await books.read(f"SELECT count(*) FROM {table}"))[0][0])  # noqa: S608


async def test_a_backup_made_under_load_has_everything_accepted_before_it(tmp_path: Path, store: str) -> None:
    file = tmp_path / "night.backup"
    async with (
        httpx2.AsyncClient(headers=BROWSER) as client,
        open_relay(tmp_path, store, NO_SERVER, "--no-worker") as relay,
    ):
        accepted = [await relay.post(client, person) for person in range(15)]
        posts = [asyncio.create_task(relay.post(client, person)) for person in range(15, 75)]
        status, out, err = await run(tmp_path, store, "backup", str(file))
        assert (status, err) == (0, "")
        assert all(await asyncio.gather(*posts))
        await relay.kill()
    assert await count(store, "submissions") == 75
    await lose(store)
    status, restored, err = await run(tmp_path, store, "restore", str(file))
    assert status == 0, err
    saved = await count(store, "submissions")
    assert f"{saved} submissions and" in out
    assert restored.startswith(f"restored {saved} submissions and")
    outbox = await open_outbox(store_settings(store))
    async with open_books(store) as books:
        mailboxes = {bytes(key) for (key,) in await books.read("SELECT mailbox_key FROM submissions")}
    assert {outbox.hash("mailbox", email or "") for email in accepted} <= mailboxes
    await outbox.close()


@pytest.mark.parametrize("table", ["letters", "tallies"])
async def test_a_restore_that_is_killed_is_run_again(tmp_path: Path, store: str, table: str) -> None:
    file = tmp_path / "night.backup"
    (tmp_path / "output").mkdir()
    publish(tmp_path / "output")  # without a site there is a line about that
    outbox = await open_outbox(store_settings(store))
    await fill(outbox, 800)
    await outbox.close()
    async with open_books(store) as books:
        await books.read("UPDATE submissions SET accepted_at = accepted_at + 1000000000000000")  # posted today
        await books.read("INSERT INTO opt_outs SELECT folded_key FROM submissions LIMIT 1")  # a table after the tallies
    lines = [f"restoring {name}\n" for name in dict.fromkeys(each.name for each in TABLES) if await count(store, name)]
    assert (await run(tmp_path, store, "backup", str(file)))[0] == 0
    await lose(store)
    async with halted(tmp_path, store, file, lines[: lines.index(f"restoring {table}\n") + 1]) as process:
        process.kill()
        assert await process.wait() == -9
    assert await count(store, "submissions") == 0
    assert (await run(tmp_path, store, "restore", str(file)))[0] == 0
    assert (await count(store, "submissions"), await count(store, "letters")) == (800, 1_600)


async def test_the_commands_say_why_they_did_nothing(tmp_path: Path) -> None:
    store, file, foreign = f"sqlite:///{tmp_path / 'letters.db'}", tmp_path / "a.backup", tmp_path / "other.zip"
    assert "there is no database" in (await run(tmp_path, store, "backup", str(file)))[2]
    outbox = await open_outbox(store_settings(store))
    await fill(outbox, 1)
    await outbox.close()
    foreign.write_bytes(b"PK\3\4")
    database = tmp_path / "letters.db"
    for path, reason in (
        (database, "is not a backup"),
        (foreign, "is not a backup"),
        (tmp_path / "no" / "x", "No such"),
    ):
        status, _, err = await run(tmp_path, store, "backup", str(path))
        assert status == 1
        assert reason in err
    assert await count(store, "letters") == 2
    for _ in range(2):  # a backup replaces an older one
        assert (await run(tmp_path, store, "backup", str(file)))[0] == 0
    assert modes(tmp_path)["a.backup"] == 0o600
    assert not any("partial" in name for name in modes(tmp_path))
    assert "not a backup" in (await run(tmp_path, store, "restore", str(foreign)))[2]
    assert "goes only into an empty one" in (await run(tmp_path, store, "restore", str(file)))[2]
    fresh = f"sqlite:///{tmp_path / 'fresh.db'}"
    for keys in ("", "z" * 32):
        status, _, err = await run(tmp_path, fresh, "restore", str(file), keys=keys)
        assert status == 1
        assert "it is encrypted with the key" in err
        assert not {"fresh.db", ".config"} & set(modes(tmp_path))  # neither a database nor a key was made
