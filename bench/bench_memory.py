"""The memory of a relay with its worker while letters pass through it: flat, or a leak.

    python -m bench.bench_memory [--letters N]

As in bench_end_to_end, visitors wait until both of their letters are accepted, then post again. The relay's resident
memory is read after every tenth; the last reading is compared with the first.
"""

import argparse
import asyncio
from collections.abc import Iterator
from pathlib import Path

import uvloop

from bench.bench_end_to_end import VISITORS, Posts
from bench.relay_process import run_relay
from bench.sink import open_sink

STEPS = 10


def resident(process: int) -> float:
    """Resident megabytes, as Linux reports them."""
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


async def post(posts: Posts, port: int, turns: Iterator[int]) -> None:
    async def visitor() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in turns:
            await (await posts.send(reader, writer))
            posts.latencies.clear()
        writer.close()

    await asyncio.gather(*(visitor() for _ in range(VISITORS)))


async def measure(letters: int) -> None:
    posts, read = Posts(), list[float]()
    async with open_sink(posts.on_letter) as mail_port:
        with run_relay(mail_port) as (port, process, _):
            print(f"started: {resident(process):.0f} MB", flush=True)
            for step in range(STEPS):
                await post(posts, port, iter(range(letters // 2 // STEPS)))
                read.append(resident(process))
                print(f"{(step + 1) * letters // STEPS:9,} letters: {read[-1]:.0f} MB", flush=True)
    print(f"the last is {read[-1] / read[0]:.2f} of the first")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=int, default=200_000)
    uvloop.run(measure(parser.parse_args().letters))


if __name__ == "__main__":
    main()
