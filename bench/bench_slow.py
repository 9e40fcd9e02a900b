"""Honest requests while somebody holds as many slow and idle connections as they can.

    python -m bench.bench_slow [--connections N] [--seconds N]

Each row is a new `beaconpost relay` with its worker and SQLite, in a separate process with a soft limit of 1,024 open
files, as in a shell. The attackers, in a process of their own, send bodies or headers at a byte a second, or nothing,
from one address (127.0.0.2) or from as many as there are connections; a closed connection is replaced within two
seconds. Every 50 ms an honest visitor with another address opens a connection and posts a letter, timed from connect
to response. Also shown: the relay's open files and memory at the end, and how much it logged.

    python -m bench.bench_slow --posts

Instead, 10,000 hostile posts a minute from 2,000 addresses, each valid, with the longest message that fits.
"""

import argparse
import asyncio
import contextlib
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import quantiles
from typing import Final
from urllib.parse import urlencode

import uvloop

from bench.bench_memory import resident
from bench.relay_process import run_relay
from bench.sink import open_sink

INTERVAL: Final = 0.05  # seconds between honest posts
RATE: Final = 10_000  # hostile posts a minute
PATIENCE: Final = 30.0  # seconds after which an honest post counts as failed
HEAD: Final = (
    b"POST /campaigns/open-libraries/letters HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n"
)
numbers = count()


def address(number: int, network: int) -> str:
    """One of many loopback addresses."""
    return f"127.{network}.{number // 250 % 250}.{number % 250 + 1}"


def allow_files(number: int) -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, number), hard))


async def connect(port: int, source: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))


async def attack(port: int, source: str, opening: bytes, pause: float) -> None:
    """Hold a connection as long as possible, with a byte a second if `opening` is not empty; again and again.

    pause: seconds until the next one.
    """
    while True:
        with contextlib.suppress(OSError):
            reader, writer = await connect(port, source)
            writer.write(opening)
            closed = asyncio.create_task(reader.read())
            while not closed.done():
                await asyncio.wait([closed], timeout=1)
                if opening and not closed.done():
                    writer.write(b"a")
            writer.close()
            await closed
        await asyncio.sleep(pause)


async def attack_together(how: str, whence: str, port: int, connections: int) -> None:
    opening = {"bodies": HEAD % 60_000 + b"\r\nfirst_name=Ana", "headers": HEAD % 10, "idle": b""}[how]
    sources = ["127.0.0.2" if whence == "one" else address(number, 1) for number in range(connections)]
    async with asyncio.TaskGroup() as group:
        for number, source in enumerate(sources):
            group.create_task(attack(port, source, opening, pause=0.5 + number % 100 / 67))
            if number % 100 == 99:
                await asyncio.sleep(0.05)


async def post(port: int, source: str) -> bool:
    """Send a letter from a new connection. Whether it was accepted."""
    number = next(numbers)
    body = urlencode(
        {"first_name": "Ana", "last_name": "Silva", "email": f"ana{number}@mail.example", "city": "Chelsea"}
        | {"zip": "02150", "message": f"I ask you to support bill {number}, for all of us.\r\n" * 8, "lang": "en"}
    ).encode()
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await connect(port, source)
            writer.write(HEAD % len(body) + b"Connection: close\r\n\r\n" + body)
            answer = await reader.read()
            writer.close()
            return answer.startswith(b"HTTP/1.1 202")
    except (OSError, TimeoutError):
        return False


async def be_honest(port: int, seconds: float) -> tuple[list[float], int]:
    """Seconds of each post that was accepted, and how many were not."""
    waits, failed = list[float](), 0

    async def visit(number: int) -> None:
        nonlocal failed
        start = time.perf_counter()
        if await post(port, address(number, 9)):
            waits.append(time.perf_counter() - start)
        else:
            failed += 1

    visits = []
    for number in range(int(seconds / INTERVAL)):
        visits.append(asyncio.create_task(visit(number)))
        await asyncio.sleep(INTERVAL)
    await asyncio.gather(*visits)
    return waits, failed


