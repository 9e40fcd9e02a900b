"""Caps on connections, so that slow and idle clients cannot take the relay from others.

A connection waits for its client unless the relay has a whole request to answer. When a cap is reached, the connection
that has waited longest gives way to the new one: among the client's own if the client has too many, else among all.
Deadlines, absolute and checked every second, end what uvicorn would keep: headers or a body that trickle in, the rest
of a body whose response has been sent (408, for example), a response that nobody reads.
"""

import asyncio
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from relay.settings import LOOPBACK
from relay.web.rate_limits import network_of

log = logging.getLogger("beaconpost.connections")

MAX_HEADERS: Final = 32 * 1024  # bytes; httptools has no limit of its own
MAX_PIPELINED: Final = 8  # requests on one connection that wait for an answer; browsers send none
LOG_INTERVAL: Final = 60.0  # seconds
STATE_KEY: Final = "beaconpost.connection"  # in the ASGI scope's state
EXEMPT: Final = frozenset(map(network_of, LOOPBACK - {"localhost"}))
BUSY: Final = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
TIMEOUT: Final = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """Times are in seconds."""

    total: int = 2048
    per_client: int = 64  # an IPv4 address or an IPv6 /64; many people may share one
    headers: float = 15.0  # to send a request's headers, from when the relay began to wait for it
    request: float = 150.0  # from then to the end of the response: more than form_bodies.TIMEOUT
    linger: float = 5.0  # to send the rest of a body after the response


DEFAULT_LIMITS: Final = ConnectionLimits()


