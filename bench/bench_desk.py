"""How long an organizer's desk takes with many letters, beside a page of the relay that asks nothing of the store.

    python -m bench.bench_desk [--letters N]

The letters are in a SQLite file; half of their writers changed the text. The first look reads all counts; later ones
show counts that are prepared, and read only what waits. The limit is 100 ms a look.
"""

import argparse
import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
import uvloop

from relay.app import open_relay
from relay.assembly import open_outbox
from relay.keys.signing import Keys
from relay.settings import Settings
from tests.samples.campaigns import campaign, publish
from tests.samples.letters import letters, submission
from tests.samples.settings import BROWSER, RELAY_URL, SECRET_KEY, relay_settings

ORGANIZER = "lead@organizers.example"
AT_ONCE = 200  # posts
LOOKS = 30
LIMIT = 0.1  # seconds


async def fill(settings: Settings, people: int) -> str:
    """Returns the organizer's session."""
    outbox = await open_outbox(settings)
    began = datetime.now(UTC) - timedelta(days=20)
    for first in range(0, people, AT_ONCE):
        posts = [
            submission(
                number,
                at=began + timedelta(seconds=number * 20 * 86_400 / people),
                campaign="open-libraries",
                own_words=bool(number % 2),
                town=f"Town {number % 60}",
            )
            for number in range(first, min(first + AT_ONCE, people))
        ]
        await asyncio.gather(*(outbox.accept(post, letters(post), None, "never") for post in posts))
    organizer = outbox.hash("organizer", ORGANIZER).hex()
    await outbox.close()
    return Keys([SECRET_KEY]).sign("desk session", organizer, datetime.now(UTC) + timedelta(hours=1))


async def time_looks(client: httpx2.AsyncClient, path: str, looks: int) -> list[float]:
    taken = []
    for _ in range(looks):
        start = time.perf_counter()
        assert (await client.get(path)).status_code == 200
        taken.append(time.perf_counter() - start)
    return sorted(taken)


async def measure(people: int) -> None:
    with TemporaryDirectory() as folder:
        publish(Path(folder), campaign(organiser=ORGANIZER))
        settings = relay_settings(Path(folder))
        session = await fill(settings, people)
        async with open_relay(settings, with_worker=False) as app:
            transport = httpx2.ASGITransport(app)
            cookies = {"desk": session}
            async with httpx2.AsyncClient(
                transport=transport, base_url=RELAY_URL, headers=BROWSER, cookies=cookies
            ) as client:
                (bare,) = (await time_looks(client, "/campaigns/open-libraries/call", LOOKS))[LOOKS // 2 :][:1]
                (first,) = await time_looks(client, "/desk/open-libraries", 1)
                later = await time_looks(client, "/desk/open-libraries", LOOKS)
    middle = later[LOOKS // 2]
    print(f"{2 * people:,} letters: the first look {first * 1000:.0f} ms,", end=" ")
    print(f"later ones {middle * 1000:.0f} ms (median of {LOOKS}), {middle / LIMIT:.2f} of the limit;", end=" ")
    print(f"the call page {bare * 1000:.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=int, default=100_000)
    uvloop.run(measure(parser.parse_args().letters // 2))


if __name__ == "__main__":
    main()
