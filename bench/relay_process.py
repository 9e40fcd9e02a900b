"""`beaconpost relay` in a process of its own, on a fresh database, for the benchmarks that measure it from outside."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bench.bench_delivery import free_port, wait_for
from tests.samples.campaigns import publish
from tests.samples.settings import SECRET_KEY


@contextmanager
def run_relay(
    mail_port: int, log: int | IO[bytes] = subprocess.DEVNULL, before: Callable[[], None] | None = None
) -> Iterator[tuple[int, int, Path]]:
    """Its port, its process ID, and the folder with its database.

    mail_port: of the SMTP server that it sends to. log: where its standard error goes. before: runs in the new process.
    """
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        publish(Path(folder))
        settings = {
            "BEACONPOST_SECRET_KEYS": SECRET_KEY.decode(),
            "BEACONPOST_CAMPAIGNS": f"{folder}/campaigns.json",
            "BEACONPOST_DATABASE": f"sqlite:///{folder}/bench.db",
            "BEACONPOST_SMTP_URL": f"smtp://127.0.0.1:{mail_port}?tls=none",
            "BEACONPOST_FROM": "letters@campaign.example",
            "BEACONPOST_RELAY_URL": f"http://127.0.0.1:{port}",
        }
        command = [sys.executable, "-m", "relay.cli", "relay", "--port", str(port)]
        process = subprocess.Popen(command, env=os.environ | settings, stderr=log, preexec_fn=before)
        try:
            wait_for(port)
            yield port, process.pid, Path(folder)
        finally:
            process.kill()
            process.wait()
