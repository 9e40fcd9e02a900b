"""What can go wrong around a real relay: a full disk, a damaged file, a stop under load."""

import asyncio
import resource
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.books import open_books, pass_time, writers_of
from tests.contract.delivery.scripted import open_script
from tests.crash.faulty_server import FaultyServer
from tests.crash.processes import PATH, Running, open_relay, open_worker
from tests.samples.people import form_of
from tests.samples.settings import BROWSER, JSON

pytestmark = pytest.mark.anyio


@contextmanager
def small_disk(path: Path) -> Iterator[Path]:
    """A file system of 3 MB, for users who may mount one."""
    path.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", path], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("this user may not mount a file system")
    try:
        yield path
    finally:
        subprocess.run(["umount", path], check=True)


async def post_until_refused(relay: Running, client: httpx2.AsyncClient) -> list[int]:
    """The people whose posts were accepted before the first 503."""
    accepted: list[int] = []
    for person in range(1, 5_000):
        response = await client.post(relay.url + PATH, data=form_of(person), headers=JSON)
        if response.status_code == 503:
            assert int(response.headers["Retry-After"]) > 0
            assert response.headers["Content-Type"] == "application/problem+json"
            return accepted
        assert response.status_code == 202, response.text
        accepted.append(person)
    raise AssertionError("the disk never filled up")


async def is_whole(store: str, accepted: int) -> bool:
    async with open_books(store) as books:
        posts = await books.read("SELECT count(*) FROM submissions")
        letters = await books.read("SELECT submission FROM letters WHERE kind = 'legislator'")
    return posts == [(accepted,)] and set(Counter(letters).values()) == {2} and len(letters) == 2 * accepted


async def test_a_full_disk_refuses_posts_stores_none_partially_and_recovers_by_itself(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        store = f"sqlite:///{disk / 'letters.db'}"
        async with (
            httpx2.AsyncClient(headers=BROWSER) as client,
            open_relay(tmp_path, store, 1, "--no-worker") as relay,
        ):
            ballast = disk / "ballast"
            ballast.write_bytes(bytes(1_500_000))
            accepted = await post_until_refused(relay, client)
            assert (await client.get(relay.url + "/healthz")).status_code == 200
            ready = await client.get(relay.url + "/readyz")
            assert ready.status_code == 503
            said = ready.json()["checks"]["store"]  # by the relay, which keeps some room free, or by SQLite
            assert "no new letters are taken until there is more room" in said or "disk is full" in said
            ballast.unlink()
            assert await relay.post(client, 5_000)
            assert (await client.get(relay.url + "/readyz")).status_code == 200
            assert await is_whole(store, len(accepted) + 1)


async def test_a_file_that_cannot_grow_refuses_posts_and_recovers_by_itself(
    tmp_path: Path,
) -> None:
    store = f"sqlite:///{tmp_path / 'letters.db'}"
    async with httpx2.AsyncClient(headers=BROWSER) as client, open_relay(tmp_path, store, 1, "--no-worker") as relay:
        pid = relay.process.pid
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE, (500_000, resource.RLIM_INFINITY))
        accepted = await post_until_refused(relay, client)
        assert accepted
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
        assert await relay.post(client, 5_000)
        assert await is_whole(store, len(accepted) + 1)


async def test_a_damaged_database_is_reported_and_left_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "letters.db"
    store = f"sqlite:///{path}"
    async with httpx2.AsyncClient(headers=BROWSER) as client, open_relay(tmp_path, store, 1, "--no-worker") as relay:
        for person in range(40):
            assert await relay.post(client, person)
    damaged = bytearray(path.read_bytes())
    damaged[20_000:60_000] = b"\xaa" * 40_000
    path.write_bytes(damaged)
    for command in (open_relay(tmp_path, store, 1), open_worker(tmp_path, store, 1)):
        with pytest.raises(AssertionError, match=r"it is damaged: .*Restore a backup, or move it away to start anew"):
            async with command:
                pass
    assert path.read_bytes() == damaged


async def test_a_relay_stopped_under_load_loses_nothing_and_the_next_one_continues(tmp_path: Path, store: str) -> None:
    async with (
        open_script(FaultyServer()) as mail,
        httpx2.AsyncClient(headers=BROWSER, timeout=60) as client,
        open_books(store) as books,
    ):
        assert isinstance(mail, FaultyServer)
        started = asyncio.Event()

        def under_way(_: str) -> bool:
            if len(mail.deliveries) >= 20:
                started.set()
            return False

        mail.reached = under_way
        async with open_relay(tmp_path, store, mail.port) as relay:
            posting = [asyncio.create_task(relay.post(client, person)) for person in range(200)]
            await started.wait()
            relay.process.terminate()
            assert await relay.process.wait() == 0
            accepted = {email for email in await asyncio.gather(*posting) if email}
        being_sent = "SELECT count(*) FROM letters WHERE status = 'sending'"
        assert await books.read(being_sent) == [(0,)]
        await pass_time(books, leases=False)
        async with open_worker(tmp_path, store, mail.port) as worker:
            queued = "SELECT count(*) FROM letters WHERE status = 'queued'"
            async with asyncio.timeout(60):
                while await books.read(queued) != [(0,)]:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            worker.terminate()
            assert await worker.wait() == 0
        assert accepted
        letters = await books.read("SELECT id FROM letters WHERE kind = 'legislator'")
        writers = await writers_of(books)
        kept = Counter(writers[letter] for (letter,) in letters)
        assert {email: kept[email] for email in accepted} == dict.fromkeys(accepted, 2)
        assert max(Counter(delivery.letter for delivery in mail.deliveries).values()) == 1
