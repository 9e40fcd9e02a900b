"""A separate process that accepts posts into a database and prints the number of each.

python -m tests.unit.relay.accepting_process DATABASE FIRST LAST
"""

import asyncio
import sys
from pathlib import Path

from relay.outbox.sqlite import open_sqlite
from tests.samples.letters import letters, submission
from tests.samples.settings import find_keys


async def main(path: Path, first: int, last: int) -> None:
    outbox = await open_sqlite(path, find_keys)
    print("open", flush=True)

    async def accept(number: int) -> None:
        post = submission(number)
        await outbox.accept(post, letters(post), None, "suspicious")
        print(number, flush=True)

    for start in range(first, last, 10):
        await asyncio.gather(*(accept(number) for number in range(start, min(start + 10, last))))
    await outbox.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
