"""How long a letter takes from a visitor's post to the mail server's 250, at half of the relay's capacity.

    python -m bench.bench_end_to_end [--seconds N]

One `beaconpost relay` with its worker and SQLite; a real HTTP post each; the mail server accepts everything and reports
when. Capacity: visitors wait until both of their letters are accepted, then post again. Latency: half as many posts per
second, evenly spaced, whatever the responses: each letter's time from before its post is written until the server
accepts it. Client and mail server share a process.
"""

import argparse
import asyncio
import re
import time
from itertools import count
from statistics import quantiles
from typing import Final
from urllib.parse import urlencode

import uvloop

from bench.relay_process import run_relay
from bench.sink import open_sink

VISITORS: Final = 64
WRITER: Final = re.compile(rb"^Reply-To: ana(\d+)@", re.MULTILINE)
TEXT: Final = "I ask you to support this bill, for all of us.\r\n" * 8
PLACES: Final = (
    {"street": "24 Beacon St", "city": "Boston", "zip": "02108"},
    {"street": "795 Massachusetts Ave", "city": "Cambridge", "zip": "02139"},
    {"street": "", "city": "Chelsea", "zip": "02150"},
    {"street": "500 Main St", "city": "Worcester", "zip": "01608"},
)


class Posts:
    """Posts sent, by number, and their letters. Times in seconds."""

    def __init__(self) -> None:
        self.numbers = count()
        self.latencies: list[float] = []
        self.pending: dict[int, tuple[float, asyncio.Future[None]]] = {}
        self.half_done: set[int] = set()

    def on_letter(self, letter: bytes) -> None:
        """Record an accepted letter. Its post is done with the second one; receipts do not count."""
        writer = WRITER.search(letter)
        if writer is None:
            return
        number = int(writer[1])
        start, done = self.pending[number]
        self.latencies.append(time.perf_counter() - start)
        if number in self.half_done:
            done.set_result(None)
            del self.pending[number]
        self.half_done ^= {number}

    async def send(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> asyncio.Future[None]:
        """Post once; the result is done when both letters have been accepted."""
        number = next(self.numbers)
        body = urlencode(
            {"first_name": "Ana", "last_name": "Silva", "email": f"ana{number}@mail.example", "message": TEXT}
            | {"lang": "en", "disclose": "full", "website": ""}
            | PLACES[number % len(PLACES)]
        ).encode()
        done = asyncio.get_running_loop().create_future()
        self.pending[number] = time.perf_counter(), done
        writer.write(
            b"POST /campaigns/open-libraries/letters HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
            b"Sec-Fetch-Site: same-origin\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 202"), head
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        assert length
        await reader.readexactly(int(length[1]))
        return done


async def capacity(posts: Posts, port: int, seconds: float) -> float:
    """Posts per second by visitors who wait until both letters are accepted."""
    end = time.perf_counter() + seconds

    async def visitor() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in count():
            if time.perf_counter() > end:
                writer.close()
                return number
            await (await posts.send(reader, writer))
        return 0

    start = time.perf_counter()
    done = sum(await asyncio.gather(*(visitor() for _ in range(VISITORS))))
    return done / (time.perf_counter() - start)


async def steady(posts: Posts, port: int, rate: float, seconds: float) -> list[float]:
    """Each letter's latency at `rate` posts per second."""
    posts.latencies.clear()
    start, turns = time.perf_counter(), iter(range(int(rate * seconds)))

    async def visitor() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for turn in turns:
            await asyncio.sleep(start + turn / rate - time.perf_counter())
            await posts.send(reader, writer)
        writer.close()

    await asyncio.gather(*(visitor() for _ in range(VISITORS)))
    await asyncio.gather(*(done for _, done in list(posts.pending.values())))
    return posts.latencies


async def measure(seconds: float) -> tuple[float, list[float]]:
    posts = Posts()
    async with open_sink(posts.on_letter) as mail_port:
        with run_relay(mail_port) as (port, _, _):
            full = await capacity(posts, port, seconds)
            return full, await steady(posts, port, full / 2, seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    for _ in range(chosen.rounds):
        full, latencies = uvloop.run(measure(chosen.seconds))
        cuts = quantiles(latencies, n=100)
        print(
            f"capacity {full:6,.0f} posts/s, {2 * full:6,.0f} letters/s   at half: {len(latencies):6,} letters, "
            f"p50 {cuts[49] * 1e3:5.1f} ms, p99 {cuts[98] * 1e3:5.1f} ms"
        )


if __name__ == "__main__":
    main()
