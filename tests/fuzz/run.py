"""One process of the fuzzer: its own relay, its own random numbers."""

import asyncio
import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

import uvloop
from starlette.types import ASGIApp

from tests.fuzz.mutations import MUTATIONS
from tests.fuzz.requests import ADDRESSES, LETTERS, SLUGS, Request, valid_requests
from tests.fuzz.sending import call, listening, send_raw
from tests.fuzz.target import VERP, CountingTransport, LogWatch, open_target, report_key
from tests.samples.bounces import dsn

RAW: Final = 0.02  # of the requests go over a socket
CLIENTS: Final = 32  # at a time, so that posts meet in one commit
SHOWN: Final = 50_000  # a line of progress after so many
KEPT: Final = 200  # tokens of the newest submissions


@dataclass
class Result:
    """What came of the requests of one process."""

    requests: int
    statuses: Counter[int] = field(default_factory=Counter)  # 0: the client hung up
    raw: int = 0
    delivered: int = 0
    problems: list[str] = field(default_factory=list)


class Requests:
    """Draws requests: valid ones, with none to five mutations."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311  (to draw requests again, not to keep a secret)
        self._tokens: list[str] = ["unknown"]
        self._keys = {slug: report_key(slug) for slug in SLUGS}

    def draw_token(self) -> str:
        """For a new receipt or confirmation, which later requests then visit."""
        token = f"{self.random.getrandbits(128):032x}"
        self._tokens[:] = [*self._tokens[-KEPT:], token]
        return token

    def draw(self) -> Request:
        random = self.random
        slug = SLUGS[0] if random.random() < 0.5 else random.choice(SLUGS)
        bounce = f"X-Original-To: {VERP.write(f'{random.getrandbits(128):032x}')}\r\n".encode() + dsn("failed", "5.1.1")
        kinds = valid_requests(slug, random.choice(self._tokens), self._keys[slug], random.choice(ADDRESSES), bounce)
        request = random.choice(kinds[: random.choice((LETTERS, len(kinds), len(kinds)))])
        request.source = f"2001:db8:{random.getrandbits(16):x}:{random.getrandbits(16):x}::1"
        for _ in range(random.choice((0, 1, 1, 2, 2, 3, 5))):
            random.choice(MUTATIONS)(random, request)
        return request


def fuzz(requests: int, seed: int) -> Result:
    """Send so many. seed: the same draws the same requests, as far as the relay answers them in the same order."""
    with tempfile.TemporaryDirectory(prefix="beaconpost-fuzz-") as folder:
        return uvloop.run(_fuzz(requests, seed, Path(folder)))


async def _fuzz(requests: int, seed: int, folder: Path) -> Result:
    result, drawn, watch, transport = Result(requests), Requests(seed), LogWatch(), CountingTransport()
    logging.getLogger().addHandler(logging.NullHandler())  # the relay's own lines stay out of the report
    async with open_target(folder, transport, drawn.draw_token) as app, listening(app) as port:
        logging.getLogger().addHandler(watch)  # from now on: opening says that one campaign is broken, on purpose
        left = iter(range(requests))
        await asyncio.gather(*(_send_all(left, drawn, app, port, result) for _ in range(CLIENTS)))
    logging.getLogger().removeHandler(watch)
    result.delivered = transport.delivered
    result.problems += watch.found
    return result


async def _send_all(left: Iterator[int], drawn: Requests, app: ASGIApp, port: int, result: Result) -> None:
    for number in left:
        if number and number % SHOWN == 0:
            print(f"  {number:,} of {result.requests:,} by one process", file=sys.stderr)
        request = drawn.draw()
        if drawn.random.random() < RAW:
            result.raw += 1
            statuses = await send_raw(port, request, drawn.random)
        else:
            statuses = [await call(app, request, hangs_up=drawn.random.random() < 0.01)]
        result.statuses.update(statuses)
        if any(status == 500 or status > 503 for status in statuses):
            result.problems.append(f"{statuses}: {request.on_the_wire()[:2000]!r} from {request.source}")
