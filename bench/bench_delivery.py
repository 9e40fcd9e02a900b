"""Letters per second into a mail server, compared with named peers in the same run.

    python -m bench.bench_delivery [--letters N] [--rounds N]

worker: the whole job: claimed from the outbox, composed, sent, its outcome on disk. plain loop: as many reused
aiosmtplib connections, which compose and record nothing. smtp-source: Postfix's own sender, one letter over and over.
The server is Postfix's smtp-sink (in Debian's `postfix`) on loopback, without delay and with a 20 ms round trip; the
sender is one process. Medians of alternating rounds.
"""

import argparse
import asyncio
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Final

import aiosmtplib

from relay.mail.message import compose
from relay.mail.smtp import SmtpTransport
from relay.outbox.sqlite import SqliteOutbox, open_sqlite
from relay.settings import SmtpServer
from relay.worker import Worker
from tests.samples.letters import NOON, SENDER, letters, submission
from tests.samples.settings import find_keys

CONNECTIONS: Final = 4
ROUND_TRIP: Final = 20  # milliseconds
POSTFIX: Final = "/usr/sbin:/usr/lib/postfix/sbin:/usr/lib/postfix"
ABSENT: Final = "not measured: Postfix is not installed here (Debian: apt-get install postfix)"


async def fill(path: Path, posts: int) -> SqliteOutbox:
    """An outbox with two letters per post."""
    outbox = await open_sqlite(path, find_keys)
    for start in range(0, posts, 500):
        chunk = [submission(number) for number in range(start, min(posts, start + 500))]
        await asyncio.gather(*(outbox.accept(post, letters(post), None, "suspicious") for post in chunk))
    return outbox


async def worker(server: SmtpServer, count: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        outbox = await fill(Path(folder) / "outbox.db", count // 2)
        transport = SmtpTransport(server, connections=CONNECTIONS)
        working = Worker(
            outbox,
            transport,
            lambda letter: compose(letter, SENDER, NOON),
            lambda _: SENDER.address,
            lambda: NOON,
            random.random,
        )
        start = time.perf_counter()
        running = asyncio.create_task(working.run())
        while set(await outbox.count_by_status()) != {"sent"}:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        rate = count / (time.perf_counter() - start)
        working.stop()
        await running
        await transport.close()
        await outbox.close()
    return rate


async def plain_loop(server: SmtpServer, count: int) -> float:
    written = iter([letter for number in range(count // 2) for letter in letters(submission(number))])

    async def connection() -> None:
        smtp = aiosmtplib.SMTP(hostname=server.host, port=server.port, start_tls=False)
        await smtp.connect()
        for letter in written:
            await smtp.sendmail(SENDER.address, [letter.to_email], compose(letter, SENDER, NOON))
        await smtp.quit()

    start = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return count / (time.perf_counter() - start)


async def smtp_source(server: SmtpServer, count: int) -> float:
    """Letters as large as ours. -d keeps the connections open."""
    size = len(compose(letters(submission(1))[0], SENDER, NOON))
    command = [_postfix("smtp-source") or "", "-d", "-s", str(CONNECTIONS), "-m", str(count), "-l", str(size)]
    command += ["-f", SENDER.address, "-t", "judith.garcia@mahouse.example", f"{server.host}:{server.port}"]
    start = time.perf_counter()
    process = await asyncio.create_subprocess_exec(*command)
    await process.wait()
    return count / (time.perf_counter() - start)


PEERS: Final = {"plain loop": plain_loop, "worker": worker, "smtp-source": smtp_source}


def _postfix(name: str) -> str | None:
    return shutil.which(name, path=POSTFIX)


@contextmanager
def sink(round_trip: float) -> Iterator[SmtpServer]:
    """smtp-sink on loopback, behind a delay if there is a round trip."""
    far, near = free_port(), free_port()
    as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []
    commands = [[_postfix("smtp-sink") or "", *as_nobody, f"127.0.0.1:{far}", "64"]]
    if round_trip:
        commands.append([sys.executable, "-m", "bench.delay", str(near), str(far), str(round_trip)])
    processes = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for command in commands]
    port = near if round_trip else far
    try:
        wait_for(port)
        yield SmtpServer("127.0.0.1", port, "", "", "none")
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"no mail server started on port {port}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    if not _postfix("smtp-sink") or not _postfix("smtp-source"):
        print(ABSENT)
        return
    for round_trip in (0, ROUND_TRIP):
        count = chosen.letters // (10 if round_trip else 1)
        print(f"{CONNECTIONS} connections, round trip {round_trip} ms, {count} letters")
        rates: dict[str, list[float]] = {name: [] for name in PEERS}
        with sink(round_trip) as server:
            for _ in range(chosen.rounds):
                for name, peer in PEERS.items():
                    rates[name].append(asyncio.run(peer(server, count)))
        first = median(rates["plain loop"])
        for name, measured in rates.items():
            print(f"  {name:16} {median(measured):8,.0f} letters/s  {median(measured) / first:5.2f} of the plain loop")


if __name__ == "__main__":
    main()