@contextmanager
def relay(mail_port: int) -> Iterator[tuple[int, int, Path, Path]]:
    """A relay with the limits that a shell or a service has: its port, process ID, log and folder."""
    with tempfile.NamedTemporaryFile() as log, run_relay(mail_port, log.file, lambda: allow_files(1024)) as running:
        port, process, folder = running
        yield port, process, Path(log.name), folder


def report(name: str, waits: list[float], failed: int, process: int, log: Path) -> None:
    p50, p99 = (quantiles(waits, n=100)[place - 1] * 1e3 for place in (50, 99)) if len(waits) > 1 else (0.0, 0.0)
    files = len(list(Path(f"/proc/{process}/fd").iterdir()))
    # The worker logs a line for each letter.
    lines = [line for line in log.read_text().splitlines() if "beaconpost.worker" not in line]
    print(
        f"{name:32} honest p50 {p50:6.1f} ms  p99 {p99:7.1f} ms  failed {failed:4} of {failed + len(waits):4}"
        f"  {files:5} files  {resident(process):4.0f} MB  log {sum(map(len, lines)):6,} bytes", flush=True,
    )  # fmt: skip


async def measure_slow(connections: int, seconds: float) -> None:
    attacks = [("nobody", ""), *((how, whence) for how in ("bodies", "headers", "idle") for whence in ("one", "many"))]
    async with open_sink(lambda letter: None) as mail_port:  # noqa: ARG005
        for how, whence in attacks:
            with relay(mail_port) as (port, process, log, _):
                command = [
                    sys.executable,
                    "-m",
                    "bench.bench_slow",
                    "--attack",
                    how,
                    whence,
                    str(port),
                    str(connections),
                ]
                attackers = subprocess.Popen(command) if whence else None  # noqa: ASYNC220
                try:
                    await asyncio.sleep(4)
                    waits, failed = await be_honest(port, seconds)
                    name = f"{how}, {whence} address{'es' * (whence == 'many')}" if whence else how
                    report(name, waits, failed, process, log)
                finally:
                    if attackers:
                        attackers.kill()
                        attackers.wait()


async def flood(port: int) -> None:
    """Send RATE posts a minute, whatever becomes of them, with the longest message that fits."""
    message = urlencode({"message": "\u20ac" * 7_000}).encode()
    sending, start = set[asyncio.Task[None]](), time.perf_counter()

    async def send(number: int) -> None:
        fields = {"first_name": "Mallory", "last_name": "Doe", "email": f"mallory{number}@mail.example"}
        body = urlencode(fields | {"city": "Chelsea", "zip": "02150", "lang": "en"}).encode() + b"&" + message
        with contextlib.suppress(OSError):
            reader, writer = await connect(port, address(number % 2_000, 1))
            writer.write(HEAD % len(body) + b"Connection: close\r\n\r\n" + body)
            await reader.read()
            writer.close()

    for number in count():
        sending.add(task := asyncio.create_task(send(number)))
        task.add_done_callback(sending.discard)
        await asyncio.sleep(start + number * 60 / RATE - time.perf_counter())


async def measure_posts(seconds: float) -> None:
    async with open_sink(lambda letter: None) as mail_port:  # noqa: ARG005
        with relay(mail_port) as (port, process, log, folder):
            print(f"started: {resident(process):.0f} MB", flush=True)
            flooding = subprocess.Popen([sys.executable, "-m", "bench.bench_slow", "--flood", str(port)])  # noqa: ASYNC220
            try:
                for step in range(1, 5):
                    waits, failed = await be_honest(port, seconds / 4)
                    stored = sum(path.stat().st_size for path in folder.glob("bench.db*")) / 2**20
                    report(f"{step * seconds / 4:.0f} s, {stored:.0f} MB on disk", waits, failed, process, log)
            finally:
                flooding.kill()
                flooding.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--posts", action="store_true")
    parser.add_argument("--attack", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--flood", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    allow_files(20_000)
    if options.attack:
        how, whence, port, connections = options.attack
        uvloop.run(attack_together(how, whence, int(port), int(connections)))
        return
    if options.flood:
        uvloop.run(flood(options.flood))
        return
    uvloop.run(measure_posts(60) if options.posts else measure_slow(options.connections, options.seconds))


if __name__ == "__main__":
    main()
