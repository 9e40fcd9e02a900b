"""Letters a second through the outbox and the worker, each beside a named peer in the same run.

    python -m bench.bench_outbox [--posts N]

intake: posts accepted, 64 at a time, against the same SQL with one commit a post. queue: claim and settle, no mail.
compose: against EmailMessage. delivery: the worker into a mail server, against a plain loop over as many reused
aiosmtplib connections that writes nothing down; the server is bench.sink, so that the sender is the limit. Medians of
three.
"""

import argparse
import asyncio
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP as CRLF
from pathlib import Path
from statistics import median, quantiles

import aiosmtplib

from relay.message import Sender, compose
from relay.outbox import intake
from relay.outbox.database import open_database
from relay.outbox.sqlite import SqliteOutbox, open_sqlite
from relay.settings import SmtpServer
from relay.smtp import SmtpTransport
from relay.worker import Worker
from tests.unit.delivery.letters import NOON, letters, submission

AT_ONCE = 64
CONNECTIONS = 4
US = Sender("letters@campaign.example", "campaign.example")


async def intake_grouped(path: Path, posts: int) -> tuple[float, list[float]]:
    """Posts a second and each one's seconds."""
    outbox, waits = await open_sqlite(path), list[float]()
    numbers = iter(range(posts))

    async def visitor() -> None:
        for number in numbers:
            post = submission(number)
            written = letters(post)
            start = time.perf_counter()
            await outbox.accept(post, written, None, "suspicious")
            waits.append(time.perf_counter() - start)

    start = time.perf_counter()
    await asyncio.gather(*(visitor() for _ in range(AT_ONCE)))
    rate = posts / (time.perf_counter() - start)
    await outbox.close()
    return rate, waits


def intake_single(path: Path, posts: int) -> float:
    """The same SQL, one commit a post."""
    db = open_database(path)
    start = time.perf_counter()
    for number in range(posts):
        post = submission(number)
        written = letters(post)
        db.execute("BEGIN IMMEDIATE")
        intake.accept(db, post, written, None, "suspicious")
        db.execute("COMMIT")
    rate = posts / (time.perf_counter() - start)
    db.close()
    return rate


async def fill(path: Path, posts: int) -> SqliteOutbox:
    await intake_grouped(path, posts)
    return await open_sqlite(path)


async def queue(path: Path, posts: int) -> float:
    """Letters a second, claimed by the hundred, settled each by itself."""
    outbox = await fill(path, posts)
    start, done = time.perf_counter(), 0
    while claims := await outbox.claim("smtp", NOON, timedelta(minutes=5), 100):
        await asyncio.gather(*(outbox.settle(claim, "sent", NOON, None, "250 ok") for claim in claims))
        done += len(claims)
    rate = done / (time.perf_counter() - start)
    await outbox.close()
    return rate


def composing() -> tuple[float, float]:
    """Microseconds a letter: ours, EmailMessage."""
    letter = letters(submission(1))[0]

    def peer() -> bytes:
        message = EmailMessage(policy=CRLF)
        message["From"] = f'"{letter.from_name}" <{US.address}>'
        message["Reply-To"], message["To"], message["Subject"] = letter.reply_to, letter.to_email, letter.subject
        message.set_content(letter.body)
        return message.as_bytes()

    return _each(lambda: compose(letter, US, NOON)), _each(peer)


def _each(work: Callable[[], object], times: int = 2_000) -> float:
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times * 1e6


async def delivery_worker(path: Path, posts: int, server: SmtpServer) -> float:
    """Letters a second by the worker, from a full outbox to settled."""
    outbox = await fill(path, posts)
    transport = SmtpTransport(server, connections=CONNECTIONS)
    worker = Worker(
        outbox,
        transport,
        lambda letter: compose(letter, US, NOON),
        lambda _: US.address,
        lambda: NOON,
        random.random,
        concurrency=4 * CONNECTIONS,
    )
    start = time.perf_counter()
    running = asyncio.create_task(worker.run())
    while set(await outbox.states()) != {"sent"}:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    rate = 2 * posts / (time.perf_counter() - start)
    worker.stop()
    await running
    await transport.close()
    await outbox.close()
    return rate


async def delivery_plain(posts: int, server: SmtpServer) -> float:
    """Letters a second by a loop that writes nothing down."""
    written = iter([letter for number in range(posts) for letter in letters(submission(number))])

    async def connection() -> None:
        smtp = aiosmtplib.SMTP(hostname=server.host, port=server.port, start_tls=False)
        await smtp.connect()
        for letter in written:
            await smtp.sendmail(US.address, [letter.to_email], compose(letter, US, NOON))
        await smtp.quit()

    start = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return 2 * posts / (time.perf_counter() - start)


@contextmanager
def sink() -> Iterator[SmtpServer]:
    """A mail server on loopback, in a process of its own, that throws letters away."""
    with subprocess.Popen([sys.executable, "-m", "bench.sink", "2525"], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            yield SmtpServer("127.0.0.1", 2525, "", "", "none")
        finally:
            process.terminate()


def _thrice(work: Callable[[Path], float]) -> float:
    rates = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            rates.append(work(Path(folder) / "outbox.db"))
    return median(rates)


def _run(work: Callable[[Path], Awaitable[float]]) -> float:
    async def awaited(path: Path) -> float:
        return await work(path)

    return _thrice(lambda path: asyncio.run(awaited(path)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=5_000)
    posts: int = parser.parse_args().posts
    waits: list[float] = []

    async def grouped(path: Path) -> float:
        rate, seconds = await intake_grouped(path, posts)
        waits.extend(seconds)
        return rate

    ours, peer = _run(grouped), _thrice(lambda path: intake_single(path, posts))
    cuts = quantiles(waits, n=100)
    print(f"intake    {ours:8.0f} posts/s    one commit a post {peer:8.0f}    ratio {ours / peer:5.2f}")
    print(f"          p50 {cuts[49] * 1e3:.1f} ms, p99 {cuts[98] * 1e3:.1f} ms, {AT_ONCE} at a time")
    print(f"queue     {_run(lambda path: queue(path, posts)):8.0f} letters/s claimed and settled")
    mine, theirs = composing()
    print(f"compose   {mine:8.1f} us a letter    EmailMessage {theirs:8.1f}    ratio {theirs / mine:5.2f}")
    with sink() as server:
        plain = _run(lambda _: delivery_plain(posts // 2, server))
        ours = _run(lambda path: delivery_worker(path, posts // 2, server))
    print(f"delivery  {ours:8.0f} letters/s    plain loop {plain:8.0f}    ratio {ours / plain:5.2f}")


if __name__ == "__main__":
    main()
