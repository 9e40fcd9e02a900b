"""Letters per second through the outbox, compared with named peers in the same run. `bench_delivery` sends them.

    python -m bench.bench_outbox [--posts N]

intake: posts accepted, 64 at a time, compared with the same SQL and one commit per post. sealing: the same intake,
compared with one that stores names and letters in the clear. queue: claim and settle, without mail. compose: compared
with EmailMessage. Medians of three.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP as CRLF
from pathlib import Path
from statistics import median, quantiles

from msgspec.msgpack import encode

from relay.keys.keyring import Keyring
from relay.mail.message import compose
from relay.outbox.intake import accept_all
from relay.outbox.rows import Post
from relay.outbox.sqlite import SqliteOutbox, open_sqlite
from relay.outbox.sqlite.connection import SqliteConnection, drive
from relay.outbox.sqlite.database import open_database
from relay.outbox.unlocking import FindKeys
from tests.samples.letters import NOON, SENDER, letters, submission
from tests.samples.settings import find_keys

AT_ONCE = 64


class InTheClear(Keyring):
    """Packs the text and encrypts nothing."""

    def seal(self, row: str, values: Sequence[str]) -> bytes:  # noqa: ARG002
        return encode(values)


def find_no_keys(sealed: bool) -> Keyring:  # noqa: ARG001
    return InTheClear([b"-" * 32])


async def intake_grouped(path: Path, posts: int, keys: FindKeys = find_keys) -> tuple[float, list[float]]:
    """Posts per second, and the seconds of each."""
    outbox, latencies = await open_sqlite(path, keys), list[float]()
    numbers = iter(range(posts))

    async def visitor() -> None:
        for number in numbers:
            post = submission(number)
            written = letters(post)
            start = time.perf_counter()
            await outbox.accept(post, written, None, "suspicious")
            latencies.append(time.perf_counter() - start)

    start = time.perf_counter()
    await asyncio.gather(*(visitor() for _ in range(AT_ONCE)))
    rate = posts / (time.perf_counter() - start)
    await outbox.close()
    return rate, latencies


def intake_single(path: Path, posts: int) -> float:
    """The same SQL with one commit per post, in posts per second."""
    db, vault = open_database(path, find_keys)
    start = time.perf_counter()
    for number in range(posts):
        post = submission(number)
        written = letters(post)
        db.execute("BEGIN IMMEDIATE")
        drive(accept_all(SqliteConnection(db, vault), [Post(post, written, None, "suspicious", None, None)]))
        db.execute("COMMIT")
    rate = posts / (time.perf_counter() - start)
    db.close()
    return rate


async def fill(path: Path, posts: int) -> SqliteOutbox:
    await intake_grouped(path, posts)
    return await open_sqlite(path, find_keys)


async def queue(path: Path, posts: int) -> float:
    """Letters per second, claimed a hundred at a time and settled one by one."""
    outbox = await fill(path, posts)
    start, done = time.perf_counter(), 0
    while claims := await outbox.claim("smtp", NOON, timedelta(minutes=5), 100):
        await asyncio.gather(*(outbox.settle(claim, "sent", NOON, None, "250 ok") for claim in claims))
        done += len(claims)
    rate = done / (time.perf_counter() - start)
    await outbox.close()
    return rate


def composing() -> tuple[float, float]:
    """Microseconds per letter: ours, EmailMessage."""
    letter = letters(submission(1))[0]

    def peer() -> bytes:
        message = EmailMessage(policy=CRLF)
        message["From"] = f'"{letter.from_name}" <{SENDER.address}>'
        message["Reply-To"], message["To"], message["Subject"] = letter.reply_to, letter.to_email, letter.subject
        message.set_content(letter.body)
        return message.as_bytes()

    return _each(lambda: compose(letter, SENDER, NOON)), _each(peer)


async def _rate(measured: Awaitable[tuple[float, list[float]]]) -> float:
    return (await measured)[0]


def _each(work: Callable[[], object], times: int = 2_000) -> float:
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times * 1e6


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
    latencies: list[float] = []

    async def grouped(path: Path) -> float:
        rate, seconds = await intake_grouped(path, posts)
        latencies.extend(seconds)
        return rate

    ours, peer = _run(grouped), _thrice(lambda path: intake_single(path, posts))
    cuts = quantiles(latencies, n=100)
    print(f"intake    {ours:8.0f} posts/s    one commit a post {peer:8.0f}    ratio {ours / peer:5.2f}")
    print(f"          p50 {cuts[49] * 1e3:.1f} ms, p99 {cuts[98] * 1e3:.1f} ms, {AT_ONCE} at a time")
    clear = _run(lambda path: _rate(intake_grouped(path, posts, find_no_keys)))
    print(f"sealing   {ours:8.0f} posts/s    in the clear       {clear:8.0f}    ratio {ours / clear:5.2f}")
    print(f"queue     {_run(lambda path: queue(path, posts)):8.0f} letters/s claimed and settled")
    mine, theirs = composing()
    print(f"compose   {mine:8.1f} us a letter    EmailMessage {theirs:8.1f}    ratio {theirs / mine:5.2f}")


if __name__ == "__main__":
    main()