class Connections:
    """The open connections of one server, and whose they are."""

    def __init__(self, limits: ConnectionLimits, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self.clock = clock
        self._open: set[Connection] = set()
        self._waiting: OrderedDict[Connection, None] = OrderedDict()  # for their clients, the longest first
        self._clients: dict[bytes, OrderedDict[Connection, None]] = {}
        self._closed = 0  # since the last line in the log
        self._logged_at = -LOG_INTERVAL

    def __len__(self) -> int:
        return len(self._open)

    def admit(self, connection: "Connection", client: bytes | None) -> bool:
        """Whether there is room for a new connection, once another one gave way if need be. client: as `charge`."""
        if len(self._open) >= self.limits.total and not self._evict(self._waiting):
            return False
        self._open.add(connection)
        self.wait(connection)
        return self.charge(connection, client)

    def charge(self, connection: "Connection", client: bytes | None) -> bool:
        """Count a connection as this client's, and whether there is room. None: as nobody's."""
        self._release(connection)
        if client is None or connection not in self._open:
            return True
        others = self._clients.setdefault(client, OrderedDict())
        if len(others) >= self.limits.per_client and not self._evict(others):
            return False
        others = self._clients.setdefault(client, others)  # evicting the last one deletes it
        others[connection], connection.charged_to = None, client
        return True

    def wait(self, connection: "Connection") -> None:
        """From now on it waits for its client."""
        if connection in self._open:
            self._waiting[connection] = None
            self._waiting.move_to_end(connection)

    def serve(self, connection: "Connection") -> None:
        """The relay has its whole request."""
        self._waiting.pop(connection, None)

    def drop(self, connection: "Connection") -> None:
        self._open.discard(connection)
        self._waiting.pop(connection, None)
        self._release(connection)

    def end_overdue(self) -> None:
        """Call this every second."""
        self.log_closed()
        now = self.clock()
        for connection in [connection for connection in self._open if connection.deadline <= now]:
            connection.expire()

    def count_closed(self) -> None:
        """A connection was closed or refused because of a cap."""
        self._closed += 1

    def log_closed(self) -> None:
        """One line a minute, however many there are."""
        if self._closed and (now := self.clock()) - self._logged_at >= LOG_INTERVAL:
            log.warning(
                "closed %d connections at their cap (%d open; at most %d, and %d from one address)",
                self._closed, len(self._open), self.limits.total, self.limits.per_client,
            )  # fmt: skip
            self._closed, self._logged_at = 0, now

    def _evict(self, candidates: OrderedDict["Connection", None]) -> bool:
        victim = next((connection for connection in candidates if connection in self._waiting), None)
        if victim is None:
            return False
        self.count_closed()
        self.drop(victim)
        victim.turn_away()
        return True

    def _release(self, connection: "Connection") -> None:
        client, connection.charged_to = connection.charged_to, None
        if client is not None:
            others = self._clients[client]
            del others[connection]
            if not others:
                del self._clients[client]


class Connection(HttpToolsProtocol):
    """uvicorn's HTTP connection, known to `Connections` and with a deadline at every moment."""

    charged_to: bytes | None = None  # the client it counts for, by `network_of`
    deadline: float = 0.0  # on the clock of `Connections`
    _exempt = False
    _header_bytes = 0  # of the request whose headers are not complete

    def __init__(self, connections: Connections, trusts: Callable[[str], bool], **options: Any) -> None:  # noqa: ANN401  (uvicorn's)
        super().__init__(**options)
        self._connections = connections
        self._trusts = trusts
        self._unanswered: deque[RequestResponseCycle] = deque()  # in the order of the requests

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        client = network_of(self.client[0]) if self.client else None
        self._exempt = client is None or client in EXEMPT or self._trusts(self.client[0] if self.client else "")
        if self._connections.admit(self, None if self._exempt else client):
            self._await_client()
        else:
            self._refuse()

    def data_received(self, data: bytes) -> None:
        waiting = self._awaits_headers
        super().data_received(data)
        if waiting and self._awaits_headers:
            self._header_bytes += len(data)
            if self._header_bytes > MAX_HEADERS and not self.transport.is_closing():
                self._end(TOO_LARGE)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        for cycle in self._unanswered:  # uvicorn tells only the last of pipelined requests; the others would go on
            cycle.disconnected = True  # writing, which uvloop refuses
        self._connections.drop(self)

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= MAX_PIPELINED:
            raise ValueError("too many requests before the first is answered")  # uvicorn answers 400
        super().on_message_begin()
        self.scope["state"][STATE_KEY] = self

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._unanswered.append(self.cycle)
        self._header_bytes = 0
        self.deadline = self._connections.clock() + self._connections.limits.request

    def on_message_complete(self) -> None:
        super().on_message_complete()
        if self.cycle.response_complete:
            self._await_client()  # the rest of a body that was not needed
        else:
            self._connections.serve(self)

    def on_response_complete(self) -> None:
        answered = not self.pipeline
        self._unanswered.popleft()
        super().on_response_complete()
        if answered:
            self._await_client()

    def charge(self, address: str) -> bool:
        """Count the request as this client's until its response is complete, if it came through a proxy."""
        if not self._exempt:
            return True
        client = network_of(address)
        if self._connections.charge(self, None if client in EXEMPT else client):
            return True
        self._connections.count_closed()
        return False

    def expire(self) -> None:
        """The deadline has passed."""
        if self.transport.is_closing():  # and its last bytes are not read
            self.transport.abort()
        else:
            self._end(TIMEOUT if self._header_bytes else b"")

    def turn_away(self) -> None:
        """Make room. A proxy can tell its client why; nobody waits for one that does not read."""
        unanswered = self.cycle is not None and not self.cycle.response_started
        self._end(BUSY if unanswered else b"")
        if self.transport.get_write_buffer_size():
            self.transport.abort()

    @property
    def _awaits_headers(self) -> bool:
        return self.cycle is None or (self.cycle.response_complete and not self.cycle.more_body)

    def _await_client(self) -> None:
        """To read the response, to send the rest of a body that was not needed, or to send a request."""
        limits, patience = self._connections.limits, self._connections.limits.headers
        if self.transport.get_write_buffer_size():
            patience = limits.request
        elif self.cycle is not None and self.cycle.more_body:
            patience = limits.linger
        self.deadline = self._connections.clock() + patience
        if self._exempt:
            self._connections.charge(self, None)
        self._connections.wait(self)

    def _refuse(self) -> None:
        self._connections.count_closed()
        self._connections.drop(self)
        self.turn_away()

    def _end(self, answer: bytes) -> None:
        if answer:
            self.transport.write(answer)
        self.transport.close()
        self.deadline = self._connections.clock() + self._connections.limits.linger


class ChargeClient:
    """ASGI middleware within uvicorn's for proxies: counts a request as its forwarded client's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection: Connection = scope["state"].pop(STATE_KEY)
        if connection.charge(scope["client"][0] if scope["client"] else ""):
            await self._app(scope, receive, send)
        else:
            busy = PlainTextResponse("busy\n", 503, {"Retry-After": "10", "Connection": "close"})
            await busy(scope, receive, send)


def with_caps(app: ASGIApp, connections: Connections, proxy: str) -> tuple[ASGIApp, type[asyncio.Protocol]]:
    """The application and the protocol for uvicorn. proxy: as in `serving.serve`."""
    proxied = ProxyHeadersMiddleware(ChargeClient(app), proxy)  # type: ignore[arg-type]
    protocol = partial(Connection, connections, proxied.trusted_hosts.__contains__)
    return proxied, cast("type[asyncio.Protocol]", protocol)  # type: ignore[return-value]
