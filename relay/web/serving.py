"""Listen and serve until told to stop, then shut down cleanly."""

import asyncio
import contextlib
import logging
import resource
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from relay.web.connections import DEFAULT_LIMITS, LOG_INTERVAL, ConnectionLimits, Connections, with_caps

BACKLOG: Final = 1024  # connections that the kernel may hold; the loop accepts all of them before it closes any
OPEN_FILES: Final = 8192  # what we ask for, if the system lets us
FLOODED_LOGS: Final = ("uvicorn.error", "asyncio", "beaconpost.web")  # a client can cause lines in these


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 takes a free one. Raises OSError if that address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


async def serve(
    app: ASGIApp,
    listener: socket.socket,
    *,
    proxy: str = "",
    ready: Callable[[], None],
    limits: ConnectionLimits = DEFAULT_LIMITS,
) -> None:
    """Serve until SIGINT or SIGTERM, then finish requests in progress. ready: called once requests are answered.

    proxy: trusted addresses, separated by commas, whose X-Forwarded-For is believed.
    There is no access log: receipt URLs are secret.
    """
    files = _allow_open_files()
    connections = Connections(replace(limits, total=min(limits.total, files // 2)))
    proxied, protocol = with_caps(app, connections, proxy)
    config = uvicorn.Config(
        proxied,
        http=protocol,
        access_log=False,
        log_config=None,
        server_header=False,
        lifespan="off",
        ws="none",
        proxy_headers=False,  # `proxied` does it
        backlog=min(BACKLOG, files // 8),
        timeout_graceful_shutdown=10,
    )
    server = _Server(config, ready, connections)
    once_a_minute = _OncePerMinute()
    for name in FLOODED_LOGS:
        logging.getLogger(name).addFilter(once_a_minute)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.handle_exit, number, None)
    try:
        await server.serve([listener])
    finally:
        connections.log_closed()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        for name in FLOODED_LOGS:
            logging.getLogger(name).removeFilter(once_a_minute)


def _allow_open_files() -> int:
    """How many files this process may open, raised to OPEN_FILES as far as its hard limit allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return OPEN_FILES if soft == resource.RLIM_INFINITY else soft


class _OncePerMinute(logging.Filter):
    """Drops a warning or error that was logged less than a minute ago: clients must not be able to fill a disk."""

    def __init__(self) -> None:
        super().__init__()
        self._logged: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return True
        now, text = time.monotonic(), record.getMessage()
        self._logged = {text: at for text, at in self._logged.items() if now - at < LOG_INTERVAL}
        return self._logged.setdefault(text, now) == now


class _Server(uvicorn.Server):
    """uvicorn re-raises a signal once it has stopped, which would kill us before the outbox is closed."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], connections: Connections) -> None:
        super().__init__(config)
        self._ready = ready
        self._connections = connections

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second."""
        if counter % 10 == 0:
            self._connections.end_overdue()
        return await super().on_tick(counter)
